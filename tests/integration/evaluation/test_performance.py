"""The evaluation of a purchased project, from the signed contract to the announced result."""

from uuid import uuid4

import httpx
import pytest

from tests.support.builders.evaluation import (
    ASSESSORS,
    FELLOWS,
    MORNING_LIGHT,
    contract_signed,
    evaluator,
    project_items,
    scoring,
)
from tests.support.service import Caller, ServiceUnderTest, at

CONTRACT = str(uuid4())


@pytest.fixture
async def office(evaluation: ServiceUnderTest) -> Caller:
    """An office with a signed contract and an accredited body."""
    await evaluation.clock.move_to(at(2026, 4, 28))
    evaluation.hear(
        "procurement", "contract.signed", f"contract/{CONTRACT}", contract_signed(CONTRACT)
    )
    await evaluation.settle()
    await evaluation.clock.move_to(at(2026, 9, 1))
    return evaluation.as_(["supervisor"])


async def opened(office: Caller) -> list[httpx.Response]:
    listed = await office.get(f"/performances?contract_id={CONTRACT}")
    return [await office.get(f"/performances/{one['id']}") for one in listed.json()["items"]]


async def scored(
    evaluation: ServiceUnderTest, office: Caller, **survey: int
) -> tuple[str, httpx.Response]:
    body = await office.post("/evaluators", json=evaluator())
    mid, _ = await opened(office)
    path = f"/performances/{mid.json()['id']}"
    assigned = await office.change(
        f"{path}/assignment",
        mid,
        json={"evaluator_id": body.json()["id"], "items": project_items()},
    )
    assert assigned.status_code == 200, assigned.text
    scorer = evaluation.as_(["evaluator"], org=ASSESSORS)
    return path, await scorer.change(f"{path}/score", assigned, json=scoring(**survey))


async def test_a_signed_contract_opens_a_mid_term_and_a_final_evaluation(office: Caller) -> None:
    found = [one.json() for one in await opened(office)]

    assert [(one["stage"], one["due_on"]) for one in found] == [
        ("mid", "2026-08-31"),
        ("final", "2026-12-31"),
    ]
    assert {one["state"] for one in found} == {"opened"}


async def test_a_contract_told_of_twice_is_evaluated_once(
    evaluation: ServiceUnderTest, office: Caller
) -> None:
    evaluation.hear(
        "procurement", "contract.signed", f"contract/{CONTRACT}", contract_signed(CONTRACT)
    )
    await evaluation.settle()

    assert len(await opened(office)) == 2


async def test_the_score_is_exact_and_satisfaction_comes_from_counts(
    evaluation: ServiceUnderTest, office: Caller
) -> None:
    path, answer = await scored(evaluation, office)

    assert answer.status_code == 200, answer.text
    assert answer.json()["score"] == "87.50"
    assert answer.json()["result"] == "good"
    concluded = await office.change(f"{path}/conclusion", answer)
    assert concluded.json()["concluded_on"] == "2026-09-01"


async def test_the_concluded_result_is_told_as_others_rely_on_it(
    evaluation: ServiceUnderTest, office: Caller
) -> None:
    path, answer = await scored(evaluation, office)
    await office.change(f"{path}/conclusion", answer)
    await evaluation.settle()

    feed = (await office.get("/events?after=0&limit=200")).json()["items"]

    told = [e["event"]["data"] for e in feed if e["event"]["type"] == "performance.concluded"]
    assert told == [
        {
            "performance_id": path.rsplit("/", 1)[1],
            "contract_id": CONTRACT,
            "credit_code": MORNING_LIGHT,
            "stage": "mid",
            "score": "87.50",
            "result": "good",
            "concluded_on": "2026-09-01",
            "state": "concluded",
        }
    ]


async def test_an_empty_survey_scores_nothing(evaluation: ServiceUnderTest, office: Caller) -> None:
    nobody = {"very_satisfied": 0, "satisfied": 0, "neutral": 0, "dissatisfied": 0}

    _, refused = await scored(evaluation, office, **nobody)

    assert refused.status_code == 409
    breaches = [f["rule"] for f in refused.json()["findings"] if f["outcome"] == "breached"]
    assert breaches == ["the_survey_adds_up"]


async def test_a_survey_takes_no_names(evaluation: ServiceUnderTest, office: Caller) -> None:
    _, refused = await scored(evaluation, office, names=["somebody"])  # type: ignore[arg-type]

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/survey/names"


async def test_another_body_does_not_see_the_evaluation(
    evaluation: ServiceUnderTest, office: Caller
) -> None:
    path, answer = await scored(evaluation, office)
    other = evaluation.as_(["evaluator"], org=FELLOWS)

    assert (await other.get(path)).status_code == 404
    refused = await other.change(f"{path}/score", answer, json=scoring())
    assert refused.status_code == 404


async def test_an_objection_holds_the_conclusion_until_it_is_answered(
    evaluation: ServiceUnderTest, office: Caller
) -> None:
    path, answer = await scored(evaluation, office)
    agency = evaluation.as_(["agency"], org=MORNING_LIGHT)

    objected = await agency.change(
        f"{path}/objection", answer, json={"grounds": "服务台账漏计两场活动"}
    )
    held = await office.change(f"{path}/conclusion", objected)
    dismissed = await office.change(
        f"{path}/objection/answer", objected, json={"upheld": False, "answer": "已核对"}
    )
    concluded = await office.change(f"{path}/conclusion", dismissed)

    assert held.status_code == 409
    assert concluded.json()["state"] == "concluded"


async def test_the_evaluating_body_does_not_object_for_the_agency_that_it_evaluates(
    evaluation: ServiceUnderTest, office: Caller
) -> None:
    path, answer = await scored(evaluation, office)
    as_an_agency = evaluation.as_(["agency"], org=str(ASSESSORS))

    objected = await as_an_agency.change(f"{path}/objection", answer, json={"grounds": "计分有误"})

    assert objected.status_code == 404
    assert (await as_an_agency.get(path)).status_code == 404
