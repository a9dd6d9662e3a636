from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.evaluation.database import Base
from services.evaluation.grades.lifecycle import GRADE
from services.evaluation.grades.rules import Awarded
from shared.database.base import Aggregate


class AwardedGrade(Aggregate, Base):
    """A grade as it was announced (评估等级), with the law that its term was counted by."""

    __tablename__ = "grade"
    __table_args__ = (
        Index("ix_grade_credit_code_id", "credit_code", "id"),
        Index("ix_grade_grade_id", "grade", "id"),
        Index("ix_grade_valid_until", "valid_until"),
    )
    lifecycle = GRADE

    credit_code: Mapped[str] = mapped_column(String(18))
    agency_name: Mapped[str]
    grade: Mapped[str] = mapped_column(String(2))
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    law: Mapped[str]
    governed_on: Mapped[date]
    decided_on: Mapped[date]
    announced_on: Mapped[date]
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    counts_from: Mapped[date]
    """Kept when it was announced: a later change of the setting moves no grade already given."""
    cancelled_on: Mapped[date | None]
    cancelled_because: Mapped[str | None]

    def public(self) -> dict[str, Any]:
        return {
            "credit_code": self.credit_code,
            "grade": self.grade,
            "law": self.law,
            "valid_from": self.valid_from,
            "valid_until": self.valid_until,
            "counts_from": self.counts_from,
            "decided_on": self.decided_on,
            "announced_on": self.announced_on,
            "assessment_id": self.assessment_id,
        }

    def as_awarded(self) -> Awarded:
        return Awarded(
            str(self.id), self.announced_on, self.counts_from, self.valid_until, self.cancelled_on
        )
