from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.incubator.database import Base
from services.incubator.funds.lifecycle import FUND, GRANT
from shared.database.base import Aggregate
from shared.money import Money


class Fund(Aggregate, Base):
    """A year's special fund (专项资金). Its row is held for every drawing, so none meets another."""

    __tablename__ = "fund"
    __table_args__ = (
        CheckConstraint("balance >= 0", name="balance_not_negative"),
        UniqueConstraint("name", "year"),
    )
    lifecycle = FUND

    name: Mapped[str]
    year: Mapped[int]
    source: Mapped[str]
    basis: Mapped[str]
    balance: Mapped[Money]
    given: Mapped[Money]
    """The value of all support so far, in money and in kind."""
    lines: Mapped[int]

    def public(self) -> dict[str, Any]:
        return {"name": self.name, "year": self.year, "balance": str(self.balance)}


class LedgerLine(Base):
    """One line of a fund's ledger: money that came, or support that was given."""

    __tablename__ = "ledger_line"
    __table_args__ = (
        UniqueConstraint("fund_id", "number"),
        CheckConstraint("balance >= 0", name="balance_not_negative"),
        CheckConstraint("value > 0", name="value_positive"),
        Index("ix_ledger_line_fund_id_id", "fund_id", "id"),
        Index("ix_ledger_line_residency_id_id", "residency_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    fund_id: Mapped[UUID] = mapped_column(ForeignKey("fund.id"))
    number: Mapped[int]
    instrument: Mapped[str | None] = mapped_column(String(40))
    """None on a line by which money came."""
    grant_id: Mapped[UUID | None] = mapped_column(ForeignKey("grant.id"))
    residency_id: Mapped[UUID | None] = mapped_column(ForeignKey("residency.id"))
    basis: Mapped[str]
    period_from: Mapped[date | None]
    period_until: Mapped[date | None]
    value: Mapped[Money]
    cash: Mapped[Money]
    """What it added to the balance; less than zero for money given, zero for help in kind."""
    balance: Mapped[Money]
    entered_on: Mapped[date]
    entered_by: Mapped[str] = mapped_column(String(120))


class Grant(Aggregate, Base):
    """Support for one resident by one instrument: proposed, reviewed, approved by three people."""

    __tablename__ = "grant"
    __table_args__ = (Index("ix_grant_residency_id_id", "residency_id", "id"),)
    lifecycle = GRANT

    fund_id: Mapped[UUID] = mapped_column(ForeignKey("fund.id"))
    residency_id: Mapped[UUID] = mapped_column(ForeignKey("residency.id"))
    instrument: Mapped[str] = mapped_column(String(40))
    value: Mapped[Money]
    basis: Mapped[str]
    purpose: Mapped[str]
    period_from: Mapped[date]
    period_until: Mapped[date]
    reviewed_by: Mapped[str | None] = mapped_column(String(120))
    approved_by: Mapped[str | None] = mapped_column(String(120))
    rejected_because: Mapped[str | None]

    def public(self) -> dict[str, Any]:
        return {
            "fund_id": self.fund_id,
            "residency_id": self.residency_id,
            "instrument": self.instrument,
            "value": str(self.value),
        }
