from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.incubator.clients import HandOverTerm
from services.incubator.residencies import actions, queries
from services.incubator.residencies.lifecycle import ResidencyState
from services.incubator.residencies.models import Residency
from services.incubator.residencies.schemas import (
    Attainment,
    DossierView,
    FoundingFile,
    Leaving,
    MilestoneDraft,
    MilestonesView,
    MilestoneView,
    ResidencyDraft,
    ResidencyView,
)
from shared.errors import NotFound
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

router = APIRouter(prefix="/residencies", tags=["residencies"], route_class=WorkRoute)

TheResidency = Annotated[Residency, reading(Residency, "residency_id")]
ChangingResidency = Annotated[Residency, changing(Residency, "residency_id")]


@router.post("", status_code=201, response_model=ResidencyView)
@allow("incubator_manager")
async def begin_stay(draft: ResidencyDraft, work: TheWork) -> Residency:
    """Take in a chosen candidate."""
    return await actions.begin_stay(work, draft)


@router.get("", response_model=Page[ResidencyView])
@open_to_all
async def list_residencies(
    paging: ThePaging,
    work: TheWork,
    base_id: UUID | None = None,
    state: ResidencyState | None = None,
) -> Page[ResidencyView]:
    """List who stays or stayed in the base."""
    statement = queries.residencies(base_id, state)
    return await paging.page(work.session, statement, Residency.id, ResidencyView)


@router.get("/{residency_id}", response_model=ResidencyView)
@open_to_all
async def read_residency(residency: TheResidency) -> Residency:
    """Read one stay."""
    return residency


@router.get("/{residency_id}/milestones", response_model=MilestonesView)
@open_to_all
async def list_milestones(residency: TheResidency, work: TheWork) -> MilestonesView:
    """List what is to be reached in each stage."""
    found = await queries.milestones(work.session, residency.id)
    return MilestonesView(items=[MilestoneView.model_validate(one) for one in found])


@router.post("/{residency_id}/milestones", status_code=201, response_model=ResidencyView)
@allow("incubator_manager")
async def set_milestone(
    draft: MilestoneDraft, residency: ChangingResidency, work: TheWork
) -> Residency:
    """Set a milestone for a stage."""
    return actions.set_milestone(work, residency, draft)


@router.post("/{residency_id}/milestones/{milestone_id}/attainment", response_model=ResidencyView)
@allow("incubator_manager")
async def reach_milestone(
    milestone_id: UUID, change: Attainment, residency: ChangingResidency, work: TheWork
) -> Residency:
    """Confirm that a milestone was reached."""
    return await actions.reach_milestone(work, residency, milestone_id, change.proof)


@router.put("/{residency_id}/file", response_model=ResidencyView)
@allow("agency")
async def keep_file(given: FoundingFile, residency: ChangingResidency, work: TheWork) -> Residency:
    """Keep one's founding file, as a whole."""
    return actions.keep_file(work, residency, given)


@router.get("/{residency_id}/dossier", response_model=DossierView)
@allow("service", "agency")
async def read_dossier(residency: TheResidency, work: TheWork) -> DossierView:
    """Read the start-up's file: for itself, and for the registry when it graduates."""
    if not work.actor.has("service") and not work.actor.owns(residency):
        raise NotFound()
    return actions.dossier(residency)


@router.post("/{residency_id}/advancement", response_model=ResidencyView)
@allow("incubator_manager")
async def advance_residency(residency: ChangingResidency, work: TheWork) -> Residency:
    """Advance to the next stage, when every milestone of this one is reached."""
    return await actions.advance_residency(work, residency)


@router.post("/{residency_id}/graduation", response_model=ResidencyView)
@allow("incubator_manager")
async def graduate(term: HandOverTerm, residency: ChangingResidency, work: TheWork) -> Residency:
    """Graduate the start-up; its registration application is born from its file."""
    return await actions.graduate(work, residency, term)


@router.post("/{residency_id}/departure", response_model=ResidencyView)
@allow("incubator_manager")
async def leave(
    change: Leaving, term: HandOverTerm, residency: ChangingResidency, work: TheWork
) -> Residency:
    """End the stay before the start-up has hatched."""
    return actions.leave(work, residency, term, change.reason)
