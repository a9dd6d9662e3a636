from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.incubator.admissions.lifecycle import CANDIDATE, ROUND, CandidateState
from services.incubator.admissions.rules import Entrant
from services.incubator.database import Base
from shared.actor import Actor
from shared.codelists import ClientGroup, ServiceField
from shared.database.base import Aggregate

OFFICES = ("incubator_manager", "panellist", "supervisor", "auditor", "service")


class Round(Aggregate, Base):
    """A round of admission (招募批次): so many places, open to a day, that one included."""

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("places > 0", name="places_positive"),
        Index("ix_round_base_id_id", "base_id", "id"),
        Index("ix_round_closes_on", "closes_on"),
    )
    lifecycle = ROUND

    base_id: Mapped[UUID] = mapped_column(ForeignKey("base.id"))
    title: Mapped[str]
    places: Mapped[int]
    opens_on: Mapped[date]
    closes_on: Mapped[date]

    def public(self) -> dict[str, Any]:
        return {"base_id": self.base_id, "places": self.places, "closes_on": self.closes_on}


class Candidate(Aggregate, Base):
    """A start-up that applies to the base; owned by whoever applied."""

    __tablename__ = "candidate"
    __table_args__ = (
        UniqueConstraint("round_id", "created_by"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score_in_range"),
    )
    lifecycle = CANDIDATE

    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    name: Mapped[str]
    tenant_kind: Mapped[str] = mapped_column(String(30))
    client_groups: Mapped[list[str]] = mapped_column(JSONB)
    rural_focus_groups: Mapped[list[str]] = mapped_column(JSONB)
    service_fields: Mapped[list[str]] = mapped_column(JSONB)
    plan: Mapped[str]
    check_due: Mapped[date]
    check_due_provisional: Mapped[bool]
    check_note: Mapped[str | None]
    score: Mapped[int | None]
    opinion: Mapped[str | None]
    place: Mapped[int | None]
    explanation: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))

    def visible_to(self, actor: Actor) -> bool:
        return self.state == CandidateState.CHOSEN or actor.has(*OFFICES) or actor.owns(self)

    def changeable_by(self, actor: Actor) -> bool:
        return actor.has("incubator_manager", "panellist") or actor.owns(self)

    def public(self) -> dict[str, Any]:
        return {"round_id": self.round_id}

    def as_entrant(self) -> Entrant:
        return Entrant(
            id=str(self.id),
            name=self.name,
            client_groups=[ClientGroup(group) for group in self.client_groups],
            service_fields=[ServiceField(field) for field in self.service_fields],
            score=self.score or 0,
            applied_at=self.created_at,
        )
