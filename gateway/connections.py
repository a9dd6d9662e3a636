"""Kept connections to one address, on httptools, and the exchanges that stream over them.

Address    one copy of a service: its kept connections, its health
Connection one socket and its parser, used by one exchange at a time
Exchange   one request and the answer to it, which streams both ways
"""

import asyncio
import socket
import time
from bisect import insort_left
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

import httptools

from gateway.failures import Overloaded, Silent

HIGH_WATER = 256 * 1024
FAILURES_BEFORE_EJECTION = 3
MOST_WAITING_EACH = 2
"""How many may wait for each connection that an address can have."""
UNACKNOWLEDGED_MS = 10_000
"""A line that takes nothing for so long is dead, whatever the other end may still think."""

Headers = list[tuple[bytes, bytes]]


class Exchange:
    """One request on its way and the answer as it comes in."""

    __slots__ = (
        "abandoned",
        "begun",
        "caller",
        "chunks",
        "complete",
        "connection",
        "deadline",
        "failure",
        "giving",
        "headers",
        "heard",
        "kept_open",
        "lane",
        "linked",
        "name",
        "on_news",
        "sent",
        "status",
        "waiter",
        "waiting_bytes",
        "watch",
        "watching",
    )

    def __init__(
        self, name: str, begun: float, total_seconds: float, *, lane: str = "", caller: str = ""
    ) -> None:
        self.name = name
        self.lane = lane
        self.caller = caller
        self.begun = self.heard = begun
        self.deadline = begun + total_seconds
        self.status = 0
        self.headers: Headers = []
        self.chunks: list[bytes] = []
        self.waiting_bytes = 0
        self.complete = False
        self.kept_open = False
        self.sent = True
        """False while the caller is still sending: then silence is the caller's."""
        self.giving = False
        """True while the caller takes a piece of the answer: then nobody is silent."""
        self.abandoned = False
        self.failure: Exception | None = None
        self.on_news: Callable[[], None] | None = None
        """Called once, at the next thing that happens; else `waiter` is woken."""
        self.waiter: asyncio.Future[None] | None = None
        self.linked: asyncio.Future[None] | None = None
        self.connection: Connection | None = None
        self.watch: Callable[[], Coroutine[Any, Any, None]] | None = None
        self.watching: asyncio.Task[None] | None = None

    @property
    def waits_for_caller(self) -> bool:
        """Whether it is the caller who keeps the rest of the request, not the service."""
        return not self.sent and not (self.connection is not None and self.connection.full)

    async def head(self) -> None:
        """Wait for status and headers."""
        while not self.status and self.failure is None:
            await self._news()
        if not self.status and self.failure is not None:
            raise self.failure

    async def more(self) -> bytes:
        """The next piece of the body, all that is there; empty at its end."""
        while not self.chunks and not self.complete and self.failure is None:
            await self._news()
        if self.failure is not None and not self.chunks:
            raise self.failure
        return self.taken()

    def taken(self) -> bytes:
        """What of the body is there now."""
        chunks, self.chunks = self.chunks, []
        if self.waiting_bytes > HIGH_WATER and self.connection is not None:
            self.connection.resume_reading()
        self.waiting_bytes = 0
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def fail(self, failure: Exception) -> None:
        """Give up; whoever waits is told why."""
        if self.failure is None and not self.complete:
            self.failure = failure
        self.wake()
        self.link()

    def wake(self) -> None:
        on_news, self.on_news = self.on_news, None
        if on_news is not None:
            on_news()
        elif self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)

    async def connected(self) -> None:
        """Wait until the head of the request is on its way."""
        while self.connection is None and self.failure is None:
            self.linked = asyncio.get_running_loop().create_future()
            await self.linked

    def link(self) -> None:
        if self.linked is not None and not self.linked.done():
            self.linked.set_result(None)

    async def _news(self) -> None:
        self.waiter = asyncio.get_running_loop().create_future()
        await self.waiter
        self.waiter = None


class Connection(asyncio.Protocol):
    """One socket to one address. Parser callbacks fill the exchange that has it."""

    def __init__(self, address: "Address") -> None:
        self.address = address
        self.transport: asyncio.Transport | None = None
        self.exchange: Exchange | None = None
        self.parser = httptools.HttpResponseParser(self)
        self.idle_since = 0.0
        self._ends_with_socket = True
        self._without_body = False
        self._writable: asyncio.Future[None] | None = None

    # Sending

    def send(self, exchange: Exchange, data: bytes, *, head_only: bool) -> None:
        """Begin the exchange: the head of the request, and its body if that is already here."""
        self.exchange, exchange.connection = exchange, self
        self._ends_with_socket, self._without_body = True, head_only
        self.write(data)
        exchange.link()

    def write(self, data: bytes) -> None:
        if self.transport is not None:
            self.transport.write(data)

    async def drained(self) -> None:
        """Wait until the service takes more."""
        if self._writable is not None:
            await self._writable

    @property
    def full(self) -> bool:
        """Whether the service takes less than is there for it."""
        return self._writable is not None

    @property
    def usable(self) -> bool:
        return self.transport is not None and not self.transport.is_closing()

    def close(self) -> None:
        if self.transport is not None:
            self.transport.abort()

    def resume_reading(self) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.resume_reading()

    # What the loop tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        _give_up_on_dead_lines(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        self.resume_writing()
        self.address.closed(self)
        exchange = self.exchange
        if exchange is None or exchange.complete:
            return
        if exchange.status and self._ends_with_socket and exc is None:
            exchange.complete = True  # neither length nor chunks: the end of the socket is the end
            exchange.wake()
        else:
            exchange.fail(Silent(self.address.name, left=True))

    def pause_writing(self) -> None:
        if self._writable is None:
            self._writable = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        waiting, self._writable = self._writable, None
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def data_received(self, data: bytes) -> None:
        exchange = self.exchange
        if exchange is None or exchange.complete:
            self.close()  # an answer nobody asked for
            return
        exchange.heard = time.monotonic()
        try:
            self.parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            if not exchange.complete:
                exchange.fail(Silent(self.address.name, left=True))
            self.close()
            return
        exchange.wake()
        if exchange.waiting_bytes > HIGH_WATER and self.transport is not None:
            self.transport.pause_reading()

    # What the parser tells

    def on_message_begin(self) -> None:
        if self.exchange is not None and self.exchange.complete:
            self.exchange.kept_open = False  # a second answer in one breath: trust it no more

    def on_header(self, name: bytes, value: bytes) -> None:
        exchange = self.exchange
        if exchange is not None and not exchange.complete:
            exchange.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        exchange = self.exchange
        if exchange is None or exchange.complete:
            return
        status = self.parser.get_status_code()
        if status < 200:  # an interim answer; the real one follows
            exchange.headers.clear()
            return
        for name, _ in exchange.headers:
            if name in (b"content-length", b"transfer-encoding"):
                self._ends_with_socket = False
        exchange.status = status
        if self._without_body:
            # The parser would wait for the body that the length of an answer to HEAD announces.
            exchange.kept_open = self.parser.should_keep_alive() and not self._ends_with_socket
            exchange.complete = True
            self.parser = httptools.HttpResponseParser(self)

    def on_body(self, body: bytes) -> None:
        exchange = self.exchange
        if exchange is not None and not exchange.complete:
            exchange.chunks.append(body)
            exchange.waiting_bytes += len(body)

    def on_message_complete(self) -> None:
        exchange = self.exchange
        if exchange is not None and exchange.status and not exchange.complete:
            exchange.kept_open = self.parser.should_keep_alive()
            exchange.complete = True


def _give_up_on_dead_lines(transport: asyncio.BaseTransport) -> None:
    """What a firewall forgot is found out by the system, while a slow answer may still be slow."""
    kernel = transport.get_extra_info("socket")
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        kernel.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MS)


class Address:
    """One copy of a service: where it is, the connections kept to it, and whether it answers."""

    def __init__(self, name: str, url: str, limit: int, idle_seconds: float) -> None:
        parts = urlsplit(url)
        self.name = name
        self.url = url
        self.host, self.port = parts.hostname or "", parts.port or 80
        self.authority = parts.netloc.encode()
        self.ejected = False
        self.retired = False
        """Whether the configuration has it no more: what is under way ends, nothing new begins."""
        self.ready: bool | None = None
        self.answered_at: float | None = None
        """When it last answered a probe, by the monotonic clock."""
        self._failures = 0
        self._limit = limit
        self._idle_seconds = idle_seconds
        self._open = 0
        self._idle: deque[Connection] = deque()
        self._queue: list[_Waiting] = []

    @property
    def busy(self) -> int:
        """How many exchanges it has now."""
        return self._open - len(self._idle)

    async def connection(self, connect_seconds: float, share: float = 1.0) -> Connection:
        """A kept connection or a new one; waits its turn when its share of them is busy.

        Overload is turned away by class: the smaller a lane's share, the fewer of its requests may
        hold a connection or wait for one, and of those that wait the largest share is served first.
        """
        while True:
            idle = self.kept(share)
            if idle is not None:
                return idle
            if self._has_room(share) and self._open < self._limit:
                return await self._connect(connect_seconds)
            await self._turn(connect_seconds, share)

    def kept(self, share: float = 1.0) -> Connection | None:
        """The connection used last, if it is fresh: the longest idle may be closed by now."""
        while self._idle and self._has_room(share):
            connection = self._idle.pop()
            if connection.usable and time.monotonic() - connection.idle_since < self._idle_seconds:
                return connection
            connection.close()
        return None

    def release(self, exchange: Exchange) -> None:
        """Keep the connection for the next, unless something of this exchange is left on it."""
        connection, exchange.connection = exchange.connection, None
        if connection is None:
            return
        connection.exchange = None
        reusable = exchange.complete and exchange.kept_open and connection.usable
        if reusable and not self.retired:
            connection.idle_since = time.monotonic()
            self._idle.append(connection)
            self._next_turn()
        else:
            connection.close()

    def closed(self, connection: Connection) -> None:
        self._open -= 1
        self._next_turn()

    def answered(self) -> None:
        self._failures = 0
        self.ejected = False

    def failed(self, *, refused: bool) -> None:
        """Take note of a failure. Nobody listening is enough; silence has to repeat itself."""
        self._failures += 1
        if refused or self._failures >= FAILURES_BEFORE_EJECTION:
            self.ejected = True

    def retire(self) -> None:
        """Begin nothing new; what is under way goes on to its end."""
        self.retired = True
        self.close()

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def close_stale(self) -> None:
        now = time.monotonic()
        while self._idle and now - self._idle[0].idle_since >= self._idle_seconds:
            self._idle.popleft().close()

    async def _connect(self, connect_seconds: float) -> Connection:
        self._open += 1
        try:
            async with asyncio.timeout(connect_seconds):
                _, connection = await asyncio.get_running_loop().create_connection(
                    lambda: Connection(self), self.host, self.port
                )
        except OSError as error:
            self._open -= 1
            self._next_turn()
            self.failed(refused=not isinstance(error, TimeoutError))
            raise Silent(self.name) from None
        except BaseException:
            self._open -= 1
            self._next_turn()
            raise
        return connection

    def _has_room(self, share: float) -> bool:
        return self.busy < self._limit * share

    async def _turn(self, seconds: float, share: float) -> None:
        if len(self._queue) >= self._limit * MOST_WAITING_EACH * share:
            raise Overloaded(self.name)
        waiting = _Waiting(share, asyncio.get_running_loop().create_future())
        insort_left(self._queue, waiting, key=lambda one: one.share)
        try:
            async with asyncio.timeout(seconds):
                await waiting.turn
        except TimeoutError:
            raise Overloaded(self.name) from None
        finally:
            if waiting in self._queue:
                self._queue.remove(waiting)

    def _next_turn(self) -> None:
        """Wake the first of the largest share; if there is no room for that one, there is for none."""
        while self._queue and self._has_room(self._queue[-1].share):
            waiting = self._queue.pop()
            if not waiting.turn.done():
                waiting.turn.set_result(None)
                return


@dataclass(eq=False, slots=True)
class _Waiting:
    share: float
    turn: asyncio.Future[None]
