"""From the ranking to the hand-over, and the file that a registration application is born from."""

import asyncio

from services.registry.applications.schemas import ApplicationDraft
from services.registry.clients import Dossier
from tests.integration.incubator.conftest import Hatchery, breached
from tests.support.builders.incubator import (
    SYSTEMS,
    admission_round,
    seedling,
    stay,
    venue,
)
from tests.support.service import at


async def test_the_policys_lists_rank_before_the_panel_and_bar_nobody(hatchery: Hatchery) -> None:
    await hatchery.found_base(*SYSTEMS)
    await hatchery.open_round(places=2)
    other = hatchery.service.as_(["agency"], client_id="startup-other")
    third = hatchery.service.as_(["agency"], client_id="startup-third")
    await hatchery.enter(95, other, name="企业员工关怀（筹）", client_groups=[], service_fields=[])
    await hatchery.enter(60, third, name="老年人陪伴（筹）", service_fields=[])
    await hatchery.enter(70)

    await hatchery.rank()
    await hatchery.done(hatchery.manager, f"/rounds/{hatchery.round}/decision")

    ranking = (await hatchery.service.anonymous.get(f"/rounds/{hatchery.round}/ranking")).json()[
        "ranking"
    ]
    assert [(place["name"], place["state"]) for place in ranking] == [
        ("惠济区新苗社会工作服务中心（筹）", "chosen"),
        ("老年人陪伴（筹）", "chosen"),
        ("企业员工关怀（筹）", "not_chosen"),
    ]
    first = ranking[0]["explanation"]
    assert [(f["clause"]["number"], f["outcome"]) for f in first["findings"]] == [
        ("3.1(4)", "met"),
        ("3.1(5)", "met"),
    ]
    assert first["reason"]["en"] == "meets 2 of the two lists, the next 1"


async def test_the_first_check_is_owed_within_five_working_days(hatchery: Hatchery) -> None:
    await hatchery.found_base(*SYSTEMS)
    await hatchery.open_round()

    applied = await hatchery.made(
        hatchery.startup, f"/rounds/{hatchery.round}/candidates", seedling()
    )

    assert applied["check_due"] == "2026-03-09"
    assert hatchery.service.asked == ["/registry/v1/calendar/terms?from=2026-03-02&working_days=5"]


async def test_nobody_applies_after_the_last_day(hatchery: Hatchery) -> None:
    await hatchery.found_base(*SYSTEMS)
    await hatchery.open_round(closes_on="2026-03-12")
    await hatchery.service.clock.move_to(at(2026, 3, 13, 0, 0))

    late = await hatchery.startup.post(f"/rounds/{hatchery.round}/candidates", json=seedling())

    assert late.status_code == 409


async def test_a_round_is_not_ranked_while_a_candidate_waits(hatchery: Hatchery) -> None:
    await hatchery.found_base(*SYSTEMS)
    await hatchery.open_round()
    await hatchery.made(hatchery.startup, f"/rounds/{hatchery.round}/candidates", seedling())
    await hatchery.service.clock.move_to(at(2026, 3, 13))
    await hatchery.service.settle()

    refused = await hatchery.step(hatchery.manager, f"/rounds/{hatchery.round}/ranking")

    assert refused.status_code == 409


async def test_a_ranking_is_not_public_before_it_is_decided(hatchery: Hatchery) -> None:
    await hatchery.found_base(*SYSTEMS)
    await hatchery.open_round()
    await hatchery.enter(80)
    await hatchery.rank()

    hidden = await hatchery.service.anonymous.get(f"/rounds/{hatchery.round}/ranking")
    shown = await hatchery.manager.get(f"/rounds/{hatchery.round}/ranking")

    assert hidden.status_code == 404
    assert shown.status_code == 200


async def test_only_a_chosen_candidate_is_taken_in_and_for_a_year_at_most(
    hatchery: Hatchery,
) -> None:
    await hatchery.found_base(*SYSTEMS)
    await hatchery.open_round()
    candidate = await hatchery.enter(80)

    early = await hatchery.manager.post("/residencies", json=stay(candidate))
    await hatchery.rank()
    await hatchery.done(hatchery.manager, f"/rounds/{hatchery.round}/decision")
    long = await hatchery.manager.post("/residencies", json=stay(candidate, ends_on="2027-03-17"))
    begun = await hatchery.manager.post("/residencies", json=stay(candidate, ends_on="2027-03-16"))
    twice = await hatchery.manager.post("/residencies", json=stay(candidate))

    assert early.status_code == 422
    assert breached(long) == ["no_longer_than_the_period"]
    assert begun.status_code == 201
    assert twice.status_code == 409


async def test_a_stage_ends_when_its_milestones_are_reached(hatchery: Hatchery) -> None:
    residency = await hatchery.take_in()
    path = f"/residencies/{residency}"

    empty = await hatchery.step(hatchery.manager, f"{path}/advancement")
    await hatchery.reach("sprouting")
    advanced = await hatchery.done(hatchery.manager, f"{path}/advancement")

    assert breached(empty) == ["every_milestone_of_the_stage_is_reached"]
    assert advanced["state"] == "starting"


async def test_a_start_up_does_not_hatch_without_its_founding_file(hatchery: Hatchery) -> None:
    residency = await hatchery.take_in()
    await hatchery.grow_up()

    refused = await hatchery.step(hatchery.manager, f"/residencies/{residency}/graduation")

    assert breached(refused) == ["the_founding_file_is_whole"]


async def test_a_registration_application_is_born_from_the_file(hatchery: Hatchery) -> None:
    residency = await hatchery.take_in()
    await hatchery.grow_up()
    await hatchery.keep_file()

    graduated = await hatchery.done(hatchery.manager, f"/residencies/{residency}/graduation")
    registry = hatchery.service.as_(["service"], client_id="registry")
    answer = await registry.get(f"/residencies/{residency}/dossier")

    assert graduated["state"] == "graduated"
    assert graduated["hand_over_by"] == "2026-03-09"  # as the calendar answered
    born = Dossier.model_validate_json(answer.content)
    assert born.client_id == "startup-xinmiao"
    application = ApplicationDraft.model_validate(born.application)
    assert application.name is not None
    assert application.name.trade_name == "新苗"
    assert [person.head for person in application.people] == [True, False, False, False]


async def test_graduation_is_told_without_naming_anybody(hatchery: Hatchery) -> None:
    residency = await hatchery.take_in()
    await hatchery.grow_up()
    await hatchery.keep_file()
    await hatchery.done(hatchery.manager, f"/residencies/{residency}/graduation")
    await hatchery.service.settle()

    feed = await hatchery.service.anonymous.get("/events?after=0&limit=200")

    told = [e["event"] for e in feed.json()["items"] if "event" in e]
    graduated = [e["data"] for e in told if e["type"] == "residency.graduated"]
    assert [one["residency_id"] for one in graduated] == [residency]
    assert graduated[0]["name"] == "惠济区新苗社会工作服务中心（筹）"
    assert "李某" not in feed.text


async def test_people_lie_encrypted_in_the_database(hatchery: Hatchery) -> None:
    residency = await hatchery.take_in()
    await hatchery.keep_file()

    connection = await hatchery.service.database()
    try:
        kept = await connection.fetch("SELECT people::text, file::text FROM residency")
        journalled = await connection.fetch("SELECT detail_text FROM journal")
    finally:
        await connection.close()

    everything = "".join(str(value) for row in [*kept, *journalled] for value in row.values())
    assert residency in everything
    assert "赵某" not in everything
    assert "SW2024000901" not in everything


async def test_a_false_identity_number_is_named_by_its_place(hatchery: Hatchery) -> None:
    residency = await hatchery.take_in()

    refused = await hatchery.step(
        hatchery.startup,
        f"/residencies/{residency}/file",
        {"people": [{"name": "李某", "resident_id": "410108199001010011"}]},
        "PUT",
    )

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/people/0/resident_id"


async def test_the_file_is_the_start_ups_own(hatchery: Hatchery) -> None:
    residency = await hatchery.take_in()
    stranger = hatchery.service.as_(["agency"], client_id="startup-other")
    path = f"/residencies/{residency}"

    read = await stranger.get(f"{path}/dossier")
    manager = await hatchery.manager.get(f"{path}/dossier")
    written = await hatchery.step(stranger, f"{path}/file", {}, "PUT")
    own = await hatchery.startup.get(f"{path}/dossier")

    assert read.status_code == 404
    assert manager.status_code == 403
    assert written.status_code == 404
    assert own.status_code == 200


async def test_a_silent_calendar_graduates_nobody(hatchery: Hatchery) -> None:
    residency = await hatchery.take_in()
    await hatchery.grow_up()
    await hatchery.keep_file()
    hatchery.service.silent.add("registry")

    refused = await hatchery.step(hatchery.manager, f"/residencies/{residency}/graduation")

    assert refused.status_code == 503


async def test_a_room_is_never_given_to_two_at_once(hatchery: Hatchery) -> None:
    residency = await hatchery.take_in()
    room = await hatchery.add_venue()
    wish = {"residency_id": residency, "starts_on": "2026-04-01", "ends_on": "2026-06-30"}
    path = f"/venues/{room}/allocations"

    answers = await asyncio.gather(*(hatchery.manager.post(path, json=wish) for _ in range(4)))
    touching = await hatchery.manager.post(
        path, json={**wish, "starts_on": "2026-06-30", "ends_on": "2026-07-31"}
    )
    following = await hatchery.manager.post(
        path, json={**wish, "starts_on": "2026-07-01", "ends_on": "2026-07-31"}
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert breached(touching) == ["the_venue_is_free"]
    assert following.status_code == 201


async def test_the_database_itself_refuses_a_double_booking(hatchery: Hatchery) -> None:
    residency = await hatchery.take_in()
    room = await hatchery.add_venue()
    wish = {"residency_id": residency, "starts_on": "2026-04-01", "ends_on": "2026-06-30"}
    await hatchery.made(hatchery.manager, f"/venues/{room}/allocations", wish)

    connection = await hatchery.service.database()
    try:
        outcome = await connection.execute(
            "INSERT INTO allocation (id, version, state, created_at, created_by, venue_id,"
            " residency_id, starts_on, ends_on) SELECT gen_random_uuid(), 1, 'held', now(), 'x',"
            " venue_id, residency_id, ends_on, ends_on FROM allocation"
            " ON CONFLICT DO NOTHING"
        )
    finally:
        await connection.close()

    assert outcome == "INSERT 0 0"


async def test_a_virtual_resident_gets_no_room(hatchery: Hatchery) -> None:
    residency = await hatchery.take_in(tenancy="virtual")
    room = await hatchery.add_venue()

    refused = await hatchery.manager.post(
        f"/venues/{room}/allocations",
        json={"residency_id": residency, "starts_on": "2026-04-01", "ends_on": "2026-04-02"},
    )

    assert breached(refused) == ["within_a_physical_stay"]


async def test_rooms_are_free_the_day_after_the_hand_over(hatchery: Hatchery) -> None:
    residency = await hatchery.take_in()
    room = await hatchery.add_venue()
    wish = {"residency_id": residency, "starts_on": "2026-03-16", "ends_on": "2027-03-15"}
    held = await hatchery.made(hatchery.manager, f"/venues/{room}/allocations", wish)
    await hatchery.grow_up()
    await hatchery.keep_file()
    await hatchery.service.clock.move_to(at(2026, 10, 9))
    await hatchery.done(hatchery.manager, f"/residencies/{residency}/graduation")

    await hatchery.done(hatchery.manager, f"/residencies/{residency}/hand-over")

    allocation = (await hatchery.manager.get(f"/allocations/{held['id']}")).json()
    assert (allocation["state"], allocation["ends_on"]) == ("returned", "2026-10-09")


async def test_a_venue_has_a_value_that_is_not_negative(hatchery: Hatchery) -> None:
    await hatchery.found_base()

    refused = await hatchery.manager.post(
        "/venues", json=venue(hatchery.base, monthly_value="-0.01")
    )

    assert refused.status_code == 422


async def test_an_unknown_base_opens_no_round(hatchery: Hatchery) -> None:
    refused = await hatchery.manager.post(
        "/rounds", json=admission_round("0197f000-0000-7000-8000-000000000001")
    )

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/base_id"


async def test_days_that_nobody_can_count_from_are_refused(hatchery: Hatchery) -> None:
    never = stay("0197f000-0000-7000-8000-000000000001", ends_on="9999-12-31")

    refused = await hatchery.manager.post("/residencies", json=never)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/ends_on"
