"""Every field of a valid body, one after the other, with values that nobody in good faith sends."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from tests.support.service import Caller

HOSTILE = [None, -1, 2**63, 1.5, "", "\x00", "x" * 6000, [], {}, "9999-12-31", "9999999999999.99"]

Place = tuple[str | int, ...]


def fields(body: Any, place: Place = ()) -> Iterator[Place]:
    """Where the fields of a document are; of a list only the first item counts."""
    if isinstance(body, dict):
        for name, value in body.items():
            yield (*place, name)
            yield from fields(value, (*place, name))
    elif isinstance(body, list) and body:
        yield (*place, 0)
        yield from fields(body[0], (*place, 0))


def changed(body: Any, place: Place, value: Any) -> Any:
    found = deepcopy(body)
    inner = found
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    return found


async def breakages(caller: Caller, method: str, path: str, body: Any) -> list[str]:
    """What a hostile value breaks: answers of 500 and above. Asked dry, so nothing is kept."""
    found = []
    for place in fields(body):
        for value in HOSTILE:
            answer = await caller.request(
                method,
                f"{path}?dry=true",
                json=changed(body, place, value),
                headers={"if-match": "*"},
            )
            if answer.status_code >= 500:
                found.append(f"{method} {path} {place} = {str(value)[:40]}: {answer.text[:200]}")
    return found
