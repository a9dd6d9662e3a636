"""What is read most is answered by another way than the rest, and nobody can tell."""

from typing import Any

import httpx
import pytest

from tests.support.builders.procurement import Purchase
from tests.support.builders.registry import agency, code, people, person, registered, step
from tests.support.service import Caller, ServiceUnderTest, at

ALIKE = ("etag", "cache-control", "vary", "content-type", "content-length")
ORDINARY = {"if-none-match": '"none of them"'}
"""A condition is more than plain: whoever sends one is answered by the endpoint."""


async def both_ways(caller: Caller, path: str) -> tuple[httpx.Response, httpx.Response]:
    return await caller.get(path), await caller.get(path, headers=ORDINARY)


def same(hot: httpx.Response, ordinary: httpx.Response) -> None:
    assert hot.status_code == ordinary.status_code == 200
    assert hot.content == ordinary.content
    assert {n: hot.headers.get(n) for n in ALIKE} == {n: ordinary.headers.get(n) for n in ALIKE}


class Counted:
    """Connections of the hot reads, counted as they are taken."""

    def __init__(self, pool: Any) -> None:
        self.pool, self.taken = pool, 0

    def acquire(self, **options: Any) -> Any:
        self.taken += 1
        return self.pool.acquire(**options)


@pytest.fixture
def counted(registry: ServiceUnderTest) -> Counted:
    counted = Counted(registry.runtime.hot)
    registry.runtime.hot = counted  # type: ignore[assignment]
    return counted


async def test_an_agency_reads_the_same_both_ways(
    registry: ServiceUnderTest, counted: Counted
) -> None:
    await registered(registry)

    for caller in (registry.anonymous, registry.as_(["registrar"])):
        same(*await both_ways(caller, f"/agencies/{code()}"))

    assert counted.taken == 2, "each plain read was hot, and no other was"


async def test_what_is_not_there_is_told_by_the_ordinary_way(registry: ServiceUnderTest) -> None:
    hot, ordinary = await both_ways(registry.anonymous, f"/agencies/{code(77)}")

    assert hot.status_code == ordinary.status_code == 404
    assert hot.json()["type"] == ordinary.json()["type"]


async def test_a_bad_token_is_no_anonymous_reader(registry: ServiceUnderTest) -> None:
    await registered(registry)

    answer = await registry.anonymous.get(
        f"/agencies/{code()}", headers={"authorization": "Bearer not.a.token"}
    )

    assert answer.status_code == 401


async def test_without_connections_of_their_own_reads_take_the_ordinary_way(
    registry: ServiceUnderTest,
) -> None:
    await registered(registry)
    pool = registry.runtime.hot
    assert pool is not None
    before = await registry.anonymous.get(f"/agencies/{code()}")

    pool.terminate()
    after = await registry.anonymous.get(f"/agencies/{code()}")

    same(before, after)


async def test_a_tender_reads_the_same_both_ways_and_a_draft_is_for_the_purchasing_side(
    procurement: ServiceUnderTest,
) -> None:
    purchase = Purchase(procurement)
    drafted = await purchase.drafted()
    path = f"/tenders/{drafted.json()['id']}"

    same(*await both_ways(procurement.as_(["purchaser"]), path))
    for caller in (procurement.anonymous, procurement.as_(["agency"])):
        assert [a.status_code for a in await both_ways(caller, path)] == [404, 404]
    assert (await procurement.anonymous.get("/tenders/no-uuid")).status_code == 404


async def test_a_standing_reads_the_same_both_ways_in_every_stage_of_a_life(
    registry: ServiceUnderTest, counted: Counted
) -> None:
    await registry.clock.move_to(at(2023, 3, 6))
    party = {"status": "full", "full_since": "2019-07-01"}
    member = person(7, employment="full_time", party=party)
    found = await registered(registry, people=[*people(full_time=5, qualified=2), member])
    path, inspector = f"/agencies/{found}", registry.as_(["supervisor"])
    standing = f"{path}/standing"

    async def compared() -> dict[str, Any]:
        hot, ordinary = await both_ways(registry.as_(["purchaser"]), standing)
        same(hot, ordinary)
        told: dict[str, Any] = hot.json()
        return told

    first = await compared()
    assert (first["full_time_staff"], first["party_members"]) == (6, 1)
    performance = {
        "performance_id": "01931234-0000-7000-8000-000000000009",
        "contract_id": "01931234-0000-7000-8000-000000000008",
        "credit_code": found,
        "stage": "mid",
        "score": "87.50",
        "result": "good",
        "concluded_on": "2023-03-06",
    }
    subject = f"performance/{performance['performance_id']}"
    registry.hear("evaluation", "performance.concluded", subject, performance)
    await registry.settle()
    assert len((await compared())["performance"]) == 1

    await registry.clock.move_to(at(2024, 3, 1))
    await registry.settle()
    newcomer = person(50, employment="full_time", title="社工", started_on="2024-03-01")
    taken = await agency(registry, found).post(f"{path}/posts", json=newcomer)
    assert taken.status_code == 201, taken.text
    assert (await compared())["full_time_staff"] == 7
    await registry.clock.move_to(at(2024, 4, 1))
    await agency(registry, found).change(f"/posts/{taken.json()['id']}/leaving", taken, json={})
    assert (await compared())["full_time_staff"] == 6
    await registry.clock.move_to(at(2024, 7, 1))
    await registry.settle()
    assert (await compared())["two_consecutive_passes"] is False

    await step(inspector, f"{path}/suspension", {"ground": "超出业务范围"}, on=path)
    assert (await compared())["suspended"] is True
    assert counted.taken >= 5, "each plain read was hot"
