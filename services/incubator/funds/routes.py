from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.incubator.funds import actions, queries
from services.incubator.funds.lifecycle import FundState, GrantState
from services.incubator.funds.models import Fund, Grant, LedgerLine
from services.incubator.funds.schemas import (
    Appropriation,
    FundDraft,
    FundView,
    GrantDraft,
    GrantView,
    LedgerLineView,
    Rejection,
    SupportView,
)
from services.incubator.residencies.models import Residency
from shared.http import (
    Page,
    ThePaging,
    TheWork,
    WorkRoute,
    allow,
    changing,
    open_to_all,
    reading,
)

router = APIRouter(prefix="/funds", tags=["funds"], route_class=WorkRoute)
grants_router = APIRouter(prefix="/grants", tags=["funds"], route_class=WorkRoute)
support_router = APIRouter(prefix="/residencies", tags=["funds"], route_class=WorkRoute)

TheFund = Annotated[Fund, reading(Fund, "fund_id")]
ChangingFund = Annotated[Fund, changing(Fund, "fund_id")]
TheGrant = Annotated[Grant, reading(Grant, "grant_id")]
ChangingGrant = Annotated[Grant, changing(Grant, "grant_id")]
TheResidency = Annotated[Residency, reading(Residency, "residency_id")]


@router.post("", status_code=201, response_model=FundView)
@allow("finance")
async def open_fund(draft: FundDraft, work: TheWork) -> Fund:
    """Open a year's special fund."""
    return actions.open_fund(work, draft)


@router.get("", response_model=Page[FundView])
@open_to_all
async def list_funds(
    paging: ThePaging, work: TheWork, state: FundState | None = None
) -> Page[FundView]:
    """List the special funds."""
    return await paging.page(work.session, queries.funds(state), Fund.id, FundView)


@router.get("/{fund_id}", response_model=FundView)
@open_to_all
async def read_fund(fund: TheFund) -> Fund:
    """Read one fund with its balance."""
    return fund


@router.get("/{fund_id}/ledger", response_model=Page[LedgerLineView])
@open_to_all
async def read_ledger(paging: ThePaging, fund: TheFund, work: TheWork) -> Page[LedgerLineView]:
    """Read the fund's ledger, line by line."""
    statement = queries.ledger(fund.id)
    return await paging.page(work.session, statement, LedgerLine.id, LedgerLineView)


@router.post("/{fund_id}/appropriations", status_code=201, response_model=FundView)
@allow("finance")
async def replenish_fund(given: Appropriation, fund: ChangingFund, work: TheWork) -> Fund:
    """Enter money that came into the fund."""
    return actions.replenish_fund(work, fund, given)


@router.post("/{fund_id}/closure", response_model=FundView)
@allow("finance")
async def close_fund(fund: ChangingFund, work: TheWork) -> Fund:
    """Close the fund."""
    return actions.close_fund(work, fund)


@grants_router.post("", status_code=201, response_model=GrantView)
@allow("incubator_manager")
async def propose_grant(draft: GrantDraft, work: TheWork) -> Grant:
    """Propose support for a resident."""
    return await actions.propose_grant(work, draft)


@grants_router.get("", response_model=Page[GrantView])
@allow("incubator_manager", "finance", "supervisor")
async def list_grants(
    paging: ThePaging,
    work: TheWork,
    residency_id: UUID | None = None,
    state: GrantState | None = None,
) -> Page[GrantView]:
    """List proposed and approved support."""
    statement = queries.grants(residency_id, state)
    return await paging.page(work.session, statement, Grant.id, GrantView)


@grants_router.get("/{grant_id}", response_model=GrantView)
@allow("incubator_manager", "finance", "supervisor")
async def read_grant(grant: TheGrant) -> Grant:
    """Read one grant."""
    return grant


@grants_router.post("/{grant_id}/review", response_model=GrantView)
@allow("incubator_manager")
async def review_grant(grant: ChangingGrant, work: TheWork) -> Grant:
    """Review it, as somebody else than who proposed it."""
    return actions.review_grant(work, grant)


@grants_router.post("/{grant_id}/approval", response_model=GrantView)
@allow("finance")
async def approve_grant(grant: ChangingGrant, work: TheWork) -> Grant:
    """Approve it, as a third person; the ledger line is written at once."""
    return await actions.approve_grant(work, grant)


@grants_router.post("/{grant_id}/rejection", response_model=GrantView)
@allow("incubator_manager", "finance")
async def reject_grant(change: Rejection, grant: ChangingGrant, work: TheWork) -> Grant:
    """Reject it."""
    return actions.reject_grant(work, grant, change.reason)


@support_router.get("/{residency_id}/support", response_model=SupportView)
@open_to_all
async def read_support(residency: TheResidency, work: TheWork) -> SupportView:
    """Read everything a start-up was given, by every instrument and from every fund."""
    answer = await actions.support_of(work, residency.id)
    work.shown = None  # made of many lines: its ETag is of the answer
    return answer
