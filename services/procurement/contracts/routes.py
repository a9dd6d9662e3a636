from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.procurement.clients import TheRegistry
from services.procurement.contracts import actions, queries
from services.procurement.contracts.actions import Due
from services.procurement.contracts.lifecycle import ContractState, PaymentState
from services.procurement.contracts.models import Contract, Payment
from services.procurement.contracts.schemas import (
    ContractDraft,
    ContractView,
    Correction,
    Ending,
    PaymentApplication,
    PaymentOrder,
    PaymentView,
)
from services.procurement.policy.figures import (
    CONTRACT_FILING_WORKING_DAYS,
    CONTRACT_NOTICE_WORKING_DAYS,
)
from services.procurement.tenders.queries import business_now
from shared.days import day_of
from shared.http import (
    CreditCode,
    Page,
    TheActor,
    ThePaging,
    TheWork,
    WorkRoute,
    allow,
    changing,
    open_to_all,
    reading,
)
from shared.runtime import runtime_of

contracts_router = APIRouter(prefix="/contracts", tags=["contracts"], route_class=WorkRoute)
payments_router = APIRouter(prefix="/payments", tags=["contracts"], route_class=WorkRoute)

TheContract = Annotated[Contract, reading(Contract, "contract_id")]
ChangingContract = Annotated[Contract, changing(Contract, "contract_id")]
ThePayment = Annotated[Payment, reading(Payment, "payment_id")]
ChangingPayment = Annotated[Payment, changing(Payment, "payment_id")]

BUYERS = ("purchaser", "procurement_agent")


async def _due_after_signing(request: Request, registry: TheRegistry) -> Due:
    async with runtime_of(request).sessions() as session:
        today = day_of(await business_now(session))
    publication = await registry.term(today, CONTRACT_NOTICE_WORKING_DAYS.on(today))
    filing = await registry.term(today, CONTRACT_FILING_WORKING_DAYS.on(today))
    return Due(publication.ends_on, filing.ends_on)


DueAfterSigning = Annotated[Due, Depends(_due_after_signing)]


@contracts_router.post("", status_code=201, response_model=ContractView)
@allow(*BUYERS)
async def draw_up_contract(draft: ContractDraft, work: TheWork) -> Contract:
    """Write down what was tendered and bid, for the winner to sign."""
    return await actions.draw_up_contract(work, draft)


@contracts_router.get("", response_model=Page[ContractView])
@open_to_all
async def list_contracts(
    paging: ThePaging,
    actor: TheActor,
    work: TheWork,
    state: ContractState | None = None,
    credit_code: CreditCode | None = None,
    tender_id: UUID | None = None,
) -> Page[ContractView]:
    """List the contracts the caller may see; signed ones are public."""
    statement = queries.contracts(actor, state, credit_code, tender_id)
    return await paging.page(work.session, statement, Contract.id, ContractView)


@contracts_router.get("/{contract_id}", response_model=ContractView)
@open_to_all
async def read_contract(contract: TheContract) -> Contract:
    """Read one contract."""
    return contract


@contracts_router.post("/{contract_id}/signature", response_model=ContractView)
@allow("agency")
async def sign_contract(
    due: DueAfterSigning, contract: ChangingContract, work: TheWork
) -> Contract:
    """Sign as the winner."""
    return await actions.sign_contract(work, contract, due)


@contracts_router.post("/{contract_id}/withdrawal", response_model=ContractView)
@allow(*BUYERS)
async def drop_contract(ending: Ending, contract: ChangingContract, work: TheWork) -> Contract:
    """Give up a contract that was not signed."""
    return actions.drop_contract(work, contract, ending.reason)


@contracts_router.post("/{contract_id}/termination", response_model=ContractView)
@allow("purchaser")
async def terminate_contract(ending: Ending, contract: ChangingContract, work: TheWork) -> Contract:
    """End a contract before its time."""
    return actions.terminate_contract(work, contract, ending.reason)


@contracts_router.post("/{contract_id}/payments", status_code=201, response_model=PaymentView)
@allow("agency")
async def apply_for_payment(
    application: PaymentApplication, contract: ChangingContract, work: TheWork
) -> Payment:
    """Apply for the instalment of a milestone."""
    payment = await actions.apply_for_payment(work, contract, application)
    work.shown = payment
    return payment


@payments_router.get("", response_model=Page[PaymentView])
@open_to_all
async def list_payments(
    paging: ThePaging,
    actor: TheActor,
    work: TheWork,
    state: PaymentState | None = None,
    contract_id: UUID | None = None,
) -> Page[PaymentView]:
    """List the payments the caller may see; released ones are public."""
    statement = queries.payments(actor, state, contract_id)
    return await paging.page(work.session, statement, Payment.id, PaymentView)


@payments_router.get("/{payment_id}", response_model=PaymentView)
@open_to_all
async def read_payment(payment: ThePayment) -> Payment:
    """Read one payment."""
    return payment


@payments_router.post("/{payment_id}/release", response_model=PaymentView)
@allow("finance")
async def release_payment(order: PaymentOrder, payment: ChangingPayment, work: TheWork) -> Payment:
    """Pay out what is due and record the treasury's reference."""
    return await actions.release_payment(work, payment, order)


@payments_router.post("/{payment_id}/correction", response_model=PaymentView)
@allow("purchaser")
async def accept_correction(
    correction: Correction, payment: ChangingPayment, work: TheWork
) -> Payment:
    """Accept a correction, so that what was kept back falls due."""
    return actions.accept_correction(work, payment, correction.evidence)
