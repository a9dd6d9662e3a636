"""Whether the process lives, whether it can work, and what it counts."""

from fastapi import APIRouter, Request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, Response

from shared.database.migrations import stands_at_newest
from shared.metrics import CONTENT_TYPE
from shared.runtime import runtime_of

router = APIRouter(include_in_schema=False)


@router.get("/health/live")
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@router.get("/health/ready")
async def ready(request: Request) -> Response:
    """The database answers and stands at the newest migration."""
    runtime = runtime_of(request)
    try:
        async with runtime.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
            current = await stands_at_newest(connection, runtime.service)
    except (SQLAlchemyError, OSError, TimeoutError):
        return JSONResponse({"status": "database silent"}, status_code=503)
    if not current:
        return JSONResponse({"status": "migrations pending"}, status_code=503)
    told = {"status": "ready"}
    if runtime.journal_dispute is not None:  # it reads, and takes no change
        told["journal"] = runtime.journal_dispute.en
    silent = runtime.verifier.silent_seconds
    if silent > runtime.settings.revocations_stale_seconds:  # what was heard last still holds
        told["revocations"] = f"not heard from the gateway for {silent:.0f} s"
    return JSONResponse(told)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Prometheus text."""
    return Response(runtime_of(request).metrics.exposition(), media_type=CONTENT_TYPE)
