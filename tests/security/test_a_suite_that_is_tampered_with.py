"""A whole suite, and somebody with every right in its databases: who finds out, how soon, and where it is told.

Nobody is asked to look: the worker of each service reads its journal by itself, the gateway holds each
checkpoint against the last, and both say so where officers and alerts look.
"""

import asyncio
import json
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from tests.e2e.test_bad_input import NEED
from tests.support.gateway import listener
from tests.support.suite import ROOT, RunningSuite, eventually, running_suite

FOUND_WITHIN = 10.0


@pytest.fixture(scope="module")
def second_port() -> int:
    with listener() as listening:
        return int(listening.getsockname()[1])


@pytest.fixture(scope="module")
def watched(second_port: int) -> Iterator[RunningSuite]:
    """A suite of its own, whose gateway looks often and knows of a second witness."""
    with tempfile.TemporaryDirectory(prefix="huishe-") as folder:
        Path(folder).chmod(0o711)
        second = json.dumps({"city": f"http://127.0.0.1:{second_port}"})
        settings = {"GATEWAY_WITNESS_SECONDS": "0.3", "GATEWAY_WITNESSES": second}
        with running_suite(Path(folder), **settings) as suite:
            yield suite


def journal(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """`python -m shared.journal …` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "shared.journal", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def superuser(suite: RunningSuite, service: str, *statements: str) -> None:
    """With every right, and every trigger switched off for oneself."""

    async def run() -> None:
        connection = await asyncpg.connect(suite.superuser_url(f"huishe_{service}"))
        await connection.execute("SET session_replication_role = replica")
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    asyncio.run(run())


def write(suite: RunningSuite, count: int = 1) -> None:
    for _ in range(count):
        assert suite.ask("street-officer", "POST", "/procurement/v1/needs", NEED).status_code == 201


def standing(suite: RunningSuite, service: str = "procurement") -> dict[str, Any]:
    return dict(suite.http.get("/witness/").json()["journals"][service])


def size(suite: RunningSuite) -> int:
    written = suite.http.get("/procurement/v1/journal/checkpoint")
    return int(written.text.split("\n")[1]) if written.status_code == 200 else 0


def witnessed(suite: RunningSuite, folder: Path) -> tuple[str, str]:
    """A checkpoint kept by somebody else, once it is all there is, and the keys, in files."""
    newest = suite.kept_by("procurement")["journal"]
    eventually(lambda: standing(suite)["size"] == newest, "the witness has seen it")
    kept, keys = folder / "kept.checkpoint", folder / "keys"
    kept.write_text(suite.http.get("/witness/procurement/checkpoint").text)
    told = suite.http.get("/procurement/v1/journal/keys").json()["keys"]
    keys.write_text("\n".join(key["key"] for key in told))
    return str(kept), str(keys)


def told_by_the_worker(suite: RunningSuite) -> list[dict[str, Any]]:
    lines = (suite.folder / "logs" / "procurement.log").read_text().splitlines()
    entries = [json.loads(line) for line in lines if '"journal.fault"' in line]
    return entries


def figure(suite: RunningSuite, part: str, name: str) -> float:
    text = httpx.get(f"{suite.address_of(part)}/metrics", trust_env=False).text
    (value,) = re.findall(rf'^{name}{{service="procurement"}} (\S+)$', text, re.MULTILINE)
    return float(value)


def test_feed_database_and_export_are_what_the_witness_kept(
    watched: RunningSuite, tmp_path: Path
) -> None:
    write(watched, 5)
    kept, keys = witnessed(watched, tmp_path)
    trust = ("--trust", keys, "--checkpoint", kept)
    database = watched.superuser_url("huishe_procurement")
    export = str(tmp_path / "journal.jsonl.gz")

    made = journal(
        "export", export, "--database", database, "--origin", "huishe.example/procurement"
    )
    assert made.returncode == 0, made.stderr
    for source in (
        ("--feed", f"{watched.address_of('gateway')}/procurement"),
        ("--database", database),
        ("--export", export),
    ):
        found = journal("verify", *source, *trust)
        assert (found.returncode, found.stderr) == (0, ""), found.stdout
        assert "as it was signed, up to 5" in found.stdout, found.stdout


def test_a_stranger_s_key_is_not_taken_for_the_journal_s(
    watched: RunningSuite, tmp_path: Path
) -> None:
    kept, _ = witnessed(watched, tmp_path)
    journal("keys", "add", str(tmp_path / "stranger"))
    shown = journal(
        "keys", "show", str(tmp_path / "stranger"), "--origin", "huishe.example/procurement"
    )

    found = journal(
        "verify",
        "--feed",
        f"{watched.address_of('gateway')}/procurement",
        "--trust",
        shown.stdout.strip(),
        "--checkpoint",
        kept,
    )

    assert found.returncode != 0
    assert "no signature by a trusted key" in found.stderr


@contextmanager
def second_witness(suite: RunningSuite, folder: Path, port: int) -> Iterator[str]:
    """The city's own, as a process of its own."""
    command = ["witness", suite.address_of("gateway"), "--folder", str(folder)]
    command += ["--name", "city.example/witness", "--journal", "procurement"]
    process = subprocess.Popen(
        [sys.executable, "-m", "shared.journal", *command, "--port", str(port), "--seconds", "0.2"],
        cwd=ROOT,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def seen_by(address: str) -> int:
    try:
        told = httpx.get(f"{address}/witness/", trust_env=False).json()
    except httpx.HTTPError:
        return 0
    return told["journals"]["procurement"]["size"] or 0


def test_a_changed_row_is_told_by_the_worker_itself_within_ten_seconds(
    watched: RunningSuite, tmp_path: Path
) -> None:
    kept, keys = witnessed(watched, tmp_path)
    superuser(
        watched,
        "procurement",
        "UPDATE journal SET public_text = replace(public_text, 'need', 'deed') "
        "WHERE id = (SELECT id FROM journal_position WHERE position = 3)",
    )
    write(watched)
    began = time.monotonic()

    eventually(lambda: told_by_the_worker(watched) != [], "the worker tells", FOUND_WITHIN)

    assert time.monotonic() - began < FOUND_WITHIN
    fault = told_by_the_worker(watched)[0]
    assert (fault["first"], fault["last"]) == (3, 3)
    assert fault["what"] == "the text is not what was placed"
    assert figure(watched, "procurement", "huishe_journal_faults") >= 1
    found = journal(
        "verify", "--database", watched.superuser_url("huishe_procurement"),
        "--trust", keys, "--checkpoint", kept,
    )  # fmt: skip
    assert found.returncode == 1
    assert "position 3 (row" in found.stdout


def test_two_histories_are_found_by_two_witnesses_and_told_where_people_look(
    watched: RunningSuite, second_port: int, tmp_path: Path
) -> None:
    """The worst case: the signing key too is in the wrong hands, and the past is made anew."""
    write(watched)
    newest = watched.kept_by("procurement")["journal"]
    eventually(lambda: size(watched) == newest, "it is signed")
    with second_witness(watched, tmp_path / "city", second_port) as city:
        eventually(lambda: seen_by(city) == newest, "the city has seen it", 60)
        assert standing(watched)["standing"] == "extended"
        forget_the_past(watched, newest)
        watched.kill("procurement")

        eventually(
            lambda: standing(watched)["standing"] in ("two-stories", "gone-back"),
            "the gateway tells",
            30,
        )

    assert watched.http.get("/status").json()["journals"]["procurement"] in (
        "two-stories",
        "gone-back",
    )
    metrics = httpx.get(f"{watched.address_of('gateway')}/metrics", trust_env=False).text
    assert 'huishe_gateway_journal_disputed{service="procurement"} 1.0' in metrics
    disputes = (watched.folder / "gateway-witness" / "procurement.disputes").read_text()
    assert json.loads(disputes.splitlines()[0])["kept"]
    assert watched.http.get("/status").json()["journals"]["registry"] in ("unseen", "extended")


def forget_the_past(suite: RunningSuite, newest: int) -> None:
    """The last two entries never were; no checkpoint in the database or beside the key says otherwise."""
    superuser(
        suite,
        "procurement",
        f"DELETE FROM journal WHERE id IN (SELECT id FROM journal_position WHERE position > {newest - 2})",
        f"DELETE FROM journal_position WHERE position > {newest - 2}",
        "DELETE FROM journal_checkpoint",
    )
    (suite.folder / "journal-keys" / "huishe.example_procurement.checkpoint").unlink()
