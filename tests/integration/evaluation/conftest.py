"""The people of one assessment, and the steps they take, each checked."""

from typing import Any

import httpx
import pytest

from tests.support.builders.evaluation import (
    ASSESSORS,
    MORNING_LIGHT,
    clean_record,
    committee,
    evaluator,
    expert_sheet,
    scheme,
    self_sheet,
    standing,
)
from tests.support.service import Caller, ServiceUnderTest, at

OLD_LAW = at(2025, 10, 9)


class Rating:
    """The people of one assessment, and the steps they take, each checked."""

    def __init__(self, service: ServiceUnderTest, code: str = MORNING_LIGHT) -> None:
        self.service = service
        self.code = code
        self.office = service.as_(["supervisor"], client_id="officer-1")
        self.agency = service.as_(["agency"], org=code)
        self.body = service.as_(["evaluator"], org=ASSESSORS)
        self.path = ""

    def member(self, number: int) -> Caller:
        return self.service.as_(["panellist"], client_id=f"member-{number}")

    async def read(self) -> httpx.Response:
        return await self.office.get(self.path)

    async def change(
        self, who: Caller, what: str, json: Any = None, method: str = "POST"
    ) -> httpx.Response:
        etag = (await self.read()).headers["etag"]
        body = {} if json is None else {"json": json}
        return await who.request(method, f"{self.path}/{what}", headers={"if-match": etag}, **body)

    async def prepare(self, members: int = 7, **body: Any) -> None:
        """A published scheme, an accredited body, a seated committee."""
        drafted = await self.office.post("/schemes", json=scheme())
        self.scheme = drafted.json()["id"]
        published = await self.office.change(f"/schemes/{self.scheme}/publication", drafted)
        assert published.status_code == 200, published.text
        accredited = await self.office.post("/evaluators", json=evaluator(**body))
        self.evaluator = accredited.json()["id"]
        seated = await self.office.post("/committees", json=committee(members))
        self.committee = seated.json()["id"]
        self.service.upstream("registry", f"/agencies/{self.code}/standing", standing(self.code))

    async def apply(self) -> httpx.Response:
        answer = await self.agency.post("/assessments", json={"scheme_id": self.scheme})
        if answer.status_code == 201:
            self.path = f"/assessments/{answer.json()['id']}"
        return answer

    async def up_to_scored(self, marks: int = 735, *, gate: bool = True) -> None:
        assert (await self.apply()).status_code == 201
        day = self.service.clock.now.date().isoformat()
        for who, what, body, method in [
            (self.agency, "sheets/self", self_sheet(), "PUT"),
            (self.office, "acceptance", clean_record(), "POST"),
            (self.office, "assignment", {"evaluator_id": self.evaluator}, "POST"),
            (self.body, "sheets/expert", expert_sheet(marks, day, gate=gate), "PUT"),
        ]:
            answer = await self.change(who, what, body, method)
            assert answer.status_code == 200, answer.text

    async def call_ballot(self) -> None:
        called = await self.change(self.office, "ballot", {"committee_id": self.committee})
        assert called.status_code == 200, called.text

    async def vote(self, number: int, choice: str = "for") -> httpx.Response:
        return await self.member(number).post(f"{self.path}/votes", json={"choice": choice})

    async def up_to_notice(self, marks: int = 735) -> None:
        await self.up_to_scored(marks)
        await self.call_ballot()
        for number in range(1, 6):
            assert (await self.vote(number)).status_code == 201
        for what in ("decision", "notice"):
            answer = await self.change(self.office, what)
            assert answer.status_code == 200, answer.text

    async def grade_on(self, day: str) -> dict[str, Any]:
        answer = await self.service.anonymous.get(f"/agencies/{self.code}/grade?on={day}")
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
async def rating(evaluation: ServiceUnderTest) -> Rating:
    await evaluation.clock.move_to(OLD_LAW)
    found = Rating(evaluation)
    await found.prepare()
    return found


def breached(answer: httpx.Response) -> list[str]:
    return [f["rule"] for f in answer.json()["findings"] if f["outcome"] == "breached"]
