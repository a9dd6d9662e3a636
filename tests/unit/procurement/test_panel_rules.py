"""Who may sit on a panel, and when it may begin."""

from datetime import date
from typing import Any

import pytest

from services.procurement.panels.rules import COMPOSITION, SEATING, Composition, Member, Sitting
from services.procurement.policy.codelists import Method
from shared.money import Money

DAY = date(2026, 3, 2)
TEN_MILLION = Money(10_000_000_00)


def panel(experts: int, others: int, **changes: Any) -> Composition:
    members = [
        *(Member(f"expert-{number}", True) for number in range(experts)),
        *(Member(f"buyer-{number}", False) for number in range(others)),
    ]
    facts: dict[str, Any] = {
        "governed_by": DAY,
        "method": Method.OPEN_TENDER,
        "budget": Money(500_000_00),
        "members": members,
        "draw_reference": "抽取单1",
        "draw_genuine": True,
        "buyers": frozenset({"purchaser-1"}),
        "custodians": frozenset({"custodian-1"}),
    }
    return Composition(**{**facts, **changes})


def clauses(facts: Composition) -> list[str]:
    return [finding.clause.number for finding in COMPOSITION.judge(facts, on=DAY).breaches]


@pytest.mark.parametrize(
    ("experts", "others", "changes", "refused"),
    [
        pytest.param(4, 1, {}, [], id="five, four experts"),
        pytest.param(3, 2, {}, ["47–49"], id="three of five is less than two thirds"),
        pytest.param(5, 0, {}, [], id="five experts"),
        pytest.param(3, 0, {}, ["47–49"], id="three are too few"),
        pytest.param(4, 2, {}, ["47–49"], id="six are even"),
        pytest.param(6, 3, {}, [], id="six of nine is exactly two thirds"),
        pytest.param(5, 0, {"budget": TEN_MILLION}, ["47–49"], id="five at ten million"),
        pytest.param(5, 2, {"budget": TEN_MILLION}, [], id="seven at ten million"),
        pytest.param(
            5, 0, {"budget": TEN_MILLION - Money(1)}, [], id="five at a fen below ten million"
        ),
        pytest.param(2, 1, {"method": Method.COMPETITIVE_NEGOTIATION}, [], id="three negotiate"),
        pytest.param(4, 1, {"draw_reference": None}, ["39"], id="not drawn"),
        pytest.param(4, 1, {"draw_genuine": False}, ["39"], id="a forged draw"),
        pytest.param(4, 1, {"draw_genuine": None}, [], id="no key to check the draw by"),
        pytest.param(4, 1, {"custodians": frozenset({"expert-0"})}, ["9"], id="a custodian sits"),
        pytest.param(4, 1, {"buyers": frozenset({"buyer-0"})}, ["9"], id="the buyer sits"),
    ],
)
def test_a_panel_is_odd_large_enough_and_mostly_experts(experts, others, changes, refused):
    assert clauses(panel(experts, others, **changes)) == refused


@pytest.mark.parametrize(
    ("undeclared", "recused", "qualified", "refused"),
    [
        pytest.param(0, 0, 3, [], id="all declared, three qualified"),
        pytest.param(1, 0, 3, ["9"], id="one has not declared"),
        pytest.param(0, 1, 3, ["9"], id="one must step aside"),
        pytest.param(0, 0, 0, ["36"], id="nobody is qualified yet"),
    ],
)
def test_a_panel_begins_when_nobody_has_an_interest(undeclared, recused, qualified, refused):
    verdict = SEATING.judge(Sitting(panel(4, 1), undeclared, recused, qualified), on=DAY)

    assert [finding.clause.number for finding in verdict.breaches] == refused
