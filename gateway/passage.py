"""One request on its way: to the service and back, from what is kept, or to the gateway's own endpoints.

What may be sent as it comes is sent as it comes; whoever leaves takes the request to the service along.
Requests that need nobody to wait are finished in `express.py` and only come here when they do.
"""

import asyncio
import ipaddress
import time
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import TYPE_CHECKING, Any

from gateway.cache import Kept, Key, Recording, asks_anew, has_it
from gateway.connections import Address, Exchange
from gateway.failures import Gone, Stalled
from gateway.head import Arrival, Header
from gateway.routing import READS, Lane, Way
from shared.errors import Refusal, TooLarge
from shared.http.problems import MEDIA_TYPE
from shared.tokens import Caller
from shared.words import Text, preferred_language

if TYPE_CHECKING:
    from gateway.door import Door

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LINGER_SECONDS = 2.0
LINGER_BYTES = 8 * 1024 * 1024

# The server adds its own date; hop-by-hop headers end here.
_ANSWER_DROPS = frozenset(
    b"connection keep-alive proxy-connection te trailer transfer-encoding upgrade date server "
    b"x-request-id ratelimit ratelimit-policy cache-status".split()
)
_OF_304 = frozenset(b"age cache-control content-language etag link vary".split())

# What RFC 9211 has to say of an answer on a route whose answers may be kept.
_BYPASSED = b"huishe; fwd=bypass"
_STORED = b"huishe; fwd=miss; stored"
_PASSED = b"huishe; fwd=miss"


class Passage:
    """One request on its way through the door."""

    __slots__ = (
        "arrival",
        "begun",
        "body_was_read",
        "cache_status",
        "caller",
        "door",
        "forward",
        "path_is_known",
        "rate",
        "receive",
        "recording",
        "refusal",
        "routes",
        "scope",
        "send",
        "started",
        "status",
        "under_way",
        "way",
    )

    def __init__(self, door: "Door", scope: Scope, receive: Receive, send: Send) -> None:
        self.door = door
        self.scope = scope
        self.receive = receive
        self.send = send
        self.begun = time.monotonic()
        self.arrival = Arrival()
        self.forward: list[bytes] = []
        """The lines of the head that go on to the service."""
        self.refusal: Refusal | None = None
        self.routes = door.in_force.routes
        """The table this request came in under, whatever is in force before its end."""
        self.way: Way | None = None
        self.caller: Caller | None = None
        self.rate: list[Header] = []
        self.started = False
        self.status = 500
        self.path_is_known = False
        self.body_was_read = False
        self.recording: Recording | None = None
        self.cache_status: bytes | None = None
        self.under_way: tuple[Exchange, Address] | None = None
        """What was sent already and needs somebody to wait for it after all."""

    async def go(self) -> None:
        """The way that `Door.enter` found."""
        if self.refusal is not None:
            raise self.refusal
        way = self.way
        assert way is not None
        if way.service is None:
            await self.through_own()
        elif way.cached and self.under_way is None:
            await self.through_cache(way.service)
        else:
            await self.through(way.service)

    @property
    def trace_id(self) -> str:
        arrival = self.arrival
        return (arrival.trace[3:35] if arrival.trace else arrival.request_id).decode()

    @property
    def has_body(self) -> bool:
        return bool(self.arrival.chunked or self.arrival.length)

    @property
    def patience(self) -> float:
        """Seconds that the whole request may take."""
        assert self.way is not None
        longest = self.way.lane.total_seconds
        return min(longest, self.arrival.seconds or longest)

    # 1. From what is kept (`cache.py`)

    def kept_under(self) -> Key | None:
        """The name under which its answer may be kept; None when the service must be asked."""
        scope = self.scope
        if self.caller is not None or scope["method"] != "GET" or self.has_body:
            return None
        headers = scope["headers"]
        if asks_anew(headers):
            return None
        assert self.way is not None
        accepted = next((value for name, value in headers if name == b"accept-language"), b"")
        language = preferred_language(accepted.decode("latin-1"))
        return Key(str(self.way.service), scope["huishe.target"], language)

    async def through_cache(self, service: str) -> None:
        """An answer that was kept, or the service's, which may be kept."""
        cache, key = self.door.cache, self.kept_under()
        if key is None:
            self.passes_by_cache()
            await self.through(service)
            return
        kept, how = cache.find(key, self.begun), "hit"
        if kept is None and await cache.follow(key, self.patience):
            kept, how = cache.find(key, time.monotonic()), "collapsed"
        if kept is not None:
            await self._give(*self.again(kept, how))
            return
        cache.outcomes["miss"] += 1
        self.recording = cache.record(key)
        try:
            await self.through(service)
        finally:
            self.recording.end()

    def passes_by_cache(self) -> None:
        self.door.cache.outcomes["bypass"] += 1
        self.cache_status = _BYPASSED

    def again(self, kept: Kept, how: str) -> tuple[int, list[Header], bytes]:
        """Status, headers and body of an answer that is given again."""
        self.door.cache.outcomes[how] += 1
        now = time.monotonic()
        told = b"huishe; hit; ttl=%d" if how == "hit" else b"huishe; fwd=miss; collapsed; ttl=%d"
        self.cache_status = told % kept.ttl(now)
        headers = [*kept.headers, (b"age", b"%d" % kept.age(now))]
        if has_it(self.scope["headers"], kept.etag):
            return 304, [header for header in headers if header[0] in _OF_304], b""
        return 200, headers, kept.body

    async def _give(self, status: int, headers: list[Header], body: bytes) -> None:
        await self._start(status, headers)
        await self.send({"type": "http.response.body", "body": body})

    # 2. To the service and back

    def exchange(self, service: str) -> Exchange:
        assert self.way is not None
        caller = self.caller.client_id if self.caller else network(self.scope)
        return Exchange(service, self.begun, self.patience, lane=self.way.lane.name, caller=caller)

    async def through(self, service: str) -> None:
        """Pass the request on once, and the answer back as it comes."""
        way, method, upstreams = self.way, self.scope["method"], self.door.upstreams
        assert way is not None
        exchange, address = self.under_way or (self.exchange(service), None)
        body, pump = b"", None
        try:
            if self.has_body:
                body, more = await self._first_piece(min(self.patience, self.door.patience))
                if more:
                    upstreams.let_stream(exchange)
                    exchange.sent = False
                    pump = asyncio.create_task(self._pump(exchange, way.lane, len(body)))
            if pump is None:  # else the pump hears of it first
                exchange.watch = self.watcher(exchange)

            def written(authority: bytes) -> bytes:
                return self.written(authority, exchange, body, pump is not None)

            address = await upstreams.begin(
                upstreams.services[service],
                exchange,
                written,
                safe=method in READS and pump is None,
                head_only=method == "HEAD",
                share=way.lane.share,
                sent_to=address,
            )
            if method not in READS and exchange.status < 400 and not way.lane.discreet:
                self.door.cache.forget(service)
            await self._give_back(exchange, pump)
        finally:
            if pump is not None:
                exchange.kept_open = exchange.kept_open and exchange.sent
                pump.cancel()
            upstreams.end(address, exchange)

    async def _first_piece(self, seconds: float) -> tuple[bytes, bool]:
        message = await self._receive_within(seconds)
        if message["type"] == "http.disconnect":
            raise Gone
        self.body_was_read = not message["more_body"]
        return message["body"], message["more_body"]

    async def _receive_within(self, seconds: float | None) -> Message:
        try:
            async with asyncio.timeout(seconds):
                return await self.receive()
        except TimeoutError:
            raise Stalled() from None

    def written(
        self, authority: bytes, exchange: Exchange, body: bytes = b"", more: bool = False
    ) -> bytes:
        """The request as it goes over the wire."""
        scope, arrival = self.scope, self.arrival
        left = max(1, int((exchange.deadline - time.monotonic()) * 1000))
        request_id = arrival.request_id
        lines = [
            scope["method"].encode(),
            b" ",
            scope["huishe.target"],
            b" HTTP/1.1\r\nhost: ",
            authority,
            b"\r\n",
            *self.forward,
            b"x-request-id: ",
            request_id,
            b"\r\nx-request-timeout-ms: %d\r\n" % left,
            self.routes.mark,
        ]
        if arrival.trace:
            lines += (b"traceparent: ", arrival.trace, b"\r\n")
        if arrival.length is not None:
            lines.append(b"content-length: %d\r\n\r\n" % arrival.length)
            lines.append(body)
        elif not arrival.chunked:
            lines.append(b"\r\n")
        elif more:
            lines += (b"transfer-encoding: chunked\r\n\r\n", _chunk(body))
        else:
            lines += (b"content-length: %d\r\n\r\n" % len(body), body)
        return b"".join(lines)

    async def _pump(self, exchange: Exchange, lane: Lane, sent: int) -> None:
        """The rest of a long body, no faster than the service takes it."""
        chunked = self.arrival.chunked
        more = True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                exchange.abandoned = True
                exchange.fail(Gone())
                return
            piece, more = message["body"], message["more_body"]
            sent += len(piece)
            if sent > lane.body_bytes:
                exchange.fail(too_large(lane))
                return
            await exchange.connected()
            connection = exchange.connection
            if connection is None:
                return
            if piece:
                connection.write(_chunk(piece) if chunked else piece)
            if not more and chunked:
                connection.write(b"0\r\n\r\n")
            exchange.heard = time.monotonic()
            await connection.drained()
        self.body_was_read = exchange.sent = True
        exchange.watch = self.watcher(exchange)

    def watcher(self, exchange: Exchange) -> Callable[[], Coroutine[Any, Any, None]]:
        """What the sweep starts for an exchange that takes its time: does the caller still wait?"""

        async def watch() -> None:
            while (await self.receive())["type"] != "http.disconnect":
                pass
            if not exchange.complete:
                exchange.abandoned = True
                exchange.fail(Gone())

        return watch

    async def _give_back(self, exchange: Exchange, pump: asyncio.Task[None] | None) -> None:
        """The answer, in one piece when it is all there."""
        headers, recording = self.answer_headers(exchange), self.recording
        if recording is not None:
            kept = recording.begin(exchange.status, headers)
            self.cache_status = _STORED if kept else _PASSED
        await self._start(exchange.status, headers)
        more = True
        while more:
            piece = exchange.taken() if exchange.complete else await exchange.more()
            more = not exchange.complete or bool(exchange.chunks)
            if recording is not None:
                recording.add(piece)
                if not more:
                    recording.complete(time.monotonic())
            exchange.giving = True
            if more or exchange.sent or pump is None:
                await self.send({"type": "http.response.body", "body": piece, "more_body": more})
            else:
                pump.cancel()
                await self._end_unread(piece)
            exchange.giving = False
            exchange.heard = time.monotonic()

    async def _end_unread(self, last: bytes) -> None:
        """End an answer whose request was not read to its end, and hang up, but not at once.

        Hanging up on somebody who is still sending would destroy the answer on its way: so what
        still comes is read and thrown away, within bounds.
        """
        await self.send({"type": "http.response.body", "body": last, "more_body": True})
        thrown_away = 0
        try:
            async with asyncio.timeout(LINGER_SECONDS):
                while thrown_away < LINGER_BYTES:
                    message = await self.receive()
                    thrown_away += len(message.get("body", b""))
                    if not message.get("more_body", False):
                        break
        except TimeoutError:
            pass
        await self.send({"type": "http.response.body", "body": b""})

    def answer_headers(self, exchange: Exchange) -> list[Header]:
        headers = [header for header in exchange.headers if header[0] not in _ANSWER_DROPS]
        if not exchange.sent:
            headers.append((b"connection", b"close"))  # the rest of the body has no reader
        return headers

    def sign(self, status: int, headers: list[Header]) -> None:
        """What every answer gets at the door; from here on it is begun."""
        headers.append((b"x-request-id", self.arrival.request_id))
        headers += self.rate
        if self.cache_status is not None:
            headers.append((b"cache-status", self.cache_status))
        self.status, self.started = status, True

    async def _start(self, status: int, headers: list[Header]) -> None:
        self.sign(status, headers)
        await self.send({"type": "http.response.start", "status": status, "headers": headers})

    # 3. To the gateway's own endpoints

    async def through_own(self) -> None:
        """The same checks, then FastAPI; its answers get the same headers."""
        way, arrived, more = self.way, 0, True
        assert way is not None
        deadline = self.begun + way.lane.total_seconds

        async def receive() -> Message:
            nonlocal arrived, more
            left = min(self.door.patience, max(0.0, deadline - time.monotonic()))
            message = await self._receive_within(left if more else None)
            if more and message["type"] == "http.disconnect":
                raise Gone
            arrived += len(message.get("body", b""))
            more = message.get("more_body", False)
            if arrived > way.lane.body_bytes:
                raise too_large(way.lane)
            return message

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message["headers"])
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
                await self._start(message["status"], headers)
            else:
                await self.send(message)

        self.scope["huishe.caller"] = self.caller
        self.scope["huishe.trace_id"] = self.trace_id
        await self.door.own(self.scope, receive, send)

    # 4. No

    async def refuse(self, refusal: Refusal) -> None:
        """A problem document; when the answer has begun already, its end is cut off instead."""
        if self.started:
            return
        body, language = self.door.problem(refusal, self)
        headers = [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", b"%d" % len(body)),
            (b"content-language", language.encode()),
            (b"cache-control", b"no-store"),
        ]
        told = {name.lower().encode(): value.encode() for name, value in refusal.headers.items()}
        self.rate = [header for header in self.rate if header[0] not in told]
        headers += told.items()
        unread = bool(self.arrival.length or self.arrival.chunked) and not self.body_was_read
        if unread:
            headers.append((b"connection", b"close"))
        await self._start(refusal.status, headers)
        if unread:
            await self._end_unread(body)
        else:
            await self.send({"type": "http.response.body", "body": body})


def _chunk(piece: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(piece), piece) if piece else b""


def too_large(lane: Lane) -> TooLarge:
    return TooLarge(
        Text(
            zh=f"请求体不得超过 {lane.body_bytes} 字节",
            en=f"a body has at most {lane.body_bytes} bytes here",
        )
    )


def network(scope: Scope) -> str:
    """Where somebody without a token comes from: an address, or the /64 that one household has."""
    client = scope.get("client")
    host = client[0] if client else "unknown"
    if ":" not in host:
        return str(host)
    try:
        return str(ipaddress.ip_network((host, 64), strict=False))
    except ValueError:
        return str(host)
