"""An agency on the register, with what happened to it by day."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.registry.agencies.lifecycle import AGENCY
from services.registry.database import Base
from shared.actor import Actor
from shared.database.base import Aggregate, Sensitive, new_id
from shared.money import Money


class Agency(Aggregate, Base):
    """民办社会工作服务机构, known everywhere by its credit code. The register is public."""

    __tablename__ = "agency"
    __table_args__ = (
        Index("ix_agency_seat_division_id", "seat_division", "id"),
        Index("ix_agency_category_id", "category", "id"),
    )
    lifecycle = AGENCY
    path_key = "credit_code"

    credit_code: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    category: Mapped[str] = mapped_column(String(40))
    legal_form: Mapped[str] = mapped_column(String(20))
    route: Mapped[str] = mapped_column(String(20))
    supervising_unit: Mapped[str | None] = mapped_column(String(200))
    seat_division: Mapped[str] = mapped_column(String(9))
    seat_address: Mapped[str]
    opening_funds: Mapped[Money]
    head_name: Mapped[str] = mapped_column(String(100))
    registered_on: Mapped[date] = mapped_column(index=True)
    certificate_number: Mapped[str] = mapped_column(String(100))
    application_id: Mapped[UUID] = mapped_column(unique=True)
    cancelled_on: Mapped[date | None]
    party_organisation: Mapped[str | None] = mapped_column(String(30))
    party_organisation_since: Mapped[date | None]

    def changeable_by(self, actor: Actor) -> bool:
        return actor.has("registrar", "supervisor", "service") or actor.owns(self)

    def public(self) -> dict[str, Any]:
        return {
            "credit_code": self.credit_code,
            "name": self.name,
            "category": self.category,
            "seat_division": self.seat_division,
            "registered_on": self.registered_on,
        }


class Suspension(Base):
    """停止活动: from a day up to, and without, another."""

    __tablename__ = "suspension"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"), index=True)
    agency: Mapped[Agency] = relationship(lazy="raise")
    since: Mapped[date]
    until: Mapped[date | None]
    ground: Mapped[str]


class Charter(Base):
    """章程: one version, in force from its day until the next begins."""

    __tablename__ = "charter"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"), index=True)
    agency: Mapped[Agency] = relationship(lazy="raise")
    number: Mapped[int]
    purpose: Mapped[str]
    scope: Mapped[str]
    methods: Mapped[list[str]] = mapped_column(JSONB)
    resolved_on: Mapped[date | None]
    in_force_since: Mapped[date]


class Governor(Base):
    """A member of the council (理事) or of the board of supervisors (监事), for a time."""

    __tablename__ = "governor"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"), index=True)
    agency: Mapped[Agency] = relationship(lazy="raise")
    body: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(Sensitive)
    resident_id: Mapped[str] = mapped_column(Sensitive)
    resident_hash: Mapped[bytes]
    since: Mapped[date]
    until: Mapped[date | None]
