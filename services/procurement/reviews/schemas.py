from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from services.procurement.reviews.lifecycle import ReviewState
from services.procurement.tenders.schemas import Code
from shared.http import CreditCode, Line, Schema, View


class CreditQuery(Schema):
    """The query of 信用中国 that the purchaser made, by its reference."""

    reference: Line
    queried_on: date
    clean: bool


class ConditionCheck(Schema):
    """How a bidder stands to one condition of the tender, and what shows it."""

    code: Code
    fulfilled: bool
    evidence: Line


class BidderCheck(Schema):
    """What the purchaser found in a bidder's papers."""

    credit_code: CreditCode
    credit_query: CreditQuery | None = None
    taxes_and_insurance: Line | None = Field(
        None, description="Proof that taxes and social security are paid"
    )
    legal_proof: Line | None = Field(
        None, description="Proof of legal standing, for a supplier this register does not know"
    )
    conditions: list[ConditionCheck] = Field(default_factory=list, max_length=50)


class ReviewDraft(Schema):
    """The purchaser's findings, one for each bidder of the opening."""

    bidders: list[BidderCheck] = Field(max_length=500)


class QualificationView(View):
    credit_code: str
    qualified: bool
    verdict: dict[str, Any]
    facts: dict[str, Any]


class ReviewView(View):
    """Who is qualified and why, with the facts asked of registry and evaluation."""

    id: UUID
    version: int
    state: ReviewState
    tender_id: UUID
    bidders: int
    qualified: int
    created_at: datetime
    qualifications: Sequence[QualificationView]
