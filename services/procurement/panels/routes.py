from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.procurement.panels import actions, queries
from services.procurement.panels.models import Panel, Scoresheet, Seat
from services.procurement.panels.schemas import (
    Declaration,
    PanelDraft,
    PanelView,
    Replacement,
    ScoresheetDraft,
    ScoresheetView,
    SeatView,
)
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

ThePanel = Annotated[Panel, reading(Panel, "panel_id")]
ChangingPanel = Annotated[Panel, changing(Panel, "panel_id")]
TheSeat = Annotated[Seat, reading(Seat, "seat_id")]
ChangingSeat = Annotated[Seat, changing(Seat, "seat_id")]

BUYERS = ("purchaser", "procurement_agent")


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
