"""Through the door and back: what goes on, what comes back, what is cut off."""

import asyncio
import json

import httpx
import pytest

from tests.support.gateway import Upstream, written

THINGS = "/registry/v1/things"


@pytest.fixture(params=[False, True], ids=["the usual way", "the short way"])
def shows_a_token(request):
    return request.param


async def test_a_request_is_passed_on_as_it_came(client, registry_upstream):
    answer = await client.post(
        f"{THINGS}?on=2026-03-02&x=%E6%83%A0",
        content=b"body of the request",
        headers={"idempotency-key": "k-1", "accept-language": "en"},
    )

    told = answer.json()
    assert told["method"] == "POST"
    assert told["target"] == f"{THINGS}?on=2026-03-02&x=%E6%83%A0"
    assert told["body"] == 19
    assert told["headers"]["idempotency-key"] == "k-1"
    assert told["headers"]["host"] == registry_upstream.address.removeprefix("http://")
    assert told["headers"]["x-request-id"] == answer.headers["x-request-id"]
    assert 0 < int(told["headers"]["x-request-timeout-ms"]) <= 60_000


async def test_the_token_goes_on_because_services_judge_for_themselves(gateway, client):
    bearer = gateway.bearer("registrar")

    told = (await client.get(THINGS, headers=bearer)).json()

    assert told["headers"]["authorization"].lower() == bearer["authorization"].lower()


async def test_trace_and_request_id_of_a_platform_are_kept_when_they_are_sane(client):
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    sane = await client.get(THINGS, headers={"traceparent": trace, "x-request-id": "order-4711"})
    wild = await client.get(THINGS, headers={"traceparent": "x", "x-request-id": "<script>"})

    assert sane.headers["x-request-id"] == "order-4711"
    assert sane.json()["headers"]["traceparent"] == trace
    assert len(wild.headers["x-request-id"]) == 32
    assert "traceparent" not in wild.json()["headers"]


async def test_headers_for_one_hop_end_at_the_door(client):
    told = await client.get(
        THINGS,
        headers={"connection": "x-hop, keep-alive", "x-hop": "1", "te": "trailers", "x-end": "2"},
    )

    headers = told.json()["headers"]
    assert headers["x-end"] == "2"
    assert not {"x-hop", "te", "connection"} & headers.keys()


async def test_connections_are_kept_and_used_again(client, registry_upstream):
    for _ in range(20):
        await client.get(THINGS)

    assert registry_upstream.connections <= 2  # one for callers, one for probes


async def test_a_long_answer_streams_as_it_comes(client, registry_upstream):
    first_was_read = asyncio.Event()

    async def slowly(_, writer, asked):
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n")
        await first_was_read.wait()
        writer.write(b"6\r\nsecond\r\n0\r\n\r\n")

    registry_upstream.answers[THINGS] = slowly

    async with client.stream("GET", THINGS) as answer:
        pieces = answer.aiter_raw()
        assert await anext(pieces) == b"first"
        first_was_read.set()
        assert await anext(pieces) == b"second"


async def test_a_long_request_streams_as_it_comes(client, registry_upstream):
    first_arrived = asyncio.Event()

    async def reading(reader, writer, asked):
        assert await reader.readline() == b"5\r\n"
        assert await reader.readexactly(7) == b"first\r\n"
        first_arrived.set()
        rest = await reader.readuntil(b"0\r\n\r\n")
        writer.write(written(200, rest.split(b"\r\n")[1]))

    registry_upstream.answers[THINGS] = reading
    registry_upstream.reads_body[THINGS] = False

    async def pieces():
        yield b"first"
        await first_arrived.wait()
        yield b"second"

    assert (await client.post(THINGS, content=pieces())).content == b"second"


async def test_a_service_is_not_read_faster_than_the_caller_reads(gateway, registry_upstream):
    sent = 0

    async def flood(_, writer, asked):
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % (64 * 1024 * 1024))
        for _ in range(1024):
            writer.write(b"x" * 65536)
            await writer.drain()
            sent += 65536

    registry_upstream.answers[THINGS] = flood
    _, writer = await asyncio.open_connection("127.0.0.1", gateway.port, limit=65536)
    writer.write(b"GET /registry/v1/things HTTP/1.1\r\nHost: localhost\r\n\r\n")
    before = -1
    while sent != before:  # until nothing moves any more, because we do not read
        before = sent
        await asyncio.sleep(0.2)

    assert 0 < sent < 24 * 1024 * 1024
    writer.transport.abort()


async def test_an_answer_without_length_ends_with_its_connection(client, registry_upstream):
    async def until_close(_, writer, asked):
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nall of it")
        await writer.drain()
        writer.close()

    registry_upstream.answers[THINGS] = until_close

    assert (await client.get(THINGS)).content == b"all of it"


async def test_an_answer_cut_off_is_cut_off_for_the_caller_too(client, registry_upstream):
    async def half(_, writer, asked):
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.transport.abort()

    registry_upstream.answers[THINGS] = half

    with pytest.raises(httpx.RemoteProtocolError):
        await client.get(THINGS)


@pytest.mark.parametrize("status", [204, 304])
async def test_answers_without_a_body_keep_the_connection(client, registry_upstream, status):
    async def short(_, writer, asked):
        writer.write(f'HTTP/1.1 {status} X\r\netag: "7"\r\n\r\n'.encode())

    registry_upstream.answers[THINGS] = short
    for _ in range(3):
        answer = await client.get(THINGS)
        assert (answer.status_code, answer.headers["etag"]) == (status, '"7"')

    assert registry_upstream.connections <= 2


async def test_head_tells_the_length_of_a_body_that_does_not_come(client, registry_upstream):
    async def head(_, writer, asked):
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1234\r\n\r\n")

    registry_upstream.answers[THINGS] = head
    for _ in range(3):
        answer = await client.head(THINGS)
        assert (answer.content, answer.headers["content-length"]) == (b"", "1234")

    assert registry_upstream.connections <= 2


async def test_an_interim_answer_is_not_the_answer(client, registry_upstream):
    async def interim(_, writer, asked):
        writer.write(b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n" + written(200, b"real"))

    registry_upstream.answers[THINGS] = interim

    answer = await client.get(THINGS)

    assert (answer.status_code, answer.content, "link" in answer.headers) == (200, b"real", False)


async def test_a_caller_who_leaves_takes_the_request_with_it(gateway, registry_upstream):
    arrived = asyncio.Event()

    async def never(reader, writer, asked):
        arrived.set()
        assert await reader.read(1) == b""
        raise ConnectionResetError

    registry_upstream.answers[THINGS] = never
    _, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    writer.write(b"GET /registry/v1/things HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await arrived.wait()

    writer.transport.abort()

    async with asyncio.timeout(3):
        await registry_upstream.ended.wait()


async def test_a_caller_who_leaves_in_the_middle_of_a_body_takes_it_along(
    gateway, registry_upstream
):
    registry_upstream.reads_body[THINGS] = True
    _, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    writer.write(
        b"POST /registry/v1/things HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf"
    )
    await asyncio.sleep(0.1)
    writer.transport.abort()

    async with asyncio.timeout(3):
        await registry_upstream.ended.wait()
    assert registry_upstream.asked_for(THINGS) == []


async def test_an_early_refusal_reaches_a_caller_who_is_still_sending(gateway, registry_upstream):
    async def refuses_at_once(reader, writer, asked):
        writer.write(written(403, b"{}"))

    registry_upstream.answers[THINGS] = refuses_at_once
    registry_upstream.reads_body[THINGS] = False
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    writer.write(
        b"POST /registry/v1/things HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf"
    )

    async with asyncio.timeout(3):
        head = await reader.readuntil(b"\r\n\r\n")

    assert b" 403 " in head.split(b"\r\n")[0]
    assert b"connection: close" in head
    writer.transport.abort()


async def test_bodies_of_every_size_arrive_whole(client, registry_upstream: Upstream):
    for size in (0, 1, 1023, 65536, 200_000, 1_500_000):
        answer = await client.post(THINGS, content=b"x" * size)
        assert json.loads(answer.content)["body"] == size
