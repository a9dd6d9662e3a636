"""Ways in which what others tell can reach a service, drawn by hypothesis and played for real.

A feed is ordered by position and read from a cursor, so nothing of one source can overtake itself
on the wire. What can happen: a page is read and taken much later, when others have taken it or part
of it; several workers take overlapping pages at the same time; one loses its connection between the
effect and the commit, or stops in the middle of a page; sources, people and the calendar come in
any order, also at the same instant.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.records import cursors
from shared.work import Work
from shared.worker import Event, Reaction, Reactions, Worker
from tests.support.service import ServiceUnderTest

WORKERS = 3
MOST_IN_A_PAGE = 3


@dataclass(frozen=True, slots=True)
class Comes:
    """So many more events appear in the feed of that source."""

    source: int
    count: int


@dataclass(frozen=True, slots=True)
class Reads:
    """A worker reads a page of that source, and keeps it in its hand."""

    worker: int
    source: int
    most: int


@dataclass(frozen=True, slots=True)
class Takes:
    """Workers take what is in their hands, once more perhaps, all at the same time."""

    hands: tuple[tuple[int, int], ...]
    lost_at: int
    """The reaction that loses its connection after its effect and before the commit; 0 for none."""
    stops_after: int
    """Each stops in the middle of its page, after so many entries; 0 for none."""
    beside: bool
    """A person does the next thing meanwhile."""


@dataclass(frozen=True, slots=True)
class Acts:
    """A person does the next thing."""


@dataclass(frozen=True, slots=True)
class Days:
    """Several workers make the moves whose day has come, all at the same time."""

    workers: int


Step = Comes | Reads | Takes | Acts | Days
Schedule = Sequence[Step]


def schedules(sources: int, most: int = 10) -> st.SearchStrategy[Schedule]:
    worker, source = st.integers(0, WORKERS - 1), st.integers(0, sources - 1)
    hand = st.tuples(worker, source)
    takes = st.builds(
        Takes,
        hands=st.lists(hand, min_size=1, max_size=WORKERS).map(tuple),
        lost_at=st.sampled_from((0, 0, 0, 0, 1, 2, 3)),
        stops_after=st.sampled_from((0, 0, 1, 2)),
        beside=st.booleans(),
    )
    reads = st.builds(Reads, worker, source, st.integers(1, MOST_IN_A_PAGE))
    comes = st.builds(Comes, source, st.integers(1, 3))
    days = st.builds(Days, st.integers(1, WORKERS))
    steps = st.one_of(comes, reads, reads, takes, takes, st.just(Acts()), days)
    return st.lists(steps, max_size=most)


Action = Callable[[ServiceUnderTest], Awaitable[bool]]
"""Something a person does; False when somebody else was first, and it is to be tried again."""


@dataclass
class Player:
    """Plays schedules on one service, with workers of its own. `told` is all that others will tell."""

    service: ServiceUnderTest
    told: Mapping[str, Sequence[Mapping[str, Any]]]
    actions: Sequence[Action]
    reactions: Reactions
    workers: list[Worker] = field(init=False)
    lost: int = field(default=0, init=False)
    """How many connections were lost between effect and commit."""
    played: int = field(default=0, init=False)
    taken_again: int = field(default=0, init=False)
    """Pages of which somebody had already taken something."""
    _hands: dict[tuple[int, str], list[Mapping[str, Any]]] = field(init=False)
    _left: list[Action] = field(init=False)
    _heard: dict[str, int] = field(init=False)
    _until_loss: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        runtime = self.service.runtime
        deadlines = runtime.worker.deadlines
        told = {
            source: {kind: self._fragile(reaction) for kind, reaction in kinds.items()}
            for source, kinds in self.reactions.items()
        }
        self.workers = [Worker(runtime, told, deadlines) for _ in range(WORKERS)]

    async def play(self, schedule: Schedule) -> None:
        """All steps, and then whatever is left, until there is nothing more to do."""
        self._hands, self._heard, self._left = {}, {}, list(self.actions)
        self.service.feeds = {source: [] for source in self.told}
        for source in range(len(self.told)):
            self._come(source, 1)
        for step in schedule:
            await self._step(step)
        for source in range(len(self.told)):
            self._come(source, len(self.told[self._source(source)]))
        while self._left:
            await self._act()
        while await self._work_off():
            pass
        self.played += 1

    async def _step(self, step: Step) -> None:
        match step:
            case Comes():
                self._come(step.source, step.count)
            case Reads():
                await self._read(step.worker, self._source(step.source), step.most)
            case Takes():
                await self._take(step)
            case Acts():
                await self._act()
            case Days():
                some = self.workers[: step.workers]
                await asyncio.gather(*(worker.pass_deadlines() for worker in some))

    def _source(self, number: int) -> str:
        return list(self.told)[number]

    def _come(self, number: int, count: int) -> None:
        source = self._source(number)
        have = len(self.service.feeds[source]) + count
        self.service.feeds[source] = [dict(entry) for entry in self.told[source][:have]]

    async def _read(self, number: int, source: str, most: int) -> None:
        async with self.service.runtime.sessions() as session:
            after = await cursors.position_of(session, source)
        page = await self.workers[number]._read(source, after, 0)
        if page["items"]:
            self._hands[number, source] = page["items"][:most]

    async def _take(self, step: Takes) -> None:
        self._until_loss = step.lost_at
        doing = [self._take_one(worker, self._source(n), step) for worker, n in step.hands]
        if step.beside:
            doing.append(self._act())
        await asyncio.gather(*doing)
        self._until_loss = 0

    async def _take_one(self, number: int, source: str, step: Takes) -> None:
        if (number, source) not in self._hands:
            await self._read(number, source, MOST_IN_A_PAGE)
        worker, entries = self.workers[number], self._hands.get((number, source), [])
        self.taken_again += bool(entries and entries[0]["position"] <= self._heard.get(source, 0))
        if step.stops_after:
            entries = entries[: step.stops_after]
        try:
            if step.stops_after:
                for entry in entries:
                    await worker.hear(Event.read(source, entry))
            else:
                await worker._take(source, entries)
            if entries:
                self._heard[source] = int(entries[-1]["position"])
        except DBAPIError as problem:
            if not problem.connection_invalidated:  # only what was lost on purpose may fail
                raise

    async def _act(self) -> None:
        if self._left:
            action = self._left.pop(0)
            while not await action(self.service):
                pass

    async def _work_off(self) -> bool:
        worker = self.workers[0]
        made = await worker.pass_deadlines()
        return bool(made + sum([await worker._catch_up(source) for source in self.told]))

    def _fragile(self, reaction: Any) -> Reaction:
        """The very reaction, on a connection that may be lost when its effect is made."""
        whole = reaction if isinstance(reaction, Reaction) else Reaction(reaction)

        async def act(work: Work, *facts: Any) -> None:
            await whole.act(work, *facts)
            self._until_loss -= 1
            if self._until_loss == 0:
                self.lost += 1
                await work.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

        return Reaction(act, whole.ask)
