"""Reading the register."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.agencies.lifecycle import AgencyState
from services.registry.agencies.models import Agency, Charter, Governor, Suspension
from shared.database.base import matching


async def agency_of(session: AsyncSession, credit_code: str) -> Agency | None:
    return await session.scalar(select(Agency).where(Agency.credit_code == credit_code))


async def code_taken(session: AsyncSession, credit_code: str) -> bool:
    """Whether any agency, cancelled ones included, has the code: codes are never given again."""
    return bool(await session.scalar(select(exists().where(Agency.credit_code == credit_code))))


async def name_taken(session: AsyncSession, name: str) -> bool:
    """Whether an agency on the register has the name."""
    taken = exists().where(Agency.name == name, Agency.state != AgencyState.CANCELLED)
    return bool(await session.scalar(select(taken)))


async def active_on(session: AsyncSession, on: date) -> Sequence[Agency]:
    """Agencies registered, not cancelled and not suspended on the day, by code."""
    statement = select(Agency).where(is_active(on)).order_by(Agency.credit_code)
    return (await session.scalars(statement)).all()


def is_active(on: date) -> ColumnElement[bool]:
    """That an agency is registered, not cancelled and not suspended on the day."""
    suspended = exists().where(
        Suspension.agency_id == Agency.id,
        Suspension.since <= on,
        or_(Suspension.until.is_(None), Suspension.until > on),
    )
    return and_(
        Agency.registered_on <= on,
        or_(Agency.cancelled_on.is_(None), Agency.cancelled_on > on),
        ~suspended,
    )


async def active_agency(session: AsyncSession, credit_code: str, on: date) -> Agency | None:
    """The agency, if it is active on the day."""
    found = await agency_of(session, credit_code)
    if found is None or on < found.registered_on:
        return None
    if found.cancelled_on is not None and found.cancelled_on <= on:
        return None
    return None if await suspension_on(session, found.id, on) else found


async def suspension_on(session: AsyncSession, agency_id: UUID, on: date) -> Suspension | None:
    statement = select(Suspension).where(
        Suspension.agency_id == agency_id,
        Suspension.since <= on,
        or_(Suspension.until.is_(None), Suspension.until > on),
    )
    return (await session.scalars(statement)).first()


async def suspensions_of(session: AsyncSession, agency_id: UUID) -> Sequence[Suspension]:
    """Oldest first."""
    statement = (
        select(Suspension).where(Suspension.agency_id == agency_id).order_by(Suspension.since)
    )
    return (await session.scalars(statement)).all()


async def governors_on(session: AsyncSession, agency_id: UUID, on: date) -> Sequence[Governor]:
    """Who sits in council and supervisors on the day."""
    statement = (
        select(Governor)
        .where(
            and_(Governor.agency_id == agency_id, Governor.since <= on),
            or_(Governor.until.is_(None), Governor.until > on),
        )
        .order_by(Governor.body, Governor.id)
    )
    return (await session.scalars(statement)).all()


async def charters_of(session: AsyncSession, agency_id: UUID) -> Sequence[Charter]:
    """Every version of the charter, oldest first."""
    statement = select(Charter).where(Charter.agency_id == agency_id).order_by(Charter.number)
    return (await session.scalars(statement)).all()


def agencies(
    *,
    state: AgencyState | None,
    category: str | None,
    seat_division: str | None,
    name: str | None,
) -> Select[tuple[Agency]]:
    """Agencies on the register, by what was asked for."""
    wanted = {
        Agency.state: state,
        Agency.category: category,
        Agency.seat_division: seat_division,
        Agency.name: name,
    }
    return matching(select(Agency), wanted)
