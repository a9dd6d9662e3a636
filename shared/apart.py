"""A worker in a process of its own, and the small door where it is asked for its health and figures.

Any number of them may run beside each other: whoever comes second finds the work done. A web
process says nothing of a worker apart; it is asked itself, at the service's WORKER_PORT.
"""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from fastapi import FastAPI

from shared.app import Parts, open_parts, settle_memory, start_worker
from shared.http import health
from shared.logging import get_logger
from shared.runtime import Runtime

log = get_logger("worker")


def serve_worker(app: FastAPI) -> None:
    """Run the worker of a service until it is told to end."""
    asyncio.run(_until_told_to_end(app.state.parts))


async def _until_told_to_end(parts: Parts) -> None:
    """What is under way when the word comes is rolled back: the next worker finds it still due."""
    everything = asyncio.create_task(_work(parts))
    for word in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(word, everything.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await everything
    log.info("worker.ended")


async def _work(parts: Parts) -> None:
    async with contextlib.AsyncExitStack() as stack:
        runtime = await open_parts(stack, parts)
        if runtime.settings.worker_port is not None:
            await stack.enter_async_context(_door(runtime))
        working = await start_worker(stack, parts, runtime)
        log.info("worker.began", port=runtime.settings.worker_port)
        settle_memory()  # the end too is quicker by it: 0.4 s instead of 2.6 on a busy machine
        await working


@contextlib.asynccontextmanager
async def _door(runtime: Runtime) -> AsyncIterator[None]:
    """/health/live, /health/ready and /metrics, as the web process answers them."""
    app = FastAPI(openapi_url=None)
    app.state.runtime = runtime
    app.include_router(health.router)
    server = _Server(
        uvicorn.Config(
            app,
            ws="none",
            lifespan="off",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            log_config=None,
            timeout_graceful_shutdown=1,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[_listener(runtime)]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def _listener(runtime: Runtime) -> socket.socket:
    settings = runtime.settings
    family = socket.AF_INET6 if ":" in settings.bind_host else socket.AF_INET
    try:
        return socket.create_server((settings.bind_host, settings.worker_port), family=family)
    except OSError as problem:
        raise SystemExit(
            f"{runtime.service.upper()}_WORKER_PORT: port {settings.worker_port} on "
            f"{settings.bind_host} cannot be taken ({problem.strerror})"
        ) from None


class _Server(uvicorn.Server):
    """Signals are for the worker; it ends its door when it ends."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
