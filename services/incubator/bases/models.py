from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.incubator.bases.lifecycle import BASE
from services.incubator.database import Base
from shared.database.base import Aggregate
from shared.money import Money


class IncubatorBase(Aggregate, Base):
    """The district's incubator base (孵化基地)."""

    __tablename__ = "base"
    __table_args__ = (
        # One row at most is not closed: the index holds a constant.
        Index(
            "uq_base_standing",
            text("(true)"),
            unique=True,
            postgresql_where=text("state <> 'closed'"),
        ),
    )
    lifecycle = BASE

    name: Mapped[str]
    division: Mapped[str] = mapped_column(String(9))
    address: Mapped[str]
    opened_on: Mapped[date | None]

    def public(self) -> dict[str, Any]:
        return {"name": self.name, "division": self.division}


class RuleDocument(Base):
    """One version of one of the four management systems; in force until the next begins."""

    __tablename__ = "rule_document"
    __table_args__ = (UniqueConstraint("base_id", "system", "in_force_from"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    base_id: Mapped[UUID] = mapped_column(ForeignKey("base.id"))
    system: Mapped[str] = mapped_column(String(40))
    title: Mapped[str]
    number: Mapped[str] = mapped_column(String(80))
    body: Mapped[str]
    in_force_from: Mapped[date]
    adopted_on: Mapped[date]
    adopted_by: Mapped[str] = mapped_column(String(120))


class BudgetLine(Base):
    """One of the three lines of a base's yearly budget."""

    __tablename__ = "budget_line"
    __table_args__ = (
        UniqueConstraint("base_id", "year", "line"),
        CheckConstraint("spent >= 0 AND spent <= appropriation", name="within_appropriation"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    base_id: Mapped[UUID] = mapped_column(ForeignKey("base.id"))
    year: Mapped[int]
    line: Mapped[str] = mapped_column(String(40))
    appropriation: Mapped[Money]
    spent: Mapped[Money]


class Expense(Base):
    """Money that the base spent from a line of its budget."""

    __tablename__ = "expense"
    __table_args__ = (
        CheckConstraint("amount > 0", name="positive"),
        Index("ix_expense_budget_line_id_id", "budget_line_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_line_id: Mapped[UUID] = mapped_column(ForeignKey("budget_line.id"))
    amount: Mapped[Money]
    purpose: Mapped[str]
    reference: Mapped[str]
    spent_on: Mapped[date]
    entered_by: Mapped[str] = mapped_column(String(120))
