"""The suite on one machine: what is killed comes back, and nothing outlives its parent."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.local.folder import AlreadyRunning, RunFolder
from deploy.local.settings import PARTS

PROGRAM = Path(__file__).with_name("little_suite.py")
ROOT = Path(__file__).parents[3]
FREE_PORTS = {f"{part.upper()}_PORT": "0" for part in PARTS} | {"HUISHE_DATABASE_PORT": "0"}

# What an operator may have told us, and no part is to know.
OWNERS = {"REGISTRY_MIGRATOR_DATABASE_URL": "postgresql+asyncpg://owner:word@127.0.0.1/registry"}


@dataclass
class LittleSuite:
    folder: Path
    process: subprocess.Popen[str]

    def pid_of(self, name: str) -> int:
        return int(json.loads((self.folder / "processes.json").read_text())[name])

    def pids(self) -> list[int]:
        return list(json.loads((self.folder / "processes.json").read_text()).values())

    def ask(self, part: str, path: str = "/") -> str:
        address = json.loads((self.folder / "addresses.json").read_text())[part]
        connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def said(self) -> str:
        self.process.wait(15)
        assert self.process.stdout
        return self.process.stdout.read()


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """One folder for all: what was made is found again by whoever starts next.

    The database user may pass through it, unlike through pytest's own.
    """
    with tempfile.TemporaryDirectory(prefix="huishe-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "run"


def start(folder: Path, *applications: str, **settings: str) -> LittleSuite:
    # One that was killed left it behind.
    (folder / "addresses.json").unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, PROGRAM, folder, *applications],
        env=os.environ | FREE_PORTS | OWNERS | {"PYTHONPATH": str(ROOT)} | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return LittleSuite(folder, process)


def end(suite: LittleSuite) -> None:
    if suite.process.poll() is None:
        suite.process.terminate()
    with suppress(subprocess.TimeoutExpired):
        suite.process.wait(15)
    if suite.process.stdout:
        suite.process.stdout.close()


@pytest.fixture
def suite(place: Path) -> Iterator[LittleSuite]:
    started = start(place)
    try:
        eventually(
            lambda: (place / "addresses.json").exists() or started.process.poll() is not None
        )
        yield started
    finally:
        end(started)


def eventually(true: Callable[[], bool], within: float = 60.0) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.01)


def ready(suite: LittleSuite) -> None:
    addresses = suite.folder / "addresses.json"
    eventually(lambda: addresses.exists() or suite.process.poll() is not None)
    assert suite.process.poll() is None, suite.said()


def gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    # A child of somebody who did not collect it yet is as good as gone.
    return state == "Z"


def test_a_killed_part_is_back_before_anybody_is_refused(suite: LittleSuite) -> None:
    before = int(suite.ask("registry"))

    os.kill(before, signal.SIGKILL)
    eventually(lambda: gone(before))
    after = int(suite.ask("registry"))

    assert after != before
    assert after == suite.pid_of("registry")


def test_a_killed_database_is_started_again_and_the_parts_stay(suite: LittleSuite) -> None:
    database, registry = suite.pid_of("PostgreSQL"), suite.pid_of("registry")
    log = suite.folder / "postgres/postgres.log"
    starts = log.read_text().count("ready to accept connections")

    os.kill(database, signal.SIGKILL)

    eventually(lambda: suite.pid_of("PostgreSQL") != database)
    eventually(lambda: log.read_text().count("ready to accept connections") == starts + 1)
    assert suite.pid_of("registry") == registry


def test_everything_ends_with_the_supervisor_and_the_database_properly(suite: LittleSuite) -> None:
    pids = suite.pids()
    assert len(pids) == 6

    suite.process.kill()

    eventually(lambda: all(gone(pid) for pid in pids), within=8)
    *_, last = (suite.folder / "postgres/postgres.log").read_text().splitlines()
    assert "database system is shut down" in last


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_stops_everything_and_is_content(
    suite: LittleSuite, asked: signal.Signals
) -> None:
    pids = suite.pids()

    suite.process.send_signal(asked)

    assert suite.process.wait(15) == 0
    assert all(gone(pid) for pid in pids)
    assert not (suite.folder / "addresses.json").exists()


def test_started_again_it_keeps_its_secrets_and_its_data(suite: LittleSuite) -> None:
    kept = (suite.folder / "secrets.json", suite.folder / "postgres/cluster/data/PG_VERSION")
    before = [(path.read_text(), path.stat().st_mtime_ns) for path in kept]
    end(suite)

    again = start(suite.folder)
    ready(again)
    end(again)

    assert [(path.read_text(), path.stat().st_mtime_ns) for path in kept] == before


def test_what_is_secret_only_its_owner_reads(suite: LittleSuite) -> None:
    told = [
        path for path in suite.folder.rglob("*") if path.suffix in {".env", ".json", ".password"}
    ]

    assert {"secrets.json", "registry.env", "superuser.password"} <= {path.name for path in told}
    assert {path.stat().st_mode & 0o077 for path in told} == {0}


def test_a_part_is_told_its_own_settings_and_no_others(suite: LittleSuite) -> None:
    told = suite.ask("registry", "/settings").split()

    parts = {name.split("_")[0].lower() for name in told} & set(PARTS)
    assert parts == {"registry"}
    assert {"REGISTRY_DATABASE_URL", "REGISTRY_CLIENT_SECRET"} <= set(told)
    assert not [name for name in told if "MIGRATOR" in name]


@pytest.mark.parametrize("setting", ["EVALUATION_PORT", "HUISHE_DATABASE_PORT"])
def test_a_taken_port_is_told_with_the_setting_that_chooses_another(
    place: Path, setting: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        suite = start(place, **{setting: port})
        said = suite.said()
        end(suite)

    assert suite.process.returncode == 1
    assert f"Port {port}" in said
    assert setting in said
    assert "Traceback" not in said


def test_a_part_that_cannot_start_stops_the_start_and_says_why(place: Path) -> None:
    suite = start(place, "incubator=little_suite:broken")
    said = suite.said()
    end(suite)

    assert suite.process.returncode == 1
    assert "incubator ended with 3 while starting" in said
    assert "no key to sign with" in said
    assert all(gone(pid) for pid in suite.pids())


def test_a_folder_serves_one_suite_at_a_time(suite: LittleSuite) -> None:
    with pytest.raises(AlreadyRunning):
        RunFolder(suite.folder).take(within=0.0)
