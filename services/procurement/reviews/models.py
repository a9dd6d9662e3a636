from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.procurement.database import Base
from services.procurement.reviews.lifecycle import REVIEW
from shared.database.base import Aggregate


class Review(Aggregate, Base):
    """The qualification review of one tender (资格审查)."""

    __tablename__ = "review"
    lifecycle = REVIEW

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), unique=True)
    bidders: Mapped[int]
    qualified: Mapped[int]

    def public(self) -> dict[str, Any]:
        return {
            "tender_id": str(self.tender_id),
            "bidders": self.bidders,
            "qualified": self.qualified,
        }


class Qualification(Base):
    """Whether one bidder is qualified, with the verdict and the facts it rests on."""

    __tablename__ = "qualification"

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    credit_code: Mapped[str] = mapped_column(String(18), primary_key=True, index=True)
    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"), index=True)
    qualified: Mapped[bool]
    verdict: Mapped[dict[str, Any]] = mapped_column(JSONB)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
