from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.evaluation.assessments.lifecycle import AssessmentState
from services.evaluation.assessments.models import (
    OFFICES,
    PUBLIC_STATES,
    Assessment,
    Objection,
    Vote,
)
from services.evaluation.committees.queries import committees_of, sits_on
from shared.actor import Actor

ENDED = (AssessmentState.REJECTED, AssessmentState.WITHDRAWN, AssessmentState.ANNOUNCED)


async def held(session: AsyncSession, assessment: Assessment) -> None:
    """Read it again and keep it until the work is done."""
    await session.refresh(assessment, with_for_update=True)


async def under_way(session: AsyncSession, credit_code: str) -> bool:
    """Whether the agency is being rated already."""
    statement = select(Assessment.id).where(
        Assessment.credit_code == credit_code, Assessment.state.not_in(ENDED)
    )
    return await session.scalar(statement.limit(1)) is not None


def assessments_seen_by(
    actor: Actor, state: AssessmentState | None, credit_code: str | None
) -> Select[Assessment]:
    """What is on public notice or announced, and what the actor has a part in."""
    statement = select(Assessment)
    if not actor.has(*OFFICES):
        seen: list[ColumnElement[bool]] = [Assessment.state.in_(PUBLIC_STATES)]
        if actor.org is not None:
            seen.append(Assessment.owner_org == actor.org)
        if actor.org is not None and actor.has("evaluator"):
            seen.append(Assessment.evaluator_org == actor.org)
        if actor.has("panellist"):
            seen.append(Assessment.committee_id.in_(committees_of(actor.client_id)))
        statement = statement.where(or_(*seen))
    if state is not None:
        statement = statement.where(Assessment.state == state)
    if credit_code is not None:
        statement = statement.where(Assessment.credit_code == credit_code)
    return statement


async def has_part(session: AsyncSession, actor: Actor, assessment: Assessment) -> bool:
    """Whether it concerns the actor, or came before a committee that the actor sits on."""
    if assessment.concerns(actor):
        return True
    if assessment.committee_id is None or not actor.has("panellist"):
        return False
    return await sits_on(session, assessment.committee_id, actor.client_id)


async def votes(session: AsyncSession, assessment: Assessment) -> Sequence[Vote]:
    """The votes of the present round, in the order they were cast."""
    statement = (
        select(Vote)
        .where(Vote.assessment_id == assessment.id, Vote.round == assessment.ballot_round)
        .order_by(Vote.cast_at, Vote.id)
    )
    return (await session.scalars(statement)).all()


async def vote_of(session: AsyncSession, assessment: Assessment, member: str) -> Vote | None:
    statement = select(Vote).where(
        Vote.assessment_id == assessment.id,
        Vote.round == assessment.ballot_round,
        Vote.member == member,
    )
    found: Vote | None = await session.scalar(statement)
    return found


async def objections(session: AsyncSession, assessment_id: UUID) -> Sequence[Objection]:
    statement = (
        select(Objection).where(Objection.assessment_id == assessment_id).order_by(Objection.id)
    )
    return (await session.scalars(statement)).all()


async def open_objections(session: AsyncSession, assessment_id: UUID) -> int:
    statement = select(func.count()).where(
        Objection.assessment_id == assessment_id, Objection.answered_on.is_(None)
    )
    return int(await session.scalar(statement) or 0)


async def objection_by_id(
    session: AsyncSession, assessment_id: UUID, objection_id: UUID
) -> Objection | None:
    statement = select(Objection).where(
        Objection.assessment_id == assessment_id, Objection.id == objection_id
    )
    found: Objection | None = await session.scalar(statement.with_for_update())
    return found
