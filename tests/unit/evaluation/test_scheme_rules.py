"""When a scheme may be published, and what grade marks come to."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.marks import Gate, Grade, Line, capped, grade_by_marks, parse_marks
from services.evaluation.schemes.rules import (
    MUST_COVER,
    PUBLICATION,
    Capacity,
    Content,
    Design,
    Indicator,
)

DAY = date(2025, 10, 9)
LINES = [
    Line(Grade.FIVE_A, Decimal(900)),
    Line(Grade.FOUR_A, Decimal(800)),
    Line(Grade.THREE_A, Decimal(700)),
    Line(Grade.TWO_A, Decimal(600)),
]


def leaf(code: str, marks: Decimal, **changed) -> Indicator:
    return Indicator(code, f"指标{code}", marks, scoring="逐项评分", evidence="档案", **changed)


def branch(code: str, content: Content, marks: Decimal = Decimal(250), **changed) -> Indicator:
    last = leaf(f"{code}.1.1.1", marks, **changed)
    third = Indicator(f"{code}.1.1", "三级", marks, (last,))
    second = Indicator(f"{code}.1", "二级", marks, (third,))
    return Indicator(code, "一级", marks, (second,), content=content)


def design(**changed) -> Design:
    tree = [branch(str(n), content) for n, content in enumerate(MUST_COVER, start=1)]
    return replace(Design(DAY, tree, LINES), **changed)


def breaches(found: Design) -> list[str]:
    return [finding.rule for finding in PUBLICATION.judge(found, on=DAY).breaches]


def test_a_whole_scheme_may_be_published():
    assert breaches(design()) == []


@pytest.mark.parametrize(
    ("marks", "refused"),
    [
        pytest.param(Decimal("250"), [], id="a thousand"),
        pytest.param(Decimal("249.99"), ["adds_up_to_full_marks"], id="a hundredth short"),
        pytest.param(Decimal("250.01"), ["adds_up_to_full_marks"], id="a hundredth over"),
    ],
)
def test_a_scheme_has_a_thousand_marks(marks, refused):
    tree = [branch("1", MUST_COVER[0], marks), *design().tree[1:]]

    assert breaches(design(tree=tree)) == refused


def test_marks_below_add_up_to_those_above():
    first, *others = design().tree
    wrong = replace(first.children[0], marks=Decimal(249))

    assert breaches(design(tree=[replace(first, children=(wrong,)), *others])) == [
        "every_branch_adds_up"
    ]


def test_a_leaf_stands_on_the_fourth_level():
    first, *others = design().tree
    shallow = replace(first, children=(leaf("1.1", Decimal(250)),))

    assert breaches(design(tree=[shallow, *others])) == ["leaves_on_the_last_level"]


def test_no_code_is_used_twice():
    first, second, *others = design().tree
    same = branch("1", second.content or Content.GOVERNANCE)

    assert breaches(design(tree=[first, same, *others])) == ["codes_are_unique"]


def test_a_leaf_says_how_it_is_scored_and_on_what():
    first, *others = design().tree
    third = first.children[0].children[0]
    mute = replace(third, children=(replace(third.children[0], evidence=None),))
    second = replace(first.children[0], children=(mute,))

    assert breaches(design(tree=[replace(first, children=(second,)), *others])) == [
        "every_leaf_says_how_it_is_scored"
    ]


def test_the_four_contents_are_covered():
    first, second, third, _ = design().tree
    party = branch("4", Content.PARTY_BUILDING)

    assert breaches(design(tree=[first, second, third, party])) == ["covers_what_is_rated"]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([], id="none"),
        pytest.param([LINES[0], Line(Grade.FOUR_A, Decimal(900))], id="two grades from one mark"),
        pytest.param([LINES[1], Line(Grade.FIVE_A, Decimal(799))], id="a higher grade from less"),
        pytest.param([*LINES, Line(Grade.TWO_A, Decimal(500))], id="one grade twice"),
        pytest.param([Line(Grade.FIVE_A, Decimal("1000.01"))], id="beyond the full marks"),
    ],
)
def test_lines_that_leave_doubt_are_refused(lines):
    assert breaches(design(lines=lines)) == ["lines_fall_with_the_grade"]


def test_a_capacity_that_no_leaf_scores_is_only_a_warning():
    verdict = PUBLICATION.judge(design(), on=DAY)
    tree = [
        branch(str(n), content, capacity=capacity)
        for n, (content, capacity) in enumerate(zip(MUST_COVER, Capacity, strict=False), start=1)
    ]

    assert verdict.passed
    assert str(verdict.findings[-1].outcome) == "warning"
    last = PUBLICATION.judge(design(tree=tree), on=DAY).findings[-1]
    assert last.figures["missing"] == "management"


@pytest.mark.parametrize(
    ("marks", "grade"),
    [
        pytest.param("1000", Grade.FIVE_A, id="full marks"),
        pytest.param("900", Grade.FIVE_A, id="on the line"),
        pytest.param("899.99", Grade.FOUR_A, id="a hundredth below"),
        pytest.param("700", Grade.THREE_A, id="on 3A"),
        pytest.param("699.99", Grade.TWO_A, id="just 2A"),
        pytest.param("599.99", None, id="below the lowest line"),
    ],
)
def test_a_line_belongs_to_the_grade_above_it(marks, grade):
    assert grade_by_marks(Decimal(marks), LINES) == grade


@given(st.integers(0, 100_000))
def test_every_mark_falls_into_one_grade_at_most(hundredths):
    marks = Decimal(hundredths) / 100
    bounds = [Decimal(1001), *(line.least for line in LINES)]
    within = [
        line.grade
        for line, upper in zip(LINES, bounds, strict=False)
        if line.least <= marks < upper
    ]

    assert within == ([grade_by_marks(marks, LINES)] if marks >= 600 else [])


def test_the_lowest_missed_gate_caps_the_grade():
    party = Gate("party", "党组织", Grade.FOUR_A)
    report = Gate("report", "年报", Grade.TWO_A)

    assert capped(Grade.FIVE_A, [party]) == Grade.FOUR_A
    assert capped(Grade.FIVE_A, [party, report]) == Grade.TWO_A
    assert capped(Grade.ONE_A, [party]) == Grade.ONE_A
    assert capped(None, [party]) is None


@pytest.mark.parametrize("text", ["1e3", "-1", "0.001", "", "１", "NaN", "10000", "01", " 1"])
def test_marks_are_written_in_one_way(text):
    with pytest.raises(ValueError, match="two decimal places"):
        parse_marks(text)
