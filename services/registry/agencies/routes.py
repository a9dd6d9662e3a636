"""The register of agencies."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from services.registry.agencies import actions, queries
from services.registry.agencies.lifecycle import AgencyState
from services.registry.agencies.models import Agency, Charter, Governor, Suspension
from services.registry.agencies.schemas import (
    AgencyView,
    BodiesDraft,
    Cancellation,
    CharterAmendment,
    CharterView,
    GovernorView,
    PartyOrganisationDraft,
    SuspensionOrder,
    SuspensionView,
)
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

router = APIRouter(prefix="/agencies", tags=["agencies"], route_class=WorkRoute)

TheAgency = Annotated[Agency, reading(Agency, "credit_code")]
ChangingAgency = Annotated[Agency, changing(Agency, "credit_code")]


@router.get("", response_model=Page[AgencyView])
@open_to_all
async def list_agencies(
    paging: ThePaging,
    work: TheWork,
    state: AgencyState | None = None,
    category: Annotated[str | None, Query(max_length=40)] = None,
    seat_division: Annotated[str | None, Query(pattern=r"^\d{9}$")] = None,
    name: Annotated[str | None, Query(max_length=200, description="The whole name")] = None,
) -> Page[AgencyView]:
    """List the agencies on the register, oldest entry first."""
    statement = queries.agencies(
        state=state, category=category, seat_division=seat_division, name=name
    )
    return await paging.page(work.session, statement, Agency.id, AgencyView)


@router.get("/{credit_code}", response_model=AgencyView)
@open_to_all
async def read_agency(agency: TheAgency) -> Agency:
    """Read what the register says of an agency."""
    return agency


@router.post("/{credit_code}/suspension", response_model=AgencyView)
@allow("supervisor")
async def suspend_agency(order: SuspensionOrder, agency: ChangingAgency, work: TheWork) -> Agency:
    """Order an agency to stop its work."""
    before = await queries.suspensions_of(work.session, agency.id)
    return actions.suspend_agency(work, agency, order, before)


@router.post("/{credit_code}/reinstatement", response_model=AgencyView)
@allow("supervisor")
async def reinstate_agency(agency: ChangingAgency, work: TheWork) -> Agency:
    """Let a suspended agency work again."""
    before = await queries.suspensions_of(work.session, agency.id)
    return actions.reinstate_agency(work, agency, before)


@router.get("/{credit_code}/suspensions", response_model=list[SuspensionView])
@open_to_all
async def list_suspensions(agency: TheAgency, work: TheWork) -> Sequence[Suspension]:
    """List when an agency was suspended, and why."""
    return await queries.suspensions_of(work.session, agency.id)


@router.post("/{credit_code}/cancellation", response_model=AgencyView)
@allow("registrar")
async def cancel_agency(order: Cancellation, agency: ChangingAgency, work: TheWork) -> Agency:
    """Take an agency off the register after its liquidation."""
    before = await queries.suspensions_of(work.session, agency.id)
    return actions.cancel_agency(work, agency, order, before)


@router.post("/{credit_code}/bodies", status_code=201, response_model=list[GovernorView])
@allow("agency", "registrar")
async def seat_bodies(
    draft: BodiesDraft, agency: ChangingAgency, work: TheWork
) -> Sequence[Governor]:
    """Seat the council and the board of supervisors (4.3(3))."""
    return await actions.seat_bodies(work, agency, draft)


@router.get("/{credit_code}/bodies", response_model=list[GovernorView])
@open_to_all
async def list_bodies(agency: TheAgency, work: TheWork) -> Sequence[Governor]:
    """List who sits in the council and among the supervisors today."""
    return await queries.governors_on(work.session, agency.id, work.today)


@router.get("/{credit_code}/charters", response_model=list[CharterView])
@open_to_all
async def list_charters(agency: TheAgency, work: TheWork) -> Sequence[Charter]:
    """List every version of an agency's charter."""
    return await queries.charters_of(work.session, agency.id)


@router.post("/{credit_code}/charters", status_code=201, response_model=CharterView)
@allow("registrar")
async def amend_charter(draft: CharterAmendment, agency: ChangingAgency, work: TheWork) -> Charter:
    """Approve a change of the charter that the council resolved."""
    return await actions.amend_charter(work, agency, draft)


@router.post("/{credit_code}/party-organisation", response_model=AgencyView)
@allow("agency", "registrar")
async def record_party_organisation(
    draft: PartyOrganisationDraft, agency: ChangingAgency, work: TheWork
) -> Agency:
    """Record the Party organisation that covers the agency (4.5(1))."""
    return actions.record_party_organisation(work, agency, draft)
