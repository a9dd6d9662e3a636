"""How a project is scored: exact decimals, satisfaction from counts, the result by dated lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from services.evaluation.policy.clauses import (
    COUNTS_NOT_NAMES,
    PROJECT_EVALUATED,
    PROJECT_SCORE,
)
from services.evaluation.policy.figures import PROJECT_LINES, PROJECT_MARKS
from shared.policy import Answer, Rulebook, breached, met, rule, warned
from shared.words import Text

CENT = Decimal("0.01")


class Stage(StrEnum):
    """中期, 末期."""

    MID = "mid"
    FINAL = "final"


class Measure(StrEnum):
    """How the marks of an item come about: judged by the evaluator, or worked out of the survey."""

    JUDGED = "judged"
    SATISFACTION = "satisfaction"


class Result(StrEnum):
    """优秀, 良好, 基本合格, 不合格."""

    EXCELLENT = "excellent"
    GOOD = "good"
    BASIC = "basic"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the project's score sheet."""

    code: str
    title: str
    marks: Decimal
    measure: Measure = Measure.JUDGED


@dataclass(frozen=True, slots=True)
class Survey:
    """What clients said (服务对象满意度), in numbers of people only."""

    asked: int
    very_satisfied: int
    satisfied: int
    neutral: int
    dissatisfied: int

    @property
    def answered(self) -> int:
        return self.very_satisfied + self.satisfied + self.neutral + self.dissatisfied

    @property
    def content(self) -> int:
        return self.very_satisfied + self.satisfied


@dataclass(frozen=True, slots=True)
class Sheet:
    """The items that a project will be scored by; `on` is the day its contract was signed."""

    on: date
    items: Sequence[Item]


@rule(PROJECT_SCORE)
def items_add_up_to_full_marks(sheet: Sheet) -> Answer:
    total = sum((item.marks for item in sheet.items), Decimal(0))
    required = PROJECT_MARKS.on(sheet.on)
    if total != required:
        return breached(
            Text(
                zh="总分 {total} 分，应为 {required} 分", en="{total} marks in all, not {required}"
            ),
            total=total,
            required=required,
        )
    return met(Text(zh="总分 {total} 分", en="{total} marks in all"), total=total)


@rule(PROJECT_SCORE)
def item_codes_are_unique(sheet: Sheet) -> Answer:
    codes = [item.code for item in sheet.items]
    if len(set(codes)) != len(codes):
        return breached(Text(zh="评分项代码重复", en="a code is used twice"))
    return met(Text(zh="共 {count} 项", en="{count} items"), count=len(codes))


@rule(PROJECT_EVALUATED)
def clients_are_heard(sheet: Sheet) -> Answer:
    satisfaction = [item for item in sheet.items if item.measure is Measure.SATISFACTION]
    if len(satisfaction) != 1:
        return breached(
            Text(
                zh="须有且仅有一项按满意度计分",
                en="one item, and only one, is scored by satisfaction",
            )
        )
    return met(
        Text(zh="满意度占 {marks} 分", en="satisfaction carries {marks} marks"),
        marks=satisfaction[0].marks,
    )


SHEET = Rulebook(
    "setting a project's score sheet",
    [items_add_up_to_full_marks, item_codes_are_unique, clients_are_heard],
)


@dataclass(frozen=True, slots=True)
class Scoring:
    """What must be known to score a project; `judged` are the evaluator's marks by item."""

    on: date
    service_ends_on: date
    stage: Stage
    items: Sequence[Item]
    judged: Mapping[str, Decimal]
    survey: Survey


@rule(PROJECT_SCORE)
def every_judged_item_is_scored(case: Scoring) -> Answer:
    expected = {item.code for item in case.items if item.measure is Measure.JUDGED}
    missing, unknown = sorted(expected - set(case.judged)), sorted(set(case.judged) - expected)
    if missing or unknown:
        return breached(
            Text(
                zh="未评分：{missing}；不应评分：{unknown}",
                en="not scored: {missing}; not to be scored: {unknown}",
            ),
            missing=", ".join(missing) or "-",
            unknown=", ".join(unknown) or "-",
        )
    return met(Text(zh="各项均已评分", en="every item is scored"))


@rule(PROJECT_SCORE)
def within_the_marks_of_each_item(case: Scoring) -> Answer:
    wrong = [
        item.code
        for item in case.items
        if item.code in case.judged and not 0 <= case.judged[item.code] <= item.marks
    ]
    if wrong:
        return breached(
            Text(zh="得分超出分值范围：{codes}", en="beyond the marks of the item: {codes}"),
            codes=", ".join(wrong),
        )
    return met(Text(zh="得分均在分值之内", en="every mark lies within its item"))


@rule(COUNTS_NOT_NAMES)
def the_survey_adds_up(case: Scoring) -> Answer:
    survey = case.survey
    if survey.answered == 0 or survey.answered > survey.asked:
        return breached(
            Text(
                zh="发放 {asked} 份，收回 {answered} 份，不能计分",
                en="{asked} asked, {answered} answered: nothing to score by",
            ),
            asked=survey.asked,
            answered=survey.answered,
        )
    return met(
        Text(zh="发放 {asked} 份，收回 {answered} 份", en="{asked} asked, {answered} answered"),
        asked=survey.asked,
        answered=survey.answered,
    )


@rule(PROJECT_EVALUATED)
def the_service_is_over_at_the_end(case: Scoring) -> Answer:
    if case.stage is Stage.FINAL and case.on < case.service_ends_on:
        return warned(
            Text(
                zh="服务期至 {until}，末期评价提前进行",
                en="the service runs to {until}; the final evaluation comes early",
            ),
            until=case.service_ends_on,
        )
    return met(Text(zh="评价时点相符", en="evaluated in its time"))


SCORING = Rulebook(
    "scoring a project",
    [
        every_judged_item_is_scored,
        within_the_marks_of_each_item,
        the_survey_adds_up,
        the_service_is_over_at_the_end,
    ],
)


def satisfaction_marks(survey: Survey, full: Decimal) -> Decimal:
    """The share of those who answered that is satisfied, of the full marks, to the hundredth."""
    return (full * survey.content / survey.answered).quantize(CENT, ROUND_HALF_UP)


def total_score(case: Scoring) -> Decimal:
    """The marks of every item together, to the hundredth. The case has been judged to be whole."""
    satisfaction = sum(
        satisfaction_marks(case.survey, item.marks)
        for item in case.items
        if item.measure is Measure.SATISFACTION
    )
    return (sum(case.judged.values(), Decimal(0)) + satisfaction).quantize(CENT)


def result_of(score: Decimal, *, on: date) -> Result:
    """The result by the lines in force: each from its lower end up to the next, that one excluded."""
    lines = PROJECT_LINES.on(on)
    reached = [(least, name) for name, least in lines.items() if score >= least]
    return Result(max(reached)[1])
