from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.procurement.policy.codelists import Method
from services.procurement.tenders.lifecycle import TenderState
from services.procurement.tenders.models import PREPARES, Tender
from shared.actor import Actor


def tenders(
    actor: Actor, state: TenderState | None, method: Method | None, project_id: UUID | None
) -> Select[Tender]:
    """What the caller may see: drafts are for those who prepare and check them."""
    wanted: list[ColumnElement[bool]] = []
    if not actor.has(*PREPARES):
        wanted.append(Tender.published_at.is_not(None))
    if state is not None:
        wanted.append(Tender.state == state)
    if method is not None:
        wanted.append(Tender.method == method)
    if project_id is not None:
        wanted.append(Tender.project_id == project_id)
    return select(Tender).where(*wanted)


async def tender_for_update(session: AsyncSession, tender_id: UUID) -> Tender | None:
    return await session.get(Tender, tender_id, with_for_update=True)


async def tender_of(session: AsyncSession, tender_id: UUID) -> Tender | None:
    return await session.get(Tender, tender_id)


async def method_of(session: AsyncSession, tender_id: UUID) -> Method | None:
    found = await session.scalar(select(Tender.method).where(Tender.id == tender_id))
    return None if found is None else Method(found)


async def business_now(session: AsyncSession) -> datetime:
    now: datetime = (await session.execute(select(func.business_now()))).scalar_one()
    return now
