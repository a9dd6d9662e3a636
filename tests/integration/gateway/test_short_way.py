"""Reads that need nobody to wait: they go without a task, and on the usual way when somebody must."""

import asyncio
import json

import pytest

from tests.support.gateway import written

THINGS = "/registry/v1/things"


@pytest.fixture
def shows_a_token():
    return True


def tasks_of_requests() -> int:
    return sum("run_asgi" in task.get_coro().__qualname__ for task in asyncio.all_tasks())


class Held:
    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces
        self.begun = asyncio.Event()
        self.may_go_on = asyncio.Event()

    async def __call__(self, _, writer, asked) -> None:
        self.begun.set()
        await self.may_go_on.wait()
        for piece in self.pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.02)


@pytest.fixture
async def kept(client):
    """The gateway has a connection to spare."""
    assert (await client.get(THINGS)).status_code == 200


async def test_a_read_with_a_connection_to_spare_makes_no_task(client, registry_upstream, kept):
    registry_upstream.answers["/registry/v1/held"] = held = Held(written(200, b"whole"))

    asked = asyncio.create_task(client.get("/registry/v1/held"))
    await held.begun.wait()
    tasks = tasks_of_requests()
    held.may_go_on.set()

    assert (await asked).content == b"whole"
    assert tasks == 0


async def test_an_answer_in_pieces_goes_on_the_usual_way(client, registry_upstream, kept):
    head, body = written(200, b"a" * 50_000 + b"b" * 50_000).split(b"\r\n\r\n", 1)
    held = Held(head + b"\r\n\r\n", body[:50_000], body[50_000:])
    registry_upstream.answers["/registry/v1/held"] = held
    held.may_go_on.set()

    answer = await client.get("/registry/v1/held")

    assert answer.content == b"a" * 50_000 + b"b" * 50_000


@pytest.mark.parametrize("status", [204, 304])
async def test_an_answer_that_has_no_body_gets_no_length(client, registry_upstream, kept, status):
    async def empty(_, writer, asked):
        writer.write(f'HTTP/1.1 {status} Nothing\r\netag: "1"\r\n\r\n'.encode())

    registry_upstream.answers["/registry/v1/empty"] = empty

    for _ in range(3):
        answer = await client.get("/registry/v1/empty")
        assert (answer.status_code, answer.content) == (status, b"")
        assert "content-length" not in answer.headers


async def test_an_answer_in_chunks_gets_its_length_when_it_is_all_there(
    client, registry_upstream, kept
):
    async def chunks(_, writer, asked):
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")

    registry_upstream.answers["/registry/v1/chunks"] = chunks

    answer = await client.get("/registry/v1/chunks")

    assert answer.content == b"abc"
    assert answer.headers["content-length"] == "3"


async def test_requests_in_one_breath_are_answered_in_their_order(gateway, registry_upstream, kept):
    bearer = gateway.bearer("auditor")["authorization"]
    asked = b"".join(
        b"GET /registry/v1/%d HTTP/1.1\r\nhost: localhost\r\nauthorization: %b\r\n\r\n"
        % (number, bearer.encode())
        for number in range(12)
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    writer.write(asked)
    targets = []
    async with asyncio.timeout(5):
        for _ in range(12):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(head.split("content-length: ")[1].split("\r\n")[0])
            targets.append(json.loads(await reader.readexactly(length))["target"])
    writer.close()
    await writer.wait_closed()

    assert targets == [f"/registry/v1/{number}" for number in range(12)]


async def test_who_asks_for_one_answer_only_is_hung_up_on_after_it(gateway, kept):
    bearer = gateway.bearer("auditor")["authorization"].encode()

    answer = await gateway.raw(
        b"GET /registry/v1/things HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
        b"authorization: %b\r\n\r\n" % bearer
    )

    assert answer.startswith(b"HTTP/1.1 200")
    assert b"\r\nconnection: close\r\n" in answer


async def test_a_refusal_needs_no_service(client, registry_upstream, kept):
    count = len(registry_upstream.asked)

    answer = await client.get(THINGS, headers={"x-real-ip": "127.0.0.1"})

    assert answer.status_code == 400
    assert [one.target for one in registry_upstream.asked[count:] if one.target == THINGS] == []


async def test_both_ways_are_counted_and_told_alike(gateway, client, kept):
    before = gateway.gateway.runtime.figures.tallies["registry", "read"].by_class[2]

    answer = await client.get(THINGS)

    after = gateway.gateway.runtime.figures.tallies["registry", "read"].by_class[2]
    assert after == before + 1
    assert answer.headers["ratelimit-policy"].startswith('"read"')
    assert answer.headers["cache-status"] == "huishe; fwd=bypass"
    assert len(answer.headers["x-request-id"]) == 32
