"""The registry with its worker in a process of its own, as in production."""

import asyncio
import signal
from collections import Counter
from uuid import uuid4

import pytest

from shared.database.embedded import throwaway_cluster
from tests.conftest import service_under_test
from tests.support.apart import WITHIN, eventually, wire_of, worker_apart, worker_of
from tests.support.builders.registry import named, registered, submitted
from tests.support.databases import Databases
from tests.support.service import ServiceUnderTest, at

MONDAY = at(2023, 3, 6)
SILENT_TOO_LONG = at(2023, 3, 14)
"""The first day after five working days."""
FOUNDERS = "甲乙丙丁戊己庚辛"


@pytest.fixture
def gateway(registry):
    with wire_of(registry) as address:
        yield address


def conclude(registry: ServiceUnderTest, credit_code: str) -> None:
    """Evaluation tells what a project of the agency was worth."""
    performance = str(uuid4())
    told = {
        "performance_id": performance,
        "contract_id": str(uuid4()),
        "credit_code": credit_code,
        "stage": "final",
        "score": "92.00",
        "result": "excellent",
        "concluded_on": "2023-03-06",
    }
    registry.hear("evaluation", "performance.concluded", f"performance/{performance}", told)


async def feed(registry: ServiceUnderTest) -> list[dict]:
    """All of it; nothing while the database cannot be asked."""
    page = await registry.as_(["auditor"]).get("/events?limit=1000")
    assert page.status_code in (200, 503), page.text
    return page.json().get("items", [])


async def told(registry: ServiceUnderTest, kind: str) -> int:
    return sum(entry["event"]["type"] == kind for entry in await feed(registry))


def kinds(entries: list[dict]) -> Counter[str]:
    return Counter(entry["event"]["type"] for entry in entries)


async def test_what_the_web_process_leaves_is_done_by_a_worker_apart(registry, gateway, tmp_path):
    await registry.clock.move_to(MONDAY)
    code = await registered(registry)
    path = await submitted(registry, client_id="other founders", name=named("和风"))
    before = await feed(registry)

    async with worker_apart(registry, gateway, tmp_path):
        waited = await registry.anonymous.get("/events?wait=10&limit=1")
        conclude(registry, code)
        await registry.clock.move_to(SILENT_TOO_LONG)

        async def all_done() -> bool:
            found = kinds(await feed(registry))
            return bool(found["agency.performance-recorded"] and found["application.accepted"] >= 2)

        await eventually(all_done, "the reaction is made and the deadline met")

    assert before == []
    assert len(waited.json()["items"]) == 1
    founder = registry.as_(["agency"], client_id="other founders")
    assert (await founder.get(path)).json()["accepted_by_silence"] is True
    standing = await registry.anonymous.get(f"/agencies/{code}/standing?on=2023-03-14")
    assert [done["grade"] for done in standing.json()["performance"]] == ["excellent"]


async def test_two_workers_do_everything_once(registry, gateway, tmp_path):
    await registry.clock.move_to(MONDAY)
    code = await registered(registry)
    for founder in FOUNDERS:
        await submitted(registry, client_id=founder, name=named(founder))

    async with (
        worker_apart(registry, gateway, tmp_path) as first,
        worker_apart(registry, gateway, tmp_path) as second,
    ):
        await registry.clock.move_to(SILENT_TOO_LONG)
        for _ in range(30):
            conclude(registry, code)

        async def all_told() -> bool:
            found = kinds(await feed(registry))
            return found["agency.performance-recorded"] >= 30 and found["application.accepted"] >= 9

        await eventually(all_told, "all deadlines and reactions are told")
        assert (first.end()[0], second.end()[0]) == (0, 0)

    entries = await feed(registry)
    assert [entry["position"] for entry in entries] == list(range(1, len(entries) + 1))
    assert kinds(entries)["agency.performance-recorded"] == 30
    assert kinds(entries)["application.accepted"] == 9
    assert "reaction.refused" not in kinds(entries)
    accepted = Counter(
        entry["event"]["subject"]
        for entry in entries
        if entry["event"]["type"] == "application.accepted"
    )
    assert set(accepted.values()) == {1}


async def test_a_worker_that_is_told_to_end_does_so_at_once(registry, gateway, tmp_path):
    took = []
    for word in (signal.SIGTERM, signal.SIGINT):
        async with worker_apart(registry, gateway, tmp_path) as worker:
            code, seconds = worker.end(word)
        assert code == 0, worker.said.read_text()
        assert "Traceback" not in worker.said.read_text()
        took.append(seconds)

    assert min(took) < 2  # the better of two, for a busy machine


async def test_after_a_kill_the_next_worker_catches_up(registry, gateway, tmp_path):
    await registry.clock.move_to(MONDAY)
    code = await registered(registry)
    async with worker_apart(registry, gateway, tmp_path) as worker:
        for _ in range(40):
            conclude(registry, code)

        async def under_way() -> bool:
            return await told(registry, "agency.performance-recorded") > 0

        await eventually(under_way, "it has begun")
        assert worker.end(signal.SIGKILL)[0] == -signal.SIGKILL
    await submitted(registry, client_id="other founders", name=named("和风"))
    await registry.clock.move_to(SILENT_TOO_LONG)

    async with worker_apart(registry, gateway, tmp_path):

        async def caught_up() -> bool:
            found = kinds(await feed(registry))
            return found["agency.performance-recorded"] >= 40 and found["application.accepted"] >= 2

        await eventually(caught_up, "what was left is done")

    entries = await feed(registry)
    assert kinds(entries)["agency.performance-recorded"] == 40
    assert [entry["position"] for entry in entries] == list(range(1, len(entries) + 1))


async def test_a_worker_outlives_a_restart_of_the_database(tmp_path):
    with throwaway_cluster(lasting=True) as cluster:
        async with service_under_test("registry", Databases(cluster)) as registry:
            await registry.clock.move_to(MONDAY)
            code = await registered(registry)
            with wire_of(registry) as gateway:
                async with worker_apart(registry, gateway, tmp_path) as worker:
                    cluster.stop()
                    conclude(registry, code)
                    assert await worker.ask("/health/live") == 200
                    assert await worker.ask("/health/ready") == 503
                    cluster.start()

                    async def recorded() -> bool:
                        return await told(registry, "agency.performance-recorded") == 1

                    await eventually(recorded, "it works again")
                    assert await worker.ask("/health/ready") == 200
                    assert worker.end()[0] == 0


async def test_a_worker_apart_tells_its_health_and_its_figures(registry, gateway, tmp_path):
    await registered(registry)
    async with worker_apart(registry, gateway, tmp_path) as worker:

        async def measured() -> bool:
            told = (await worker.read("/metrics")).text
            return f'huishe_feed_position{{service="registry"}} {newest}.0' in told

        async def placed() -> bool:
            return bool(await feed(registry))

        await eventually(placed, "the rows are placed")
        newest = len(await feed(registry))
        await eventually(measured, "the newest position is told")
        figures = (await worker.read("/metrics")).text

        assert (await worker.read("/health/live")).json() == {"status": "live"}
        assert (await worker.read("/registry/v1/events")).status_code == 404
        assert 'huishe_feed_waiting{service="registry"} 0.0' in figures
        for part in ("relay", "deadlines", "figures"):
            assert f'huishe_worker_last_round_seconds{{part="{part}"}}' in figures


async def test_a_worker_whose_port_is_taken_says_so(registry, gateway, tmp_path):
    async with worker_apart(registry, gateway, tmp_path) as first:
        second = worker_of(registry, gateway, tmp_path, WORKER_PORT=str(first.port))
        code = await asyncio.to_thread(second.process.wait, WITHIN)

    assert code == 1
    assert f"REGISTRY_WORKER_PORT: port {first.port} on 127.0.0.1" in second.said.read_text()
