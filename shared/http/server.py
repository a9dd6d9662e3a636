"""How requests are read from a socket: what uvicorn's HTTP protocol leaves open.

Uvicorn takes what its parser takes. Here what two readers could read differently is refused, each
refusal is a problem document, and everything has a size and a time. Gateway and services are
served with it: `uvicorn --http shared.http.server:StrictProtocol`.
"""

import asyncio
import os
from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from shared.errors import BadRequest, Refusal
from shared.http.problems import DEFAULT_BASE, MEDIA_TYPE, document
from shared.words import Text

Headers = list[tuple[bytes, bytes]]

LARGEST_HEAD = 64 * 1024
MOST_HEADERS = 256
LINGER_BYTES = 8 * 1024 * 1024

NOT_HTTP = Text(zh="无法识别的 HTTP 请求", en="this is not HTTP as this server reads it")
NOT_A_PATH = Text(zh="请求目标须为路径", en="the request target is a path")
OTHER_VERSION = Text(zh="请使用 HTTP/1.1", en="send HTTP/1.1")
CHUNKS_IN_1_0 = Text(
    zh="HTTP/1.0 没有 Transfer-Encoding", en="there is no Transfer-Encoding in HTTP/1.0"
)
FRAMING = Text(
    zh="Content-Length 与 Transfer-Encoding 不能并用或无法识别",
    en="Content-Length and Transfer-Encoding exclude each other and must be well formed",
)
UPGRADE_WITH_BODY = Text(
    zh="本服务不切换协议；请去掉 Upgrade 后重发",
    en="no other protocol is spoken here: send a body without Upgrade",
)


class HeadTooLarge(Refusal):
    status = 431
    kind = "head-too-large"
    title = Text(zh="请求头过大", en="The head of the request is too large")
    cause = Text(
        zh="请求行与请求头合计超过 64 KB 或 256 行",
        en="request line and headers are over 64 KB or 256 lines",
    )
    remedy = Text(
        zh="删去多余的请求头；令牌只放一个", en="drop what is not needed; one token is enough"
    )


class StrictProtocol(HttpToolsProtocol):
    """One connection of a caller."""

    problem_base = DEFAULT_BASE
    head_seconds = 15.0
    """How long a head may take, and how long a connection may wait for its first."""
    taking_seconds = 30.0
    """How long a caller may take nothing of an answer that waits for it."""
    linger_seconds = 2.0
    """How long the rest of a body is thrown away when its answer was given before its end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access_log = False  # ours are written elsewhere, without queries and addresses
        self._in_head = True
        self._begun = False
        """Whether the first byte of a head is here."""
        self._head_bytes = 0
        self._quiet_bytes = 0
        """Of what the parser told nothing yet: of a head, a chunk's first line, trailers."""
        self._thrown_away = 0
        self._deaf = False
        """Nothing more is read: what was understood is answered, then the connection ends."""
        self._refusal: Refusal = BadRequest(NOT_HTTP)
        self._patience: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None

    # What the loop tells

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_longer()
        self._is_taken()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        self._quiet_bytes += len(data)
        super().data_received(data)
        if self._deaf or self.transport.is_closing():
            return
        if self._quiet_bytes > LARGEST_HEAD:
            self._refusal = HeadTooLarge()
            self.send_400_response("")
        elif self._in_head and (self._begun or self._quiet_bytes) and self._patience is None:
            self._wait(self.head_seconds)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._must_be_taken()

    def resume_writing(self) -> None:
        self._is_taken()
        super().resume_writing()

    # What the parser tells

    def on_message_begin(self) -> None:
        self._in_head, self._begun, self._head_bytes = True, True, 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._head_bytes += len(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._in_head:
            return  # a trailer: the head was acted upon, and nothing may be added to it
        self._head_bytes += len(name) + len(value) + 4
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        fault = self._fault_of_head()
        if fault is not None:
            self._refusal = fault
            raise ValueError(fault.kind)  # the parser reports it as an error of its own
        self.scope["huishe.target"] = self.url  # type: ignore[typeddict-unknown-key]
        super().on_headers_complete()
        self._wait_no_longer()
        self._in_head, self._begun, self._quiet_bytes = False, False, 0

    def on_body(self, body: bytes) -> None:
        self._quiet_bytes = 0
        super().on_body(body)
        if self.cycle.response_complete:
            self._thrown_away += len(body)
            if self._thrown_away > LINGER_BYTES:
                self._hang_up()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_head, self._quiet_bytes, self._thrown_away = True, 0, 0
        if not self.parser.should_keep_alive():
            self._end()
        elif self.cycle.response_complete:  # answered before its end: now the next may come
            self._wait_no_longer()
            self._wait(self.head_seconds)

    def _fault_of_head(self) -> Refusal | None:
        """What the parser lets pass and two readers could read differently."""
        if self._head_bytes > LARGEST_HEAD or len(self.headers) > MOST_HEADERS:
            return HeadTooLarge()
        if not self.url.startswith(b"/") or b"#" in self.url:
            return BadRequest(NOT_A_PATH)
        version = self.parser.get_http_version()
        if version not in ("1.0", "1.1"):
            return BadRequest(OTHER_VERSION)
        if version == "1.0":
            self.expect_100_continue = False
        fault = _fault_of_framing(self.headers, version)
        if fault is None and self.parser.should_upgrade() and _announces_body(self.headers):
            # The parser would take the body for the other protocol, and what comes next for a head.
            fault = UPGRADE_WITH_BODY
        return BadRequest(fault) if fault else None

    # Answers

    def on_response_complete(self) -> None:
        last = not self.pipeline
        super().on_response_complete()
        if self.transport.is_closing():
            self._must_be_taken()
        elif not last:
            return
        elif self._deaf:
            self._hang_up()
        elif not self._in_head:  # hanging up now would destroy the answer on its way
            self._wait(self.linger_seconds)

    def _unsupported_upgrade_warning(self) -> None:
        """The request is answered as if it had asked for nothing; what follows it is not HTTP."""
        self._end()

    def send_400_response(self, msg: str) -> None:
        """Say in the suite's own way that this is not a request, and hang up.

        Requests that came before it on the same connection get their own answers first, and
        nobody gets two.
        """
        self._deaf = True
        self._wait_no_longer()
        cycle = self.cycle
        if not self._in_head and self.pipeline:
            self.pipeline.popleft()  # its body is broken, and it had not begun
        elif not self._in_head and not cycle.response_complete:
            begun = cycle.response_started
            cycle.disconnected = True
            cycle.message_event.set()
            if not begun:
                self._tell_refusal()
            self._hang_up()
        else:
            if self._in_head and (cycle is None or cycle.response_complete):
                self._tell_refusal()
            self._end()

    def _end(self) -> None:
        """Hang up, but not on those who still wait for their answer."""
        self._deaf = True
        if self.cycle is None or self.cycle.response_complete:
            self._hang_up()
        else:
            self.cycle.keep_alive = False

    def _tell_refusal(self) -> None:
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

    # Patience

    def timeout_keep_alive_handler(self) -> None:
        self._hang_up()

    def _wait(self, seconds: float) -> None:
        self._patience = self.loop.call_later(seconds, self._end)

    def _wait_no_longer(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _must_be_taken(self) -> None:
        if self._taking is None:
            self._taking = self.loop.call_later(self.taking_seconds, self.transport.abort)

    def _is_taken(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def _hang_up(self) -> None:
        self._patience = None
        if not self.transport.is_closing():
            self.transport.close()
            self._must_be_taken()


def _fault_of_framing(headers: Headers, version: str) -> Text | None:
    """One length in digits, or chunks and nothing else, and those in HTTP/1.1 only."""
    lengths = [value for name, value in headers if name == b"content-length"]
    codings = [value.lower() for name, value in headers if name == b"transfer-encoding"]
    if codings and version == "1.0":
        return CHUNKS_IN_1_0
    if len(lengths) + len(codings) > 1 or codings not in ([], [b"chunked"]):
        return FRAMING
    if lengths and (not lengths[0].isdigit() or len(lengths[0]) > 15):
        return FRAMING
    return None


def _announces_body(headers: Headers) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and int(value) > 0)
        for name, value in headers
    )
