from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.incubator.database import Base
from services.incubator.residencies.lifecycle import RESIDENCY
from shared.actor import Actor
from shared.database.base import Aggregate, Sensitive


class Residency(Aggregate, Base):
    """The stay of a start-up in the base (入驻); owned by the start-up, its stage is its state."""

    __tablename__ = "residency"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="in_order"),
        Index("ix_residency_base_id_id", "base_id", "id"),
    )
    lifecycle = RESIDENCY

    base_id: Mapped[UUID] = mapped_column(ForeignKey("base.id"))
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidate.id"), unique=True)
    name: Mapped[str]
    tenant_kind: Mapped[str] = mapped_column(String(30))
    tenancy: Mapped[str] = mapped_column(String(20))
    client_groups: Mapped[list[str]] = mapped_column(JSONB)
    service_fields: Mapped[list[str]] = mapped_column(JSONB)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None]
    hand_over_by: Mapped[date | None]
    hand_over_provisional: Mapped[bool]
    file: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The founding file (档案) as far as it names nobody."""
    people: Mapped[str | None] = mapped_column(Sensitive)
    """The people of the founding file, as JSON; encrypted in its column."""

    def changeable_by(self, actor: Actor) -> bool:
        return actor.has("incubator_manager") or actor.owns(self)

    def public(self) -> dict[str, Any]:
        return {
            "residency_id": self.id,
            "base_id": self.base_id,
            "name": self.name,
            "tenancy": self.tenancy,
        }


class Milestone(Base):
    """What a start-up is to reach in a stage (成长目标)."""

    __tablename__ = "milestone"
    __table_args__ = (Index("ix_milestone_residency_id_id", "residency_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    residency_id: Mapped[UUID] = mapped_column(ForeignKey("residency.id"))
    stage: Mapped[str] = mapped_column(String(20))
    title: Mapped[str]
    due_on: Mapped[date]
    reached_on: Mapped[date | None]
    proof: Mapped[str | None]
