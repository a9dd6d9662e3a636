"""Several copies of a service, too much work for them, and a gateway that ends."""

import asyncio

import httpx
import pytest

from tests.support.configuration import every_lane
from tests.support.gateway import RunningGateway, Upstream, running_gateway, written

THINGS = "/registry/v1/things"
PATIENCE = 5.0


class Held:
    """An answer that comes when the test lets it."""

    def __init__(self) -> None:
        self.under_way = 0
        self.most = 0
        self.begun = asyncio.Event()
        self.may_end = asyncio.Event()

    async def __call__(self, _, writer, asked) -> None:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        self.begun.set()
        await self.may_end.wait()
        self.under_way -= 1
        writer.write(written(200, b"at last"))


@pytest.fixture
async def copies():
    upstreams = [Upstream(), Upstream()]
    for upstream in upstreams:
        await upstream.start()
    yield upstreams
    for upstream in upstreams:
        await upstream.stop()


@pytest.fixture
async def gateway(tmp_path, copies, settings):
    upstreams = {
        "registry": [copy.address for copy in copies],
        "procurement": [copies[0].address],
    }
    lanes = {"lanes": every_lane(rate=1e6)}
    given = {"upstreams": upstreams, "configuration": lanes, "connect_seconds": 1.0, **settings}
    async with running_gateway(tmp_path / "keys", **given) as it:
        yield it


@pytest.fixture
async def client(gateway: RunningGateway):
    limits = httpx.Limits(max_connections=500)
    async with httpx.AsyncClient(
        base_url=gateway.address, trust_env=False, timeout=10, limits=limits
    ) as it:
        yield it


async def test_copies_with_as_much_to_do_take_turns(client, copies):
    for _ in range(20):
        await client.get(THINGS)

    assert [len(copy.asked_for(THINGS)) for copy in copies] == [10, 10]


class TestLoad:
    @pytest.fixture
    def settings(self):
        return {"probe_seconds": 30.0}  # a probe is work for a copy, too

    async def test_who_has_less_to_do_is_asked(self, client, copies):
        busy, free = copies
        busy.answers["/registry/v1/slow"] = free.answers["/registry/v1/slow"] = held = Held()
        slow = asyncio.create_task(client.get("/registry/v1/slow"))
        await held.begun.wait()
        if free.asked_for("/registry/v1/slow"):
            busy, free = free, busy

        for _ in range(20):
            await client.get(THINGS)

        assert (len(busy.asked_for(THINGS)), len(free.asked_for(THINGS))) == (0, 20)
        held.may_end.set()
        assert (await slow).status_code == 200


async def test_a_read_that_broke_off_is_asked_of_the_other_copy(client, copies):
    async def dies(_, writer, asked):
        writer.transport.abort()

    copies[0].answers[THINGS] = dies

    for _ in range(4):
        assert (await client.get(THINGS)).status_code == 200


@pytest.mark.parametrize("status", [400, 404, 429, 500, 502, 503, 504])
async def test_no_status_keeps_a_copy_out_for_ever(gateway, client, copies, status):
    """Whatever a copy answered while it was ill, once killed and started it is asked again."""

    async def ill(_, writer, asked):
        writer.write(written(status, b"{}"))

    first = copies[0]
    first.answers[THINGS] = first.answers["/health/ready"] = ill
    for _ in range(20):
        await client.get(THINGS)
    await first.stop()
    for _ in range(6):
        assert (await client.get(THINGS)).status_code == 200, "the other copy answers"
    first.answers.clear()
    first.asked.clear()

    await first.start_again()

    two_probes = 2 * gateway.gateway.runtime.settings.probe_seconds
    async with asyncio.timeout(two_probes + 2):  # seconds that a busy machine may add
        while not first.asked_for(THINGS):
            assert (await client.get(THINGS)).status_code == 200


class TestOverload:
    @pytest.fixture
    def settings(self):
        return {"connections_per_address": 10, "connect_seconds": 0.5}

    async def test_reads_are_turned_away_first_and_bids_last(self, gateway, client, copies):
        """Ten connections: reads may hold seven, writes eight and a half, bids all of them."""
        copy, bearer = copies[0], gateway.bearer("purchaser")
        tenders, bids = "/procurement/v1/tenders", "/procurement/v1/bids"
        copy.answers[tenders] = held = Held()
        copy.answers[bids] = for_bids = Held()
        reads = [asyncio.create_task(client.get(tenders, headers=bearer)) for _ in range(60)]
        await held.begun.wait()

        bid = asyncio.create_task(client.post(bids, content=b"{}"))
        async with asyncio.timeout(PATIENCE):
            await for_bids.begun.wait()
        early = [one for one in reads if one.done()]
        for_bids.may_end.set()
        assert (await bid).status_code == 200

        held.may_end.set()
        answers = await asyncio.gather(*reads)
        refused = [one for one in answers if one.status_code == 503]
        assert held.most == 7
        assert len(early) >= 60 - 7 - 14, "more than may wait are told at once"
        assert {one.json()["type"].rpartition("/")[2] for one in refused} == {"overloaded"}
        assert all(int(one.headers["retry-after"]) >= 1 for one in refused)
        assert {one.status_code for one in answers} == {200, 503}

    async def test_who_waits_is_served_when_there_is_room(self, gateway, client, copies):
        copy, bearer = copies[0], gateway.bearer("purchaser")
        tenders = "/procurement/v1/tenders"
        copy.answers[tenders] = held = Held()
        reads = [asyncio.create_task(client.get(tenders, headers=bearer)) for _ in range(12)]
        await held.begun.wait()

        held.may_end.set()

        assert {one.status_code for one in await asyncio.gather(*reads)} == {200}


async def test_a_gateway_that_ends_finishes_what_it_began(tmp_path, copies):
    copies[0].answers[THINGS] = copies[1].answers[THINGS] = held = Held()
    upstreams = {"registry": [copy.address for copy in copies]}
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        async with running_gateway(tmp_path / "keys", upstreams=upstreams) as gateway:
            under_way = asyncio.create_task(client.get(gateway.address + THINGS))
            idle = asyncio.create_task(client.get(f"{gateway.address}/status"))
            await held.begun.wait()
            await idle
            asyncio.get_running_loop().call_later(0.3, held.may_end.set)

        assert under_way.done(), "it ended only after the answer"
        assert (await under_way).content == b"at last"
        with pytest.raises(httpx.ConnectError):
            await client.get(f"{gateway.address}/status")
