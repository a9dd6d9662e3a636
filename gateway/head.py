"""The head of a request: what is ours to read in it, what goes on, and what nobody may send."""

import itertools
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass

from gateway.hosts import NO_HOST
from shared.errors import BadRequest, Refusal
from shared.words import Text

Header = tuple[bytes, bytes]

# What is done with a header of a request. Names are looked up once and remembered.
FORWARD, DROP, REFUSE, KNOWN = range(4)
_HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-connection proxy-authorization te trailer upgrade "
    b"http2-settings expect host content-length transfer-encoding".split()
)
_READ_HERE = frozenset(
    b"host authorization content-length transfer-encoding connection x-request-id traceparent "
    b"x-request-timeout-ms".split()
)
_ONLY_ONCE = frozenset(b"host authorization content-length transfer-encoding".split())
_IDENTITY = tuple(
    b"x-huishe- x-client- x-forwarded x-original- x-rewrite- x-remote- x-authenticated- "
    b"x-auth-request- x-ssl-client-".split()
)
_IDENTITY_NAMES = frozenset(
    b"forwarded x-real-ip true-client-ip cf-connecting-ip x-cluster-client-ip remote-user "
    b"remote-addr x-user x-roles x-http-method-override x-http-method x-method-override".split()
)
_NOT_PLAIN = re.compile(rb"[^a-z0-9-]")
_MOST_NAMES = 1024

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_TRACE = re.compile(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

IDENTITY = Text(
    zh="请求不得自带身份类头字段", en="headers that name an identity are set inside only"
)
TWICE = Text(zh="头字段重复", en="a header that may stand once stands twice")
TIMEOUT = Text(zh="X-Request-Timeout-Ms 须为毫秒数", en="X-Request-Timeout-Ms is a number of ms")


@dataclass(slots=True)
class Arrival:
    """What the head of a request says, once read."""

    host: bytes | None = None
    authorization: bytes | None = None
    request_id: bytes = b""
    trace: bytes | None = None
    seconds: float | None = None
    length: int | None = None
    chunked: bool = False


class Heads:
    """Reads heads, and remembers what is done with each name."""

    def __init__(self) -> None:
        self._kinds: dict[bytes, int] = {}

    def read(self, headers: Iterable[Header], arrival: Arrival) -> list[bytes]:
        """Take note of what is ours to read; returns the lines that go on, as they came."""
        forward: list[bytes] = []
        found: dict[bytes, bytes] = {}
        kinds = self._kinds
        fault: Refusal | None = None
        for name, value in headers:
            kind = kinds.get(name)
            if kind is None:
                kind = self._learn(name)
            if kind == FORWARD:
                forward += (name, b": ", value, b"\r\n")
            elif kind == KNOWN:
                if name in found and name in _ONLY_ONCE:
                    fault = BadRequest(TWICE)
                found[name] = value
                if name == b"authorization":
                    forward += (name, b": ", value, b"\r\n")
            elif kind == REFUSE:
                fault = BadRequest(IDENTITY)
        arrival.host = found.get(b"host")
        arrival.authorization = found.get(b"authorization")
        asked = found.get(b"x-request-id")
        arrival.request_id = asked if asked and _REQUEST_ID.fullmatch(asked) else _new_request_id()
        trace = found.get(b"traceparent")
        arrival.trace = trace if trace and _TRACE.fullmatch(trace) else None
        _read_framing(arrival, found)  # first: a refusal too must know whether a body comes
        if fault is not None:
            raise fault
        if arrival.host is None:
            raise BadRequest(NO_HOST)
        _read_patience(arrival, found)
        return _without_nominated(forward, found.get(b"connection", b""))

    def _learn(self, name: bytes) -> int:
        kind = _kind(name)
        if kind == FORWARD and _kind(_NOT_PLAIN.sub(b"-", name)) != FORWARD:
            kind = REFUSE  # X_Real_Ip: many a program reads an underscore for a dash
        if len(self._kinds) < _MOST_NAMES:
            self._kinds[name] = kind
        return kind


def _kind(name: bytes) -> int:
    if name in _READ_HERE:
        return KNOWN
    if name in _HOP_BY_HOP:
        return DROP
    if name in _IDENTITY_NAMES or name.startswith(_IDENTITY):
        return REFUSE
    return FORWARD


def _read_framing(arrival: Arrival, found: dict[bytes, bytes]) -> None:
    """What the server's protocol let pass is one length or chunks."""
    length = found.get(b"content-length")
    arrival.length = None if length is None else int(length)
    arrival.chunked = b"transfer-encoding" in found


def _read_patience(arrival: Arrival, found: dict[bytes, bytes]) -> None:
    within = found.get(b"x-request-timeout-ms")
    if within is not None:
        if not within.isdigit() or len(within) > 8:
            raise BadRequest(TIMEOUT)
        arrival.seconds = max(int(within), 1) / 1000


_PROCESS = b""
_COUNT = itertools.count()


def _new_request_id() -> bytes:
    """Drawn once for a process, then counted: unlike any other, and no secret."""
    global _PROCESS
    if not _PROCESS:  # after the fork
        _PROCESS = os.urandom(10).hex().encode()
    return b"%b%012x" % (_PROCESS, next(_COUNT))


def _without_nominated(forward: list[bytes], connection: bytes) -> list[bytes]:
    """Leave out what `Connection` names as meant for this hop only."""
    if not connection or connection.lower() in (b"keep-alive", b"close"):
        return forward
    named = {name.strip().lower() for name in connection.split(b",")}
    named -= {b"authorization", b"accept", b"if-match", b"idempotency-key", b"content-type"}
    return [
        part
        for start in range(0, len(forward), 4)
        if forward[start] not in named
        for part in forward[start : start + 4]
    ]
