"""Sites, postings, and who is covered on which day."""

from tests.support.builders.registry import agency, named, people, registered
from tests.support.service import at

TOWNS = (
    "410108001",
    "410108002",
    "410108003",
    "410108004",
    "410108005",
    "410108006",
    "410108100",
    "410108101",
)


def site(division: str, opened_on: str, **changed):
    return {
        "name": f"{division} 服务站",
        "division": division,
        "address": "某路2号",
        "areas": ["care_of_older_people"],
        "opened_on": opened_on,
        **changed,
    }


async def test_eight_of_eight_by_site_while_one_of_eight_by_seat(registry):
    await registry.clock.move_to(at(2023, 3, 6))
    code = await registered(registry)
    own = agency(registry, code)
    for division in TOWNS[:7]:
        answer = await own.post(f"/agencies/{code}/sites", json=site(division, "2023-03-06"))
        assert answer.status_code == 201, answer.text
    await registry.clock.move_to(at(2024, 5, 6))
    await own.post(f"/agencies/{code}/sites", json=site(TOWNS[7], "2024-05-06"))

    before = (await registry.anonymous.get("/coverage?on=2024-05-05")).json()
    after = (await registry.anonymous.get("/coverage?on=2024-05-06")).json()
    long_before = (await registry.anonymous.get("/coverage?on=2023-03-05")).json()

    assert (before["by_site"]["covered"], before["by_site"]["total"]) == (7, 8)
    assert before["by_site"]["rate"] == "87.50 %"
    assert [d["name"] for d in before["by_site"]["divisions"] if not d["covered"]] == ["古荥镇"]
    assert (after["by_site"]["covered"], after["by_site"]["rate"]) == (8, "100.00 %")
    assert (after["by_seat"]["covered"], after["by_seat"]["total"]) == (1, 8)
    assert long_before["by_site"]["covered"] == 0


async def test_a_suspended_agency_covers_nothing_while_it_lasts(registry):
    await registry.clock.move_to(at(2023, 3, 6))
    code = await registered(registry)
    await registry.clock.move_to(at(2024, 5, 6))
    inspector = registry.as_(["supervisor"])
    read = await inspector.get(f"/agencies/{code}")
    order = {"ground": "违反章程开展活动"}
    await inspector.change(f"/agencies/{code}/suspension", read, json=order)
    await registry.clock.move_to(at(2024, 6, 3))
    read = await inspector.get(f"/agencies/{code}")
    await inspector.change(f"/agencies/{code}/reinstatement", read)

    covered = [
        (await registry.anonymous.get(f"/coverage?on={day}")).json()["by_seat"]["covered"]
        for day in ("2024-05-05", "2024-05-06", "2024-06-02", "2024-06-03")
    ]

    assert covered == [1, 0, 0, 1]


async def test_a_renamed_division_is_covered_under_the_name_of_the_day(registry):
    found = (await registry.anonymous.get("/divisions/410108003")).json()
    then = (await registry.anonymous.get("/coverage?on=2017-01-01")).json()
    now = (await registry.anonymous.get("/coverage?on=2026-01-01")).json()

    assert [(d["name"], d["day_confirmed"]) for d in found] == [
        ("老鸦陈街道", False),
        ("江山路街道", False),
    ]
    assert then["by_seat"]["divisions"][2]["name"] == "老鸦陈街道"
    assert now["by_seat"]["divisions"][2]["name"] == "江山路街道"
    assert then["by_seat"]["total"] == now["by_seat"]["total"] == 8


async def test_a_site_with_a_seal_would_be_a_branch(registry):
    code = await registered(registry)

    refused = await agency(registry, code).post(
        f"/agencies/{code}/sites", json=site(TOWNS[0], "2026-03-02", own_seal=True)
    )

    assert refused.status_code == 409
    [breach] = [f for f in refused.json()["findings"] if f["outcome"] == "breached"]
    assert (breach["rule"], breach["clause"]["number"]) == ("site_is_no_branch", "13")


async def test_a_site_of_a_community_elsewhere_is_refused(registry):
    code = await registered(registry)

    refused = await agency(registry, code).post(
        f"/agencies/{code}/sites",
        json=site(TOWNS[0], "2026-03-02", community="410108002001"),
    )

    assert [f["rule"] for f in refused.json()["findings"] if f["outcome"] == "breached"] == [
        "place_is_on_the_map"
    ]


async def test_one_worker_in_two_communities_is_shown_and_counted_in_both(registry):
    code = await registered(registry)
    own = agency(registry, code)
    worker = (await own.get(f"/agencies/{code}/workers")).json()[0]["worker_id"]
    posting = {"worker_id": worker, "community": "410108001001", "since": "2026-03-02"}

    await own.post(f"/agencies/{code}/postings", json=posting)
    dry = await own.post(
        f"/agencies/{code}/postings?dry=true", json={**posting, "community": "410108001200"}
    )
    await own.post(f"/agencies/{code}/postings", json={**posting, "community": "410108001200"})
    rates = (await registry.anonymous.get("/coverage")).json()["workers_in"]

    [shown] = [f for f in dry.json()["findings"] if f["rule"] == "worker_serves_one_community"]
    assert shown["outcome"] == "warning"
    assert {name: (r["covered"], r["total"]) for name, r in rates.items()} == {
        "communities": (1, 39),
        "villages": (1, 53),
        "together": (2, 92),
    }


async def test_an_agency_sees_its_own_postings_only(registry):
    first = await registered(registry)
    second = await registered(registry, 2, name=named("同行"), people=people(first=200))
    for code in (first, second):
        own = agency(registry, code)
        worker = (await own.get(f"/agencies/{code}/workers")).json()[0]["worker_id"]
        posting = {"worker_id": worker, "community": "410108001001", "since": "2026-03-02"}
        await own.post(f"/agencies/{code}/postings", json=posting)

    own = (await agency(registry, first).get("/postings")).json()["items"]
    street = (await registry.as_(["street_officer"]).get("/postings")).json()["items"]

    assert [posting["credit_code"] for posting in own] == [first]
    assert len(street) == 2
