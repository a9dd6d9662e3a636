from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.procurement.database import Base
from services.procurement.needs.lifecycle import NEED, PROJECT
from shared.actor import Actor
from shared.database.base import Aggregate
from shared.money import Money


class Need(Aggregate, Base):
    """What residents of an area lack (服务需求), found by a street officer."""

    __tablename__ = "need"
    __table_args__ = (
        Index("ix_need_division_id", "division", "id"),
        Index("ix_need_client_group_id", "client_group", "id"),
    )
    lifecycle = NEED

    division: Mapped[str] = mapped_column(String(12))
    title: Mapped[str]
    description: Mapped[str]
    client_group: Mapped[str] = mapped_column(String(60))
    rural_focus_group: Mapped[str | None] = mapped_column(String(60))
    service_area: Mapped[str | None] = mapped_column(String(60))
    service_field: Mapped[str | None] = mapped_column(String(60))
    people: Mapped[int]
    found_on: Mapped[date]

    def changeable_by(self, actor: Actor) -> bool:
        """A street withdraws what it found, not what another did."""
        return actor.owns(self)

    def public(self) -> dict[str, Any]:
        return {"division": self.division, "client_group": self.client_group, "people": self.people}


class Project(Aggregate, Base):
    """What is to be bought (购买项目): the needs it answers, how, and for how much."""

    __tablename__ = "project"
    __table_args__ = (Index("ix_project_need_ids", "need_ids", postgresql_using="gin"),)
    lifecycle = PROJECT

    title: Mapped[str]
    description: Mapped[str]
    purchase_kind: Mapped[str] = mapped_column(String(20))
    matter: Mapped[str] = mapped_column(String(60))
    service_methods: Mapped[list[str]] = mapped_column(JSONB)
    need_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    posts: Mapped[int | None]
    budget_lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Kept in the row, so that its history shows every earlier budget."""
    budget: Mapped[Money]
    personnel: Mapped[Money]

    def public(self) -> dict[str, Any]:
        return {"title": self.title, "budget": str(self.budget)}
