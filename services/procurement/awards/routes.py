from collections.abc import Mapping
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.procurement.awards import actions, queries
from services.procurement.awards.actions import Due
from services.procurement.awards.lifecycle import AwardState
from services.procurement.awards.models import Award
from services.procurement.awards.schemas import AwardView, Confirmation, Refusal
from services.procurement.clients import (
    SupplierFacts,
    TheEvaluation,
    TheRegistry,
    facts_of_suppliers,
)
from services.procurement.panels.queries import panel_of, sheets_of
from services.procurement.policy.figures import (
    DECISION_WORKING_DAYS,
    NOTICE_WORKING_DAYS,
    REPORT_WORKING_DAYS,
)
from services.procurement.reviews.queries import qualified_codes
from services.procurement.tenders.models import Tender
from services.procurement.tenders.queries import business_now, tender_of
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

tender_router = APIRouter(prefix="/tenders", tags=["awards"], route_class=WorkRoute)
router = APIRouter(prefix="/awards", tags=["awards"], route_class=WorkRoute)

ChangingTender = Annotated[Tender, changing(Tender, "tender_id")]
TheAward = Annotated[Award, reading(Award, "award_id")]
ChangingAward = Annotated[Award, changing(Award, "award_id")]

BUYERS = ("purchaser", "procurement_agent")


async def _facts_of_candidates(
    request: Request, tender_id: UUID, registry: TheRegistry, evaluation: TheEvaluation
) -> Mapping[str, SupplierFacts]:
    """What decides a tie: grade and inspections of each candidate on the day of the deadline."""
    async with runtime_of(request).sessions() as session:
        tender = await tender_of(session, tender_id)
        codes = await qualified_codes(session, tender_id)
    if tender is None:
        return {}
    return await facts_of_suppliers(registry, evaluation, codes, day_of(tender.closes_at))


async def _due_after_the_review(request: Request, tender_id: UUID, registry: TheRegistry) -> Due:
    """The report is counted from the last scoresheet, the decision from today."""
    async with runtime_of(request).sessions() as session:
        today = day_of(await business_now(session))
        panel = await panel_of(session, tender_id)
        sheets = await sheets_of(session, panel.id) if panel else []
    scored_on = max((sheet.submitted_on for sheet in sheets), default=today)
    report = await registry.term(scored_on, REPORT_WORKING_DAYS.on(scored_on))
    decision = await registry.term(today, DECISION_WORKING_DAYS.on(today))
    return Due(report.ends_on, decision.ends_on, report.provisional or decision.provisional)


async def _notice_due(request: Request, registry: TheRegistry) -> date:
    async with runtime_of(request).sessions() as session:
        today = day_of(await business_now(session))
    return (await registry.term(today, NOTICE_WORKING_DAYS.on(today))).ends_on


FactsOfCandidates = Annotated[Mapping[str, SupplierFacts], Depends(_facts_of_candidates)]
DueAfterTheReview = Annotated[Due, Depends(_due_after_the_review)]
NoticeDue = Annotated[date, Depends(_notice_due)]


@tender_router.post("/{tender_id}/award", status_code=201, response_model=AwardView)
@allow(*BUYERS)
async def recommend_award(
    facts: FactsOfCandidates, due: DueAfterTheReview, tender: ChangingTender, work: TheWork
) -> Award:
    """Rank the qualified bids and hand the report to the purchaser."""
    award = await actions.recommend_award(work, tender, facts, due)
    work.shown = award
    return award


@router.get("", response_model=Page[AwardView])
@open_to_all
async def list_awards(
    paging: ThePaging,
    actor: TheActor,
    work: TheWork,
    state: AwardState | None = None,
    tender_id: UUID | None = None,
    credit_code: CreditCode | None = None,
) -> Page[AwardView]:
    """List the awards the caller may see."""
    statement = queries.awards(actor, state, tender_id, credit_code)
    return await paging.page(work.session, statement, Award.id, AwardView)


@router.get("/{award_id}", response_model=AwardView)
@open_to_all
async def read_award(award: TheAward) -> Award:
    """Read a ranking in which every place explains itself."""
    return award


@router.post("/{award_id}/confirmation", response_model=AwardView)
@allow("purchaser")
async def confirm_award(
    confirmation: Confirmation, notice_due: NoticeDue, award: ChangingAward, work: TheWork
) -> Award:
    """Decide for the first in the order recommended."""
    return await actions.confirm_award(work, award, confirmation, notice_due)


@router.post("/{award_id}/notice", response_model=AwardView)
@allow(*BUYERS)
async def announce_award(award: ChangingAward, work: TheWork) -> Award:
    """Announce the result with the names of the experts."""
    return await actions.announce_award(work, award)


@router.post("/{award_id}/refusal", response_model=AwardView)
@allow("agency", "purchaser")
async def refuse_award(refusal: Refusal, award: ChangingAward, work: TheWork) -> Award:
    """Record that the winner does not sign."""
    return actions.refuse_award(work, award, refusal.reason)


@router.post("/{award_id}/succession", response_model=AwardView)
@allow("purchaser")
async def pass_on_award(
    confirmation: Confirmation, notice_due: NoticeDue, award: ChangingAward, work: TheWork
) -> Award:
    """Decide for the next in order after a refusal."""
    return await actions.pass_on_award(work, award, confirmation, notice_due)


@router.post("/{award_id}/voiding", response_model=AwardView)
@allow("purchaser")
async def void_award(refusal: Refusal, award: ChangingAward, work: TheWork) -> Award:
    """Start anew after a refusal: the tender fails."""
    return await actions.void_award(work, award, refusal.reason)
