from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from services.incubator.bases.lifecycle import BaseState
from services.incubator.wire import Amount, Day, Division, Value, Year
from shared.codelists import BaseBudgetLine, BaseRuleSystem
from shared.http import Line, MoneyText, Prose, Schema, View


class BaseDraft(Schema):
    """A base to be set up."""

    name: Line
    division: Division
    address: Line


class RuleDocumentDraft(Schema):
    """A version of one of the four management systems."""

    system: BaseRuleSystem
    title: Line
    number: Line
    body: Prose
    in_force_from: Day


class BudgetLineDraft(Schema):
    line: BaseBudgetLine
    appropriation: Value


class BudgetDraft(Schema):
    """The three lines of a year's budget, each once."""

    lines: list[BudgetLineDraft] = Field(min_length=3, max_length=3)


class ExpenseDraft(Schema):
    """Money spent from a line."""

    year: Year
    line: BaseBudgetLine
    amount: Amount
    purpose: Line
    reference: Line


class BaseView(View):
    id: UUID
    version: int
    state: BaseState
    name: str
    division: str
    address: str
    opened_on: date | None
    created_at: datetime


class RuleDocumentView(View):
    id: UUID
    system: BaseRuleSystem
    title: str
    number: str
    body: str
    in_force_from: date
    adopted_on: date


class RuleDocumentsView(View):
    """Every version of every system, and which are in force on the day asked for."""

    on: date
    in_force: Sequence[BaseRuleSystem]
    documents: Sequence[RuleDocumentView]


class BudgetLineView(View):
    line: BaseBudgetLine
    appropriation: MoneyText
    spent: MoneyText


class BudgetView(View):
    year: int
    currency: str = "CNY"
    lines: Sequence[BudgetLineView]
