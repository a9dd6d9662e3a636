from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.procurement.clients import (
    SupplierFacts,
    TheEvaluation,
    TheRegistry,
    facts_of_suppliers,
)
from services.procurement.openings.queries import opened_bids
from services.procurement.reviews import actions, queries
from services.procurement.reviews.models import Review
from services.procurement.reviews.schemas import QualificationView, ReviewDraft, ReviewView
from services.procurement.tenders.models import Tender
from services.procurement.tenders.queries import tender_of
from shared.days import day_of
from shared.errors import NotFound
from shared.http import TheWork, WorkRoute, allow, changing, reading
from shared.runtime import runtime_of
from shared.work import Work

router = APIRouter(prefix="/tenders", tags=["reviews"], route_class=WorkRoute)

TheTender = Annotated[Tender, reading(Tender, "tender_id")]
ChangingTender = Annotated[Tender, changing(Tender, "tender_id")]


async def _facts_of_bidders(
    request: Request, tender_id: UUID, registry: TheRegistry, evaluation: TheEvaluation
) -> Mapping[str, SupplierFacts]:
    """Registry standing and evaluation grade of each bidder, on the day of the deadline."""
    async with runtime_of(request).sessions() as session:
        tender = await tender_of(session, tender_id)
        bids = await opened_bids(session, tender_id)
    if tender is None:
        return {}
    codes = [bid.credit_code for bid in bids]
    return await facts_of_suppliers(registry, evaluation, codes, day_of(tender.closes_at))


FactsOfBidders = Annotated[Mapping[str, SupplierFacts], Depends(_facts_of_bidders)]


@router.post("/{tender_id}/review", status_code=201, response_model=ReviewView)
@allow("purchaser")
async def review_bidders(
    draft: ReviewDraft, facts: FactsOfBidders, tender: ChangingTender, work: TheWork
) -> ReviewView:
    """Say of every bidder whether it is qualified, and why."""
    review = await actions.review_bidders(work, tender, draft, facts)
    return await _view(work, review)


@router.get("/{tender_id}/review", response_model=ReviewView)
@allow("purchaser", "procurement_agent", "service", "agency")
async def read_review(tender: TheTender, work: TheWork) -> ReviewView:
    """Read who is qualified and the facts each verdict rests on; a bidder reads its own."""
    review = await queries.review_seen_by(work.session, work.actor, tender.id)
    if review is None:
        raise NotFound()
    return await _view(work, review)


async def _view(work: Work, review: Review) -> ReviewView:
    await work.session.flush()
    work.shown = review
    found = await queries.qualifications_seen_by(work.session, work.actor, review.tender_id)
    return ReviewView(
        id=review.id,
        version=review.version,
        state=review.state,
        tender_id=review.tender_id,
        bidders=review.bidders,
        qualified=review.qualified,
        created_at=review.created_at,
        qualifications=[QualificationView.model_validate(one) for one in found],
    )
