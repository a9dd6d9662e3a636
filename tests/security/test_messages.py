"""Messages that two readers could read differently, byte for byte: one answer, passed on once or not at all."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from tests.security.message_corpus import GROUPS, Message, messages
from tests.support.configuration import every_lane
from tests.support.gateway import RunningGateway, Upstream, echo, running_gateway
from tests.support.suite import RunningSuite
from tests.support.wire import Wire

HEAD_SECONDS = 0.5
BODY_SECONDS = 0.5
AT_ONCE = 16
"""Connections side by side."""


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    upstream = Upstream()
    await upstream.start()
    yield upstream
    await upstream.stop()


@pytest.fixture
def settings() -> dict[str, object]:
    """Little patience, and no limit of how often."""
    return {
        "configuration": {"lanes": every_lane(rate=1e6, total_seconds=1.5)},
        "head_seconds": HEAD_SECONDS,
        "read_seconds": BODY_SECONDS,
    }


@pytest.fixture
async def gateway(tmp_path, upstream: Upstream, settings) -> AsyncIterator[RunningGateway]:
    upstreams = {"registry": [upstream.address]}
    async with running_gateway(tmp_path / "keys", upstreams=upstreams, **settings) as it:
        yield it


async def exchanged(port: int, message: Message) -> Wire:
    """Send it, and read what comes of it.

    When the connection stays, one good request more is sent over it: its answer is the next one
    and the last, so that nothing was left over on either side.
    """
    async with Wire.to(port, head_only=message.head_only) as wire:
        await wire.send(message.sent)
        await wire.read(None if message.ends else message.answers)
        if not wire.closed:
            await wire.send(b"GET /registry/v1/afterwards HTTP/1.1\r\nHost: localhost\r\n\r\n")
            await wire.read(message.answers + 1)
    return wire


async def all_exchanged(port: int, found: list[Message]) -> list[tuple[Message, Wire]]:
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(message: Message) -> tuple[Message, Wire]:
        async with turns:
            return message, await exchanged(port, message)

    return await asyncio.gather(*[one(message) for message in found])


def misread(message: Message, wire: Wire, status: int | None, interim: int) -> str | None:
    """What is wrong with the answers; None when they are as they must be."""
    statuses = [answer.status for answer in wire.answers]
    told = f"{message.name}: answered {statuses} {wire.interim} closed={wire.closed}"
    expected = message.answers + (not message.ends)
    if len(statuses) != expected or statuses[:1] != ([status] if status else []):
        return f"{told}, not {status} once"
    if any(one >= 500 for one in statuses) or wire.rubbish or wire.closed != message.ends:
        return f"{told}, ends={message.ends} {wire.rubbish[:80]!r}"
    if len(wire.interim) != interim:
        return f"{told}, not {interim} interim"
    if status and status >= 400 and not wire.answers[0].is_problem:
        return f"{told}: no problem document"
    return None


async def still_answers(gateway: RunningGateway) -> None:
    normal = await gateway.raw(b"GET /registry/v1/normal HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert normal.startswith(b"HTTP/1.1 200 ")


def test_there_are_enough_of_them():
    found = [message for group in GROUPS for message in messages(group)]

    assert len({message.sent for message in found}) == len(found) >= 150
    assert sum(message.passed == 0 for message in found) >= 150


@pytest.mark.parametrize("group", GROUPS)
async def test_a_message_is_understood_in_one_way_or_refused(gateway, upstream, group, figure):
    found = messages(group)

    wrong = []
    for message, wire in await all_exchanged(gateway.port, found):
        fault = misread(message, wire, message.status, message.interim)
        arrived = [asked for asked in upstream.asked if message.code in asked.target]
        if fault is None and len(arrived) != message.passed:
            fault = f"{message.name}: passed on {len(arrived)} times, not {message.passed}"
        if fault is None and arrived and arrived[0].body != message.body:
            fault = f"{message.name}: passed on with {arrived[0].body[:80]!r}"
        wrong += [fault] if fault else []

    assert wrong == []
    figure("messages", len(found))
    await still_answers(gateway)


@pytest.mark.parametrize("group", GROUPS)
async def test_a_service_reads_what_comes_another_way_as_the_gateway_does(
    suite: RunningSuite, group, figure
):
    port = int(suite.address_of("registry").rpartition(":")[2])
    # Nothing is at these paths: whatever is understood is 404, before its body is asked for.
    found = [m for m in messages(group) if not m.at_the_door and m.status is not None]

    wrong = [
        misread(message, wire, 404 if message.status in (200, 405) else message.status, 0)
        for message, wire in await all_exchanged(port, found)
    ]

    assert [fault for fault in wrong if fault] == []
    figure("messages", len(found))
    assert suite.ask(None, "GET", "/registry/v1/codelists").status_code == 200


# --- What is added behind the head ---------------------------------------------------------------


async def test_nothing_is_added_to_a_head_that_was_acted_upon(gateway, upstream):
    sent = (
        b"POST /registry/v1/trailers HTTP/1.1\r\nHost: localhost\r\n"
        b"Transfer-Encoding: chunked\r\nTrailer: Authorization\r\n\r\n2\r\nhi\r\n0\r\n"
        b"Authorization: Bearer stolen\r\nIdempotency-Key: of-somebody-else\r\n\r\n"
    )

    answer = await gateway.raw(sent)

    assert answer.startswith(b"HTTP/1.1 200 ")
    (arrived,) = upstream.asked_for("/registry/v1/trailers")
    assert arrived.body == b"hi"
    assert not {"authorization", "idempotency-key", "trailer"} & arrived.headers.keys()


async def test_names_for_one_hop_take_nothing_along_that_a_service_judges_by(gateway, upstream):
    kept = {"authorization": gateway.bearer("registrar")["authorization"], "if-match": '"7"'}
    lines = "".join(f"{name}: {value}\r\n" for name, value in kept.items())
    named = ", ".join([*kept, "x-hop"])

    await gateway.raw(
        b"GET /registry/v1/hops HTTP/1.1\r\nHost: localhost\r\nX-Hop: 1\r\n"
        + f"{lines}Connection: {named}\r\n\r\n".encode()
    )

    (arrived,) = upstream.asked_for("/registry/v1/hops")
    assert kept.keys() <= arrived.headers.keys()
    assert "x-hop" not in arrived.headers


# --- Callers who leave ---------------------------------------------------------------------------

LEFT = b"POST /registry/v1/left HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\nhalf of a body"


async def test_who_leaves_at_any_byte_leaves_nothing_behind(gateway, upstream):
    for end in range(0, len(LEFT) + 1, 3):
        async with Wire.to(gateway.port) as wire:
            await wire.send(LEFT[:end])

    await still_answers(gateway)
    assert upstream.asked_for("/registry/v1/left") == []
    watched = gateway.gateway.runtime.upstreams.in_flight
    async with asyncio.timeout(5):
        while any(exchange.lane for exchange in watched):  # probes have none
            await still_answers(gateway)


@pytest.mark.parametrize("path", ["/oauth/token", "/sandbox/clock", "/registry/v1/left"])
async def test_who_leaves_in_the_middle_is_noted_as_gone_and_not_as_a_fault(gateway, path, caplog):
    noted = []
    gateway.gateway.door.access_log.note = noted.append
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"

    async with Wire.to(gateway.port) as wire:
        await wire.send(head.encode() + b"Content-Length: 20\r\n\r\n{")

    async with asyncio.timeout(5):
        while not [line for line in noted if line[4] == path]:
            await still_answers(gateway)
    assert [line[5] for line in noted if line[4] == path] == [499]
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_message_cut_into_single_bytes_is_the_same_message(gateway, upstream):
    sent = (
        b"POST /registry/v1/bytes HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"2\r\nhi\r\n0\r\nX-T: 1\r\n\r\n"
    )
    async with Wire.to(gateway.port) as wire:
        await wire.send(bytes([byte]) for byte in sent)
        await wire.read(1)

    assert [answer.status for answer in wire.answers] == [200]
    assert [asked.body for asked in upstream.asked_for("/registry/v1/bytes")] == [b"hi"]


# --- Two answers for one request -----------------------------------------------------------------


async def test_an_answer_under_way_is_cut_off_when_the_rest_of_its_request_is_rubbish(
    gateway, upstream
):
    """A refusal in the middle of an answer would be read as part of it."""
    begun = asyncio.Event()

    async def answers_early(_, writer, asked):
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nbegun")
        await begun.wait()

    upstream.answers["/registry/v1/early"] = answers_early
    upstream.reads_body["/registry/v1/early"] = False
    async with Wire.to(gateway.port) as wire:
        await wire.send(
            b"POST /registry/v1/early HTTP/1.1\r\nHost: localhost\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n"
        )
        await wire.read(1, begun=True)
        await wire.send(b"no size\r\n")
        await wire.read()
    begun.set()

    assert [(answer.status, answer.body) for answer in wire.answers] == [(200, b"begun")]
    assert wire.closed
    assert not wire.answers[0].whole
    await still_answers(gateway)


async def test_an_answer_on_its_way_is_not_replaced_by_the_refusal_of_the_next(gateway, upstream):
    """Else a change that was made would be told as refused."""
    arrived, told = asyncio.Event(), asyncio.Event()

    async def thinks(reader, writer, asked):
        arrived.set()
        await told.wait()
        await echo(reader, writer, asked)

    upstream.answers["/registry/v1/change"] = thinks
    async with Wire.to(gateway.port) as wire:
        await wire.send(
            b"POST /registry/v1/change HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi"
        )
        await arrived.wait()
        await wire.send(b"\x00\x01 rubbish\r\n\r\n")
        told.set()
        await wire.read()

    assert [answer.status for answer in wire.answers] == [200]
    assert json.loads(wire.answers[0].body)["target"] == "/registry/v1/change"
