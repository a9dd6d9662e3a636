"""How many requests a client may make, per class; told in every answer.

A bucket is one number, the moment at which it would be full again (the generic cell rate
algorithm): nothing to refill, nothing to lock, and time is given.
"""

import heapq
import math
from dataclasses import dataclass

from shared.errors import TooManyRequests
from shared.words import Text

MOST_BUCKETS = 100_000
_TOO_MANY = Text(
    zh="请求过于频繁，请 {seconds} 秒后再试", en="too many requests; again in {seconds} s"
)

Header = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one kind of caller may do in one lane, with its header written once."""

    lane: str
    interval: float
    """Seconds that one request costs."""
    burst: int
    policy: Header

    @classmethod
    def of(cls, lane: str, rate: float, burst_seconds: int) -> "Allowance":
        """`rate` requests a second, so many seconds' worth at once."""
        burst = max(1, int(rate * burst_seconds))
        written = f'"{lane}";q={burst};w={burst_seconds}'
        return cls(lane, 1 / rate, burst, (b"ratelimit-policy", written.encode()))


class Limits:
    """One bucket for each caller and lane."""

    def __init__(self) -> None:
        self._full_again: dict[tuple[str, str], float] = {}

    def admit(self, caller: str, allowance: Allowance, now: float) -> Header:
        """Take one request from the caller's bucket, or refuse; returns the `RateLimit` header."""
        key = (caller, allowance.lane)
        full_again = max(self._full_again.get(key, now), now) + allowance.interval
        left = allowance.burst - math.ceil((full_again - now) / allowance.interval - 1e-6)
        if left < 0:
            raise self._refused(allowance, full_again - now)
        self._full_again[key] = full_again
        rest = math.ceil(full_again - now)
        return b"ratelimit", b'"%b";r=%d;t=%d' % (allowance.lane.encode(), left, rest)

    def _refused(self, allowance: Allowance, until_full: float) -> TooManyRequests:
        wait = max(1, math.ceil(until_full - allowance.burst * allowance.interval))
        return TooManyRequests(
            _TOO_MANY.filled(seconds=wait),
            headers={
                "Retry-After": str(wait),
                "RateLimit": f'"{allowance.lane}";r=0;t={wait}',
                "RateLimit-Policy": allowance.policy[1].decode(),
            },
        )

    def forget_full(self, now: float) -> None:
        """Drop the buckets that are full again, so that callers of yesterday cost nothing."""
        self._full_again = {key: at for key, at in self._full_again.items() if at > now}
        if len(self._full_again) > MOST_BUCKETS:
            emptiest = heapq.nlargest(
                MOST_BUCKETS, self._full_again.items(), key=lambda bucket: bucket[1]
            )
            self._full_again = dict(emptiest)
