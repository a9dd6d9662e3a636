"""What officers watch of the registry says what the registry itself answers."""

from typing import Any

from tests.support.builders.registry import agency, named, people, registered, submitted
from tests.support.service import ServiceUnderTest, at


async def watched(registry: ServiceUnderTest) -> Any:
    await registry.runtime.worker.watch()
    figures = registry.runtime.metrics.registry

    def value(name: str, **labels: str) -> float | None:
        return figures.get_sample_value(f"huishe_{name}", {"service": "registry", **labels})

    return value


async def test_coverage_is_what_the_registry_answers_of_that_day(registry):
    code = await registered(registry)
    other = await registered(registry, 2, name=named("同行"), people=people(first=200))
    own = agency(registry, code)
    site = {"name": "站", "address": "某路2号", "areas": ["care_of_older_people"]}
    opened = {"division": "410108100", "opened_on": "2026-03-02"}
    assert (await own.post(f"/agencies/{code}/sites", json=site | opened)).status_code == 201
    for held, community in ((code, "410108001001"), (other, "410108001200")):
        caller = agency(registry, held)
        worker = (await caller.get(f"/agencies/{held}/workers")).json()[0]["worker_id"]
        posting = {"worker_id": worker, "community": community, "since": "2026-03-02"}
        answer = await caller.post(f"/agencies/{held}/postings", json=posting)
        assert answer.status_code == 201, answer.text
    inspector = registry.as_(["supervisor"])
    read = await inspector.get(f"/agencies/{other}")
    await inspector.change(f"/agencies/{other}/suspension", read, json={"ground": "违反章程"})

    value = await watched(registry)

    answered = (await registry.anonymous.get("/coverage")).json()
    expected = {
        "towns": answered["by_either"],
        "communities": answered["workers_in"]["communities"],
        "villages": answered["workers_in"]["villages"],
    }
    for of, answer in expected.items():
        assert value("coverage_divisions", of=of, which="covered") == answer["covered"]
        assert value("coverage_divisions", of=of, which="all") == answer["total"]
    # Two towns by seat and site, one community; the village's agency is suspended.
    assert [expected[of]["covered"] for of in expected] == [2, 1, 0]


async def test_an_application_is_due_before_it_is_overdue(registry):
    await registry.clock.move_to(at(2023, 3, 6))
    await submitted(registry)
    told = []
    for day in (at(2023, 3, 6), at(2023, 3, 13), at(2023, 3, 14)):
        await registry.clock.move_to(day)
        value = await watched(registry)
        told.append(
            tuple(
                value("work_due", work="application.answer", when=when)
                for when in ("week", "overdue")
            )
        )

    assert told == [(0, 0), (1, 0), (0, 1)]
    assert value("things", subject="application", state="submitted") == 1
    assert value("things", subject="application", state="refused") == 0


async def test_the_last_published_year_is_told_until_a_notice_brings_the_next(registry):
    before = (await watched(registry))("calendar_last_published_year")
    notice = {
        "year": 2027,
        "citation": "国办发明电〔2026〕1号",
        "rest_days": [{"date": "2027-01-01", "name": "元旦"}],
        "working_weekends": [],
    }
    loaded = await registry.as_(["registrar"]).post("/calendar/notices", json=notice)
    assert loaded.status_code == 201, loaded.text

    after = (await watched(registry))("calendar_last_published_year")

    assert (before, after) == (2026, 2027)
