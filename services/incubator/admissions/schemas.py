from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import Field

from services.incubator.admissions.lifecycle import CandidateState, RoundState
from services.incubator.wire import Day
from shared.codelists import ClientGroup, RuralFocusGroup, ServiceField
from shared.http import Line, Prose, Schema, View


class TenantKind(StrEnum):
    """已登记, 拟登记, 备案的社区社会组织 (I-02)."""

    REGISTERED = "registered"
    TO_BE_REGISTERED = "to_be_registered"
    FILED = "filed"


class RoundDraft(Schema):
    """A round of admission, open from today to the end of `closes_on`."""

    base_id: UUID
    title: Line
    places: int = Field(ge=1, le=100)
    closes_on: Day


class CandidateDraft(Schema):
    """A start-up and whom it serves. Lists that it serves nobody of stay empty."""

    name: Line
    tenant_kind: TenantKind = TenantKind.TO_BE_REGISTERED
    client_groups: list[ClientGroup] = Field(default_factory=list, max_length=7)
    rural_focus_groups: list[RuralFocusGroup] = Field(default_factory=list, max_length=5)
    service_fields: list[ServiceField] = Field(default_factory=list, max_length=9)
    plan: Prose


class Check(Schema):
    """The first check: whether the application is fit to be reviewed."""

    fit: bool
    note: Line


class PanelScore(Schema):
    """The panel's score out of 100, with its opinion."""

    score: int = Field(ge=0, le=100)
    opinion: Prose


class RoundView(View):
    id: UUID
    version: int
    state: RoundState
    base_id: UUID
    title: str
    places: int
    opens_on: date
    closes_on: date
    created_at: datetime


class CandidateView(View):
    id: UUID
    version: int
    state: CandidateState
    round_id: UUID
    name: str
    tenant_kind: TenantKind
    client_groups: Sequence[ClientGroup]
    rural_focus_groups: Sequence[RuralFocusGroup]
    service_fields: Sequence[ServiceField]
    plan: str
    check_due: date
    check_due_provisional: bool
    check_note: str | None
    score: int | None
    place: int | None
    explanation: dict[str, Any] | None
    created_at: datetime


class PlaceView(View):
    """A place in the ranking, explained."""

    place: int
    candidate_id: UUID
    name: str
    state: CandidateState
    explanation: dict[str, Any]


class RankingView(View):
    round_id: UUID
    places: int
    ranking: Sequence[PlaceView]
