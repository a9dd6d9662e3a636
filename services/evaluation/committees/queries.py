from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.evaluation.committees.lifecycle import CommitteeState
from services.evaluation.committees.models import OFFICES, Committee
from shared.actor import Actor


async def committee_by_id(session: AsyncSession, committee_id: UUID) -> Committee | None:
    return await session.get(Committee, committee_id)


def committees_seen_by(actor: Actor, state: CommitteeState | None) -> Select[Committee]:
    """All of them for the offices; for a panellist those it sits on."""
    statement = select(Committee)
    if not actor.has(*OFFICES):
        statement = statement.where(_seats(actor.client_id))
    return statement if state is None else statement.where(Committee.state == state)


def committees_of(client_id: str) -> Select[UUID]:
    """The committees that whoever signs as that client sits on."""
    return select(Committee.id).where(_seats(client_id))


async def sits_on(session: AsyncSession, committee_id: UUID, client_id: str) -> bool:
    statement = exists().where(Committee.id == committee_id, _seats(client_id))
    return bool(await session.scalar(select(statement)))


def _seats(client_id: str) -> ColumnElement[bool]:
    return Committee.members.contains([{"client_id": client_id}])
