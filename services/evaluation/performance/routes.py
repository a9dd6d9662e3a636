from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.evaluation.performance import actions, queries
from services.evaluation.performance.lifecycle import PerformanceState
from services.evaluation.performance.models import Performance
from services.evaluation.performance.schemas import (
    AssignmentDraft,
    ObjectionAnswer,
    ObjectionDraft,
    PerformanceView,
    ScoringDraft,
)
from shared.http import (
    CreditCode,
    Page,
    ThePaging,
    TheWork,
    WorkRoute,
    allow,
    changing,
    open_to_all,
    reading,
)

router = APIRouter(prefix="/performances", tags=["performance"], route_class=WorkRoute)

ThePerformance = Annotated[Performance, reading(Performance, "performance_id")]
ChangingPerformance = Annotated[Performance, changing(Performance, "performance_id")]


@router.get("", response_model=Page[PerformanceView])
@open_to_all
async def list_performances(
    paging: ThePaging,
    work: TheWork,
    state: PerformanceState | None = None,
    contract_id: UUID | None = None,
    credit_code: CreditCode | None = None,
) -> Page[PerformanceView]:
    """List evaluations of projects: the concluded ones, and one's own."""
    statement = queries.performances_seen_by(work.actor, state, contract_id, credit_code)
    return await paging.page(work.session, statement, Performance.id, PerformanceView)


@router.get("/{performance_id}", response_model=PerformanceView)
@open_to_all
async def read_performance(performance: ThePerformance) -> Performance:
    """Read the evaluation of one stage of a project."""
    return performance


@router.post("/{performance_id}/assignment", response_model=PerformanceView)
@allow("supervisor")
async def assign_performance(
    draft: AssignmentDraft, performance: ChangingPerformance, work: TheWork
) -> Performance:
    """Give the evaluation to an independent body, with the items it will score by."""
    return await actions.assign_evaluator(work, performance, draft)


@router.post("/{performance_id}/score", response_model=PerformanceView)
@allow("evaluator")
async def score_project(
    draft: ScoringDraft, performance: ChangingPerformance, work: TheWork
) -> Performance:
    """Score the project: judged items, and satisfaction from the survey's counts."""
    return actions.score_project(work, performance, draft)


@router.post("/{performance_id}/objection", response_model=PerformanceView)
@allow("agency")
async def object_to_score(
    draft: ObjectionDraft, performance: ChangingPerformance, work: TheWork
) -> Performance:
    """Object to the score before it is announced."""
    return actions.object_to_score(work, performance, draft.grounds)


@router.post("/{performance_id}/objection/answer", response_model=PerformanceView)
@allow("supervisor")
async def answer_performance_objection(
    answer: ObjectionAnswer, performance: ChangingPerformance, work: TheWork
) -> Performance:
    """Answer the agency's objection."""
    return actions.answer_objection(work, performance, answer)


@router.post("/{performance_id}/conclusion", response_model=PerformanceView)
@allow("supervisor")
async def conclude_performance(performance: ChangingPerformance, work: TheWork) -> Performance:
    """Announce the result; payment and standing follow from it."""
    return actions.conclude_performance(work, performance)
