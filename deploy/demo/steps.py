"""The steps of the demonstration as integrators read them: who asked for what, in which words exactly.

A step is what the narrator tells that somebody asks; the call that is heard next is what was sent for
it. Tools of others (bidkit) make many calls of one step: the first of each operation shows what it does.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from deploy.demo.narration import Asked, Narrator
from deploy.demo.recording import invented_only, plain, shortened

SENT = ("idempotency-key", "if-match", "if-none-match", "content-range", "content-digest")
ANSWERED = ("content-type", "etag", "link", "location", "idempotent-replayed", "retry-after")
TOKEN = "Bearer <token>"

Step = dict[str, Any]
_PARAMETER = re.compile(r"{(\w+)}")


@dataclass
class Steps:
    """Hears every answer, like the recorder of examples, and keeps those that a step is told of."""

    contract: Mapping[str, Any]
    tell: Narrator
    kept: list[Step] = field(default_factory=list)
    _shown: tuple[Asked | None, set[str]] = (None, set())
    """The step that was heard last, and the operations that were kept of it."""
    _operations: list[tuple[str, "re.Pattern[str]", str]] = field(init=False)

    def __post_init__(self) -> None:
        self._operations = [
            (method.upper(), re.compile(_PARAMETER.sub("[^/]+", path)), operation["operationId"])
            for path, methods in sorted(
                self.contract["paths"].items(), key=lambda item: item[0].count("{")
            )
            for method, operation in methods.items()
            if not path.startswith("/oauth/")  # secrets and tokens are no examples
        ]

    def hear(self, response: httpx.Response) -> None:
        asked, request = self.tell.last, response.request
        operation = self._operation_of(request)
        if asked is None or operation is None or response.status_code >= 500:
            return  # a part that restarts is asked again
        if asked is not self._shown[0]:
            self._shown = asked, set()
        shown = self._shown[1]
        if operation not in shown if asked.by_a_tool else not shown and asked.fits(request):
            response.read()
            shown.add(operation)
            self.kept.append(_step(self.tell.chapter_number, asked, operation, response))

    def _operation_of(self, request: httpx.Request) -> str | None:
        for method, pattern, name in self._operations:
            if method == request.method and pattern.fullmatch(request.url.path):
                return name
        return None


def _step(chapter: int, asked: Asked, operation: str, response: httpx.Response) -> Step:
    request = response.request
    headers = {name: request.headers[name] for name in SENT if name in request.headers}
    if "authorization" in request.headers:
        headers = {"authorization": TOKEN, **headers}
    sent = {"method": request.method, "target": request.url.raw_path.decode(), "headers": headers}
    answer = {
        "status": response.status_code,
        "headers": {n: response.headers[n] for n in ANSWERED if n in response.headers},
    }
    bodies = (
        (sent, invented_only(plain(request.headers, request.content))),
        (answer, invented_only(shortened(plain(response.headers, response.content)))),
    )
    for told, body in bodies:
        if body is not None:
            told["body"] = body
    return {
        "chapter": chapter,
        "who": asked.who,
        "what": asked.what,
        "operation": operation,
        "request": sent,
        "answer": answer,
    }
