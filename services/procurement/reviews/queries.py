from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.procurement.reviews.models import Qualification, Review
from shared.actor import Actor

RUNS_REVIEWS = ("purchaser", "procurement_agent", "auditor", "service")


async def review_of(session: AsyncSession, tender_id: UUID) -> Review | None:
    found: Review | None = await session.scalar(select(Review).where(Review.tender_id == tender_id))
    return found


async def review_seen_by(session: AsyncSession, actor: Actor, tender_id: UUID) -> Review | None:
    """For those who run the procedure, and for whoever bid in it."""
    statement = select(Review).where(Review.tender_id == tender_id)
    if not actor.has(*RUNS_REVIEWS):
        bid = exists().where(
            Qualification.tender_id == tender_id, Qualification.credit_code == actor.org
        )
        statement = statement.where(bid)
    found: Review | None = await session.scalar(statement)
    return found


async def qualifications_seen_by(
    session: AsyncSession, actor: Actor, tender_id: UUID
) -> Sequence[Qualification]:
    """All of them for those who run the procedure; its own for a bidder."""
    statement = select(Qualification).where(Qualification.tender_id == tender_id)
    if not actor.has(*RUNS_REVIEWS):
        statement = statement.where(Qualification.credit_code == actor.org)
    return (await session.scalars(statement.order_by(Qualification.credit_code))).all()


async def qualified_codes(session: AsyncSession, tender_id: UUID) -> Sequence[str]:
    statement = (
        select(Qualification.credit_code)
        .where(Qualification.tender_id == tender_id, Qualification.qualified)
        .order_by(Qualification.credit_code)
    )
    return (await session.scalars(statement)).all()
