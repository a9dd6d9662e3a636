"""A founding application, and the people named in it."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.registry.applications.lifecycle import APPLICATION
from services.registry.database import Base
from shared.actor import Actor
from shared.database.base import Aggregate, Sensitive, new_id

OFFICE = ("registrar", "supervisor", "auditor")


class Application(Aggregate, Base):
    """What founders file (登记申请), and what the office does with it."""

    __tablename__ = "application"
    __table_args__ = (
        Index("ix_application_residency_id", "residency_id", unique=True),
        Index("ix_application_created_by_id", "created_by", "id"),
    )
    lifecycle = APPLICATION

    route: Mapped[str] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(String(40))
    legal_form: Mapped[str] = mapped_column(String(20))
    name_parts: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    name: Mapped[str | None] = mapped_column(String(200))
    purpose: Mapped[str]
    scope: Mapped[str]
    methods: Mapped[list[str]] = mapped_column(JSONB)
    client_groups: Mapped[list[str]] = mapped_column(JSONB)
    seat_division: Mapped[str | None] = mapped_column(String(9))
    seat_address: Mapped[str | None]
    tenure: Mapped[str | None] = mapped_column(String(20))
    lease_until: Mapped[date | None]
    assets: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    materials: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    supervising_unit: Mapped[str | None] = mapped_column(String(200))
    residency_id: Mapped[UUID | None]

    received_on: Mapped[date | None]
    answer_due: Mapped[date | None]
    answer_provisional: Mapped[bool]
    told_missing: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    accepted_on: Mapped[date | None]
    accepted_by: Mapped[str | None] = mapped_column(String(120))
    accepted_by_silence: Mapped[bool]
    decision_due: Mapped[date | None]
    overdue_told: Mapped[bool]
    reviewed_by: Mapped[str | None] = mapped_column(String(120))
    review_recommends: Mapped[bool | None]
    review_opinion: Mapped[str | None]
    decided_by: Mapped[str | None] = mapped_column(String(120))
    decided_on: Mapped[date | None]
    grounds: Mapped[list[str]] = mapped_column(JSONB)
    reasons: Mapped[str | None]
    certificate_due: Mapped[date | None]
    certificate_provisional: Mapped[bool]
    credit_code: Mapped[str | None] = mapped_column(String(18))
    certified_on: Mapped[date | None]

    def visible_to(self, actor: Actor) -> bool:
        return actor.has(*OFFICE) or actor.owns(self)

    def changeable_by(self, actor: Actor) -> bool:
        return actor.has("registrar", "calendar") or actor.owns(self)

    def public(self) -> dict[str, Any]:
        """Founders and names stay unsaid until the agency is on the register."""
        return {"route": self.route, "residency_id": self.residency_id}


class FoundingPerson(Base):
    """Somebody named in an application: staff, council member, supervisor, or head."""

    __tablename__ = "founding_person"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    application: Mapped[Application] = relationship(lazy="raise")
    name: Mapped[str] = mapped_column(Sensitive)
    resident_id: Mapped[str] = mapped_column(Sensitive)
    resident_hash: Mapped[bytes]
    employment: Mapped[str | None] = mapped_column(String(30))
    body: Mapped[str | None] = mapped_column(String(20))
    head: Mapped[bool]
    certificate: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    degree: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    party_status: Mapped[str | None] = mapped_column(Sensitive)
    party_full_since: Mapped[str | None] = mapped_column(Sensitive)
