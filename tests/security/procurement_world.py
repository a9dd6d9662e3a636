"""Purchases of two suppliers at every stage: bids, openings, panels, awards, contracts, payments.

Two sealed tenders are opened and go on to contract and payment, one ours and one theirs; two are
being opened; of three more the bids are put where an opening would put them.
"""

from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx

from shared.sealing.policies import SealPolicy
from shared.sealing.sessions import CustodianKey
from tests.security.world import OURS, THEIRS, Pair, World, made
from tests.support.builders.procurement import (
    GENTLE_WIND,
    PANELLISTS,
    Purchase,
    concluded,
    good,
    need,
    project,
    tender,
)
from tests.support.builders.sealed_bids import (
    DEADLINE,
    LAST_MINUTE,
    ORGANS,
    Sealing,
    commit,
    custodian_key,
)
from tests.support.service import Caller, ServiceUnderTest, at

OTHERS = (GENTLE_WIND, LAST_MINUTE)
KEEPERS = ORGANS[:3]


@dataclass
class Side(Sealing):
    """Whoever is on one side: its bidder, its custodian, its panellist."""

    ours: bool = True
    world: World = field(kw_only=True)

    def __post_init__(self) -> None:
        self.purchase = self.a_purchase()

    @property
    def bidder(self) -> str:
        return OURS if self.ours else THEIRS

    def a_purchase(self) -> Purchase:
        name = f"panellist-{'ours' if self.ours else 'theirs'}"
        codes = (self.bidder, *OTHERS)
        return Purchase(
            self.service,
            prices=dict.fromkeys(codes, "95000.00"),
            panellists=(name, *PANELLISTS[1:]),
        )

    def custodian(self, organ: str) -> Caller:
        """The first of the three is the one that the matrix asks as."""
        if organ == KEEPERS[0]:
            return self.world.caller("custodian", ours=self.ours)
        side = "ours" if self.ours else "theirs"
        return self.service.as_(["custodian"], client_id=f"custodian-{side}-{organ}")

    def key_of(self, organ: str) -> CustodianKey:
        return custodian_key(organ if self.ours else f"{organ}二")

    @property
    def points(self) -> dict[str, tuple[str, str]]:
        return {self.bidder: ("55.00", "28.00"), **dict.fromkeys(OTHERS, ("40.00", "20.00"))}

    async def put_out(self) -> str:
        """A tender sealed to the custodians who stand now."""
        answer = await self.purchase.published(profile="2-of-3", closes_at=DEADLINE.isoformat())
        self.tender_id = answer.json()["id"]
        read = await self.service.anonymous.get(f"/tenders/{self.tender_id}/seal-policy")
        self.policy = SealPolicy.parse(good(read).content)
        return self.tender_id

    async def bid_for(self) -> Any:
        first, *_ = [await self.lodged(code) for code in (self.bidder, *OTHERS)]
        return first


async def procurement_world(service: ServiceUnderTest) -> World:
    world = World(service)
    ours, theirs = (Side(service, world=world, ours=mine) for mine in (True, False))
    running = [Side(service, world=world, ours=mine) for mine in (True, False)]
    await _keys(world, ours, theirs)
    for mine, still in zip((ours, theirs), running, strict=True):
        await mine.appointed()
        for side in (mine, still):
            await side.put_out()
        await _retired(mine)
    bids = [await side.bid_for() for side in (ours, theirs, *running)]
    await _uploads(world, *running)
    plain = await _put_out(ours, theirs)
    drafts = await _drafts(world, ours)
    await service.clock.move_to(DEADLINE)
    for purchase, published in plain:
        await purchase.open_bids(published.json()["id"])
    await service.settle()
    for side in (ours, theirs):
        for organ in KEEPERS[:2]:
            good(await side.released(organ), 201)
    await service.settle()
    await _onwards(world, ours, theirs, plain)
    world.keep("running opening", *(side.tender_id for side in running), "tender_id")
    nonce = bids[0].manifest.nonce.hex()
    absent = {"tender_id": ours.tender_id, "nonce": "0" * 32}
    world.keep_public("receipt", absent, tender_id=ours.tender_id, nonce=nonce)
    world.keep("draft tender", drafts, drafts, "tender_id")
    return world


# --- Before the deadline ---------------------------------------------------------------------------


async def _keys(world: World, ours: Side, theirs: Side) -> None:
    await ours.signers()
    found = [
        (await side.agency(side.bidder).get("/signing-keys")).json()["items"][0]["id"]
        for side in (ours, theirs)
    ]
    world.keep("signing_key", *found)


async def _retired(side: Side) -> None:
    """The next tenders are sealed to others."""
    listed = await side.service.anonymous.get("/custodians?state=active")
    for organ, one in zip(KEEPERS, listed.json()["items"], strict=True):
        path = f"/custodians/{one['id']}"
        caller = side.custodian(organ)
        made(await caller.change(f"{path}/retirement", await caller.get(path)))


async def _uploads(world: World, ours: Side, theirs: Side) -> None:
    """A bid of each that was begun, and not lodged."""
    sealed = ours.sealed(OURS)
    found = [await side.begun(side.bidder) for side in (ours, theirs)]
    paths = [{"bid_id": one, "part": "1"} for one in (*found, str(uuid4()))]
    world.things["bid"] = Pair(*paths)
    world.bodies["commit_bid"] = commit(ours.tender_id, sealed.envelope)
    world.bodies["upload_part"] = b"sealed"
    digest = b64encode(sha256(b"sealed").digest()).decode()
    world.headers["upload_part"] = {"content-digest": f"sha-256=:{digest}:"}


async def _put_out(ours: Side, theirs: Side) -> list[tuple[Purchase, httpx.Response]]:
    """A contract to be drawn up for each, and one tender that waits for its award."""
    found = []
    for side in (ours, theirs, ours):
        purchase = side.a_purchase()
        found.append((purchase, await purchase.published()))
    return found


async def _drafts(world: World, side: Side) -> str:
    """A need of each street, a plan, and a tender that nobody but the buyers can see."""
    needs = [
        made(await world.caller("street_officer", ours=mine).post("/needs", json=need()))["id"]
        for mine in (True, False)
    ]
    world.keep("need", *needs)
    buyer = side.purchase.purchaser
    planned = made(await buyer.post("/projects", json=project(needs)))["id"]
    world.keep("project", planned, planned)
    return str(made(await buyer.post("/tenders", json=tender(planned)))["id"])


# --- After it --------------------------------------------------------------------------------------


async def _onwards(
    world: World, ours: Side, theirs: Side, plain: list[tuple[Purchase, httpx.Response]]
) -> None:
    sides = (ours, theirs)
    signed = []
    for side in sides:
        read = await side.purchase.purchaser.get(f"/tenders/{side.tender_id}")
        announced = await side.purchase.announce(
            await side.purchase.recommend(await side.purchase.review(read), side.points)
        )
        signed.append((await side.purchase.sign(await side.purchase.draw_up(announced))).json())
    drawn, announcements = [], []
    for side, (purchase, published) in zip(sides, plain[:2], strict=True):
        announced = await purchase.announce(await _recommended(purchase, published, side))
        announcements.append(announced.json()["id"])
        drawn.append((await purchase.draw_up(announced)).json()["id"])
    waiting = (await _recommended(*plain[2], ours)).json()["id"]
    world.keep("tender", ours.tender_id, theirs.tender_id)
    world.keep("announced award", *announcements, "award_id")
    world.keep("award", waiting, waiting)
    world.keep("drafted contract", *drawn, "contract_id")
    world.keep("contract", *(one["id"] for one in signed))
    await _seats(world, ours, theirs)
    await _told(world, signed[0])
    await _payments(world, signed, sides)


async def _recommended(purchase: Purchase, published: httpx.Response, side: Side) -> httpx.Response:
    opened = await purchase.purchaser.get(f"/tenders/{published.json()['id']}")
    return await purchase.recommend(await purchase.review(opened), side.points)


async def _seats(world: World, ours: Side, theirs: Side) -> None:
    panels, seats = [], []
    for side in (ours, theirs):
        award = (await world.service.anonymous.get(f"/awards?tender_id={side.tender_id}")).json()
        panels.append(award["items"][0]["panel_id"])
        own = side.purchase.panellist(side.purchase.panellists[0])
        listed = (await own.get(f"/panels/{panels[-1]}/seats")).json()
        seats.append(listed["items"][0]["id"])
    world.keep("panel", *panels)
    world.keep("seat", *seats)
    technical = [
        {"tender_id": tender_id, "credit_code": GENTLE_WIND}
        for tender_id in (ours.tender_id, theirs.tender_id, str(uuid4()))
    ]
    world.things["opened bid"] = Pair(*technical)


async def _told(world: World, contract: dict[str, Any]) -> None:
    """What an evaluation brings about, and what is disclosed."""
    result = concluded(contract["id"], OURS, "final", "good")
    world.service.hear("evaluation", "performance.concluded", "performance/final", result)
    await world.service.settle()
    record = (await world.service.anonymous.get(f"/suppliers/{OURS}/track-record")).json()
    one = record["consequences"][0]["id"]
    world.keep("consequence", one, one)
    world.keep("supplier", OURS, THEIRS, "credit_code")
    released = (await world.service.anonymous.get("/ocds/releases")).json()["items"][0]["ocid"]
    world.keep_public("process", {"ocid": f"ocds-absent-{uuid4()}"}, ocid=released)
    absent = {"subject": "contract", "subject_id": "no-such-thing"}
    world.keep_public("told", absent, subject="contract", subject_id=contract["id"])
    listed = (await world.service.anonymous.get("/custodians")).json()["items"]
    world.keep("custodian", listed[0]["id"], listed[3]["id"])


async def _payments(world: World, signed: list[dict[str, Any]], sides: Any) -> None:
    """An instalment of each, applied for and not paid."""
    await world.service.clock.move_to(at(2026, 11, 2))
    found = []
    for side, contract in zip(sides, signed, strict=True):
        path = f"/contracts/{contract['id']}"
        own = side.agency(side.bidder)
        asked = {"milestone": 1, "invoice": "发票1"}
        applied = await own.change(f"{path}/payments", await own.get(path), json=asked)
        found.append(made(applied)["id"])
    world.keep("payment", *found)
    world.bodies["apply_for_payment"] = {"milestone": 2, "invoice": "发票2"}
    world.bodies["refuse_award"] = {"reason": "不签合同"}
    world.bodies["remark_on_record"] = {"kind": "confirmed"}
    world.bodies["declare_interests"] = {"interests": []}
