"""Public answers that the gateway keeps: who gets them, and who asks the service."""

import asyncio

import httpx
import pytest

from tests.support.gateway import written

THINGS = "/registry/v1/things"
SHARED = "cache-control: public, max-age=0, s-maxage=60"


def answers(*headers: str, body: bytes = b'{"n":1}', after: float = 0.0):
    async def answer(_, writer, asked):
        await asyncio.sleep(after)
        writer.write(written(200, body, "content-type: application/json", 'etag: "1"', *headers))

    return answer


@pytest.fixture(autouse=True)
def things(registry_upstream):
    registry_upstream.answers[THINGS] = answers(SHARED, "vary: Accept-Language, Authorization")
    return registry_upstream


def asked(upstream) -> int:
    return len(upstream.asked_for(THINGS))


async def test_the_same_question_is_put_to_the_service_once(client, things):
    first = await client.get(THINGS)
    again = await client.get(THINGS)

    assert asked(things) == 1
    assert first.headers["cache-status"] == "huishe; fwd=miss; stored"
    assert again.headers["cache-status"].startswith("huishe; hit; ttl=")
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["age"] == "0"
    assert again.headers["etag"] == '"1"'
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    assert "ratelimit" in again.headers, "what is kept is counted like what is not"


async def test_each_language_and_each_query_is_another_question(client, things):
    for language in ("zh-CN", "zh", "en-GB,en;q=0.9", "en"):
        await client.get(THINGS, headers={"accept-language": language})
    await client.get(f"{THINGS}?limit=2")

    assert asked(things) == 3


async def test_many_at_once_are_one_question(client, things):
    things.answers[THINGS] = answers(SHARED, after=0.2)

    async with asyncio.timeout(5):
        found = await asyncio.gather(*[client.get(THINGS) for _ in range(20)])

    assert asked(things) == 1
    assert {one.content for one in found} == {b'{"n":1}'}
    assert sum("collapsed" in one.headers["cache-status"] for one in found) == 19


async def test_those_who_waited_for_what_may_not_be_shared_ask_for_themselves(client, things):
    things.answers[THINGS] = answers("cache-control: no-cache", after=0.1)

    found = await asyncio.gather(*[client.get(THINGS) for _ in range(3)])

    assert asked(things) == 3
    assert {one.status_code for one in found} == {200}


async def test_who_waits_for_another_who_leaves_asks_for_itself(gateway, client, things):
    begun = asyncio.Event()

    async def hangs(_, writer, asked):
        begun.set()
        await asyncio.sleep(30)

    things.answers[THINGS] = hangs
    async with httpx.AsyncClient(base_url=gateway.address, trust_env=False) as other:
        leaves = asyncio.create_task(other.get(THINGS))
        await begun.wait()
        follows = asyncio.create_task(client.get(THINGS))
        things.answers[THINGS] = answers(SHARED)
        leaves.cancel()

    async with asyncio.timeout(5):
        assert (await follows).status_code == 200


async def test_who_shows_a_token_is_answered_by_the_service(gateway, client, things):
    await client.get(THINGS)
    again = await client.get(THINGS, headers=gateway.bearer("purchaser"))

    assert asked(things) == 2
    assert again.headers["cache-status"] == "huishe; fwd=bypass"


async def test_an_answer_to_somebody_with_a_token_is_given_to_nobody_else(gateway, client, things):
    await client.get(THINGS, headers=gateway.bearer("purchaser"))
    await client.get(THINGS)

    assert asked(things) == 2


@pytest.mark.parametrize("header", ["private, max-age=60", "no-store", "public, no-cache"])
async def test_what_may_not_be_shared_is_asked_for_each_time(client, things, header):
    things.answers[THINGS] = answers(f"cache-control: {header}")

    first = await client.get(THINGS)
    await client.get(THINGS)

    assert asked(things) == 2
    assert first.headers["cache-status"] == "huishe; fwd=miss"


async def test_who_has_it_already_gets_304_from_here(client, things):
    await client.get(THINGS)
    again = await client.get(THINGS, headers={"if-none-match": '"1"'})

    assert asked(things) == 1
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == '"1"'


async def test_a_reader_may_insist_on_the_services_own_answer(client, things):
    await client.get(THINGS)
    again = await client.get(THINGS, headers={"cache-control": "no-cache"})

    assert asked(things) == 2
    assert again.headers["cache-status"] == "huishe; fwd=bypass"


async def test_who_has_changed_something_reads_the_change(gateway, client, things):
    await client.get(THINGS)
    things.answers[THINGS] = answers(SHARED, body=b'{"n":2}')

    await client.post("/registry/v1/others", headers=gateway.bearer("registrar"), content=b"{}")

    assert (await client.get(THINGS)).content == b'{"n":2}'


async def test_a_change_that_was_refused_ends_nothing(gateway, client, things):
    async def refuses(_, writer, asked):
        writer.write(written(409, b"{}"))

    things.answers["/registry/v1/others"] = refuses
    await client.get(THINGS)

    await client.post("/registry/v1/others", headers=gateway.bearer("registrar"), content=b"{}")
    await client.get(THINGS)

    assert asked(things) == 1


async def test_nothing_of_the_bids_lane_is_kept(client, procurement_upstream):
    path = "/procurement/v1/bids/1"
    procurement_upstream.answers[path] = answers(SHARED)

    found = [await client.get(path) for _ in range(2)]

    assert len(procurement_upstream.asked_for(path)) == 2
    assert all("cache-status" not in one.headers for one in found)


async def test_an_answer_that_breaks_off_is_not_kept(client, things):
    async def breaks(_, writer, asked):
        writer.write(f"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n{SHARED}\r\n\r\nhalf".encode())
        await writer.drain()
        writer.transport.abort()

    things.answers[THINGS] = breaks
    with pytest.raises(httpx.RemoteProtocolError):
        await client.get(THINGS)
    things.answers[THINGS] = answers(SHARED)

    assert (await client.get(THINGS)).content == b'{"n":1}'
    assert asked(things) == 2


async def test_the_figures_tell_how_often_it_was_spared(client, things):
    for _ in range(3):
        await client.get(THINGS)

    told = (await client.get("/metrics")).text
    assert 'huishe_gateway_cache_lookups_total{outcome="hit"} 2.0' in told
    assert 'huishe_gateway_cache_lookups_total{outcome="miss"} 1.0' in told
