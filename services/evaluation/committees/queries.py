from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.evaluation.committees.lifecycle import CommitteeState
from services.evaluation.committees.models import Committee


async def committee_by_id(session: AsyncSession, committee_id: UUID) -> Committee | None:
    return await session.get(Committee, committee_id)


def committees(state: CommitteeState | None) -> Select[Committee]:
    statement = select(Committee)
    return statement if state is None else statement.where(Committee.state == state)
