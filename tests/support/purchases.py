"""A purchase as the journal tells it, from the plan to the last payment: invented, but whole."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.procurement.disclosure.process import Process, Told, process_of
from services.procurement.disclosure.releases import release_of
from services.procurement.disclosure.values import Publisher
from tests.support.credit_codes import make_credit_code

BUREAU = make_credit_code("11410108", 9001)
DAWN = make_credit_code("52410108", 1)
PEERS = make_credit_code("52410108", 2)
BREEZE = make_credit_code("52410108", 3)
NAMES = {
    DAWN: "晨光社会工作服务中心",
    PEERS: "同行社会工作服务中心",
    BREEZE: "和风社会工作服务中心",
}

PUBLISHER = Publisher(
    name="惠济区民政局",
    credit_code=BUREAU,
    prefix="ocds-hshe00",
    base="https://huishe.example",
    licence="https://creativecommons.org/licenses/by/4.0/",
)
ROOT = "cd" * 32
PROJECT = "01999999-0000-7000-8000-000000000001"
NEEDS = [
    {"title": "留守儿童课后陪伴", "people": 46, "division": "410108101"},
    {"title": "困境儿童家庭走访", "people": 12, "division": "410108100"},
]


def bid(number: int, code: str, price: str) -> dict[str, Any]:
    return {
        "id": str(UUID(int=number)),
        "received_at": "2026-03-20T06:30:00.123456Z",
        "credit_code": code,
        "name": NAMES[code],
        "price": price,
    }


BIDS = [bid(1, DAWN, "286500.00"), bid(2, PEERS, "291200.50"), bid(3, BREEZE, "279999.99")]


def project(**changes: Any) -> dict[str, Any]:
    lines = [("pay", "四名社工", "180000.00"), ("training", "督导", "9999.99")]
    lines += [("activity", "课后活动", "110000.01")]
    return {
        "id": PROJECT,
        "owner_org": None,
        "state": "planned",
        "title": "农村留守儿童关爱服务",
        "description": "课后陪伴与家庭走访。",
        "purchase_kind": "project",
        "matter": "social_assistance",
        "service_methods": ["humane_care", "resource_linkage"],
        "posts": None,
        "budget": "300000.00",
        "personnel": "189999.99",
        "budget_lines": [
            {"number": n, "kind": kind, "purpose": purpose, "amount": amount}
            for n, (kind, purpose, amount) in enumerate(lines, start=1)
        ],
        **changes,
    }


def tender(**changes: Any) -> dict[str, Any]:
    return {
        "id": "01999999-0000-7000-8000-000000000002",
        "project_id": PROJECT,
        "state": "published",
        "title": "农村留守儿童关爱服务采购",
        "description": "为两个镇的留守儿童提供一年服务。",
        "method": "open_tender",
        "ground": None,
        "ground_reason": None,
        "approval": None,
        "budget": "300000.00",
        "closes_at": "2026-03-22T01:00:00+00:00",
        "published_at": "2026-03-01T16:30:00+00:00",
        "starts_on": "2026-05-01",
        "ends_on": "2027-04-30",
        "conditions": [{"title": "有社会工作专业人员"}, {"title": "有服务场所"}],
        "factors": [{"title": "服务方案", "points": 60}, {"title": "投标报价", "points": 40}],
        "priority_rule": {"text": {"zh": "同分时 3A 以上且连续两年年检合格者优先"}},
        "profile": "2-of-3",
        "seal_policy_hash": "ab" * 32,
        "ended_because": None,
        **changes,
    }


def award(**changes: Any) -> dict[str, Any]:
    places = [(1, DAWN, "286500.00", "92.10"), (2, PEERS, "291200.50", "90.00")]
    return {
        "id": "01999999-0000-7000-8000-000000000003",
        "tender_id": tender()["id"],
        "state": "announced",
        "credit_code": DAWN,
        "price": "286500.00",
        "decided_on": "2026-04-02",
        "ranking": [
            {"place": n, "credit_code": code, "price": price, "total": total}
            for n, code, price, total in places
        ],
        "refusals": [],
        **changes,
    }


def contract(**changes: Any) -> dict[str, Any]:
    parts = [
        (1, "启动", "2026-05-10", "86500.00", None),
        (2, "中期", "2026-10-31", "100000.00", "mid"),
    ]
    parts += [(3, "末期", "2027-04-30", "100000.00", "final")]
    return {
        "id": "01999999-0000-7000-8000-000000000004",
        "tender_id": tender()["id"],
        "award_id": award()["id"],
        "project_id": PROJECT,
        "state": "signed",
        "title": "农村留守儿童关爱服务合同",
        "credit_code": DAWN,
        "amount": "286500.00",
        "starts_on": "2026-05-01",
        "ends_on": "2027-04-30",
        "signed_on": "2026-04-10",
        "milestones": [
            {"number": n, "title": title, "due_on": due, "amount": amount, "stage": stage}
            for n, title, due, amount, stage in parts
        ],
        "ended_because": None,
        **changes,
    }


def payment(number: int, amount: str, *orders: tuple[str, str]) -> dict[str, Any]:
    """The instalment of a milestone with what the treasury paid on it, and when."""
    return {
        "id": f"01999999-0000-7000-8000-00000000001{number}",
        "contract_id": contract()["id"],
        "credit_code": DAWN,
        "milestone": number,
        "amount": amount,
        "paid": amount if len(orders) == 1 else "0.00",
        "references": [{"amount": paid, "on": day} for paid, day in orders],
        "cause_event": None,
    }


def consequence(number: int, stage: str, result: str, on: str) -> dict[str, Any]:
    return {
        "id": f"01999999-0000-7000-8000-00000000002{number}",
        "contract_id": contract()["id"],
        "credit_code": DAWN,
        "stage": stage,
        "result": result,
        "concluded_on": on,
        "cause_event": f"evaluated-{stage}",
    }


class Journal:
    """Events in order, each a little later than the one before unless its day is given."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.now = datetime(2026, 2, 10, 1, 0, tzinfo=UTC)

    def tell(
        self,
        kind: str,
        after: dict[str, Any],
        *,
        on: str | None = None,
        data: dict[str, Any] | None = None,
        **rows: Sequence[Any],
    ) -> Told:
        day = datetime.fromisoformat(f"{on}T02:00:00+00:00") if on else None
        self.now = day or self.now + timedelta(minutes=5)
        number = len(self.told) + 1
        event = Told(
            id=str(UUID(int=number)),
            position=number,
            kind=kind,
            time=self.now,
            subject=kind.partition(".")[0],
            subject_id=after["id"],
            data=data or {},
            after=after,
            rows=rows,
        )
        self.told.append(event)
        return event

    def process(self, event: Told | None = None) -> Process:
        newest = event or self.told[-1]
        return process_of(
            self.told, newest, prefix=PUBLISHER.prefix, project_id=PROJECT, needs=NEEDS
        )

    def release(self, event: Told | None = None) -> dict[str, Any] | None:
        newest = event or self.told[-1]
        return release_of(self.process(newest), PUBLISHER, f"release-{newest.position}")

    def releases(self) -> list[dict[str, Any]]:
        return [found for event in self.told if (found := self.release(event))]


def to_the_publication(journal: Journal) -> Journal:
    journal.tell("project.planned", project(), on="2026-02-10")
    journal.tell("project.budgeted", project(budget="300000.00"), on="2026-02-12")
    journal.tell("tender.drafted", tender(state="draft", published_at=None), on="2026-02-20")
    journal.tell("project.tendered", project(state="tendered"), on="2026-03-02")
    journal.tell("tender.published", tender())
    return journal


def to_the_opening(journal: Journal) -> Journal:
    to_the_publication(journal)
    journal.tell("tender.closed", tender(state="closed"), on="2026-03-22", data={"root": ROOT})
    read_out = {"opened": len(BIDS), "shut": 1}
    journal.tell("tender.opened", tender(state="opened"), data=read_out, opened_bid=BIDS)
    return journal


def to_the_award(journal: Journal) -> Journal:
    to_the_opening(journal)
    review = {"id": "01999999-0000-7000-8000-000000000005", "tender_id": tender()["id"]}
    qualified = [
        {"credit_code": DAWN, "qualified": True},
        {"credit_code": PEERS, "qualified": True},
        {"credit_code": BREEZE, "qualified": False},
    ]
    journal.tell("review.concluded", review, on="2026-03-25", qualification=qualified)
    sealed = award(state="recommended", credit_code=None, price=None, decided_on=None)
    journal.tell("award.recommended", sealed, on="2026-03-31")
    journal.tell("award.confirmed", award(state="confirmed"), on="2026-04-02")
    journal.tell("tender.awarded", tender(state="awarded"))
    journal.tell("award.announced", award(), on="2026-04-03")
    return journal


def to_the_end(journal: Journal) -> Journal:
    to_the_award(journal)
    journal.tell("contract.drafted", contract(state="drafted", signed_on=None), on="2026-04-08")
    journal.tell("contract.signed", contract(), on="2026-04-10")
    journal.tell("award.contracted", award(state="contracted"))
    journal.tell("project.contracted", project(state="contracted"))
    first = payment(1, "86500.00", ("86500.00", "2026-05-12"))
    journal.tell("payment.applied", {**first, "references": []}, on="2026-05-11")
    journal.tell("payment.released", first, on="2026-05-12")
    journal.tell(
        "consequence.imposed", consequence(1, "mid", "good", "2026-11-02"), on="2026-11-03"
    )
    journal.tell("consequence.imposed", consequence(2, "mid", "good", "2026-11-02"))
    journal.tell(
        "payment.released", payment(2, "100000.00", ("100000.00", "2026-11-05")), on="2026-11-05"
    )
    journal.tell(
        "consequence.imposed", consequence(3, "final", "basic", "2027-05-08"), on="2027-05-09"
    )
    last = payment(3, "100000.00", ("80000.00", "2027-05-12"))
    journal.tell("payment.released", last | {"paid": "80000.00"}, on="2027-05-12")
    last = payment(3, "100000.00", ("80000.00", "2027-05-12"), ("20000.00", "2027-06-20"))
    journal.tell("payment.released", last | {"paid": "100000.00"}, on="2027-06-20")
    journal.tell("contract.completed", contract(state="completed"))
    journal.tell("project.completed", project(state="completed"))
    return journal
