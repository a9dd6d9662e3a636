"""Reading applications, and finding those whose day has come."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.applications.lifecycle import ApplicationState as S
from services.registry.applications.models import Application, FoundingPerson
from services.registry.reference.models import CalendarRow
from shared.days import day_of

UNDECIDED = (S.ACCEPTED, S.REVIEWED)


async def people_of(session: AsyncSession, application_id: UUID) -> Sequence[FoundingPerson]:
    """In the order they were filed."""
    statement = (
        select(FoundingPerson)
        .where(FoundingPerson.application_id == application_id)
        .order_by(FoundingPerson.id)
    )
    return (await session.scalars(statement)).all()


async def born_from(session: AsyncSession, residency_id: UUID) -> Application | None:
    return await session.scalar(select(Application).where(Application.residency_id == residency_id))


async def name_applied_for(session: AsyncSession, name: str, application_id: UUID) -> bool:
    """Whether another application already approved, and waiting for its certificate, has the name."""
    other = exists().where(
        Application.name == name,
        Application.id != application_id,
        Application.state == S.APPROVED,
    )
    return bool(await session.scalar(select(other)))


async def due_by_silence(session: AsyncSession, now: datetime) -> Sequence[UUID]:
    """Submitted, and nothing told within the five working days."""
    statement = select(Application.id).where(
        Application.state == S.SUBMITTED, Application.answer_due < day_of(now)
    )
    return (await session.scalars(statement.order_by(Application.answer_due))).all()


async def overdue_decisions(session: AsyncSession, now: datetime) -> Sequence[UUID]:
    """Undecided past their sixty days, and not told yet."""
    statement = select(Application.id).where(
        Application.state.in_(UNDECIDED),
        Application.decision_due < day_of(now),
        Application.overdue_told.is_(False),
    )
    return (await session.scalars(statement.order_by(Application.decision_due))).all()


async def terms_to_recount(session: AsyncSession, now: datetime) -> Sequence[UUID]:
    """Running terms that guessed at days which have been published since."""
    published = select(func.max(CalendarRow.day)).scalar_subquery()
    statement = select(Application.id).where(
        or_(
            and_(
                Application.state == S.SUBMITTED,
                Application.answer_provisional,
                Application.answer_due <= published,
            ),
            and_(
                Application.state == S.APPROVED,
                Application.certificate_provisional,
                Application.certificate_due <= published,
            ),
        )
    )
    return (await session.scalars(statement.order_by(Application.id))).all()
