"""The parent of every process of the suite.

It has no event loop, no thread and no connection, so a fork copies nothing that could break. It
waits for signals, reaps whatever ended, starts it again, and when it ends itself everything ends:
each child asked the kernel for a signal when its parent dies.
"""

import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from shared.database.embedded import dies_with_parent

LISTENED = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD}

# A child that lived this long is started again at once; one that keeps dying waits ever longer.
LIVED_LONG = 5.0
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 5.0

PATIENCE_AT_THE_END = 10.0


class Stopped(Exception):
    """Somebody asked us to stop."""


class StartFailed(Exception):
    """The suite cannot be started; the message says why."""


def _never() -> bool:
    return False


def _nothing() -> str:
    return ""


@dataclass
class Program:
    """Something that must always run: how to launch it, and how to end it gently."""

    name: str
    launch: Callable[[], int]
    ends_on: signal.Signals = signal.SIGTERM
    last_words: Callable[[], str] = _nothing
    trouble_passes: Callable[[], bool] = _never

    pid: int | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    pause: float = field(default=0.0, init=False)
    due: float = field(default=0.0, init=False)


class Supervisor:
    """Starts programs and jobs, and keeps the programs running."""

    def __init__(
        self,
        announce: Callable[[str], None],
        changed: Callable[[dict[str, int]], None] = lambda pids: None,
    ) -> None:
        self._announce = announce
        self._changed = changed
        self._programs: list[Program] = []
        self._jobs: dict[int, int | None] = {}
        self._everything_ready = False
        signal.pthread_sigmask(signal.SIG_BLOCK, LISTENED)

    def start(self, program: Program) -> None:
        self._programs.append(program)
        self._launch(program)

    def run_jobs(
        self, jobs: Iterable[tuple[str, Callable[[], None]]], within: float = 120.0
    ) -> None:
        """Do some things in children of their own, side by side, and wait until all are done."""
        running = {fork(work): name for name, work in jobs}
        self._jobs |= dict.fromkeys(running)
        self.wait_until(lambda: all(self._jobs[pid] is not None for pid in running), within)
        failed = [name for pid, name in running.items() if self._jobs.pop(pid) != 0]
        if failed:
            raise StartFailed(f"could not {', '.join(failed)}")

    def wait_until(self, reached: Callable[[], bool], within: float) -> None:
        """Look after everything until something has come about."""
        deadline = time.monotonic() + within
        while not reached():
            if time.monotonic() > deadline:
                raise StartFailed(f"not ready after {within:.0f} seconds")
            self._look_after(0.01)

    def keep_running(self) -> None:
        """Look after the programs until somebody asks us to stop."""
        self._everything_ready = True
        while True:
            self._look_after(self._until_next_start())

    def stop(self) -> None:
        """End everything; what was started first, the others stand on, so it ends last."""
        for pid, status in self._jobs.items():
            if status is None:
                _send(pid, signal.SIGKILL)
        self._end(self._programs[1:])
        self._end(self._programs[:1])

    # How it is done

    def _look_after(self, seconds: float | None) -> None:
        if seconds is None:
            caught: signal.struct_siginfo | None = signal.sigwaitinfo(LISTENED)
        else:
            caught = signal.sigtimedwait(LISTENED, seconds)
        self._reap()
        if caught is not None and caught.si_signo != signal.SIGCHLD:
            raise Stopped(signal.Signals(caught.si_signo).name)
        for program in self._programs:
            if program.pid is None and time.monotonic() >= program.due:
                self._launch(program)

    def _until_next_start(self) -> float | None:
        waiting = [program.due for program in self._programs if program.pid is None]
        return max(0.0, min(waiting) - time.monotonic()) if waiting else None

    def _launch(self, program: Program) -> None:
        program.pid = program.launch()
        program.started = time.monotonic()
        self._tell()

    def _reap(self) -> None:
        """Collect every child that ended; several may have ended behind one signal."""
        with suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                self._ended(pid, os.waitstatus_to_exitcode(status))

    def _ended(self, pid: int, code: int) -> None:
        if pid in self._jobs:
            self._jobs[pid] = code
        for program in self._programs:
            if program.pid == pid:
                program.pid = None
                self._plan_restart(program, code)

    def _plan_restart(self, program: Program, code: int) -> None:
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
        if not self._everything_ready and not program.trouble_passes():
            raise StartFailed(
                f"{program.name} {how} while starting\n{program.last_words()}".rstrip()
            )
        if time.monotonic() - program.started > LIVED_LONG:
            program.pause = 0.0
        program.due = time.monotonic() + program.pause
        self._announce(f"{program.name} {how}: starting it again")
        program.pause = min(max(FIRST_PAUSE, program.pause * 2), LONGEST_PAUSE)

    def _end(self, programs: list[Program]) -> None:
        for program in programs:
            if program.pid is not None:
                _send(program.pid, program.ends_on)
        deadline = time.monotonic() + PATIENCE_AT_THE_END
        while left := [program for program in programs if not _gone(program)]:
            if time.monotonic() > deadline:
                for program in left:
                    _send(program.pid or 0, signal.SIGKILL)
            signal.sigtimedwait({signal.SIGCHLD}, 0.05)
        self._tell()

    def _tell(self) -> None:
        self._changed({p.name: p.pid for p in self._programs if p.pid is not None})


def fork(work: Callable[[], None], log: Path | None = None) -> int:
    """Do some work in a child: in a process group of its own, with default signals, ended with us."""
    promise = dies_with_parent(signal.SIGTERM)
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setpgid(0, 0)
        for number in LISTENED:
            signal.signal(number, signal.SIG_DFL)
        promise()
        _redirect(log)
        gc.enable()
        work()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        code = 1
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
    os._exit(code)


def _redirect(log: Path | None) -> None:
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)
    if log is not None:
        file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(file, 1)
        os.dup2(file, 2)
        os.close(file)


def _gone(program: Program) -> bool:
    if program.pid is not None:
        with suppress(ChildProcessError):
            pid, _ = os.waitpid(program.pid, os.WNOHANG)
            if pid == 0:
                return False
        program.pid = None
    return True


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
