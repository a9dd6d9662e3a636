"""A running gateway and the file it follows: taken up whole, refused whole, and nobody notices."""

import asyncio

import httpx
import pytest

from tests.support.configuration import changed, every_lane, write
from tests.support.gateway import Upstream, address_of, listener, written

THINGS = "/registry/v1/things"


def configure(gateway, **tables) -> None:
    write(gateway.configuration, changed(**tables))


async def metric(client, name: str) -> float:
    lines = (await client.get("/metrics")).text.splitlines()
    return float(next(line.split(" ")[1] for line in lines if line.startswith(name)))


async def until(client, true, what: str) -> None:
    async with asyncio.timeout(5):
        while not await true():
            await client.get(THINGS)  # the door is in use meanwhile
    assert await true(), what


def policy_is(client, written_policy: str):
    async def it_is() -> bool:
        answer = await client.get(THINGS)
        assert answer.status_code == 200
        return answer.headers["ratelimit-policy"] == written_policy

    return it_is


async def test_a_changed_file_is_in_force_within_seconds(gateway, client):
    before = (await client.get("/status")).json()["configuration"]

    configure(gateway, lanes={"read": {"rate": 1000.0}})

    await until(client, policy_is(client, '"read";q=2000;w=4'), "the new rate is told")
    after = (await client.get("/status")).json()["configuration"]
    assert after["digest"] != before["digest"]
    assert after["since"] > before["since"]


async def test_no_request_is_dropped_while_configurations_come_and_go(gateway, client):
    """Forty callers without a pause, a slow answer and an upload under way, ten configurations."""
    ended, slow = asyncio.Event(), asyncio.Event()
    statuses: list[int] = []

    async def asks() -> None:
        while not ended.is_set():
            statuses.append((await client.get(THINGS)).status_code)

    async def pieces():
        yield b"a" * 100
        await slow.wait()
        yield b"b" * 100

    configure(gateway, lanes=every_lane(rate=1e6))
    await until(client, policy_is(client, '"read";q=2000000;w=4'), "unlimited")
    async with asyncio.TaskGroup() as callers:
        for _ in range(40):
            callers.create_task(asks())
        upload = callers.create_task(client.post(THINGS, content=pieces()))
        for turn in range(10):
            configure(gateway, lanes=every_lane(rate=1e5 + turn))
            wanted = f'"read";q={int((1e5 + turn) * 0.5 * 4)};w=4'
            await until(client, policy_is(client, wanted), "taken up")
        slow.set()
        ended.set()

    assert set(statuses) == {200}
    assert len(statuses) > 40
    assert upload.result().status_code == 200
    assert upload.result().json()["body"] == 200


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="the file is gone"),
        pytest.param("lanes = [", id="not a file of ours"),
        pytest.param("", id="empty"),
        pytest.param(changed(lanes={"bids": {"discreet": False}}), id="it would tell who bids"),
        pytest.param(changed(upstreams={"registry": ["http://127.0.0.1:1"]}), id="two addresses"),
    ],
)
async def test_a_broken_file_changes_nothing_and_raises_an_alarm(gateway, client, content):
    before = (await client.get("/status")).json()["configuration"]

    if content is None:
        gateway.configuration.unlink()
    elif isinstance(content, str):
        gateway.configuration.write_text(content)
    else:
        write(gateway.configuration, content)

    async def alarmed() -> bool:
        return await metric(client, "huishe_gateway_configuration_refused") == 1

    await until(client, alarmed, "the alarm is raised")
    assert (await client.get("/status")).json()["configuration"] == {**before, "refused": True}
    assert (await client.get(THINGS)).headers["ratelimit-policy"] == '"read";q=400;w=4'

    configure(gateway)

    async def calm() -> bool:
        return await metric(client, "huishe_gateway_configuration_refused") == 0

    await until(client, calm, "a good file ends the alarm")


async def test_a_service_is_told_under_which_configuration_a_request_came_in(
    gateway, client, registry_upstream
):
    await client.get(THINGS)

    (asked,) = registry_upstream.asked_for(THINGS)
    told = asked.headers["x-huishe-configuration"]
    assert told == gateway.gateway.runtime.in_force.configuration.digest


async def test_nobody_outside_says_under_which_configuration_it_came_in(client):
    answer = await client.get(THINGS, headers={"x-huishe-configuration": "0" * 64})

    assert answer.status_code == 400


class TestAddresses:
    """The file names the addresses: copies come and go while callers are served."""

    @pytest.fixture
    async def copies(self):
        upstreams = [Upstream() for _ in range(3)]
        for upstream in upstreams:
            await upstream.start()
        yield upstreams
        for upstream in upstreams:
            await upstream.stop()

    @pytest.fixture
    def gateway_of_copies(self, tmp_path, copies):
        from tests.support.gateway import running_gateway

        services = ("registry", "procurement", "evaluation", "incubator")
        named = {service: [copies[0].address] for service in services}
        return running_gateway(tmp_path / "keys", configuration={"upstreams": named})

    async def test_a_copy_is_added_and_another_taken_away_without_a_lost_answer(
        self, gateway_of_copies, copies
    ):
        first, second, _ = copies
        begun, may_end = asyncio.Event(), asyncio.Event()

        async def slow(_, writer, asked):
            begun.set()
            await may_end.wait()
            writer.write(written(200, b"whole"))

        first.answers["/registry/v1/slow"] = slow
        async with (
            gateway_of_copies as gateway,
            httpx.AsyncClient(base_url=gateway.address, trust_env=False, timeout=10) as client,
        ):
            under_way = asyncio.create_task(client.get("/registry/v1/slow"))
            await begun.wait()
            named = gateway.gateway.runtime.in_force.addresses
            configure(gateway, upstreams={**named, "registry": [second.address]})

            async def moved() -> bool:
                return bool(second.asked_for(THINGS))

            await until(client, moved, "the other copy is asked")
            count = len(first.asked_for(THINGS))
            for _ in range(10):
                assert (await client.get(THINGS)).status_code == 200
            may_end.set()

            assert (await under_way).content == b"whole"
            assert len(first.asked_for(THINGS)) == count

    async def test_services_are_not_taken_away_while_it_runs(self, gateway_of_copies, copies):
        async with (
            gateway_of_copies as gateway,
            httpx.AsyncClient(base_url=gateway.address, trust_env=False) as client,
        ):
            configure(
                gateway,
                upstreams={"registry": [copies[0].address], "procurement": [copies[0].address]},
                routes=changed()["routes"][:3],
            )

            async def alarmed() -> bool:
                return await metric(client, "huishe_gateway_configuration_refused") == 1

            await until(client, alarmed, "refused")


def test_the_first_file_must_be_in_order(tmp_path):
    from gateway.configuration import ConfigurationRefused
    from gateway.in_force import InForce
    from tests.support.gateway import gateway_settings

    with listener() as free:
        file = write(tmp_path / "c.toml", changed(upstreams={"registry": [address_of(free)]}))
    settings = gateway_settings(configuration_file=file)

    with pytest.raises(ConfigurationRefused, match="procurement"):
        InForce(settings)
