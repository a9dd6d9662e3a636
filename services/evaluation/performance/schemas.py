from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from services.evaluation.performance.lifecycle import PerformanceState
from services.evaluation.performance.rules import Measure, Result, Stage
from services.evaluation.wire import Code, Marks
from shared.http import Line, MoneyText, Prose, Schema, View


class ItemDraft(Schema):
    """One item of the project's score sheet; one, and only one, is scored by satisfaction."""

    code: Code
    title: Line
    marks: Marks
    measure: Measure = Measure.JUDGED


class AssignmentDraft(Schema):
    """Who evaluates the project, and by which items of 100 marks in all."""

    evaluator_id: UUID
    items: list[ItemDraft] = Field(min_length=2, max_length=60)


class SurveyDraft(Schema):
    """What clients said, as numbers of people; no names and no words of single clients."""

    held_from: date
    held_until: date
    asked: int = Field(ge=0, le=1_000_000)
    very_satisfied: int = Field(ge=0, le=1_000_000)
    satisfied: int = Field(ge=0, le=1_000_000)
    neutral: int = Field(ge=0, le=1_000_000)
    dissatisfied: int = Field(ge=0, le=1_000_000)


class ItemScore(Schema):
    """The marks of one judged item, with what they rest on."""

    item: Code
    marks: Marks
    evidence: Line


class ScoringDraft(Schema):
    """The evaluator's marks, the survey and the opinion."""

    scores: list[ItemScore] = Field(min_length=1, max_length=60)
    survey: SurveyDraft
    opinion: Prose


class ObjectionDraft(Schema):
    """What the agency holds against the score."""

    grounds: Prose


class ObjectionAnswer(Schema):
    """Upheld, the evaluator scores again."""

    upheld: bool
    answer: Prose


class ItemView(View):
    code: str
    title: str
    marks: Marks
    measure: Measure


class ItemScoreView(View):
    item: str
    marks: Marks
    evidence: str


class SurveyView(View):
    held_from: date
    held_until: date
    asked: int
    very_satisfied: int
    satisfied: int
    neutral: int
    dissatisfied: int


class ObjectionView(View):
    grounds: str
    raised_on: date
    upheld: bool | None
    answer: str | None
    answered_on: date | None


class PerformanceView(View):
    id: UUID
    version: int
    state: PerformanceState
    contract_id: UUID
    tender_id: UUID | None
    credit_code: str
    title: str
    amount: MoneyText
    currency: str = "CNY"
    starts_on: date
    ends_on: date
    stage: Stage
    due_on: date
    evaluator_id: UUID | None
    items: Sequence[ItemView]
    judged: Sequence[ItemScoreView]
    survey: SurveyView | None
    opinion: str | None
    score: Marks | None
    result: Result | None
    objection: ObjectionView | None
    concluded_on: date | None
    created_at: datetime
