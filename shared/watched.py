"""What officers watch: how many things stand in which state, what is due, and what a service adds.

WATCHED = Watched(
    things=[Tender, Contract],
    due=[Due("tender.close", Tender.closes_at, open=Tender.state == TenderState.PUBLISHED)],
    figures=[Figure("custodians", "…", ("which",), custodians)],
)

A service declares it in its `watched.py`, and its worker reads it every half minute. Labels are
states, kinds of work and names written there: no id, no organisation, no person. Of bids nothing is
watched: who bids, and how many there are, must show in no figure before they are opened.

Each statement stays cheap on a large table: things are counted along the index on `state` and no
further than `MOST_COUNTED`, and what is due is looked for among what is open.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import ColumnElement, DateTime, Select, func, literal, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from shared.database.base import Aggregate
from shared.days import day_of, start_of

MOST_COUNTED = 10_000
"""More things than that in one state are told as that many."""
NEAR_DAYS = 7

_ALONG_AN_INDEX = text(
    "SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)"
)
"""For this transaction: to find a few, the planner would read a whole table, hoping to meet them early."""

Values = Mapping[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class Due:
    """Work with a day: everything `open` is to be done by `day`, that day included."""

    work: str
    day: InstrumentedAttribute[Any]
    open: ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of one service's own, told as `huishe_<name>`: a value for each row of labels."""

    name: str
    says: str
    labels: tuple[str, ...]
    read: Callable[[AsyncSession, datetime], Awaitable[Values]]


@dataclass(frozen=True, slots=True)
class Watched:
    """Everything that one service lets watch."""

    things: Sequence[type[Aggregate]] = ()
    due: Sequence[Due] = ()
    figures: Sequence[Figure] = ()

    def all_figures(self) -> Sequence[Figure]:
        """Those that every service has, and its own."""
        return (
            Figure(
                "business_time_seconds", "Business time, in seconds since 1970", (), _business_time
            ),
            Figure("things", "Things by state", ("subject", "state"), self._things),
            Figure(
                "work_due",
                "Open work by its day: overdue, or due within a week",
                ("work", "when"),
                self._due,
            ),
            *self.figures,
        )

    async def _things(self, session: AsyncSession, now: datetime) -> Values:
        return {
            (kind.lifecycle.subject, state.value): float(
                await session.scalar(_standing_in(kind, state.value)) or 0
            )
            for kind in self.things
            for state in kind.lifecycle.states
        }

    async def _due(self, session: AsyncSession, now: datetime) -> Values:
        found: dict[tuple[str, ...], float] = {}
        for due in self.due:
            counts = (await session.execute(_due_by(due, now))).one()
            found[due.work, "overdue"], found[due.work, "week"] = map(float, counts)
        return found


async def _business_time(session: AsyncSession, now: datetime) -> Values:
    return {(): now.timestamp()}


def _standing_in(kind: type[Aggregate], state: str) -> Select[int]:
    some = select(literal(1)).select_from(kind).where(kind.state == state).limit(MOST_COUNTED)
    return select(func.count()).select_from(some.subquery())


def _due_by(due: Due, now: datetime) -> Select[int, int]:
    """How many are overdue, and how many have their day within a week."""
    today = day_of(now)
    until = today + timedelta(days=NEAR_DAYS)
    passed: date | datetime = today
    near: date | datetime = until
    if isinstance(due.day.type, DateTime):
        passed, near = now, start_of(until)
    some = (
        select(due.day.label("day")).where(due.open, due.day < near).limit(MOST_COUNTED).subquery()
    )
    return select(
        func.count().filter(some.c.day < passed), func.count().filter(some.c.day >= passed)
    ).select_from(some)


class Watch:
    """Reads what is watched into the gauges of this process."""

    def __init__(self, watched: Watched, service: str, registry: CollectorRegistry) -> None:
        self._service = service
        self._figures = [(figure, _gauge(figure, registry)) for figure in watched.all_figures()]

    async def look(self, session: AsyncSession) -> None:
        """Read everything; what a figure no longer says is no longer told."""
        await session.execute(_ALONG_AN_INDEX)
        now = await session.scalar(text("SELECT business_now()"))
        for figure, gauge in self._figures:
            values = await figure.read(session, now)
            gauge.clear()
            for labels, value in values.items():
                gauge.labels(self._service, *labels).set(value)


def _gauge(figure: Figure, registry: CollectorRegistry) -> Gauge:
    name = f"huishe_{figure.name}"
    return Gauge(name, figure.says, ["service", *figure.labels], registry=registry)
