"""Programs that are measured or measured against: started pinned, ended by themselves."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from shared.database.embedded import dies_with_parent
from tests.bench.machine import pinned, with_descendants
from tests.support.suite import ROOT

READY_WITHIN = 30.0


class NotStarted(Exception):
    """A program ended or was not ready in time; its own words."""


@dataclass(frozen=True)
class Started:
    """A program that answers at an address."""

    address: str
    process: "subprocess.Popen[bytes]"

    @property
    def processes(self) -> list[int]:
        return with_descendants([self.process.pid])


@contextmanager
def started(
    command: Sequence[object],
    address: str,
    folder: Path,
    name: str,
    *,
    cores: set[int],
    environment: Mapping[str, str] | None = None,
    ready_at: str = "/",
) -> Iterator[Started]:
    """Run a program until the block ends; it is ready when it answers anything but 5xx."""
    said = folder / f"{name}.log"
    with said.open("wb") as log:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # a shell's Ctrl-C is for us; we end it
            preexec_fn=pinned(cores, dies_with_parent(signal.SIGTERM)),
        )
    try:
        deadline = time.monotonic() + READY_WITHIN
        while not _answers(address + ready_at):
            if process.poll() is not None or time.monotonic() > deadline:
                raise NotStarted(f"{name}: {said.read_text(errors='replace')[-2000:]}")
            time.sleep(0.02)
        yield Started(address, process)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def module(name: str, *arguments: object) -> list[object]:
    return [sys.executable, "-m", name, *arguments]


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2):
            return True
    except HTTPError as answer:
        return answer.code < 500
    except OSError:
        return False


def said_by(command: Sequence[object], cores: set[int], within: float = 1800.0) -> str:
    """Run a program to its end on these cores; what it said."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=within,
        preexec_fn=pinned(cores, dies_with_parent(signal.SIGTERM)),
    )
    if done.returncode != 0:
        raise NotStarted(f"{command[2]}: {(done.stdout + done.stderr)[-2000:]}")
    return done.stdout
