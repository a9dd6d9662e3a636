"""The server's side of the door: what uvicorn's HTTP protocol lacks.

Requests that cannot be parsed get a problem document like any other; heads have a size and a time;
a request target is a path and nothing else. `protocol_of(app)` is what to give uvicorn as `http`.
"""

import asyncio
import os
from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from shared.errors import BadRequest, Refusal
from shared.http.problems import DEFAULT_BASE, MEDIA_TYPE, document
from shared.words import Text

LARGEST_HEAD = 64 * 1024
HEAD_SECONDS = 15.0

NOT_HTTP = Text(zh="无法识别的 HTTP 请求", en="this is not HTTP as this server reads it")
NOT_A_PATH = Text(zh="请求目标须为路径", en="the request target is a path")


class HeadTooLarge(Refusal):
    status = 431
    kind = "head-too-large"
    title = Text(zh="请求头过大", en="The head of the request is too large")


class DoorProtocol(HttpToolsProtocol):
    """One connection of a caller."""

    problem_base = DEFAULT_BASE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_bytes = 0
        self._in_head = True
        self._refusal: Refusal = BadRequest(NOT_HTTP)
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_here()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes and not self.transport.is_closing():
            if self._head_bytes > LARGEST_HEAD:
                self._refusal = HeadTooLarge()
                self.send_400_response("")
            elif self._patience is None:
                self._wait_for_head()

    def on_message_begin(self) -> None:
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head_is_here()
        if not self.url.startswith(b"/") or b"#" in self.url:
            self._refusal = BadRequest(NOT_A_PATH)
            raise ValueError("the target is not a path")  # the parser reports it as its own error
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_head, self._head_bytes = True, 0

    def send_400_response(self, msg: str) -> None:
        """Say in the suite's own way that this is not a request, and hang up."""
        refusal = self._refusal
        request_id = os.urandom(16).hex()
        members = document(
            refusal,
            instance=f"urn:huishe:request:{request_id}",
            language="zh",
            trace_id=request_id,
            base=self.problem_base,
        )
        body = orjson.dumps(members)
        self.transport.write(
            b"HTTP/1.1 %d %b\r\ncontent-type: %b\r\ncontent-length: %d\r\ncache-control: no-store\r\n"
            b"content-language: zh\r\nx-request-id: %b\r\nconnection: close\r\n\r\n%b"
            % (
                refusal.status,
                refusal.title.en.encode(),
                MEDIA_TYPE.encode(),
                len(body),
                request_id.encode(),
                body,
            )
        )
        self.transport.close()

    def _wait_for_head(self) -> None:
        self._patience = self.loop.call_later(HEAD_SECONDS, self._out_of_patience)

    def _head_is_here(self) -> None:
        self._in_head = False
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _out_of_patience(self) -> None:
        self._patience = None
        if not self.transport.is_closing():
            self.transport.close()


def uvicorn_options() -> dict[str, Any]:
    """How uvicorn is to serve the gateway, whoever starts it."""
    return {
        "http": DoorProtocol,
        "loop": "uvloop",
        "ws": "none",
        "lifespan": "on",
        "access_log": False,
        "server_header": False,
        "proxy_headers": False,
        "log_config": None,
        "timeout_keep_alive": 30,
        "timeout_graceful_shutdown": 5,
    }
