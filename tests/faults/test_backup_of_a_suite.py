"""A whole suite is put back to a point in time: what it says of itself then, and how one goes on.

The commands are those of deploy/README.md, "Copies, and restoring them".
"""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import asyncpg
import pytest

from tests.e2e.test_bad_input import NEED, OPERATIONS
from tests.support.suite import ROOT, RunningSuite, eventually, running_suite

ORIGIN = "huishe.example/procurement"


@pytest.fixture
def home() -> Iterator[Path]:
    # The database user may pass through it, unlike through pytest's own.
    with tempfile.TemporaryDirectory(prefix="huishe-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def local(home: Path, *arguments: str) -> str:
    """`python -m deploy.local …` for this suite."""
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local", *arguments, "--folder", str(home / "run")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def suite_in(home: Path, **settings: str) -> Iterator[RunningSuite]:
    archive = {"HUISHE_ARCHIVE": str(home / "copies"), "GATEWAY_WITNESS_SECONDS": "0.3"}
    with running_suite(home, **archive, **settings) as suite:
        yield suite


def file_need(suite: RunningSuite) -> int:
    return suite.ask("street-officer", "POST", "/procurement/v1/needs", NEED).status_code


def standing(suite: RunningSuite) -> str:
    return str(suite.http.get("/status").json()["journals"]["procurement"])


def witnessed(suite: RunningSuite) -> int:
    told = suite.http.get("/witness/").json()["journals"]["procurement"]
    return int(told["size"] or 0) if told["standing"] == "extended" else 0


def database_time(suite: RunningSuite) -> datetime:
    async def ask() -> datetime:
        connection = await asyncpg.connect(suite.superuser_url("postgres"))
        now = await connection.fetchval("SELECT clock_timestamp()")
        await connection.close()
        return now

    return asyncio.run(ask())


def test_a_suite_put_back_by_mistake_takes_nothing_until_somebody_decides(home: Path) -> None:
    with suite_in(home) as suite:
        assert file_need(suite) == 201
        local(home, "backup", "--to", str(home / "copies"))
        assert file_need(suite) == 201
        eventually(lambda: witnessed(suite) == 2, "both are signed and seen")
        point = database_time(suite)
        assert file_need(suite) == 201
        eventually(lambda: witnessed(suite) == 3, "the third too")
        kept = suite.folder / "journal-keys" / "huishe.example_procurement.checkpoint"
        eventually(lambda: "\n3\n" in kept.read_text(), "and kept beside the key")
    local(home, "restore", "--from", str(home / "copies"), "--until", point.isoformat())

    with suite_in(home, PROCUREMENT_LOG_LEVEL="INFO") as suite:
        refused = suite.ask("street-officer", "POST", "/procurement/v1/needs", NEED)
        assert refused.status_code == 503, refused.text
        assert refused.json()["type"].endswith("/problems/journal-disputed")
        assert "止于位置 2" in refused.json()["detail"]
        eventually(lambda: standing(suite) == "gone-back", "the witness says so")
        assert suite.http.get("/procurement/v1/needs").status_code == 200
        assert file_elsewhere(suite) == 201, "the others were not put back behind what they signed"

    aside = home / "kept-for-the-record"
    aside.mkdir()
    for file in (home / "run" / "gateway-witness").glob("procurement.*"):
        file.rename(aside / file.name)
    with suite_in(home, PROCUREMENT_JOURNAL_ORIGIN=f"{ORIGIN}/2") as suite:
        assert file_need(suite) == 201
        eventually(lambda: witnessed(suite) == 3, "another log, and everybody can see that it is")
        told = suite.http.get("/witness/procurement/checkpoint").text
        assert told.startswith(f"{ORIGIN}/2\n3\n")


def file_elsewhere(suite: RunningSuite) -> int:
    operation = next(one for one in OPERATIONS if one.service == "evaluation")
    return suite.ask(operation.caller, "POST", operation.path, operation.body).status_code
