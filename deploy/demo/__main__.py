"""The main job, played through the gateway as its different callers would: `python -m deploy.demo`.

Starts a sandbox suite of its own in a fresh folder, plays every chapter, leaves what was made under
`build/demo/` (or `--folder`), stops what it started, and exits 0; a step that does not come out as
it must exits 1 and says which.
"""

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from deploy.demo import chapters
from deploy.demo.looking_around import recording
from deploy.demo.stage import Stage, StepFailed
from shared.database.embedded import dies_with_parent

FOLDER = Path("build/demo")
STARTS = "2023-03-01T09:00:00+08:00"
READY_WITHIN_SECONDS = 60.0
STOPPED_WITHIN_SECONDS = 30.0

PORTS = (
    "GATEWAY_PORT",
    "REGISTRY_PORT",
    "PROCUREMENT_PORT",
    "EVALUATION_PORT",
    "INCUBATOR_PORT",
    "HUISHE_DATABASE_PORT",
)


def main(arguments: list[str]) -> int:
    started = time.monotonic()
    options = _options().parse_args(arguments)
    folder = options.folder.resolve()
    try:
        _clear(folder)
        with suite_running(folder / "suite") as suite:
            stage = set_stage(folder, suite)
            ready = time.monotonic() - started
            with contextlib.closing(stage), recording(stage, options.record):
                played = chapters.play(stage)
                took = time.monotonic() - started
                chapters.close(stage, played, ready_seconds=ready, seconds=took)
    except StepFailed as failed:
        print(f"\n✗ the demonstration stopped / 演示中止\n  {failed}", file=sys.stderr)
        return 1
    return 0


def set_stage(folder: Path, suite: Path) -> Stage:
    """Everybody's credentials, and the door."""
    kept = json.loads((suite / "credentials.json").read_text())
    addresses = json.loads((suite / "addresses.json").read_text())
    return Stage(
        gateway=addresses["gateway"],
        credentials={name: one["secret"] for name, one in kept["clients"].items()},
        labels={name: one["name"] for name, one in kept["clients"].items()},
        roles={name: one["roles"] for name, one in kept["clients"].items()},
        folder=folder,
        suite_folder=suite,
    )


@contextlib.contextmanager
def suite_running(folder: Path) -> Iterator[Path]:
    """A suite of its own on free ports, its business time beginning in 2023."""
    free = dict.fromkeys(PORTS, "0")
    environment = {**os.environ, **free, "HUISHE_SANDBOX_STARTS": STARTS}
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "suite.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.local", "up", "--folder", str(folder)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Whatever ends the demonstration ends its suite.
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )
        try:
            _wait_until_ready(process, folder)
            yield folder
        finally:
            _stop(process)


def _wait_until_ready(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while not (folder / "addresses.json").exists():
        if process.poll() is not None or time.monotonic() > deadline:
            words = (folder / "suite.log").read_text(errors="replace")[-3000:]
            raise StepFailed(f"the suite did not start:\n{words}")
        time.sleep(0.05)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOPPED_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        prog="python -m deploy.demo", description="Play the main job through the gateway"
    )
    options.add_argument(
        "--folder", type=Path, default=FOLDER, help="where what is made is left (build/demo)"
    )
    options.add_argument(
        "--record", type=Path, metavar="FILE", help="take down examples for the contract in FILE"
    )
    return options


def _clear(folder: Path) -> None:
    """Each demonstration begins from nothing; a folder with other things in it is left alone."""
    suite = folder / "suite"
    if folder.exists() and not suite.exists() and any(folder.iterdir()):
        raise StepFailed(f"{folder} holds something else: name an empty --folder")
    if suite.exists():
        subprocess.run(
            [sys.executable, "-m", "deploy.local", "remove", "--folder", str(suite)], check=True
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
