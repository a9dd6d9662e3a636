"""The annual inspections of agencies."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.registry.agencies.queries import agency_of
from services.registry.inspections import actions, queries
from services.registry.inspections.lifecycle import InspectionState
from services.registry.inspections.models import Inspection
from services.registry.inspections.schemas import (
    ConclusionDraft,
    InspectionView,
    ReportView,
    YearlyReport,
)
from shared.errors import NotFound
from shared.http import (
    Page,
    ThePaging,
    TheWork,
    WorkRoute,
    allow,
    changing,
    open_to_all,
    reading,
)

router = APIRouter(prefix="/inspections", tags=["inspections"], route_class=WorkRoute)

TheInspection = Annotated[Inspection, reading(Inspection, "inspection_id")]
ChangingInspection = Annotated[Inspection, changing(Inspection, "inspection_id")]


@router.get("", response_model=Page[InspectionView])
@open_to_all
async def list_inspections(
    paging: ThePaging,
    work: TheWork,
    credit_code: Annotated[str | None, Query(max_length=18)] = None,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    state: InspectionState | None = None,
) -> Page[InspectionView]:
    """List annual inspections; their conclusions are announced here."""
    statement = queries.inspections(credit_code=credit_code, year=year, state=state)
    return await paging.page(work.session, statement, Inspection.id, InspectionView)


@router.get("/{inspection_id}", response_model=InspectionView)
@open_to_all
async def read_inspection(inspection: TheInspection) -> Inspection:
    """Read one annual inspection."""
    return inspection


@router.get("/{inspection_id}/report", response_model=ReportView)
@allow("agency", "supervisor")
async def read_report(inspection: TheInspection, work: TheWork) -> Inspection:
    """Read the report that was filed; it is the agency's and the office's."""
    if not (inspection.changeable_by(work.actor) or work.actor.has("auditor")):
        raise NotFound()
    return inspection


@router.post("/{inspection_id}/report", response_model=InspectionView)
@allow("agency")
async def file_report(
    report: YearlyReport, inspection: ChangingInspection, work: TheWork
) -> Inspection:
    """File the report of the year (R-15)."""
    agency = await agency_of(work.session, inspection.credit_code)
    if agency is None:
        raise NotFound()
    return actions.file_report(work, inspection, agency, report)


@router.post("/{inspection_id}/conclusion", response_model=InspectionView)
@allow("supervisor")
async def conclude_inspection(
    draft: ConclusionDraft, inspection: ChangingInspection, work: TheWork
) -> Inspection:
    """Draw and announce the conclusion (R-17)."""
    return actions.conclude_inspection(work, inspection, draft)
