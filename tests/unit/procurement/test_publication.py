"""Whether a tender may go public, at the edge of each clause."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.procurement.policy.codelists import Grade, Ground, Measure, Method
from services.procurement.tenders.rules import (
    PUBLICATION,
    Criterion,
    Publication,
    first_day_after,
    printed_priority,
)
from shared.money import Money
from shared.policy import Outcome, Verdict

DAY = date(2026, 3, 2)
VALID = Publication(
    method=Method.OPEN_TENDER,
    ground=None,
    ground_reason=None,
    approval=None,
    opens=DAY,
    closes=DAY + timedelta(days=20),
    earliest_close=None,
    needs=1,
    budget=Money(100_000_00),
    personnel=Money(60_000_00),
    conditions=[Criterion("certified-lead", "项目负责人持证", Measure.STAFFING)],
    factors=[
        Criterion("price", "报价", Measure.PRICE, 10),
        Criterion("plan", "服务方案", Measure.SERVICE_PLAN, 60),
        Criterion("results", "以往成效", Measure.CAPACITY_AND_RESULTS, 30),
    ],
    fixed_price=False,
    bond=None,
    starts=date(2026, 5, 1),
    ends=date(2027, 4, 30),
    stable=None,
    delegated=False,
    required_grade=None,
    grade_review=None,
    minimum_bids=3,
)


def judged(**changes: Any) -> Verdict:
    return PUBLICATION.judge(replace(VALID, **changes), on=DAY)


def refused(**changes: Any) -> list[str]:
    return [finding.clause.number for finding in judged(**changes).breaches]


def test_a_valid_tender_is_asked_every_rule_and_refused_by_none():
    verdict = judged()

    assert verdict.passed
    assert len(verdict.findings) == len(PUBLICATION.rules)


@pytest.mark.parametrize(
    ("personnel", "budget", "clauses"),
    [
        pytest.param(60_000_00, 100_000_00, [], id="exactly 60 %"),
        pytest.param(59_999_99, 100_000_00, ["3.2(9)"], id="one fen short"),
        pytest.param(59_990_00, 100_000_00, ["3.2(9)"], id="59.99 %"),
        pytest.param(100_000_00, 100_000_00, [], id="everything for the people"),
        pytest.param(3, 5, [], id="three of five fen"),
        pytest.param(0, 0, ["3.2(9)"], id="an empty budget proves nothing"),
    ],
)
def test_the_personnel_share_is_exact_to_the_fen(personnel, budget, clauses):
    assert refused(personnel=Money(personnel), budget=Money(budget)) == clauses


@given(personnel=st.integers(0, 10**12), rest=st.integers(0, 10**12))
def test_the_share_is_five_times_the_personnel_against_three_times_the_whole(personnel, rest):
    verdict = judged(personnel=Money(personnel), budget=Money(personnel + rest))

    enough = personnel + rest > 0 and 5 * personnel >= 3 * (personnel + rest)
    assert ("3.2(9)" not in [f.clause.number for f in verdict.breaches]) is enough


def test_a_short_share_is_never_shown_as_reached():
    found = judged(personnel=Money(59_999_999_99), budget=Money(100_000_000_00))

    (breach,) = found.breaches
    assert breach.figures["share"] == "59.99 %"
    assert breach.reason.en.endswith("60.00 % needed")


@pytest.mark.parametrize(
    ("days", "clauses"), [pytest.param(19, ["35"], id="19"), pytest.param(20, [], id="20")]
)
def test_an_open_tender_is_on_offer_for_twenty_days(days, clauses):
    assert refused(closes=DAY + timedelta(days=days)) == clauses


@pytest.mark.parametrize(("days", "clauses"), [(9, ["35"]), (10, [])])
def test_a_consultation_is_on_offer_for_ten_days(days, clauses):
    assert (
        refused(method=Method.COMPETITIVE_CONSULTATION, closes=DAY + timedelta(days=days))
        == clauses
    )


@pytest.mark.parametrize(
    ("closes", "earliest", "clauses"),
    [
        pytest.param(date(2026, 3, 5), date(2026, 3, 5), [], id="on the third working day"),
        pytest.param(date(2026, 3, 4), date(2026, 3, 5), ["35"], id="a working day early"),
        pytest.param(date(2026, 3, 31), None, ["35"], id="a calendar that is silent is no yes"),
    ],
)
def test_a_negotiation_counts_working_days_by_the_registrys_calendar(closes, earliest, clauses):
    assert (
        refused(
            method=Method.COMPETITIVE_NEGOTIATION,
            closes=closes,
            earliest_close=earliest,
            factors=[],
        )
        == clauses
    )


@pytest.mark.parametrize(
    ("method", "ground", "why", "clauses"),
    [
        pytest.param(Method.OPEN_TENDER, None, None, [], id="open tender needs no ground"),
        pytest.param(Method.COMPETITIVE_CONSULTATION, None, None, [], id="announced, so open"),
        pytest.param(Method.INVITED_TENDER, None, None, ["6.1(6)"], id="closed without ground"),
        pytest.param(
            Method.INVITED_TENDER, Ground.SPECIAL_NATURE, None, ["6.1(6)"], id="without a reason"
        ),
        pytest.param(
            Method.INVITED_TENDER, Ground.TECHNICAL_COMPLEXITY, "危机干预", [], id="with both"
        ),
    ],
)
def test_competition_is_open_unless_a_ground_is_recorded(method, ground, why, clauses):
    assert refused(method=method, ground=ground, ground_reason=why) == clauses


def test_a_refusal_names_method_and_ground_in_both_languages():
    (breach,) = judged(method=Method.INVITED_TENDER).breaches
    (finding,) = [
        finding
        for finding in judged(
            method=Method.INVITED_TENDER, ground=Ground.SPECIAL_NATURE, ground_reason="危机干预"
        ).findings
        if finding.clause.number == "6.1(6)"
    ]

    assert breach.reason.zh.startswith("邀请招标")
    assert breach.reason.en.startswith("invited tender")
    assert "性质特殊：危机干预" in finding.reason.zh


def test_a_tender_answers_a_need():
    assert refused(needs=0) == ["2.1(3)"]


@pytest.mark.parametrize(
    ("condition", "clauses"),
    [
        pytest.param(Criterion("plan", "另一件事", Measure.POSTS), ["55"], id="the same code"),
        pytest.param(
            Criterion("other", " 服务 方案", Measure.POSTS), ["55"], id="the same title, spaced"
        ),
        pytest.param(
            Criterion("other", "Ｐlan Ａ", Measure.POSTS), [], id="another title altogether"
        ),
    ],
)
def test_no_item_is_both_condition_and_factor(condition, clauses):
    assert refused(conditions=[condition]) == clauses


@pytest.mark.parametrize(
    "measure",
    [
        Measure.REGISTERED_CAPITAL,
        Measure.TOTAL_ASSETS,
        Measure.INCOME,
        Measure.STAFF_NUMBER,
        Measure.PROFIT,
        Measure.TAX_PAID,
    ],
)
def test_a_figure_of_scale_is_neither_condition_nor_factor(measure):
    as_condition = refused(conditions=[Criterion("scale", "规模", measure)])
    as_factor = refused(
        factors=[Criterion("scale", "规模", measure, 10), *VALID.factors[:1], *VALID.factors[2:]]
    )

    assert "17" in as_condition
    assert "17" in as_factor


def test_that_scale_is_no_criterion_is_marked_as_a_draft():
    (finding,) = [f for f in judged().findings if f.clause.number == "17"]

    assert [basis.draft for basis in finding.basis] == [True]


def test_an_award_of_one_region_is_no_criterion():
    assert refused(conditions=[Criterion("a", "本市奖项", Measure.REGIONAL_AWARD)]) == ["20"]


def test_the_criteria_look_at_what_the_policy_names():
    assert refused(
        conditions=[Criterion("l", "法人登记证书", Measure.LEGAL_STANDING)],
        factors=[
            Criterion("price", "报价", Measure.PRICE, 40),
            Criterion("plan", "服务方案", Measure.SERVICE_PLAN, 60),
        ],
    ) == ["6.1(8)"]


def weighed(price: int, plan: int) -> list[Criterion]:
    factors = [Criterion("plan", "服务方案", Measure.SERVICE_PLAN, plan)]
    return [Criterion("price", "报价", Measure.PRICE, price), *factors] if price else factors


@pytest.mark.parametrize(
    ("method", "price", "plan", "clauses"),
    [
        pytest.param(Method.OPEN_TENDER, 10, 90, [], id="ten"),
        pytest.param(Method.OPEN_TENDER, 9, 91, ["55（价格分值）"], id="nine"),
        pytest.param(Method.OPEN_TENDER, 0, 100, ["55（价格分值）"], id="no price"),
        pytest.param(Method.OPEN_TENDER, 10, 89, ["55（价格分值）"], id="ninety-nine in all"),
        pytest.param(Method.OPEN_TENDER, 90, 10, [], id="no upper bound in an open tender"),
        pytest.param(Method.COMPETITIVE_CONSULTATION, 30, 70, [], id="thirty in a consultation"),
        pytest.param(
            Method.COMPETITIVE_CONSULTATION, 31, 69, ["55（价格分值）"], id="31 in a consultation"
        ),
    ],
)
def test_the_price_weighs_what_it_must(method, price, plan, clauses):
    assert refused(method=method, factors=weighed(price, plan)) == clauses


def test_a_uniform_price_is_not_scored():
    assert refused(fixed_price=True) == ["55（价格分值）"]
    assert refused(fixed_price=True, factors=weighed(0, 100)) == []


def test_price_is_one_factor():
    twice = [
        Criterion("price", "报价", Measure.PRICE, 10),
        Criterion("again", "分项报价", Measure.PRICE, 10),
        Criterion("plan", "服务方案", Measure.SERVICE_PLAN, 80),
    ]
    assert refused(factors=twice) == ["55（价格分值）"]


@pytest.mark.parametrize(
    ("ends", "stable", "clauses"),
    [
        pytest.param(date(2027, 4, 30), None, [], id="a year to the day"),
        pytest.param(date(2027, 5, 1), None, ["P-29"], id="a year and a day"),
        pytest.param(date(2027, 5, 1), "内容固定", [], id="longer, and stable"),
        pytest.param(date(2029, 4, 30), "内容固定", [], id="three years to the day"),
        pytest.param(date(2029, 5, 1), "内容固定", ["P-29"], id="three years and a day"),
        pytest.param(date(2026, 4, 30), None, ["P-29"], id="ends before it starts"),
    ],
)
def test_a_contract_runs_one_year_or_three_when_stable(ends, stable, clauses):
    assert refused(ends=ends, stable=stable) == clauses


def test_years_are_counted_over_29_february():
    assert first_day_after(date(2028, 2, 29), 1) == date(2029, 3, 1)
    assert first_day_after(date(2028, 2, 29), 4) == date(2032, 2, 29)


@pytest.mark.parametrize(
    ("bond", "clauses"),
    [
        pytest.param(None, [], id="off by default"),
        pytest.param(2_000_00, [], id="2 %"),
        pytest.param(2_000_01, ["33"], id="a fen more"),
    ],
)
def test_a_bid_bond_is_two_percent_at_most(bond, clauses):
    assert refused(bond=None if bond is None else Money(bond)) == clauses


@pytest.mark.parametrize(
    ("delegated", "grade", "review", "clauses"),
    [
        pytest.param(False, None, None, [], id="no grade asked for"),
        pytest.param(False, Grade.A3, None, ["5.2(6)"], id="asked without a legal review"),
        pytest.param(False, Grade.A3, "法审〔2026〕3号", [], id="asked after a review"),
        pytest.param(True, None, None, ["5.2(6)"], id="delegated without a grade"),
        pytest.param(True, Grade.A3, None, [], id="delegated with a grade"),
    ],
)
def test_a_grade_is_stated_for_delegated_work_and_reviewed_otherwise(
    delegated, grade, review, clauses
):
    assert refused(delegated=delegated, required_grade=grade, grade_review=review) == clauses


@pytest.mark.parametrize(("minimum", "clauses"), [(2, ["36"]), (3, [])])
def test_an_open_tender_is_opened_with_three_bids_at_least(minimum, clauses):
    assert refused(minimum_bids=minimum) == clauses


def test_the_priority_is_printed_with_its_basis_and_adds_no_points():
    (finding,) = [f for f in judged().findings if f.clause.number == "6.1(7)"]

    assert finding.outcome is Outcome.MET
    assert "3A" in printed_priority(DAY).zh
    assert printed_priority(DAY).zh.endswith("不加分")


def test_a_refusal_lists_everything_that_is_wrong():
    assert refused(personnel=Money(1), closes=DAY + timedelta(days=1), needs=0, minimum_bids=1) == [
        "2.1(3)",
        "3.2(9)",
        "35",
        "36",
    ]
