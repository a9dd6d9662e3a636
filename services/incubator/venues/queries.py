from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.incubator.venues.lifecycle import AllocationState, VenueState
from services.incubator.venues.models import Allocation, Venue


async def taken_between(
    session: AsyncSession, venue_id: UUID, starts_on: date, ends_on: date
) -> bool:
    """Whether somebody has the venue on any of those days."""
    statement = select(Allocation.id).where(
        Allocation.venue_id == venue_id,
        Allocation.starts_on <= ends_on,
        Allocation.ends_on >= starts_on,
    )
    return await session.scalar(statement.limit(1)) is not None


async def held_by(session: AsyncSession, residency_id: UUID) -> Sequence[Allocation]:
    """What the resident still has, kept until the work is done."""
    statement = (
        select(Allocation)
        .where(Allocation.residency_id == residency_id, Allocation.state == AllocationState.HELD)
        .order_by(Allocation.id)
        .with_for_update()
    )
    return (await session.scalars(statement)).all()


def venues(base_id: UUID | None, state: VenueState | None) -> Select[Venue]:
    statement = select(Venue)
    if base_id is not None:
        statement = statement.where(Venue.base_id == base_id)
    return statement if state is None else statement.where(Venue.state == state)


def allocations(venue_id: UUID | None, residency_id: UUID | None) -> Select[Allocation]:
    statement = select(Allocation)
    if venue_id is not None:
        statement = statement.where(Allocation.venue_id == venue_id)
    if residency_id is not None:
        statement = statement.where(Allocation.residency_id == residency_id)
    return statement
