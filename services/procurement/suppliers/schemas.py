from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.procurement.policy.codelists import Result, Stage
from services.procurement.suppliers.lifecycle import ConsequenceKind, ConsequenceState
from shared.http import Prose, Schema, View


class CauseView(View):
    """The event of the evaluation service that this follows from, and its place in its feed."""

    source: str
    event: str
    position: int


class ConsequenceView(View):
    id: UUID
    version: int
    state: ConsequenceState
    credit_code: str
    contract_id: UUID
    stage: Stage
    result: Result
    kind: ConsequenceKind
    percent: int | None
    starts_on: date
    until_on: date | None
    concluded_on: date
    cause: CauseView
    table_in_force_since: date
    table_confirmed: bool
    lifted_because: str | None
    created_at: datetime


class Lifting(Schema):
    """Why a consequence no longer stands, after an objection."""

    reason: Prose


class TrackRecordView(View):
    """What the evaluated results of a supplier mean on a day, and why."""

    credit_code: str
    on: date
    may_be_bought_from: bool
    good_results: int
    verdict: dict[str, Any]
    consequences: Sequence[ConsequenceView]
