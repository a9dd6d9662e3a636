"""The annual inspection of one agency for one year."""

from datetime import date
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.database import Base
from services.registry.inspections.lifecycle import INSPECTION
from shared.actor import Actor
from shared.database.base import Aggregate


class Inspection(Aggregate, Base):
    """年度检查. That it was called, filed and concluded is public; the report is the agency's."""

    __tablename__ = "inspection"
    __table_args__ = (
        Index("ix_inspection_credit_code_year", "credit_code", "year", unique=True),
        Index("ix_inspection_year_id", "year", "id"),
    )
    lifecycle = INSPECTION

    credit_code: Mapped[str] = mapped_column(String(18))
    year: Mapped[int]
    due_on: Mapped[date]
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    first_reviewed_on: Mapped[date | None]
    filed_on: Mapped[date | None]
    conclusion: Mapped[str | None] = mapped_column(String(10))
    reasons: Mapped[str | None]
    concluded_on: Mapped[date | None]

    def changeable_by(self, actor: Actor) -> bool:
        return actor.has("supervisor") or actor.owns(self)

    def public(self) -> dict[str, Any]:
        return {
            "credit_code": self.credit_code,
            "year": self.year,
            "due_on": self.due_on,
            "conclusion": self.conclusion,
        }
