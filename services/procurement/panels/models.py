from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.procurement.database import Base
from services.procurement.panels.lifecycle import PANEL, SCORESHEET, SEAT, SheetState
from shared.actor import Actor
from shared.database.base import Aggregate

RUNS_PANELS = ("purchaser", "procurement_agent", "auditor", "service")


class Panel(Aggregate, Base):
    """Who evaluates the bids of one tender (评标委员会)."""

    __tablename__ = "panel"
    lifecycle = PANEL

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), unique=True)
    source: Mapped[str] = mapped_column(String(20))
    draw: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The signed record of the draw, as the pool issued it."""

    def visible_to(self, actor: Actor) -> bool:
        return actor.has(*RUNS_PANELS, "panellist")

    def public(self) -> dict[str, Any]:
        return {"tender_id": str(self.tender_id)}


class Seat(Aggregate, Base):
    """One member of a panel. Names stay secret until the result is announced."""

    __tablename__ = "seat"
    lifecycle = SEAT

    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panel.id"), index=True)
    client_id: Mapped[str] = mapped_column(String(120), index=True)
    name: Mapped[str]
    organisation: Mapped[str]
    expert: Mapped[bool]
    interests: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)

    def visible_to(self, actor: Actor) -> bool:
        return actor.has(*RUNS_PANELS) or actor.client_id == self.client_id

    def public(self) -> dict[str, Any]:
        return {"panel_id": str(self.panel_id)}


class Scoresheet(Aggregate, Base):
    """One panellist's points for every bidder and factor: handed in once, sealed until all are in."""

    __tablename__ = "scoresheet"
    __table_args__ = (UniqueConstraint("panel_id", "seat_id"),)
    lifecycle = SCORESHEET

    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panel.id"))
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    submitted_on: Mapped[date]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Points as text with two places: what is written is what counts."""

    def visible_to(self, actor: Actor) -> bool:
        if self.state == SheetState.SEALED:
            return actor.client_id == self.created_by
        return actor.has(*RUNS_PANELS, "panellist")

    def withheld(self) -> frozenset[str]:
        """Points are told with the unsealing, to everybody at once."""
        return frozenset({"lines"} if self.state == SheetState.SEALED else ())

    def public(self) -> dict[str, Any]:
        return {"panel_id": str(self.panel_id)}
