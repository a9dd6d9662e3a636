"""From the need to the published tender, through HTTP on a real database."""

import asyncio

import pytest

from tests.support.builders.procurement import (
    Purchase,
    budget,
    good,
    need,
    project,
    refused_by,
    tender,
)
from tests.support.service import ServiceUnderTest, at


@pytest.fixture
def purchase(procurement: ServiceUnderTest) -> Purchase:
    return Purchase(procurement)


async def test_a_budget_of_59_99_percent_is_refused_and_60_passes(purchase: Purchase) -> None:
    planned = await purchase.planned(budget_lines=budget("59990.00", "40010.00"))
    project_id = planned.json()["id"]
    drafted = good(await purchase.purchaser.post("/tenders", json=tender(project_id)), 201)
    path = f"/tenders/{drafted.json()['id']}/publication"

    dry = good(await purchase.purchaser.change(f"{path}?dry=true", drafted))
    refused = await purchase.purchaser.change(path, drafted)
    good(
        await purchase.purchaser.put(
            f"/projects/{project_id}/budget",
            headers={"if-match": planned.headers["etag"]},
            json={"budget_lines": budget()},
        )
    )
    published = good(await purchase.purchaser.change(path, drafted))

    assert dry.json()["outcome"] == "refused"
    assert refused_by(refused) == ["3.2(9)"]
    assert "59.99 %" in refused.json()["detail"]
    assert published.json()["state"] == "published"
    assert published.json()["personnel"] == "60000.00"


async def test_nineteen_days_are_refused_and_twenty_pass(purchase: Purchase) -> None:
    drafted = await purchase.drafted(closes_at="2026-03-21T01:30:00Z")
    path = f"/tenders/{drafted.json()['id']}"

    refused = await purchase.purchaser.change(f"{path}/publication", drafted)
    changed = good(
        await purchase.purchaser.put(
            path,
            headers={"if-match": drafted.headers["etag"]},
            json=tender(drafted.json()["project_id"], closes_at="2026-03-22T01:30:00Z"),
        )
    )
    published = good(await purchase.purchaser.change(f"{path}/publication", changed))

    assert refused_by(refused) == ["35"]
    assert published.json()["published_on"] == "2026-03-02"


async def test_a_closed_method_needs_a_ground(purchase: Purchase) -> None:
    drafted = await purchase.drafted(method="invited_tender")

    refused = await purchase.purchaser.change(
        f"/tenders/{drafted.json()['id']}/publication", drafted
    )

    assert refused_by(refused) == ["6.1(6)"]


async def test_a_negotiation_asks_the_registry_for_its_working_days(purchase: Purchase) -> None:
    drafted = await purchase.drafted(
        method="competitive_negotiation", factors=[], closes_at="2026-03-04T01:30:00Z"
    )
    path = f"/tenders/{drafted.json()['id']}/publication"
    registry = {"ends_on": "2026-03-05", "provisional": False}
    purchase.service.upstream("registry", "/calendar/terms", registry)

    refused = await purchase.purchaser.change(path, drafted)
    purchase.service.silent.add("registry")
    unanswered = await purchase.purchaser.change(path, drafted)

    assert refused_by(refused) == ["35"]
    assert purchase.service.asked[0].endswith("/calendar/terms?from=2026-03-02&working_days=3")
    assert unanswered.status_code == 503
    assert unanswered.headers["retry-after"]


async def test_publishing_freezes_the_seal_and_prints_the_priority(purchase: Purchase) -> None:
    published = (await purchase.published()).json()

    policy = await purchase.service.anonymous.get(f"/tenders/{published['id']}/seal-policy")

    assert policy.status_code == 200
    assert len(published["seal_policy_hash"]) == 64
    assert published["priority_rule"]["clause"] == "惠民字〔2016〕62号 6.1(7)"
    assert "3A" in published["priority_rule"]["text"]["zh"]


async def test_a_draft_is_nobodys_business_but_the_buyers(purchase: Purchase) -> None:
    drafted = await purchase.drafted()
    path = f"/tenders/{drafted.json()['id']}"
    public = purchase.service.anonymous

    unseen, listed = await public.get(path), await public.get("/tenders")
    good(await purchase.purchaser.change(f"{path}/publication", drafted))
    seen, listed_now = await public.get(path), await public.get("/tenders")

    assert unseen.status_code == 404
    assert listed.json()["items"] == []
    assert seen.status_code == 200
    assert [one["id"] for one in listed_now.json()["items"]] == [drafted.json()["id"]]


async def test_the_feed_tells_nothing_of_a_draft(purchase: Purchase) -> None:
    drafted = await purchase.drafted()
    path = f"/tenders/{drafted.json()['id']}/publication"
    good(await purchase.purchaser.change(path, drafted))
    await purchase.service.settle()

    feed = await purchase.service.anonymous.get("/events?after=0&limit=200")

    told = {
        entry["event"]["type"]: entry["event"]["data"]
        for entry in feed.json()["items"]
        if "event" in entry
    }
    assert told["tender.drafted"] == {"state": "draft"}
    assert told["tender.published"]["title"] == "古荥镇留守儿童关爱服务采购"


async def test_a_cancelled_tender_gives_its_project_back(purchase: Purchase) -> None:
    published = await purchase.published()
    published_tender = published.json()

    cancelled = good(
        await purchase.purchaser.change(
            f"/tenders/{published_tender['id']}/cancellation",
            published,
            json={"reason": "需求变化"},
        )
    )

    returned = await purchase.service.anonymous.get(f"/projects/{published_tender['project_id']}")
    assert cancelled.json()["state"] == "cancelled"
    assert cancelled.json()["ended_because"] == "需求变化"
    assert returned.json()["state"] == "planned"


async def test_a_project_with_a_tender_out_keeps_its_budget(purchase: Purchase) -> None:
    published = await purchase.published()
    path = f"/projects/{published.json()['project_id']}"
    read = await purchase.purchaser.get(path)

    changed = await purchase.purchaser.put(
        f"{path}/budget",
        headers={"if-match": read.headers["etag"]},
        json={"budget_lines": budget("1.00", "99999.00")},
    )

    assert changed.status_code == 409
    assert changed.json()["type"].endswith("/problems/move-not-allowed")


async def test_two_tenders_cannot_be_out_on_oneproject(purchase: Purchase) -> None:
    published = await purchase.published()
    second = good(
        await purchase.purchaser.post("/tenders", json=tender(published.json()["project_id"])),
        201,
    )

    refused = await purchase.purchaser.change(f"/tenders/{second.json()['id']}/publication", second)

    assert refused.status_code == 409


async def test_of_two_publications_at_the_same_moment_one_is_made(purchase: Purchase) -> None:
    planned = await purchase.planned()
    drafts = [
        await purchase.purchaser.post("/tenders", json=tender(planned.json()["id"]))
        for _ in range(2)
    ]

    answers = await asyncio.gather(
        *(
            purchase.purchaser.change(f"/tenders/{one.json()['id']}/publication", one)
            for one in drafts
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_a_project_without_a_need_is_refused_by_the_policy(purchase: Purchase) -> None:
    refused = await purchase.purchaser.post("/projects", json=project([]))

    assert refused_by(refused) == ["2.1(3)"]


async def test_an_unknown_need_is_named_by_its_place(purchase: Purchase) -> None:
    refused = await purchase.purchaser.post(
        "/projects", json=project(["01890000-0000-7000-8000-000000000000"])
    )

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/need_ids/0"


async def test_a_need_is_found_by_its_division(purchase: Purchase) -> None:
    good(await purchase.street.post("/needs", json=need()), 201)
    good(await purchase.street.post("/needs", json=need(division="410108001")), 201)

    found = await purchase.service.anonymous.get("/needs?division=410108101")

    assert [one["division"] for one in found.json()["items"]] == ["410108101"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"closes_at": "2026-03-30T09:30:00"}, "/closes_at"),
        ({"method": "lottery"}, "/method"),
        ({"bond": "0.1"}, "/bond"),
        ({"minimum_bids": "3"}, "/minimum_bids"),
        ({"conditions": []}, "/conditions"),
        ({"surprise": 1}, "/surprise"),
    ],
)
async def test_what_is_wrong_in_a_draft_is_named(
    purchase: Purchase, change: dict[str, object], pointer: str
) -> None:
    planned = await purchase.planned()

    refused = await purchase.purchaser.post("/tenders", json=tender(planned.json()["id"], **change))

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


async def test_a_draft_that_was_long_enough_last_week_can_be_too_short_now(
    purchase: Purchase,
) -> None:
    drafted = await purchase.drafted()
    await purchase.service.clock.move_to(at(2026, 3, 11))

    refused = await purchase.purchaser.change(
        f"/tenders/{drafted.json()['id']}/publication", drafted
    )

    assert refused_by(refused) == ["35"]
