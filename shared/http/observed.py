"""Around every request: one spelling, an id, the log's context, the counts, the last net for a fault."""

import re
import time
from secrets import token_hex
from typing import Any

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import BadRequest, Refusal
from shared.http import problems
from shared.http.canonical import require_canonical
from shared.logging import about_nothing, about_request, get_logger
from shared.words import preferred_language

_SANE_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
log = get_logger("http")


class Observed:
    """Pure ASGI, outermost but for the server."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        request_id = _request_id(headers)
        scope["request_id"] = request_id
        about_request(request_id=request_id)
        status = 0
        started = time.perf_counter()

        async def observe(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            crooked = _crooked(scope)
            if crooked is None:
                await self.app(scope, receive, observe)
            else:  # what could not be read is not repeated
                about = f"urn:huishe:request:{request_id}"
                await _answer(crooked, about, headers, request_id, observe)
        except Exception:  # the last net: a fault is logged and answered, never shown
            log.exception("request.broken", path=scope["path"])
            if status:
                raise
            await _answer(problems.Broken(), scope["path"], headers, request_id, observe)
        finally:
            _count(scope, status, time.perf_counter() - started)
            about_nothing()


def _crooked(scope: Scope) -> Refusal | None:
    """The gateway refuses it too, by the same function; whoever comes another way is told here."""
    try:
        require_canonical(scope["raw_path"], scope["query_string"])
    except BadRequest as refusal:
        return refusal
    return None


def _request_id(headers: dict[bytes, bytes]) -> str:
    given = headers.get(b"x-request-id", b"")
    return given.decode() if _SANE_ID.fullmatch(given) else token_hex(16)


def _count(scope: Scope, status: int, seconds: float) -> None:
    if scope.get("discreet"):
        return
    runtime: Any = getattr(scope["app"].state, "runtime", None) if "app" in scope else None
    if runtime is not None:
        runtime.metrics.answered(scope.get("operation"), status or 500, seconds)


async def _answer(
    refusal: Refusal, instance: str, headers: dict[bytes, bytes], request_id: str, send: Send
) -> None:
    language = preferred_language(headers.get(b"accept-language", b"").decode("latin-1"))
    members = problems.document(
        refusal,
        instance=instance,
        language=language,
        trace_id=request_id,
    )
    body = orjson.dumps(members)
    await send(
        {
            "type": "http.response.start",
            "status": refusal.status,
            "headers": [
                (b"content-type", problems.MEDIA_TYPE.encode()),
                (b"content-length", str(len(body)).encode()),
                (b"content-language", language.encode()),
                (b"cache-control", b"no-store"),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})
