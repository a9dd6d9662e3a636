from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.incubator.admissions.lifecycle import CandidateState, RoundState
from services.incubator.admissions.models import OFFICES, Candidate, Round
from shared.actor import Actor
from shared.days import day_of


async def candidates_of(session: AsyncSession, round_id: UUID) -> Sequence[Candidate]:
    """Everybody in the round, kept until the work is done."""
    statement = (
        select(Candidate)
        .where(Candidate.round_id == round_id)
        .order_by(Candidate.id)
        .with_for_update()
    )
    return (await session.scalars(statement)).all()


async def ranking_of(session: AsyncSession, round_id: UUID) -> Sequence[Candidate]:
    statement = (
        select(Candidate)
        .where(Candidate.round_id == round_id, Candidate.place.is_not(None))
        .order_by(Candidate.place)
    )
    return (await session.scalars(statement)).all()


async def due_to_close(session: AsyncSession, now: datetime) -> list[UUID]:
    """Open rounds whose last day has passed, longest overdue first."""
    statement = (
        select(Round.id)
        .where(Round.state == RoundState.OPEN, Round.closes_on < day_of(now))
        .order_by(Round.closes_on, Round.id)
    )
    return list((await session.scalars(statement)).all())


def rounds(base_id: UUID | None, state: RoundState | None) -> Select[Round]:
    statement = select(Round)
    if base_id is not None:
        statement = statement.where(Round.base_id == base_id)
    return statement if state is None else statement.where(Round.state == state)


def candidates_seen_by(
    actor: Actor, round_id: UUID | None, state: CandidateState | None
) -> Select[Candidate]:
    """Those chosen, and one's own."""
    statement = select(Candidate)
    if not actor.has(*OFFICES):
        seen: ColumnElement[bool] = Candidate.state == CandidateState.CHOSEN
        if not actor.anonymous:
            seen = or_(seen, Candidate.created_by == actor.client_id)
        statement = statement.where(seen)
    if round_id is not None:
        statement = statement.where(Candidate.round_id == round_id)
    return statement if state is None else statement.where(Candidate.state == state)
