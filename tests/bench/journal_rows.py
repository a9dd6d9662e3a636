"""Rows 15 and 16: a long journal verified and proved; the fault test that does so gives the figures."""

import json
from collections.abc import Iterable, Iterator

from tests.bench.figures import Result
from tests.bench.forms import Form
from tests.bench.machine import OTHERS, SERVER
from tests.bench.parts import a_folder
from tests.bench.started import module, said_by

ROWS = (15, 16)
TEST = "tests/faults/test_a_million_entries.py"
MILLION = 1_000_000


def measure(wanted: Iterable[int], form: Form) -> Iterator[Result]:
    wanted = set(wanted)
    with a_folder() as folder:
        file = folder / "figures.json"
        # With `--long` figures are written down; the quick form reads what the short form says.
        length = [] if form.quick else ["--long"]
        said_by(module("pytest", TEST, *length, "--figures", file), SERVER | OTHERS)
        told = next(iter(json.loads(file.read_text())["tests"].values()))["figures"]
    entries = told["entries"]
    beside = {name: value for name, value in told.items() if name != "entries"}
    if 15 in wanted:
        seconds = told["seconds to verify an export"] * MILLION / entries
        yield Result(
            15,
            seconds,
            seconds,
            told["seconds to verify a database"] * MILLION / entries,
            "s",
            f"an exported journal of {entries} entries, every leaf, node and signature; the reference "
            f"is the same from its database; {TEST}; not pinned",
            concurrency=1,
            rounds=1,
            beside=beside,
        )
    if 16 in wanted:
        yield Result(
            16,
            told["milliseconds of an inclusion proof, p99"],
            told["milliseconds of an inclusion proof, p99"],
            told.get("milliseconds of an inclusion proof, p50"),
            "ms",
            f"200 proofs from all over {entries} entries, each verified; the reference is their "
            f"median; {TEST}; not pinned",
            concurrency=1,
            rounds=1,
            beside=beside,
        )
