"""An operation that is on its way out says so in its contract and in every answer of its own.

    @router.get("/lamps")
    @open_to_all
    @retiring(deprecated=date(2026, 3, 1), sunset=date(2027, 3, 1), instead="/registry/v1/lights")
    async def list_lamps(...): ...

`Deprecation` is RFC 9745, `Sunset` RFC 8594, the successor RFC 5829. What is promised in a contract
is not taken away before its sunset, and a sunset is no sooner than half a year after the notice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from typing import Any, TypeVar

from starlette.datastructures import MutableHeaders

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

LEAST_NOTICE = timedelta(days=182)


@dataclass(frozen=True, slots=True)
class Retirement:
    """Since when nobody should begin to use it, from when on it may be gone, and what follows it."""

    deprecated: date
    sunset: date | None
    instead: str | None

    def tell(self, headers: MutableHeaders) -> None:
        headers["Deprecation"] = f"@{int(_instant(self.deprecated).timestamp())}"
        if self.sunset is not None:
            headers["Sunset"] = format_datetime(_instant(self.sunset), usegmt=True)
        if self.instead is not None:
            headers.append("Link", f'<{self.instead}>; rel="successor-version"')

    def described(self) -> dict[str, Any]:
        """For the contract of the operation."""
        told: dict[str, Any] = {"deprecated": True, "x-deprecated-on": self.deprecated.isoformat()}
        if self.sunset is not None:
            told["x-sunset-on"] = self.sunset.isoformat()
        if self.instead is not None:
            told["x-instead"] = self.instead
        return told


def retiring(
    *, deprecated: date, sunset: date | None = None, instead: str | None = None
) -> Callable[[Endpoint], Endpoint]:
    """Mark an endpoint as on its way out."""
    if sunset is not None and sunset < deprecated + LEAST_NOTICE:
        raise ValueError(f"callers have {LEAST_NOTICE.days} days at least from notice to sunset")

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.__retirement__ = Retirement(deprecated, sunset, instead)  # type: ignore[attr-defined]
        return endpoint

    return mark


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
