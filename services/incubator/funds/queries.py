from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.incubator.funds.lifecycle import FundState, GrantState
from services.incubator.funds.models import Fund, Grant, LedgerLine


async def fund_for_update(session: AsyncSession, fund_id: UUID) -> Fund | None:
    """The fund, held: its balance is read again, and nobody draws until the work is done."""
    return await session.get(Fund, fund_id, with_for_update=True, populate_existing=True)


async def lines_for(session: AsyncSession, residency_id: UUID) -> Sequence[LedgerLine]:
    statement = (
        select(LedgerLine).where(LedgerLine.residency_id == residency_id).order_by(LedgerLine.id)
    )
    return (await session.scalars(statement)).all()


def funds(state: FundState | None) -> Select[Fund]:
    statement = select(Fund)
    return statement if state is None else statement.where(Fund.state == state)


def ledger(fund_id: UUID) -> Select[LedgerLine]:
    return select(LedgerLine).where(LedgerLine.fund_id == fund_id)


def grants(residency_id: UUID | None, state: GrantState | None) -> Select[Grant]:
    statement = select(Grant)
    if residency_id is not None:
        statement = statement.where(Grant.residency_id == residency_id)
    return statement if state is None else statement.where(Grant.state == state)
