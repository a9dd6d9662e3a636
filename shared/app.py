"""A service put together: its routers under `/<name>/v1`, and everything every service has.

`assemble` runs before the fork and touches neither network nor environment; engines, loops, keys
and metrics are made when the process starts to serve.
"""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from fastapi import APIRouter, FastAPI, Request
from sqlalchemy import text
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared import policy, sensitive
from shared.clients import Wire
from shared.database.session import DRIVER_SILENT, make_engine, make_sessions, plain_dsn
from shared.errors import Unavailable
from shared.http import clock, contract, evidence, feed, health, problems, proof
from shared.http.errand import as_refusal
from shared.http.hot import Hot, HotPaths, hot_connections
from shared.http.observed import Observed
from shared.journal.identity import identity_of
from shared.journal.tree import dispute_of_size
from shared.logging import configure_logging, get_logger
from shared.metrics import make_metrics
from shared.runtime import Runtime, runtime_of
from shared.tokens import TokenVerifier
from shared.watched import Watched
from shared.words import Text, preferred_language
from shared.worker import BACK_OFF_SECONDS, Deadline, Reactions, Worker

HEARTBEAT_SECONDS = 5.0
"""How often a listener asks whether anybody is still there: silence alone would not tell it."""
ENDING_SECONDS = 15.0
"""How long a task may take to put its things away before it is told to end a second time."""
HEAR_SECONDS = 2.0
"""How often the gateway is asked what was revoked; it looks itself every second."""

Startup = Callable[[Runtime], AbstractAsyncContextManager[None]]
log = get_logger("app")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a service was put together from: web process and worker open the same."""

    name: str
    settings: Callable[[], Any]
    operations: Sequence[str]
    reactions: Reactions
    deadlines: Sequence[Deadline]
    watched: Watched
    startup: Startup | None
    worker_startup: Startup | None


def assemble(
    name: str,
    *,
    title: Text,
    description: str,
    routers: Sequence[APIRouter],
    settings: Callable[[], Any],
    reactions: Reactions | None = None,
    deadlines: Sequence[Deadline] = (),
    watched: Watched | None = None,
    startup: Startup | None = None,
    worker_startup: Startup | None = None,
    hot: Sequence[Hot] = (),
    examples: Path | None = None,
) -> FastAPI:
    """The service's application.

    `startup` is entered when the process starts to serve (keys, stores, own pools);
    `worker_startup` likewise, where the worker runs. `hot` are paths answered without the ordinary
    machinery (`shared/http/hot.py`). `examples` is a file of recorded calls, read
    only when the contract is made.
    """

    everything = (*routers, feed.router, proof.router, evidence.router, clock.router)
    parts = Parts(
        name,
        settings,
        contract.operations(everything),
        reactions or {},
        deadlines,
        watched or Watched(),
        startup,
        worker_startup,
    )

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            given = getattr(app.state, "settings", None)  # by who has read them already
            runtime = await open_parts(stack, parts, given)
            if hot:
                runtime.hot = await stack.enter_async_context(hot_connections(runtime.settings))
            app.state.runtime = runtime
            await stack.enter_async_context(_background(_listen(runtime)))
            if runtime.settings.worker_inline:
                await start_worker(stack, parts, runtime)
            if given is None:  # a process of its own; a test starts many applications in one
                settle_memory()
            yield

    app = FastAPI(
        title=f"Huishe {title.en} · 惠社{title.zh}",
        description=description,
        version="0.1.0",
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # a path is itself, and an answer names no address of ours
        lifespan=lifespan,
    )
    app.state.parts = parts
    app.add_middleware(HotPaths, paths=hot)
    app.add_middleware(Observed)  # outermost: what is hot is counted like the rest
    app.add_exception_handler(HTTPException, _answer_http)
    for router in everything:
        app.include_router(router, prefix=f"/{name}/v1")
    app.include_router(health.router)
    contract.complete(app, examples)
    return app


async def open_parts(stack: contextlib.AsyncExitStack, parts: Parts, given: Any = None) -> Runtime:
    """The runtime with its worker, and whatever the service opens for itself."""
    settings = given or parts.settings()
    runtime = await stack.enter_async_context(open_runtime(parts.name, settings, parts.operations))
    runtime.worker = Worker(runtime, parts.reactions, parts.deadlines, parts.watched)
    if parts.startup is not None:
        await stack.enter_async_context(parts.startup(runtime))
    return runtime


async def start_worker(
    stack: contextlib.AsyncExitStack, parts: Parts, runtime: Runtime
) -> "asyncio.Task[None]":
    """The worker's loops, for as long as the stack stands."""
    if parts.worker_startup is not None:
        await stack.enter_async_context(parts.worker_startup(runtime))
    return await stack.enter_async_context(_background(runtime.worker.run()))


@contextlib.asynccontextmanager
async def open_runtime(
    name: str, settings: Any, operations: Sequence[str] = ()
) -> AsyncIterator[Runtime]:
    """Everything a process of the service holds; closed in the end."""
    configure_logging(name, settings.log_level)
    sensitive.configure(settings.secret_key.get_secret_value())
    policy.configure_drafts(usable=settings.sandbox, confirmed=settings.confirmed_figures)
    engine = make_engine(settings.database_url, pool=settings.database_pool)
    http = httpx.AsyncClient(
        base_url=settings.gateway_url,
        timeout=httpx.Timeout(5.0, connect=1.0),
        trust_env=False,
        transport=Wire(),
    )

    async def fetch_keys() -> dict[str, Any]:
        return await _told_by_gateway(runtime.http, "/oauth/jwks.json")

    async def fetch_revocations() -> dict[str, Any]:
        return await _told_by_gateway(runtime.http, "/oauth/revocations")

    runtime = Runtime(
        service=name,
        settings=settings,
        engine=engine,
        sessions=make_sessions(engine),
        verifier=TokenVerifier(
            issuer=settings.issuer,
            audience=settings.audience,
            fetch_keys=fetch_keys,
            fetch_revocations=fetch_revocations,
        ),
        http=http,
        metrics=make_metrics(name, operations),
        journal=identity_of(name, settings),
    )
    _tell_connections(runtime)
    try:
        await _check_clock(runtime)
        await _check_journal(runtime)
        runtime.metrics.revocations_silent.set_function(lambda: runtime.verifier.silent_seconds)
        async with _background(_hear_revocations(runtime)):
            yield runtime
    finally:
        await runtime.http.aclose()
        await engine.dispose()


def _tell_connections(runtime: Runtime) -> None:
    """Counted when somebody asks: a pool at its most is what a slow database looks like first."""
    pool, told = runtime.engine.pool, runtime.metrics.database_connections
    told.labels("busy").set_function(pool.checkedout)  # type: ignore[attr-defined]
    told.labels("most").set(2 * runtime.settings.database_pool)


async def _told_by_gateway(http: httpx.AsyncClient, path: str) -> dict[str, Any]:
    try:
        response = await http.get(path)
        response.raise_for_status()
        found: dict[str, Any] = response.json()
    except (httpx.HTTPError, ValueError):
        raise Unavailable(
            Text(
                zh="无法取得网关公钥或撤销清单",
                en="the gateway's keys and revocations cannot be had",
            )
        ) from None
    return found


async def _hear_revocations(runtime: Runtime) -> None:
    """Ask the gateway every two seconds what was revoked; what was heard last holds meanwhile."""
    quiet = True
    while True:
        try:
            await runtime.verifier.hear()
            quiet = True
        except Exception as problem:  # the edge of a loop that must not end
            if quiet:  # told once for each silence
                log.warning("revocations.silent", error=type(problem).__name__)
            quiet = False
        await asyncio.sleep(HEAR_SECONDS)


async def _check_clock(runtime: Runtime) -> None:
    """Refuse to start when setting and clock disagree: no production suite can move time."""
    async with runtime.engine.connect() as connection:
        body = await connection.scalar(
            text("SELECT prosrc FROM pg_proc WHERE proname = 'business_now'")
        )
    movable = "huishe.clock_offset" in (body or "")
    if movable != runtime.settings.sandbox:
        raise SystemExit(
            f"{runtime.service}: the database's clock is "
            f"{'a sandbox' if movable else 'a production'} clock, the setting SANDBOX says otherwise"
        )


async def _check_journal(runtime: Runtime) -> None:
    """Look once before anything is answered; `_listen` looks again after every interruption."""
    connection = await asyncpg.connect(plain_dsn(runtime.settings.database_url), timeout=5)
    try:
        runtime.journal_dispute = await dispute_of_size(connection, runtime.journal)
        if runtime.journal_dispute is not None:
            log.error("journal.disputed", problem=runtime.journal_dispute.both())
    finally:
        await connection.close()


async def _listen(runtime: Runtime) -> None:
    """Hear the relay for as long as the process lives; come back when the database does."""
    failures = 0
    while True:
        with contextlib.suppress(*DRIVER_SILENT):
            connection = await asyncpg.connect(plain_dsn(runtime.settings.database_url), timeout=5)
            failures = 0
            await _hear_until_closed(runtime, connection)
        await asyncio.sleep(BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)])
        failures += 1


async def _hear_until_closed(runtime: Runtime, connection: "asyncpg.Connection[Any]") -> None:
    gone = asyncio.Event()
    connection.add_termination_listener(lambda _: gone.set())
    try:
        # A database that was exchanged for an older copy of itself had to break this connection.
        runtime.journal_dispute = await dispute_of_size(connection, runtime.journal)
        async with runtime.feed.listening(connection):
            while not await _within(HEARTBEAT_SECONDS, gone.wait()):
                if not await _within(HEARTBEAT_SECONDS, connection.execute("SELECT 1")):
                    connection.terminate()  # whatever is said politely would wait for an answer
                    return
    finally:
        await connection.close(timeout=1)


async def _within(seconds: float, awaited: Awaitable[Any]) -> bool:
    """Whether it came about in time. (`asyncio.wait_for` can lose a cancellation before Python 3.12.)"""
    try:
        async with asyncio.timeout(seconds):
            await awaited
    except TimeoutError:
        return False
    return True


@contextlib.asynccontextmanager
async def _background(body: Any) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(body)
    try:
        yield task
    finally:
        while not task.done():  # a driver may take one cancellation for its own
            task.cancel()
            await asyncio.wait([task], timeout=ENDING_SECONDS)
        if not task.cancelled():
            task.result()


def settle_memory() -> None:
    """What lives for ever is taken out of the collector's rounds: p99 fell from 52 ms to 10."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


async def _answer_http(request: Request, exception: Exception) -> Response:
    """404 and 405 of the framework, as problem documents like all others."""
    refusal = as_refusal(exception)
    language = preferred_language(request.headers.get("accept-language"))
    members = problems.document(
        refusal,
        instance=request.url.path,
        language=language,
        trace_id=str(request.scope.get("request_id", "")),
        base=runtime_of(request).settings.problem_base,
    )
    return problems.answer(members, {**refusal.headers, "Content-Language": language})
