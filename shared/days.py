"""Legal days: the day of an instant in Asia/Shanghai, working days, and the terms counted in them.

The day of the event is day 0. Published years come from a table of days with their source (the
yearly notice of 国务院办公厅). Beyond it a day is worked out (weekends and the statutory days) and
every term that touches such a day says that it is provisional and which days it guessed.

Everything here is plain: the registry keeps the table, and others are handed a `Calendar`.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from importlib.metadata import version
from typing import Final

from chinese_calendar import constants as published

from shared.errors import NotWellFormed
from shared.policy import Clause, Dated
from shared.words import Text

SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""A fixed offset: Shanghai has kept it since 1991, and machines without a zone table must agree."""

ONE_DAY: Final = timedelta(days=1)
LONGEST_TERM: Final = 10_000

REST_DAY_ENDS = Clause(
    "民法典",
    "203",
    Text(
        zh="期间的最后一日是法定休假日的，以法定休假日结束的次日为期间的最后一日",
        en="A term whose last day is a legal rest day ends on the day after the rest",
    ),
)
ENDS_ON_WORKING_DAY = Dated(
    REST_DAY_ENDS, {date(2021, 1, 1): True}, name="term_ends_on_working_day", draft=True
)


def day_of(instant: datetime) -> date:
    """The legal day on which an instant falls."""
    if instant.tzinfo is None:
        raise ValueError("an instant carries its offset")
    return instant.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """The first instant of a legal day, in UTC."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The first instant after a legal day, in UTC: what is due on the day must come before it."""
    return start_of(day + ONE_DAY)


def months_after(day: date, months: int) -> date:
    """The corresponding day so many months later; the month's last when there is none (民法典 202).

    A number below zero counts back.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_after(day: date, years: int) -> date:
    return months_after(day, 12 * years)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day of the calendar: whether people work, what it is called, and who says so."""

    day: date
    working: bool
    name: str | None
    source: str
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A term that has been counted: `provisional` when any of its days is not yet published."""

    start: date
    ends_on: date
    working_days: int | None
    """How many working days were asked for; None for a term in calendar days."""
    provisional_days: tuple[date, ...]

    @property
    def provisional(self) -> bool:
        return bool(self.provisional_days)


class Calendar:
    """Working days by a table; a day that is not in it is worked out and provisional."""

    def __init__(self, days: Iterable[CalendarDay]) -> None:
        self._days: Mapping[date, CalendarDay] = {day.day: day for day in days}

    def day(self, day: date) -> CalendarDay:
        return self._days.get(day) or worked_out(day)

    def works_on(self, day: date) -> bool:
        return self.day(day).working

    def first_working_day_from(self, day: date) -> date:
        """The day itself when people work on it, else the next on which they do."""
        while not self.works_on(day):
            day += ONE_DAY
        return day

    def term(self, start: date, working_days: int) -> Term:
        """The last day of a term of so many working days begun by an event on `start`."""
        _possible(working_days)
        end, left = start, working_days
        while left:
            end += ONE_DAY
            left -= self.works_on(end)
        return self._counted(start, end, working_days)

    def calendar_term(self, start: date, days: int) -> Term:
        """The last day of a term in calendar days; it does not end on a rest day."""
        _possible(days)
        end = start + days * ONE_DAY
        if ENDS_ON_WORKING_DAY.on(start):
            end = self.first_working_day_from(end)
        # Only where it ends depends on rest days: guessed days before that change nothing.
        return Term(start, end, None, self._guessed(start + days * ONE_DAY, end))

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`."""
        return sum(self.works_on(day) for day in _days(start + ONE_DAY, end))

    def _counted(self, start: date, end: date, working_days: int) -> Term:
        return Term(start, end, working_days, self._guessed(start + ONE_DAY, end))

    def _guessed(self, first: date, last: date) -> tuple[date, ...]:
        return tuple(day for day in _days(first, last) if self.day(day).provisional)


def _possible(days: int) -> None:
    if not 0 <= days <= LONGEST_TERM:
        raise ValueError(f"a term has 0 to {LONGEST_TERM} days")


def _days(first: date, last: date) -> Sequence[date]:
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]


# --- Published years ------------------------------------------------------------------------------


def year_by_notice(
    year: int, rest_days: Mapping[date, str], working_weekends: Collection[date], source: str
) -> tuple[CalendarDay, ...]:
    """Every day of a year by its notice: named days off, weekends, and weekends made up for."""
    strays = [day for day in (*rest_days, *working_weekends) if day.year != year]
    both = set(rest_days) & set(working_weekends)
    weekdays = [day for day in working_weekends if day.weekday() < 5]
    if strays or both or weekdays:
        raise NotWellFormed(
            Text(
                zh="通知只列本年度的日期，同一日不得既休息又上班，调休上班只在周末",
                en="the notice names days of its own year, none both as rest and as work, "
                "and makes up only on weekends",
            ),
            Text(zh="请照放假通知原文录入日期", en="copy the days of the notice"),
        )
    return tuple(
        CalendarDay(
            day,
            working=day in working_weekends or (day.weekday() < 5 and day not in rest_days),
            name=rest_days.get(day) or ("调休上班" if day in working_weekends else None),
            source=source,
        )
        for day in _days(date(year, 1, 1), date(year, 12, 31))
    )


@cache
def published_days() -> tuple[CalendarDay, ...]:
    """Every day of 2004–2026 as 国务院办公厅 published it, by way of the package `chinesecalendar`."""
    source = f"国务院办公厅节假日安排（chinesecalendar {version('chinesecalendar')}）"
    first, last = min(published.holidays).year, max(published.holidays).year
    return tuple(
        day
        for year in range(first, last + 1)
        for day in year_by_notice(
            year,
            {
                day: _chinese_name(name)
                for day, name in published.holidays.items()
                if day.year == year
            },
            {day for day in published.workdays if day.year == year},
            source,
        )
    )


def _chinese_name(english: str) -> str:
    """The festival as the law writes it; the package shortens three of them."""
    name = str(published.Holiday(english).chinese)
    return f"{name}节" if name in ("清明", "端午", "中秋") else name


# --- Days nobody has published yet ----------------------------------------------------------------

RULE_OF_THUMB: Final = "周末及法定节假日推算（《全国年节及纪念日放假办法》，未经当年通知确认）"

# Thirteen statutory days a year since 2025. The festivals of the moon are listed, not computed:
# (year: first day of the first month, fifth of the fifth, fifteenth of the eighth).
_MOON: Final[Mapping[int, tuple[str, str, str]]] = {
    2025: ("01-29", "05-31", "10-06"),
    2026: ("02-17", "06-19", "09-25"),
    2027: ("02-06", "06-09", "09-15"),
    2028: ("01-26", "05-28", "10-03"),
    2029: ("02-13", "06-16", "09-22"),
    2030: ("02-03", "06-05", "09-12"),
    2031: ("01-23", "06-24", "10-01"),
    2032: ("02-11", "06-12", "09-19"),
    2033: ("01-31", "06-01", "09-08"),
    2034: ("02-19", "06-20", "09-27"),
    2035: ("02-08", "06-10", "09-16"),
    2036: ("01-28", "05-30", "10-04"),
    2037: ("02-15", "06-18", "09-24"),
    2038: ("02-04", "06-07", "09-13"),
    2039: ("01-24", "05-27", "10-02"),
    2040: ("02-12", "06-14", "09-20"),
    2041: ("02-01", "06-03", "09-10"),
    2042: ("01-22", "06-22", "09-28"),
    2043: ("02-10", "06-11", "09-17"),
    2044: ("01-30", "05-31", "10-05"),
    2045: ("02-17", "06-19", "09-25"),
}


def worked_out(day: date) -> CalendarDay:
    """A day by weekend and statutory days alone; adjustments of a yearly notice are not guessed."""
    name = statutory_days(day.year).get(day)
    working = day.weekday() < 5 and name is None
    return CalendarDay(day, working, name, RULE_OF_THUMB, provisional=True)


@cache
def statutory_days(year: int) -> Mapping[date, str]:
    """The statutory days off of a year. Past the list of the moon only the solar ones are known."""
    days = {
        date(year, 1, 1): "元旦",
        date(year, 4, _tomb_sweeping(year)): "清明节",
        **{date(year, 5, n): "劳动节" for n in (1, 2)},
        **{date(year, 10, n): "国庆节" for n in (1, 2, 3)},
    }
    if year in _MOON:
        spring, dragon_boat, mid_autumn = (date.fromisoformat(f"{year}-{d}") for d in _MOON[year])
        days |= {spring + n * ONE_DAY: "春节" for n in (-1, 0, 1, 2)}
        days |= {dragon_boat: "端午节", mid_autumn: "中秋节"}
    return days


def _tomb_sweeping(year: int) -> int:
    """清明 falls on 4, 5 or 6 April; the usual formula for this century, in integers."""
    in_century = year % 100
    return (in_century * 2422 + 48100) // 10_000 - in_century // 4
