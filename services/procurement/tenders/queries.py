from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.procurement.custody.lifecycle import KeyState
from services.procurement.custody.models import Custodian, FrozenPolicy, PolicyCustodian
from services.procurement.policy.codelists import Method
from services.procurement.tenders.lifecycle import TenderState
from services.procurement.tenders.models import PREPARES, Tender
from shared.actor import Actor

MOST_SEALS = 1000


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


async def custody_of_sealed(session: AsyncSession) -> Sequence[tuple[str, int]]:
    """Of each tender not opened yet: its profile, and how many custodians of its seal still stand.

    The thousand that open next: what is further off is in time for the next look.
    """
    next_ones = (
        select(Tender.seal_policy_hash, Tender.profile)
        .where(Tender.state.in_([TenderState.PUBLISHED, TenderState.CLOSED]))
        .order_by(Tender.closes_at)
        .limit(MOST_SEALS)
        .subquery()
    )
    statement = (
        select(
            next_ones.c.profile,
            func.count().filter(Custodian.state == KeyState.ACTIVE),
        )
        .join(FrozenPolicy, FrozenPolicy.hash == next_ones.c.seal_policy_hash)
        .join(PolicyCustodian, PolicyCustodian.policy_id == FrozenPolicy.id)
        .join(Custodian, Custodian.id == PolicyCustodian.custodian_id)
        .group_by(FrozenPolicy.id, next_ones.c.profile)
    )
    return [(profile, left) for profile, left in await session.execute(statement)]


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
