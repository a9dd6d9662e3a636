"""A thousand bidders at the last moment: their commits are made ready, then all are sent at once."""

import asyncio
import secrets
import threading
import time
from collections.abc import Awaitable, Coroutine, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from unittest.mock import patch
from uuid import UUID, uuid4

import asyncpg

from services.procurement.bids import actions, queries
from services.procurement.bids.actions import Lodging, commit_bid
from services.procurement.bids.queries import Reading
from services.procurement.custody.keys import service_keys
from shared.actor import Actor
from shared.database.session import plain_dsn
from shared.errors import Refusal
from shared.sealing.manifests import PARTS, Envelope
from shared.work import Work
from tests.support.builders.sealed_bids import Sealing
from tests.support.service import ServiceUnderTest

T = TypeVar("T")
LINES = 24
"""Connections that the commits are sent over."""


@dataclass(frozen=True, slots=True)
class Ready:
    """One commit, down to the values of its statement."""

    bid_id: UUID
    envelope: Envelope
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it."""

    ready: Ready
    reading: Reading


async def made_ready(sealing: Sealing, code: str, count: int) -> list[Ready]:
    """So many bids of as many bidders, their parts uploaded: one sealed bid under many nonces."""
    bid = sealing.sealed(code)
    parts = [(n, bid.manifest.part(name)) for n, name in enumerate(PARTS, start=1)]
    ready = [await _one(sealing, bid.envelope, f"org-{number}") for number in range(count)]
    keys = service_keys(sealing.service.runtime.settings)
    connection = await sealing.service.database()
    await connection.copy_records_to_table(
        "bid",
        records=[
            (one.bid_id, keys.submitter_mark(f"org-{number}", one.bid_id.bytes))
            for number, one in enumerate(ready)
        ],
    )
    await connection.copy_records_to_table(
        "bid_part",
        records=[(one.bid_id, n, p.size, p.digest) for one in ready for n, p in parts],
    )
    await connection.close()
    return ready


async def _one(sealing: Sealing, pattern: Envelope, org: str) -> Ready:
    """The action says what its statement would be given; the statement itself is sent later."""
    manifest = replace(pattern.manifest, nonce=secrets.token_bytes(16))
    envelope, bid_id = replace(pattern, manifest=manifest), uuid4()
    given: list[tuple[Any, ...]] = []

    async def keep(_: Any, *values: Any) -> Reading:
        given.append(values)
        raise NotSentYet

    settings = sealing.service.runtime.settings
    with ExitStack() as stack:
        stack.enter_context(patch.object(actions.queries, "keep_commit", keep))
        stack.enter_context(patch.object(Work, "hot", _nothing))
        work = Work("procurement", None, Actor("x"), sealing.service.clock.now, "x")  # type: ignore[arg-type]
        work.settings = settings
        with suppress(NotSentYet):
            await commit_bid(work, org, bid_id, Lodging(UUID(sealing.tender_id), envelope))
    return Ready(bid_id, envelope, given[0])


class NotSentYet(Refusal):
    """Stops an action where its statement would be sent."""


async def _nothing(work: Work) -> None:
    return None


@dataclass
class Crowd:
    """Sends commits over many connections, from a thread and loop of its own."""

    database_url: str
    lines: int = LINES
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _lines: list["asyncpg.Connection[Any]"] = field(default_factory=list)

    @classmethod
    def of(cls, service: ServiceUnderTest, lines: int = LINES) -> "Crowd":
        return cls(plain_dsn(service.runtime.settings.database_url), lines)

    async def __aenter__(self) -> "Crowd":
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        await self._there(self._connect())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._there(self._disconnect())
        self._loop.call_soon_threadsafe(self._loop.stop)
        await asyncio.to_thread(self._thread.join)
        self._loop.close()

    def send(
        self, commits: Sequence[Ready], times: Sequence[float], clock: "MachineClock"
    ) -> Awaitable[list[Sent]]:
        """Each at its time, or as soon after it as a line is free."""
        return self._there(self._send(commits, times, clock))

    def _there(self, work: Coroutine[Any, Any, T]) -> Awaitable[T]:
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def _connect(self) -> None:
        self._lines = [await asyncpg.connect(self.database_url) for _ in range(self.lines)]

    async def _disconnect(self) -> None:
        for line in self._lines:
            await line.close()

    async def _send(
        self, commits: Sequence[Ready], times: Sequence[float], clock: "MachineClock"
    ) -> list[Sent]:
        waiting = sorted(zip(times, range(len(commits)), strict=True), reverse=True)
        sent: list[Sent] = []

        async def use(line: "asyncpg.Connection[Any]") -> None:
            while waiting:
                when, number = waiting.pop()
                await clock.come(when)
                reading = await queries.keep_commit(line, *commits[number].values)
                sent.append(Sent(commits[number], reading))

        await asyncio.gather(*(use(line) for line in self._lines))
        return sent


@dataclass(frozen=True, slots=True)
class MachineClock:
    """Seconds until (below zero) or since an instant, by this machine's clock."""

    instant: float

    def now(self) -> float:
        return time.time() - self.instant

    async def come(self, when: float) -> None:
        await asyncio.sleep(max(0.0, when - self.now()))
