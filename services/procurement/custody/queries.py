from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.procurement.custody.lifecycle import KeyState
from services.procurement.custody.models import (
    Custodian,
    FrozenPolicy,
    PolicyCustodian,
    SigningKey,
)
from shared.actor import Actor


def custodians(state: KeyState | None) -> Select[Custodian]:
    wanted: list[ColumnElement[bool]] = []
    if state is not None:
        wanted.append(Custodian.state == state)
    return select(Custodian).where(*wanted)


async def standing_custodians(session: AsyncSession) -> Sequence[Custodian]:
    """Those ready to hold a seal, in the order they registered."""
    statement = (
        select(Custodian)
        .where(Custodian.state == KeyState.ACTIVE)
        .order_by(Custodian.created_at, Custodian.id)
    )
    return (await session.scalars(statement)).all()


async def custodians_standing(session: AsyncSession) -> int:
    """How many stand ready."""
    statement = select(func.count()).where(Custodian.state == KeyState.ACTIVE)
    return (await session.scalar(statement)) or 0


def signing_keys(actor: Actor, state: KeyState | None) -> Select[SigningKey]:
    """An agency's own keys; an auditor sees all."""
    wanted: list[ColumnElement[bool]] = []
    if not actor.has("auditor"):
        wanted.append(SigningKey.owner_org == actor.org)
    if state is not None:
        wanted.append(SigningKey.state == state)
    return select(SigningKey).where(*wanted)


async def signed_for(
    session: AsyncSession, public_key: str, credit_code: str, at: datetime
) -> bool:
    """Whether that key was this agency's registered key at that instant."""
    statement = select(SigningKey.id).where(
        SigningKey.public_key == public_key,
        SigningKey.owner_org == credit_code,
        SigningKey.created_at <= at,
        or_(SigningKey.retired_at.is_(None), SigningKey.retired_at > at),
    )
    return await session.scalar(statement) is not None


async def policy_of(session: AsyncSession, tender_id: UUID) -> FrozenPolicy | None:
    """The policy in force: the newest version."""
    statement = (
        select(FrozenPolicy)
        .where(FrozenPolicy.tender_id == tender_id)
        .order_by(FrozenPolicy.version.desc())
        .limit(1)
    )
    return await session.scalar(statement)


async def custodian_clients(session: AsyncSession, tender_id: UUID) -> Sequence[str]:
    """The client ids of the custodians named in the tender's policy."""
    policy = await policy_of(session, tender_id)
    if policy is None:
        return []
    statement = (
        select(Custodian.created_by)
        .join(PolicyCustodian, PolicyCustodian.custodian_id == Custodian.id)
        .where(PolicyCustodian.policy_id == policy.id)
        .order_by(PolicyCustodian.number)
    )
    return (await session.scalars(statement)).all()
