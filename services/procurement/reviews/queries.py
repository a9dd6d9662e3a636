from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.procurement.reviews.models import Qualification, Review


async def review_of(session: AsyncSession, tender_id: UUID) -> Review | None:
    found: Review | None = await session.scalar(select(Review).where(Review.tender_id == tender_id))
    return found


async def qualifications_of(session: AsyncSession, tender_id: UUID) -> Sequence[Qualification]:
    statement = (
        select(Qualification)
        .where(Qualification.tender_id == tender_id)
        .order_by(Qualification.credit_code)
    )
    return (await session.scalars(statement)).all()


async def qualified_codes(session: AsyncSession, tender_id: UUID) -> Sequence[str]:
    statement = (
        select(Qualification.credit_code)
        .where(Qualification.tender_id == tender_id, Qualification.qualified)
        .order_by(Qualification.credit_code)
    )
    return (await session.scalars(statement)).all()
