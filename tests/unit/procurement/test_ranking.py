"""Scores in exact decimals, and a ranking that leaves nothing to chance."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.procurement.awards.rules import (
    DECISION,
    Decision,
    Offer,
    PriorityFacts,
    explain,
    has_priority,
    panel_average,
    price_score,
    rank,
    rounded,
)
from services.procurement.policy.codelists import Grade
from shared.money import Money
from shared.policy import Outcome

LAW = date(2026, 3, 2)
DEADLINE = date(2026, 3, 30)
NONE = PriorityFacts(DEADLINE, None, False)
FIRST = PriorityFacts(DEADLINE, Grade.A3, True)


def offer(code: str, price: int, *totals: str, priority: PriorityFacts = NONE) -> Offer:
    return Offer(code, Money(price), [Decimal(total) for total in totals], priority)


@pytest.mark.parametrize(
    ("base", "price", "points", "score"),
    [
        pytest.param(100_000_00, 100_000_00, 10, "10.00", id="the lowest gets all"),
        pytest.param(90_000_00, 100_000_00, 10, "9.00", id="nine tenths"),
        pytest.param(1, 3, 10, "3.33", id="rounded down below the half"),
        pytest.param(2, 3, 10, "6.67", id="rounded up above it"),
        pytest.param(1, 8, 1, "0.13", id="0.125 is rounded half up"),
        pytest.param(3, 8, 1, "0.38", id="0.375 as well"),
        pytest.param(1, 10**12, 100, "0.00", id="almost nothing"),
    ],
)
def test_the_price_score_is_base_over_price_by_points(base, price, points, score):
    assert price_score(Money(base), Money(price), points) == Decimal(score)
    assert str(price_score(Money(base), Money(price), points)) == score


def test_a_price_of_nothing_is_not_scored():
    with pytest.raises(ValueError, match="above zero"):
        price_score(Money(0), Money(0), 10)


prices = st.integers(1, 10**12)


@given(base=prices, more=st.integers(0, 10**12), points=st.integers(1, 100))
def test_a_price_score_is_bounded_and_within_half_a_hundredth_of_the_truth(base, more, points):
    score = price_score(Money(base), Money(base + more), points)

    assert 0 <= score <= points
    assert abs(Fraction(score) - Fraction(base * points, base + more)) <= Fraction(1, 200)


@given(base=prices, one=prices, other=prices, points=st.integers(1, 100))
def test_a_lower_price_never_scores_less(base, one, other, points):
    cheap, dear = sorted((base + one, base + other))

    scores = [price_score(Money(base), Money(price), points) for price in (cheap, dear)]
    assert scores[0] >= scores[1]


@given(st.lists(prices, min_size=1, max_size=8), st.integers(1, 100))
def test_the_lowest_price_gets_every_point_and_nobody_more(offered, points):
    base = Money(min(offered))

    scores = {price: price_score(base, Money(price), points) for price in offered}

    assert max(scores.values()) == scores[base.fen] == Decimal(points)
    assert sorted(offered, key=lambda price: (-scores[price], price)) == sorted(offered)


@given(st.lists(prices, min_size=1, max_size=6), st.integers(1, 100))
def test_with_equal_plans_bids_stand_in_the_order_of_their_prices(offered, points):
    offers = [offer(f"{n:018d}", price, "80.00") for n, price in enumerate(offered)]

    ranked = rank(offers, points, LAW)

    assert [place.scored.offer.price.fen for place in ranked] == sorted(offered)


def test_the_average_of_a_panel_is_never_rounded():
    assert panel_average([Decimal("80.00"), Decimal("80.00"), Decimal("80.01")]) == Fraction(
        24001, 300
    )
    assert rounded(Fraction(24001, 300)) == Decimal("80.00")


def test_a_third_of_a_hundredth_decides_though_both_look_alike():
    places = rank(
        [
            offer("A", 100, "80.00", "80.00", "80.00"),
            offer("B", 100, "80.00", "80.00", "80.01"),
        ],
        10,
        LAW,
    )

    assert [place.scored.offer.credit_code for place in places] == ["B", "A"]
    assert rounded(places[0].scored.total) == rounded(places[1].scored.total)
    assert places[1].number == 2


def test_equal_scores_are_parted_by_the_lower_price():
    # 10/9 of the price costs a point, and a point more from the panel gives it back.
    places = rank([offer("A", 100, "80.00"), offer("B", 90, "79.00")], 10, LAW)

    assert places[0].scored.total == places[1].scored.total
    assert [place.scored.offer.credit_code for place in places] == ["B", "A"]
    assert "more than" in _reason(places[1], "then_by_its_price")


def test_a_tie_in_score_and_price_is_resolved_by_the_printed_priority():
    places = rank(
        [
            offer("A", 100, "80.00", "70.00"),
            offer("B", 100, "70.00", "80.00", priority=FIRST),
            offer("C", 120, "60.00", "60.00", priority=FIRST),
        ],
        10,
        LAW,
    )

    assert [(p.number, p.scored.offer.credit_code) for p in places] == [
        (1, "B"),
        (2, "A"),
        (3, "C"),
    ]
    assert "goes before A" in _reason(places[0], "then_by_the_printed_priority")
    assert "no priority" in _reason(places[1], "then_by_the_printed_priority")
    assert "graded none" in _reason(places[1], "then_by_the_printed_priority")
    assert _outcome(places[2], "then_by_the_printed_priority") is Outcome.NOT_APPLICABLE


def test_priority_adds_nothing_where_the_scores_differ():
    places = rank([offer("A", 100, "80.00"), offer("B", 100, "79.99", priority=FIRST)], 10, LAW)

    assert [place.scored.offer.credit_code for place in places] == ["A", "B"]


def test_what_priority_cannot_part_stays_tied():
    places = rank(
        [offer("A", 100, "80.00", priority=FIRST), offer("B", 100, "80.00", priority=FIRST)],
        10,
        LAW,
    )

    assert [place.number for place in places] == [1, 1]
    assert [list(place.shares) for place in places] == [["B"], ["A"]]
    assert _outcome(places[0], "then_by_the_printed_priority") is Outcome.WARNING


@pytest.mark.parametrize(
    ("grade", "passed", "has"),
    [
        pytest.param(Grade.A3, True, True, id="3A and two passes"),
        pytest.param(Grade.A5, True, True, id="better than 3A"),
        pytest.param(Grade.A2, True, False, id="2A"),
        pytest.param(Grade.A3, False, False, id="one inspection short"),
        pytest.param(None, True, False, id="not graded"),
    ],
)
def test_priority_needs_both_grade_and_inspections(grade, passed, has):
    assert has_priority(PriorityFacts(DEADLINE, grade, passed), LAW) is has


def test_without_a_price_factor_the_price_still_parts_equals():
    places = rank([offer("A", 100, "80.00"), offer("B", 90, "80.00")], 0, LAW)

    assert [place.scored.offer.credit_code for place in places] == ["B", "A"]
    assert _outcome(places[0], "price_is_scored_by_the_formula") is Outcome.NOT_APPLICABLE


def test_nobody_is_ranked_when_nobody_is_left():
    assert rank([], 10, LAW) == []


points = st.integers(0, 9000).map(lambda n: Decimal(n).scaleb(-2))
fields = st.lists(
    st.tuples(
        st.integers(1, 5).map(lambda n: Money(n * 100_00)),
        st.lists(points, min_size=3, max_size=3),
        st.sampled_from([NONE, FIRST]),
    ),
    min_size=1,
    max_size=7,
).map(
    lambda rows: [
        Offer(f"S{number:02d}", price, totals, facts)
        for number, (price, totals, facts) in enumerate(rows)
    ]
)


@given(field=fields, shuffler=st.randoms(use_true_random=False))
def test_the_order_of_arrival_decides_nothing(field, shuffler):
    shuffled = list(field)
    shuffler.shuffle(shuffled)

    assert _standings(rank(field, 10, LAW)) == _standings(rank(shuffled, 10, LAW))


@given(field=fields)
def test_the_order_is_total_and_every_place_is_earned(field):
    places = rank(field, 10, LAW)

    assert len(places) == len(field)
    for better, worse in pairwise(places):
        assert better.scored.order <= worse.scored.order
        tied = better.scored.order == worse.scored.order
        assert (better.number == worse.number) is tied
    for place in places:
        assert place.number == 1 + sum(p.scored.order < place.scored.order for p in places)
        assert explain(place).passed


@pytest.mark.parametrize(
    ("changes", "clauses"),
    [
        pytest.param({}, [], id="by another, one first, in time"),
        pytest.param({"decides": "agent-1"}, ["9"], id="by who recommended"),
        pytest.param({"decides": "expert-1"}, ["9"], id="by a panellist"),
        pytest.param({"registers_agencies": True}, ["9"], id="by who registers agencies"),
        pytest.param({"first": ["A", "B"]}, ["57"], id="two share the first place"),
        pytest.param(
            {"first": ["A", "B"], "drawn": "B", "draw_reference": "抽签记录1"},
            [],
            id="and were drawn",
        ),
        pytest.param(
            {"first": ["A", "B"], "drawn": "C", "draw_reference": "抽签记录1"},
            ["57"],
            id="drawn: a third",
        ),
        pytest.param({"refused": ["A"], "first": ["B"]}, [], id="the next in order"),
        pytest.param({"refused": ["A"], "first": []}, ["49", "57"], id="nobody is left"),
        pytest.param({"today": date(2026, 4, 30)}, [], id="late is told, not refused"),
    ],
)
def test_an_award_is_confirmed_by_another_for_the_one_who_stands_first(changes, clauses):
    facts = {
        "decides": "purchaser-2",
        "recommended_by": "agent-1",
        "panel": frozenset({"expert-1"}),
        "registers_agencies": False,
        "first": ["A"],
        "drawn": None,
        "draw_reference": None,
        "due": date(2026, 4, 8),
        "today": date(2026, 4, 8),
    }
    verdict = DECISION.judge(Decision(**{**facts, **changes}), on=date(2026, 4, 8))

    assert [finding.clause.number for finding in verdict.breaches] == clauses


def _standings(places):
    return [(p.number, p.scored.offer.credit_code, tuple(sorted(p.shares))) for p in places]


def _finding(place, rule):
    (found,) = [finding for finding in explain(place).findings if finding.rule == rule]
    return found


def _reason(place, rule):
    return _finding(place, rule).reason.en


def _outcome(place, rule):
    return _finding(place, rule).outcome
