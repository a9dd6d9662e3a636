"""How long a grade is valid, and which grade an agency has on a day."""

from datetime import date

import pytest

from services.evaluation.grades.rules import Awarded, newest_that_counts, validity


@pytest.mark.parametrize(
    ("governed_on", "valid_from", "valid_until"),
    [
        pytest.param(date(2026, 2, 28), date(2026, 3, 10), date(2031, 3, 10), id="old law"),
        pytest.param(date(2026, 3, 1), date(2027, 1, 1), date(2031, 12, 31), id="new law"),
    ],
)
def test_the_term_follows_the_law_of_the_application(governed_on, valid_from, valid_until):
    found = validity(
        governed_on=governed_on,
        decided_on=date(2026, 3, 10),
        announced_on=date(2026, 3, 20),
        counts_at_once=False,
    )

    assert (found.valid_from, found.valid_until) == (valid_from, valid_until)


def test_nobody_relies_on_a_grade_before_it_is_announced():
    found = validity(
        governed_on=date(2025, 10, 1),
        decided_on=date(2025, 10, 9),
        announced_on=date(2025, 10, 17),
        counts_at_once=False,
    )

    assert found.valid_from == date(2025, 10, 9)
    assert found.counts_from == date(2025, 10, 17)


@pytest.mark.parametrize(
    ("at_once", "counts_from"), [(False, date(2027, 1, 1)), (True, date(2026, 3, 20))]
)
def test_whether_a_grade_counts_before_the_first_of_january_is_a_setting(at_once, counts_from):
    found = validity(
        governed_on=date(2026, 3, 1),
        decided_on=date(2026, 3, 10),
        announced_on=date(2026, 3, 20),
        counts_at_once=at_once,
    )

    assert found.counts_from == counts_from


def test_five_years_from_a_leap_day_end_with_february():
    found = validity(
        governed_on=date(2024, 2, 1),
        decided_on=date(2024, 2, 29),
        announced_on=date(2024, 3, 8),
        counts_at_once=False,
    )

    assert found.valid_until == date(2029, 2, 28)


OLDER = Awarded("a", date(2020, 6, 1), date(2020, 6, 1), date(2025, 6, 1))
NEWER = Awarded("b", date(2025, 3, 1), date(2025, 3, 1), date(2030, 3, 1))
CANCELLED = Awarded("c", date(2025, 5, 1), date(2025, 5, 1), date(2030, 5, 1), date(2025, 8, 1))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(date(2020, 5, 31), None, id="before any"),
        pytest.param(date(2020, 6, 1), OLDER, id="its first day"),
        pytest.param(date(2025, 2, 28), OLDER, id="the older one runs"),
        pytest.param(date(2025, 3, 1), NEWER, id="the newer one takes over"),
        pytest.param(date(2030, 3, 1), NEWER, id="the last day"),
        pytest.param(date(2030, 3, 2), None, id="over"),
    ],
)
def test_the_newest_grade_that_counts_on_the_day(day, expected):
    assert newest_that_counts([NEWER, OLDER], day) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(date(2025, 4, 30), NEWER, id="before the cancelled one began"),
        pytest.param(date(2025, 7, 31), CANCELLED, id="the day before it is cancelled"),
        pytest.param(date(2025, 8, 1), None, id="from its cancellation nothing revives"),
    ],
)
def test_a_cancelled_grade_does_not_bring_back_the_one_before(day, expected):
    assert newest_that_counts([CANCELLED, OLDER, NEWER], day) == expected
