"""When a contract may be signed, an instalment applied for, and money paid out."""

from datetime import date
from typing import Any

import pytest

from services.procurement.contracts.rules import (
    APPLYING,
    RELEASING,
    SIGNING,
    Agreement,
    Application,
    Milestone,
    Release,
)
from services.procurement.policy.codelists import Stage
from shared.money import ZERO, Money
from shared.policy import Outcome

DAY = date(2026, 4, 20)
HALF = Money(50_000_00)
PLAN = [
    Milestone(date(2026, 11, 1), HALF, Stage.MID),
    Milestone(date(2027, 5, 15), HALF, Stage.FINAL),
]


def agreement(**changes: Any) -> Agreement:
    facts: dict[str, Any] = {
        "governed_by": date(2026, 3, 2),
        "today": DAY,
        "price": Money(100_000_00),
        "personnel": Money(60_000_00),
        "milestones": PLAN,
        "starts": date(2026, 5, 1),
        "ends": date(2027, 4, 30),
        "tendered_start": date(2026, 5, 1),
        "tendered_end": date(2027, 4, 30),
        "due": date(2026, 5, 10),
        "late_reason": None,
    }
    return Agreement(**{**facts, **changes})


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        pytest.param({}, [], id="as tendered and bid"),
        pytest.param({"price": Money(99_999_99)}, ["46"], id="a fen beside the bid"),
        pytest.param(
            {"milestones": [*PLAN, Milestone(DAY, ZERO, None)]}, ["46"], id="a milestone of nothing"
        ),
        pytest.param({"personnel": Money(59_999_99)}, ["3.2(9)"], id="a fen short of 60 %"),
        pytest.param({"today": date(2026, 5, 10)}, [], id="on the last day"),
        pytest.param({"today": date(2026, 5, 11)}, ["46"], id="a day late"),
        pytest.param(
            {"today": date(2026, 5, 11), "late_reason": "质疑暂停"}, [], id="late with a reason"
        ),
        pytest.param({"due": None}, ["46"], id="nothing announced"),
        pytest.param({"ends": date(2027, 5, 1)}, ["P-29"], id="a day longer than tendered"),
        pytest.param(
            {"starts": date(2026, 5, 11), "ends": date(2027, 5, 10)}, [], id="later, as long"
        ),
        pytest.param({"starts": date(2026, 4, 30)}, ["P-29"], id="begins before the term"),
    ],
)
def test_a_contract_is_what_was_tendered_and_bid(changes, refused):
    verdict = SIGNING.judge(agreement(**changes), on=DAY)

    assert [finding.clause.number for finding in verdict.breaches] == refused


def test_a_contract_whose_money_waits_for_no_result_is_told():
    verdict = SIGNING.judge(agreement(milestones=[Milestone(DAY, Money(100_000_00), None)]), on=DAY)

    (finding,) = [f for f in verdict.findings if f.rule == "payment_follows_results"]
    assert finding.outcome is Outcome.WARNING


@pytest.mark.parametrize(
    ("today", "in_force", "passed"),
    [
        pytest.param(date(2026, 10, 31), True, False, id="a day early"),
        pytest.param(date(2026, 11, 1), True, True, id="on the day"),
        pytest.param(date(2026, 11, 1), False, False, id="the contract has ended"),
    ],
)
def test_an_instalment_is_applied_for_when_it_is_due(today, in_force, passed):
    facts = Application(today, date(2026, 11, 1), in_force)

    assert APPLYING.judge(facts, on=today).passed is passed


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        pytest.param({}, [], id="by finance"),
        pytest.param({"releases": "agency-1"}, ["6.1(9)"], id="by who applied"),
        pytest.param({"releases_for": "A"}, ["6.1(9)"], id="by the supplier's own people"),
        pytest.param({"paid": HALF}, ["6.1(9)"], id="paid already"),
        pytest.param({"stage": None, "cause": None}, [], id="an instalment that waits for nothing"),
    ],
)
def test_money_is_paid_out_once_and_by_another(changes, refused):
    facts: dict[str, Any] = {
        "releases": "finance-1",
        "releases_for": None,
        "applied": "agency-1",
        "supplier": "A",
        "stage": Stage.MID,
        "cleared": HALF,
        "paid": ZERO,
        "cause": "event-1",
    }
    verdict = RELEASING.judge(Release(**{**facts, **changes}), on=DAY)

    assert [finding.clause.number for finding in verdict.breaches] == refused
