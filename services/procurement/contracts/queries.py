from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.procurement.contracts.lifecycle import ContractState, PaymentState
from services.procurement.contracts.models import Contract, Payment
from services.procurement.policy.codelists import Stage
from services.procurement.suppliers.lifecycle import ConsequenceKind, ConsequenceState
from services.procurement.suppliers.models import Consequence
from services.procurement.tenders.models import PREPARES
from shared.actor import Actor

NOT_PUBLIC = (ContractState.DRAFTED, ContractState.DROPPED)
PAYMENT_KINDS = (
    ConsequenceKind.PAYMENT_IN_FULL,
    ConsequenceKind.PAYMENT_IN_PART,
    ConsequenceKind.PAYMENT_WITHHELD,
)


async def contract_for_update(session: AsyncSession, contract_id: UUID) -> Contract | None:
    return await session.get(Contract, contract_id, with_for_update=True)


async def standing_contract(session: AsyncSession, award_id: UUID) -> Contract | None:
    """The contract of an award that was not dropped."""
    found: Contract | None = await session.scalar(
        select(Contract).where(
            Contract.award_id == award_id, Contract.state != ContractState.DROPPED
        )
    )
    return found


def contracts(
    actor: Actor, state: ContractState | None, credit_code: str | None, tender_id: UUID | None
) -> Select[Contract]:
    statement = select(Contract)
    if not actor.has(*PREPARES):
        statement = statement.where(
            or_(Contract.state.not_in(NOT_PUBLIC), Contract.owner_org == actor.org)
        )
    if state is not None:
        statement = statement.where(Contract.state == state)
    if credit_code is not None:
        statement = statement.where(Contract.credit_code == credit_code)
    if tender_id is not None:
        statement = statement.where(Contract.tender_id == tender_id)
    return statement


def payments(actor: Actor, state: PaymentState | None, contract_id: UUID | None) -> Select[Payment]:
    statement = select(Payment)
    if not actor.has(*PREPARES):
        statement = statement.where(
            or_(Payment.state == PaymentState.RELEASED, Payment.owner_org == actor.org)
        )
    if state is not None:
        statement = statement.where(Payment.state == state)
    if contract_id is not None:
        statement = statement.where(Payment.contract_id == contract_id)
    return statement


async def payments_of(session: AsyncSession, contract_id: UUID) -> Sequence[Payment]:
    statement = select(Payment).where(Payment.contract_id == contract_id).order_by(Payment.id)
    return (await session.scalars(statement)).all()


async def held_payments(
    session: AsyncSession, contract_id: UUID, stage: Stage
) -> Sequence[Payment]:
    """What waits for the evaluation of that stage, held until the work is done."""
    statement = (
        select(Payment)
        .where(
            Payment.contract_id == contract_id,
            Payment.stage == stage,
            Payment.state == PaymentState.HELD,
        )
        .order_by(Payment.id)
        .with_for_update()
    )
    return (await session.scalars(statement)).all()


async def payment_consequence(
    session: AsyncSession, contract_id: UUID, stage: Stage
) -> Consequence | None:
    """What the newest result of that stage means for its instalment."""
    found: Consequence | None = await session.scalar(
        select(Consequence)
        .where(
            Consequence.contract_id == contract_id,
            Consequence.stage == stage,
            Consequence.kind.in_(PAYMENT_KINDS),
            Consequence.state == ConsequenceState.IMPOSED,
        )
        .order_by(Consequence.cause_position.desc(), Consequence.id.desc())
        .limit(1)
    )
    return found
