"""Some parts of the suite, or all, started exactly as `make up` starts them.

python -m tests.bench.parts FOLDER gateway
python -m tests.bench.parts FOLDER registry
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from deploy.local.settings import PARTS, addresses, local_settings
from deploy.local.suite import APPLICATIONS, Suite
from shared.database.embedded import dies_with_parent
from tests.bench.machine import OTHERS, SERVER, pin, with_descendants
from tests.bench.started import NotStarted
from tests.support.suite import FREE_PORTS, ROOT, STARTS, RunningSuite

READY_WITHIN = 90.0
NOBODY = "http://127.0.0.1:9"

UNLIMITED = {
    "GATEWAY_READ_RATE": "10000000",
    "GATEWAY_WRITE_RATE": "10000000",
    "GATEWAY_BID_RATE": "10000000",
}
"""Limits are counted and told as always, and never reached."""


@dataclass
class RunningParts:
    """What was started, and how long that took."""

    folder: Path
    process: "subprocess.Popen[bytes]"
    seconds: float

    @cached_property
    def suite(self) -> RunningSuite:
        return RunningSuite(self.folder)

    @property
    def processes(self) -> list[int]:
        """All of them: the supervisor, the parts, and the database with its own."""
        return with_descendants([self.process.pid])

    def pinned(self, *parts: str) -> list[int]:
        """These parts on the server's core, everybody else with the load; their processes."""
        pin(self.processes, OTHERS)
        under_load = [self.suite.pid_of(part) for part in parts]
        pin(under_load, SERVER)
        return under_load


@contextmanager
def a_folder() -> Iterator[Path]:
    """A place on disk for one measurement; the database's user may pass through it."""
    with tempfile.TemporaryDirectory(prefix="huishe-bench-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@contextmanager
def running(folder: Path, parts: Sequence[str] = PARTS, **settings: str) -> Iterator[RunningParts]:
    """A sandbox of these parts on free ports, a folder of its own; it ends with the block."""
    run = folder / "-".join(["run", *parts])
    said = folder / f"{run.name}.log"
    began = time.monotonic()
    with said.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(run), *parts],
            cwd=ROOT,
            env={**os.environ, **FREE_PORTS, "HUISHE_SANDBOX_STARTS": STARTS, **settings},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )
    try:
        while not (run / "addresses.json").exists():
            if process.poll() is not None or time.monotonic() - began > READY_WITHIN:
                raise NotStarted(said.read_text(errors="replace")[-2000:])
            time.sleep(0.01)
        yield RunningParts(run, process, time.monotonic() - began)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)
        process.kill()
        process.wait()


class SomeParts(Suite):
    """A suite of which some parts are not there: their addresses answer nobody."""

    def address_of(self, part: str) -> str:
        return super().address_of(part) if part in self.listeners else NOBODY


def _run(folder: Path, parts: Sequence[str]) -> None:
    chosen = {part: APPLICATIONS[part] for part in parts}
    nobody = None if "gateway" in parts else lambda _: None  # callers live with the gateway
    SomeParts(folder, local_settings(), addresses(), chosen, bring_in=nobody).run()


if __name__ == "__main__":
    _run(Path(sys.argv[1]), sys.argv[2:])
