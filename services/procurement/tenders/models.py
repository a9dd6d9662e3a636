from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.procurement.database import Base
from services.procurement.tenders.lifecycle import TENDER
from shared.actor import Actor
from shared.database.base import Aggregate
from shared.money import Money

PREPARES = ("purchaser", "procurement_agent", "finance", "auditor", "service", "calendar")


class Tender(Aggregate, Base):
    """A purchase laid open to bidders (采购项目).

    Bids lock this row while they are committed, and the calendar while it closes it.
    Nothing about bidders is kept here, so that its version tells nobody that a bid came in.
    """

    __tablename__ = "tender"
    __table_args__ = (
        Index("ix_tender_state_id", "state", "id"),
        Index("ix_tender_method_id", "method", "id"),
        Index("ix_tender_state_closes_at", "state", "closes_at"),
    )
    lifecycle = TENDER

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    title: Mapped[str]
    description: Mapped[str]
    method: Mapped[str] = mapped_column(String(40))
    ground: Mapped[str | None] = mapped_column(String(40))
    ground_reason: Mapped[str | None]
    approval: Mapped[str | None]
    """The finance department's approval of leaving open tender (P-04), when one is needed."""

    budget: Mapped[Money]
    personnel: Mapped[Money]
    closes_at: Mapped[datetime]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    stable: Mapped[str | None]
    """Why the contract may run beyond a year: stable content, secured money, little change of price."""
    delegated: Mapped[bool]
    required_grade: Mapped[str | None] = mapped_column(String(2))
    grade_review: Mapped[str | None]
    """The recorded legal review without which an ordinary tender may not ask for a grade."""
    fixed_price: Mapped[bool]
    bond: Mapped[Money | None]

    conditions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """资格条件: met or not. Kept in the row, so that its history shows the whole document."""
    factors: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """评审因素: so many of the hundred points each."""

    profile: Mapped[str] = mapped_column(String(20))
    minimum_bids: Mapped[int]
    release_window_minutes: Mapped[int]

    published_at: Mapped[datetime | None]
    published_on: Mapped[date | None]
    """The governing day: the law of this day applies to the whole procedure."""
    priority_rule: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """The tie-break of 6.1(7) with its basis, as printed in the tender document."""
    seal_policy_hash: Mapped[str | None] = mapped_column(String(64))
    ended_because: Mapped[str | None]

    def visible_to(self, actor: Actor) -> bool:
        return self.published_at is not None or actor.has(*PREPARES)

    def public(self) -> dict[str, Any]:
        """A draft is nobody's business yet: its events tell that it moved and nothing of it."""
        if self.published_at is None:
            return {}
        return {"project_id": str(self.project_id), "title": self.title, "method": self.method}
