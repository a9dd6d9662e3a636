"""Events heard from other services, and what evaluation does about them."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from services.evaluation.performance import actions
from services.evaluation.performance.rules import Stage
from shared.http import MoneyText
from shared.work import Work
from shared.worker import Event, Reactions


class ContractSigned(BaseModel):
    """The part of procurement's `contract.signed` that evaluation relies on."""

    contract_id: UUID
    tender_id: UUID | None = None
    credit_code: str
    title: str
    amount: MoneyText
    starts_on: date
    ends_on: date
    stages: list[Stage]


async def on_contract_signed(work: Work, event: Event) -> None:
    """A project was bought: its evaluations are opened."""
    told = ContractSigned.model_validate(dict(event.data))
    contract = actions.Contract(
        told.contract_id,
        told.tender_id,
        told.credit_code,
        told.title,
        told.amount,
        told.starts_on,
        told.ends_on,
        tuple(told.stages),
    )
    await actions.open_performances(work, contract)


REACTIONS: Reactions = {"procurement": {"contract.signed": on_contract_signed}}
