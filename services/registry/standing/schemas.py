"""The standing of an agency over the wire: what others rely on."""

from datetime import date
from typing import Any

from pydantic import Field

from services.registry.inspections.rules import Conclusion
from shared.http import View


class InspectionResult(View):
    year: int
    conclusion: Conclusion


class PerformanceView(View):
    """A project's evaluation, with the event of evaluation's feed that told it."""

    contract_id: str
    stage: str
    grade: str
    score: str | None
    concluded_on: date
    cause_event: str
    cause_position: int


class StandingView(View):
    """What an agency was on a day, with every finding: rule, clause, reason and figures."""

    credit_code: str
    name: str
    on: date
    registered: bool = Field(description="On the register on the day")
    suspended: bool
    active: bool = Field(description="Registered and not suspended")
    category: str
    registered_on: date
    cancelled_on: date | None
    seat_division: str
    two_consecutive_passes: bool = Field(
        description="6.1(7): the two newest inspections in which it was due were passed"
    )
    inspections: list[InspectionResult]
    full_time_staff: int
    qualified_staff: int
    party_members: int = Field(description="正式党员 among full-time and long-term part-time staff")
    performance: list[PerformanceView]
    findings: list[dict[str, Any]]
