from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response

from services.procurement.openings.record import technical_part
from services.procurement.panels import actions, queries
from services.procurement.panels.models import RUNS_PANELS, Panel, Scoresheet, Seat
from services.procurement.panels.schemas import (
    Declaration,
    PanelDraft,
    PanelView,
    Replacement,
    ScoresheetDraft,
    ScoresheetView,
    SeatView,
)
from shared.errors import NotFound
from shared.http import (
    Page,
    TheActor,
    ThePaging,
    TheWork,
    WorkRoute,
    allow,
    changing,
    reading,
)

panels_router = APIRouter(prefix="/panels", tags=["panels"], route_class=WorkRoute)
seats_router = APIRouter(prefix="/seats", tags=["panels"], route_class=WorkRoute)
bids_router = APIRouter(prefix="/openings/{tender_id}", tags=["openings"], route_class=WorkRoute)

AnyPanel = Annotated[Panel, reading(Panel, "panel_id")]


async def _own_panel(panel: AnyPanel, work: TheWork) -> Panel:
    """Those who run panels see all of them, a panellist the one it sits on."""
    runs = work.actor.has(*RUNS_PANELS)
    if not runs and not await queries.has_seat(work.session, panel.id, work.actor.client_id):
        raise NotFound()
    return panel


ThePanel = Annotated[Panel, Depends(_own_panel)]
ChangingPanel = Annotated[Panel, changing(Panel, "panel_id")]
TheSeat = Annotated[Seat, reading(Seat, "seat_id")]
ChangingSeat = Annotated[Seat, changing(Seat, "seat_id")]

Bidder = Annotated[str, Path(pattern=r"^[0-9A-Z]{18}$", description="A bidder's credit code")]

BUYERS = ("purchaser", "procurement_agent")
READ_BIDS = (*BUYERS, "supervisor", "auditor")


@panels_router.post("", status_code=201, response_model=PanelView)
@allow(*BUYERS)
async def form_panel(draft: PanelDraft, work: TheWork) -> Panel:
    """Form the panel of a tender from a recorded random draw."""
    return await actions.form_panel(work, draft)


@panels_router.get("/{panel_id}", response_model=PanelView)
@allow(*BUYERS, "panellist")
async def read_panel(panel: ThePanel) -> Panel:
    """Read how a panel stands."""
    return panel


@panels_router.get("/{panel_id}/seats", response_model=Page[SeatView])
@allow(*BUYERS, "panellist")
async def list_seats(
    panel: ThePanel, paging: ThePaging, actor: TheActor, work: TheWork
) -> Page[SeatView]:
    """List the members; a panellist sees only its own seat."""
    return await paging.page(work.session, queries.seats(actor, panel.id), Seat.id, SeatView)


@panels_router.post("/{panel_id}/seating", response_model=PanelView)
@allow("purchaser")
async def seat_panel(panel: ChangingPanel, work: TheWork) -> Panel:
    """Let the evaluation begin."""
    return await actions.seat_panel(work, panel)


@panels_router.post("/{panel_id}/scoresheets", status_code=201, response_model=ScoresheetView)
@allow("panellist")
async def hand_in_scores(panel_id: UUID, draft: ScoresheetDraft, work: TheWork) -> Scoresheet:
    """Hand in one's own scores, once and for all."""
    return await actions.hand_in_scores(work, panel_id, draft)


@panels_router.get("/{panel_id}/scoresheets", response_model=Page[ScoresheetView])
@allow(*BUYERS, "panellist")
async def list_scoresheets(
    panel: ThePanel, paging: ThePaging, actor: TheActor, work: TheWork
) -> Page[ScoresheetView]:
    """List the scoresheets one may see: one's own, and all once all are in."""
    return await paging.page(
        work.session, queries.scoresheets(actor, panel.id), Scoresheet.id, ScoresheetView
    )


@seats_router.get("/{seat_id}", response_model=SeatView)
@allow(*BUYERS, "panellist")
async def read_seat(seat: TheSeat) -> Seat:
    """Read one seat."""
    return seat


@seats_router.post("/{seat_id}/declaration", response_model=SeatView)
@allow("panellist")
async def declare_interests(declaration: Declaration, seat: ChangingSeat, work: TheWork) -> Seat:
    """Declare one's interests in the bidders; none is an empty list."""
    return await actions.declare_interests(work, seat, declaration)


@seats_router.post("/{seat_id}/replacement", status_code=201, response_model=SeatView)
@allow(*BUYERS)
async def replace_member(replacement: Replacement, seat: ChangingSeat, work: TheWork) -> Seat:
    """Replace a member who steps aside by one newly drawn."""
    return await actions.replace_member(work, seat, replacement)


@bids_router.get("/bids/{credit_code}/technical", response_class=Response)
@allow("panellist", *BUYERS, "supervisor")
async def read_technical_part(tender_id: UUID, credit_code: Bidder, work: TheWork) -> Response:
    """Read the technical part of an opened bid; a panellist where it sits."""
    actor = work.actor
    if not actor.has(*READ_BIDS) and not await queries.sits_for(
        work.session, tender_id, actor.client_id
    ):
        raise NotFound()
    content = await technical_part(work, tender_id, credit_code)
    return Response(
        content,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{credit_code}-technical"'},
    )
