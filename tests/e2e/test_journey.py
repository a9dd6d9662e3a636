"""The main job from beginning to end, as `make demo` plays it, and what it leaves for others to check.

It is played once in a test run, whichever worker comes first.
"""

import contextlib
import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.demo import __main__ as demo
from deploy.demo import chapters
from deploy.demo.chapters import Chapter
from deploy.demo.stage import Stage
from deploy.local.settings import SERVICES
from shared.bidkit import bidding, checking
from shared.sealing.errors import SealingError
from tests.support.ocds import faults_of_record
from tests.support.suite import ROOT, RunningSuite, eventually, processes_in

PLAYED_WITHIN = 300
TRUST = Path("trust") / "receipt-key.json"


@dataclass(frozen=True)
class Played:
    """How it ended, what it printed, and the folder it left."""

    exit_code: int
    said: str
    complained: str
    left_running: list[int]
    folder: Path

    def kept(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text())


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Played:
    base = tmp_path_factory.getbasetemp()
    place = (base if worker_id == "master" else base.parent) / "demo"
    with (place.parent / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            play_into(place)
        how = json.loads((place / "how.json").read_text())
    return Played(**how, folder=place)


def play_into(place: Path) -> None:
    """Play it where the database user may go, and keep what it made; its suite is not kept."""
    with tempfile.TemporaryDirectory(prefix="huishe-") as folder:
        Path(folder).chmod(0o711)
        made = Path(folder) / "demo"
        done = end_of(start_demo(made))
        how = {**done, "left_running": processes_in(Path(folder))}
        shutil.rmtree(made / "suite")
        shutil.copytree(made, place)
    (place / "how.json").write_text(json.dumps(how))


def start_demo(folder: Path, **settings: str) -> "subprocess.Popen[str]":
    """`python -m deploy.demo --folder …`, as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "deploy.demo", "--folder", str(folder)],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200", **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end_of(process: "subprocess.Popen[str]") -> dict[str, Any]:
    said, complained = process.communicate(timeout=PLAYED_WITHIN)
    return {"exit_code": process.returncode, "said": said, "complained": complained}


# --- What it says --------------------------------------------------------------------------------


def test_every_chapter_comes_out(played: Played) -> None:
    assert played.exit_code == 0, played.complained
    summary = played.kept("summary.json")
    assert summary["chapters"] == [chapter.en for chapter in chapters.programme()]
    for number, chapter in enumerate(chapters.programme(), start=1):
        assert re.search(rf"^{number}\. {chapter.zh} · {chapter.en}", played.said, re.MULTILINE)
    assert summary["calls"] == played.said.count("  ▸ ")
    assert summary["business_time"] > "2026-12"


def test_it_prints_no_fault_and_complains_of_nothing(played: Played) -> None:
    assert played.complained == ""
    for fault in ("Traceback", "None", "null", "�", "{'", "StepFailed"):
        assert fault not in played.said, fault


def test_every_refusal_names_its_clause(played: Played) -> None:
    lines = played.said.splitlines()
    refusals = [n for n, line in enumerate(lines) if re.search(r"→ .*\b409\b", line)]

    assert len(refusals) >= 5
    for n in refusals:
        assert re.search(r"✗ \S+ \S*\d", lines[n + 1]), "\n".join(lines[n - 1 : n + 2])
    for clause in ("5.1(3)", "3.2(9)", "政府采购法 35", "6.1(6)"):
        assert any("✗" in line and clause in line for line in lines), clause


def test_it_leaves_nothing_running(played: Played, suite: RunningSuite) -> None:
    assert len(processes_in(suite.folder)) > 6, "those of another suite are seen"
    assert played.left_running == []


# --- What it leaves ------------------------------------------------------------------------------


def test_the_record_is_valid_open_data(played: Played) -> None:
    package = played.kept("ocds-record.json")

    assert faults_of_record(package) == []
    [process] = package["records"]
    tags = [tag for release in process["releases"] for tag in release["tag"]]
    assert {"planning", "tender", "award", "contract", "implementation"} <= set(tags)
    assert process["ocid"] in played.said


def bidkit_verify(bundle: Path, trust: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "shared.bidkit", "verify", str(bundle), "--trust", str(trust)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_bundle_is_verified_by_the_tool_that_anybody_has(
    played: Played, tmp_path: Path
) -> None:
    trust = played.folder / TRUST
    good = bidkit_verify(played.folder / "bundle", trust)
    assert good.returncode == 0, good.stderr
    assert "核验通过" in good.stdout

    copied = shutil.copytree(played.folder / "bundle", tmp_path / "bundle")
    minutes = copied / "minutes.json"
    minutes.write_bytes(minutes.read_bytes().replace(b"0", b"1", 1))
    bad = bidkit_verify(copied, trust)
    assert bad.returncode != 0
    assert "核验通过" not in bad.stdout + bad.stderr


def test_no_byte_of_any_file_of_the_bundle_can_be_changed(played: Played) -> None:
    bundle = played.folder / "bundle"
    trusted = bidding.read_trusted(played.folder / TRUST)
    files = [path for path in sorted(bundle.rglob("*")) if path.is_file()]
    assert len(files) >= 15
    checking.check_bundle(bundle, trusted)

    for path in files:
        content = path.read_bytes()
        for place in {0, len(content) // 3, len(content) // 2, len(content) - 1}:
            changed = bytearray(content)
            changed[place] ^= 1
            with kept_as(path, bytes(changed)), pytest.raises(SealingError):
                checking.check_bundle(bundle, trusted)
        with kept_as(path, content[:-1]), pytest.raises(SealingError):
            checking.check_bundle(bundle, trusted)

    checking.check_bundle(bundle, trusted)


@contextlib.contextmanager
def kept_as(path: Path, content: bytes) -> Iterator[None]:
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(before)


def test_the_contract_has_every_operation_that_each_part_committed(played: Played) -> None:
    told = operations(played.kept("openapi.json"))

    expected = operations(json.loads((ROOT / "gateway" / "openapi.json").read_text()))
    for service in SERVICES:
        own = json.loads((ROOT / "services" / service / "openapi.json").read_text())
        expected |= {
            place: f"{service}_{name}"
            for place, name in operations(own).items()
            if place[1].startswith(f"/{service}/")
        }
    assert len(expected) > 200
    assert {place: told.get(place) for place in expected} == expected


def operations(contract: dict[str, Any]) -> dict[tuple[str, str], str]:
    return {
        (method, path): operation["operationId"]
        for path, methods in contract["paths"].items()
        for method, operation in methods.items()
        if "operationId" in operation
    }


# --- When it does not come out -------------------------------------------------------------------


def time_is_told(stage: Stage) -> None:
    stage.tell.day(stage.now().isoformat())


def clock_goes_back(stage: Stage) -> None:
    stage.caller("administrator").do("/sandbox/clock", {"to": "2020-01-01T00:00:00Z"})


def something_breaks(stage: Stage) -> None:
    stage.gateway_command("clients", "list")
    raise ValueError("nobody thought of this")


def a_promise_is_not_kept(stage: Stage) -> None:
    stage.must(stage.now().year == 1999, "the year is 1999")


@pytest.mark.parametrize(
    ("play", "why"),
    [
        (clock_goes_back, "/sandbox/clock was answered 409"),
        (something_breaks, "nobody thought of this"),
        (a_promise_is_not_kept, "it must be that the year is 1999"),
    ],
)
def test_a_step_that_does_not_come_out_is_named_and_ends_it(
    suite: RunningSuite,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    play: Any,
    why: str,
) -> None:
    @contextlib.contextmanager
    def this_suite(_: Path) -> Iterator[Path]:
        yield suite.folder

    programme = [Chapter("时间", "Time", time_is_told), Chapter("意外", "The unforeseen", play)]
    monkeypatch.setattr(demo, "suite_running", this_suite)
    monkeypatch.setattr(chapters, "programme", lambda: programme)

    assert demo.main(["--folder", str(tmp_path / "demo")]) == 1

    complained = capsys.readouterr().err
    assert "2. 意外 The unforeseen: " in complained
    assert why in complained
    assert not (tmp_path / "demo" / "summary.json").exists()


def test_a_suite_that_cannot_start_ends_it_and_says_why(tmp_path: Path) -> None:
    done = end_of(start_demo(tmp_path / "demo", HUISHE_SANDBOX="perhaps"))

    assert done["exit_code"] == 1
    assert "the suite did not start" in done["complained"]
    assert "HUISHE_SANDBOX" in done["complained"]
    assert "Traceback" not in done["complained"]


def test_a_folder_with_other_things_in_it_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.txt").write_text("kept")

    assert demo.main(["--folder", str(tmp_path)]) == 1

    assert "holds something else" in capsys.readouterr().err
    assert (tmp_path / "letter.txt").read_text() == "kept"


def test_when_it_is_killed_its_suite_ends_too() -> None:
    with tempfile.TemporaryDirectory(prefix="huishe-") as folder:
        Path(folder).chmod(0o711)
        running = start_demo(Path(folder) / "demo")
        noted = Path(folder) / "demo" / "suite" / "processes.json"
        eventually(lambda: noted.exists() and "PostgreSQL" in noted.read_text(), "it starts", 60)
        assert len(processes_in(Path(folder))) > 2

        running.send_signal(signal.SIGKILL)
        running.communicate()

        eventually(lambda: not processes_in(Path(folder)), "everything ended", 30)
