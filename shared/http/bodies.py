"""What comes with a request: how much of it is read, and JSON in one reading only."""

from collections.abc import Awaitable, Callable

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from shared.errors import BadRequest, TooLarge
from shared.http import strict_json
from shared.http.problems import UnsupportedMediaType
from shared.words import Text

CUT_OFF = Text(zh="正文未发送完毕", en="the body broke off before its end")
_CHARSETS = ("", "utf-8", "utf8")


async def read_json(request: Request) -> bytes:
    """The body, and its value for whoever asks the request for `json()`; nothing when it is empty."""
    body = await read_bytes(request, strict_json.MAX_BYTES)
    if body:
        _require_json(request)
        request._json = strict_json.parse(body)
    return body


async def read_bytes(request: Request, limit: int) -> bytes:
    """The whole body, given up as soon as it is over the limit."""
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise UnsupportedMediaType()
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise TooLarge(
                    Text(zh=f"正文超过 {limit} 字节", en=f"the body is over {limit} bytes")
                )
            chunks.append(chunk)
    except ClientDisconnect:  # nobody hears it, but it is no fault of ours
        raise BadRequest(CUT_OFF) from None
    body = b"".join(chunks)
    request._body = body
    return body


def _require_json(request: Request) -> None:
    """JSON is UTF-8 (RFC 8259): a body that says something else of itself is not read."""
    media, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    media = media.strip()
    if media != "application/json" and not media.endswith("+json"):
        raise UnsupportedMediaType()
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip(' "') not in _CHARSETS:
            raise UnsupportedMediaType()


class StrictRoute(APIRoute):
    """A route whose body is read strictly, and nothing more: for endpoints that are no work."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        run = super().get_route_handler()

        async def handle(request: Request) -> Response:
            await read_json(request)
            return await run(request)

        return handle
