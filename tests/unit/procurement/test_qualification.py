"""Who is qualified, at the edge of each clause."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.procurement.policy.codelists import Grade
from services.procurement.reviews.rules import CONTINUATION, QUALIFICATION, Bidder, Checked, Field
from services.procurement.suppliers.lifecycle import ConsequenceKind
from services.procurement.suppliers.rules import Entry, Record
from shared.money import Money
from shared.policy import Outcome, Verdict

DAY = date(2027, 3, 30)
BAN = Entry(ConsequenceKind.PURCHASE_BAN, date(2027, 1, 1), date(2027, 12, 31), "event-1")
GOOD = Entry(ConsequenceKind.RENEWAL_GROUND, date(2026, 11, 1), None, "event-2")

VALID = Bidder(
    governed_by=date(2027, 3, 2),
    on=DAY,
    known=True,
    registered=True,
    suspended=False,
    category="community_service",
    legal_proof=None,
    grade=None,
    required_grade=None,
    credit_query="查询单1",
    credit_clean=True,
    taxes_proof="完税证明",
    conditions=[Checked("项目负责人持证", True, "证书")],
    unchecked=[],
    price=Money(95_000_00),
    budget=Money(100_000_00),
    personnel=Money(57_000_00),
    record=Record(DAY, []),
)


def judged(**changes: Any) -> Verdict:
    return QUALIFICATION.judge(replace(VALID, **changes), on=DAY)


@pytest.mark.parametrize(
    ("changes", "clauses"),
    [
        pytest.param({}, [], id="everything in order"),
        pytest.param({"registered": False}, ["22"], id="not registered"),
        pytest.param({"suspended": True}, ["22"], id="suspended"),
        pytest.param({"known": False}, ["22"], id="unknown and unproved"),
        pytest.param({"known": False, "legal_proof": "营业执照"}, [], id="unknown and proved"),
        pytest.param({"category": "other"}, [], id="another kind may bid"),
        pytest.param({"taxes_proof": None}, ["22(4)"], id="no proof of taxes"),
        pytest.param({"credit_query": None}, ["22(5)"], id="no credit query"),
        pytest.param({"credit_clean": False}, ["22(5)"], id="a grave record"),
        pytest.param({"unchecked": ["项目负责人持证"]}, ["6.1(8)"], id="a condition unchecked"),
        pytest.param(
            {"conditions": [Checked("项目负责人持证", False, "无")]}, ["6.1(8)"], id="not met"
        ),
        pytest.param({"required_grade": Grade.A3}, ["5.2(6)"], id="ungraded where 3A is asked"),
        pytest.param(
            {"required_grade": Grade.A3, "grade": Grade.A2}, ["5.2(6)"], id="2A where 3A is asked"
        ),
        pytest.param(
            {"required_grade": Grade.A3, "grade": Grade.A3}, [], id="3A where 3A is asked"
        ),
        pytest.param(
            {"price": Money(100_000_00), "personnel": Money(60_000_00)}, [], id="at the budget"
        ),
        pytest.param(
            {"price": Money(100_000_01), "personnel": Money(70_000_00)}, ["36(3)"], id="a fen above"
        ),
        pytest.param({"personnel": Money(56_999_99)}, ["3.2(9)"], id="a fen short of 60 %"),
        pytest.param({"record": Record(DAY, [BAN])}, ["6.1(9)"], id="barred"),
        pytest.param(
            {"record": Record(date(2026, 12, 31), [BAN])}, [], id="the day before the ban"
        ),
        pytest.param({"record": Record(date(2028, 1, 1), [BAN])}, [], id="the day after the ban"),
    ],
)
def test_a_bidder_is_refused_for_exactly_what_is_wrong(changes, clauses):
    assert [finding.clause.number for finding in judged(**changes).breaches] == clauses


def test_a_ban_names_the_event_it_follows_from():
    (breach,) = judged(record=Record(DAY, [BAN])).breaches

    assert breach.figures["cause"] == "event-1"
    assert "2027-01-01" in breach.reason.zh


def test_good_results_show_as_a_ground():
    (finding,) = [
        f for f in judged(record=Record(DAY, [GOOD])).findings if f.rule == "brings_good_results"
    ]

    assert finding.outcome is Outcome.MET
    assert finding.figures["causes"] == "event-2"


def test_an_industry_body_may_bid():
    outcomes = {f.clause.number: f.outcome for f in judged(category="industry_body").findings}

    assert outcomes["3.4(1)"] is Outcome.MET
    assert outcomes["6.1(1)"] is Outcome.NOT_APPLICABLE


def test_another_kind_of_supplier_is_told_apart_but_not_refused():
    (finding,) = [f for f in judged(category=None).findings if f.clause.number == "6.1(1)"]

    assert finding.outcome is Outcome.WARNING


@pytest.mark.parametrize(("qualified", "passed"), [(2, False), (3, True)])
def test_two_qualified_bidders_are_too_few(qualified, passed):
    verdict = CONTINUATION.judge(Field(qualified, 4, 3), on=DAY)

    assert verdict.passed is passed
