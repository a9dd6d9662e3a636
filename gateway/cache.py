"""Public answers, kept for as long as they allow themselves and given again (RFC 9111, a shared cache).

Only for callers without a token, only what says by `Cache-Control` that it may be shared, never more
than a bounded number of bytes. Many who ask for the same at once are one question to the service.
A change that went well through this door ends what is kept of its service: who has written reads what
was written. What changes behind it, by a deadline or through another copy of the gateway, is seen when
the seconds that an answer allows itself are over.
"""

import asyncio
import math
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from gateway.configuration import CacheLimits

Header = tuple[bytes, bytes]

FOLLOW_SECONDS = 2.0
"""How long one waits for the same answer to somebody else before asking for oneself."""
_VARIES_BY = frozenset({b"accept-language", b"authorization"})
"""The language is in the key, and whoever has a token is not answered from here."""
_ENTRY_BYTES = 512
"""What an entry costs beside its body and headers, roughly."""


class Key(NamedTuple):
    """What was asked for, byte for byte, and in which of the suite's languages."""

    service: str
    target: bytes
    language: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that may be given again until `fresh_until` (monotonic seconds)."""

    headers: tuple[Header, ...]
    body: bytes
    etag: bytes | None
    kept_at: float
    fresh_until: float
    immutable: bool

    def age(self, now: float) -> int:
        return int(now - self.kept_at)

    def ttl(self, now: float) -> int:
        return math.ceil(self.fresh_until - now)

    @property
    def size(self) -> int:
        return _ENTRY_BYTES + len(self.body) + sum(len(n) + len(v) for n, v in self.headers)


class Cache:
    """What one process keeps; it dies with it."""

    def __init__(self, limits: CacheLimits) -> None:
        self.limits = limits
        self.size = 0
        self.outcomes: dict[str, int] = dict.fromkeys(("hit", "collapsed", "miss", "bypass"), 0)
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._flights: dict[Key, asyncio.Future[None]] = {}
        self._changes: defaultdict[str, int] = defaultdict(int)

    def find(self, key: Key, now: float) -> Kept | None:
        """What may be given again."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        if kept.fresh_until <= now:
            self._drop(key)
            return None
        self._kept.move_to_end(key)
        return kept

    async def follow(self, key: Key, seconds: float) -> bool:
        """Wait while somebody else asks for the same; whether there was anybody."""
        flight = self._flights.get(key)
        if flight is None:
            return False
        await asyncio.wait([flight], timeout=min(seconds, FOLLOW_SECONDS))
        return True

    def record(self, key: Key) -> "Recording":
        """Be the one who asks; `Recording.end` must follow."""
        recording = Recording(self, key, self._changes[key.service])
        if key not in self._flights:
            self._flights[key] = recording.landed = asyncio.get_running_loop().create_future()
        return recording

    def forget(self, service: str) -> None:
        """Something of this service was changed: only what never changes is still good."""
        self._changes[service] += 1
        for key in [k for k, v in self._kept.items() if k.service == service and not v.immutable]:
            self._drop(key)

    def forget_all(self) -> None:
        for service in {key.service for key in self._kept} | set(self._changes):
            self.forget(service)

    def limit(self, limits: CacheLimits) -> None:
        self.limits = limits
        self._make_room(0)

    def store(self, recording: "Recording", kept: Kept) -> None:
        """Keep it, unless the service was changed while it was on its way."""
        if recording.change != self._changes[recording.key.service]:
            return
        if kept.size > min(self.limits.largest_bytes + _ENTRY_BYTES, self.limits.most_bytes):
            return
        self._drop(recording.key)
        self._make_room(kept.size)
        self._kept[recording.key] = kept
        self.size += kept.size

    def land(self, recording: "Recording") -> None:
        """Let those go on who waited for this answer."""
        if recording.landed is not None and not recording.landed.done():
            recording.landed.set_result(None)
            del self._flights[recording.key]

    def _make_room(self, size: int) -> None:
        while self._kept and self.size + size > self.limits.most_bytes:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Key) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self.size -= kept.size


class Recording:
    """An answer on its way, written down as it passes if it may be kept."""

    def __init__(self, cache: Cache, key: Key, change: int) -> None:
        self.key = key
        self.change = change
        self.landed: asyncio.Future[None] | None = None
        self._cache = cache
        self._headers: list[Header] = []
        self._lifetime: Lifetime | None = None
        self._pieces: list[bytes] = []
        self._size = 0

    def begin(self, status: int, headers: list[Header]) -> bool:
        """Whether it may be kept; else nobody waits for it any longer."""
        self._lifetime = lifetime(status, headers)
        if self._lifetime is None:
            self._cache.land(self)
        self._headers = list(headers)
        return self._lifetime is not None

    def add(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._lifetime is not None and self._size <= self._cache.limits.largest_bytes:
            self._pieces.append(piece)
        else:
            self._pieces.clear()

    def complete(self, now: float) -> None:
        """The answer is all there."""
        if self._lifetime is None or self._size > self._cache.limits.largest_bytes:
            return
        seconds, immutable = self._lifetime
        found = dict(self._headers)
        self._cache.store(
            self,
            Kept(
                tuple(self._headers),
                b"".join(self._pieces),
                found.get(b"etag"),
                now,
                now + seconds,
                immutable,
            ),
        )

    def end(self) -> None:
        """However it ended."""
        self._cache.land(self)


class Lifetime(NamedTuple):
    seconds: float
    immutable: bool


def lifetime(status: int, headers: list[Header]) -> Lifetime | None:
    """How long an answer may be given again to others; None when it may not (RFC 9111 §3, §4.2)."""
    found = dict(headers)
    said = _directives(found.get(b"cache-control", b""))
    if status != 200 or said.keys() & {b"no-store", b"no-cache", b"private"}:
        return None
    if b"set-cookie" in found or not _names(found.get(b"vary", b"")) <= _VARIES_BY:
        return None
    seconds = said.get(b"s-maxage", said.get(b"max-age", b""))
    if not seconds.isdigit() or int(seconds[:9]) == 0:
        return None
    return Lifetime(float(seconds[:9]), b"immutable" in said)


def asks_anew(headers: list[Header]) -> bool:
    """Whether a request wants the service's own answer, or a part of it."""
    for name, value in headers:
        if name in (b"range", b"pragma"):
            return True
        if name == b"cache-control":
            said = _directives(value)
            if said.keys() & {b"no-cache", b"no-store"} or said.get(b"max-age") == b"0":
                return True
    return False


def has_it(headers: list[Header], etag: bytes | None) -> bool:
    """Whether the caller has this answer already (`If-None-Match`, compared weakly)."""
    for name, value in headers:
        if name == b"if-none-match" and etag is not None:
            tags = [tag.strip().removeprefix(b"W/") for tag in value.split(b",")]
            return etag.removeprefix(b"W/") in tags or b"*" in tags
    return False


def _directives(value: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for part in value.lower().split(b","):
        name, _, argument = part.strip().partition(b"=")
        found[name] = argument.strip(b'"')
    return found


def _names(value: bytes) -> set[bytes]:
    return {name.strip() for name in value.lower().split(b",") if name.strip()}
