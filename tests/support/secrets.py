"""What must never show, and where one looks: every log, every metric, a dump of every database."""

import json
import re
from collections.abc import Iterator

import httpx

from deploy.demo.identities import NEVER_GIVEN_OUT
from deploy.local.settings import PARTS
from tests.support.attacker import Traces, inside, logs_of, take
from tests.support.suite import RunningSuite

RESIDENTS = re.compile(
    rb"(?<![0-9a-f])%b(?:19|20)[0-9]{9}[0-9Xx](?![0-9a-f])" % NEVER_GIVEN_OUT.encode()
)
"""The number of any invented person: all tests and the demonstration take them from there."""


def secrets_of(suite: RunningSuite) -> dict[str, str]:
    """Everything that the suite keeps in files of its own, by a name that may be told."""
    found = {"superuser": (suite.folder / "postgres" / "superuser.password").read_text()}
    for file in ("secrets.json", "credentials.json", "receipt-key.json"):
        kept = json.loads((suite.folder / file).read_text())
        found |= {
            f"{file} {place}": text for place, text in _texts(kept) if _is_secret(place, text)
        }
    for folder in ("gateway-keys", "journal-keys", "gateway-witness"):
        for file in sorted((suite.folder / folder).rglob("*.pem")):
            body = re.sub(r"-----[A-Z ]+-----", "", file.read_text())
            found[f"key {file.relative_to(suite.folder)}"] = "".join(body.split())
    for caller, token in suite.tokens.items():
        found[f"token of {caller}"] = token.rsplit(".", 1)[1]
    return found


def _texts(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, f"{place}/{name}")
    elif isinstance(value, str):
        yield place, value


def _is_secret(place: str, text: str) -> bool:
    public = ("name", "token_url", "format", "suite", "roles", "key_id", "public_key")
    return place.rpartition("/")[2] not in public and len(text) >= 16


def leaks(suite: RunningSuite, planted: dict[str, str] | None = None) -> list[str]:
    """Which secrets show, and where. Nothing is to be found."""
    traces = Traces({**secrets_of(suite), **(planted or {})})
    return [
        f"{name}: {where}"
        for where, data in material(suite)
        for name in sorted(traces.found_in(data) | _residents_in(data))
    ]


def _residents_in(data: bytes) -> set[str]:
    places = (data, *inside(data))
    return {found.decode() for place in places for found in RESIDENTS.findall(place)}


def material(suite: RunningSuite) -> Iterator[tuple[str, bytes]]:
    for path in logs_of(suite):
        yield path.name, path.read_bytes()
    for part in PARTS:
        metrics = httpx.get(f"{suite.address_of(part)}/metrics", trust_env=False)
        yield f"metrics of {part}", metrics.content
    yield "dump", take(suite).dump
