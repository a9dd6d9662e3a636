"""A receiver on loopback, a feed that tells what a test wants, and verifying by other code than ours."""

from __future__ import annotations

import asyncio
import base64
import json
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from socket import socket
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as hmac_of_another
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.journal.rows import PUBLIC, Entry, row
from tests.support.gateway import listener

# --- Verifying -----------------------------------------------------------------------------------


def signed_by(headers: Mapping[str, str], body: bytes, key: str) -> bool:
    """Whether a secret (`whsec_`) or public key (`whpk_`) is behind one of the signatures."""
    prefix, _, encoded = key.partition("_")
    raw = base64.b64decode(encoded, validate=True)
    content = b".".join(
        (headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body)
    )
    version = {"whsec": "v1", "whpk": "v1a"}[prefix]
    for signature in headers["webhook-signature"].split(" "):
        told, _, encoded = signature.partition(",")
        if told == version and _good(version, raw, content, base64.b64decode(encoded)):
            return True
    return False


def _good(version: str, key: bytes, content: bytes, signature: bytes) -> bool:
    try:
        if version == "v1a":
            Ed25519PublicKey.from_public_bytes(key).verify(signature, content)
        else:
            mac = hmac_of_another.HMAC(key, hashes.SHA256())
            mac.update(content)
            mac.verify(signature)
    except InvalidSignature:
        return False
    return True


# --- Receiving -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Received:
    """One POST as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def webhook_id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


Answer = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


def answer(status: int, *lines: str, body: bytes = b"") -> bytes:
    head = [f"HTTP/1.1 {status} Something", f"content-length: {len(body)}", *lines]
    return ("\r\n".join(head) + "\r\n\r\n").encode() + body


TAKEN = answer(204)


@dataclass
class Receiver:
    """Answers as told, one answer after the other; the last one, or 204, for all that follow."""

    answers: list[Answer] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    context: ssl.SSLContext | None = None
    listening: socket = field(default_factory=listener)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.port: int = self.listening.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def ids(self) -> list[str]:
        return [one.webhook_id for one in self.received]

    async def __aenter__(self) -> Receiver:
        self._server = await asyncio.start_server(
            self._serve, sock=self.listening, ssl=self.context
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            lines = (line.split(": ", 1) for line in head[1:] if line)
            headers = {name.lower(): value for name, value in lines}
            body = await reader.readexactly(int(headers["content-length"]))
            self.received.append(Received(head[0].split(" ")[1], headers, body))
            self.arrived.set()
            next_one = (
                self.answers.pop(0) if len(self.answers) > 1 else (self.answers or [TAKEN])[0]
            )
            if isinstance(next_one, bytes):
                writer.write(next_one)
                await writer.drain()
            else:
                await next_one(writer)
        except (asyncio.CancelledError, asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        finally:
            self._tasks.discard(task)
            writer.transport.abort()


# --- Telling -------------------------------------------------------------------------------------


@dataclass
class Feed:
    """The feed of one service as anybody reads it; `asked` is what it was asked."""

    service: str = "procurement"
    entries: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def tell(
        self,
        kind: str = "tender.published",
        subject: str = "tender/1",
        data: Mapping[str, Any] | None = None,
        *,
        audience: str = PUBLIC,
    ) -> dict[str, Any]:
        """One more entry, made as a service makes it; its public text stays the test's."""
        name, _, subject_id = subject.partition("/")
        entry = Entry(kind, name, subject_id, 1, data or {}, {}, audience)
        made = row(self.service, entry, actor="somebody", at=datetime(2026, 3, 2, tzinfo=UTC))
        told: dict[str, Any] = {"position": len(self.entries) + 1, "leaf": made["leaf"].hex()}
        if audience == PUBLIC:
            told["event"] = json.loads(made["public_text"])
        self.entries.append(told)
        return told

    async def ask(self, path: str, seconds: float) -> tuple[int, bytes]:
        self.asked.append(path)
        if path.endswith("/journal/checkpoint"):
            return 404, b"{}"
        query = dict(pair.split("=") for pair in path.partition("?")[2].split("&"))
        after, limit = int(query["after"]), int(query["limit"])
        page = self.entries[after : after + limit]
        last = page[-1]["position"] if page else after
        return 200, json.dumps({"items": page, "next": last, "full": len(page) == limit}).encode()
