"""How a project is scored, to the hundredth."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.performance.rules import (
    SCORING,
    SHEET,
    Item,
    Measure,
    Scoring,
    Sheet,
    Stage,
    Survey,
    result_of,
    satisfaction_marks,
    total_score,
)
from shared.policy import Outcome

DAY = date(2026, 9, 1)
ITEMS = (
    Item("delivery", "服务完成", Decimal(50)),
    Item("quality", "专业质量", Decimal(30)),
    Item("satisfaction", "满意度", Decimal(20), Measure.SATISFACTION),
)


def scoring(**changed) -> Scoring:
    usual = Scoring(
        on=DAY,
        service_ends_on=date(2026, 12, 31),
        stage=Stage.MID,
        items=ITEMS,
        judged={"delivery": Decimal(45), "quality": Decimal("26.5")},
        survey=Survey(60, 20, 20, 5, 5),
    )
    return replace(usual, **changed)


def breaches(case: Scoring) -> list[str]:
    return [finding.rule for finding in SCORING.judge(case, on=DAY).breaches]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        pytest.param(ITEMS, [], id="a hundred"),
        pytest.param(
            (replace(ITEMS[0], marks=Decimal("50.01")), *ITEMS[1:]),
            ["items_add_up_to_full_marks"],
            id="a hundredth over",
        ),
        pytest.param(
            (ITEMS[0], replace(ITEMS[1], code="delivery"), ITEMS[2]),
            ["item_codes_are_unique"],
            id="a code twice",
        ),
        pytest.param(
            (replace(ITEMS[0], marks=Decimal(70)), ITEMS[1]),
            ["clients_are_heard"],
            id="nobody asks the clients",
        ),
        pytest.param(
            (replace(ITEMS[0], measure=Measure.SATISFACTION), *ITEMS[1:]),
            ["clients_are_heard"],
            id="satisfaction twice",
        ),
    ],
)
def test_a_projects_sheet_has_a_hundred_marks_and_hears_the_clients(items, expected):
    verdict = SHEET.judge(Sheet(DAY, items), on=DAY)

    assert [finding.rule for finding in verdict.breaches] == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({}, [], id="whole"),
        pytest.param(
            {"judged": {"delivery": Decimal(45)}}, ["every_judged_item_is_scored"], id="one missing"
        ),
        pytest.param(
            {
                "judged": {
                    "delivery": Decimal(1),
                    "quality": Decimal(1),
                    "satisfaction": Decimal(20),
                }
            },
            ["every_judged_item_is_scored"],
            id="satisfaction is not for the evaluator to judge",
        ),
        pytest.param(
            {"judged": {"delivery": Decimal("50.01"), "quality": Decimal(0)}},
            ["within_the_marks_of_each_item"],
            id="a hundredth over",
        ),
        pytest.param({"survey": Survey(60, 0, 0, 0, 0)}, ["the_survey_adds_up"], id="no answer"),
        pytest.param({"survey": Survey(4, 2, 2, 1, 0)}, ["the_survey_adds_up"], id="one too many"),
        pytest.param({"survey": Survey(5, 2, 2, 1, 0)}, [], id="everybody answered"),
    ],
)
def test_a_score_needs_every_item_and_a_survey_that_adds_up(changed, expected):
    assert breaches(scoring(**changed)) == expected


def test_an_early_final_evaluation_is_a_warning():
    verdict = SCORING.judge(scoring(stage=Stage.FINAL), on=DAY)

    assert verdict.passed
    assert verdict.findings[-1].outcome is Outcome.WARNING


@pytest.mark.parametrize(
    ("survey", "marks"),
    [
        pytest.param(Survey(3, 1, 0, 1, 1), "6.67", id="a third, rounded half up"),
        pytest.param(Survey(3, 1, 1, 1, 0), "13.33", id="two thirds"),
        pytest.param(Survey(16, 1, 0, 15, 0), "1.25", id="a sixteenth, exact"),
        pytest.param(Survey(1, 0, 0, 0, 1), "0.00", id="nobody"),
    ],
)
def test_satisfaction_is_the_share_of_those_who_answered(survey, marks):
    assert satisfaction_marks(survey, Decimal(20)) == Decimal(marks)


def test_the_score_is_the_sum_to_the_hundredth():
    assert str(total_score(scoring())) == "87.50"


counts = st.integers(0, 500)


@given(counts, counts, counts, counts, st.integers(0, 5000), st.integers(0, 3000))
def test_a_score_lies_between_nothing_and_a_hundred(a, b, c, d, delivery, quality):
    case = scoring(
        survey=Survey(a + b + c + d, a, b, c, d),
        judged={"delivery": Decimal(delivery) / 100, "quality": Decimal(quality) / 100},
    )

    if not breaches(case):
        assert 0 <= total_score(case) <= 100


@pytest.mark.parametrize(
    ("score", "result"),
    [
        ("100", "excellent"),
        ("90.00", "excellent"),
        ("89.99", "good"),
        ("80.00", "good"),
        ("79.99", "basic"),
        ("60.00", "basic"),
        ("59.99", "failed"),
        ("0", "failed"),
    ],
)
def test_a_result_is_read_off_half_open_lines(score, result):
    assert result_of(Decimal(score), on=DAY) == result
