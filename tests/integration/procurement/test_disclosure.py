"""Open data of a purchase, through HTTP on a real database."""

from dataclasses import dataclass
from uuid import UUID

import httpx
import orjson
import pytest

from services.procurement.tenders.actions import close_tender, open_tender
from services.procurement.tenders.queries import tender_for_update
from shared.actor import CALENDAR
from shared.journal.rows import instant
from shared.money import Money
from shared.work import Work
from tests.support.builders.procurement import (
    MORNING_LIGHT,
    Purchase,
    budget,
    concluded,
    good,
    opened_bid,
)
from tests.support.ocds import faults_of_record, faults_of_releases
from tests.support.service import ServiceUnderTest, at


@pytest.fixture
def purchase(procurement: ServiceUnderTest) -> Purchase:
    return Purchase(procurement)


async def ocid_of(service: ServiceUnderTest, project_id: str) -> str:
    listed = good(await service.anonymous.get(f"/ocds/releases?project_id={project_id}"))
    return str(listed.json()["items"][0]["ocid"])


async def record_of(service: ServiceUnderTest, ocid: str) -> httpx.Response:
    return good(await service.anonymous.get(f"/ocds/records/{ocid}"))


@dataclass
class PublicPurchase(Purchase):
    """Its bids are opened as the opening does it, only that nothing was sealed before."""

    async def open_bids(self, tender_id: str) -> None:
        now = self.service.clock.now
        async with self.service.runtime.sessions.begin() as session:
            tender = await tender_for_update(session, UUID(tender_id))
            assert tender is not None
            work = Work("procurement", session, CALENDAR, now, "opening")
            close_tender(work, tender, root="ab" * 32)
            for code, price in self.prices.items():
                bid = opened_bid(tender_id, code, Money.parse(price), now)
                bid.receipt = orjson.dumps({"received_at": instant(now)}).decode()
                bid.signatory = "不公开"
                work.add_row(bid)
            open_tender(work, tender, opened=len(self.prices), shut=0)
            await work.write_down()

    async def conclude(self, contract_id: str, stage: str, result: str) -> None:
        told = concluded(contract_id, MORNING_LIGHT, stage, result)
        self.service.hear("evaluation", "performance.concluded", f"performance/{stage}", told)
        await self.service.settle()

    async def pay(self, contract_id: str, milestone: int) -> None:
        winner = self.agency(MORNING_LIGHT)
        read = await winner.get(f"/contracts/{contract_id}")
        asked = {"milestone": milestone}
        due = good(await winner.change(f"/contracts/{contract_id}/payments", read, json=asked), 201)
        order = {"external_reference": f"国库〔2026〕{milestone}号"}
        good(await self.finance.change(f"/payments/{due.json()['id']}/release", due, json=order))


async def test_a_whole_purchase_is_one_valid_process(procurement: ServiceUnderTest) -> None:
    purchase = PublicPurchase(procurement)
    signed = (await purchase.signed()).json()
    await procurement.clock.move_to(at(2026, 11, 10))
    await purchase.conclude(signed["id"], "mid", "excellent")
    await purchase.pay(signed["id"], 1)
    await procurement.clock.move_to(at(2027, 5, 20))
    await purchase.conclude(signed["id"], "final", "good")
    await purchase.pay(signed["id"], 2)
    await procurement.settle()

    ocid = await ocid_of(procurement, signed["project_id"])
    answer = await record_of(procurement, ocid)
    (record,) = answer.json()["records"]

    assert faults_of_record(answer.json()) == []
    assert [release["tag"][0] for release in record["releases"]] == [
        "planning",
        "tender",
        *["tenderUpdate"] * 3,
        "award",
        "contract",
        "implementation",
        *["implementationUpdate"] * 3,
        "contractTermination",
    ]
    (bought,) = record["compiledRelease"]["contracts"]
    paid = bought["implementation"]["transactions"]
    assert [t["value"]["amount"] for t in paid] == [45000, 50000]
    assert [m["description"] for m in bought["implementation"]["milestones"]] == [
        "评价结果：优秀",
        "评价结果：良好",
    ]
    assert "不公开" not in answer.text


async def test_every_public_step_becomes_a_release(
    purchase: Purchase, procurement: ServiceUnderTest
) -> None:
    published = await purchase.published()
    project_id = published.json()["project_id"]
    await procurement.settle()

    ocid = await ocid_of(procurement, project_id)
    package = good(await procurement.anonymous.get(f"/ocds/releases/{ocid}")).json()
    record = (await record_of(procurement, ocid)).json()

    assert ocid == f"ocds-hshe00-{project_id}"
    assert [release["tag"] for release in package["releases"]] == [["planning"], ["tender"]]
    assert faults_of_releases(package) == []
    assert faults_of_record(record) == []
    tender = record["records"][0]["compiledRelease"]["tender"]
    assert tender["title"] == published.json()["title"]
    assert tender["value"] == {"amount": 100000, "currency": "CNY"}


async def test_a_release_tells_what_stood_when_it_was_told(
    purchase: Purchase, procurement: ServiceUnderTest
) -> None:
    planned = await purchase.planned()
    path = f"/projects/{planned.json()['id']}/budget"
    changed = {"budget_lines": budget("70000.00", "40000.00")}
    good(
        await purchase.purchaser.put(
            path, headers={"if-match": planned.headers["etag"]}, json=changed
        )
    )
    await procurement.settle()  # only now: both releases are built behind the second change

    ocid = await ocid_of(procurement, planned.json()["id"])
    package = good(await procurement.anonymous.get(f"/ocds/releases/{ocid}")).json()

    amounts = [r["planning"]["budget"]["amount"]["amount"] for r in package["releases"]]
    assert amounts == [100000, 110000]
    assert [r["tag"] for r in package["releases"]] == [["planning"], ["planningUpdate"]]


async def test_what_was_published_stays_byte_for_byte(
    purchase: Purchase, procurement: ServiceUnderTest
) -> None:
    published = await purchase.published()
    tender = f"/tenders/{published.json()['id']}"
    await procurement.settle()
    ocid = await ocid_of(procurement, published.json()["project_id"])
    before = good(await procurement.anonymous.get(f"/ocds/releases/{ocid}"))

    await procurement.clock.forward(days=1)
    await procurement.settle()
    again = await procurement.anonymous.get(
        f"/ocds/releases/{ocid}", headers={"if-none-match": before.headers["etag"]}
    )
    reason = {"reason": "任务取消"}
    good(await purchase.purchaser.change(f"{tender}/cancellation", published, json=reason))
    await procurement.settle()
    after = good(await procurement.anonymous.get(f"/ocds/releases/{ocid}"))

    assert again.status_code == 304
    head, _, stored = before.text.rpartition('"releases":[')
    assert stored.removesuffix("]}") in after.text
    assert after.json()["releases"][-1]["tag"] == ["tenderCancellation"]
    assert faults_of_releases(after.json()) == []
    assert '"publishedDate"' in head


async def test_an_event_is_disclosed_once_and_told_in_the_feed(
    purchase: Purchase, procurement: ServiceUnderTest
) -> None:
    published = await purchase.published()
    await procurement.settle()
    await procurement.settle()

    listed = good(await procurement.anonymous.get("/ocds/releases?limit=1")).json()
    following = good(
        await procurement.anonymous.get(f"/ocds/releases?limit=1&cursor={listed['next']}")
    ).json()
    feed = good(await procurement.anonymous.get("/events?limit=200")).json()["items"]
    told = [entry["event"] for entry in feed if entry["event"]["type"] == "release.published"]

    assert [listed["items"][0]["tags"], following["items"][0]["tags"]] == [["planning"], ["tender"]]
    assert following["next"] is None
    assert [event["data"]["tags"] for event in told] == [["planning"], ["tender"]]
    assert told[0]["data"]["ocid"].endswith(published.json()["project_id"])


async def test_a_draft_is_nobodys_business(
    purchase: Purchase, procurement: ServiceUnderTest
) -> None:
    drafted = await purchase.drafted(title="尚未公开的采购")
    await procurement.clock.move_to(at(2026, 3, 5))
    await procurement.settle()

    ocid = await ocid_of(procurement, drafted.json()["project_id"])

    assert "尚未公开" not in (await record_of(procurement, ocid)).text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ocds/releases/ocds-hshe00-01999999-0000-7000-8000-000000000001", 404),
        ("/ocds/records/ocds-hshe00-01999999-0000-7000-8000-000000000001", 404),
        ("/ocds/records/anything", 422),
        ("/ocds/releases?project_id=7", 422),
        ("/ocds/releases?tender=1", 422),
    ],
)
async def test_what_is_not_there_is_a_problem(
    procurement: ServiceUnderTest, path: str, status: int
) -> None:
    answer = await procurement.anonymous.get(path)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
