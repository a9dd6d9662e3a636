from datetime import date
from typing import Annotated

from fastapi import APIRouter

from services.evaluation.grades import actions, queries
from services.evaluation.grades.lifecycle import GradeState
from services.evaluation.grades.models import AwardedGrade
from services.evaluation.grades.schemas import Cancellation, GradeOnDay, GradeView
from services.evaluation.marks import Grade
from shared.http import (
    CreditCode,
    Page,
    ThePaging,
    TheWork,
    WorkRoute,
    allow,
    changing,
    open_to_all,
    reading,
)

router = APIRouter(prefix="/grades", tags=["grades"], route_class=WorkRoute)
agencies_router = APIRouter(prefix="/agencies", tags=["grades"], route_class=WorkRoute)

TheGrade = Annotated[AwardedGrade, reading(AwardedGrade, "grade_id")]
ChangingGrade = Annotated[AwardedGrade, changing(AwardedGrade, "grade_id")]


@agencies_router.get("/{credit_code}/grade", response_model=GradeOnDay)
@open_to_all
async def read_grade_on_day(
    credit_code: CreditCode, work: TheWork, on: date | None = None
) -> GradeOnDay:
    """Read the grade that counts for an agency on a day; today when none is given."""
    return await actions.grade_on(work, credit_code, on or work.today)


@router.get("", response_model=Page[GradeView])
@open_to_all
async def list_grades(
    paging: ThePaging,
    work: TheWork,
    credit_code: CreditCode | None = None,
    grade: Grade | None = None,
    state: GradeState | None = None,
) -> Page[GradeView]:
    """List the grades that were announced."""
    statement = queries.grades(credit_code, grade, state)
    return await paging.page(work.session, statement, AwardedGrade.id, GradeView)


@router.get("/{grade_id}", response_model=GradeView)
@open_to_all
async def read_grade(grade: TheGrade) -> AwardedGrade:
    """Read one grade."""
    return grade


@router.post("/{grade_id}/cancellation", response_model=GradeView)
@allow("supervisor")
async def cancel_grade(change: Cancellation, grade: ChangingGrade, work: TheWork) -> AwardedGrade:
    """Take a grade away."""
    return actions.cancel_grade(work, grade, change.reason)
