"""A service that is slow, silent or gone: its own routes say so, the others go on."""

import asyncio

import httpx
import pytest

from tests.support.gateway import Upstream, listener, written

THINGS = "/registry/v1/things"
TENDERS = "/procurement/v1/tenders"


@pytest.fixture(params=[False, True], ids=["the usual way", "the short way"])
def shows_a_token(request):
    return request.param


@pytest.fixture
def settings():
    return {"read_seconds": 0.3, "connect_seconds": 0.5}


async def test_a_service_that_is_down_is_503_and_the_others_go_on(client, registry_upstream):
    await registry_upstream.stop()

    for _ in range(3):
        answer = await client.get(THINGS, headers={"accept-language": "en"})
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) >= 1
        assert answer.json()["type"].endswith("/problems/unavailable")
        assert "registry" in answer.json()["detail"]
    assert (await client.get(TENDERS)).status_code == 200


async def test_a_service_that_comes_back_is_taken_back_by_itself(
    gateway, client, registry_upstream
):
    await registry_upstream.stop()
    assert (await client.get(THINGS)).status_code == 503
    address = gateway.gateway.runtime.upstreams.services["registry"].addresses[0]
    assert address.ejected

    await registry_upstream.start_again()

    async with asyncio.timeout(3):
        while (await client.get(THINGS)).status_code != 200:
            await client.get(TENDERS)  # the others go on meanwhile
    assert not address.ejected


async def test_a_silent_service_is_504_and_its_connection_is_not_used_again(
    client, registry_upstream
):
    async def silent(_, writer, asked):
        await asyncio.sleep(10)

    registry_upstream.answers[THINGS] = silent

    answer = await client.get(THINGS)

    assert answer.status_code == 504
    assert answer.json()["type"].endswith("/problems/upstream-timeout")
    assert (await client.get("/registry/v1/others")).status_code == 200


async def test_a_caller_may_have_less_patience(client, registry_upstream):
    async def drips(_, writer, asked):
        for _ in range(100):
            writer.write(b"HTTP/1.1 103 Wait\r\n\r\n")
            await asyncio.sleep(0.05)

    registry_upstream.answers[THINGS] = drips

    answer = await client.get(THINGS, headers={"x-request-timeout-ms": "200"})

    assert answer.status_code == 504
    assert (await client.get(THINGS, headers={"x-request-timeout-ms": "soon"})).status_code == 400


async def test_impatient_callers_do_not_get_a_service_ejected(gateway, client, registry_upstream):
    async def drips(_, writer, asked):
        for _ in range(20):
            writer.write(b"HTTP/1.1 103 Wait\r\n\r\n")
            await asyncio.sleep(0.05)

    registry_upstream.answers[THINGS] = drips

    for _ in range(4):
        await client.get(THINGS, headers={"x-request-timeout-ms": "1"})

    assert not gateway.gateway.runtime.upstreams.services["registry"].addresses[0].ejected


def dies(times: int):
    """An answer that hangs up instead, so many times."""
    left = times

    async def answer(_, writer, asked):
        nonlocal left
        left -= 1
        if left >= 0:
            writer.transport.abort()
        else:
            writer.write(written(200, b"at last"))

    return answer


async def test_a_read_that_broke_off_is_asked_again_once(client, registry_upstream):
    registry_upstream.answers[THINGS] = dies(1)

    assert (await client.get(THINGS)).content == b"at last"
    assert len(registry_upstream.asked_for(THINGS)) == 2


async def test_a_read_is_not_asked_a_third_time(client, registry_upstream):
    registry_upstream.answers[THINGS] = dies(2)

    assert (await client.get(THINGS)).status_code == 503
    assert len(registry_upstream.asked_for(THINGS)) == 2


async def test_a_change_that_broke_off_is_never_sent_twice(client, registry_upstream):
    registry_upstream.answers[THINGS] = dies(1)

    answer = await client.post(THINGS, content=b"pay", headers={"accept-language": "en"})

    assert answer.status_code == 503
    assert "Idempotency-Key" in answer.json()["detail"]
    assert len(registry_upstream.asked_for(THINGS)) == 1


async def test_a_storm_is_not_answered_with_a_storm(gateway, client, registry_upstream):
    registry_upstream.answers[THINGS] = dies(10_000)
    address = gateway.gateway.runtime.upstreams.services["registry"].addresses[0]

    for _ in range(40):
        await client.get(THINGS)
        address.answered()  # keep it admitted, to see the budget alone

    asked = len(registry_upstream.asked_for(THINGS))
    assert 40 < asked <= 40 + 10 + 4 + 1


@pytest.mark.parametrize(
    "rubbish",
    [
        b"this is not HTTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        b"",
    ],
)
async def test_a_service_that_speaks_no_http_is_503(client, registry_upstream, rubbish):
    async def speaks(_, writer, asked):
        writer.write(rubbish)
        await writer.drain()
        writer.close()

    registry_upstream.answers[THINGS] = speaks

    assert (await client.post(THINGS)).status_code == 503


async def test_an_answer_nobody_asked_for_is_not_given_to_the_next(client, registry_upstream):
    async def twice(_, writer, asked):
        writer.write(written(200, b"mine") + written(200, b"for somebody else"))

    registry_upstream.answers[THINGS] = twice
    first = await client.get(THINGS)
    registry_upstream.answers[THINGS] = dies(0)

    assert first.status_code in (200, 503)
    for _ in range(3):
        assert (await client.get(THINGS)).content == b"at last"


class TestTurns:
    @pytest.fixture
    async def copies(self):
        copies = [Upstream(), Upstream()]
        for copy in copies:
            await copy.start()
        yield copies
        for copy in copies:
            await copy.stop()

    @pytest.fixture
    def settings(self, copies):
        return {"upstreams": {"registry": [copy.address for copy in copies]}}

    async def test_copies_of_a_service_take_turns(self, client, copies):
        for _ in range(10):
            await client.get(THINGS)

        assert [len(copy.asked_for(THINGS)) for copy in copies] == [5, 5]

    async def test_one_copy_down_is_not_noticed(self, client, copies):
        await copies[0].stop()

        answers = [(await client.get(THINGS)).status_code for _ in range(10)]

        assert answers == [200] * 10

    async def test_a_change_goes_to_the_other_copy_when_its_bytes_never_left(self, client, copies):
        await copies[0].stop()

        answers = [(await client.post(THINGS, content=b"x")).status_code for _ in range(10)]

        assert answers == [200] * 10


class TestNobodyAccepts:
    @pytest.fixture
    def settings(self):
        return {"connections_per_address": 1, "connect_seconds": 0.2, "probe_seconds": 60}

    async def test_callers_wait_their_turn_and_are_refused_when_it_does_not_come(
        self, client, registry_upstream
    ):
        release = asyncio.Event()

        async def held(_, writer, asked):
            await release.wait()
            writer.write(written(200, b"done"))

        registry_upstream.answers[THINGS] = held
        first = asyncio.create_task(client.get(THINGS))
        await asyncio.sleep(0.1)

        assert (await client.get("/registry/v1/others")).status_code == 503
        release.set()
        assert (await first).status_code == 200
        assert (await client.get("/registry/v1/others")).status_code == 200


class TestSomebodyElseListens:
    @pytest.fixture
    def settings(self):
        silent = listener()  # takes connections and never answers
        return {
            "upstreams": {"registry": [f"http://127.0.0.1:{silent.getsockname()[1]}"]},
            "read_seconds": 0.2,
            "kept": silent,
        }

    @pytest.fixture
    async def gateway(self, tmp_path, settings):
        from tests.support.gateway import running_gateway

        silent = settings.pop("kept")
        async with running_gateway(tmp_path / "keys", **settings) as it:
            yield it
        silent.close()

    async def test_what_only_listens_is_too_slow(self, client: httpx.AsyncClient):
        assert (await client.get(THINGS)).status_code == 504
