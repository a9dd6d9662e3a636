from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.procurement.panels.lifecycle import SeatState, SheetState
from services.procurement.panels.models import RUNS_PANELS, Panel, Scoresheet, Seat
from shared.actor import Actor


async def panel_of(session: AsyncSession, tender_id: UUID) -> Panel | None:
    found: Panel | None = await session.scalar(select(Panel).where(Panel.tender_id == tender_id))
    return found


async def panel_for_update(session: AsyncSession, panel_id: UUID) -> Panel | None:
    return await session.get(Panel, panel_id, with_for_update=True)


async def sitting_seats(session: AsyncSession, panel_id: UUID) -> Sequence[Seat]:
    """The seats that count: whoever was replaced does not."""
    statement = (
        select(Seat)
        .where(Seat.panel_id == panel_id, Seat.state != SeatState.REPLACED)
        .order_by(Seat.id)
    )
    return (await session.scalars(statement)).all()


async def seat_of(session: AsyncSession, panel_id: UUID, client_id: str) -> Seat | None:
    found: Seat | None = await session.scalar(
        select(Seat).where(
            Seat.panel_id == panel_id,
            Seat.client_id == client_id,
            Seat.state == SeatState.DECLARED,
        )
    )
    return found


async def sits_for(session: AsyncSession, tender_id: UUID, client_id: str) -> bool:
    """Whether that person sits on the tender's panel and has not stepped aside."""
    statement = (
        select(func.count())
        .select_from(Seat)
        .join(Panel, Panel.id == Seat.panel_id)
        .where(
            Panel.tender_id == tender_id,
            Seat.client_id == client_id,
            Seat.state.in_((SeatState.DRAWN, SeatState.DECLARED)),
        )
    )
    return bool(await session.scalar(statement))


async def has_seat(session: AsyncSession, panel_id: UUID, client_id: str) -> bool:
    """Whether that person has, or had, a seat in the panel."""
    statement = select(func.count()).where(Seat.panel_id == panel_id, Seat.client_id == client_id)
    return bool(await session.scalar(statement))


def seats(actor: Actor, panel_id: UUID) -> Select[Seat]:
    statement = select(Seat).where(Seat.panel_id == panel_id)
    if not actor.has(*RUNS_PANELS):
        statement = statement.where(Seat.client_id == actor.client_id)
    return statement


def scoresheets(actor: Actor, panel_id: UUID) -> Select[Scoresheet]:
    """One's own; all of them once all are in."""
    return select(Scoresheet).where(
        Scoresheet.panel_id == panel_id,
        or_(Scoresheet.state == SheetState.REVEALED, Scoresheet.created_by == actor.client_id),
    )


async def sheets_of(session: AsyncSession, panel_id: UUID) -> Sequence[Scoresheet]:
    statement = select(Scoresheet).where(Scoresheet.panel_id == panel_id).order_by(Scoresheet.id)
    return (await session.scalars(statement)).all()


async def has_handed_in(session: AsyncSession, panel_id: UUID, seat_id: UUID) -> bool:
    statement = select(func.count()).where(
        Scoresheet.panel_id == panel_id, Scoresheet.seat_id == seat_id
    )
    return bool(await session.scalar(statement))
