"""The figures of `tests/bench/table.py`, measured on this machine.

    python -m tests.bench                 all rows; build/bench.json and build/bench.html
    python -m tests.bench 1 3 6           only these
    python -m tests.bench --quick 5       short rounds, to try a change
    python -m tests.bench sustained       60 bid commits a second for 10 minutes, readers beside
    python -m tests.bench soak            30 minutes of mixed load: nothing may grow

Everything that is started here ends with it, also on Ctrl-C.
"""

import argparse
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from tests.bench import (
    commit_rows,
    door_rows,
    feed_rows,
    journal_rows,
    judging,
    list_rows,
    long_runs,
    machine,
    read_rows,
    report,
    start_rows,
)
from tests.bench.figures import Result, not_measured
from tests.bench.forms import QUICK, WHOLE, Form
from tests.bench.table import BY_NUMBER

FOLDER = Path("build")


class Group(Protocol):
    """A module that measures some rows."""

    ROWS: Sequence[int]

    def measure(self, wanted: Any, form: Form) -> Iterator[Result]: ...


GROUPS: Sequence[Any] = (
    door_rows,
    read_rows,
    feed_rows,
    commit_rows,
    judging,
    start_rows,
    list_rows,
    journal_rows,
)


def main(arguments: list[str]) -> int:
    chosen = _options().parse_args(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):  # whoever started us may have them ignored
        signal.signal(number, signal.default_int_handler)
    if chosen.what in (["sustained"], ["soak"]):
        return getattr(long_runs, chosen.what[0])(chosen.seconds)  # type: ignore[no-any-return]
    form = QUICK if chosen.quick else WHOLE
    wanted = {int(word) for word in chosen.what} or set(BY_NUMBER)
    before = machine.described()
    results: list[Result] = []
    began = time.monotonic()
    try:
        for result in measured(wanted, form):
            results.append(result)
            print(report.line(result), flush=True)
    except KeyboardInterrupt:
        print("stopped: what was measured so far is written down", file=sys.stderr)
    told = report.document(
        results,
        versions=machine.versions(),
        machine=before,
        form="quick" if form.quick else "whole",
        seconds=time.monotonic() - began,
    )
    where = report.write(told, FOLDER)
    print(f"{where} and {where.with_suffix('.html')}", flush=True)
    return 0 if len(results) == len(wanted) else 1


def measured(wanted: set[int], form: Form) -> Iterator[Result]:
    """Row after row; a group that breaks says so in its rows and does not stop the others."""
    for group in GROUPS:
        rows = wanted & set(group.ROWS)
        told: set[int] = set()
        if not rows:
            continue
        try:
            for result in group.measure(rows, form):
                told.add(result.row)
                yield result
        except Exception as broken:  # the edge of a group: the reason stands in the report
            traceback.print_exc()
            for row in sorted(rows - told):
                yield not_measured(row, f"{type(broken).__name__}: {broken}"[:500])


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        prog="python -m tests.bench", description=__doc__.split("\n")[0]
    )
    options.add_argument("what", nargs="*", help="rows, or `sustained` or `soak`; all rows if none")
    options.add_argument("--quick", action="store_true", help="short rounds, to try a change")
    options.add_argument("--seconds", type=float, help="how long `sustained` or `soak` goes on")
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
