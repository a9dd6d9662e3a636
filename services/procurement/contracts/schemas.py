from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from services.procurement.contracts.lifecycle import ContractState, PaymentState
from services.procurement.needs.schemas import PositiveMoney
from services.procurement.policy.codelists import Stage
from shared.http import Line, MoneyText, Prose, Schema, View


class MilestoneDraft(Schema):
    """A part of the service that is paid for when it is due."""

    title: Line
    due_on: date
    amount: PositiveMoney
    stage: Stage | None = Field(None, description="The evaluation whose result it waits for")


class ContractDraft(Schema):
    """A contract with the winner; its price is the price that was bid."""

    award_id: UUID
    personnel: PositiveMoney
    starts_on: date
    ends_on: date
    milestones: list[MilestoneDraft] = Field(min_length=1, max_length=60)
    late_reason: Prose | None = Field(None, description="Why it is signed after thirty days")


class Ending(Schema):
    reason: Prose


class PaymentApplication(Schema):
    """An instalment that the supplier asks for."""

    milestone: int = Field(ge=1, le=60, description="The number of the milestone")
    invoice: Line | None = None


class PaymentOrder(Schema):
    """How the treasury carried the payment out."""

    external_reference: Line


class Correction(Schema):
    """What shows that the shortcomings were corrected."""

    evidence: Prose


class MilestoneView(View):
    number: int
    title: str
    due_on: date
    amount: MoneyText
    stage: Stage | None


class ContractView(View):
    id: UUID
    version: int
    state: ContractState
    tender_id: UUID
    award_id: UUID
    project_id: UUID
    title: str
    credit_code: str
    amount: MoneyText
    personnel: MoneyText
    currency: str = "CNY"
    starts_on: date
    ends_on: date
    milestones: Sequence[MilestoneView]
    signed_on: date | None
    late_reason: str | None
    publication_due_on: date | None
    filing_due_on: date | None
    ended_because: str | None
    created_at: datetime


class PaymentView(View):
    id: UUID
    version: int
    state: PaymentState
    contract_id: UUID
    credit_code: str
    milestone: int
    stage: Stage | None
    amount: MoneyText
    cleared: MoneyText
    paid: MoneyText
    currency: str = "CNY"
    invoice: str | None
    cause_event: str | None
    consequence_id: UUID | None
    correction: str | None
    references: Sequence[dict[str, Any]]
    created_at: datetime
