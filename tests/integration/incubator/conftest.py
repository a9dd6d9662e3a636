"""A base with its rules, a round, and a start-up on its way through it."""

from typing import Any

import httpx
import pytest

from tests.support.builders.incubator import (
    SYSTEMS,
    admission_round,
    base,
    founding_file,
    fund,
    grant,
    rule_document,
    seedling,
    stay,
    venue,
)
from tests.support.service import Caller, ServiceUnderTest, at

OPENS = at(2026, 3, 2)


class Hatchery:
    """The people around one start-up, and the steps they take, each checked."""

    def __init__(self, service: ServiceUnderTest) -> None:
        self.service = service
        self.manager = service.as_(["incubator_manager"], client_id="manager-1")
        self.second = service.as_(["incubator_manager"], client_id="manager-2")
        self.finance = service.as_(["finance"], client_id="finance-1")
        self.startup = service.as_(["agency"], client_id="startup-xinmiao")

    async def step(
        self, who: Caller, path: str, json: Any = None, method: str = "POST"
    ) -> httpx.Response:
        """Change what stands at the first two parts of the path, in its newest version."""
        aggregate = "/" + "/".join(path.split("/")[1:3])
        reader = self.service.as_(["auditor"], client_id="auditor-1")
        etag = (await reader.get(aggregate)).headers["etag"]
        body = {} if json is None else {"json": json}
        return await who.request(method, path, headers={"if-match": etag}, **body)

    async def done(self, who: Caller, path: str, json: Any = None, method: str = "POST") -> Any:
        answer = await self.step(who, path, json, method)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    async def made(self, who: Caller, path: str, json: Any) -> Any:
        answer = await who.post(path, json=json)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def found_base(self, *systems: str) -> str:
        self.base: str = (await self.made(self.manager, "/bases", base()))["id"]
        for system in systems:
            await self.done(
                self.manager, f"/bases/{self.base}/rule-documents", rule_document(system)
            )
        await self.done(self.manager, f"/bases/{self.base}/opening")
        return self.base

    async def open_round(self, **changed: Any) -> str:
        self.round: str = (
            await self.made(self.manager, "/rounds", admission_round(self.base, **changed))
        )["id"]
        return self.round

    async def enter(self, score: int, applicant: Caller | None = None, **changed: Any) -> str:
        """Apply, pass the first check, be scored."""
        candidate: str = (
            await self.made(
                applicant or self.startup,
                f"/rounds/{self.round}/candidates",
                seedling(**changed),
            )
        )["id"]
        path = f"/candidates/{candidate}"
        await self.done(self.manager, f"{path}/check", {"fit": True, "note": "材料齐全"})
        await self.done(self.manager, f"{path}/score", {"score": score, "opinion": "可行"}, "PUT")
        return candidate

    async def rank(self) -> None:
        await self.service.clock.move_to(at(2026, 3, 13))
        await self.service.settle()
        await self.done(self.manager, f"/rounds/{self.round}/ranking")

    async def take_in(self, **changed: Any) -> str:
        """From an empty base to a start-up that stays in it."""
        await self.found_base(*SYSTEMS)
        await self.open_round()
        candidate = await self.enter(80)
        await self.rank()
        await self.done(self.manager, f"/rounds/{self.round}/decision")
        self.residency: str = (
            await self.made(self.manager, "/residencies", stay(candidate, **changed))
        )["id"]
        return self.residency

    async def reach(self, stage: str, title: str = "完成目标") -> None:
        path = f"/residencies/{self.residency}/milestones"
        await self.done(
            self.manager, path, {"stage": stage, "title": title, "due_on": "2026-09-30"}
        )
        found = (await self.manager.get(path)).json()["items"]
        milestone = next(m["id"] for m in found if m["stage"] == stage and not m["reached_on"])
        await self.done(self.manager, f"{path}/{milestone}/attainment", {"proof": "评审记录"})

    async def grow_up(self) -> None:
        for stage in ("sprouting", "starting"):
            await self.reach(stage)
            await self.done(self.manager, f"/residencies/{self.residency}/advancement")
        await self.reach("growing")

    async def keep_file(self, **changed: Any) -> None:
        await self.done(
            self.startup, f"/residencies/{self.residency}/file", founding_file(**changed), "PUT"
        )

    async def open_fund(self, amount: str = "50000.00") -> str:
        self.fund: str = (await self.made(self.finance, "/funds", fund()))["id"]
        await self.done(
            self.finance,
            f"/funds/{self.fund}/appropriations",
            {"amount": amount, "basis": "惠财预〔2026〕12号"},
        )
        return self.fund

    async def reviewed_grant(self, **changed: Any) -> str:
        proposed = await self.made(
            self.manager, "/grants", grant(self.fund, self.residency, **changed)
        )
        await self.done(self.second, f"/grants/{proposed['id']}/review")
        found: str = proposed["id"]
        return found

    async def add_venue(self) -> str:
        found: str = (await self.made(self.manager, "/venues", venue(self.base)))["id"]
        return found


@pytest.fixture
async def hatchery(incubator: ServiceUnderTest) -> Hatchery:
    await incubator.clock.move_to(OPENS)
    term = {"from": "2026-03-02", "working_days": 5, "ends_on": "2026-03-09", "provisional": False}
    incubator.upstream("registry", "/calendar/terms", term)
    return Hatchery(incubator)


def breached(answer: httpx.Response) -> list[str]:
    return [f["rule"] for f in answer.json()["findings"] if f["outcome"] == "breached"]
