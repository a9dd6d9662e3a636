"""Reading sites, postings, and what is covered on a day."""

from collections.abc import Sequence, Set
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.registry.agencies.models import Agency
from services.registry.agencies.queries import is_active
from services.registry.reference.models import Division
from services.registry.sites.lifecycle import PostingState, SiteState
from services.registry.sites.models import Posting, Site
from shared.actor import Actor
from shared.database.base import matching


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


async def divisions_served(session: AsyncSession, on: date) -> Set[str]:
    """Divisions, former ones too, where an active agency has its seat or an open site."""
    here = aliased(Agency)
    # With OFFSET it is a table of its own, read along the index of seats; else the planner begins
    # with those that are active, and reads them all for a division without any.
    seats = select(here.id).where(here.seat_division == Division.code).offset(0)
    seat = seats.correlate(Division).lateral()
    seated = select(Agency.id).join(seat, Agency.id == seat.c.id).where(is_active(on))
    working = (
        select(Site.id)
        .join(Agency, Agency.credit_code == Site.credit_code)
        .where(
            Site.division == Division.code,
            Site.opened_on <= on,
            or_(Site.closed_on.is_(None), Site.closed_on > on),
            is_active(on),
        )
    )
    return await _divisions_with(session, seated) | await _divisions_with(session, working)


async def divisions_with_a_worker(session: AsyncSession, on: date) -> Set[str]:
    """Divisions, former ones too, that a worker of an active agency serves."""
    served = (
        select(Posting.id)
        .join(Agency, Agency.credit_code == Posting.credit_code)
        .where(
            Posting.community == Division.code,
            Posting.since <= on,
            or_(Posting.until.is_(None), Posting.until > on),
            is_active(on),
        )
    )
    return await _divisions_with(session, served)


async def _divisions_with(session: AsyncSession, rows: Select[UUID]) -> Set[str]:
    """The divisions that have one such row: a probe of an index each, however many rows there are."""
    one = rows.correlate(Division).limit(1).lateral()
    return set((await session.scalars(select(Division.code).join(one, true()))).all())


async def other_postings(session: AsyncSession, worker_id: UUID, community: str, on: date) -> int:
    """To how many other communities the worker is posted on the day."""
    statement = select(func.count(Posting.community.distinct())).where(
        Posting.worker_id == worker_id,
        Posting.community != community,
        Posting.since <= on,
        or_(Posting.until.is_(None), Posting.until > on),
    )
    return await session.scalar(statement) or 0


def sites(
    *, credit_code: str | None, division: str | None, state: SiteState | None
) -> Select[tuple[Site]]:
    """Service sites, by what was asked for."""
    wanted = {Site.credit_code: credit_code, Site.division: division, Site.state: state}
    return matching(select(Site), wanted)


def postings(
    actor: Actor, *, credit_code: str | None, community: str | None, state: PostingState | None
) -> Select[tuple[Posting]]:
    """Community postings, by what was asked for: an agency sees its own, officers see all."""
    statement = select(Posting)
    if not actor.has("registrar", "supervisor", "street_officer", "auditor"):
        statement = statement.where(Posting.owner_org == actor.org)
    wanted = {
        Posting.credit_code: credit_code,
        Posting.community: community,
        Posting.state: state,
    }
    return matching(statement, wanted)
