from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from services.incubator.venues.lifecycle import AllocationState, VenueState
from services.incubator.wire import Day, Value
from shared.http import Line, MoneyText, Schema, View


class VenueKind(StrEnum):
    """办公室, 工位, 会议室, 设备."""

    OFFICE = "office"
    DESK = "desk"
    MEETING_ROOM = "meeting_room"
    EQUIPMENT = "equipment"


class VenueDraft(Schema):
    """A venue of the base."""

    base_id: UUID
    name: Line
    kind: VenueKind
    capacity: int = Field(ge=1, le=10_000)
    monthly_value: Value


class AllocationDraft(Schema):
    """Who gets the venue, from the first to the last day."""

    residency_id: UUID
    starts_on: Day
    ends_on: Day


class VenueView(View):
    id: UUID
    version: int
    state: VenueState
    base_id: UUID
    name: str
    kind: VenueKind
    capacity: int
    monthly_value: MoneyText
    currency: str = "CNY"
    created_at: datetime


class AllocationView(View):
    id: UUID
    version: int
    state: AllocationState
    venue_id: UUID
    residency_id: UUID
    starts_on: date
    ends_on: date
    created_at: datetime
