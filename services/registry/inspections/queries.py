"""Reading inspections, and finding whose day has come."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.agencies.models import Agency
from services.registry.inspections.lifecycle import InspectionState as S
from services.registry.inspections.models import Inspection
from services.registry.inspections.rules import (
    Conclusion,
    Record,
    due_in,
    last_day,
)
from services.registry.policy.figures import MONTHS_TOO_YOUNG
from shared.database.base import matching
from shared.days import day_of, months_after


async def inspections_of(session: AsyncSession, credit_code: str) -> Sequence[Inspection]:
    """Oldest year first."""
    statement = (
        select(Inspection).where(Inspection.credit_code == credit_code).order_by(Inspection.year)
    )
    return (await session.scalars(statement)).all()


async def record_on(session: AsyncSession, credit_code: str, on: date) -> Record:
    """What was concluded, and what was due and not filed, as it stood on a day."""
    return as_record(await inspections_of(session, credit_code), on)


def as_record(found: Sequence[Inspection], on: date) -> Record:
    return Record(
        on=on,
        conclusions={
            i.year: Conclusion(i.conclusion)
            for i in found
            if i.conclusion and i.concluded_on and i.concluded_on <= on
        },
        unfiled=frozenset(
            i.year for i in found if i.due_on < on and (i.filed_on is None or i.filed_on > on)
        ),
    )


async def agencies_to_call(session: AsyncSession, now: datetime) -> Sequence[UUID]:
    """Agencies that are inspected for the year that ended last and were not called yet."""
    year = day_of(now).year - 1
    end = last_day(year)
    called = exists().where(Inspection.credit_code == Agency.credit_code, Inspection.year == year)
    statement = select(Agency.id).where(
        Agency.registered_on < months_after(end, -MONTHS_TOO_YOUNG.on(end)),
        or_(Agency.cancelled_on.is_(None), Agency.cancelled_on > end),
        ~called,
    )
    return (await session.scalars(statement.order_by(Agency.id))).all()


async def years_to_call(session: AsyncSession, agency: Agency, today: date) -> list[int]:
    """Every year up to the last for which the agency is inspected and was not called."""
    called = {inspection.year for inspection in await inspections_of(session, agency.credit_code)}
    return [
        year
        for year in range(agency.registered_on.year, today.year)
        if year not in called and due_in(agency.registered_on, agency.cancelled_on, year)
    ]


async def reports_overdue(session: AsyncSession, now: datetime) -> Sequence[UUID]:
    """Called, and the last day to file has passed."""
    statement = select(Inspection.id).where(
        Inspection.state == S.CALLED, Inspection.due_on < day_of(now)
    )
    return (await session.scalars(statement.order_by(Inspection.due_on))).all()


def inspections(
    *, credit_code: str | None, year: int | None, state: S | None
) -> Select[tuple[Inspection]]:
    """Annual inspections, by what was asked for."""
    wanted = {
        Inspection.credit_code: credit_code,
        Inspection.year: year,
        Inspection.state: state,
    }
    return matching(select(Inspection), wanted)
