from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.procurement.awards.lifecycle import AwardState
from shared.http import CreditCode, Line, MoneyText, Prose, Schema, View


class Confirmation(Schema):
    """The purchaser's decision; a draw only where several share the first place."""

    drawn: CreditCode | None = None
    draw_reference: Line | None = None


class Refusal(Schema):
    """The winner does not sign, or did not sign in time."""

    reason: Prose


class PlaceView(View):
    """A place in the ranking, with every figure and reason it rests on."""

    place: int
    credit_code: str
    price: MoneyText
    price_score: str
    technical: str
    technical_exact: str
    total: str
    total_exact: str
    priority: bool
    tied_with: Sequence[str]
    verdict: dict[str, Any]
    facts: dict[str, Any]


class AwardView(View):
    id: UUID
    version: int
    state: AwardState
    tender_id: UUID
    panel_id: UUID
    credit_code: str | None
    price: MoneyText | None
    currency: str = "CNY"
    ranking: Sequence[PlaceView]
    report_due_on: date
    recommended_on: date
    decision_due_on: date
    decided_on: date | None
    notice_due_on: date | None
    announced_on: date | None
    contract_due_on: date | None
    provisional: bool
    experts: Sequence[str] | None
    refusals: Sequence[dict[str, Any]]
    created_at: datetime
