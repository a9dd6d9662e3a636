"""The district's one base: founding, admitting, spending."""

from datetime import date

import pytest

from services.incubator.bases.lifecycle import BaseState
from services.incubator.bases.rules import (
    ADMITTING,
    FOUNDING,
    OPENING,
    SPENDING,
    Founding,
    Opening,
    Readiness,
    Spending,
    in_force,
)
from shared.codelists import BaseRuleSystem
from shared.money import Money
from shared.policy import Outcome

DAY = date(2026, 5, 6)
ALL_FOUR = frozenset(BaseRuleSystem)


@pytest.mark.parametrize(("standing", "passes"), [(0, True), (1, False), (2, False)])
def test_the_district_has_one_base(standing, passes):
    assert FOUNDING.judge(Founding(DAY, standing), on=DAY).passed is passes


@pytest.mark.parametrize(
    ("day", "outcome"),
    [(date(2020, 12, 31), Outcome.MET), (date(2021, 1, 1), Outcome.WARNING)],
)
def test_a_base_that_opens_after_2020_is_late_and_opens_all_the_same(day, outcome):
    verdict = OPENING.judge(Opening(day), on=day)

    assert verdict.passed
    assert verdict.findings[0].outcome is outcome


RULES, OPEN = "rules_for_admission_and_funds_are_in_force", "the_base_is_open"


@pytest.mark.parametrize(
    ("state", "systems", "expected"),
    [
        pytest.param(BaseState.OPEN, ALL_FOUR, [], id="all four"),
        pytest.param(
            BaseState.OPEN,
            {BaseRuleSystem.ADMISSION, BaseRuleSystem.USE_OF_FUNDS},
            [],
            id="the two without which nobody is admitted",
        ),
        pytest.param(
            BaseState.OPEN, ALL_FOUR - {BaseRuleSystem.ADMISSION}, [RULES], id="no admission"
        ),
        pytest.param(
            BaseState.OPEN, ALL_FOUR - {BaseRuleSystem.USE_OF_FUNDS}, [RULES], id="no funds"
        ),
        pytest.param(BaseState.PREPARING, ALL_FOUR, [OPEN], id="not open yet"),
        pytest.param(BaseState.CLOSED, frozenset(), [OPEN, RULES], id="closed"),
    ],
)
def test_a_base_admits_under_its_rules_only(state, systems, expected):
    verdict = ADMITTING.judge(Readiness(DAY, state, frozenset(systems)), on=DAY)

    assert [finding.rule for finding in verdict.breaches] == expected


def test_a_missing_working_mechanism_is_a_warning():
    two = frozenset({BaseRuleSystem.ADMISSION, BaseRuleSystem.USE_OF_FUNDS})

    last = ADMITTING.judge(Readiness(DAY, BaseState.OPEN, two), on=DAY).findings[-1]

    assert last.outcome is Outcome.WARNING
    assert "人员配置" in last.reason.zh


def test_a_rule_document_is_in_force_from_its_day():
    documents = {BaseRuleSystem.ADMISSION: [date(2026, 5, 7)], BaseRuleSystem.STAFFING: [DAY]}

    assert in_force(documents, DAY) == {BaseRuleSystem.STAFFING}
    assert in_force(documents, date(2026, 5, 7)) == set(documents)


@pytest.mark.parametrize(
    ("amount", "passes"),
    [
        pytest.param(40_00, True, id="to the last fen"),
        pytest.param(40_01, False, id="one fen over"),
    ],
)
def test_a_line_is_spent_to_the_last_fen_and_no_further(amount, passes):
    spending = Spending(Money(100_00), Money(60_00), Money(amount))

    assert SPENDING.judge(spending, on=DAY).passed is passes


def test_a_line_without_appropriation_bears_nothing():
    empty = Spending(Money(0), Money(0), Money(1))

    assert not SPENDING.judge(empty, on=DAY).passed
