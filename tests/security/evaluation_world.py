"""Two agencies under assessment by two bodies before two committees; a third that has its grade."""

from typing import Any
from uuid import uuid4

from tests.integration.evaluation.conftest import OLD_LAW, Rating
from tests.security.world import OUR_BODY, OURS, THEIR_BODY, THEIRS, World, made
from tests.support.builders.evaluation import (
    FELLOWS,
    committee,
    contract_signed,
    evaluator,
    project_items,
    scheme,
    scoring,
    self_sheet,
    standing,
)
from tests.support.service import ServiceUnderTest, at


async def evaluation_world(service: ServiceUnderTest) -> World:
    world = World(service)
    await service.clock.move_to(OLD_LAW)
    office = service.as_(["supervisor"], client_id="officer-1")
    first = made(await office.post("/schemes", json=scheme()))
    path = f"/schemes/{first['id']}"
    made(await office.change(f"{path}/publication", await office.get(path)))
    ours = await _rated(world, first["id"], OURS, OUR_BODY, "panellist-ours")
    theirs = await _rated(world, first["id"], THEIRS, THEIR_BODY, "panellist-theirs")
    draft = made(await office.post("/schemes", json=scheme(title="草案")))["id"]
    await _announced(world, ours)
    await _performances(world, ours.evaluator, theirs.evaluator)
    world.keep("assessment", ours.path.split("/")[2], theirs.path.split("/")[2])
    world.keep("committee", ours.committee, theirs.committee)
    world.keep("evaluator", ours.evaluator, theirs.evaluator)
    world.keep("scheme", draft, draft)
    world.keep("agency", OURS, THEIRS, "credit_code")
    absent = {"subject": "assessment", "subject_id": "no-such-thing"}
    world.keep_public("told", absent, subject="assessment", subject_id=ours.path.split("/")[2])
    _bodies(world, ours, draft)
    return world


async def _rated(world: World, scheme_id: str, code: str, body: str, member: str) -> Rating:
    """Up to its ballot, before a committee on which that panellist sits."""
    rating = Rating(world.service, code)
    rating.scheme = scheme_id
    rating.body = world.service.as_(["evaluator"], org=body)
    accredited = evaluator(credit_code=body)
    rating.evaluator = made(await rating.office.post("/evaluators", json=accredited))["id"]
    seats = committee()
    seats["members"][0]["client_id"] = member
    rating.committee = made(await rating.office.post("/committees", json=seats))["id"]
    world.service.upstream("registry", f"/agencies/{code}/standing", standing(code))
    await rating.up_to_scored()
    await rating.call_ballot()
    return rating


async def _announced(world: World, other: Rating) -> None:
    """A third agency's assessment: objected to on its notice, answered, and announced."""
    rating = Rating(world.service, str(FELLOWS))
    rating.scheme, rating.evaluator = other.scheme, other.evaluator
    rating.committee, rating.body = other.committee, other.body
    world.service.upstream("registry", f"/agencies/{FELLOWS}/standing", standing(str(FELLOWS)))
    await rating.up_to_scored()
    await rating.call_ballot()
    for number in range(2, 8):
        made(await rating.vote(number))
    for what in ("decision", "notice"):
        made(await rating.change(rating.office, what))
    objection = made(
        await rating.agency.post(f"{rating.path}/objections", json={"grounds": "计分有误"})
    )
    assessment = {"assessment_id": rating.path.split("/")[2]}
    path = {**assessment, "objection_id": objection["id"]}
    world.keep_public("objection", {**assessment, "objection_id": str(uuid4())}, **path)
    answer = {"upheld": False, "answer": "经复核无误"}
    made(await rating.change(rating.office, f"objections/{objection['id']}/answer", answer))
    await world.service.clock.move_to(at(2025, 10, 20))
    made(await rating.change(rating.office, "announcement"))
    grade = (await rating.office.get("/grades")).json()["items"][0]["id"]
    world.keep("grade", grade, grade)


async def _performances(world: World, our_body: str, their_body: str) -> None:
    """A signed contract of each agency; its mid-term evaluation is given to each body."""
    service, found = world.service, []
    office = service.as_(["supervisor"], client_id="officer-1")
    await service.clock.move_to(at(2026, 4, 28))
    for code, body in ((OURS, our_body), (THEIRS, their_body)):
        contract = str(uuid4())
        told = contract_signed(contract, credit_code=code)
        service.hear("procurement", "contract.signed", f"contract/{contract}", told)
        await service.settle()
        listed = await office.get(f"/performances?contract_id={contract}")
        path = f"/performances/{listed.json()['items'][0]['id']}"
        draft = {"evaluator_id": body, "items": project_items()}
        made(await office.change(f"{path}/assignment", await office.get(path), json=draft))
        found.append(path.split("/")[2])
    world.keep("performance", *found)


def _bodies(world: World, ours: Rating, draft: str) -> None:
    reason: dict[str, Any] = {"reason": "依规处理"}
    world.bodies = {
        "score_itself": self_sheet(),
        "score_project": scoring(),
        "raise_objection": {"grounds": "计分有误"},
        "object_to_score": {"grounds": "计分有误"},
        "cast_vote": {"choice": "for"},
        "name_experts": {"experts": [{"client_id": "expert-9", "name": "程专家"}]},
        "reject_application": reason,
    }
    absent = str(uuid4())
    one, other = ({"scheme_id": scheme_id} for scheme_id in (draft, absent))
    world.named_in_bodies = [("apply_for_rating", "agency", (one, draft), (other, absent))]
