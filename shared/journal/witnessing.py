"""A witness as a program of its own: it watches the journals behind a gateway and shows what it saw."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI, Request
from starlette.responses import Response

from shared.errors import NotFound
from shared.http import problems
from shared.http import witness as showing
from shared.journal.remote import HttpLog, getting
from shared.journal.witness import Witness
from shared.logging import configure_logging

PROBLEMS = "https://huishe.example/problems/"


@dataclass(frozen=True, slots=True)
class Watching:
    """What the endpoints of `shared.http.witness` ask for."""

    witness: Witness
    journals: list[str]


def application(
    gateway: str, watching: Watching, *, seconds: float, http: httpx.AsyncClient | None = None
) -> FastAPI:
    """Looks for as long as it serves."""

    async def watch(http: httpx.AsyncClient) -> None:
        while True:
            for name in watching.journals:
                await watching.witness.look(HttpLog(name, getting(http)))
            await asyncio.sleep(seconds)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with http or httpx.AsyncClient(base_url=gateway, trust_env=False) as client:
            task = asyncio.create_task(watch(client))
            yield
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    app = FastAPI(title="惠社日志见证 Huishe witness", lifespan=lifespan, openapi_url=None)
    app.state.runtime = watching
    app.include_router(showing.router)
    app.add_exception_handler(NotFound, _not_found)
    return app


async def _not_found(request: Request, _: Exception) -> Response:
    members = problems.document(
        NotFound(), instance=request.url.path, language="zh", trace_id="", base=PROBLEMS
    )
    return problems.answer(members, {"Content-Language": "zh"})


def serve_witness(
    gateway: str,
    folder: Path,
    name: str,
    journals: Sequence[str],
    *,
    host: str,
    port: int,
    seconds: float,
) -> None:
    """Until told to end."""
    configure_logging("witness", "INFO")
    watching = Watching(Witness(name, folder), list(journals))
    app = application(gateway, watching, seconds=seconds)
    uvicorn.run(app, host=host, port=port, access_log=False, log_config=None, server_header=False)
