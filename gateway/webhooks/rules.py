"""What a subscription may ask for, what it is told of, and when a failed delivery is tried again.

Plain Python: facts in, answers out.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from shared.errors import FieldError, InvalidInput
from shared.words import Text

KINDS: Mapping[str, Sequence[str]] = json.loads(
    (Path(__file__).parent / "kinds.json").read_text(encoding="utf-8")
)
"""Service → every event it tells; written by `make contracts` from the services' vocabularies."""

PING = "webhook.ping"
EVERYTHING = "*"

# --- What may be asked for -----------------------------------------------------------------------

NO_SUCH_KIND = Text(zh="没有这种事件", en="there is no such kind of event")
NAME_A_KIND = Text(
    zh="请写事件名（tender.published）、前缀（tender.*）或 *；须属于所选服务",
    en="write a kind (tender.published), a prefix (tender.*) or *, told by a service that is named",
)


def matches(pattern: str, kind: str) -> bool:
    """Whether a kind is the one that is asked for, or begins as the prefix before `.*` does."""
    if pattern == EVERYTHING:
        return True
    if pattern.endswith(".*"):
        return kind.startswith(pattern[:-1])
    return pattern == kind


def checked_kinds(patterns: Sequence[str], services: Iterable[str]) -> list[str]:
    """The same, each once; refused when one of them could never be told by these services."""
    told = [kind for service in services for kind in KINDS.get(service, ())]
    unknown = [
        FieldError(f"/kinds/{place}", NO_SUCH_KIND, NAME_A_KIND)
        for place, pattern in enumerate(patterns)
        if not any(matches(pattern, kind) for kind in told)
    ]
    if unknown:
        raise InvalidInput(unknown)
    return list(dict.fromkeys(patterns))


# --- Whom an event concerns ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wish:
    """The part of a subscription that says what it wants to hear."""

    services: Sequence[str]
    kinds: Sequence[str]
    subject: str | None

    def wants(self, service: str, event: Mapping[str, Any]) -> bool:
        return (
            service in self.services
            and any(matches(pattern, event["type"]) for pattern in self.kinds)
            and (self.subject is None or concerns(event, self.subject))
        )


def concerns(event: Mapping[str, Any], thing: str) -> bool:
    """Whether an event is about a thing or names it: its subject, or a value of its public body."""
    subject = str(event["subject"])
    return thing in (subject, subject.partition("/")[2]) or _names(event["data"], thing)


def _names(value: Any, thing: str) -> bool:
    if isinstance(value, Mapping):
        return any(_names(inner, thing) for inner in value.values())
    if isinstance(value, list):
        return any(_names(inner, thing) for inner in value)
    return bool(value == thing)


# --- What came of an attempt ---------------------------------------------------------------------

LONGEST_RETRY_AFTER = timedelta(hours=24)
GONE = 410


class Reason(StrEnum):
    """Why an attempt failed, or a subscription was disabled."""

    STATUS = "status"
    REDIRECT = "redirect"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    UNRESOLVED = "unresolved"
    TLS = "tls"
    ADDRESS_REFUSED = "address-refused"
    BROKEN_ANSWER = "broken-answer"
    UNREADABLE_SECRET = "unreadable-secret"
    GONE = "gone"
    FAILING = "failing"
    BACKLOG = "backlog"


WORDS = {
    Reason.STATUS: Text(
        zh="接收方的应答不是 2xx", en="the receiver answered with something else than 2xx"
    ),
    Reason.REDIRECT: Text(
        zh="接收方要求跳转；从不跟随", en="the receiver sends elsewhere, which is never followed"
    ),
    Reason.TIMEOUT: Text(zh="接收方未在时限内应答", en="the receiver did not answer in time"),
    Reason.UNREACHABLE: Text(zh="无法连接接收方", en="the receiver cannot be reached"),
    Reason.UNRESOLVED: Text(zh="接收方的域名无法解析", en="the receiver's name has no address"),
    Reason.TLS: Text(
        zh="接收方的证书或加密连接不合要求", en="the receiver's certificate or TLS is not in order"
    ),
    Reason.ADDRESS_REFUSED: Text(
        zh="域名指向不允许的地址（内网、回环、保留等）",
        en="the name leads to an address that is refused (private, loopback, reserved …)",
    ),
    Reason.BROKEN_ANSWER: Text(
        zh="接收方的应答不是有效的 HTTP", en="what the receiver answered is not HTTP"
    ),
    Reason.UNREADABLE_SECRET: Text(
        zh="签名密钥无法解封；请轮换密钥", en="the secret cannot be unsealed; rotate it"
    ),
    Reason.GONE: Text(
        zh="接收方应答 410：不再接收", en="the receiver answered 410: it wants no more"
    ),
    Reason.FAILING: Text(zh="连续多日投递失败", en="every delivery has failed for days"),
    Reason.BACKLOG: Text(zh="积压过多", en="too many deliveries were waiting"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One attempt: what was answered, in how many milliseconds, or why there was no answer."""

    status: int | None
    milliseconds: int
    reason: Reason | None = None
    retry_after: timedelta | None = None

    @property
    def delivered(self) -> bool:
        return self.reason is None

    @property
    def gone(self) -> bool:
        return self.status == GONE


def judged(status: int, milliseconds: int, retry_after: str | None, now: datetime) -> Outcome:
    """What an answer means: 2xx is delivered, everything else is not."""
    if 200 <= status < 300:
        return Outcome(status, milliseconds)
    reason = Reason.REDIRECT if 300 <= status < 400 else Reason.STATUS
    wait = read_retry_after(retry_after, now) if status in (429, 503) else None
    return Outcome(status, milliseconds, Reason.GONE if status == GONE else reason, wait)


def read_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Seconds or an HTTP date (RFC 9110 §10.2.3), a day at most; nothing when it is neither."""
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        wait = timedelta(seconds=int(text))
    else:
        try:
            told = parsedate_to_datetime(text)
        except ValueError:
            return None
        wait = told.replace(tzinfo=told.tzinfo or UTC) - now
    return min(max(wait, timedelta()), LONGEST_RETRY_AFTER)


# --- When it is tried again ----------------------------------------------------------------------

SCHEDULE = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.2
"""Up to so much is added, so that all who failed together do not come back together."""

DISABLED_AFTER = timedelta(days=5)
LONGEST_REST = timedelta(minutes=1)


def next_attempt(
    attempts: int, now: datetime, chance: float, retry_after: timedelta | None = None
) -> datetime | None:
    """When a delivery that failed for the n-th time is due again; None when it is given up.

    `chance` is between 0 and 1. Who asks for more patience gets it, not for less.
    """
    if attempts > len(SCHEDULE):
        return None
    wait = SCHEDULE[attempts - 1] * (1 + JITTER * chance)
    return now + max(wait, retry_after or timedelta())


def rest(failures: int, retry_after: timedelta | None = None) -> timedelta:
    """How long a receiver is left in peace after so many failures in a row: 1, 2, 4 … 60 seconds.

    Whatever else is due for it waits as long, so that one that is down costs an attempt a minute.
    """
    doubled = timedelta(seconds=2 ** min(failures - 1, 6))
    return max(min(doubled, LONGEST_REST), retry_after or timedelta())


def failed_too_long(failing_since: datetime, now: datetime) -> bool:
    return now - failing_since >= DISABLED_AFTER
