from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.procurement.clients import TheRegistry
from services.procurement.policy.codelists import Method
from services.procurement.policy.figures import METHOD_DEMANDS
from services.procurement.tenders import actions, queries
from services.procurement.tenders.lifecycle import TenderState
from services.procurement.tenders.models import Tender
from services.procurement.tenders.schemas import Cancellation, TenderDraft, TenderView
from shared.days import day_of
from shared.http import (
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

router = APIRouter(prefix="/tenders", tags=["tenders"], route_class=WorkRoute)

TheTender = Annotated[Tender, reading(Tender, "tender_id")]
ChangingTender = Annotated[Tender, changing(Tender, "tender_id")]

BUYERS = ("purchaser", "procurement_agent")


async def _earliest_close(request: Request, tender_id: UUID, registry: TheRegistry) -> date | None:
    """When the method counts its notice in working days, the registry's calendar says until when."""
    async with runtime_of(request).sessions() as session:
        method = await queries.method_of(session, tender_id)
        today = day_of(await queries.business_now(session))
    if method is None:
        return None
    demands = METHOD_DEMANDS[method].on(today)
    if not demands.notice_in_working_days:
        return None
    return (await registry.term(today, demands.notice_days)).ends_on


EarliestClose = Annotated[date | None, Depends(_earliest_close)]


@router.post("", status_code=201, response_model=TenderView)
@allow(*BUYERS)
async def draft_tender(draft: TenderDraft, work: TheWork) -> Tender:
    """Start a tender that only the purchasing side can see."""
    return await actions.draft_tender(work, draft)


@router.get("", response_model=Page[TenderView])
@open_to_all
async def list_tenders(
    paging: ThePaging,
    actor: TheActor,
    work: TheWork,
    state: TenderState | None = None,
    method: Method | None = None,
    project_id: UUID | None = None,
) -> Page[TenderView]:
    """List the tenders the caller may see."""
    statement = queries.tenders(actor, state, method, project_id)
    return await paging.page(work.session, statement, Tender.id, TenderView)


@router.get("/{tender_id}", response_model=TenderView)
@open_to_all
async def read_tender(tender: TheTender) -> Tender:
    """Read what the law makes public of a tender."""
    return tender


@router.put("/{tender_id}", response_model=TenderView)
@allow(*BUYERS)
async def change_tender(draft: TenderDraft, tender: ChangingTender, work: TheWork) -> Tender:
    """Put a new document in place of a draft."""
    return await actions.change_tender(work, tender, draft)


@router.post("/{tender_id}/publication", response_model=TenderView)
@allow("purchaser")
async def publish_tender(
    earliest_close: EarliestClose, tender: ChangingTender, work: TheWork
) -> Tender:
    """Open the tender to bidders and freeze its seal policy."""
    return await actions.publish_tender(work, tender, earliest_close)


@router.post("/{tender_id}/cancellation", response_model=TenderView)
@allow("purchaser")
async def cancel_tender(
    cancellation: Cancellation, tender: ChangingTender, work: TheWork
) -> Tender:
    """Give the tender up; sealed bids then stay sealed for ever."""
    return await actions.cancel_tender(work, tender, cancellation.reason)
