"""The grading of an agency, from its application to the day its grade counts."""

import pytest

from tests.integration.evaluation.conftest import OLD_LAW, Rating, breached
from tests.support.builders.evaluation import (
    ASSESSORS,
    FELLOWS,
    MORNING_LIGHT,
    clean_record,
    committee,
    expert_sheet,
    scheme,
    self_sheet,
    standing,
)
from tests.support.service import ServiceUnderTest, at


async def test_a_grade_of_2025_is_valid_for_five_years_from_its_decision(
    rating: Rating, evaluation: ServiceUnderTest
) -> None:
    await rating.up_to_notice(marks=735)
    await evaluation.clock.move_to(at(2025, 10, 17))

    announced = await rating.change(rating.office, "announcement")

    assert announced.status_code == 200, announced.text
    assert announced.json()["grade"] == "3A"
    grade = await rating.grade_on("2026-03-10")
    assert grade["grade"] == "3A"
    assert grade["law"] == "民政部令第39号（2011）"
    assert (grade["valid_from"], grade["valid_until"]) == ("2025-10-09", "2030-10-09")
    assert (await rating.grade_on("2025-10-16"))["grade"] is None
    assert (await rating.grade_on("2030-10-09"))["grade"] == "3A"
    assert (await rating.grade_on("2030-10-10"))["grade"] is None


async def test_a_grade_applied_for_under_the_new_law_begins_on_the_first_of_january(
    rating: Rating, evaluation: ServiceUnderTest
) -> None:
    await evaluation.clock.move_to(at(2026, 3, 1))
    await rating.up_to_notice()
    await evaluation.clock.move_to(at(2026, 3, 20))
    await rating.change(rating.office, "announcement")

    before, after = await rating.grade_on("2026-12-31"), await rating.grade_on("2027-01-01")

    assert before["grade"] is None
    assert after["grade"] == "3A"
    assert (after["valid_from"], after["valid_until"]) == ("2027-01-01", "2031-12-31")


async def test_a_ballot_without_quorum_decides_nothing(rating: Rating) -> None:
    await rating.up_to_scored()
    await rating.call_ballot()
    for number in range(1, 5):
        await rating.vote(number)

    refused = await rating.change(rating.office, "decision")

    assert refused.status_code == 409
    assert breached(refused) == ["enough_members_were_present"]


async def test_a_majority_of_those_present_is_not_a_majority_of_all(rating: Rating) -> None:
    await rating.up_to_scored()
    await rating.call_ballot()
    for number, choice in enumerate(["for", "for", "for", "against", "abstain"], start=1):
        await rating.vote(number, choice)

    refused = await rating.change(rating.office, "decision")
    returned = await rating.change(rating.office, "return", {"reason": "表决未通过"})

    assert breached(refused) == ["carried_by_the_whole_committee"]
    assert returned.json()["state"] == "assigned"


async def test_nobody_votes_twice_or_without_a_seat(rating: Rating) -> None:
    await rating.up_to_scored()
    await rating.call_ballot()
    await rating.vote(1)

    again, stranger = await rating.vote(1, "against"), await rating.vote(99)

    assert again.status_code == 409
    assert stranger.status_code == 404


async def test_the_evaluating_body_does_not_act_for_the_agency_that_it_evaluates(
    rating: Rating, evaluation: ServiceUnderTest
) -> None:
    await rating.up_to_scored()
    as_an_agency = evaluation.as_(["agency"], org=str(ASSESSORS))

    seen = await as_an_agency.get(rating.path)
    withdrawn = await rating.change(as_an_agency, "withdrawal")
    scored = await rating.change(as_an_agency, "sheets/self", self_sheet(), "PUT")
    listed = await as_an_agency.get("/assessments")

    assert [seen.status_code, withdrawn.status_code, scored.status_code] == [404, 404, 404]
    assert listed.json()["items"] == []
    assert (await rating.body.get(rating.path)).status_code == 200


async def test_whoever_left_the_agency_a_year_ago_stands_aside(
    rating: Rating, evaluation: ServiceUnderTest
) -> None:
    tied = committee()
    tied["members"][0]["ties"] = [
        {"credit_code": MORNING_LIGHT, "kind": "employment", "until": "2024-10-09"}
    ]
    rating.committee = (await rating.office.post("/committees", json=tied)).json()["id"]
    await rating.up_to_scored()
    await rating.call_ballot()

    refused, aside = await rating.vote(1), await rating.vote(1, "stand_aside")

    assert breached(refused) == ["votes_without_an_interest"]
    assert aside.status_code == 201


async def test_a_body_with_a_contract_with_the_agency_is_no_third_party(
    evaluation: ServiceUnderTest,
) -> None:
    await evaluation.clock.move_to(OLD_LAW)
    rating = Rating(evaluation)
    await rating.prepare(ties=[{"credit_code": MORNING_LIGHT, "kind": "contract"}])
    await rating.apply()
    await rating.change(rating.agency, "sheets/self", self_sheet(), "PUT")
    await rating.change(rating.office, "acceptance", clean_record())

    refused = await rating.change(rating.office, "assignment", {"evaluator_id": rating.evaluator})

    assert refused.status_code == 409
    assert breached(refused) == ["a_third_party"]


async def test_a_missed_gate_caps_the_grade(rating: Rating) -> None:
    await rating.up_to_scored(marks=850, gate=False)

    assert (await rating.read()).json()["proposed_grade"] == "3A"


async def test_a_silent_registry_lets_nobody_apply(
    rating: Rating, evaluation: ServiceUnderTest
) -> None:
    evaluation.silent.add("registry")

    refused = await rating.apply()

    assert refused.status_code == 503
    assert refused.headers["retry-after"]


async def test_an_agency_that_was_not_inspected_learns_it_from_a_dry_run(
    rating: Rating, evaluation: ServiceUnderTest
) -> None:
    path = f"/agencies/{MORNING_LIGHT}/standing"
    evaluation.upstream("registry", path, standing(inspections=[]))

    tried = await rating.agency.post("/assessments?dry=true", json={"scheme_id": rating.scheme})

    assert tried.json()["outcome"] == "refused"
    assert [f["rule"] for f in tried.json()["findings"] if f["outcome"] == "breached"] == [
        "inspected_for_the_last_year"
    ]


async def test_a_result_stays_on_notice_until_its_last_day_is_over(
    rating: Rating, evaluation: ServiceUnderTest
) -> None:
    await rating.up_to_notice()
    await evaluation.clock.move_to(at(2025, 10, 16, 23, 59))

    refused = await rating.change(rating.office, "announcement")

    assert breached(refused) == ["the_notice_is_over"]


async def test_an_upheld_objection_leads_to_a_re_check_and_a_new_ballot(
    rating: Rating, evaluation: ServiceUnderTest
) -> None:
    await rating.up_to_notice(marks=735)
    raised = await rating.agency.post(f"{rating.path}/objections", json={"grounds": "党建得分漏计"})
    objection = raised.json()["id"]
    await evaluation.clock.move_to(at(2025, 10, 17))

    early = await rating.change(rating.office, "announcement")
    answered = await rating.change(
        rating.office,
        f"objections/{objection}/answer",
        {"upheld": True, "answer": "予以复核"},
    )
    again = await rating.change(
        rating.body, "sheets/expert", expert_sheet(800, "2025-10-17"), "PUT"
    )

    assert breached(early) == ["every_objection_is_decided"]
    assert answered.json()["state"] == "assigned"
    assert again.json()["proposed_grade"] == "4A"
    sheets = (await rating.agency.get(f"{rating.path}/sheets")).json()["sheets"]
    assert [sheet["column"] for sheet in sheets] == ["self", "expert", "recheck"]
    assert [sheet["total"] for sheet in sheets] == ["780.00", "735.00", "800.00"]


async def test_an_assessment_is_hidden_from_others_until_it_is_on_notice(
    rating: Rating, evaluation: ServiceUnderTest
) -> None:
    await rating.up_to_scored()
    stranger = evaluation.as_(["agency"], org=FELLOWS)

    hidden = await stranger.get(rating.path)
    listed = await stranger.get("/assessments")

    assert hidden.status_code == 404
    assert listed.json()["items"] == []


async def test_a_published_scheme_never_changes(rating: Rating) -> None:
    read = await rating.office.get(f"/schemes/{rating.scheme}")

    refused = await rating.office.put(
        f"/schemes/{rating.scheme}", json=scheme(), headers={"if-match": read.headers["etag"]}
    )

    assert refused.status_code == 409
    assert read.json()["digest"]


async def test_a_scheme_that_does_not_add_up_is_not_published(evaluation: ServiceUnderTest) -> None:
    office = evaluation.as_(["supervisor"])
    wrong = scheme()
    wrong["tree"][0]["marks"] = "99.5"
    drafted = await office.post("/schemes", json=wrong)

    refused = await office.change(f"/schemes/{drafted.json()['id']}/publication", drafted)

    assert refused.status_code == 409
    assert breached(refused) == ["adds_up_to_full_marks", "every_branch_adds_up"]


async def test_marks_are_never_floats(evaluation: ServiceUnderTest) -> None:
    wrong = scheme()
    wrong["lines"][0]["least"] = 900.0

    refused = await evaluation.as_(["supervisor"]).post("/schemes", json=wrong)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/lines/0/least"


async def test_a_grade_expires_by_the_calendar_and_the_agency_may_apply_again(
    rating: Rating, evaluation: ServiceUnderTest
) -> None:
    await rating.up_to_notice()
    await evaluation.clock.move_to(at(2025, 10, 17))
    await rating.change(rating.office, "announcement")
    too_early = await rating.apply()
    await evaluation.clock.move_to(at(2030, 10, 10))

    await evaluation.settle()

    grades = (await evaluation.anonymous.get(f"/grades?credit_code={MORNING_LIGHT}")).json()
    assert breached(too_early) == ["free_to_be_rated"]
    assert [grade["state"] for grade in grades["items"]] == ["expired"]


async def test_a_cancelled_grade_counts_no_more(
    rating: Rating, evaluation: ServiceUnderTest
) -> None:
    await rating.up_to_notice()
    await evaluation.clock.move_to(at(2025, 10, 17))
    grade_id = (await rating.change(rating.office, "announcement")).json()["grade_id"]
    await evaluation.clock.move_to(at(2026, 1, 10))
    read = await rating.office.get(f"/grades/{grade_id}")

    await rating.office.change(
        f"/grades/{grade_id}/cancellation", read, json={"reason": "评估材料弄虚作假"}
    )

    assert (await rating.grade_on("2026-01-09"))["grade"] == "3A"
    assert (await rating.grade_on("2026-01-10"))["grade"] is None
    assert breached(await rating.apply()) == ["waited_after_a_cancelled_grade"]


@pytest.mark.parametrize("starts_on", ["0001-01-01", "9999-12-31"])
async def test_a_committee_sits_under_measures_that_are_known(
    evaluation: ServiceUnderTest, starts_on: str
) -> None:
    refused = await evaluation.as_(["supervisor"]).post(
        "/committees", json=committee(starts_on=starts_on)
    )

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/starts_on"
