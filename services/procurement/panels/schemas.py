from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.procurement.panels.lifecycle import PanelState, SeatState, SheetState
from services.procurement.tenders.schemas import Code
from shared.http import CreditCode, Line, Prose, Schema, View

ClientId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$"),
    Field(description="The client by which the person acts", examples=["expert-1"]),
]
Points = Annotated[
    str,
    StringConstraints(pattern=r"^(0|[1-9][0-9]{0,2})\.[0-9]{2}$"),
    Field(description="Points with two places", examples=["17.50"]),
]


class Interest(StrEnum):
    """Why one must step aside (政府采购法实施条例 9), looked back at over three years."""

    EMPLOYED = "employed"
    """参加采购活动前三年内与供应商存在劳动关系"""
    GOVERNS = "governs"
    """担任供应商的董事、监事"""
    CONTROLS = "controls"
    """是供应商的控股股东或者实际控制人"""
    KIN = "kin"
    """与供应商负责人有夫妻、直系血亲、三代以内旁系血亲或者近姻亲关系"""
    OTHER = "other"
    """其他可能影响公平、公正的关系"""


class MemberDraft(Schema):
    client_id: ClientId
    name: Line
    organisation: Line
    expert: bool


class DrawRecord(Schema):
    """The record of the random draw, signed by the pool that made it."""

    reference: Line
    pool: Line
    drawn_on: date
    document_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    signed_by: Line
    signature: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")] | None = Field(
        None,
        description="Ed25519 over the canonical JSON (RFC 8785) of this record without the "
        "signature, and `experts`: name and organisation of each, in the order drawn",
    )


class PanelDraft(Schema):
    tender_id: UUID
    panel_source: Literal["external"] = "external"
    draw: DrawRecord
    members: list[MemberDraft] = Field(min_length=1, max_length=31)


class Replacement(Schema):
    """Who takes the seat instead, by a further draw."""

    draw: DrawRecord
    member: MemberDraft


class DeclaredInterest(Schema):
    credit_code: CreditCode
    interest: Interest
    remark: Line | None = None


class Declaration(Schema):
    """Every interest in a bidder; an empty list says that there is none."""

    interests: list[DeclaredInterest] = Field(max_length=100)


class ScoreLine(Schema):
    credit_code: CreditCode
    factor: Code
    points: Points
    reason: Prose | None = None

    @property
    def exactly(self) -> Decimal:
        return Decimal(self.points)


class ScoresheetDraft(Schema):
    """Points for every qualified bidder and every factor but the price."""

    scores: list[ScoreLine] = Field(max_length=5_000)


class PanelView(View):
    id: UUID
    version: int
    state: PanelState
    tender_id: UUID
    source: str
    draw: DrawRecord
    created_at: datetime


class SeatView(View):
    id: UUID
    version: int
    state: SeatState
    panel_id: UUID
    client_id: str
    name: str
    organisation: str
    expert: bool
    interests: Sequence[DeclaredInterest]


class ScoreView(View):
    credit_code: str
    factor: str
    points: str
    reason: str | None


class ScoresheetView(View):
    id: UUID
    version: int
    state: SheetState
    panel_id: UUID
    seat_id: UUID
    lines: Sequence[ScoreView]
