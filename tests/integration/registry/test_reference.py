"""The map, the calendar and the lists."""

from tests.support.builders.registry import step, submitted
from tests.support.service import at


async def test_a_term_that_reaches_an_unpublished_year_says_so(registry):
    asked = "/calendar/terms?from=2026-11-22&working_days=30"

    told = (await registry.anonymous.get(asked)).json()

    assert told["from"] == "2026-11-22"
    assert told["provisional"] is True
    assert told["ends_on"] == "2027-01-04"
    assert told["provisional_days"][0] == "2027-01-01"


async def test_a_loaded_notice_changes_the_answer_and_its_certainty(registry):
    asked = "/calendar/terms?from=2026-11-22&working_days=30"
    notice = {
        "year": 2027,
        "citation": "国办发明电〔2026〕某号（测试用）",
        "rest_days": [
            {"date": "2027-01-01", "name": "元旦"},
            {"date": "2027-01-04", "name": "元旦"},
        ],
        "working_weekends": ["2027-01-10"],
    }

    loaded = await registry.as_(["registrar"]).post("/calendar/notices", json=notice)
    told = (await registry.anonymous.get(asked)).json()

    assert loaded.status_code == 201, loaded.text
    assert (told["provisional"], told["ends_on"]) == (False, "2027-01-05")
    days = (await registry.anonymous.get("/calendar/days?year=2027")).json()
    assert days[9] == {
        "date": "2027-01-10",
        "is_workday": True,
        "name": "调休上班",
        "source": notice["citation"],
        "provisional": False,
    }


async def test_running_terms_are_counted_anew_when_the_notice_comes(registry):
    await registry.clock.move_to(at(2026, 12, 30))
    path = await submitted(registry)
    founder = registry.as_(["agency"], client_id="founder")
    before = (await founder.get(path)).json()
    notice = {
        "year": 2027,
        "citation": "国办发明电〔2026〕某号（测试用）",
        "rest_days": [
            {"date": day, "name": "元旦"} for day in ("2027-01-01", "2027-01-04", "2027-01-05")
        ],
        "working_weekends": [],
    }

    await registry.as_(["registrar"]).post("/calendar/notices", json=notice)
    await registry.settle()
    after = (await founder.get(path)).json()

    assert (before["answer_due"], before["answer_provisional"]) == ("2027-01-07", True)
    assert (after["answer_due"], after["answer_provisional"]) == ("2027-01-11", False)


async def test_a_notice_that_contradicts_itself_is_refused(registry):
    notice = {
        "year": 2027,
        "citation": "某号",
        "rest_days": [{"date": "2028-01-01", "name": "元旦"}],
        "working_weekends": [],
    }

    refused = await registry.as_(["registrar"]).post("/calendar/notices", json=notice)

    assert refused.status_code == 422


async def test_the_sixteen_lists_are_served_with_their_clauses(registry):
    lists = (await registry.anonymous.get("/codelists")).json()

    assert len(lists) == 16
    methods = next(found for found in lists if found["id"] == "service_method")
    assert methods["clause"]["number"] == "1.1a"
    assert len(methods["codes"]) == 8


async def test_the_district_has_eight_towns_and_ninety_two_communities(registry):
    async def count(query):
        answer = await registry.anonymous.get(f"/divisions?limit=200&on=2023-03-06&{query}")
        return len(answer.json()["items"])

    counted = [await count(f"kind={k}") for k in ("subdistrict", "town", "community", "village")]

    assert counted == [6, 2, 39, 53]
    assert await count("parent=410108") == 8


async def test_lists_of_divisions_are_read_page_by_page(registry):
    seen, path = [], "/divisions?limit=30&on=2023-03-06"
    while path:
        answer = await registry.anonymous.get(path)
        seen += [found["code"] for found in answer.json()["items"]]
        cursor = answer.json()["next"]
        path = cursor and f"/divisions?limit=30&on=2023-03-06&cursor={cursor}"

    assert len(seen) == len(set(seen)) == 101
    assert seen == sorted(seen)


async def test_a_wage_reference_is_recorded_with_its_source(registry):
    draft = {
        "year": 2022,
        "yearly": "93000.00",
        "published_on": "2023-06-01",
        "source": "某公报（测试用）",
    }

    await registry.as_(["registrar"]).post("/wage-references", json=draft)
    found = (await registry.anonymous.get("/wage-references")).json()

    assert [(w["year"], w["yearly"]) for w in found] == [(2022, "93000.00")]


async def test_a_withdrawn_application_cannot_be_accepted(registry):
    path = await submitted(registry)
    founder = registry.as_(["agency"], client_id="founder")
    await step(founder, f"{path}/withdrawal", on=path)

    refused = await step(registry.as_(["registrar"]), f"{path}/acceptance", on=path)

    assert refused.status_code == 409
    assert refused.json()["type"].endswith("/problems/move-not-allowed")
