"""From the signed contract to the feedback of the evaluated result: the loop of 6.1(9)."""

import pytest

from tests.support.builders.procurement import (
    MORNING_LIGHT,
    Purchase,
    checks,
    concluded,
    contract,
    good,
    refused_by,
)
from tests.support.service import ServiceUnderTest, at


@pytest.fixture
def purchase(procurement: ServiceUnderTest) -> Purchase:
    return Purchase(procurement)


async def applied(purchase: Purchase, contract_id: str, milestone: int) -> dict[str, str]:
    winner = purchase.agency(MORNING_LIGHT)
    read = await winner.get(f"/contracts/{contract_id}")
    asked = {"milestone": milestone, "invoice": "发票1"}
    answer = await winner.change(f"/contracts/{contract_id}/payments", read, json=asked)
    found: dict[str, str] = good(answer, 201).json()
    return found


async def conclude(purchase: Purchase, contract_id: str, stage: str, result: str) -> None:
    told = concluded(contract_id, MORNING_LIGHT, stage, result)
    purchase.service.hear("evaluation", "performance.concluded", f"performance/{stage}", told)
    await purchase.service.settle()


async def test_the_winner_signs_and_the_evaluation_service_hears_of_it(purchase: Purchase) -> None:
    signed = (await purchase.signed()).json()
    await purchase.service.settle()

    feed = await purchase.service.anonymous.get("/events?after=0&limit=200")
    (told,) = [
        entry["event"]["data"]
        for entry in feed.json()["items"]
        if entry.get("event", {}).get("type") == "contract.signed"
    ]
    assert told == {
        "state": "signed",
        "contract_id": signed["id"],
        "tender_id": signed["tender_id"],
        "credit_code": MORNING_LIGHT,
        "amount": "95000.00",
        "starts_on": "2026-05-01",
        "ends_on": "2027-04-30",
        "title": "古荥镇留守儿童关爱服务采购",
        "stages": ["mid", "final"],
    }
    assert signed["filing_due_on"] == "2026-04-09"


async def test_nobody_else_signs(purchase: Purchase) -> None:
    announced = await purchase.announced()
    drawn_up = good(
        await purchase.purchaser.post("/contracts", json=contract(announced.json()["id"])), 201
    )
    stranger = purchase.agency("52410108MJ0000018R")

    unseen = await stranger.change(f"/contracts/{drawn_up.json()['id']}/signature", drawn_up)

    assert unseen.status_code == 404


async def test_a_contract_is_signed_within_thirty_days(purchase: Purchase) -> None:
    announced = await purchase.announced()
    body = contract(announced.json()["id"])
    await purchase.service.clock.move_to(at(2026, 4, 30))

    refused = await purchase.purchaser.post("/contracts", json=body)
    excused = await purchase.purchaser.post("/contracts", json=body | {"late_reason": "质疑暂停"})

    assert refused_by(refused) == ["46"]
    assert excused.status_code == 201


async def test_the_contract_costs_what_was_bid_and_pays_the_people(purchase: Purchase) -> None:
    announced = await purchase.announced()
    body = contract(announced.json()["id"], personnel="56999.99")
    body["milestones"][0]["amount"] = "45000.01"

    refused = await purchase.purchaser.post("/contracts", json=body)

    assert refused_by(refused) == ["46", "3.2(9)"]


async def test_an_instalment_is_held_until_its_stage_is_concluded_and_then_released(
    purchase: Purchase,
) -> None:
    contract_id = (await purchase.signed()).json()["id"]
    await purchase.service.clock.move_to(at(2026, 11, 2))
    payment = await applied(purchase, contract_id, 1)
    path = f"/payments/{payment['id']}"
    order = {"external_reference": "国库支付〔2026〕88号"}

    held = await purchase.finance.get(path)
    too_early = await purchase.finance.change(f"{path}/release", held, json=order)
    await conclude(purchase, contract_id, "mid", "good")
    due = await purchase.finance.get(path)
    released = good(await purchase.finance.change(f"{path}/release", due, json=order))

    record = (
        await purchase.service.anonymous.get(
            f"/suppliers/{MORNING_LIGHT}/track-record?on=2026-11-10"
        )
    ).json()
    causes = {one["cause"]["event"] for one in record["consequences"]}
    assert (held.json()["state"], due.json()["state"]) == ("held", "due")
    assert too_early.status_code == 409
    assert released.json()["paid"] == "45000.00"
    assert released.json()["references"][0]["external_reference"] == "国库支付〔2026〕88号"
    assert causes == {released.json()["cause_event"]}
    assert [one["kind"] for one in record["consequences"]] == ["payment_in_full", "renewal_ground"]
    assert {one["cause"]["position"] for one in record["consequences"]} == {1}
    assert record["good_results"] == 1


async def test_a_basic_result_pays_in_part_until_corrected(purchase: Purchase) -> None:
    contract_id = (await purchase.signed()).json()["id"]
    await purchase.service.clock.move_to(at(2026, 11, 2))
    payment = await applied(purchase, contract_id, 1)
    path = f"/payments/{payment['id']}"
    await conclude(purchase, contract_id, "mid", "basic")

    due = await purchase.finance.get(path)
    first = await purchase.finance.change(
        f"{path}/release", due, json={"external_reference": "支付1"}
    )
    resumed = good(
        await purchase.purchaser.change(f"{path}/correction", first, json={"evidence": "整改报告"})
    )
    second = good(
        await purchase.finance.change(
            f"{path}/release", resumed, json={"external_reference": "支付2"}
        )
    )

    assert first.json()["paid"] == "31500.00"
    assert [one["amount"] for one in second.json()["references"]] == ["31500.00", "13500.00"]


async def test_who_works_for_the_supplier_does_not_pay_out(purchase: Purchase) -> None:
    contract_id = (await purchase.signed()).json()["id"]
    await purchase.service.clock.move_to(at(2026, 11, 2))
    payment = await applied(purchase, contract_id, 1)
    await conclude(purchase, contract_id, "mid", "excellent")
    insider = purchase.service.as_(["finance"], org=MORNING_LIGHT, client_id="finance-2")
    path = f"/payments/{payment['id']}"

    refused = await insider.change(
        f"{path}/release", await insider.get(path), json={"external_reference": "支付1"}
    )

    assert refused_by(refused) == ["6.1(9)"]


async def test_a_failed_result_withholds_and_bars_the_supplier_next_year(
    purchase: Purchase,
) -> None:
    contract_id = (await purchase.signed()).json()["id"]
    await purchase.service.clock.move_to(at(2026, 11, 2))
    payment = await applied(purchase, contract_id, 1)
    await conclude(purchase, contract_id, "mid", "failed")
    public = purchase.service.anonymous
    path = f"/suppliers/{MORNING_LIGHT}/track-record"

    withheld = await purchase.finance.get(f"/payments/{payment['id']}")
    this_year = (await public.get(f"{path}?on=2026-12-31")).json()
    next_year = (await public.get(f"{path}?on=2027-01-01")).json()

    assert withheld.json()["state"] == "withheld"
    assert (this_year["may_be_bought_from"], next_year["may_be_bought_from"]) == (True, False)


async def test_a_ban_refuses_the_bidder_at_the_next_qualification_review(
    purchase: Purchase,
) -> None:
    contract_id = (await purchase.signed()).json()["id"]
    await conclude(purchase, contract_id, "final", "failed")
    await purchase.service.clock.move_to(at(2027, 3, 2))
    dates = {"starts_on": "2027-05-01", "ends_on": "2028-04-30"}
    published = await purchase.published(closes_at="2027-03-30T01:30:00Z", **dates)
    await purchase.service.clock.move_to(at(2027, 3, 30, 10))
    await purchase.open_bids(published.json()["id"])
    path = f"/tenders/{published.json()['id']}"

    reviewed = await purchase.purchaser.change(
        f"{path}/review", await purchase.purchaser.get(path), json=checks()
    )

    found = {one["credit_code"]: one for one in good(reviewed, 201).json()["qualifications"]}
    (breach,) = [
        finding
        for finding in found[MORNING_LIGHT]["verdict"]["findings"]
        if finding["outcome"] == "breached"
    ]
    assert breach["rule"] == "is_not_barred"
    assert breach["figures"]["cause"] == purchase.service.feeds["evaluation"][0]["event"]["id"]


async def test_a_result_before_the_application_settles_it_at_once(purchase: Purchase) -> None:
    contract_id = (await purchase.signed()).json()["id"]
    await conclude(purchase, contract_id, "mid", "good")
    await purchase.service.clock.move_to(at(2026, 11, 2))

    payment = await applied(purchase, contract_id, 1)

    assert payment["state"] == "due"
    assert payment["cleared"] == "45000.00"


async def test_the_same_result_heard_twice_imposes_nothing_twice(purchase: Purchase) -> None:
    contract_id = (await purchase.signed()).json()["id"]
    await conclude(purchase, contract_id, "mid", "good")
    feed = purchase.service.feeds["evaluation"]
    feed.append({**feed[0], "position": 2})

    await purchase.service.settle()

    record = await purchase.service.anonymous.get(
        f"/suppliers/{MORNING_LIGHT}/track-record?on=2026-11-10"
    )
    assert len(record.json()["consequences"]) == 2


async def test_with_the_last_instalment_the_project_is_complete_and_its_need_met(
    purchase: Purchase,
) -> None:
    signed = (await purchase.signed()).json()
    for stage in ("mid", "final"):
        await conclude(purchase, signed["id"], stage, "excellent")
    await purchase.service.clock.move_to(at(2027, 5, 15))
    for number in (1, 2):
        payment = await applied(purchase, signed["id"], number)
        path = f"/payments/{payment['id']}"
        read = await purchase.finance.get(path)
        order = {"external_reference": f"支付{number}"}
        good(await purchase.finance.change(f"{path}/release", read, json=order))

    public = purchase.service.anonymous
    states = [
        (await public.get(f"/contracts/{signed['id']}")).json()["state"],
        (await public.get(f"/projects/{signed['project_id']}")).json()["state"],
        (await public.get("/needs")).json()["items"][0]["state"],
    ]
    assert states == ["completed", "completed", "met"]


async def test_a_consequence_can_be_lifted_after_an_objection(purchase: Purchase) -> None:
    contract_id = (await purchase.signed()).json()["id"]
    await conclude(purchase, contract_id, "final", "failed")
    path = f"/suppliers/{MORNING_LIGHT}/track-record?on=2027-06-01"
    public = purchase.service.anonymous
    (ban,) = [
        one
        for one in (await public.get(path)).json()["consequences"]
        if one["kind"] == "purchase_ban"
    ]
    read = await public.get(f"/consequences/{ban['id']}")

    good(
        await purchase.decider.change(
            f"/consequences/{ban['id']}/lifting", read, json={"reason": "异议成立"}
        )
    )

    after = (await public.get(path)).json()
    assert after["may_be_bought_from"] is True
    assert len(after["consequences"]) == 3
