"""Reading sites, postings, and what is covered on a day."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.sites.models import Posting, Site


async def sites_on(session: AsyncSession, on: date) -> Sequence[Site]:
    """Sites open on the day."""
    statement = (
        select(Site)
        .where(Site.opened_on <= on, or_(Site.closed_on.is_(None), Site.closed_on > on))
        .order_by(Site.id)
    )
    return (await session.scalars(statement)).all()


async def postings_on(session: AsyncSession, on: date) -> Sequence[Posting]:
    """Postings that are served on the day."""
    statement = (
        select(Posting)
        .where(Posting.since <= on, or_(Posting.until.is_(None), Posting.until > on))
        .order_by(Posting.id)
    )
    return (await session.scalars(statement)).all()


async def other_postings(session: AsyncSession, worker_id: UUID, community: str, on: date) -> int:
    """To how many other communities the worker is posted on the day."""
    statement = select(func.count(Posting.community.distinct())).where(
        Posting.worker_id == worker_id,
        Posting.community != community,
        Posting.since <= on,
        or_(Posting.until.is_(None), Posting.until > on),
    )
    return await session.scalar(statement) or 0
