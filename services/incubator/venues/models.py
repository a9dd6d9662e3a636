from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import column

from services.incubator.database import Base
from services.incubator.venues.lifecycle import ALLOCATION, VENUE
from shared.database.base import Aggregate
from shared.money import Money


class Venue(Aggregate, Base):
    """A room, desk or piece of equipment of the base (场所)."""

    __tablename__ = "venue"
    __table_args__ = (
        CheckConstraint("monthly_value >= 0", name="value_not_negative"),
        Index("ix_venue_base_id_id", "base_id", "id"),
    )
    lifecycle = VENUE

    base_id: Mapped[UUID] = mapped_column(ForeignKey("base.id"))
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(20))
    capacity: Mapped[int]
    monthly_value: Mapped[Money]
    """What it would cost on the market: provided free, it is support of that value."""

    def public(self) -> dict[str, Any]:
        return {"base_id": self.base_id, "name": self.name, "kind": self.kind}


class Allocation(Aggregate, Base):
    """A venue given to a resident for some days, both included. No two may overlap."""

    __tablename__ = "allocation"
    __table_args__ = (
        ExcludeConstraint(
            (column("venue_id"), "="),
            (func.daterange(column("starts_on"), column("ends_on"), "[]"), "&&"),
            name="ex_allocation_no_double_booking",
            using="gist",
        ),
        CheckConstraint("starts_on <= ends_on", name="in_order"),
        Index("ix_allocation_residency_id_id", "residency_id", "id"),
        Index("ix_allocation_venue_id_id", "venue_id", "id"),
    )
    lifecycle = ALLOCATION

    venue_id: Mapped[UUID] = mapped_column(ForeignKey("venue.id"))
    residency_id: Mapped[UUID] = mapped_column(ForeignKey("residency.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    def public(self) -> dict[str, Any]:
        return {
            "venue_id": self.venue_id,
            "residency_id": self.residency_id,
            "starts_on": self.starts_on,
            "ends_on": self.ends_on,
        }
