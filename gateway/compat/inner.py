"""The real request, sent through the same door as any other, and its answer as the old form."""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from shared.errors import Refusal, Retry
from shared.http.problems import MEDIA_TYPE
from shared.words import Text

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_ANSWER = 8 * 1024 * 1024
DONE = Text(zh="成功", en="done")
_TOLD = ("errors", "findings", "decision", "on")


class AnswerTooLarge(Refusal):
    """It is passed on in one piece in this profile, so it has an end."""

    status = 502
    kind = "answer-too-large"
    title = Text(zh="答复过大", en="The answer is too large for this profile")
    cause = Text(
        zh="兼容接口一次返回整个答复，至多 8 MiB",
        en="this profile gives an answer whole, 8 MiB at most",
    )
    remedy = Text(zh="减小 limit 分页读取", en="ask for shorter pages")
    retry = Retry.CORRECTED


@dataclass
class Answered:
    """What the door gave back."""

    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


async def through(
    door: Application,
    outer: Scope,
    receive: Receive,
    *,
    method: str,
    path: str,
    query: str,
    headers: dict[str, str],
    body: bytes,
) -> Answered:
    """One request of the caller's own making would go the same way; nothing is left out."""
    answered, pieces, size = Answered(), [], 0
    given: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def given_body() -> Message:
        return given.pop() if given else await receive()

    async def send(message: Message) -> None:
        nonlocal size
        if message["type"] == "http.response.start":
            answered.status = message["status"]
            told = message["headers"]
            answered.headers = {n.decode("latin-1"): v.decode("latin-1") for n, v in told}
            return
        size += len(message.get("body", b""))
        if size > LARGEST_ANSWER:
            raise AnswerTooLarge()
        pieces.append(message.get("body", b""))

    await door(_inner_scope(outer, method, path, query, headers, body), given_body, send)
    if size > LARGEST_ANSWER:
        raise AnswerTooLarge()
    answered.body = b"".join(pieces)
    return answered


def _inner_scope(
    outer: Scope, method: str, path: str, query: str, headers: dict[str, str], body: bytes
) -> Scope:
    told = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    host = next(value for name, value in outer["headers"] if name == b"host")
    told.append((b"host", host))
    if body:
        told.append((b"content-length", b"%d" % len(body)))
    raw = path.encode("ascii")
    return {
        **{
            key: outer[key]
            for key in ("type", "asgi", "http_version", "scheme", "server", "client")
        },
        "root_path": "",
        "method": method,
        "path": path,
        "raw_path": raw,
        "query_string": query.encode("ascii"),
        "huishe.target": raw + (b"?" + query.encode("ascii") if query else b""),
        "headers": told,
    }


def folded(answered: Answered, language: str) -> bytes:
    """`code` is `ok` or the problem's kind; `data` the answer, or what the problem tells."""
    headers = answered.headers
    media = headers.get("content-type", "").partition(";")[0]
    told: dict[str, Any] = {"code": "ok", "message": DONE.in_language(language), "data": None}
    if media == MEDIA_TYPE:
        problem = orjson.loads(answered.body)
        told["code"] = str(problem["type"]).rpartition("/")[2]
        told["message"] = problem["detail"]
        told["data"] = {name: problem[name] for name in _TOLD if name in problem} or None
        told["trace_id"] = problem["trace_id"]
    elif media == "application/json" and answered.body:
        told["data"] = orjson.Fragment(answered.body)  # as it came: nothing is read or rewritten
    elif answered.body:
        told["data"] = {"media_type": media, "text": answered.body.decode("utf-8", "replace")}
    told["status"] = answered.status
    told["request_id"] = headers.get("x-request-id", "")
    if "etag" in headers:
        told["etag"] = headers["etag"]
    if headers.get("idempotent-replayed") == "true":
        told["replayed"] = True
    if "retry-after" in headers:
        told["retry_after"] = int(headers["retry-after"])
    return orjson.dumps(told)
