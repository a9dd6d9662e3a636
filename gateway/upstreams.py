"""The way to the services: a small pool of kept connections on httptools.

    Upstream   a service: its addresses take turns, those that fail are left out
    Address    one address: its kept connections, its health
    Connection one socket and its parser, used by one exchange at a time
    Exchange   one request and the answer to it, which streams both ways

What can go wrong is told as what it means for the caller: `Silent` when no answer can be had (503,
come back), `TooSlow` when it took too long (504). Whether the request may be sent again depends on
`left`: nothing has been done while its bytes have not left.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, cast
from urllib.parse import urlsplit

import httptools

from shared.errors import Refusal, Unavailable
from shared.words import Text

HIGH_WATER = 256 * 1024
SWEEP_SECONDS = 0.1
WATCH_AFTER_SECONDS = 0.1
FAILURES_BEFORE_EJECTION = 3
PROBE_PATIENCE_SECONDS = 2.0

Headers = list[tuple[bytes, bytes]]

NOT_SENT = Text(
    zh="服务 {name} 暂无应答，请稍后再试", en="{name} does not answer; come back shortly"
)
UNKNOWN_OUTCOME = Text(
    zh="服务 {name} 在应答前中断，结果未知；请用同一 Idempotency-Key 重试",
    en="{name} broke off before it answered, so the outcome is not known; "
    "ask again with the same Idempotency-Key",
)
SLOW = Text(zh="服务 {name} 超时未答", en="{name} took too long to answer")


class Silent(Unavailable):
    """No answer can be had."""

    def __init__(self, name: str, *, left: bool = False) -> None:
        self.left = left
        super().__init__((UNKNOWN_OUTCOME if left else NOT_SENT).filled(name=name), retry_after=1)


class TooSlow(Refusal):
    status = 504
    kind = "upstream-timeout"
    title = Text(zh="所需服务超时", en="A part this needs took too long")

    def __init__(self, name: str, *, silent: bool) -> None:
        self.silent = silent
        """It said nothing for too long; otherwise only the time allowed for the whole was short."""
        super().__init__(SLOW.filled(name=name), headers={"Retry-After": "1"})


class Stalled(Refusal):
    status = 408
    kind = "request-timeout"
    title = Text(zh="请求内容迟迟未到", en="The rest of the request did not arrive")

    def __init__(self) -> None:
        super().__init__(headers={"Connection": "close"})


class Gone(Exception):
    """The caller has left: nobody wants the answer."""


class Exchange:
    """One request on its way and the answer as it comes in."""

    __slots__ = (
        "abandoned",
        "begun",
        "chunks",
        "complete",
        "connection",
        "deadline",
        "failure",
        "giving",
        "headers",
        "heard",
        "kept_open",
        "linked",
        "name",
        "sent",
        "status",
        "waiter",
        "waiting_bytes",
        "watch",
        "watching",
    )

    def __init__(self, name: str, begun: float, total_seconds: float) -> None:
        self.name = name
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
        self.waiter: asyncio.Future[None] | None = None
        self.linked: asyncio.Future[None] | None = None
        self.connection: Connection | None = None
        self.watch: Callable[[], Coroutine[Any, Any, None]] | None = None
        self.watching: asyncio.Task[None] | None = None

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
        if self.waiter is not None and not self.waiter.done():
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


class Address:
    """One copy of a service: where it is, the connections kept to it, and whether it answers."""

    def __init__(self, name: str, url: str, limit: int, idle_seconds: float) -> None:
        parts = urlsplit(url)
        self.name = name
        self.host, self.port = parts.hostname or "", parts.port or 80
        self.authority = parts.netloc.encode()
        self.ejected = False
        self.ready: bool | None = None
        self._failures = 0
        self._limit = limit
        self._idle_seconds = idle_seconds
        self._open = 0
        self._idle: deque[Connection] = deque()
        self._queue: deque[asyncio.Future[None]] = deque()

    async def connection(self, connect_seconds: float) -> Connection:
        """A kept connection or a new one; waits its turn when all are busy."""
        while True:
            idle = self.kept()
            if idle is not None:
                return idle
            if self._open < self._limit:
                return await self._connect(connect_seconds)
            await self._turn(connect_seconds)

    def kept(self) -> Connection | None:
        """The connection used last, if it is fresh: the longest idle may be closed by now."""
        while self._idle:
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
        if exchange.complete and exchange.kept_open and connection.usable:
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

    async def _turn(self, seconds: float) -> None:
        waiting = asyncio.get_running_loop().create_future()
        self._queue.append(waiting)
        try:
            async with asyncio.timeout(seconds):
                await waiting
        except TimeoutError:
            raise Silent(self.name) from None
        finally:
            if waiting in self._queue:
                self._queue.remove(waiting)

    def _next_turn(self) -> None:
        while self._queue:
            waiting = self._queue.popleft()
            if not waiting.done():
                waiting.set_result(None)
                return


class Upstream:
    """A service: its addresses take turns."""

    def __init__(self, name: str, addresses: list[Address]) -> None:
        self.name = name
        self.addresses = addresses
        self._turn = 0

    def address(self) -> Address:
        """The next address that answers; refused at once when none does."""
        addresses = self.addresses
        for _ in addresses:
            self._turn = (self._turn + 1) % len(addresses)
            address = addresses[self._turn]
            if not address.ejected:
                return address
        raise Silent(self.name)


class RetryBudget:
    """One retry for every ten requests, and ten in hand: a storm is not answered with a storm."""

    def __init__(self) -> None:
        self._saved = 10.0

    def request(self) -> None:
        if self._saved < 10.0:
            self._saved += 0.1

    def spend(self) -> bool:
        if self._saved < 1.0:
            return False
        self._saved -= 1.0
        return True


class Upstreams:
    """All services, and the watch over every exchange in flight.

    Timeouts and the watch for callers who leave are one sweep, ten times a second, over what is in
    flight: a timer or a task for each request would cost more than passing it on.
    """

    def __init__(
        self,
        addresses: dict[str, list[str]],
        *,
        connect_seconds: float,
        read_seconds: float,
        idle_seconds: float,
        connections_per_address: int,
    ) -> None:
        self.services = {
            name: Upstream(
                name, [Address(name, url, connections_per_address, idle_seconds) for url in urls]
            )
            for name, urls in addresses.items()
        }
        self.connect_seconds = connect_seconds
        self.budget = RetryBudget()
        self.in_flight: set[Exchange] = set()
        self._read_seconds = read_seconds

    async def begin(
        self,
        upstream: Upstream,
        exchange: Exchange,
        request: Callable[[bytes], bytes],
        *,
        safe: bool,
        head_only: bool = False,
    ) -> Address:
        """Send the request and wait for the head of the answer.

        `request` writes the bytes for one address. Sent again, elsewhere if there is elsewhere, only
        when nothing was sent yet or nothing can have been done, and within the budget.
        """
        self.budget.request()
        self.in_flight.add(exchange)
        retried = False
        while True:
            address = upstream.address()
            try:
                connection = address.kept() or await address.connection(self.connect_seconds)
                if exchange.failure is not None:
                    exchange.connection = connection
                    raise exchange.failure
                connection.send(exchange, request(address.authority), head_only=head_only)
                await exchange.head()
            except Silent as silence:
                address.release(exchange)
                if silence.left:
                    address.failed(refused=False)
                if retried or exchange.abandoned or (silence.left and not safe):
                    raise
                if not self.budget.spend():
                    raise
                retried, exchange.failure = True, None
                exchange.headers.clear()
            except TooSlow as slow:
                if slow.silent:
                    address.failed(refused=False)
                raise
            else:
                address.answered()
                return address

    def end(self, address: Address | None, exchange: Exchange) -> None:
        """The exchange is over, well or not."""
        self.in_flight.discard(exchange)
        exchange.watch = None  # it knows the exchange: a ring would wait for the collector
        if exchange.watching is not None:
            exchange.watching.cancel()
        if exchange.connection is not None:
            (address or exchange.connection.address).release(exchange)

    async def keep_watch(self) -> None:
        """The sweep; runs as long as the gateway."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self.sweep(time.monotonic())

    def sweep(self, now: float) -> None:
        for exchange in list(self.in_flight):
            silent = now - exchange.heard >= self._read_seconds and not exchange.giving
            if silent and not exchange.sent:
                exchange.fail(Stalled())
            elif silent or now >= exchange.deadline:
                exchange.fail(TooSlow(exchange.name, silent=silent))
            elif exchange.watch is not None and now - exchange.begun >= WATCH_AFTER_SECONDS:
                exchange.watching = asyncio.create_task(exchange.watch())
                exchange.watch = None
        for upstream in self.services.values():
            for address in upstream.addresses:
                address.close_stale()

    def close(self) -> None:
        for upstream in self.services.values():
            for address in upstream.addresses:
                address.close()

    # Asking on the gateway's own behalf

    async def ask(
        self,
        address: Address,
        path: str,
        *,
        method: bytes = b"GET",
        body: bytes = b"",
        headers: Iterable[tuple[bytes, bytes]] = (),
        seconds: float = 5.0,
    ) -> tuple[int, bytes]:
        """One whole request to one address, ejected or not: probes, contracts, settlements."""
        exchange = Exchange(address.name, time.monotonic(), seconds)
        self.in_flight.add(exchange)
        lines = [b"%b %b HTTP/1.1\r\nhost: %b\r\n" % (method, path.encode(), address.authority)]
        lines += [b"%b: %b\r\n" % header for header in headers]
        if body or method != b"GET":
            lines.append(b"content-length: %d\r\n" % len(body))
        try:
            connection = await address.connection(min(seconds, self.connect_seconds))
            connection.send(exchange, b"".join([*lines, b"\r\n", body]), head_only=False)
            await exchange.head()
            parts = []
            while part := await exchange.more():
                parts.append(part)
            return exchange.status, b"".join(parts)
        finally:
            self.end(address, exchange)


async def probe_forever(
    upstreams: Upstreams, seconds: float, tell: Callable[[str, bool], Any]
) -> None:
    """Ask every address how it is; take back those that answer. `tell` hears of each change."""
    while True:
        addresses = [a for upstream in upstreams.services.values() for a in upstream.addresses]
        await asyncio.gather(*[probe(upstreams, address, tell) for address in addresses])
        await asyncio.sleep(seconds)


async def probe(upstreams: Upstreams, address: Address, tell: Callable[[str, bool], Any]) -> None:
    was_out = address.ejected
    try:
        status, _ = await upstreams.ask(address, "/health/ready", seconds=PROBE_PATIENCE_SECONDS)
    except (Silent, TooSlow) as failure:
        address.ready = False
        if isinstance(failure, TooSlow) or failure.left:  # a refused connection noted itself
            address.failed(refused=False)
    else:
        address.ready = status == 200
        address.answered()
    if address.ejected != was_out:
        tell(address.name, address.ejected)
