from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.incubator.residencies.models import Residency
from services.incubator.residencies.schemas import ResidencyView
from services.incubator.venues import actions, queries
from services.incubator.venues.lifecycle import VenueState
from services.incubator.venues.models import Allocation, Venue
from services.incubator.venues.schemas import (
    AllocationDraft,
    AllocationView,
    VenueDraft,
    VenueView,
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

router = APIRouter(prefix="/venues", tags=["venues"], route_class=WorkRoute)
allocations_router = APIRouter(prefix="/allocations", tags=["venues"], route_class=WorkRoute)

handover_router = APIRouter(prefix="/residencies", tags=["venues"], route_class=WorkRoute)

TheVenue = Annotated[Venue, reading(Venue, "venue_id")]
ChangingVenue = Annotated[Venue, changing(Venue, "venue_id")]
TheAllocation = Annotated[Allocation, reading(Allocation, "allocation_id")]
ChangingAllocation = Annotated[Allocation, changing(Allocation, "allocation_id")]
ChangingResidency = Annotated[Residency, changing(Residency, "residency_id")]


@router.post("", status_code=201, response_model=VenueView)
@allow("incubator_manager")
async def add_venue(draft: VenueDraft, work: TheWork) -> Venue:
    """Add a room, desk or piece of equipment."""
    return await actions.add_venue(work, draft)


@router.get("", response_model=Page[VenueView])
@open_to_all
async def list_venues(
    paging: ThePaging,
    work: TheWork,
    base_id: UUID | None = None,
    state: VenueState | None = None,
) -> Page[VenueView]:
    """List the venues of a base."""
    return await paging.page(work.session, queries.venues(base_id, state), Venue.id, VenueView)


@router.get("/{venue_id}", response_model=VenueView)
@open_to_all
async def read_venue(venue: TheVenue) -> Venue:
    """Read one venue."""
    return venue


@router.post("/{venue_id}/withdrawal", response_model=VenueView)
@allow("incubator_manager")
async def withdraw_venue(venue: ChangingVenue, work: TheWork) -> Venue:
    """Give the venue to nobody any more."""
    return actions.withdraw_venue(work, venue)


@router.post("/{venue_id}/allocations", status_code=201, response_model=AllocationView)
@allow("incubator_manager")
async def allocate_venue(draft: AllocationDraft, venue: TheVenue, work: TheWork) -> Allocation:
    """Give the venue to a resident for some days; never to two at once."""
    return await actions.allocate_venue(work, venue, draft)


@allocations_router.get("", response_model=Page[AllocationView])
@open_to_all
async def list_allocations(
    paging: ThePaging,
    work: TheWork,
    venue_id: UUID | None = None,
    residency_id: UUID | None = None,
) -> Page[AllocationView]:
    """List who has which venue when."""
    statement = queries.allocations(venue_id, residency_id)
    return await paging.page(work.session, statement, Allocation.id, AllocationView)


@allocations_router.get("/{allocation_id}", response_model=AllocationView)
@open_to_all
async def read_allocation(allocation: TheAllocation) -> Allocation:
    """Read one allocation."""
    return allocation


@allocations_router.post("/{allocation_id}/return", response_model=AllocationView)
@allow("incubator_manager")
async def return_venue(allocation: ChangingAllocation, work: TheWork) -> Allocation:
    """Take the venue back before the end of its allocation."""
    return actions.return_venue(work, allocation)


@handover_router.post("/{residency_id}/hand-over", response_model=ResidencyView)
@allow("incubator_manager")
async def hand_over(residency: ChangingResidency, work: TheWork) -> Residency:
    """Confirm that everything was handed over; rooms become free."""
    return await actions.hand_over(work, residency)
