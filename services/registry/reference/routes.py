"""Reference data: what the map, the calendar and the policy's lists say."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query

from services.registry.reference import actions, queries
from services.registry.reference.models import Division, WageReference
from services.registry.reference.schemas import (
    CalendarNotice,
    CalendarNoticeView,
    CodelistView,
    DayView,
    DivisionView,
    TermView,
    WageReferenceDraft,
    WageReferenceView,
)
from shared.codelists import CODELISTS
from shared.days import Term
from shared.errors import NotFound
from shared.http import Page, ThePaging, TheWork, WorkRoute, allow, open_to_all

router = APIRouter(tags=["reference"], route_class=WorkRoute)

Kind = Literal["district", "subdistrict", "town", "community", "village"]


@router.get("/divisions", response_model=Page[DivisionView])
@open_to_all
async def list_divisions(
    paging: ThePaging,
    work: TheWork,
    on: Annotated[date | None, Query(description="In force on this day; today if absent")] = None,
    kind: Kind | None = None,
    parent: Annotated[str | None, Query(pattern=r"^\d{4,12}$")] = None,
) -> Page[DivisionView]:
    """List the divisions of the district as they were on a day."""
    statement = queries.divisions_on(on or work.today, kind=kind, parent=parent)
    return await paging.page(work.session, statement, Division.code, DivisionView)


@router.get("/divisions/{code}", response_model=list[DivisionView])
@open_to_all
async def read_division(
    code: Annotated[str, Path(pattern=r"^\d{4,12}$")], work: TheWork
) -> Sequence[Division]:
    """Read every name a division has had, oldest first."""
    found = await queries.history_of(work.session, code)
    if not found:
        raise NotFound()
    return found


@router.get("/calendar/terms", response_model=TermView)
@open_to_all
async def count_term(
    work: TheWork,
    start: Annotated[date, Query(alias="from", description="The day of the event: day 0")],
    working_days: Annotated[int, Query(ge=0, le=1000)],
) -> Term:
    """Count a term in working days, and say which of its days nobody has published yet."""
    calendar = await queries.calendar(work.session, start, working_days)
    return calendar.term(start, working_days)


@router.get("/calendar/days", response_model=list[DayView])
@open_to_all
async def list_days(
    work: TheWork,
    year: Annotated[int, Query(ge=2004, le=2100)],
) -> list[DayView]:
    """List a year's days; days of a year whose notice is not loaded are provisional."""
    calendar = await queries.year_of(work.session, year)
    ordinals = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
    days = [calendar.day(date.fromordinal(n)) for n in ordinals]
    return [
        DayView(
            date=day.day,
            is_workday=day.working,
            name=day.name,
            source=day.source,
            provisional=day.provisional,
        )
        for day in days
    ]


@router.post("/calendar/notices", status_code=201, response_model=CalendarNoticeView)
@allow("registrar", "administrator")
async def load_calendar_notice(notice: CalendarNotice, work: TheWork) -> CalendarNoticeView:
    """Load a year's notice of days off; terms that guessed at the year are counted anew."""
    return await actions.load_notice(work, notice)


@router.get("/wage-references", response_model=list[WageReferenceView])
@open_to_all
async def list_wage_references(work: TheWork) -> Sequence[WageReference]:
    """List the average pay of on-post employees by year (3.2(8))."""
    return await queries.wages(work.session)


@router.post("/wage-references", status_code=201, response_model=WageReferenceView)
@allow("registrar")
async def record_wage_reference(draft: WageReferenceDraft, work: TheWork) -> WageReference:
    """Record a year's average pay as it was published."""
    return await actions.record_wage(work, draft)


@router.get("/codelists", response_model=list[CodelistView])
@open_to_all
async def list_codelists() -> list[dict[str, Any]]:
    """List the policy's sixteen codelists, with names in two languages and clauses."""
    return [codelist.as_dict() for codelist in CODELISTS.values()]


@router.get("/codelists/{codelist_id}", response_model=CodelistView)
@open_to_all
async def read_codelist(codelist_id: str) -> dict[str, Any]:
    """Read one codelist."""
    if codelist_id not in CODELISTS:
        raise NotFound()
    return CODELISTS[codelist_id].as_dict()
