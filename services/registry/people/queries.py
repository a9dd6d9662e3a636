"""Reading workers, their qualifications and posts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.people.models import HeldQualification, Post, Worker
from services.registry.people.rules import (
    Employment,
    Member,
    PartyStatus,
    Qualification,
    QualificationKind,
    any_counts,
)


async def worker_by_hash(session: AsyncSession, resident_hash: bytes) -> Worker | None:
    return await session.scalar(select(Worker).where(Worker.resident_hash == resident_hash))


async def worker_for_update(session: AsyncSession, resident_hash: bytes) -> Worker | None:
    """Held until the work is done: two agencies that hire at once come one after the other."""
    statement = select(Worker).where(Worker.resident_hash == resident_hash).with_for_update()
    return await session.scalar(statement)


async def posts_on(
    session: AsyncSession, credit_code: str, on: date
) -> Sequence[tuple[Post, Worker]]:
    """Who holds a post at the agency on the day."""
    statement = (
        select(Post, Worker)
        .join(Worker, Worker.id == Post.worker_id)
        .where(
            Post.credit_code == credit_code,
            Post.started_on <= on,
            or_(Post.ended_on.is_(None), Post.ended_on > on),
        )
        .order_by(Post.id)
    )
    return [(post, worker) for post, worker in await session.execute(statement)]


async def holds_post(session: AsyncSession, worker_id: UUID, credit_code: str, on: date) -> bool:
    statement = select(func.count()).where(
        Post.worker_id == worker_id,
        Post.credit_code == credit_code,
        or_(Post.ended_on.is_(None), Post.ended_on > on),
    )
    return bool(await session.scalar(statement))


async def full_time_elsewhere(
    session: AsyncSession, worker_id: UUID, credit_code: str, on: date
) -> int:
    """At how many other agencies the worker is full-time on the day or later."""
    statement = select(func.count(Post.credit_code.distinct())).where(
        Post.worker_id == worker_id,
        Post.credit_code != credit_code,
        Post.employment == Employment.FULL_TIME,
        or_(Post.ended_on.is_(None), Post.ended_on > on),
    )
    return await session.scalar(statement) or 0


async def qualifications_of(
    session: AsyncSession, worker_ids: Sequence[UUID]
) -> Mapping[UUID, Sequence[HeldQualification]]:
    """What each of the workers is qualified by, oldest first."""
    statement = (
        select(HeldQualification)
        .where(HeldQualification.worker_id.in_(worker_ids))
        .order_by(HeldQualification.obtained_on, HeldQualification.id)
    )
    found: dict[UUID, list[HeldQualification]] = defaultdict(list)
    for held in await session.scalars(statement):
        found[held.worker_id].append(held)
    return found


async def members_on(session: AsyncSession, credit_code: str, on: date) -> tuple[Member, ...]:
    """Everybody at the agency on the day, as the rules ask."""
    posts = await posts_on(session, credit_code, on)
    held = await qualifications_of(session, [worker.id for _, worker in posts])
    return tuple(member(post, worker, held.get(worker.id, ()), on) for post, worker in posts)


def member(post: Post, worker: Worker, held: Sequence[HeldQualification], on: date) -> Member:
    qualifications = [as_qualification(one) for one in held]
    return Member(
        employment=Employment(post.employment),
        qualified=any_counts(qualifications, on),
        full_party_member=_full_member(worker, on),
        registration_lapsed=any(q.lapsed_on(on) for q in qualifications),
    )


def as_qualification(held: HeldQualification) -> Qualification:
    return Qualification(
        kind=QualificationKind(held.kind),
        level=held.level,
        social_work=held.social_work,
        obtained_on=held.obtained_on,
        registered_until=held.registered_until,
    )


def _full_member(worker: Worker, on: date) -> bool:
    if worker.party_status != PartyStatus.FULL:
        return False
    since = worker.party_full_since
    return since is None or date.fromisoformat(since) <= on
