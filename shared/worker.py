"""What happens without a request: placing rows in the feed, hearing others, and days that come.

A worker runs inside its service's process on one machine and apart from it in production. All it
does is idempotent and catches up after a stop: rows wait for their place, cursors remember how far
each feed was read, and a deadline is due until its move is made.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, NoResultFound
from sqlalchemy.ext.asyncio import AsyncSession

from shared.actor import CALENDAR, Actor
from shared.clients import forget_token, service_token
from shared.database.session import plain_dsn
from shared.errors import InvalidInput, JournalDisputed, Refusal, Unavailable
from shared.journal.examination import Fault
from shared.journal.positions import POLL_SECONDS, Relay
from shared.journal.rows import RESTRICTED
from shared.journal.verify import DatabaseReading, Trust
from shared.logging import get_logger
from shared.records import cursors, receipts
from shared.runtime import Runtime
from shared.watched import Watch, Watched
from shared.words import Text
from shared.work import Work

DEADLINE_SECONDS = 0.5
MEASURE_SECONDS = 2.0
WATCH_SECONDS = 30.0
TIDY_SECONDS = 3600.0
READ_ROWS = 2000
READ_SECONDS = 2.0
REST_SECONDS = 60.0
MOST_FAULTS_TOLD = 50
FEED_WAIT_SECONDS = 15.0
FEED_PAGE = 200
BACK_OFF_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)

_FIGURES = text(
    """
    SELECT (SELECT count(*) FROM journal_waiting) AS waiting,
           (SELECT coalesce(max(position), 0) FROM journal_position) AS position
    """
)

log = get_logger("worker")


@dataclass(frozen=True, slots=True)
class Event:
    """What another service told: `subject` is the aggregate's id, `data` the public body."""

    source: str
    position: int
    id: str
    type: str
    subject: str
    version: int
    time: datetime
    data: Mapping[str, Any]

    @classmethod
    def read(cls, source: str, entry: Mapping[str, Any]) -> "Event":
        told = entry["event"]
        return cls(
            source=source,
            position=int(entry["position"]),
            id=told["id"],
            type=told["type"],
            subject=str(told["subject"]).partition("/")[2],
            version=int(told["subjectversion"]),
            time=datetime.fromisoformat(told["time"]),
            data=told["data"],
        )


Ask = Callable[[Runtime, Event], Awaitable[Any]]
Act = Callable[[Work, Event], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Reaction:
    """What is done when an event is heard. `ask` gathers facts of other services beforehand."""

    act: Callable[..., Awaitable[None]]
    ask: Ask | None = None


def asking(ask: Ask) -> Callable[[Callable[[Work, Event, Any], Awaitable[None]]], Reaction]:
    """A reaction that first asks another service, before any transaction is open.

    @asking(the_dossier)
    async def on_residency_graduated(work, event, dossier): ...
    """

    def mark(act: Callable[[Work, Event, Any], Awaitable[None]]) -> Reaction:
        return Reaction(act, ask)

    return mark


Reactions = Mapping[str, Mapping[str, Act | Reaction]]
"""Source service → event type → reaction."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that comes: `due` finds whose day has come, `act` makes the move for one of them."""

    name: str
    due: Callable[[AsyncSession, datetime], Awaitable[Sequence[UUID]]]
    act: Callable[[Work, UUID], Awaitable[Any]]
    in_order: bool = False
    """When one cannot be reached, those after it wait."""


@dataclass(slots=True)
class Worker:
    """One per process; `run` does everything for as long as the process lives."""

    runtime: Runtime
    reactions: Reactions = field(default_factory=dict)
    deadlines: Sequence[Deadline] = ()
    watched: Watched = field(default_factory=Watched)
    relay: Relay = field(init=False)
    _watch: Watch | None = None
    _deadline_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _source_locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.relay = Relay(self.runtime.journal)

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._for_ever("relay", self._relay))
            tasks.create_task(self._for_ever("deadlines", self._watch_deadlines))
            tasks.create_task(self._for_ever("figures", self._keep_measuring))
            tasks.create_task(self._for_ever("watched", self._keep_watch))
            tasks.create_task(self._for_ever("journal", self._read_journal))
            tasks.create_task(self._for_ever("receipts", self._tidy))
            for source in self.reactions:
                tasks.create_task(self._for_ever(f"feed of {source}", self._follow, source))

    async def settle(self) -> bool:
        """Work off what is due and told by now; whether there was anything."""
        moved = await self.pass_deadlines()
        heard = 0
        for source in self.reactions:
            heard += await self._catch_up(source)
        connection = await asyncpg.connect(
            plain_dsn(self.runtime.settings.database_url), timeout=5, command_timeout=10
        )
        try:
            placed = await self.relay.once(connection)
        finally:
            await connection.close()
        return bool(moved or heard or placed)

    # ------------------------------------------------------------------ the edge of every loop

    async def _for_ever(self, name: str, body: Callable[..., Awaitable[None]], *args: Any) -> None:
        """Run `body` again and again; whatever goes wrong is told, and tried again later."""
        failures = 0
        while True:
            try:
                await body(*args)
                self._went_well(name)
                failures = 0
            except Exception as problem:  # the edge of a worker's loop
                pause = BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)]
                failures += 1
                self.runtime.metrics.worker_failures.labels(name).inc()
                self._tell_dispute(problem)
                told = log.warning if isinstance(problem, Unavailable | OSError) else log.exception
                told("worker.failed", part=name, problem=repr(problem), pause=pause)
                await asyncio.sleep(pause)

    def _tell_dispute(self, problem: Exception) -> None:
        if isinstance(problem, JournalDisputed):
            self.runtime.metrics.journal_disputed.labels(self.runtime.service).set(1)
            log.error("journal.disputed", problem=problem.detail.both())

    def _went_well(self, name: str) -> None:
        self.runtime.metrics.worker_rounds.labels(name).set_to_current_time()

    async def _keep_measuring(self) -> None:
        await self.measure()
        await asyncio.sleep(MEASURE_SECONDS)

    async def measure(self) -> None:
        """What is told of the feeds, also when another worker places the rows or none does."""
        async with self.runtime.sessions() as session:
            found = (await session.execute(_FIGURES)).one()
            heard = {
                source: await cursors.position_of(session, source) for source in self.reactions
            }
        told, service = self.runtime.metrics, self.runtime.service
        told.feed_position.labels(service).set(found.position)
        told.feed_waiting.labels(service).set(found.waiting)
        for source, position in heard.items():
            told.feed_heard.labels(service, source).set(position)

    # ------------------------------------------------------------------ what officers watch

    async def _keep_watch(self) -> None:
        await self.watch()
        await asyncio.sleep(WATCH_SECONDS)

    async def watch(self) -> None:
        """Read what officers watch; any worker may, as each tells the same.

        The figures are there from the first look on: several workers of one process share them.
        """
        if self._watch is None:
            told = self.runtime.metrics.registry
            self._watch = Watch(self.watched, self.runtime.service, told)
        async with self.runtime.sessions() as session:
            await self._watch.look(session)

    # ------------------------------------------------------------------ the relay

    async def _relay(self) -> None:
        connection = await asyncpg.connect(
            plain_dsn(self.runtime.settings.database_url),
            timeout=5,
            command_timeout=10,
            # One who stops in the middle must not keep the lock from the next.
            server_settings={"idle_in_transaction_session_timeout": "10s"},
        )
        try:
            while True:
                placed = await self.relay.once(connection)
                self._went_well("relay")
                self.runtime.metrics.journal_disputed.labels(self.runtime.service).set(0)
                if not placed:
                    await asyncio.sleep(POLL_SECONDS)
        finally:
            if not connection.is_closed():
                await connection.close(timeout=1)

    # ------------------------------------------------------------------ reading the whole journal

    async def _read_journal(self) -> None:
        """Read the journal from its beginning, again and again, and tell what is not as it was signed.

        Some rows at a time: reading may take a while, and must cost next to nothing.
        """
        connection = await asyncpg.connect(
            plain_dsn(self.runtime.settings.database_url), timeout=5, command_timeout=30
        )
        try:
            reading = await self._begin_reading(connection)
            while not await reading.step(connection, READ_ROWS):
                self._went_well("journal")
                await asyncio.sleep(READ_SECONDS)
        finally:
            await connection.close(timeout=1)
        self._tell_faults(reading.examination.faults)
        await self._until_signed(reading.examination.tree.size)

    async def _begin_reading(self, connection: "asyncpg.Connection[Any]") -> DatabaseReading:
        journal = self.runtime.journal
        kept = journal.newest_signed()
        trust = Trust(journal.origin, journal.verifiers, [kept] if kept else [])
        return DatabaseReading(trust)

    async def _until_signed(self, size: int) -> None:
        """Nothing new: a minute's rest. Something new: at once."""
        for _ in range(int(REST_SECONDS / READ_SECONDS)):
            self._went_well("journal")
            await asyncio.sleep(READ_SECONDS)
            if self.relay.size > size:
                return

    def _tell_faults(self, faults: Sequence[Fault]) -> None:
        self.runtime.metrics.journal_faults.labels(self.runtime.service).set(len(faults))
        for fault in faults[:MOST_FAULTS_TOLD]:
            log.error(
                "journal.fault",
                what=fault.what,
                first=fault.first,
                last=fault.last,
                row=fault.row,
            )

    # ------------------------------------------------------------------ receipts

    async def _tidy(self) -> None:
        await self.forget_receipts()
        await asyncio.sleep(TIDY_SECONDS)

    async def forget_receipts(self) -> None:
        """Let go of the answers whose keys are over."""
        async with self.runtime.sessions.begin() as session:
            await receipts.forget_old(session)

    # ------------------------------------------------------------------ deadlines

    async def _watch_deadlines(self) -> None:
        await self.pass_deadlines()
        await asyncio.sleep(DEADLINE_SECONDS)

    async def pass_deadlines(self) -> int:
        """Make every move whose day has come, each in its own transaction; how many were made."""
        made = 0
        async with self._deadline_lock:
            for deadline in self.deadlines:
                for aggregate_id in await self._due(deadline):
                    reached = await self._reach(deadline, aggregate_id)
                    if reached is None and deadline.in_order:
                        break
                    made += reached or 0
        return made

    async def _due(self, deadline: Deadline) -> Sequence[UUID]:
        try:
            async with self.runtime.sessions() as session:
                now = await session.scalar(text("SELECT business_now()"))
                return await deadline.due(session, now)
        except OSError:  # no database: nothing can be reached, the whole round waits
            raise
        except Exception:  # a fault in one kind of deadline must not stop the others
            self._tell_fault(deadline)
            return ()

    async def _reach(self, deadline: Deadline, aggregate_id: UUID) -> int | None:
        """How many moves were made; None when it could not be reached."""
        try:
            async with self.runtime.sessions() as session:
                work = await self._begin(session, CALENDAR, deadline.name)
                await deadline.act(work, aggregate_id)
                worked = bool(work.events)
                await work.write_down()
                await session.commit()
                return int(worked)
        except (Refusal, DBAPIError) as problem:
            # Somebody else made the move first, or it cannot be made yet: it stays due.
            log.warning(
                "deadline.not_reached",
                deadline=deadline.name,
                id=str(aggregate_id),
                problem=str(problem),
            )
        except Exception:  # a fault in one move must not stop those of others
            self._tell_fault(deadline, aggregate_id)
        return None

    def _tell_fault(self, deadline: Deadline, aggregate_id: UUID | None = None) -> None:
        self.runtime.metrics.worker_failures.labels(deadline.name).inc()
        log.exception("deadline.broken", deadline=deadline.name, id=str(aggregate_id or ""))

    # ------------------------------------------------------------------ hearing others

    async def _follow(self, source: str) -> None:
        await self._catch_up(source, wait=FEED_WAIT_SECONDS)

    async def _catch_up(self, source: str, wait: float = 0) -> int:
        """Read the source's feed to its end; how many reactions were made."""
        heard = 0
        while True:
            async with self.runtime.sessions() as session:
                after = await cursors.position_of(session, source)
            page = await self._read(source, after, wait)
            async with self._source_locks.setdefault(source, asyncio.Lock()):
                heard += await self._take(source, page["items"])
            if not page["full"]:
                return heard

    async def _read(self, source: str, after: int, wait: float) -> Any:
        try:
            token = await service_token(self.runtime)
            response = await self.runtime.http.get(
                f"/{source}/v1/events",
                params={"after": after, "limit": FEED_PAGE, "wait": wait},
                headers={"Authorization": f"Bearer {token}"},
                timeout=wait + 5,
            )
        except httpx.HTTPError as problem:
            raise Unavailable() from problem
        if response.status_code == 401:
            forget_token(self.runtime)
        if response.status_code != 200:
            raise Unavailable()
        return response.json()

    async def _take(self, source: str, entries: Sequence[Mapping[str, Any]]) -> int:
        """React to what is for us; the cursor moves with each effect, and at the end of the page."""
        heard = 0
        for entry in entries:
            if "event" in entry and entry["event"]["type"] in self.reactions.get(source, {}):
                heard += await self.hear(Event.read(source, entry))
        if entries:
            async with self.runtime.sessions.begin() as session:
                await cursors.advance(session, source, int(entries[-1]["position"]))
        return heard

    async def hear(self, event: Event) -> int:
        """React to one event once; 0 when it was heard before."""
        found = self.reactions[event.source][event.type]
        reaction = found if isinstance(found, Reaction) else Reaction(found)
        async with self.runtime.sessions() as session:
            if await cursors.position_of(session, event.source) >= event.position:
                return 0
        try:
            facts = () if reaction.ask is None else (await reaction.ask(self.runtime, event),)
            await self._react(reaction, event, facts)
        except Unavailable:
            raise  # it is asked again: silence is no answer
        except (Refusal, ValueError, KeyError, NoResultFound, DBAPIError) as problem:
            await self._note_refusal(event, _as_told_wrongly(problem))
        return 1

    async def _react(self, reaction: Reaction, event: Event, facts: tuple[Any, ...]) -> None:
        async with self.runtime.sessions() as session:
            work = await self._begin(session, self._itself, f"on {event.source} {event.type}")
            if await cursors.advance(session, event.source, event.position):
                await reaction.act(work, event, *facts)
                await work.write_down()
                await session.commit()

    async def _note_refusal(self, event: Event, refusal: Refusal) -> None:
        """A rule said no to what was heard: that is journalled, and the feed goes on."""
        log.error("reaction.refused", source=event.source, type=event.type, problem=str(refusal))
        async with self.runtime.sessions() as session:
            work = await self._begin(session, self._itself, f"on {event.source} {event.type}")
            if await cursors.advance(session, event.source, event.position):
                work.tell(
                    "event",
                    event.id,
                    "reaction.refused",
                    audience=RESTRICTED,
                    detail={"problem": refusal.detail.both(), "position": event.position},
                )
                await work.write_down()
                await session.commit()

    @property
    def _itself(self) -> Actor:
        return Actor(self.runtime.service, roles=frozenset({"service"}))

    async def _begin(self, session: AsyncSession, actor: Actor, operation: str) -> Work:
        now = await session.scalar(text("SELECT business_now()"))
        return Work(
            service=self.runtime.service,
            session=session,
            actor=actor,
            now=now,
            operation=operation,
            settings=self.runtime.settings,
        )


def _as_told_wrongly(problem: Exception) -> Refusal:
    """What was told cannot be read, or names what is not here: it stays so however often it is tried.

    Any other trouble with the database is raised again, and the event waits.
    """
    if isinstance(problem, Refusal):
        return problem
    unfit = str(getattr(getattr(problem, "orig", None), "sqlstate", None) or "").startswith("22")
    if isinstance(problem, DBAPIError) and not unfit:
        raise problem
    return InvalidInput.at(
        "/data",
        Text(
            zh="须符合约定的结构，并指向本系统已有的内容",
            en="has the shape agreed on and names what is here",
        ),
        Text(zh="请更正后重新发送", en="tell it again, corrected"),
    )
