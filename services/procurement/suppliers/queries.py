from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.procurement.suppliers.lifecycle import ConsequenceKind, ConsequenceState
from services.procurement.suppliers.models import Consequence
from services.procurement.suppliers.rules import Entry


async def consequences_of(session: AsyncSession, credit_code: str) -> Sequence[Consequence]:
    """Everything on a supplier's record, oldest first."""
    statement = (
        select(Consequence).where(Consequence.credit_code == credit_code).order_by(Consequence.id)
    )
    return (await session.scalars(statement)).all()


async def record_of(session: AsyncSession, credit_code: str) -> Sequence[Entry]:
    """What stands on the record: what was lifted counts no more."""
    found = await consequences_of(session, credit_code)
    return [
        Entry(ConsequenceKind(c.kind), c.starts_on, c.until_on, c.cause_event)
        for c in found
        if c.state == ConsequenceState.IMPOSED
    ]


async def imposed_by(session: AsyncSession, cause_event: str) -> Sequence[Consequence]:
    statement = select(Consequence).where(Consequence.cause_event == cause_event)
    return (await session.scalars(statement)).all()
