from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.evaluation.marks import Grade
from services.evaluation.schemes.lifecycle import SchemeState
from services.evaluation.schemes.rules import Capacity, Content
from services.evaluation.wire import Code, Marks
from shared.http import Line, Schema, View


class LeafDraft(Schema):
    """An indicator of the last level: how it is scored, and on what evidence."""

    code: Code
    title: Line
    marks: Marks
    scoring: Line
    evidence: Line
    capacity: Capacity | None = None


class ThirdLevelDraft(Schema):
    """An indicator of the third level, with its leaves."""

    code: Code
    title: Line
    marks: Marks
    children: list[LeafDraft] = Field(min_length=1, max_length=60)


class SecondLevelDraft(Schema):
    """An indicator of the second level."""

    code: Code
    title: Line
    marks: Marks
    children: list[ThirdLevelDraft] = Field(min_length=1, max_length=60)


class FirstLevelDraft(Schema):
    """An indicator of the first level, and which of the rated contents it is about."""

    code: Code
    title: Line
    marks: Marks
    content: Content
    children: list[SecondLevelDraft] = Field(min_length=1, max_length=60)


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
    tree: list[FirstLevelDraft] = Field(min_length=1, max_length=20)
    lines: list[LineDraft] = Field(min_length=1, max_length=5)
    gates: list[GateDraft] = Field(default_factory=list, max_length=20)


class IndicatorView(View):
    code: str
    title: str
    marks: Marks
    content: Content | None = None
    capacity: Capacity | None = None
    scoring: str | None = None
    evidence: str | None = None
    children: Sequence["IndicatorView"] = ()


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
