"""What is made of measurements, on given numbers."""

import json
import re
from pathlib import Path

import pytest

from tests.bench import report
from tests.bench.__main__ import GROUPS
from tests.bench.figures import (
    Medians,
    Result,
    Round,
    alternating,
    compared,
    growth,
    not_measured,
    percentile,
)
from tests.bench.long_runs import Sample, growths
from tests.bench.sql import script_of, sent
from tests.bench.table import BY_NUMBER, TABLE

MACHINE = {"cores": 2, "processor": "x <y>", "pinning": "server on core 0"}


def test_each_figure_of_several_rounds_is_its_own_median() -> None:
    rounds = [Round(100, 3, 9, 50), Round(300, 1, 8, None), Round(200, 2, 30, 70)]

    assert Medians.of(rounds) == Medians(200, 2, 9, 60, 3)


def test_contenders_take_turns_and_every_second_turn_is_the_other_way_round() -> None:
    asked: list[str] = []

    def contender(name: str) -> Round:
        asked.append(name)
        return Round(len(asked), 1, 1)

    found = alternating({name: lambda name=name: contender(name) for name in "ab"}, 3)

    assert "".join(asked) == "abbaab"
    assert (found["a"].rate, found["b"].rate) == (4, 3)


def test_ours_is_told_as_a_share_of_the_reference_with_the_cpu_of_both() -> None:
    ours, reference = Medians(30, 1, 2, 90, 5), Medians(120, 1, 2, 20, 5)

    result = compared(1, ours, reference, how="…", concurrency=32)

    assert (result.ratio, result.ours, result.reference) == (0.25, 30, 120)
    assert result.cpu_us == {"ours": 90, "reference": 20}
    assert result.standing == "goal"


@pytest.mark.parametrize(
    ("row", "value", "standing"),
    [
        *[(1, 0.48, "stretch"), (1, 0.47, "goal"), (1, 0.15, "floor"), (1, 0.149, "below")],
        *[(7, 1.05, "stretch"), (7, 1.06, "goal"), (7, 1.5, "floor"), (7, 1.51, "below")],
    ],
)
def test_a_value_stands_at_the_highest_bar_that_it_reaches(
    row: int, value: float, standing: str
) -> None:
    assert BY_NUMBER[row].standing(value) == standing


def test_every_row_has_bars_that_rise_and_somebody_who_measures_it() -> None:
    assert [row.number for row in TABLE] == list(range(1, 18))
    assert sorted(n for group in GROUPS for n in group.ROWS) == list(range(1, 18))
    for row in TABLE:
        assert row.reaches(row.goal, row.floor), row
        assert row.reaches(row.stretch, row.goal), row
        assert not row.reaches(row.floor, row.goal), row


@pytest.mark.parametrize(
    ("share", "value"), [(0.5, 50), (0.99, 99), (0.995, 100), (1.0, 100), (0.0, 1)]
)
def test_a_percentile_is_a_value_that_was_measured(share: float, value: int) -> None:
    assert percentile(range(100, 0, -1), share) == value


def test_a_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


@pytest.mark.parametrize(
    ("before", "after", "share"), [(100, 104, 0.04), (100, 90, 0.0), (0, 0, 0.0)]
)
def test_growth_is_a_share_of_what_was_there(before: float, after: float, share: float) -> None:
    assert growth(before, after) == pytest.approx(share)


def test_what_grows_after_the_warm_part_is_found_and_the_warm_part_is_not_counted() -> None:
    warm = [Sample(n, 10 * n, 5, 2) for n in range(30)]
    rest = [Sample(n, 1000 + 10 * (n >= 65), 50, 20 + n // 10) for n in range(70)]

    found = growths(warm + rest)

    assert found["memory"] == pytest.approx(0.0)
    assert found["descriptors"] == 0.0
    assert found["connections"] > 0.05


LOG = """\
2026-11-28 00:00:00.000 UTC [7] me@huishe_registry LOG:  execute __1: SELECT 1
2026-11-28 00:00:00.000 UTC [7] me@huishe_registry LOG:  statement: BEGIN;
2026-11-28 00:00:00.000 UTC [9] me@another LOG:  execute __1: SELECT 'CODE'
\tFROM elsewhere
2026-11-28 00:00:00.000 UTC [7] me@huishe_registry LOG:  execute __2: SELECT *
\tFROM agency WHERE code = $1 AND day = $12
2026-11-28 00:00:00.000 UTC [7] me@huishe_registry DETAIL:  Parameters: $1 = 'CODE', $12 = 'it''s'
2026-11-28 00:00:00.000 UTC [8] me@huishe_registry LOG:  execute __3: SELECT 8
2026-11-28 00:00:00.000 UTC [7] me@huishe_registry LOG:  statement: ROLLBACK;
2026-11-28 00:00:00.000 UTC [7] me@huishe_registry LOG:  execute __4: SELECT 3
"""


def test_the_statements_of_a_request_are_those_of_its_transaction_with_their_values() -> None:
    found = sent(LOG, "huishe_registry", "CODE")

    assert found == [
        "BEGIN",
        "SELECT *\nFROM agency WHERE code = 'CODE' AND day = 'it''s'",
        "ROLLBACK",
    ]
    assert script_of(found).splitlines()[1] == (
        "SELECT * FROM agency WHERE code = 'CODE' AND day = 'it''s';"
    )


def test_a_single_statement_is_a_transaction_of_its_own() -> None:
    assert sent(LOG, "huishe_registry", "SELECT 3") == ["SELECT 3"]


@pytest.fixture
def told() -> dict[str, object]:
    results = [
        Result(1, 0.251234, 30.0, 120.0, "requests/s", "<how>", concurrency=32, rounds=5),
        not_measured(3, "Envoy is <not> installed"),
        Result(12, 512.0, 512.0, 900.0, "pages/s", beside={"pages": 49}),
    ]
    return report.document(
        results, versions={"uvicorn": "1"}, machine=MACHINE, form="whole", seconds=12.4
    )


def test_the_report_has_the_shape_that_programs_read(
    told: dict[str, object], tmp_path: Path
) -> None:
    written = json.loads(report.write(told, tmp_path).read_text())

    row, missing = written["rows"]["1"], written["rows"]["3"]
    assert (row["ratio"], row["ours"], row["reference"], row["unit"]) == (
        0.2512,
        30.0,
        120.0,
        "requests/s",
    )
    assert (row["floor"], row["goal"], row["stretch"], row["standing"]) == (
        0.15,
        0.24,
        0.48,
        "goal",
    )
    assert (row["concurrency"], row["rounds"]) == (32, 5)
    assert missing["ratio"] is None
    assert missing["why"] == "Envoy is <not> installed"
    assert written["versions"] == {"uvicorn": "1"}
    assert written["machine"] == MACHINE


def test_the_page_shows_every_row_and_loads_nothing(told: dict[str, object]) -> None:
    page = report.page(told)

    for row in TABLE:
        assert f">{row.number}. " in page
    assert "Envoy is &lt;not&gt; installed" in page
    assert "<not>" not in page
    assert not re.search(r"(src|href)=|@import|url\(", page)


def test_the_bars_of_all_rows_stand_in_one_place_and_better_is_right() -> None:
    for row in TABLE:
        floor, goal, stretch = (report.place(row, v) for v in (row.floor, row.goal, row.stretch))
        assert floor == pytest.approx(report.FLOOR_AT)
        assert stretch == pytest.approx(report.STRETCH_AT)
        assert floor < goal < stretch
    assert report.place(BY_NUMBER[13], 0.0001) == 1.0
    assert report.place(BY_NUMBER[13], 100_000) == 0.015
