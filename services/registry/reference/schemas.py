"""Divisions, days and terms over the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from shared.errors import NotWellFormed
from shared.http import Line, MoneyText, Schema, View
from shared.money import Money
from shared.words import Text


def _not_negative(amount: Money) -> Money:
    if amount.fen < 0:
        raise NotWellFormed(Text(zh="金额不得小于零", en="an amount is not below zero"))
    return amount


Amount = Annotated[MoneyText, AfterValidator(_not_negative)]
"""Yuan, zero or more."""


class DivisionView(View):
    """One name of a division while it lasted; `until` is the first day it no longer held."""

    code: str
    name: str
    kind: str = Field(description="district, subdistrict (街道), town (镇), community, village")
    parent_code: str
    since: date | None = Field(description="Null: since before the record begins")
    until: date | None
    day_confirmed: bool = Field(description="False: only a span of time is known; see `note`")
    succeeded_by: str | None
    source: str
    note: str | None


class TermView(View):
    """The last day of a term in working days. The day of the event is day 0."""

    start: date = Field(serialization_alias="from")
    working_days: int
    ends_on: date
    provisional: bool = Field(description="True: the term touches days that nobody published yet")
    provisional_days: list[date]


class DayView(View):
    date: date
    is_workday: bool
    name: str | None
    source: str
    provisional: bool


class NamedDay(Schema):
    date: date
    name: Line


class CalendarNotice(Schema):
    """The yearly notice of 国务院办公厅: days off by name, and weekends that are worked."""

    year: Annotated[int, Field(ge=2004, le=2100)]
    citation: Line
    rest_days: Annotated[list[NamedDay], Field(min_length=1, max_length=60)]
    working_weekends: Annotated[list[date], Field(max_length=20)]


class CalendarNoticeView(View):
    year: int
    citation: str
    days: int
    workdays: int


class WageReferenceDraft(Schema):
    """The average pay of on-post employees of a year, as it was published."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    yearly: Amount
    published_on: date
    source: Line


class WageReferenceView(View):
    id: UUID
    area: str
    year: int
    yearly: MoneyText
    currency: str = "CNY"
    published_on: date
    source: str


class CodeView(View):
    code: str
    name: dict[str, str]
    clause: dict[str, str]
    in_force_from: str = Field(validation_alias="from", serialization_alias="from")
    in_force_to: str | None = Field(validation_alias="to", serialization_alias="to")


class CodelistView(View):
    """One of the policy's sixteen lists, with the clause that sets it up."""

    id: str
    name: dict[str, str]
    clause: dict[str, str]
    codes: list[CodeView]
