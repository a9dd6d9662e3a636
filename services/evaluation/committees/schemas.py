from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from services.evaluation.committees.lifecycle import CommitteeState
from services.evaluation.evaluators.schemas import PersonDraft
from services.evaluation.wire import Day
from shared.http import Line, Schema, View


class CommitteeDraft(Schema):
    """A committee for one term."""

    name: Line
    starts_on: Day
    ends_on: Day
    members: list[PersonDraft] = Field(min_length=1, max_length=100)


class MemberView(View):
    client_id: str
    name: str


class CommitteeView(View):
    id: UUID
    version: int
    state: CommitteeState
    name: str
    starts_on: date
    ends_on: date
    members: Sequence[MemberView]
    created_at: datetime
