from datetime import date, datetime
from uuid import UUID

from services.evaluation.grades.lifecycle import GradeState
from services.evaluation.marks import Grade
from shared.http import Line, Schema, View


class Cancellation(Schema):
    """Why the grade is taken away."""

    reason: Line


class GradeView(View):
    id: UUID
    version: int
    state: GradeState
    credit_code: str
    agency_name: str
    grade: Grade
    assessment_id: UUID
    law: str
    decided_on: date
    announced_on: date
    valid_from: date
    valid_until: date
    counts_from: date
    cancelled_on: date | None
    cancelled_because: str | None
    created_at: datetime


class GradeOnDay(View):
    """The grade of an agency on a day; everything is null when it has none that counts."""

    credit_code: str
    on: date
    grade: Grade | None
    valid_from: date | None
    valid_until: date | None
    counts_from: date | None
    law: str | None
    decided_on: date | None
    announced_on: date | None
    assessment_id: UUID | None
