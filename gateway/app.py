"""The gateway's application: the door in front, the gateway's own endpoints behind it.

`app` can be imported before a fork: nothing is read or opened until the server starts it.
"""

import gc
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from gateway import catalogue
from gateway import problems as problem_pages
from gateway import sandbox as clock
from gateway.catalogue import Contracts
from gateway.compat import routes as compat
from gateway.door import Door
from gateway.passage import Receive, Scope, Send
from gateway.runtime import GatewayRuntime
from gateway.server import DoorProtocol, hold_many_connections
from gateway.settings import GatewaySettings
from gateway.settings import settings as settings_of_environment
from gateway.tokens import rights
from gateway.tokens import routes as tokens
from gateway.webhooks import routes as webhooks
from shared.database.session import DRIVER_SILENT
from shared.errors import Refusal
from shared.http import contract, problems, witness
from shared.http.errand import as_refusal
from shared.http.problems import Broken
from shared.logging import configure_logging, get_logger
from shared.words import preferred_language

SILENT_DATABASE = (SQLAlchemyError, *DRIVER_SILENT)


class Gateway:
    """The ASGI application of one process."""

    http_protocol = DoorProtocol
    """What uvicorn is to read requests with."""

    def __init__(self, settings: GatewaySettings | None = None) -> None:
        self._settings = settings
        self.runtime: GatewayRuntime | None = None
        self.door: Door | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.door is not None:
            await self.door(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            self.open()
        except Exception as error:  # the server prints the message and gives up
            get_logger("gateway").exception("gateway.not_started")
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.close()
        await send({"type": "lifespan.shutdown.complete"})

    def open(self) -> None:
        """Make everything that needs the loop, in the process that serves."""
        settings = self._settings or settings_of_environment()
        configure_logging("gateway", settings.log_level)
        runtime = self.runtime = GatewayRuntime.open(settings)
        own = own_application(sandbox=settings.sandbox)
        own.state.runtime = runtime
        self.door = Door(
            settings,
            in_force=runtime.in_force,
            desk=runtime.desk,
            limits=runtime.limits,
            upstreams=runtime.upstreams,
            cache=runtime.cache,
            figures=runtime.figures,
            access_log=runtime.access_log,
            own=own,
        )
        own.state.door = self.door  # calls of the compat profile come through it once more
        DoorProtocol.problem_base = settings.problem_base
        DoorProtocol.head_seconds = settings.head_seconds
        hold_many_connections()
        gc.enable()
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)

    async def close(self) -> None:
        if self.runtime is not None:
            await self.runtime.close()
        self.door = self.runtime = None


def own_application(*, sandbox: bool) -> FastAPI:
    """The gateway's own endpoints. Callers are known already when they come here."""
    own = FastAPI(
        title="Huishe gateway 惠社网关",
        description="The one door: tokens, the merged contract, the health of all parts.",
        version="0.1.0",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    own.include_router(tokens.router)
    own.include_router(webhooks.public)
    own.include_router(webhooks.router)
    own.include_router(rights.router)
    own.include_router(catalogue.router)
    own.include_router(problem_pages.router)
    own.include_router(witness.router)
    own.include_router(compat.router)
    if sandbox:
        own.include_router(clock.router)
    for kind in (Refusal, HTTPException, RequestValidationError, *SILENT_DATABASE, Exception):
        own.add_exception_handler(kind, _refused)
    contract.complete(own)
    own.state.contracts = Contracts(own.openapi)
    return own


async def _refused(request: Request, error: Exception) -> Response:
    try:
        refusal = as_refusal(error)
    except Exception:  # nothing that we know: it is raised again and told in the log
        refusal = Broken()
    runtime: GatewayRuntime = request.app.state.runtime
    language = preferred_language(request.headers.get("accept-language"))
    members: dict[str, Any] = problems.document(
        refusal,
        instance=request.url.path,
        language=language,
        trace_id=request.scope.get("huishe.trace_id", ""),
        base=runtime.settings.problem_base,
    )
    return problems.answer(members, {**refusal.headers, "Content-Language": language})


app = Gateway()
