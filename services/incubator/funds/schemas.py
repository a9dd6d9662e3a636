from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import WithJsonSchema

from services.incubator.funds.lifecycle import FundState, GrantState
from services.incubator.wire import Amount, Day, Year
from shared.codelists import SupportInstrument
from shared.http import Line, MoneyText, Schema, View

SignedMoney = Annotated[
    MoneyText,
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^-?\d{1,13}\.\d{2}$",
            "examples": ["-20000.00"],
            "description": "Yuan (CNY) with two places; below zero where money leaves the fund",
        }
    ),
]


class FundDraft(Schema):
    """A year's special fund."""

    name: Line
    year: Year
    source: Line
    basis: Line


class Appropriation(Schema):
    """Money that comes into the fund."""

    amount: Amount
    basis: Line


class GrantDraft(Schema):
    """Support to be given; help in kind is entered at its value in yuan."""

    fund_id: UUID
    residency_id: UUID
    instrument: SupportInstrument
    value: Amount
    basis: Line
    purpose: Line
    period_from: Day
    period_until: Day


class Rejection(Schema):
    reason: Line


class FundView(View):
    id: UUID
    version: int
    state: FundState
    name: str
    year: int
    source: str
    basis: str
    balance: MoneyText
    given: MoneyText
    currency: str = "CNY"
    created_at: datetime


class LedgerLineView(View):
    id: UUID
    number: int
    instrument: SupportInstrument | None
    grant_id: UUID | None
    residency_id: UUID | None
    basis: str
    period_from: date | None
    period_until: date | None
    value: MoneyText
    cash: SignedMoney
    balance: MoneyText
    currency: str = "CNY"
    entered_on: date


class GrantView(View):
    id: UUID
    version: int
    state: GrantState
    fund_id: UUID
    residency_id: UUID
    instrument: SupportInstrument
    value: MoneyText
    currency: str = "CNY"
    basis: str
    purpose: str
    period_from: date
    period_until: date
    created_by: str
    reviewed_by: str | None
    approved_by: str | None
    rejected_because: str | None
    created_at: datetime


class InstrumentTotal(View):
    instrument: SupportInstrument
    value: MoneyText
    cash: SignedMoney


class SupportView(View):
    """Everything a start-up was given, by every instrument and from every fund."""

    residency_id: UUID
    currency: str = "CNY"
    value: MoneyText
    cash: SignedMoney
    by_instrument: Sequence[InstrumentTotal]
    lines: Sequence[LedgerLineView]
