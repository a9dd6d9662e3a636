from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from shared.http import MoneyText, Prose, Schema, View

LARGEST_RELEASE = 8 * 1024 * 1024


class OpeningView(View):
    """How far the opening of a tender has come; before it, nothing about the bids."""

    tender_id: UUID
    closing: dict[str, Any]
    """The signed root over everything lodged in time; its size is the same for all tenders."""
    session: dict[str, Any] | None
    released: list[str]
    """The custodians that have released to this session, by key id."""
    opened_at: datetime | None


class OpenedBidView(View):
    """A bid as it was read out (唱标)."""

    credit_code: str
    name: str
    price: MoneyText
    personnel: MoneyText
    currency: str = "CNY"
    nonce: str
    technical_part: str


class ReleaseView(View):
    """That a release has been stored for the session."""

    session: UUID
    custodian: str


class RootReleaseView(View):
    session: UUID


class RemarkDraft(Schema):
    """A bidder's word on the record, on the spot."""

    kind: Literal["confirmed", "objected"]
    text: Prose | None = None


class RemarkView(View):
    credit_code: str
    kind: str
    text: str | None
    made_at: datetime
