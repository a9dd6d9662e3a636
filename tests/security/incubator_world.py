"""Two start-ups that stay in the base, two that apply, and what the base and its funds have."""

from uuid import uuid4

from tests.integration.incubator.conftest import OPENS, Hatchery
from tests.security.world import World, made
from tests.support.builders.incubator import (
    SYSTEMS,
    admission_round,
    founding_file,
    grant,
    seedling,
    stay,
    venue,
)
from tests.support.service import ServiceUnderTest

TERM = {"from": "2026-03-02", "working_days": 5, "ends_on": "2026-03-09", "provisional": False}


async def incubator_world(service: ServiceUnderTest) -> World:
    world, hatchery = World(service), Hatchery(service)
    await service.clock.move_to(OPENS)
    service.upstream("registry", "/calendar/terms", TERM)
    await hatchery.found_base(*SYSTEMS)
    await _residents(world, hatchery)
    await _applicants(world, hatchery)
    await _support(world, hatchery)
    world.keep("base", hatchery.base, hatchery.base)
    year = {"base_id": hatchery.base, "year": "2026"}
    world.keep_public("budget", {**year, "base_id": str(uuid4())}, **year)
    absent = {"subject": "candidate", "subject_id": "no-such-thing"}
    ours = world.things["candidate"].ours["candidate_id"]
    world.keep_public("told", absent, subject="candidate", subject_id=ours)
    return world


async def _residents(world: World, hatchery: Hatchery) -> None:
    """One of ours and one of theirs, each with a milestone."""
    await hatchery.open_round(places=2)
    entered = [
        await hatchery.enter(80, world.caller("agency", ours=ours), name=name)
        for ours, name in ((True, "新苗（筹）"), (False, "同行（筹）"))
    ]
    await hatchery.rank()
    await hatchery.done(hatchery.manager, f"/rounds/{hatchery.round}/decision")
    found, milestones = [], []
    for candidate in entered:
        begun = await hatchery.made(hatchery.manager, "/residencies", stay(candidate))
        found.append(begun["id"])
        path = f"/residencies/{begun['id']}/milestones"
        goal = {"stage": "sprouting", "title": "完成目标", "due_on": "2026-09-30"}
        await hatchery.done(hatchery.manager, path, goal)
        listed = (await hatchery.manager.get(path)).json()["items"]
        milestones.append({"residency_id": begun["id"], "milestone_id": listed[0]["id"]})
    world.keep("residency", *found)
    absent = {**milestones[0], "milestone_id": milestones[1]["milestone_id"]}
    world.keep_public("milestone", absent, **milestones[0])
    world.bodies["keep_file"] = founding_file()
    hatchery.residency = found[0]


async def _applicants(world: World, hatchery: Hatchery) -> None:
    """Two who apply in an open round: nothing of them is public yet."""
    draft = admission_round(hatchery.base, title="2026年第二批", closes_on="2026-04-12")
    opened = await hatchery.made(hatchery.manager, "/rounds", draft)
    path = f"/rounds/{opened['id']}/candidates"
    entered = [
        made(await world.caller("agency", ours=ours).post(path, json=seedling()))["id"]
        for ours in (True, False)
    ]
    world.keep("round", opened["id"], opened["id"])
    world.keep("candidate", *entered)


async def _support(world: World, hatchery: Hatchery) -> None:
    """A room in use, a fund, and a grant that was proposed."""
    room = await hatchery.made(hatchery.manager, "/venues", venue(hatchery.base))
    use = {"residency_id": hatchery.residency, "starts_on": "2026-03-16", "ends_on": "2026-06-15"}
    given = await hatchery.manager.post(f"/venues/{room['id']}/allocations", json=use)
    fund = await hatchery.open_fund()
    proposed = await hatchery.made(hatchery.manager, "/grants", grant(fund, hatchery.residency))
    for kind, it in (
        ("venue", room["id"]),
        ("allocation", made(given)["id"]),
        ("fund", fund),
        ("grant", proposed["id"]),
    ):
        world.keep(kind, it, it)
