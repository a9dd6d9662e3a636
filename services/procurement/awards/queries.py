from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.procurement.awards.lifecycle import AwardState
from services.procurement.awards.models import Award
from services.procurement.tenders.models import PREPARES
from shared.actor import Actor


async def award_for_update(session: AsyncSession, award_id: UUID) -> Award | None:
    return await session.get(Award, award_id, with_for_update=True)


def awards(
    actor: Actor, state: AwardState | None, tender_id: UUID | None, credit_code: str | None
) -> Select[Award]:
    statement = select(Award)
    if not actor.has(*PREPARES):
        statement = statement.where(Award.announced_on.is_not(None))
    if state is not None:
        statement = statement.where(Award.state == state)
    if tender_id is not None:
        statement = statement.where(Award.tender_id == tender_id)
    if credit_code is not None:
        statement = statement.where(Award.credit_code == credit_code)
    return statement
