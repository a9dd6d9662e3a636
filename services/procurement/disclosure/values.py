"""The small shapes of OCDS: amounts, days, organisations, codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from shared.days import end_of, start_of
from shared.money import CURRENCY, Money

Json = dict[str, Any]
CREDIT_CODE_SCHEME = "CN-USCC"
"""Our own prefix for 统一社会信用代码: org-id.guide lists none for social organisations."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes and under which addresses; the bureau is also the buyer of its purchases."""

    name: str
    credit_code: str | None
    prefix: str
    base: str
    licence: str


def amount(yuan: str | Money) -> Json:
    """An exact decimal in yuan; never a float."""
    money = yuan if isinstance(yuan, Money) else Money.parse(yuan)
    return {"amount": money.yuan, "currency": CURRENCY}


def moment(instant: str | datetime) -> str:
    at = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def day_begun(day: str | date) -> str:
    """A legal day as the instant it begins in Asia/Shanghai."""
    return moment(start_of(_date(day)))


def day_ended(day: str | date) -> str:
    """A legal day as its last second."""
    return moment(end_of(_date(day)) - timedelta(seconds=1))


def period(first: str | date, last: str | date) -> Json:
    """From the beginning of one legal day to the end of another, both counted."""
    days = (_date(last) - _date(first)).days + 1
    return {"startDate": day_begun(first), "endDate": day_ended(last), "durationInDays": days}


def party_id(credit_code: str) -> str:
    return f"{CREDIT_CODE_SCHEME}-{credit_code}"


def organisation(credit_code: str, name: str, roles: list[str]) -> Json:
    """A party of the process, named by its unified social credit code."""
    return {
        "id": party_id(credit_code),
        "name": name,
        "identifier": {"scheme": CREDIT_CODE_SCHEME, "id": credit_code, "legalName": name},
        "roles": roles,
    }


def reference(party: Mapping[str, Any]) -> Json:
    return {"id": party["id"], "name": party["name"]}


def present(**members: Any) -> Json:
    """Only what there is: empty members are left out, OCDS has no use for them."""
    return {name: value for name, value in members.items() if value not in (None, "", [], {})}


def _date(day: str | date) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day
