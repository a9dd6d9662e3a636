"""What somebody finds who has everything but the keys: dumps, logs, disks, answers.

A `Traces` holds what would betray a secret, in every form in which it might lie somewhere: as it
is, in other encodings, in hexadecimal and base64, escaped, as a number of the database, inside
something compressed. `Loot` is what was taken; both can look at anything that is bytes.
"""

import asyncio
import base64
import contextlib
import json
import os
import re
import subprocess
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import asyncpg

from shared.database.embedded import PROGRAMS, installed_wheel
from tests.support.suite import RunningSuite

KEPT_FROM_THE_ATTACKER = (
    "environment",
    "secrets.json",
    "credentials.json",
    "gateway-keys",
    "receipt-key.json",
    "superuser.password",
)
"""What an operator keeps outside database, backups and logs."""

BYTEA = re.compile(rb"\\\\x((?:[0-9a-f]{2}){8,})|(?<![0-9a-f])((?:[0-9a-f]{2}){16,})(?![0-9a-f])")
PAGE = 8192
PACKED = (b"\x1f\x8b\x08", b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")
LONGEST_PACKED = 64 * 1024
MOST_UNPACKED = 1024 * 1024


class Traces:
    """Secrets by name, and every form of each."""

    def __init__(self, secrets: Mapping[str, str | bytes | int]) -> None:
        self.forms = {form: name for name, secret in secrets.items() for form in forms_of(secret)}
        self._words = b"\n".join(form for form in self.forms if _is_word(form))
        self._others = [form for form in self.forms if not _is_word(form)]

    def found_in(self, data: bytes) -> set[str]:
        """Which secrets show in these bytes, or in what is hidden in them."""
        return self.shown_by(b"\n".join([data, *inside(data)]))

    def shown_by(self, data: bytes) -> set[str]:
        """The same of bytes as they are; without their zeros UTF-16 shows too."""
        data = data + b"\n" + data.replace(b"\0", b"")
        others = [form for form in self._others if form in data]
        return {self.forms[form] for form in (*self._words_in(data), *others)}

    def _words_in(self, data: bytes) -> set[bytes]:
        """All of them in one pass, for there are many."""
        read, write = os.pipe()
        with os.fdopen(read, "rb") as words:
            with os.fdopen(write, "wb") as told:
                told.write(self._words)
            found = subprocess.run(
                ["grep", "-a", "-o", "-F", "-f", f"/dev/fd/{words.fileno()}"],
                input=data,
                capture_output=True,
                pass_fds=[words.fileno()],
                env={"PATH": os.defpath, "LC_ALL": "C"},
                check=False,
            )
        assert found.returncode in (0, 1), found.stderr
        return set(found.stdout.split(b"\n")) - {b""}


def _is_word(form: bytes) -> bool:
    return b"\0" not in form and b"\n" not in form


def forms_of(secret: str | bytes | int) -> Iterator[bytes]:
    if isinstance(secret, int):  # fen
        yuan = f"{secret // 100}.{secret % 100:02d}"
        for text in (str(secret), yuan, f"{secret // 100:,}.{secret % 100:02d}"):
            yield from forms_of(text)
        # As the database keeps a bigint, and as it sends one.
        yield secret.to_bytes(8, "little").rstrip(b"\0")
        yield secret.to_bytes(8, "big").lstrip(b"\0")
        return
    if isinstance(secret, str):
        escaped = json.dumps(secret)[1:-1]
        yield from (escaped.encode(), escaped.upper().encode(), quote(secret).encode())
        for encoding in ("utf-16-le", "utf-16-be"):
            yield secret.encode(encoding).replace(b"\0", b"")
        yield secret.encode("gb18030")
        secret = secret.encode()
    yield from (secret, secret.hex().encode(), secret.hex().upper().encode())
    for before in range(3):
        # Wherever it begins within something longer, these characters stay the same.
        encoded = base64.b64encode(bytes(before) + secret)
        kept = encoded[[0, 2, 3][before] : len(encoded) - [0, 4, 4][(before + len(secret)) % 3]]
        if len(kept) >= 8:
            yield from (kept, kept.replace(b"+", b"-").replace(b"/", b"_"))


def inside(data: bytes) -> Iterator[bytes]:
    """What is written in hexadecimal, and what is compressed, also one in the other."""
    octets = [bytes.fromhex((a or b).decode()) for a, b in BYTEA.findall(data)]
    if octets:
        yield b"\n\n".join(octets)
    for piece in (data, *octets):
        yield from unpacked(piece)


def unpacked(data: bytes) -> Iterator[bytes]:
    for start in PACKED:
        at = data.find(start)
        while at >= 0:
            reader = zlib.decompressobj(47)  # gzip or zlib, whichever it is
            with contextlib.suppress(zlib.error):
                yield reader.decompress(data[at : at + LONGEST_PACKED], MOST_UNPACKED)
            at = data.find(start, at + 1)


@dataclass(frozen=True)
class Loot:
    """What was taken at one moment."""

    dump: bytes
    """Every database of the cluster, as `pg_dumpall` writes it for a superuser."""
    statistics: bytes
    """What the planner and the running sessions show a superuser."""
    logs: Mapping[str, bytes]
    log_position: str
    """Where the write-ahead log ended."""

    def rows_since(self, before: "Loot") -> bytes:
        old = set(before.dump.splitlines())
        return b"\n".join(line for line in self.dump.splitlines() if line not in old)

    def lines_since(self, before: "Loot") -> bytes:
        return b"\n".join(log[len(before.logs.get(name, b"")) :] for name, log in self.logs.items())


def take(suite: RunningSuite) -> Loot:
    statistics, position = asyncio.run(_statistics(suite))
    return Loot(
        dump=_program(suite, "pg_dumpall", "--no-sync"),
        statistics=statistics,
        logs={str(path): path.read_bytes() for path in logs_of(suite)},
        log_position=position,
    )


def logs_of(suite: RunningSuite) -> list[Path]:
    """Of every part, of PostgreSQL, and what the supervisor said."""
    logs = sorted((suite.folder / "logs").glob("*.log"))
    return [*logs, suite.folder / "postgres" / "postgres.log", suite.folder.parent / "said"]


def superuser(suite: RunningSuite, database: str = "postgres") -> str:
    """The address of the cluster for its superuser."""
    told = (suite.folder / "environment" / "procurement.env").read_text()
    address = re.search(r"@(127\.0\.0\.1:\d+)/", told)
    assert address is not None
    password = quote(password_of(suite), safe="")
    return f"postgresql://postgres:{password}@{address[1]}/{database}"


def password_of(suite: RunningSuite) -> str:
    return (suite.folder / "postgres" / "superuser.password").read_text()


def as_superuser(suite: RunningSuite, *statements: str, database: str = "postgres") -> None:
    asyncio.run(_execute(superuser(suite, database), statements))


async def _execute(address: str, statements: Iterable[str]) -> None:
    connection = await asyncpg.connect(address)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _statistics(suite: RunningSuite) -> tuple[bytes, str]:
    told = []
    connection = await asyncpg.connect(superuser(suite, "huishe_procurement"))
    try:
        await connection.execute("ANALYZE")
        for view in ("pg_stats", "pg_stat_activity", "pg_locks", "pg_prepared_statements"):
            rows = await connection.fetch(f"SELECT v::text FROM {view} v")
            told += [row[0] for row in rows]
        position = str(await connection.fetchval("SELECT pg_current_wal_insert_lsn()"))
        return "\n".join(told).encode(), position
    finally:
        await connection.close()


def _program(suite: RunningSuite, name: str, *arguments: str) -> bytes:
    done = subprocess.run(
        [installed_wheel() / PROGRAMS / name, "-d", superuser(suite), *arguments],
        capture_output=True,
        check=False,
        env={"PATH": os.defpath, "LC_ALL": "C", "PGPASSWORD": password_of(suite)},
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@dataclass(frozen=True)
class Disks:
    """What lies on them: which files, and every page of them once."""

    files: list[str]
    pages: bytes


def disks(suite: RunningSuite, since: float) -> Disks:
    """Every file of the suite's folder and of the cluster's that was written since then.

    The write-ahead log and the files of all tables are among them, after a checkpoint. What an
    operator keeps elsewhere is not.
    """
    as_superuser(suite, "CHECKPOINT")
    files, pages = [], dict[bytes, None]()
    for folder in (suite.folder, (suite.folder / "postgres" / "cluster").resolve()):
        for path in sorted(folder.rglob("*")):
            if any(part in KEPT_FROM_THE_ATTACKER for part in path.parts):
                continue
            if path.is_file() and path.stat().st_mtime >= since:
                files.append(str(path))
                data = path.read_bytes()
                pages |= dict.fromkeys(data[at : at + PAGE] for at in range(0, len(data), PAGE))
    return Disks(files, b"\n".join(page for page in pages if any(page)))
