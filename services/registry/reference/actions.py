"""Loading what the law publishes: the yearly notice of days, and average wages."""

from services.registry.policy.figures import DISTRICT
from services.registry.reference import queries
from services.registry.reference.models import WageReference
from services.registry.reference.schemas import (
    CalendarNotice,
    CalendarNoticeView,
    WageReferenceDraft,
)
from shared.days import CalendarDay, year_by_notice
from shared.errors import InvalidInput, NotWellFormed
from shared.work import Work


async def load_notice(work: Work, notice: CalendarNotice) -> CalendarNoticeView:
    """Take in a year's days with their source; a later notice of the same year replaces them.

    Terms that touched the year as a guess are counted anew by the deadlines of those who hold them.
    """
    days = _days_of(notice)
    await queries.keep_days(work.session, days)
    work.tell(
        "calendar",
        str(notice.year),
        "calendar.notice-loaded",
        year=notice.year,
        citation=notice.citation,
        rest_days=[{"date": day.date, "name": day.name} for day in notice.rest_days],
        working_weekends=list(notice.working_weekends),
    )
    return CalendarNoticeView(
        year=notice.year,
        citation=notice.citation,
        days=len(days),
        workdays=sum(day.working for day in days),
    )


def _days_of(notice: CalendarNotice) -> tuple[CalendarDay, ...]:
    try:
        return year_by_notice(
            notice.year,
            {day.date: day.name for day in notice.rest_days},
            set(notice.working_weekends),
            notice.citation,
        )
    except NotWellFormed as wrong:
        raise InvalidInput.at("/rest_days", wrong.rule, wrong.remedy) from None


async def record_wage(work: Work, draft: WageReferenceDraft) -> WageReference:
    """Record a year's average pay of on-post employees, as published."""
    wage = WageReference(area=DISTRICT, **dict(draft))
    work.add_row(wage)
    await work.session.flush()
    work.tell(
        "wage-reference",
        wage.id,
        "wage-reference.published",
        area=wage.area,
        year=wage.year,
        yearly=str(wage.yearly),
        published_on=wage.published_on,
    )
    return wage
