from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.evaluation.evaluators.lifecycle import EvaluatorState
from services.evaluation.evaluators.rules import BodyKind, TieKind
from services.evaluation.wire import Day
from shared.http import CreditCode, Line, Schema, View

ClientId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$"),
    Field(description="The client by which the person signs"),
]


Tied = Annotated[date, Field(ge=date(1950, 1, 1), le=date(2100, 12, 31))]


class TieDraft(Schema):
    """A tie to an organisation; leave `until` out while it lasts."""

    credit_code: CreditCode
    kind: TieKind
    until: Tied | None = None


class PersonDraft(Schema):
    """Somebody who judges, with every tie to an organisation that could be rated."""

    client_id: ClientId
    name: Line
    ties: list[TieDraft] = Field(default_factory=list, max_length=50)


class EvaluatorDraft(Schema):
    """A body to be accredited, and the basis on which it works."""

    credit_code: CreditCode
    name: Line
    kind: BodyKind
    accredited_until: Day
    basis: Line
    ties: list[TieDraft] = Field(default_factory=list, max_length=200)
    experts: list[PersonDraft] = Field(min_length=1, max_length=200)


class Experts(Schema):
    """The whole list of experts in place of the old one."""

    experts: list[PersonDraft] = Field(min_length=1, max_length=200)


class PersonView(View):
    """Names are public; ties are not."""

    name: str


class EvaluatorView(View):
    id: UUID
    version: int
    state: EvaluatorState
    credit_code: str
    name: str
    kind: BodyKind
    accredited_until: date
    basis: str
    experts: Sequence[PersonView]
    created_at: datetime


class Reason(Schema):
    """Why it is done."""

    reason: Line
