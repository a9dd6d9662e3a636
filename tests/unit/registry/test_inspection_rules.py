"""Which years count, and what two passes running are."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.inspections.rules import (
    CONCLUSION,
    FILING,
    Concluding,
    Conclusion,
    Filing,
    Record,
    due_in,
    newest_years,
    report_due,
    two_newest_inspections_passed,
)
from shared.policy import Outcome

PASS, BASIC, FAIL = Conclusion.PASS, Conclusion.BASIC, Conclusion.FAIL
TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("registered_on", "year", "due"),
    [
        pytest.param(date(2023, 6, 29), 2023, True, id="a day more than six months"),
        pytest.param(date(2023, 6, 30), 2023, False, id="six months exactly: not more"),
        pytest.param(date(2023, 12, 31), 2023, False, id="on the last day"),
        pytest.param(date(2023, 12, 31), 2024, True, id="the year after"),
        pytest.param(date(2024, 1, 1), 2023, False, id="founded after the year"),
    ],
)
def test_the_young_are_not_inspected(registered_on, year, due):
    assert due_in(registered_on, None, year) is due


@pytest.mark.parametrize(
    ("cancelled_on", "due"), [(date(2024, 12, 31), False), (date(2025, 1, 1), True)]
)
def test_who_left_the_register_within_the_year_is_not_inspected(cancelled_on, due):
    assert due_in(date(2020, 1, 1), cancelled_on, 2024) is due


def outcome(conclusions, unfiled=frozenset(), on=TODAY):
    return two_newest_inspections_passed(Record(on, conclusions, frozenset(unfiled))).outcome


@pytest.mark.parametrize(
    ("conclusions", "unfiled", "passed"),
    [
        pytest.param({2023: PASS, 2024: PASS}, (), True, id="two passes"),
        pytest.param({2024: PASS}, (), False, id="one year only"),
        pytest.param({}, (), False, id="none"),
        pytest.param({2023: BASIC, 2024: PASS}, (), False, id="a basic pass is no pass"),
        pytest.param({2023: PASS, 2024: FAIL}, (), False, id="failed last"),
        pytest.param({2022: FAIL, 2023: PASS, 2024: PASS}, (), True, id="an old fail is past"),
        pytest.param({2022: PASS, 2024: PASS}, (), True, id="an exempt year is in neither number"),
        pytest.param({2022: PASS, 2023: PASS}, (2024,), False, id="a year never filed breaks it"),
        pytest.param({2023: PASS, 2024: PASS}, (2022,), True, id="an old gap is past"),
    ],
)
def test_two_passes_running(conclusions, unfiled, passed):
    assert (outcome(conclusions, unfiled) is Outcome.MET) is passed


YEARS = st.dictionaries(st.integers(2016, 2025), st.sampled_from(Conclusion), max_size=10)


@given(YEARS)
def test_only_the_two_newest_years_decide(conclusions):
    newest = dict(sorted(conclusions.items())[-2:])

    assert outcome(conclusions) is outcome(newest)
    assert (outcome(conclusions) is Outcome.MET) == (list(newest.values()) == [PASS, PASS])


def test_newest_years_come_newest_first():
    record = Record(TODAY, {2022: PASS, 2024: BASIC}, frozenset({2023}))

    assert newest_years(record, 2) == [(2024, BASIC), (2023, None)]


def test_the_report_is_due_at_the_end_of_may():
    assert report_due(2024) == date(2025, 5, 31)


IN_TIME = Filing(
    today=date(2025, 5, 31),
    year=2024,
    registered_on=date(2023, 3, 6),
    cancelled_on=None,
    dual=False,
    first_reviewed_on=None,
)


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, []),
        ({"today": date(2024, 12, 31)}, ["year_is_over"]),
        ({"registered_on": date(2024, 9, 1)}, ["year_is_inspected"]),
        ({"dual": True}, ["unit_reviewed_first"]),
        ({"dual": True, "first_reviewed_on": date(2025, 3, 20)}, []),
    ],
)
def test_a_report_is_filed_for_a_year_that_is_over_and_inspected(changed, refused):
    verdict = FILING.judge(replace(IN_TIME, **changed), on=date(2025, 5, 31))

    assert [f.rule for f in verdict.breaches] == refused


def test_a_report_in_june_is_taken_in_and_told():
    verdict = FILING.judge(replace(IN_TIME, today=date(2025, 6, 1)), on=date(2025, 6, 1))

    assert verdict.passed
    [late] = [f for f in verdict.findings if f.rule == "filed_by_the_end_of_may"]
    assert (late.outcome, late.figures["late"]) == (Outcome.WARNING, 1)


@pytest.mark.parametrize(
    ("conclusion", "reasons", "filed", "refused"),
    [
        (PASS, "", True, []),
        (BASIC, "", True, ["anything_but_a_pass_says_why"]),
        (FAIL, "账目不清", True, []),
        (PASS, "", False, ["nothing_filed_is_no_pass"]),
        (FAIL, "未报送", False, []),
    ],
)
def test_a_conclusion_fits_what_was_filed(conclusion, reasons, filed, refused):
    verdict = CONCLUSION.judge(Concluding(conclusion, reasons, filed), on=TODAY)

    assert [f.rule for f in verdict.breaches] == refused
