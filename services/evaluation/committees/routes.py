from typing import Annotated

from fastapi import APIRouter

from services.evaluation.committees import actions, queries
from services.evaluation.committees.lifecycle import CommitteeState
from services.evaluation.committees.models import Committee
from services.evaluation.committees.schemas import CommitteeDraft, CommitteeView
from shared.http import Page, ThePaging, TheWork, WorkRoute, allow, changing, reading

router = APIRouter(prefix="/committees", tags=["committees"], route_class=WorkRoute)

TheCommittee = Annotated[Committee, reading(Committee, "committee_id")]
ChangingCommittee = Annotated[Committee, changing(Committee, "committee_id")]


@router.post("", status_code=201, response_model=CommitteeView)
@allow("supervisor")
async def seat_committee(draft: CommitteeDraft, work: TheWork) -> Committee:
    """Seat an evaluation committee for one term."""
    return actions.seat_committee(work, draft)


@router.get("", response_model=Page[CommitteeView])
@allow("supervisor", "panellist")
async def list_committees(
    paging: ThePaging, work: TheWork, state: CommitteeState | None = None
) -> Page[CommitteeView]:
    """List the evaluation committees; a panellist those it sits on."""
    statement = queries.committees_seen_by(work.actor, state)
    return await paging.page(work.session, statement, Committee.id, CommitteeView)


@router.get("/{committee_id}", response_model=CommitteeView)
@allow("supervisor", "panellist")
async def read_committee(committee: TheCommittee) -> Committee:
    """Read one committee with its members."""
    return committee


@router.post("/{committee_id}/dissolution", response_model=CommitteeView)
@allow("supervisor")
async def dissolve_committee(committee: ChangingCommittee, work: TheWork) -> Committee:
    """Dissolve the committee; it takes no new ballots."""
    return actions.dissolve_committee(work, committee)
