"""Valid things of procurement by default; a test states only what matters to it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import httpx

from services.procurement.openings.models import OpenedBid
from services.procurement.tenders.lifecycle import TenderState
from services.procurement.tenders.models import Tender
from shared.money import Money
from tests.support.credit_codes import make_credit_code
from tests.support.service import Caller, ServiceUnderTest, at

MORNING_LIGHT = str(make_credit_code("52410108", 11))
WALKING_TOGETHER = str(make_credit_code("52410108", 12))
GENTLE_WIND = str(make_credit_code("52410108", 13))
BIDDERS = (MORNING_LIGHT, WALKING_TOGETHER, GENTLE_WIND)
EXPERTS = ("expert-1", "expert-2", "expert-3", "expert-4")
PANELLISTS = (*EXPERTS, "representative-1")


def need(**changes: Any) -> dict[str, Any]:
    return {
        "division": "410108101",
        "title": "留守儿童课后陪伴",
        "description": "四个村的留守儿童放学后无人照看",
        "client_group": "rural_left_behind",
        "rural_focus_group": "left_behind_children",
        "people": 126,
        "found_on": "2026-01-15",
        **changes,
    }


def budget(personnel: str = "60000.00", other: str = "40000.00") -> list[dict[str, Any]]:
    return [
        {"kind": "pay", "purpose": "四名社工薪酬", "amount": personnel},
        {"kind": "activity", "purpose": "小组与社区活动", "amount": other},
    ]


def project(need_ids: Sequence[str], **changes: Any) -> dict[str, Any]:
    return {
        "title": "古荥镇留守儿童关爱服务",
        "description": "在四个村开展课后陪伴与家庭辅导",
        "purchase_kind": "project",
        "matter": "social_welfare",
        "service_methods": ["humane_care", "counselling"],
        "need_ids": list(need_ids),
        "budget_lines": budget(),
        **changes,
    }


def tender(project_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "title": "古荥镇留守儿童关爱服务采购",
        "description": "采购一年期专业社会工作服务",
        "closes_at": "2026-03-30T01:30:00Z",
        "starts_on": "2026-05-01",
        "ends_on": "2027-04-30",
        "conditions": [
            {
                "code": "certified-lead",
                "title": "项目负责人持有社会工作师证书",
                "measure": "staffing",
            }
        ],
        "factors": [
            {"code": "price", "title": "报价", "measure": "price", "points": 10},
            {"code": "plan", "title": "服务方案", "measure": "service_plan", "points": 60},
            {
                "code": "results",
                "title": "以往成效",
                "measure": "capacity_and_results",
                "points": 30,
            },
        ],
        "profile": "bidder",
        **changes,
    }


def draw() -> dict[str, Any]:
    return {
        "reference": "抽取〔2026〕17号",
        "pool": "河南省政府采购评审专家库",
        "drawn_on": "2026-03-27",
        "document_sha256": "ab" * 32,
        "signed_by": "专家库管理单位",
    }


def member(client_id: str, *, expert: bool = True) -> dict[str, Any]:
    return {
        "client_id": client_id,
        "name": f"评委{client_id[-1]}" if expert else "采购人代表",
        "organisation": "某高校社会工作系" if expert else "采购单位",
        "expert": expert,
    }


def panel(tender_id: str, panellists: Sequence[str] = PANELLISTS, **changes: Any) -> dict[str, Any]:
    """The last of the panellists is the purchaser's representative."""
    members = [member(one) for one in panellists[:-1]] + [member(panellists[-1], expert=False)]
    return {"tender_id": tender_id, "draw": draw(), "members": members, **changes}


def checks(codes: Sequence[str] = BIDDERS) -> dict[str, Any]:
    return {
        "bidders": [
            {
                "credit_code": code,
                "credit_query": {"reference": "查询单", "queried_on": "2026-03-30", "clean": True},
                "taxes_and_insurance": "完税与社保缴纳证明",
                "conditions": [
                    {"code": "certified-lead", "fulfilled": True, "evidence": "证书复印件"}
                ],
            }
            for code in codes
        ]
    }


def scores(points: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """For each bidder the points for plan and results."""
    return {
        "scores": [
            {"credit_code": code, "factor": factor, "points": given}
            for code, both in points.items()
            for factor, given in zip(("plan", "results"), both, strict=True)
        ]
    }


def contract(award_id: str, price: str = "95000.00", **changes: Any) -> dict[str, Any]:
    return {
        "award_id": award_id,
        "personnel": "60000.00",
        "starts_on": "2026-05-01",
        "ends_on": "2027-04-30",
        "milestones": [
            {"title": "中期", "due_on": "2026-11-01", "amount": "45000.00", "stage": "mid"},
            {"title": "末期", "due_on": "2027-05-15", "amount": "50000.00", "stage": "final"},
        ],
        **changes,
    }


def standing(code: str, **changes: Any) -> dict[str, Any]:
    """What the registry answers about an agency."""
    return {
        "credit_code": code,
        "name": "惠济区晨光社会工作服务中心",
        "on": "2026-03-30",
        "registered": True,
        "suspended": False,
        "category": "community_service",
        "registered_on": "2023-04-10",
        "two_consecutive_passes": True,
        "inspections": [
            {"year": 2023, "conclusion": "passed"},
            {"year": 2024, "conclusion": "passed"},
        ],
        "findings": [],
        **changes,
    }


def grade(code: str, held: str | None) -> dict[str, Any]:
    """What the evaluation service answers about an agency."""
    return {
        "credit_code": code,
        "on": "2026-03-30",
        "grade": held,
        "valid_from": "2025-10-20" if held else None,
        "valid_until": "2030-10-19" if held else None,
        "law": "民政部令第39号" if held else None,
    }


def concluded(contract_id: str, code: str, stage: str, result: str) -> dict[str, Any]:
    """What the evaluation service tells of a concluded evaluation."""
    return {
        "performance_id": str(uuid4()),
        "contract_id": contract_id,
        "credit_code": code,
        "stage": stage,
        "score": "91.00",
        "result": result,
        "concluded_on": "2026-11-10",
        "state": "concluded",
    }


def opened_bid(tender_id: str, code: str, price: Money, at: datetime) -> OpenedBid:
    """A bid as the opening leaves it; just enough of the price goes to the people."""
    return OpenedBid(
        id=uuid4(),
        tender_id=UUID(tender_id),
        bid_id=uuid4(),
        credit_code=code,
        name="惠济区某社会工作服务中心",
        price=price,
        personnel=Money(-(-price.fen * 3 // 5)),
        signatory="法定代表人",
        nonce=secrets.token_bytes(16),
        receipt="{}",
        envelope="{}",
        part_keys={},
        opened_at=at,
    )


@dataclass
class Purchase:
    """One purchase played through HTTP; every step gives back the answer it got."""

    service: ServiceUnderTest
    prices: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(BIDDERS, "95000.00"))
    grades: Mapping[str, str | None] = field(
        default_factory=lambda: {MORNING_LIGHT: "3A", WALKING_TOGETHER: "2A", GENTLE_WIND: None}
    )
    panellists: Sequence[str] = PANELLISTS

    def __post_init__(self) -> None:
        self.street = self.service.as_(["street_officer"], client_id="street-1")
        self.purchaser = self.service.as_(["purchaser"], client_id="purchaser-1")
        self.decider = self.service.as_(["purchaser"], client_id="purchaser-2")
        self.finance = self.service.as_(["finance"], client_id="finance-1")

    def agency(self, code: str) -> Caller:
        return self.service.as_(["agency"], org=code, client_id=f"agency-{code}")

    def panellist(self, name: str) -> Caller:
        return self.service.as_(["panellist"], client_id=name)

    def others_answer(self) -> None:
        """What registry and evaluation say at the wire."""
        for code in self.prices:
            self.service.upstream("registry", f"/agencies/{code}/standing", standing(code))
            self.service.upstream(
                "evaluation", f"/agencies/{code}/grade", grade(code, self.grades.get(code))
            )
        term = {"ends_on": "2026-04-09", "provisional": False}
        self.service.upstream("registry", "/calendar/terms", term)

    async def planned(self, **changes: Any) -> httpx.Response:
        recorded = good(await self.street.post("/needs", json=need()), 201)
        body = project([recorded.json()["id"]], **changes)
        return good(await self.purchaser.post("/projects", json=body), 201)

    async def drafted(self, **changes: Any) -> httpx.Response:
        planned = await self.planned()
        body = tender(planned.json()["id"], **changes)
        return good(await self.purchaser.post("/tenders", json=body), 201)

    async def published(self, **changes: Any) -> httpx.Response:
        drafted = await self.drafted(**changes)
        path = f"/tenders/{drafted.json()['id']}/publication"
        return good(await self.purchaser.change(path, drafted))

    async def opened(self, **changes: Any) -> httpx.Response:
        """The seals are another slice's: here the opened bids are put where it would put them."""
        published = await self.published(**changes)
        await self.service.clock.move_to(at(2026, 3, 30, 10))
        await self.open_bids(published.json()["id"])
        return await self.purchaser.get(f"/tenders/{published.json()['id']}")

    async def open_bids(self, tender_id: str) -> None:
        async with self.service.runtime.sessions.begin() as session:
            for code, price in self.prices.items():
                session.add(opened_bid(tender_id, code, Money.parse(price), self.service.clock.now))
            tender = await session.get_one(Tender, UUID(tender_id))
            tender.state, tender.version = TenderState.OPENED.value, tender.version + 1

    async def reviewed(self, **changes: Any) -> httpx.Response:
        """The tender after a review that found everybody qualified."""
        return await self.review(await self.opened(**changes))

    async def review(self, opened: httpx.Response) -> httpx.Response:
        self.others_answer()
        path = f"/tenders/{opened.json()['id']}"
        body = checks(list(self.prices))
        good(await self.purchaser.change(f"{path}/review", opened, json=body), 201)
        return await self.purchaser.get(path)

    async def seated(self, tender_id: str) -> str:
        """The panel's id, once everybody declared and the evaluation began."""
        body = panel(tender_id, self.panellists)
        formed = good(await self.purchaser.post("/panels", json=body), 201)
        path = f"/panels/{formed.json()['id']}"
        for name in self.panellists:
            caller = self.panellist(name)
            own = (await caller.get(f"{path}/seats")).json()["items"][0]["id"]
            seat = await caller.get(f"/seats/{own}")
            good(await caller.change(f"/seats/{own}/declaration", seat, json={"interests": []}))
        good(await self.purchaser.change(f"{path}/seating", await self.purchaser.get(path)))
        return str(formed.json()["id"])

    async def scored(
        self, tender_id: str, points: Mapping[str, tuple[str, str]] | None = None
    ) -> str:
        panel_id = await self.seated(tender_id)
        body = scores(points or dict.fromkeys(self.prices, ("50.00", "25.00")))
        for name in self.panellists:
            caller = self.panellist(name)
            good(await caller.post(f"/panels/{panel_id}/scoresheets", json=body), 201)
        return panel_id

    async def recommended(
        self, points: Mapping[str, tuple[str, str]] | None = None
    ) -> httpx.Response:
        return await self.recommend(await self.reviewed(), points)

    async def recommend(
        self, reviewed: httpx.Response, points: Mapping[str, tuple[str, str]] | None = None
    ) -> httpx.Response:
        tender_id = reviewed.json()["id"]
        await self.scored(tender_id, points)
        read = await self.purchaser.get(f"/tenders/{tender_id}")
        return good(await self.purchaser.change(f"/tenders/{tender_id}/award", read), 201)

    async def announced(self) -> httpx.Response:
        return await self.announce(await self.recommended())

    async def announce(self, recommended: httpx.Response) -> httpx.Response:
        path = f"/awards/{recommended.json()['id']}"
        confirmed = good(await self.decider.change(f"{path}/confirmation", recommended, json={}))
        return good(await self.purchaser.change(f"{path}/notice", confirmed))

    async def signed(self, **changes: Any) -> httpx.Response:
        announced = await self.announced()
        return await self.sign(await self.draw_up(announced, **changes))

    async def draw_up(self, announced: httpx.Response, **changes: Any) -> httpx.Response:
        body = contract(announced.json()["id"], **changes)
        return good(await self.purchaser.post("/contracts", json=body), 201)

    async def sign(self, drawn_up: httpx.Response) -> httpx.Response:
        drawn = drawn_up.json()
        winner = self.agency(drawn["credit_code"])
        return good(await winner.change(f"/contracts/{drawn['id']}/signature", drawn_up))


def good(answer: httpx.Response, status: int = 200) -> httpx.Response:
    """An answer that is not the one expected tells what it was."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text}"
    return answer


def refused_by(answer: httpx.Response) -> list[str]:
    """The clauses that a refusal by policy names."""
    assert answer.status_code == 409, f"{answer.status_code} {answer.text}"
    return [
        finding["clause"]["number"]
        for finding in answer.json()["findings"]
        if finding["outcome"] == "breached"
    ]
