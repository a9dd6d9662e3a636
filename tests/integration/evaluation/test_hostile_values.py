"""Whatever a field holds, the evaluation service answers with a problem and never breaks."""

from tests.integration.evaluation.conftest import Rating
from tests.support.builders.evaluation import (
    MORNING_LIGHT,
    clean_record,
    committee,
    contract_signed,
    evaluator,
    expert_sheet,
    project_items,
    scheme,
    scoring,
    self_sheet,
)
from tests.support.hostile import breakages
from tests.support.service import ServiceUnderTest, at

CONTRACT = "0197f000-0000-7000-8000-0000000000c1"


async def test_no_value_of_any_field_breaks_a_rating(rating: Rating) -> None:
    tied = evaluator(ties=[{"credit_code": MORNING_LIGHT, "kind": "kin", "until": "2024-01-01"}])
    office, agency, body = rating.office, rating.agency, rating.body
    broken = [
        *await breakages(office, "POST", "/schemes", scheme()),
        *await breakages(office, "POST", "/evaluators", tied),
        *await breakages(office, "POST", "/committees", committee()),
    ]
    await rating.apply()
    for who, what, given, method in [
        (agency, "sheets/self", self_sheet(), "PUT"),
        (office, "acceptance", clean_record(), "POST"),
        (office, "assignment", {"evaluator_id": rating.evaluator}, "POST"),
        (body, "sheets/expert", expert_sheet(735, "2025-10-09"), "PUT"),
        (office, "ballot", {"committee_id": rating.committee}, "POST"),
    ]:
        broken += await breakages(who, method, f"{rating.path}/{what}", given)
        assert (await rating.change(who, what, given, method)).status_code == 200
    vote = {"choice": "for", "reason": "同意"}
    broken += await breakages(rating.member(1), "POST", f"{rating.path}/votes", vote)

    assert broken == []


async def test_no_value_of_any_field_breaks_a_projects_evaluation(
    rating: Rating, evaluation: ServiceUnderTest
) -> None:
    evaluation.hear("procurement", "contract.signed", CONTRACT, contract_signed(CONTRACT))
    await evaluation.settle()
    [mid, _] = (await rating.office.get("/performances")).json()["items"]
    path = f"/performances/{mid['id']}"
    plan = {"evaluator_id": rating.evaluator, "items": project_items()}

    broken = await breakages(rating.office, "POST", f"{path}/assignment", plan)
    read = await rating.office.get(path)
    await rating.office.change(f"{path}/assignment", read, json=plan)
    await evaluation.clock.move_to(at(2026, 9, 1))
    broken += await breakages(rating.body, "POST", f"{path}/score", scoring())

    assert broken == []
