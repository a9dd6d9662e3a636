"""A service's worker in a real process of its own, and a little server that stands for the gateway."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx

from shared.database.embedded import dies_with_parent, free_port
from tests.support.service import ServiceUnderTest

ROOT = Path(__file__).parents[2]
SECRET = "only-for-tests-0123456789-abcdefghij-KLMNOP"
WITHIN = 30.0


@contextmanager
def wire_of(service: ServiceUnderTest) -> Iterator[str]:
    """The address where another process finds the gateway that `service` is told of."""

    class Wire(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            try:
                found = self._found()
            except httpx.ConnectError:
                self.close_connection = True
                return
            body = found.content
            self.send_response(found.status_code)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):  # who asked was killed
                self.wfile.write(body)

        def _found(self) -> httpx.Response:
            """A reader who waits is answered when there is something, as by the gateway."""
            until = time.monotonic() + float(
                parse_qs(urlsplit(self.path).query).get("wait", ["0"])[0]
            )
            while True:
                request = httpx.Request(self.command, f"http://gateway.test{self.path}")
                found = service.answer(request)
                waiting = found.status_code == 200 and found.json().get("items") == []
                if not waiting or ended.is_set() or time.monotonic() > until:
                    return found
                time.sleep(0.02)

        def log_message(self, format: str, *args: object) -> None:
            pass

    ended = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Wire)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        ended.set()
        server.shutdown()
        server.server_close()


@dataclass
class WorkerApart:
    process: "subprocess.Popen[bytes]"
    said: Path
    port: int

    def end(self, word: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Its exit code, and the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(word)
        return self.process.wait(WITHIN), time.monotonic() - began

    async def ready(self) -> None:
        await eventually(self._says_ready, "the worker is ready")

    async def _says_ready(self) -> bool:
        assert self.process.poll() is None, self.said.read_text()
        return await self.ask("/health/ready") == 200

    async def ask(self, path: str) -> int:
        try:
            return (await self.read(path)).status_code
        except httpx.HTTPError:
            return 0

    async def read(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.get(f"http://127.0.0.1:{self.port}{path}")


@asynccontextmanager
async def worker_apart(
    service: ServiceUnderTest, gateway: str, folder: Path, **settings: str
) -> AsyncIterator[WorkerApart]:
    """`python -m services.<name>.worker` on the service's database, ready; ended in the end."""
    worker = worker_of(service, gateway, folder, **settings)
    try:
        await worker.ready()
        yield worker
    finally:
        worker.process.kill()
        worker.process.wait()


def worker_of(
    service: ServiceUnderTest, gateway: str, folder: Path, **settings: str
) -> WorkerApart:
    """The same, just started and nobody's to end."""
    port = free_port()
    told = {
        "DATABASE_URL": service.runtime.settings.database_url,
        "GATEWAY_URL": gateway,
        "CLIENT_SECRET": "only-for-tests",
        "SECRET_KEY": SECRET,
        "SANDBOX": "true",
        "JOURNAL_KEY_DIRECTORY": str(service.runtime.settings.journal_key_directory),
        "WORKER_PORT": str(port),
        **settings,
    }
    environment = {f"{service.name.upper()}_{name}": value for name, value in told.items()}
    said = folder / f"worker-{port}.log"
    with said.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", f"services.{service.name}.worker"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=dies_with_parent(signal.SIGKILL),
        )
    return WorkerApart(process, said, port)


async def eventually(
    true: Callable[[], Awaitable[bool]], what: str, within: float = WITHIN
) -> None:
    """Wait until something has come about."""
    until = time.monotonic() + within
    while not await true():
        assert time.monotonic() < until, f"within {within:.0f} s: {what}"
        await asyncio.sleep(0.05)
