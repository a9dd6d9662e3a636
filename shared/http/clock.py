"""The sandbox's clock as this service sees it, and catching up when it was moved."""

import asyncio
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import text

from shared.errors import Unavailable
from shared.http.routes import TheActor, TheWork, WorkRoute, allow, keyed_by_content, open_to_all
from shared.http.schemas import Schema, View
from shared.journal.rows import instant
from shared.runtime import runtime_of
from shared.words import Text

router = APIRouter(prefix="/clock", tags=["clock"], route_class=WorkRoute)

MOST_ROUNDS = 50
ARRIVAL_SECONDS = 5.0


class Reached(Schema):
    """The business instant that the clock was moved to."""

    reached: datetime


class Settlement(View):
    """`quiet` is true when there was nothing to do: ask all services until all are quiet."""

    now: str
    quiet: bool


class ClockView(View):
    now: str
    today: str
    sandbox: bool


@router.get("", response_model=ClockView)
@open_to_all
async def read_clock(request: Request, work: TheWork) -> ClockView:
    """Read the business clock: the time that legal terms are counted in."""
    request.state.errand.cache_control = "no-cache"  # a kept clock would stand still
    return ClockView(
        now=instant(work.now), today=work.today.isoformat(), sandbox=work.settings.sandbox
    )


@router.post("/settlement", response_model=Settlement)
@allow("administrator", "service")
@keyed_by_content
async def settle_clock(moved: Reached, request: Request, actor: TheActor) -> Settlement:
    """Work off every deadline that has come and every event told, up to the instant reached."""
    runtime = runtime_of(request)
    await _arrive(runtime, moved.reached)
    busy = False
    # The rounds commit by themselves, so a dry run makes none.
    for _ in range(0 if request.state.errand.dry else MOST_ROUNDS):
        if not await runtime.worker.settle():
            break
        busy = True
    async with runtime.engine.connect() as connection:
        now = await connection.scalar(text("SELECT business_now()"))
    return Settlement(now=instant(now), quiet=not busy)


async def _arrive(runtime: Any, reached: datetime) -> None:
    """Wait until this service's database shows the new time: a reload takes some milliseconds."""
    deadline = asyncio.get_running_loop().time() + ARRIVAL_SECONDS
    async with runtime.engine.connect() as connection:
        while await connection.scalar(text("SELECT business_now()")) < reached:
            if asyncio.get_running_loop().time() > deadline:
                raise Unavailable(Text(zh="业务时间尚未到达", en="the clock has not arrived yet"))
            await connection.rollback()
            await asyncio.sleep(0.01)
