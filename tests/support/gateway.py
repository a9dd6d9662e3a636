"""A gateway for tests: settings with values that mean nothing, an upstream that does as it is told."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from gateway.app import Gateway
from gateway.server import uvicorn_options
from gateway.settings import GatewaySettings
from tests.support.configuration import changed, write

SECRET_KEY = "only-for-tests-0123456789-abcdefghij-KLMNOP"
NOWHERE = "postgresql+asyncpg://nobody:nothing@127.0.0.1:1/nowhere"
FAST = {"probe_seconds": 0.05, "access_log": False, "log_level": "ERROR"}


def gateway_settings(**changed: Any) -> GatewaySettings:
    given = {"database_url": NOWHERE, "secret_key": SECRET_KEY, "sandbox": True, **FAST}
    return GatewaySettings(**{**given, **changed})


def listener() -> socket.socket:
    """A socket on a free port of loopback."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    return listening


def address_of(listening: socket.socket) -> str:
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


@dataclass
class Asked:
    """A request as the upstream received it."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter, Asked], Awaitable[None]]


def written(status: int, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Something", f"content-length: {len(body)}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter, __: Asked) -> None:
    """A service that has signed nothing yet."""
    writer.write(written(404, b"{}", "content-type: application/problem+json"))


async def echo(_: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: Asked) -> None:
    """Tell what was asked; a readiness probe is answered by the same."""
    told = {
        "method": asked.method,
        "target": asked.target,
        "headers": asked.headers,
        "body": len(asked.body),
    }
    body = b"" if asked.method == "HEAD" else json.dumps(told).encode()
    writer.write(written(200, body, "content-type: application/json"))


@dataclass
class Upstream:
    """A service of bytes: `answers[path]` says what to write; everything else is echoed.

    With `reads_body` false for a path, its answer reads the body by itself.
    """

    listening: socket.socket = field(default_factory=listener)
    answers: dict[str, Answer] = field(default_factory=dict)
    reads_body: dict[str, bool] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a connection was closed from the other side while it was being answered."""
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def address(self) -> str:
        return address_of(self.listening)

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, sock=self.listening)

    async def stop(self) -> None:
        """Close the door and hang up on everybody."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def start_again(self) -> None:
        port = self.listening.getsockname()[1] if self.listening.fileno() >= 0 else self._port
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)

    def __post_init__(self) -> None:
        self._port: int = self.listening.getsockname()[1]

    def asked_for(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.target.partition("?")[0] == path]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            while await self._answer(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            self.ended.set()
        except asyncio.CancelledError:
            pass  # by `stop`
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        path = target.partition("?")[0]
        body = b""
        if self.reads_body.get(path, True):
            body = await read_body(reader, headers)
        asked = Asked(method, target, headers, body)
        self.asked.append(asked)
        usual = nothing if path.endswith("/v1/journal/checkpoint") else echo
        await self.answers.get(path, usual)(reader, writer, asked)
        await writer.drain()
        return not writer.is_closing()


async def read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if "content-length" in headers:
        return await reader.readexactly(int(headers["content-length"]))
    body = b""
    while "transfer-encoding" in headers:
        size = int(await reader.readuntil(b"\r\n"), 16)
        body += (await reader.readexactly(size + 2))[:size]
        if size == 0:
            break
    return body


@dataclass
class RunningGateway:
    """A gateway on a real socket."""

    gateway: Gateway
    address: str
    configuration: Path
    """The file it follows."""

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def token(self, *roles: str, client_id: str = "tester", org: str | None = None) -> str:
        assert self.gateway.runtime is not None
        return self.gateway.runtime.issuer.issue(client_id, list(roles), org, time.time())

    def bearer(self, *roles: str, client_id: str = "tester") -> dict[str, str]:
        return {"authorization": f"Bearer {self.token(*roles, client_id=client_id)}"}

    async def raw(self, request: bytes) -> bytes:
        """Bytes in, bytes out, for what no HTTP client would send."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request)
        async with asyncio.timeout(5):
            answer = await reader.read(65536)
        writer.close()
        await writer.wait_closed()
        return answer


class Server(uvicorn.Server):
    """Says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()


@asynccontextmanager
async def running_gateway(
    keys: Path, *, configuration: dict[str, Any] | None = None, **settings: Any
) -> AsyncIterator[RunningGateway]:
    """`configuration` is what is otherwise than usual in the file that it follows."""
    listening = listener()
    address = address_of(listening)
    settings.setdefault("witness_directory", keys.with_name(f"{keys.name}-witness"))
    file = write(keys.with_name(f"{keys.name}.toml"), changed(**configuration or {}))
    settings.setdefault("configuration_file", file)
    gateway = Gateway(gateway_settings(public_url=address, key_directory=keys, **settings))
    options = {**uvicorn_options(), "loop": "none"}
    server = Server(uvicorn.Config(gateway, **options))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    await server.is_up.wait()
    try:
        yield RunningGateway(gateway, address, file)
    finally:
        server.should_exit = True
        await serving
