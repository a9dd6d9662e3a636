"""Annual inspections over the wire."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.registry.inspections.lifecycle import InspectionState
from services.registry.inspections.rules import Conclusion
from services.registry.reference.schemas import Amount
from shared.http import Prose, Schema, View


class YearlyReport(Schema):
    """年检报告: what the agency did in the year, and with whose money."""

    income: Amount
    income_from_purchase: Amount
    expenditure: Amount
    activities: Annotated[int, Field(ge=0, le=100_000)]
    clients_served: Annotated[int, Field(ge=0, le=10_000_000)]
    summary: Prose
    first_reviewed_on: date | None = Field(
        None, description="Dual management only: the supervising unit's first review (初审)"
    )


class ConclusionDraft(Schema):
    """合格 (pass), 基本合格 (basic) or 不合格 (fail); anything but a pass says why."""

    conclusion: Conclusion
    reasons: Annotated[str, Field(max_length=5000)] = ""


class InspectionView(View):
    id: UUID
    version: int
    state: InspectionState
    credit_code: str
    year: int
    due_on: date
    filed_on: date | None
    first_reviewed_on: date | None
    conclusion: Conclusion | None
    reasons: str | None
    concluded_on: date | None


class ReportView(View):
    """The report as it was filed; amounts in yuan."""

    year: int
    filed_on: date | None
    report: dict[str, Any] | None
