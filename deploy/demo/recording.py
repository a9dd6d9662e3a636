"""Examples for the contract, taken down while the demonstration is played.

Of each operation the first call that went well and the first that was refused as it must be: what
was sent, the status and what came back. Headers are not taken down, so neither is a token.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx

from deploy.demo.identities import NEVER_GIVEN_OUT
from shared.identifiers import resident_check

MOST_ITEMS = 2
"""So many items of a list show what all of them look like."""

Outcome = Literal["accepted", "refused"]
Example = dict[str, Any]
Examples = dict[str, dict[str, dict[Outcome, Example]]]
"""service → operationId → outcome → what was sent and what came back."""

_RESIDENT_ID = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dX](?![0-9A-Za-z])")
_PARAMETER = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a service, as the merged contract has it."""

    service: str
    name: str
    method: str
    path: str
    roles: tuple[str, ...]
    must_ask: tuple[str, ...]
    pattern: "re.Pattern[str]"

    @property
    def parameters(self) -> list[str]:
        return _PARAMETER.findall(self.path)


def operations_of(contract: Mapping[str, Any]) -> list[Operation]:
    """Those of the services; a path with fewer parameters stands first."""
    found = []
    for path, methods in sorted(contract["paths"].items(), key=lambda item: item[0].count("{")):
        service = path.split("/")[1]
        pattern = re.compile(_PARAMETER.sub(r"(?P<\1>[^/]+)", path))
        for method, operation in methods.items():
            name = operation.get("operationId", "")
            if not name.startswith(f"{service}_"):  # so the gateway names those of the services
                continue
            must_ask = tuple(
                parameter["name"]
                for parameter in operation.get("parameters", [])
                if parameter["in"] == "query" and parameter.get("required")
            )
            roles = tuple(operation.get("x-roles", ()))
            name = name.removeprefix(f"{service}_")
            found.append(Operation(service, name, method, path, roles, must_ask, pattern))
    return found


@dataclass
class Recorder:
    """Hears every answer of a client that has `hear` as its hook."""

    operations: list[Operation]
    only_good: bool = False
    kept: Examples = field(default_factory=dict)
    seen: dict[tuple[str, str], dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    """Per service and name of a path's parameter: the values that were met, in their order."""
    _names: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._names = {
            operation.path[: place.start() - 1]: place[1]
            for operation in self.operations
            for place in _PARAMETER.finditer(operation.path)
        }

    def hear(self, response: httpx.Response) -> None:
        request = response.request
        if "dry" in request.url.params or response.status_code >= 500:
            return  # a rehearsal has an answer of its own form; a part that restarts has none
        for operation in self.operations:
            place = operation.pattern.fullmatch(request.url.path)
            if place and operation.method == request.method.lower():
                response.read()
                self._take(operation, response)
                if response.is_success:
                    for name, value in place.groupdict().items():
                        self.seen[operation.service, name][value] = None
                return

    def shown(self, operation: Operation) -> bool:
        """Whether there is a good example that shows something."""
        kept = self.kept.get(operation.service, {}).get(operation.name, {}).get("accepted")
        return kept is not None and not _shows_nothing(kept["answer"])

    def _take(self, operation: Operation, response: httpx.Response) -> None:
        answer = plain(response.headers, response.content)
        outcome: Outcome = "accepted" if response.is_success else "refused"
        if answer is None or (self.only_good and outcome == "refused") or _names_a_person(answer):
            return
        sent = plain(response.request.headers, response.request.content)
        of_this = self.kept.setdefault(operation.service, {}).setdefault(operation.name, {})
        before = of_this.get(outcome)
        if before is None or (_shows_nothing(before["answer"]) and not _shows_nothing(answer)):
            of_this[outcome] = _example(sent, response.status_code, answer)
        if outcome == "accepted":
            self._notice(operation, answer)

    def _notice(self, operation: Operation, answer: Any) -> None:
        """What paths may be filled with: ids of what a collection holds, values by their names."""
        for name, value in _texts(answer):
            self.seen[operation.service, name][value] = None
        if operation.path in self._names:
            listed = answer.get("items", [answer]) if isinstance(answer, dict) else answer
            for item in listed:
                if isinstance(item, dict) and isinstance(item.get("id"), str):
                    name = self._names[operation.path]
                    self.seen[operation.service, name][item["id"]] = None


def plain(headers: httpx.Headers, content: bytes) -> Any:
    return json.loads(content) if content and "json" in headers.get("content-type", "") else None


def _example(sent: Any, status: int, answer: Any) -> Example:
    found = {"status": status, "answer": shortened(answer)}
    # What was sent stays whole: a reader may send the same.
    return found if sent is None else {**found, "request": invented_only(sent)}


def _shows_nothing(answer: Any) -> bool:
    """An empty list or page; a later one may say more."""
    return answer == [] or (isinstance(answer, dict) and answer.get("items") == [])


def _names_a_person(answer: Any) -> bool:
    """Whether a resident number stands in it: the one that a file's owner reads is no example."""
    return _RESIDENT_ID.search(json.dumps(answer)) is not None


def _texts(value: Any) -> Iterator[tuple[str, str]]:
    """Every text of an answer with the name that it stands under."""
    if isinstance(value, dict):
        for name, item in value.items():
            if isinstance(item, str):
                yield name, item
            else:
                yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def shortened(value: Any) -> Any:
    """The same with its long lists cut."""
    if isinstance(value, dict):
        return {name: shortened(item) for name, item in value.items()}
    if isinstance(value, list):
        return [shortened(item) for item in value[:MOST_ITEMS]]
    return value


def invented_only(value: Any) -> Any:
    """The same, with any resident number of a place that exists made one of nowhere."""
    if isinstance(value, dict):
        return {name: invented_only(item) for name, item in value.items()}
    if isinstance(value, list):
        return [invented_only(item) for item in value]
    return _RESIDENT_ID.sub(_of_nowhere, value) if isinstance(value, str) else value


def _of_nowhere(found: "re.Match[str]") -> str:
    body = NEVER_GIVEN_OUT + found[0][6:17]
    return body + resident_check(body)
