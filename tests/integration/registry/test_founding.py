"""From a draft to the register, over a real database."""

import asyncio

import pytest

from shared.errors import Unavailable
from tests.support.builders.registry import (
    agency,
    approved,
    code,
    filing,
    handled,
    named,
    people,
    registered,
    step,
    submitted,
)
from tests.support.service import at


def breaches(findings):
    return [f["clause"]["number"] for f in findings if f["outcome"] == "breached"]


async def test_three_people_take_an_application_onto_the_register(registry):
    await registry.clock.move_to(at(2023, 3, 6))

    found = await registered(registry)

    shown = (await registry.anonymous.get(f"/agencies/{found}")).json()
    assert shown["name"] == "惠济区晨光社会工作服务中心"
    assert shown["state"] == "registered"
    assert shown["registered_on"] == "2023-03-06"
    assert shown["seat_division"] == "410108001"
    assert shown["opening_funds"] == "100000.00"


async def test_exactly_one_third_qualified_is_enough(registry):
    path = await submitted(registry, people=people(full_time=6, qualified=2))

    read = await registry.as_(["agency"], client_id="founder").get(path)

    assert read.json()["state"] == "submitted"


async def test_a_person_short_learns_it_first_from_a_dry_run(registry):
    founder = registry.as_(["agency"], client_id="founder")
    draft = filing(name=named("远帆"), people=people(full_time=7, qualified=2))
    drafted = await founder.post("/applications", json=draft)
    path = f"/applications/{drafted.json()['id']}/submission"

    dry = await founder.change(f"{path}?dry=true", drafted)
    refused = await founder.change(path, drafted)

    assert dry.json()["outcome"] == "refused"
    assert breaches(dry.json()["findings"]) == ["5.1(3)"]
    assert refused.status_code == 409
    assert breaches(refused.json()["findings"]) == ["5.1(3)"]
    [finding] = [f for f in refused.json()["findings"] if f["outcome"] == "breached"]
    assert finding["figures"] == {"full_time": 7, "qualified": 2, "required": 3, "short": 1}
    read = await founder.get(f"/applications/{drafted.json()['id']}")
    assert read.json()["state"] == "draft"


async def test_a_refusal_lists_everything_that_is_wrong(registry):
    founder = registry.as_(["agency"], client_id="founder")
    drafted = await founder.post("/applications", json={"category": "other", "route": "direct"})

    refused = await founder.change(f"/applications/{drafted.json()['id']}/submission", drafted)

    assert set(breaches(refused.json()["findings"])) >= {"5.1(1)", "5.1(2)", "5.1(3)", "5.1(4)"}


async def test_one_person_may_not_do_two_of_the_three_steps(registry):
    path = await submitted(registry)
    office = registry.as_(["registrar"], client_id="clerk-1")
    await step(office, f"{path}/acceptance", on=path)

    refused = await step(office, f"{path}/review", {"recommends": True, "opinion": "同意"}, on=path)

    assert refused.status_code == 409
    assert [f["rule"] for f in refused.json()["findings"]] == ["done_by_another_person"]


async def test_silence_for_five_working_days_accepts_from_the_day_of_receipt(registry):
    await registry.clock.move_to(at(2023, 3, 6))
    path = await submitted(registry)
    founder = registry.as_(["agency"], client_id="founder")

    await registry.clock.move_to(at(2023, 3, 13))
    await registry.settle()
    on_the_last_day = (await founder.get(path)).json()
    await registry.clock.move_to(at(2023, 3, 14))
    await registry.settle()
    after = (await founder.get(path)).json()

    assert on_the_last_day["state"] == "submitted"
    assert on_the_last_day["answer_due"] == "2023-03-13"
    assert after["state"] == "accepted"
    assert after["accepted_by_silence"] is True
    assert after["accepted_on"] == "2023-03-06"
    assert after["decision_due"] == "2023-05-05"


async def test_what_is_missing_is_told_once(registry):
    path = await submitted(registry, materials=[])
    office = registry.as_(["registrar"], client_id="clerk-1")
    founder = registry.as_(["agency"], client_id="founder")

    not_yet = await step(office, f"{path}/acceptance", on=path)
    told = await step(office, f"{path}/correction", {"missing": ["章程草案"]}, on=path)
    await step(founder, f"{path}/submission", on=path)
    again = await step(office, f"{path}/correction", {"missing": ["验资报告"]}, on=path)

    assert breaches(not_yet.json()["findings"]) == ["9"]
    assert told.json()["state"] == "returned"
    assert again.status_code == 409
    assert [f["rule"] for f in again.json()["findings"] if f["outcome"] == "breached"] == [
        "told_for_the_first_time"
    ]


async def test_a_decision_after_sixty_days_is_told_and_still_made(registry):
    await registry.clock.move_to(at(2023, 3, 6))
    path = await submitted(registry)
    clerk = registry.as_(["registrar"], client_id="clerk-1")
    await step(clerk, f"{path}/acceptance", on=path)
    await registry.clock.move_to(at(2023, 5, 6))
    await registry.settle()
    reviewer = registry.as_(["registrar"], client_id="clerk-2")
    await step(reviewer, f"{path}/review", {"recommends": True, "opinion": "同意"}, on=path)
    approver = registry.as_(["registrar"], client_id="clerk-3")

    answer = await step(approver, f"{path}/approval?dry=true", {}, on=path)

    late = [f for f in answer.json()["findings"] if f["rule"] == "decided_in_sixty_days"]
    assert answer.json()["outcome"] == "accepted"
    assert late[0]["outcome"] == "warning"
    assert late[0]["figures"]["late"] == 1
    feed = await registry.anonymous.get("/events")
    assert "application.overdue" in [i["event"]["type"] for i in feed.json()["items"]]


async def test_a_certificate_needs_an_unused_code_of_this_district(registry):
    first = await registered(registry)
    path = await approved(registry, name=named("同行"), people=people(first=200))
    office = registry.as_(["registrar"], client_id="clerk-1")

    used = await step(
        office,
        f"{path}/certificate",
        {"credit_code": first, "certificate_number": "证字第2号"},
        on=path,
    )
    malformed = await step(
        office,
        f"{path}/certificate",
        {"credit_code": code(2)[:-1] + "0", "certificate_number": "证字第2号"},
        on=path,
    )

    assert [f["rule"] for f in used.json()["findings"] if f["outcome"] == "breached"] == [
        "code_is_unused"
    ]
    assert malformed.status_code == 422


async def test_an_application_is_its_founders_and_the_offices_alone(registry):
    path = await submitted(registry)

    other = await registry.as_(["agency"], client_id="stranger").get(path)
    office = await registry.as_(["registrar"], client_id="clerk-1").get(path)
    nobody = await registry.anonymous.get(path)

    assert (other.status_code, office.status_code, nobody.status_code) == (404, 200, 401)


async def test_a_resident_id_is_shown_masked_and_kept_encrypted(registry):
    path = await submitted(registry)
    number = filing()["people"][0]["resident_id"]

    shown = await registry.as_(["registrar"], client_id="clerk-1").get(f"{path}/people")
    database = await registry.database()
    rows = await database.fetch("SELECT * FROM founding_person")
    journal = await database.fetchval("SELECT string_agg(detail_text, '') FROM journal")
    await database.close()

    assert number not in shown.text
    assert shown.json()[0]["resident_id"].startswith("41*")
    assert all(number.encode() not in bytes(row["resident_id"]) for row in rows)
    assert number not in journal


async def test_a_wrong_resident_id_is_named_and_nothing_is_written(registry):
    founder = registry.as_(["agency"], client_id="founder")
    draft = filing()
    draft["people"][2]["resident_id"] = "410199199001010000"

    refused = await founder.post("/applications", json=draft)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/people/2/resident_id"
    assert (await founder.get("/applications")).json()["items"] == []


async def test_a_graduated_start_up_finds_its_application_born_from_its_file(registry):
    residency = "01931234-0000-7000-8000-000000000001"
    registry.upstream(
        "incubator",
        f"/residencies/{residency}/dossier",
        {
            "residency_id": residency,
            "client_id": "start-up-1",
            "application": {"name": named("小禾"), "purpose": "关爱农村留守儿童"},
        },
    )
    registry.hear(
        "incubator", "residency.graduated", f"residency/{residency}", {"residency_id": residency}
    )

    await registry.settle()
    await registry.settle()

    founder = registry.as_(["agency"], client_id="start-up-1")
    found = (await founder.get(f"/applications?residency_id={residency}")).json()["items"]
    assert [(a["state"], a["name"]) for a in found] == [("draft", "惠济区小禾社会工作服务中心")]


async def test_an_application_born_from_a_whole_file_goes_onto_the_register(registry):
    residency = "01931234-0000-7000-8000-000000000001"
    held = ("purpose", "scope", "methods", "client_groups", "seat", "assets", "people", "materials")
    whole = {part: filing()[part] for part in held} | {"name": named("小禾")}
    dossier = {"residency_id": residency, "client_id": "start-up", "application": whole}
    registry.upstream("incubator", f"/residencies/{residency}/dossier", dossier)
    registry.hear("incubator", "residency.graduated", f"residency/{residency}", {})
    await registry.settle()
    founder = registry.as_(["agency"], client_id="start-up")
    [born] = (await founder.get(f"/applications?residency_id={residency}")).json()["items"]
    path = f"/applications/{born['id']}"

    await step(founder, f"{path}/submission", on=path)
    await handled(registry, path)
    office = registry.as_(["registrar"], client_id="clerk-1")
    details = {"credit_code": code(7), "certificate_number": "证字第7号"}
    certified = await step(office, f"{path}/certificate", details, on=path)

    assert certified.json()["state"] == "certified"
    assert (await registry.anonymous.get(f"/agencies/{code(7)}")).json()["name"] == (
        "惠济区小禾社会工作服务中心"
    )


async def test_two_offices_cannot_give_one_code_at_the_same_moment(registry):
    paths = [
        await approved(registry, name=named(trade), people=people(first=first))
        for trade, first in (("晨光", 1), ("同行", 200))
    ]
    office = registry.as_(["registrar"], client_id="clerk-1")
    details = {"credit_code": code(1), "certificate_number": "证字第1号"}

    answers = await asyncio.gather(
        *(step(office, f"{path}/certificate", details, on=path) for path in paths)
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len((await registry.anonymous.get("/agencies")).json()["items"]) == 1


async def test_a_file_that_does_not_fit_is_refused_and_the_feed_goes_on(registry):
    first, second = (f"01931234-0000-7000-8000-00000000000{n}" for n in (1, 2))
    for residency, application in (
        (first, {"people": [{"name": "张某", "resident_id": "41**************12"}]}),
        (second, {"purpose": "关爱农村留守儿童"}),
    ):
        dossier = {"residency_id": residency, "client_id": "start-up", "application": application}
        registry.upstream("incubator", f"/residencies/{residency}/dossier", dossier)
        registry.hear("incubator", "residency.graduated", f"residency/{residency}", {})

    await registry.settle()

    born = await registry.as_(["agency"], client_id="start-up").get("/applications")
    assert [application["residency_id"] for application in born.json()["items"]] == [second]


async def test_a_silent_incubator_is_asked_again(registry):
    residency = "01931234-0000-7000-8000-000000000001"
    dossier = {"residency_id": residency, "client_id": "start-up", "application": {}}
    registry.upstream("incubator", f"/residencies/{residency}/dossier", dossier)
    registry.hear("incubator", "residency.graduated", f"residency/{residency}", {})
    registry.silent.add("incubator")
    with pytest.raises(Unavailable):
        await registry.settle()
    registry.silent.clear()

    await registry.settle()

    born = await registry.as_(["agency"], client_id="start-up").get("/applications")
    assert len(born.json()["items"]) == 1


async def test_a_registered_agency_acts_for_itself_alone(registry):
    first = await registered(registry)
    second = await registered(registry, 2, name=named("同行"), people=people(first=200))

    own = await agency(registry, first).get(f"/agencies/{first}/workers")
    others = await agency(registry, first).get(f"/agencies/{second}/workers")

    assert len(own.json()) == 6
    assert others.status_code == 404
