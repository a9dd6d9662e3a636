from typing import Annotated

from fastapi import APIRouter

from services.evaluation.evaluators import actions, queries
from services.evaluation.evaluators.lifecycle import EvaluatorState
from services.evaluation.evaluators.models import Evaluator
from services.evaluation.evaluators.rules import BodyKind
from services.evaluation.evaluators.schemas import EvaluatorDraft, EvaluatorView, Experts, Reason
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

router = APIRouter(prefix="/evaluators", tags=["evaluators"], route_class=WorkRoute)

TheEvaluator = Annotated[Evaluator, reading(Evaluator, "evaluator_id")]
ChangingEvaluator = Annotated[Evaluator, changing(Evaluator, "evaluator_id")]


@router.post("", status_code=201, response_model=EvaluatorView)
@allow("supervisor")
async def accredit_evaluator(draft: EvaluatorDraft, work: TheWork) -> Evaluator:
    """Accredit a third-party body with its experts and their ties."""
    return actions.accredit_evaluator(work, draft)


@router.get("", response_model=Page[EvaluatorView])
@open_to_all
async def list_evaluators(
    paging: ThePaging,
    work: TheWork,
    state: EvaluatorState | None = None,
    kind: BodyKind | None = None,
) -> Page[EvaluatorView]:
    """List the bodies that evaluate, advise or train."""
    return await paging.page(
        work.session, queries.evaluators(state, kind), Evaluator.id, EvaluatorView
    )


@router.get("/{evaluator_id}", response_model=EvaluatorView)
@open_to_all
async def read_evaluator(evaluator: TheEvaluator) -> Evaluator:
    """Read one body."""
    return evaluator


@router.put("/{evaluator_id}/experts", response_model=EvaluatorView)
@allow("supervisor", "evaluator")
async def name_experts(change: Experts, evaluator: ChangingEvaluator, work: TheWork) -> Evaluator:
    """Replace the list of experts and the ties they declare."""
    return actions.name_experts(work, evaluator, change)


@router.post("/{evaluator_id}/suspension", response_model=EvaluatorView)
@allow("supervisor")
async def suspend_evaluator(
    change: Reason, evaluator: ChangingEvaluator, work: TheWork
) -> Evaluator:
    """Give the body no new work for now."""
    return actions.suspend_evaluator(work, evaluator, change.reason)


@router.post("/{evaluator_id}/reinstatement", response_model=EvaluatorView)
@allow("supervisor")
async def reinstate_evaluator(evaluator: ChangingEvaluator, work: TheWork) -> Evaluator:
    """Give the body work again."""
    return actions.reinstate_evaluator(work, evaluator)


@router.post("/{evaluator_id}/withdrawal", response_model=EvaluatorView)
@allow("supervisor")
async def withdraw_evaluator(
    change: Reason, evaluator: ChangingEvaluator, work: TheWork
) -> Evaluator:
    """Withdraw the accreditation."""
    return actions.withdraw_evaluator(work, evaluator, change.reason)
