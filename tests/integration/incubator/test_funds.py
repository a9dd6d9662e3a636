"""Five instruments, one ledger: every yuan is a line, and the balance never goes below zero."""

import asyncio

from tests.integration.incubator.conftest import Hatchery, breached
from tests.support.builders.incubator import grant


async def test_a_subsidy_is_a_line_with_instrument_basis_and_period(hatchery: Hatchery) -> None:
    residency = await hatchery.take_in()
    await hatchery.open_fund("50000.00")
    proposed = await hatchery.reviewed_grant(value="20000.00")

    await hatchery.done(hatchery.finance, f"/grants/{proposed}/approval")

    ledger = (await hatchery.service.anonymous.get(f"/funds/{hatchery.fund}/ledger")).json()
    assert [
        (line["number"], line["instrument"], line["cash"], line["balance"])
        for line in ledger["items"]
    ] == [(1, None, "50000.00", "50000.00"), (2, "subsidy_or_reward", "-20000.00", "30000.00")]
    given = ledger["items"][1]
    assert (given["residency_id"], given["basis"], given["period_until"]) == (
        residency,
        "孵化基地资金使用制度第三条",
        "2026-09-15",
    )


async def test_premises_cost_the_fund_nothing_and_are_entered_at_their_value(
    hatchery: Hatchery,
) -> None:
    residency = await hatchery.take_in()
    await hatchery.open_fund("100.00")
    room = await hatchery.reviewed_grant(instrument="premises", value="18000.00")

    await hatchery.done(hatchery.finance, f"/grants/{room}/approval")

    support = (await hatchery.service.anonymous.get(f"/residencies/{residency}/support")).json()
    assert (support["value"], support["cash"]) == ("18000.00", "0.00")
    assert support["by_instrument"] == [
        {"instrument": "premises", "value": "18000.00", "cash": "0.00"}
    ]
    fund = (await hatchery.finance.get(f"/funds/{hatchery.fund}")).json()
    assert (fund["balance"], fund["given"]) == ("100.00", "18000.00")


async def test_nobody_approves_what_they_proposed_or_reviewed(hatchery: Hatchery) -> None:
    await hatchery.take_in()
    await hatchery.open_fund()
    proposed = await hatchery.made(
        hatchery.manager, "/grants", grant(hatchery.fund, hatchery.residency)
    )
    path = f"/grants/{proposed['id']}"
    both = hatchery.service.as_(["incubator_manager", "finance"], client_id="manager-2")

    own = await hatchery.step(hatchery.manager, f"{path}/review")
    await hatchery.done(both, f"{path}/review")
    again = await hatchery.step(both, f"{path}/approval")
    third = await hatchery.step(hatchery.finance, f"{path}/approval")

    assert breached(own) == ["by_different_people"]
    assert breached(again) == ["by_different_people"]
    assert third.status_code == 200


async def test_the_balance_stays_above_zero_when_all_draw_at_once(hatchery: Hatchery) -> None:
    await hatchery.take_in()
    await hatchery.open_fund("50000.00")
    wishes = [await hatchery.reviewed_grant(value="20000.00") for _ in range(5)]

    answers = await asyncio.gather(
        *(hatchery.step(hatchery.finance, f"/grants/{wish}/approval") for wish in wishes)
    )

    assert sorted(answer.status_code for answer in answers) == [200, 200, 409, 409, 409]
    refusals = [answer for answer in answers if answer.status_code == 409]
    assert {tuple(breached(answer)) for answer in refusals} == {("the_balance_stays_above_zero",)}
    fund = (await hatchery.finance.get(f"/funds/{hatchery.fund}")).json()
    assert fund["balance"] == "10000.00"
    ledger = (await hatchery.finance.get(f"/funds/{hatchery.fund}/ledger")).json()["items"]
    assert [line["balance"] for line in ledger] == ["50000.00", "30000.00", "10000.00"]


async def test_support_ends_with_the_early_stages(hatchery: Hatchery) -> None:
    await hatchery.take_in()
    await hatchery.open_fund()
    reviewed = await hatchery.reviewed_grant()
    await hatchery.grow_up()

    refused = await hatchery.step(hatchery.finance, f"/grants/{reviewed}/approval")
    late = await hatchery.manager.post("/grants", json=grant(hatchery.fund, hatchery.residency))

    assert breached(refused) == ["the_start_up_is_in_an_early_stage"]
    assert breached(late) == ["the_start_up_is_in_an_early_stage"]


async def test_a_closed_fund_gives_nothing(hatchery: Hatchery) -> None:
    await hatchery.take_in()
    await hatchery.open_fund()
    reviewed = await hatchery.reviewed_grant()
    await hatchery.done(hatchery.finance, f"/funds/{hatchery.fund}/closure")

    refused = await hatchery.step(hatchery.finance, f"/grants/{reviewed}/approval")

    assert breached(refused) == ["the_balance_stays_above_zero"]
