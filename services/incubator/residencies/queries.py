from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.incubator.residencies.lifecycle import ResidencyState
from services.incubator.residencies.models import Milestone, Residency


async def residency_by_id(session: AsyncSession, residency_id: UUID) -> Residency | None:
    return await session.get(Residency, residency_id)


async def milestones(session: AsyncSession, residency_id: UUID) -> Sequence[Milestone]:
    statement = (
        select(Milestone)
        .where(Milestone.residency_id == residency_id)
        .order_by(Milestone.due_on, Milestone.id)
    )
    return (await session.scalars(statement)).all()


async def milestone_by_id(
    session: AsyncSession, residency_id: UUID, milestone_id: UUID
) -> Milestone | None:
    statement = select(Milestone).where(
        Milestone.residency_id == residency_id, Milestone.id == milestone_id
    )
    found: Milestone | None = await session.scalar(statement.with_for_update())
    return found


def residencies(base_id: UUID | None, state: ResidencyState | None) -> Select[Residency]:
    statement = select(Residency)
    if base_id is not None:
        statement = statement.where(Residency.base_id == base_id)
    return statement if state is None else statement.where(Residency.state == state)
