"""Two agencies on the register, each with what an agency has."""

from uuid import uuid4

from tests.security.world import OURS, THEIRS, World, made
from tests.support.builders.registry import degree, filing, handled, named, people, person, step
from tests.support.service import Caller, ServiceUnderTest, at

REPORT = {
    "income": "300000.00",
    "income_from_purchase": "200000.00",
    "expenditure": "280000.00",
    "activities": 12,
    "clients_served": 340,
    "summary": "全年开展社区服务。",
}


async def registry_world(service: ServiceUnderTest) -> World:
    world = World(service)
    await service.clock.move_to(at(2023, 3, 6))
    ours = await _an_agency(world, OURS, "晨光", first=1)
    theirs = await _an_agency(world, THEIRS, "同行", first=301)
    await service.clock.move_to(at(2024, 3, 1))
    await service.settle()
    for found, code in ((ours, OURS), (theirs, THEIRS)):
        listed = await service.anonymous.get(f"/inspections?credit_code={code}")
        found["inspection"] = listed.json()["items"][0]["id"]
    world.keep("agency", OURS, THEIRS, "credit_code")
    for kind in ("application", "inspection", "site", "posting", "post"):
        world.keep(kind, ours[kind], theirs[kind])
    _public(world, ours["application"])
    _bodies(world, ours["worker"])
    _named(world, theirs["worker"], str(uuid4()))
    return world


async def _an_agency(world: World, code: str, name: str, *, first: int) -> dict[str, str]:
    """From its filing to its people, a site and a posting; and another application, a draft."""
    own = world.caller("agency", ours=code == OURS)
    filed = filing(name=named(name), people=people(first=first))
    founded = made(await own.post("/applications", json=filed))
    path = f"/applications/{founded['id']}"
    made(await step(own, f"{path}/submission", on=path))
    await handled(world.service, path)
    details = {"credit_code": code, "certificate_number": f"证字第{first:06d}号"}
    office = world.service.as_(["registrar"], client_id="clerk-1")
    made(await step(office, f"{path}/certificate", details, on=path))
    draft = made(await own.post("/applications", json=filing(name=named(f"{name}二"))))
    return {"application": draft["id"], **await _staffed(own, code)}


async def _staffed(own: Caller, code: str) -> dict[str, str]:
    path = f"/agencies/{code}"
    worker = (await own.get(f"{path}/workers")).json()[0]
    site = {
        "name": "服务站",
        "division": "410108001",
        "address": "某路2号",
        "areas": ["care_of_older_people"],
        "opened_on": "2023-03-06",
    }
    posted = {
        "worker_id": worker["worker_id"],
        "community": "410108001001",
        "since": "2023-03-06",
    }
    return {
        "site": made(await own.post(f"{path}/sites", json=site))["id"],
        "posting": made(await own.post(f"{path}/postings", json=posted))["id"],
        "post": worker["post_id"],
        "worker": worker["worker_id"],
    }


def _public(world: World, application: str) -> None:
    world.keep_public("division", {"code": "419999999"}, code="410108001")
    world.keep_public("codelist", {"codelist_id": "no-such-list"}, codelist_id="client_group")
    absent = {"subject": "application", "subject_id": "no-such-thing"}
    world.keep_public("told", absent, subject="application", subject_id=application)


def _bodies(world: World, worker: str) -> None:
    council = [person(700 + n, name=f"理事{n}") for n in range(3)]
    world.bodies = {
        "seat_bodies": {"council": council, "supervisors": [person(710)]},
        "file_report": REPORT,
        "post_worker": {"worker_id": worker, "community": "410108001002", "since": "2024-03-01"},
        "take_post": person(800, employment="part_time", title="社工", started_on="2024-03-01"),
        "change_application": filing(name=named("晨曦")),
        "record_party_organisation": {"kind": "branch", "founded_on": "2024-02-01"},
        "add_qualification": {"degree": degree()},
        "close_site": {"reason": "搬迁"},
    }


def _named(world: World, theirs: str, absent: str) -> None:
    posting = {"community": "410108001002", "since": "2024-03-01"}
    one, other = ({"worker_id": worker, **posting} for worker in (theirs, absent))
    world.named_in_bodies = [("post_worker", "agency", (one, theirs), (other, absent))]
