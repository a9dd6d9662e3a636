"""Whatever a field holds, the incubator answers with a problem and never breaks."""

from tests.integration.incubator.conftest import Hatchery
from tests.support.builders.incubator import (
    admission_round,
    base,
    budget,
    founding_file,
    fund,
    grant,
    rule_document,
    seedling,
    stay,
    venue,
)
from tests.support.hostile import breakages


async def test_no_value_of_any_field_breaks_the_incubator(hatchery: Hatchery) -> None:
    residency = await hatchery.take_in()
    fund_id, room = await hatchery.open_fund(), await hatchery.add_venue()
    later = admission_round(hatchery.base, closes_on="2026-05-01")
    round_id = (await hatchery.made(hatchery.manager, "/rounds", later))["id"]
    days = {"residency_id": residency, "starts_on": "2026-04-01", "ends_on": "2026-04-02"}
    milestone = {"stage": "sprouting", "title": "完成备案", "due_on": "2026-09-09"}
    money = {"amount": "1.00", "basis": "惠财预〔2026〕12号"}
    cost = {"year": 2026, "line": "daily_operation", "purpose": "水电", "reference": "凭证1"}
    office, finance, startup = hatchery.manager, hatchery.finance, hatchery.startup
    home = f"/bases/{hatchery.base}"

    broken = [
        *await breakages(office, "POST", "/bases", base()),
        *await breakages(office, "POST", f"{home}/rule-documents", rule_document("admission")),
        *await breakages(finance, "PUT", f"{home}/budgets/2026", budget()),
        *await breakages(office, "POST", f"{home}/expenses", {**cost, "amount": "1.00"}),
        *await breakages(office, "POST", "/venues", venue(hatchery.base)),
        *await breakages(office, "POST", f"/venues/{room}/allocations", days),
        *await breakages(office, "POST", "/rounds", later),
        *await breakages(startup, "POST", f"/rounds/{round_id}/candidates", seedling()),
        *await breakages(office, "POST", "/residencies", stay(residency)),
        *await breakages(startup, "PUT", f"/residencies/{residency}/file", founding_file()),
        *await breakages(office, "POST", f"/residencies/{residency}/milestones", milestone),
        *await breakages(finance, "POST", "/funds", fund(year=2027)),
        *await breakages(finance, "POST", f"/funds/{fund_id}/appropriations", money),
        *await breakages(office, "POST", "/grants", grant(fund_id, residency)),
    ]

    assert broken == []
