"""Annual inspections, and the standing that others ask for."""

import pytest

from tests.support.builders.registry import agency, people, person, registered, step
from tests.support.service import at

REPORT = {
    "income": "300000.00",
    "income_from_purchase": "200000.00",
    "expenditure": "280000.00",
    "activities": 12,
    "clients_served": 340,
    "summary": "全年开展社区服务。",
}


async def inspected(registry, code, year, conclusion, reasons=""):
    """The whole inspection for a year, in the spring after it."""
    await registry.clock.move_to(at(year + 1, 3, 1))
    await registry.settle()
    found = await registry.anonymous.get(f"/inspections?credit_code={code}&year={year}")
    path = f"/inspections/{found.json()['items'][0]['id']}"
    filed = await step(agency(registry, code), f"{path}/report", REPORT, on=path)
    assert filed.status_code == 200, filed.text
    await registry.clock.move_to(at(year + 1, 6, 10))
    draft = {"conclusion": conclusion, "reasons": reasons}
    concluded = await step(registry.as_(["supervisor"]), f"{path}/conclusion", draft, on=path)
    assert concluded.status_code == 200, concluded.text


async def standing(registry, code, on):
    return (await registry.anonymous.get(f"/agencies/{code}/standing?on={on}")).json()


async def test_two_passes_running_are_told_from_the_day_of_the_second(registry):
    await registry.clock.move_to(at(2023, 3, 6))
    code = await registered(registry)
    await inspected(registry, code, 2023, "pass")
    await inspected(registry, code, 2024, "pass")

    on_days = {
        day: (await standing(registry, code, day))["two_consecutive_passes"]
        for day in ("2024-06-10", "2025-06-09", "2025-06-10", "2026-03-02")
    }

    assert on_days == {
        "2024-06-10": False,
        "2025-06-09": False,
        "2025-06-10": True,
        "2026-03-02": True,
    }
    told = await standing(registry, code, "2026-03-02")
    assert told["inspections"] == [
        {"year": 2023, "conclusion": "pass"},
        {"year": 2024, "conclusion": "pass"},
    ]


@pytest.mark.parametrize("second", ["basic", "fail"])
async def test_anything_but_a_pass_breaks_the_row(registry, second):
    await registry.clock.move_to(at(2023, 3, 6))
    code = await registered(registry)
    await inspected(registry, code, 2023, "pass")
    await inspected(registry, code, 2024, second, "财务制度不健全")

    told = await standing(registry, code, "2026-03-02")

    assert told["two_consecutive_passes"] is False
    [finding] = [f for f in told["findings"] if f["rule"] == "two_newest_inspections_passed"]
    assert finding["outcome"] == "warning"
    assert finding["clause"]["number"] == "6.1(7)"


async def test_a_young_agency_is_not_called_for_its_first_year(registry):
    await registry.clock.move_to(at(2023, 7, 3))
    code = await registered(registry)

    await registry.clock.move_to(at(2025, 2, 3))
    await registry.settle()

    found = (await registry.anonymous.get(f"/inspections?credit_code={code}")).json()["items"]
    assert [(i["year"], i["state"], i["due_on"]) for i in found] == [(2024, "called", "2025-05-31")]


async def test_a_report_that_never_came_is_overdue_and_no_pass(registry):
    await registry.clock.move_to(at(2023, 3, 6))
    code = await registered(registry)
    await inspected(registry, code, 2023, "pass")
    await registry.clock.move_to(at(2025, 6, 2))
    await registry.settle()

    [late] = (await registry.anonymous.get(f"/inspections?credit_code={code}&year=2024")).json()[
        "items"
    ]
    told = await standing(registry, code, "2025-06-02")

    assert late["state"] == "overdue"
    assert told["two_consecutive_passes"] is False
    assert {"year": 2024, "conclusion": "unfiled"} in [
        y for f in told["findings"] if "years" in f["figures"] for y in f["figures"]["years"]
    ]


async def test_the_standing_of_a_past_day_shows_who_worked_there_then(registry):
    await registry.clock.move_to(at(2023, 3, 6))
    code = await registered(registry, people=people(full_time=3, qualified=1))
    own = agency(registry, code)
    await registry.clock.move_to(at(2024, 5, 6))
    newcomer = person(50, employment="full_time", title="社工", started_on="2024-05-06")
    taken = await own.post(f"/agencies/{code}/posts", json=newcomer)
    assert taken.status_code == 201, taken.text
    await registry.clock.move_to(at(2025, 5, 6))
    await own.change(f"/posts/{taken.json()['id']}/leaving", taken, json={})

    counted = [
        (told["full_time_staff"], told["qualified_staff"])
        for day in ("2023-03-05", "2023-03-06", "2024-05-06", "2025-05-06")
        for told in [await standing(registry, code, day)]
    ]

    assert counted == [(0, 0), (3, 1), (4, 1), (3, 1)]


async def test_before_its_registration_an_agency_is_not_registered(registry):
    await registry.clock.move_to(at(2023, 3, 6))
    code = await registered(registry)

    told = await standing(registry, code, "2023-03-05")

    assert (told["registered"], told["active"], told["suspended"]) == (False, False, False)


async def test_a_suspension_shows_on_its_days_alone(registry):
    await registry.clock.move_to(at(2023, 3, 6))
    code = await registered(registry)
    inspector = registry.as_(["supervisor"])
    await registry.clock.move_to(at(2024, 5, 6))
    path = f"/agencies/{code}"
    await step(inspector, f"{path}/suspension", {"ground": "超出业务范围"}, on=path)
    await registry.clock.move_to(at(2024, 7, 1))
    await step(inspector, f"{path}/reinstatement", on=path)

    shown = [
        (await standing(registry, code, day))["suspended"]
        for day in ("2024-05-05", "2024-05-06", "2024-06-30", "2024-07-01")
    ]

    assert shown == [False, True, True, False]


async def test_a_projects_result_enters_the_standing_once_with_its_cause(registry):
    await registry.clock.move_to(at(2023, 3, 6))
    code = await registered(registry)
    data = {
        "performance_id": "01931234-0000-7000-8000-000000000009",
        "contract_id": "01931234-0000-7000-8000-000000000008",
        "credit_code": code,
        "stage": "mid",
        "score": "87.50",
        "result": "good",
        "concluded_on": "2023-03-06",
    }
    for _ in range(2):
        registry.hear(
            "evaluation", "performance.concluded", f"performance/{data['performance_id']}", data
        )
    cause = registry.feeds["evaluation"][0]["event"]["id"]

    await registry.settle()

    [told] = (await standing(registry, code, "2023-03-06"))["performance"]
    assert told == {
        "contract_id": data["contract_id"],
        "stage": "mid",
        "grade": "good",
        "score": "87.50",
        "concluded_on": "2023-03-06",
        "cause_event": cause,
        "cause_position": 1,
    }
    assert (await standing(registry, code, "2023-03-05"))["performance"] == []


async def test_three_full_members_without_an_organisation_are_told(registry):
    await registry.clock.move_to(at(2023, 3, 6))
    staff = people(full_time=6, qualified=2)
    for member, status in zip(staff, ("full", "full", "full", "probationary"), strict=False):
        member["party"] = {"status": status}
    code = await registered(registry, people=staff)
    path = f"/agencies/{code}"

    due = await standing(registry, code, "2023-03-06")
    await step(
        agency(registry, code),
        f"{path}/party-organisation",
        {"kind": "branch", "founded_on": "2023-03-06"},
        on=path,
    )
    there = await standing(registry, code, "2023-03-06")

    assert due["party_members"] == 3
    outcome = {
        name: [f["outcome"] for f in told["findings"] if f["clause"]["number"] == "4.5(1)"]
        for name, told in (("due", due), ("there", there))
    }
    assert outcome == {"due": ["warning"], "there": ["met"]}


async def test_an_unknown_agency_has_no_standing(registry):
    answer = await registry.anonymous.get("/agencies/52410108MJ0000018R/standing")

    assert answer.status_code == 404
    assert answer.json()["type"].endswith("/problems/not-found")


async def test_nobody_sits_in_council_and_supervisors_at_once(registry):
    code = await registered(registry)
    path = f"/agencies/{code}"
    one, two, three, four = (person(n) for n in (60, 61, 62, 63))

    refused = await step(
        agency(registry, code),
        f"{path}/bodies",
        {"council": [one, two, three], "supervisors": [three]},
        on=path,
    )
    seated = await step(
        agency(registry, code),
        f"{path}/bodies",
        {"council": [one, two, three], "supervisors": [four]},
        on=path,
    )

    assert [
        f["clause"]["number"] for f in refused.json()["findings"] if f["outcome"] == "breached"
    ] == ["4.3(3)"]
    assert [g["body"] for g in seated.json()] == ["council"] * 3 + ["supervisors"]


async def test_a_cancelled_agency_leaves_the_register_with_its_papers(registry):
    await registry.clock.move_to(at(2023, 3, 6))
    code = await registered(registry)
    path = f"/agencies/{code}"
    office = registry.as_(["registrar"])
    await registry.clock.move_to(at(2026, 3, 2))
    order = {
        "liquidation_ended_on": "2026-02-20",
        "certificate_returned": True,
        "seal_returned": False,
    }

    refused = await step(office, f"{path}/cancellation", order, on=path)
    done = await step(office, f"{path}/cancellation", {**order, "seal_returned": True}, on=path)

    assert refused.status_code == 409
    assert (done.json()["state"], done.json()["cancelled_on"]) == ("cancelled", "2026-03-02")
    assert (await standing(registry, code, "2026-03-01"))["registered"] is True
    assert (await standing(registry, code, "2026-03-02"))["registered"] is False


async def test_a_day_before_the_law_is_refused_by_the_day_it_began(registry):
    code = await registered(registry)

    asked = await registry.anonymous.get(f"/agencies/{code}/standing?on=1999-12-31")

    assert asked.status_code == 422
    assert "2016-08-29" in asked.json()["errors"][0]["rule"]
