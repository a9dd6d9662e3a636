from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.procurement.database import Base
from services.procurement.needs.lifecycle import NEED, PROJECT
from shared.database.base import Aggregate
from shared.money import Money


class Need(Aggregate, Base):
    """What residents of an area lack (服务需求), found by a street officer."""

    __tablename__ = "need"
    __table_args__ = (Index("ix_need_division_id", "division", "id"),)
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

    def public(self) -> dict[str, Any]:
        return {"division": self.division, "client_group": self.client_group, "people": self.people}


class Project(Aggregate, Base):
    """What is to be bought (购买项目): the needs it answers, how, and for how much."""

    __tablename__ = "project"
    lifecycle = PROJECT

    title: Mapped[str]
    description: Mapped[str]
    purchase_kind: Mapped[str] = mapped_column(String(20))
    matter: Mapped[str] = mapped_column(String(60))
    service_methods: Mapped[list[str]] = mapped_column(JSONB)
    posts: Mapped[int | None]
    budget: Mapped[Money]
    personnel: Mapped[Money]

    def public(self) -> dict[str, Any]:
        return {"title": self.title, "budget": str(self.budget)}


class ProjectNeed(Base):
    """A need that a project answers."""

    __tablename__ = "project_need"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), primary_key=True)
    need_id: Mapped[UUID] = mapped_column(ForeignKey("need.id"), primary_key=True, index=True)


class BudgetLine(Base):
    """One line of a project's budget; whether it is for personnel follows from its kind by date."""

    __tablename__ = "budget_line"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    purpose: Mapped[str]
    amount: Mapped[Money]
    is_personnel: Mapped[bool]
