from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from services.evaluation.assessments.lifecycle import AssessmentState
from services.evaluation.assessments.rules import Penalty
from services.evaluation.marks import Grade
from services.evaluation.wire import Code, Marks
from shared.http import Line, Prose, Schema, View


class Column(StrEnum):
    """Who filled the column of the score sheet; a re-check stands before the first scores."""

    SELF = "self"
    EXPERT = "expert"
    RECHECK = "recheck"


class Choice(StrEnum):
    """赞成, 反对, 弃权, 回避."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"
    STAND_ASIDE = "stand_aside"


class AssessmentDraft(Schema):
    """An agency asks to be rated under a published scheme."""

    scheme_id: UUID


class LeafScore(Schema):
    """The marks of one leaf, with what they rest on."""

    leaf: Code
    marks: Marks
    evidence: Line


class SelfSheet(Schema):
    """The agency's own scores, one for every leaf."""

    scores: list[LeafScore] = Field(min_length=1, max_length=500)


class GateFinding(Schema):
    """Whether the agency meets a gate of the scheme."""

    gate: Code
    met: bool
    evidence: Line


class ExpertSheet(Schema):
    """What the expert group found on its visit."""

    visited_on: date
    scores: list[LeafScore] = Field(min_length=1, max_length=500)
    gates: list[GateFinding] = Field(default_factory=list, max_length=20)
    opinion: Prose


class CreditRecord(Schema):
    """What the officer found in the public credit record."""

    checked_on: date
    source: Line
    penalty: Penalty
    penalty_unfinished: bool
    under_investigation: bool


class EvaluatorAssigned(Schema):
    """The body that evaluates."""

    evaluator_id: UUID


class BallotCalled(Schema):
    """The committee that votes."""

    committee_id: UUID


class VoteDraft(Schema):
    """A member's signed vote on the proposed grade."""

    choice: Choice
    reason: Line | None = None


class ObjectionDraft(Schema):
    """What is held against the result."""

    grounds: Prose


class ObjectionAnswer(Schema):
    """An objection that is upheld leads to a re-check."""

    upheld: bool
    answer: Prose


class AssessmentView(View):
    id: UUID
    version: int
    state: AssessmentState
    scheme_id: UUID
    credit_code: str
    agency_name: str
    applied_on: date
    evaluator_id: UUID | None
    marks: Marks | None
    proposed_grade: Grade | None
    committee_id: UUID | None
    grade: Grade | None
    decided_on: date | None
    noticed_on: date | None
    notice_ends_on: date | None
    announced_on: date | None
    grade_id: UUID | None
    created_at: datetime


class LeafScoreView(View):
    leaf: str
    marks: Marks
    evidence: str


class GateFindingView(View):
    gate: str
    met: bool
    evidence: str


class SheetView(View):
    """One column of the score sheet."""

    column: Column
    filled_on: date
    total: Marks
    visited_on: date | None = None
    scores: Sequence[LeafScoreView]
    gates: Sequence[GateFindingView] = ()
    opinion: str | None = None


class SheetsView(View):
    """The score sheet, column by column."""

    sheets: Sequence[SheetView]


class VoteView(View):
    name: str
    choice: Choice
    reason: str | None
    cast_at: datetime


class BallotView(View):
    """A signed ballot: who said what, and what it comes to."""

    round: int
    proposed_grade: Grade | None
    members: int
    present: int
    in_favour: int
    votes: Sequence[VoteView]


class ObjectionView(View):
    id: UUID
    grounds: str
    raised_on: date
    decide_by: date
    upheld: bool | None
    answer: str | None
    answered_on: date | None


class ObjectionsView(View):
    items: Sequence[ObjectionView]
