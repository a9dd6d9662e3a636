"""Rows 10 and 11: the whole suite beside the registry alone, started the same way."""

import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median

from deploy.local.settings import PARTS
from tests.bench.figures import Result
from tests.bench.forms import Form
from tests.bench.machine import memory
from tests.bench.parts import RunningParts, a_folder, running

ROWS = (10, 11)
SETTLED_SECONDS = 3.0
"""After this the memory is read: what start-up needed is given back, what runs has run."""
ALONE = ("registry",)
MEBIBYTE = 1024 * 1024


def measure(wanted: Iterable[int], form: Form) -> Iterator[Result]:
    wanted = set(wanted)
    rounds = 2 if form.quick else 5
    sizes: dict[str, list[int]] = {"suite": [], "alone": []}
    apart: dict[str, list[int]] = {"suite": [], "alone": []}
    seconds: dict[str, list[float]] = {"suite": [], "alone": []}
    with a_folder() as folder:
        first = {name: _started(folder, chosen)[0] for name, chosen in _contenders()}
        for turn in range(rounds):
            order = _contenders() if turn % 2 == 0 else _contenders()[::-1]
            for name, chosen in order:
                took, whole, without = _started(folder, chosen)
                seconds[name].append(took)
                sizes[name].append(whole)
                apart[name].append(without)
    if 10 in wanted:
        ours, one = (median(sizes[name]) / MEBIBYTE for name in ("suite", "alone"))
        yield Result(
            10,
            ours / one,
            ours,
            one,
            "MiB",
            "PSS of every process, supervisor and PostgreSQL included, three seconds after it was "
            "ready; the reference is the registry alone with its database, started the same way",
            rounds=rounds,
            beside={
                "ratio without PostgreSQL": median(apart["suite"]) / median(apart["alone"]),
                "suite without PostgreSQL, MiB": median(apart["suite"]) / MEBIBYTE,
            },
        )
    if 11 in wanted:
        ours, one = median(seconds["suite"]), median(seconds["alone"])
        yield Result(
            11,
            ours / one,
            ours,
            one,
            "s",
            "from the command to every part ready, databases made before; not pinned",
            rounds=rounds,
            beside={"first start, suite": first["suite"], "first start, alone": first["alone"]},
        )


def _contenders() -> list[tuple[str, Sequence[str]]]:
    return [("suite", PARTS), ("alone", ALONE)]


def _started(folder: Path, chosen: Sequence[str]) -> tuple[float, int, int]:
    """Seconds until ready; bytes of all processes, and of those that are ours."""
    with running(folder, chosen) as parts:
        time.sleep(SETTLED_SECONDS)
        return parts.seconds, memory(parts.processes), memory(_python(parts))


def _python(parts: RunningParts) -> list[int]:
    return [
        pid
        for pid in parts.processes
        if "python" in Path(f"/proc/{pid}/comm").read_text(errors="replace")
    ]
