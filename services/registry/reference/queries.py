"""Reading divisions, days and wages."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.reference.models import CalendarRow, Division, WageReference
from shared.days import Calendar, CalendarDay

TOWNS = ("subdistrict", "town")
COMMUNITIES = ("community", "village")


def divisions_on(
    on: date, *, kind: str | None = None, parent: str | None = None
) -> Select[Division]:
    """The divisions in force on a day."""
    statement = select(Division).where(
        or_(Division.since.is_(None), Division.since <= on),
        or_(Division.until.is_(None), Division.until > on),
    )
    if kind is not None:
        statement = statement.where(Division.kind == kind)
    if parent is not None:
        statement = statement.where(Division.parent_code == parent)
    return statement


async def names_on(session: AsyncSession, on: date, kinds: Sequence[str]) -> Mapping[str, str]:
    """Code → name, as it was on the day."""
    statement = divisions_on(on).where(Division.kind.in_(kinds)).order_by(Division.code)
    return {found.code: found.name for found in await session.scalars(statement)}


async def division_on(session: AsyncSession, code: str, on: date) -> Division | None:
    statement = divisions_on(on).where(Division.code == code)
    return (await session.scalars(statement)).first()


async def history_of(session: AsyncSession, code: str) -> Sequence[Division]:
    """Every name the division has had, oldest first."""
    statement = (
        select(Division).where(Division.code == code).order_by(Division.since.asc().nulls_first())
    )
    return (await session.scalars(statement)).all()


async def successors(session: AsyncSession, on: date) -> Mapping[str, str]:
    """Divisions that had ended by the day → the one that took each over."""
    statement = select(Division).where(Division.succeeded_by.is_not(None), Division.until <= on)
    return {d.code: d.succeeded_by for d in await session.scalars(statement) if d.succeeded_by}


async def calendar(session: AsyncSession, start: date, working_days: int) -> Calendar:
    """As much of the calendar as a term of so many working days from `start` can touch.

    Two days for each working day and two months more is beyond the longest run of holidays; a
    day that is not in the table is worked out, and marked provisional.
    """
    end = start + timedelta(days=working_days * 2 + 60)
    statement = select(CalendarRow).where(CalendarRow.day.between(start, end))
    return Calendar(
        CalendarDay(row.day, row.is_workday, row.name, row.source)
        for row in await session.scalars(statement)
    )


async def wages(session: AsyncSession) -> Sequence[WageReference]:
    statement = select(WageReference).order_by(WageReference.area, WageReference.year)
    return (await session.scalars(statement)).all()


async def year_of(session: AsyncSession, year: int) -> Calendar:
    """The calendar as far as the days of that year are kept."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    statement = select(CalendarRow).where(CalendarRow.day.between(first, last))
    return Calendar(
        CalendarDay(row.day, row.is_workday, row.name, row.source)
        for row in await session.scalars(statement)
    )


async def last_published_year(session: AsyncSession) -> int | None:
    """The last year whose days are kept to its end."""
    last = await session.scalar(select(func.max(CalendarRow.day)))
    return None if last is None else (last + timedelta(days=1)).year - 1


async def keep_days(session: AsyncSession, days: Sequence[CalendarDay]) -> None:
    """Put the days of a notice in place of what was kept of them."""
    statement = insert(CalendarRow)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[CalendarRow.day],
            set_={
                "is_workday": statement.excluded.is_workday,
                "name": statement.excluded.name,
                "source": statement.excluded.source,
            },
        ),
        [{"day": d.day, "is_workday": d.working, "name": d.name, "source": d.source} for d in days],
    )
