"""The district's one base, its rules and its budget."""

import asyncio

from tests.integration.incubator.conftest import Hatchery, breached
from tests.support.builders.incubator import admission_round, base, budget, rule_document
from tests.support.service import at


async def test_the_district_has_one_base(hatchery: Hatchery) -> None:
    await hatchery.found_base()

    second = await hatchery.manager.post("/bases", json=base(name="第二基地"))

    assert second.status_code == 409
    assert breached(second) == ["the_only_base_of_the_district"]


async def test_of_two_bases_founded_at_once_one_stands(hatchery: Hatchery) -> None:
    answers = await asyncio.gather(
        *(hatchery.manager.post("/bases", json=base(name=f"基地{n}")) for n in range(4))
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_nobody_is_admitted_before_the_rules_are_in_force(hatchery: Hatchery) -> None:
    await hatchery.found_base("admission")

    refused = await hatchery.manager.post("/rounds", json=admission_round(hatchery.base))
    await hatchery.done(
        hatchery.manager,
        f"/bases/{hatchery.base}/rule-documents",
        rule_document("use_of_funds", in_force_from="2026-03-05"),
    )
    still = await hatchery.manager.post("/rounds", json=admission_round(hatchery.base))
    await hatchery.service.clock.move_to(at(2026, 3, 5))
    opened = await hatchery.manager.post("/rounds", json=admission_round(hatchery.base))

    assert breached(refused) == ["rules_for_admission_and_funds_are_in_force"]
    assert breached(still) == ["rules_for_admission_and_funds_are_in_force"]
    assert opened.status_code == 201


async def test_rules_are_not_made_for_the_past(hatchery: Hatchery) -> None:
    await hatchery.found_base()

    refused = await hatchery.step(
        hatchery.manager,
        f"/bases/{hatchery.base}/rule-documents",
        rule_document("admission", in_force_from="2026-03-01"),
    )

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/in_force_from"


async def test_a_line_of_the_budget_is_never_overspent(hatchery: Hatchery) -> None:
    await hatchery.found_base()
    path = f"/bases/{hatchery.base}"
    await hatchery.done(hatchery.finance, f"{path}/budgets/2026", budget("100.00"), "PUT")
    expense = {"year": 2026, "line": "daily_operation", "purpose": "水电", "reference": "凭证1"}

    over = await hatchery.step(
        hatchery.manager, f"{path}/expenses", {**expense, "amount": "100.01"}
    )
    whole = await hatchery.step(
        hatchery.manager, f"{path}/expenses", {**expense, "amount": "100.00"}
    )
    more = await hatchery.step(hatchery.manager, f"{path}/expenses", {**expense, "amount": "0.01"})
    lowered = await hatchery.step(hatchery.finance, f"{path}/budgets/2026", budget("99.99"), "PUT")

    assert breached(over) == ["within_the_appropriation"]
    assert whole.status_code == 201
    assert breached(more) == ["within_the_appropriation"]
    assert breached(lowered) == ["within_the_appropriation"]


async def test_a_budget_has_its_three_lines(hatchery: Hatchery) -> None:
    await hatchery.found_base()
    twice = budget()
    twice["lines"][1] = twice["lines"][0]

    refused = await hatchery.step(
        hatchery.finance, f"/bases/{hatchery.base}/budgets/2026", twice, "PUT"
    )

    assert refused.status_code == 422
