from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from services.procurement.needs.lifecycle import NeedState, ProjectState
from services.procurement.policy.codelists import BudgetKind, PurchaseKind
from shared.codelists import (
    ClientGroup,
    PurchasableMatter,
    RuralFocusGroup,
    ServiceArea,
    ServiceField,
    ServiceMethod,
)
from shared.errors import NotWellFormed
from shared.http import Line, MoneyText, Prose, Schema, View
from shared.money import ZERO, Money
from shared.words import Text


def _above_zero(amount: Money) -> Money:
    if amount <= ZERO:
        raise NotWellFormed(Text(zh="金额须大于零", en="an amount above zero"))
    return amount


PositiveMoney = Annotated[MoneyText, AfterValidator(_above_zero)]

DivisionCode = Annotated[
    str,
    StringConstraints(pattern=r"^410108([0-9]{3}|[0-9]{6})?$"),
    Field(
        description="Division of 惠济区: district, street or town, or community",
        examples=["410108101"],
    ),
]


class NeedDraft(Schema):
    """A need as a street officer found it."""

    division: DivisionCode
    title: Line
    description: Prose
    client_group: ClientGroup
    rural_focus_group: RuralFocusGroup | None = None
    service_area: ServiceArea | None = None
    service_field: ServiceField | None = None
    people: int = Field(gt=0, le=1_000_000, description="How many people it concerns")
    found_on: date


class NeedView(View):
    id: UUID
    version: int
    state: NeedState
    division: str
    title: str
    description: str
    client_group: ClientGroup
    rural_focus_group: RuralFocusGroup | None
    service_area: ServiceArea | None
    service_field: ServiceField | None
    people: int
    found_on: date
    created_at: datetime


class BudgetLineDraft(Schema):
    """One line of a budget; whether it counts as personnel follows from its kind."""

    kind: BudgetKind
    purpose: Line
    amount: PositiveMoney


BudgetLines = Annotated[list[BudgetLineDraft], Field(min_length=1, max_length=200)]


class ProjectDraft(Schema):
    """What is to be bought, for which needs, for how much."""

    title: Line
    description: Prose
    purchase_kind: PurchaseKind
    matter: PurchasableMatter
    service_methods: list[ServiceMethod] = Field(max_length=8)
    need_ids: list[UUID] = Field(max_length=100)
    posts: int | None = Field(None, gt=0, le=1_000)
    budget_lines: BudgetLines


class BudgetChange(Schema):
    """A whole new budget in place of the old one."""

    budget_lines: BudgetLines


class BudgetLineView(View):
    number: int
    kind: BudgetKind
    purpose: str
    amount: MoneyText
    is_personnel: bool


class ProjectView(View):
    id: UUID
    version: int
    state: ProjectState
    title: str
    description: str
    purchase_kind: PurchaseKind
    matter: PurchasableMatter
    service_methods: Sequence[ServiceMethod]
    need_ids: Sequence[UUID]
    posts: int | None
    budget_lines: Sequence[BudgetLineView]
    budget: MoneyText
    personnel: MoneyText
    currency: str = "CNY"
    created_at: datetime
