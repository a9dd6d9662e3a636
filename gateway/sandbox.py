"""The business clock of a sandbox: moved for all services at once, and only forward.

The clock is one setting of the database cluster, so one reload moves every database. The call
returns when every service has worked off what the new time brought: its deadlines first, then what
the services have told each other about them, until nobody has anything left to do.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import uuid4

import asyncpg
import orjson
from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from gateway.runtime import GatewayRuntime, the_gateway
from gateway.tokens.rights import ADMINISTRATORS, require_administrator
from shared.database.session import plain_dsn
from shared.errors import Conflict, InvalidInput, Unavailable
from shared.http.bodies import StrictRoute
from shared.http.contract import problem_answers
from shared.words import Text

router = APIRouter(
    prefix="/sandbox",
    tags=["sandbox"],
    responses=problem_answers(400, 401, 429, 503),
    route_class=StrictRoute,
)
TheGateway = Annotated[GatewayRuntime, Depends(the_gateway)]

MOST_ROUNDS = 100
SETTLEMENT_SECONDS = 120.0
ARRIVAL_SECONDS = 5.0
COMING_BACK_SECONDS = 15.0
FARTHEST = timedelta(days=366 * 30)
_CLOCK_LOCK = 0x68756973_68652D63

_READ = """SELECT clock_timestamp() AS machine,
    coalesce(nullif(current_setting('huishe.clock_offset', true), ''), '0')::float8 AS ahead"""

ONLY_FORWARD = Text(zh="业务时间只能前移", en="business time moves forward only")
UNSETTLED = Text(
    zh="业务时间已移动，但 {name} 尚未处理完到期事项；请以同一时间重试",
    en="the clock was moved, but {name} has not worked off what is due; ask again with the same time",
)


class Move(BaseModel):
    """The instant to go to, RFC 3339 with an offset."""

    model_config = ConfigDict(extra="forbid")

    to: AwareDatetime = Field(examples=["2023-03-01T09:00:00+08:00"])


class ClockView(BaseModel):
    """Business time, and how far it is from the machine's."""

    now: datetime
    offset_seconds: int
    rounds: int | None = Field(None, description="How often the services were asked to settle")


@router.get("/clock", operation_id="read_sandbox_clock", response_model_exclude_none=True)
async def read_clock(gateway: TheGateway) -> ClockView:
    """What time it is in the business of this sandbox."""
    async with _connection(gateway) as connection:
        machine, ahead = await _reading(connection)
    return ClockView(now=machine + timedelta(seconds=ahead), offset_seconds=ahead)


@router.post(
    "/clock",
    dependencies=[Depends(require_administrator)],
    operation_id="move_sandbox_clock",
    response_model_exclude_none=True,
    responses=problem_answers(403, 409, 413, 415, 422),
    openapi_extra=ADMINISTRATORS,
)
async def move_clock(move: Move, gateway: TheGateway) -> ClockView:
    """Move business time forward, and wait until every service has caught up.

    Only forward (409), thirty years at most; the same instant again only settles what is left.
    Tokens, limits and logs live by machine time, which nobody moves.
    """
    async with gateway.moving_clock, _connection(gateway) as connection:
        await connection.execute("SELECT pg_advisory_lock($1)", _CLOCK_LOCK)
        machine, ahead = await _reading(connection)
        if move.to - machine > FARTHEST:
            raise InvalidInput.at(
                "/to",
                Text(zh="最多向前三十年", en="at most thirty years ahead"),
                Text(zh="请选择较早的时间", en="choose an earlier instant"),
            )
        # Rounded up: the clock must not stand before the instant that was asked for.
        wanted = -((machine - move.to) // timedelta(seconds=1))
        if wanted > ahead:
            await _set_offset(connection, wanted)
            gateway.clock_goes_to = move.to
        elif move.to != gateway.clock_goes_to:  # the same again only settles what is left
            raise Conflict(ONLY_FORWARD)
        rounds = await _settle_all(gateway, move.to)
        gateway.cache.forget_all()  # it is another day
        machine, ahead = await _reading(connection)
    return ClockView(now=machine + timedelta(seconds=ahead), offset_seconds=ahead, rounds=rounds)


class _connection:
    """A connection of its own: changing the cluster's settings is not done inside transactions."""

    def __init__(self, gateway: GatewayRuntime) -> None:
        self._dsn = plain_dsn(gateway.settings.database_url)
        self._open: asyncpg.Connection[asyncpg.Record] | None = None

    async def __aenter__(self) -> "asyncpg.Connection[asyncpg.Record]":
        try:
            self._open = await asyncpg.connect(self._dsn, timeout=5)
        except (OSError, asyncpg.PostgresError):
            raise Unavailable() from None
        return self._open

    async def __aexit__(self, *_: object) -> None:
        if self._open is not None:
            await self._open.close()


async def _reading(connection: "asyncpg.Connection[asyncpg.Record]") -> tuple[datetime, int]:
    row = await connection.fetchrow(_READ)
    assert row is not None
    machine: datetime = row["machine"]
    return machine.astimezone(UTC), int(row["ahead"])


async def _set_offset(connection: "asyncpg.Connection[asyncpg.Record]", seconds: int) -> None:
    await connection.execute(f"ALTER SYSTEM SET \"huishe.clock_offset\" = '{seconds:d}'")
    await connection.execute("SELECT pg_reload_conf()")
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while (await _reading(connection))[1] != seconds:
        if time.monotonic() > deadline:
            raise Unavailable()
        await asyncio.sleep(0.005)


async def _settle_all(gateway: GatewayRuntime, reached: datetime) -> int:
    """Ask all services until a whole round finds all of them quiet."""
    for done in range(1, MOST_ROUNDS + 1):
        quiet = await asyncio.gather(
            *[_settled(gateway, service, reached) for service in gateway.upstreams.services]
        )
        if all(quiet):
            return done
    raise Unavailable(UNSETTLED.filled(name="the suite"))


async def _settled(gateway: GatewayRuntime, service: str, reached: datetime) -> bool:
    """Whether the service had nothing left to do. One that is just coming back is waited for."""
    deadline = time.monotonic() + COMING_BACK_SECONDS
    while True:
        try:
            status, body = await _ask_to_settle(gateway, service, reached)
        except Unavailable:
            status, body = 503, b""
        if status == 200:
            return bool(orjson.loads(body)["quiet"])
        if status not in (502, 503, 504) or time.monotonic() > deadline:
            raise Unavailable(UNSETTLED.filled(name=service))
        await asyncio.sleep(0.2)


async def _ask_to_settle(
    gateway: GatewayRuntime, service: str, reached: datetime
) -> tuple[int, bytes]:
    return await gateway.upstreams.ask(
        gateway.upstreams.services[service].address(),
        f"/{service}/v1/clock/settlement",
        method=b"POST",
        body=orjson.dumps({"reached": reached.astimezone(UTC)}),
        headers=[
            (b"content-type", b"application/json"),
            (b"authorization", b"Bearer " + gateway.own_token().encode()),
            (b"idempotency-key", str(uuid4()).encode()),
        ],
        seconds=SETTLEMENT_SECONDS,
    )
