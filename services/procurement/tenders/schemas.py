from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from services.procurement.needs.schemas import PositiveMoney
from services.procurement.policy.codelists import Grade, Ground, Measure, Method
from services.procurement.tenders.lifecycle import TenderState
from shared.http import Line, MoneyText, Prose, Schema, View

Code = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$"),
    Field(description="A short name of the item, unique in its list", examples=["service-plan"]),
]
Profile = Literal["bidder", "2-of-3", "3-of-5"]


class ConditionDraft(Schema):
    """资格条件: a bidder meets it or not."""

    code: Code
    title: Line
    measure: Measure


class FactorDraft(Schema):
    """评审因素: so many of the hundred points."""

    code: Code
    title: Line
    measure: Measure
    points: int = Field(gt=0, le=100)


class TenderDraft(Schema):
    """A purchase as the purchasing office prepares it; the law is asked at its publication."""

    project_id: UUID
    title: Line
    description: Prose
    method: Method = Method.OPEN_TENDER
    ground: Ground | None = Field(None, description="6.1(6): why the purchase is closed to some")
    ground_reason: Prose | None = None
    approval: Line | None = Field(
        None, description="政府采购法 27: the approval of leaving open tender, by its number"
    )
    closes_at: AwareDatetime = Field(description="The deadline for bids, an instant")
    starts_on: date
    ends_on: date
    stable: Prose | None = Field(
        None, description="Why content, money and price are stable, for a contract beyond a year"
    )
    delegated: bool = Field(False, description="授权或委托项目: states the grade it needs, 5.2(6)")
    required_grade: Grade | None = None
    grade_review: Line | None = Field(None, description="The recorded legal review, by its number")
    fixed_price: bool = Field(False, description="统一价格标准: price is no factor of the score")
    bond: PositiveMoney | None = None
    conditions: list[ConditionDraft] = Field(min_length=1, max_length=50)
    factors: list[FactorDraft] = Field(default_factory=list, max_length=50)
    profile: Profile = "2-of-3"
    minimum_bids: int = Field(3, ge=1, le=100)
    release_window_minutes: int = Field(30, ge=5, le=1440)


class Cancellation(Schema):
    reason: Prose


class ConditionView(View):
    code: str
    title: str
    measure: Measure


class FactorView(ConditionView):
    points: int


class TextView(View):
    zh: str
    en: str


class PriorityView(View):
    """The tie-break as it is printed, with its basis."""

    text: TextView
    clause: str


class TenderView(View):
    """What the law makes public of a tender; nothing about bidders."""

    id: UUID
    version: int
    state: TenderState
    project_id: UUID
    title: str
    description: str
    method: Method
    ground: Ground | None
    ground_reason: str | None
    approval: str | None
    budget: MoneyText
    personnel: MoneyText
    currency: str = "CNY"
    closes_at: datetime
    starts_on: date
    ends_on: date
    stable: str | None
    delegated: bool
    required_grade: Grade | None
    grade_review: str | None
    fixed_price: bool
    bond: MoneyText | None
    conditions: Sequence[ConditionView]
    factors: Sequence[FactorView]
    profile: str
    minimum_bids: int
    release_window_minutes: int
    published_at: datetime | None
    published_on: date | None
    priority_rule: PriorityView | None
    seal_policy_hash: str | None
    ended_because: str | None
