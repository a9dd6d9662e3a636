from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.evaluation.grades.lifecycle import GradeState
from services.evaluation.grades.models import AwardedGrade
from services.evaluation.grades.rules import Held
from shared.days import day_of


async def grades_of(session: AsyncSession, credit_code: str) -> Sequence[AwardedGrade]:
    """Every grade the agency was ever given, newest announcement first."""
    statement = (
        select(AwardedGrade)
        .where(AwardedGrade.credit_code == credit_code)
        .order_by(AwardedGrade.announced_on.desc(), AwardedGrade.id.desc())
    )
    return (await session.scalars(statement)).all()


async def last_held(session: AsyncSession, credit_code: str) -> Held | None:
    """The newest grade, as an application is judged by it."""
    found = await grades_of(session, credit_code)
    if not found:
        return None
    return Held(found[0].valid_from, found[0].valid_until, found[0].cancelled_on)


def grades(
    credit_code: str | None, grade: str | None, state: GradeState | None
) -> Select[AwardedGrade]:
    statement = select(AwardedGrade)
    if credit_code is not None:
        statement = statement.where(AwardedGrade.credit_code == credit_code)
    if grade is not None:
        statement = statement.where(AwardedGrade.grade == grade)
    if state is not None:
        statement = statement.where(AwardedGrade.state == state)
    return statement


async def due_to_expire(session: AsyncSession, now: datetime) -> list[UUID]:
    """Grades whose last day has passed, longest over first."""
    statement = (
        select(AwardedGrade.id)
        .where(AwardedGrade.state == GradeState.AWARDED, AwardedGrade.valid_until < day_of(now))
        .order_by(AwardedGrade.valid_until, AwardedGrade.id)
    )
    return list((await session.scalars(statement)).all())
