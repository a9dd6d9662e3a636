"""Callers who are slow on purpose, and very many of them: they are ended, and others are answered meanwhile."""

import asyncio
import resource
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from shared.http.server import StrictProtocol
from tests.support.configuration import every_lane
from tests.support.gateway import RunningGateway, Upstream, echo, running_gateway
from tests.support.gateway_apart import KEPT_SECONDS, GatewayApart, gateway_apart
from tests.support.wire import Wire

THINGS = "/registry/v1/things"
POST = b"POST /registry/v1/things HTTP/1.1\r\nHost: localhost\r\n"
GET = b"GET /registry/v1/things HTTP/1.1\r\nHost: localhost\r\n"
PATIENCE = 0.6
TOTAL = 1.5
BUSY = 6.0
"""What a busy machine may take beside."""


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    upstream = Upstream()
    await upstream.start()
    yield upstream
    await upstream.stop()


@pytest.fixture
async def gateway(tmp_path, upstream: Upstream) -> AsyncIterator[RunningGateway]:
    settings = {"head_seconds": PATIENCE, "read_seconds": PATIENCE}
    settings["upstreams"] = {"registry": [upstream.address]}
    lanes = every_lane(rate=1e6, total_seconds=TOTAL)
    async with running_gateway(tmp_path / "keys", configuration={"lanes": lanes}, **settings) as it:
        yield it


@pytest.fixture
async def client(gateway: RunningGateway) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=gateway.address, trust_env=False, timeout=10) as it:
        yield it


async def drips(wire: Wire, piece: bytes = b"a") -> None:
    """A byte now and then, so that the line is never silent; until the other side hangs up."""
    while not wire.closed:
        await wire.send(piece)
        await asyncio.sleep(PATIENCE / 6)


async def ended_within(wire: Wire, drip: bytes | None, seconds: float) -> None:
    began = time.monotonic()
    dripping = asyncio.create_task(drips(wire, drip)) if drip else None
    await wire.read()
    if dripping is not None:
        dripping.cancel()
    assert time.monotonic() - began < seconds + BUSY


# --- Slow on purpose -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "begun",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"GET /", id="half a first line"),
        pytest.param(GET, id="half a head"),
        pytest.param(GET + b"\r\n" + GET, id="half a second head"),
    ],
)
async def test_a_slow_head_is_ended_in_its_time(gateway, begun):
    async with Wire.to(gateway.port) as wire:
        await wire.send(begun)
        # Each byte is one more of a header's name: the head grows and never ends.
        await ended_within(wire, b"a" if begun else None, PATIENCE)

    assert [answer.status for answer in wire.answers] == [200] * begun.count(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("begun", "drip"),
    [
        pytest.param(b"Content-Length: 100000\r\n\r\n", b"a", id="a length"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n", id="chunks"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n1;", b"a", id="an extension"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: ", b"a", id="a trailer"),
    ],
)
async def test_a_body_that_drips_is_ended_in_the_time_of_the_whole(gateway, upstream, begun, drip):
    async with Wire.to(gateway.port) as wire:
        await wire.send(POST + begun)
        # The refusal is told, and what still comes is thrown away for a while before the end.
        await ended_within(wire, drip, TOTAL + 2)

    assert [(answer.status, answer.is_problem) for answer in wire.answers] == [(408, True)]
    assert upstream.asked_for(THINGS) == []


JSON, FORM = b"application/json", b"application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("path", "media"),
    [(b"/oauth/token", FORM), (b"/sandbox/clock", JSON), (b"/registry/v1/things", JSON)],
)
async def test_a_body_that_never_comes_is_ended(gateway, path, media):
    async with Wire.to(gateway.port) as wire:
        head = b"POST %b HTTP/1.1\r\nHost: localhost\r\nContent-Type: %b\r\n" % (path, media)
        await wire.send(head + b"Content-Length: 100\r\n\r\n")
        await ended_within(wire, None, PATIENCE + 2)

    assert [(answer.status, answer.is_problem) for answer in wire.answers] == [(408, True)]


async def test_a_refused_body_that_drips_on_is_ended(gateway):
    """The refusal comes before the body, which then has no reader."""
    async with Wire.to(gateway.port) as wire:
        await wire.send(POST + b"X-Real-IP: 1\r\nContent-Length: 100000\r\n\r\n")
        await ended_within(wire, b"a", 2)

    assert [answer.status for answer in wire.answers] == [400]


async def test_who_takes_nothing_of_an_answer_is_hung_up_on(gateway, upstream, monkeypatch):
    """Else every one of them would hold a connection to the service for as long as he likes."""
    monkeypatch.setattr(StrictProtocol, "taking_seconds", PATIENCE)

    async def flood(_, writer, asked):
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % 2**26)
        for _ in range(1024):
            writer.write(b"x" * 65536)
            await writer.drain()

    upstream.answers[THINGS] = flood
    async with Wire.to(gateway.port) as wire:
        await wire.send(GET + b"\r\n")
        async with asyncio.timeout(BUSY):
            await upstream.ended.wait()  # the gateway has let the service go


async def test_slow_bodies_of_one_caller_keep_nobody_else_out(gateway, client, upstream):
    """A body that drips holds a connection to the service: of those there are a hundred."""
    slow = [b"Content-Length: 50\r\n\r\na", b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n"]
    async with asyncio.TaskGroup() as all_of_them:
        wires: list[Wire] = []

        async def hold(begun: bytes) -> None:
            async with Wire.to(gateway.port) as wire:
                await wire.send(POST + begun)
                wires.append(wire)
                await wire.read()

        for number in range(150):
            all_of_them.create_task(hold(slow[number % 2]))
        while len(wires) < 150:
            assert (await client.get("/registry/v1/others")).status_code == 200
        held = len([e for e in gateway.gateway.runtime.upstreams.in_flight if not e.sent])
        others = [
            (await client.post("/registry/v1/others", content=b"short")).status_code
            for _ in range(10)
        ]

    assert 0 < held <= 20
    assert others == [200] * 10
    assert {wire.answers[0].status for wire in wires} <= {408, 429}


# --- Very many -----------------------------------------------------------------------------------


@pytest.fixture
def enough_descriptors() -> Iterator[int]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


KINDS = {
    "idle": b"",
    "half a head": GET,
    "kept after an answer": GET + b"\r\n",
    "a body that does not come": POST + b"Content-Length: 10\r\n\r\n",
}


@contextmanager
def held() -> Iterator[list[socket.socket]]:
    connections: list[socket.socket] = []
    try:
        yield connections
    finally:
        for connection in connections:
            connection.close()


def crowd(gateway: GatewayApart, count: int, into: list[socket.socket]) -> None:
    kinds = list(KINDS.values())
    for number in range(count):
        connection = socket.create_connection(("127.0.0.1", gateway.port), timeout=30)
        into.append(connection)
        connection.sendall(kinds[number % len(kinds)])


async def until(true: Callable[[], bool], meanwhile: Callable[[], Awaitable[None]]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await meanwhile()


async def test_ten_thousand_who_only_hold_on_keep_nobody_out(
    tmp_path, upstream, enough_descriptors, form, figure
):
    count = form(short=2_000, long=10_000)
    assert enough_descriptors > count + 500, "the system allows too few descriptors for this test"
    settings = dict.fromkeys(("head_seconds", "read_seconds"), KEPT_SECONDS)
    settings["upstreams"] = {"registry": [upstream.address]}
    lanes = every_lane(rate=1e6, total_seconds=KEPT_SECONDS)
    with gateway_apart(tmp_path / "keys", configuration={"lanes": lanes}, **settings) as gateway:
        address = f"http://127.0.0.1:{gateway.port}"
        async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=30) as client:
            assert (await client.get(THINGS)).status_code == 200
            before = gateway.descriptors
            slowest = 0.0

            async def asks() -> None:
                nonlocal slowest
                began = time.monotonic()
                assert (await client.get(THINGS)).status_code == 200
                assert (await client.post(THINGS, content=b"hi")).status_code == 200
                slowest = max(slowest, time.monotonic() - began)

            with held() as connections:
                crowding = asyncio.to_thread(crowd, gateway, count, connections)
                opening = asyncio.create_task(crowding)
                await until(opening.done, asks)
                await opening
                await until(lambda: gateway.descriptors >= before + count, asks)
                for _ in range(20):
                    await asks()
            await until(lambda: gateway.descriptors <= before, asks)

    figure("connections", count)
    figure("slowest_read_and_write_seconds", round(slowest, 3))


async def test_a_service_that_answers_late_is_not_held_by_callers_who_left(gateway, upstream):
    late = asyncio.Event()

    async def waits(reader, writer, asked):
        await late.wait()
        await echo(reader, writer, asked)

    upstream.answers[THINGS] = waits
    for _ in range(50):
        async with Wire.to(gateway.port) as wire:
            await wire.send(GET + b"\r\n")

    async with (
        httpx.AsyncClient(base_url=gateway.address, trust_env=False, timeout=10) as client,
        asyncio.timeout(BUSY),
    ):
        while len(gateway.gateway.runtime.upstreams.in_flight) > 1:  # a probe perhaps
            assert (await client.get("/registry/v1/others")).status_code == 200
    late.set()
