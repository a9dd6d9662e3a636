"""HTTP as bytes, for what no client would send: one connection, and every answer that comes over it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httptools

PATIENCE = 10.0
"""Of the test, with a busy machine; the server's own patience is what is tested."""


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes = b""
    whole: bool = False

    def header(self, name: str) -> str | None:
        return next((value for known, value in self.headers if known == name), None)

    @property
    def is_problem(self) -> bool:
        return self.header("content-type") == "application/problem+json"


@dataclass
class Wire:
    """A connection; `answers` are the final ones in their order, `interim` the statuses below 200."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    head_only: bool = False
    answers: list[Answer] = field(default_factory=list)
    interim: list[int] = field(default_factory=list)
    rubbish: bytes = b""
    """What came and is no answer."""
    closed: bool = False

    def __post_init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._headers: list[tuple[str, str]] = []

    @classmethod
    @asynccontextmanager
    async def to(cls, port: int, *, head_only: bool = False) -> AsyncIterator[Wire]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            yield cls(reader, writer, head_only)
        finally:
            writer.transport.abort()

    async def send(self, pieces: bytes | Iterable[bytes]) -> None:
        """Whole or piece by piece; whoever hangs up meanwhile has said what he had to say."""
        try:
            for piece in [pieces] if isinstance(pieces, bytes) else pieces:
                self.writer.write(piece)
                await self.writer.drain()
                await asyncio.sleep(0)
        except ConnectionError:
            pass

    async def read(self, answers: int | None = None, *, begun: bool = False) -> None:
        """Until so many answers are there, or begun; else until the other side has hung up."""
        async with asyncio.timeout(PATIENCE):
            while not self.closed and (answers is None or self._count(begun) < answers):
                try:
                    piece = await self.reader.read(65536)
                except ConnectionError:
                    piece = b""
                if piece:
                    self._feed(piece)
                else:
                    self.closed = True
        if self.head_only:  # the parser waits for the body that was announced
            self._parser, self.head_only = httptools.HttpResponseParser(self), False

    def _count(self, begun: bool) -> int:
        return sum(begun or answer.whole for answer in self.answers)

    def _feed(self, piece: bytes) -> None:
        try:
            self._parser.feed_data(piece)
        except httptools.HttpParserError:
            self.rubbish += piece
            self.closed = True

    # What the parser tells

    def on_message_begin(self) -> None:
        self._headers = []

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.decode("latin-1").lower(), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200:
            self.interim.append(status)
        else:
            self.answers.append(Answer(status, self._headers, whole=self.head_only))

    def on_body(self, body: bytes) -> None:
        self.answers[-1].body += body

    def on_message_complete(self) -> None:
        if self._parser.get_status_code() >= 200:
            self.answers[-1].whole = True
