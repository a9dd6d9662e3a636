"""The data path: every request comes through here, and goes on to a service or is refused.

Plain ASGI, to be read from top to bottom: `Door.__call__` reads the head (`head.py`), checks, admits
and passes on; the functions below it are its steps in their order. What no service owns goes to the
gateway's own pages and endpoints (`app.py`), behind the same checks.
"""

import asyncio
import ipaddress
import time
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any

import orjson

from gateway.access import AccessLog, Figures
from gateway.cache import Cache, Kept, Key, Recording, asks_anew, has_it
from gateway.connections import Address, Exchange
from gateway.failures import Gone, Stalled
from gateway.head import Arrival, Header, Heads
from gateway.hosts import Hosts
from gateway.in_force import InForce
from gateway.limits import Limits
from gateway.routing import METHODS, READS, Lane, Routes, Way
from gateway.settings import GatewaySettings
from gateway.tokens.verification import TokenDesk
from gateway.upstreams import Upstreams
from shared.errors import Refusal, TooLarge
from shared.http.canonical import require_canonical
from shared.http.problems import MEDIA_TYPE, Broken, MethodNotAllowed, document
from shared.logging import get_logger
from shared.tokens import Caller
from shared.words import Text, preferred_language

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


class Door:
    """One per process, made when the loop runs."""

    def __init__(
        self,
        settings: GatewaySettings,
        *,
        in_force: InForce,
        desk: TokenDesk,
        limits: Limits,
        upstreams: Upstreams,
        cache: Cache,
        figures: Figures,
        access_log: AccessLog,
        own: Application,
    ) -> None:
        self.heads = Heads()
        self.in_force = in_force
        self.hosts = Hosts(settings.allowed_hosts)
        self.limits = limits
        self.desk = desk
        self.upstreams = upstreams
        self.cache = cache
        self.figures = figures
        self.access_log = access_log
        self.own = own
        self.patience = settings.read_seconds
        self._problem_base = settings.problem_base
        self._log = get_logger("gateway.door")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = time.monotonic()
        passage = Passage(self, scope, receive, send)
        try:
            arrival = passage.arrival
            forward = self.heads.read(scope["headers"], arrival)
            self.hosts.require_known(arrival.host)
            require_canonical(scope["raw_path"], scope["query_string"])
            passage.path_is_known = True
            way = passage.way = self._way(passage.routes, scope)
            caller = passage.caller = self._caller(passage, way)
            passage.rate = self._admit(scope, caller, way.lane, begun)
            if arrival.length is not None and arrival.length > way.lane.body_bytes:
                raise _too_large(way.lane)
            if way.service is None:
                await passage.through_own(begun)
            elif way.cached and scope["method"] == "GET" and not passage.has_body:
                await passage.through_cache(way.service, forward, begun)
            else:
                await passage.through(way.service, forward, begun)
        except Refusal as refusal:
            await passage.refuse(refusal)
        except Gone:
            passage.status = 499
        except Exception:
            self._log.exception("door.broken", request_id=passage.arrival.request_id.decode())
            await passage.refuse(Broken())
        finally:
            self._note(passage, scope, time.monotonic() - begun)

    # 1. Where to, who, how often

    def _way(self, routes: Routes, scope: Scope) -> Way:
        method: str = scope["method"]
        if method not in METHODS:
            raise MethodNotAllowed()
        return routes.find(method, scope["raw_path"].decode("ascii"))

    def _caller(self, passage: "Passage", way: Way) -> Caller | None:
        """A token is checked here when there is one; whether one is needed the service judges."""
        authorization = passage.arrival.authorization
        if authorization is None or passage.routes.is_for_tokens(way):
            return None  # at the token endpoint the header holds the client's secret
        return self.desk.caller(authorization, time.time())

    def _admit(self, scope: Scope, caller: Caller | None, lane: Lane, now: float) -> list[Header]:
        if caller is None:
            allowance, key = lane.of_anybody, _network(scope)
        elif "service" in caller.roles:
            allowance, key = lane.of_services, caller.client_id
        else:
            allowance, key = lane.of_clients, caller.client_id
        return [self.limits.admit(key, allowance, now), allowance.policy]

    # 4. What is remembered

    def _note(self, passage: "Passage", scope: Scope, seconds: float) -> None:
        way, status = passage.way, passage.status
        if way is not None and way.lane.discreet:
            self.figures.note_bid(status)
            return
        service = (way.service if way else None) or "gateway"
        lane = way.lane.name if way else "read"
        self.figures.tallies[service, lane].note(status, seconds)
        caller = passage.caller
        self.access_log.note(
            (
                time.time(),
                passage.arrival.request_id.decode(),
                caller.client_id if caller else self.access_log.pseudonym(_network(scope)),
                scope["method"],
                scope["path"] if passage.path_is_known else "",
                status,
                seconds,
                service,
            )
        )

    def problem(self, refusal: Refusal, scope: Scope, passage: "Passage") -> tuple[bytes, str]:
        accepted = next((v for n, v in scope["headers"] if n == b"accept-language"), b"")
        language = preferred_language(accepted.decode("latin-1"))
        request_id = passage.arrival.request_id.decode()
        members = document(
            refusal,
            # What could not be read is not repeated.
            instance=scope["path"] if passage.path_is_known else f"urn:huishe:request:{request_id}",
            language=language,
            trace_id=passage.trace_id,
            base=self._problem_base,
        )
        return orjson.dumps(members), language


class Passage:
    """One request on its way through the door."""

    __slots__ = (
        "arrival",
        "body_was_read",
        "cache_status",
        "caller",
        "door",
        "path_is_known",
        "rate",
        "receive",
        "recording",
        "routes",
        "scope",
        "send",
        "started",
        "status",
        "way",
    )

    def __init__(self, door: Door, scope: Scope, receive: Receive, send: Send) -> None:
        self.door = door
        self.scope = scope
        self.receive = receive
        self.send = send
        self.arrival = Arrival()
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

    @property
    def trace_id(self) -> str:
        arrival = self.arrival
        return (arrival.trace[3:35] if arrival.trace else arrival.request_id).decode()

    @property
    def has_body(self) -> bool:
        return bool(self.arrival.chunked or self.arrival.length)

    # 2. To the service and back, unless its answer is here

    async def through_cache(self, service: str, forward: list[bytes], begun: float) -> None:
        """An answer that was kept, or the service's, which may be kept (`cache.py`)."""
        cache, headers = self.door.cache, self.scope["headers"]
        if self.caller is not None or asks_anew(headers):
            cache.outcomes["bypass"] += 1
            self.cache_status = _BYPASSED
            await self.through(service, forward, begun)
            return
        accepted = next((value for name, value in headers if name == b"accept-language"), b"")
        language = preferred_language(accepted.decode("latin-1"))
        key = Key(service, self.scope["huishe.target"], language)
        kept, how = cache.find(key, begun), "hit"
        if kept is None and await cache.follow(key, self.patience):
            kept, how = cache.find(key, time.monotonic()), "collapsed"
        if kept is not None:
            cache.outcomes[how] += 1
            await self._give_again(kept, how)
            return
        cache.outcomes["miss"] += 1
        self.recording = cache.record(key)
        try:
            await self.through(service, forward, begun)
        finally:
            self.recording.end()

    @property
    def patience(self) -> float:
        """Seconds that the whole request may take."""
        assert self.way is not None
        longest = self.way.lane.total_seconds
        return min(longest, self.arrival.seconds or longest)

    async def _give_again(self, kept: Kept, how: str) -> None:
        now = time.monotonic()
        told = b"huishe; hit; ttl=%d" if how == "hit" else b"huishe; fwd=miss; collapsed; ttl=%d"
        self.cache_status = told % kept.ttl(now)
        headers = [*kept.headers, (b"age", b"%d" % kept.age(now))]
        if has_it(self.scope["headers"], kept.etag):
            headers = [header for header in headers if header[0] in _OF_304]
            await self._start(304, headers)
            await self.send({"type": "http.response.body", "body": b""})
        else:
            await self._start(200, headers)
            await self.send({"type": "http.response.body", "body": kept.body})

    async def through(self, service: str, forward: list[bytes], begun: float) -> None:
        """Pass the request on once, and the answer back as it comes."""
        way, method = self.way, self.scope["method"]
        assert way is not None
        seconds = self.patience
        upstreams = self.door.upstreams
        caller = self.caller.client_id if self.caller else _network(self.scope)
        exchange = Exchange(service, begun, seconds, lane=way.lane.name, caller=caller)
        address: Address | None = None
        body, pump = b"", None
        try:
            if self.has_body:
                body, more = await self._first_piece(min(seconds, self.door.patience))
                if more:
                    upstreams.let_stream(exchange)
                    exchange.sent = False
                    pump = asyncio.create_task(self._pump(exchange, way.lane, len(body)))
            if pump is None:  # else the pump hears of it first
                exchange.watch = self._watcher(exchange)

            def written(authority: bytes) -> bytes:
                return self._written(authority, forward, body, pump is not None, exchange)

            address = await upstreams.begin(
                upstreams.services[service],
                exchange,
                written,
                safe=method in ("GET", "HEAD", "OPTIONS") and pump is None,
                head_only=method == "HEAD",
                share=way.lane.share,
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

    def _written(
        self,
        authority: bytes,
        forward: list[bytes],
        body: bytes,
        more: bool,
        exchange: Exchange,
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
            *forward,
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
                exchange.fail(_too_large(lane))
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
        exchange.watch = self._watcher(exchange)

    def _watcher(self, exchange: Exchange) -> Callable[[], Coroutine[Any, Any, None]]:
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
        headers, recording = self._answer_headers(exchange), self.recording
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

    def _answer_headers(self, exchange: Exchange) -> list[Header]:
        headers = [header for header in exchange.headers if header[0] not in _ANSWER_DROPS]
        if not exchange.sent:
            headers.append((b"connection", b"close"))  # the rest of the body has no reader
        return headers

    async def _start(self, status: int, headers: list[Header]) -> None:
        headers.append((b"x-request-id", self.arrival.request_id))
        headers += self.rate
        if self.cache_status is not None:
            headers.append((b"cache-status", self.cache_status))
        self.status, self.started = status, True
        await self.send({"type": "http.response.start", "status": status, "headers": headers})

    # 2b. To the gateway's own endpoints

    async def through_own(self, begun: float) -> None:
        """The same checks, then FastAPI; its answers get the same headers."""
        way, arrived, more = self.way, 0, True
        assert way is not None
        deadline = begun + way.lane.total_seconds

        async def receive() -> Message:
            nonlocal arrived, more
            left = min(self.door.patience, max(0.0, deadline - time.monotonic()))
            message = await self._receive_within(left if more else None)
            if more and message["type"] == "http.disconnect":
                raise Gone
            arrived += len(message.get("body", b""))
            more = message.get("more_body", False)
            if arrived > way.lane.body_bytes:
                raise _too_large(way.lane)
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

    # 3. No

    async def refuse(self, refusal: Refusal) -> None:
        """A problem document; when the answer has begun already, its end is cut off instead."""
        if self.started:
            return
        body, language = self.door.problem(refusal, self.scope, self)
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


def _too_large(lane: Lane) -> TooLarge:
    return TooLarge(
        Text(
            zh=f"请求体不得超过 {lane.body_bytes} 字节",
            en=f"a body has at most {lane.body_bytes} bytes here",
        )
    )


def _network(scope: Scope) -> str:
    """Where somebody without a token comes from: an address, or the /64 that one household has."""
    client = scope.get("client")
    host = client[0] if client else "unknown"
    if ":" not in host:
        return str(host)
    try:
        return str(ipaddress.ip_network((host, 64), strict=False))
    except ValueError:
        return str(host)
