from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.evaluation.marks import Grade, Marks
from services.evaluation.schemes.lifecycle import SchemeState
from services.evaluation.schemes.rules import Capacity, Content
from shared.http import Line, Schema, View

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]


class IndicatorDraft(Schema):
    """One indicator. A leaf says how it is scored and on what evidence."""

    code: Code
    title: Line
    marks: Marks
    children: list["IndicatorDraft"] = Field(default_factory=list, max_length=60)
    content: Content | None = None
    capacity: Capacity | None = None
    scoring: Line | None = None
    evidence: Line | None = None


class LineDraft(Schema):
    """From so many marks up to the next higher line, that one excluded."""

    grade: Grade
    least: Marks


class GateDraft(Schema):
    """A condition without which no grade above `highest` is given."""

    code: Code
    title: Line
    highest: Grade


class SchemeDraft(Schema):
    """A scheme of 1000 marks in four levels of indicator."""

    title: Line
    edition: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    tree: list[IndicatorDraft] = Field(min_length=1, max_length=20)
    lines: list[LineDraft] = Field(min_length=1, max_length=5)
    gates: list[GateDraft] = Field(default_factory=list, max_length=20)


class IndicatorView(View):
    code: str
    title: str
    marks: Marks
    children: Sequence["IndicatorView"]
    content: Content | None
    capacity: Capacity | None
    scoring: str | None
    evidence: str | None


class LineView(View):
    grade: Grade
    least: Marks


class GateView(View):
    code: str
    title: str
    highest: Grade


class SchemeView(View):
    id: UUID
    version: int
    state: SchemeState
    title: str
    edition: str
    tree: Sequence[IndicatorView]
    lines: Sequence[LineView]
    gates: Sequence[GateView]
    published_on: date | None
    digest: str | None
    created_at: datetime
