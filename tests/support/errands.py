"""A mixed load: what clerks of all offices do all day, in every service."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from deploy.demo.chapters.evaluation import committee_draft
from deploy.demo.chapters.registration import filing
from deploy.demo.identities import credit_code
from shared.sealing.bids import seal_bid
from shared.sealing.canonical import canonical
from shared.sealing.forms import IdentityLetter, PriceForm
from shared.sealing.keyfiles import new_signing_key
from shared.sealing.manifests import PARTS
from shared.sealing.policies import SealPolicy
from shared.sealing.signing import SigningKey
from shared.sealing.suites import SUITE_A
from tests.support.builders import procurement as purchases
from tests.support.ledger import Asked, Clerk, Day, fresh_key
from tests.support.suite import ROOT, RunningSuite

BIDDER, BIDDER_NAME = "chenguang", "惠济区晨光社会工作服务中心"
NEEDS, TENDERS = "/procurement/v1/needs", "/procurement/v1/tenders"


@dataclass(frozen=True)
class Thing:
    """Something that is made, looked at, changed some times and perhaps ended."""

    service: str
    subject: str
    caller: str
    path: str
    create: str
    draft: Callable[[str], Any]
    """The body, with a mark that no other has."""
    change: str | None = None
    """The operation of `PUT`, which takes no key: its precondition says whether it was done."""
    end: tuple[str, str, Any] | None = None
    """Operation, path and body of the move that ends it."""

    def __call__(self, clerk: Clerk) -> None:
        made = self._made(clerk)
        at, version = f"{self.path}/{made}", 1
        self._looked_at(clerk, at, version)
        if self.change is not None:
            for _ in range(clerk.random.randrange(3)):
                version += 1
                self._changed(clerk, self.change, at, made, version)
        if self.end is not None and clerk.random.random() < 0.5:
            version += 1
            self._ended(clerk, self.end, at, made, version)
        self._looked_at(clerk, at, version)

    def _made(self, clerk: Clerk) -> str:
        asked = self._asked(self.create, "POST", self.path, self.draft(mark(clerk)), 1)
        answer = clerk.write(asked)
        assert answer.status == 201, answer
        asked.subject_id = json.loads(answer.body)["id"]
        return asked.subject_id

    def _changed(self, clerk: Clerk, operation: str, at: str, made: str, version: int) -> None:
        asked = self._asked(operation, "PUT", at, self.draft(mark(clerk)), version)
        asked.key, asked.subject_id = None, made
        answer = clerk.write(asked, version=version - 1)
        # Nobody else works on this thing: if it has moved on, an earlier try of ours did it.
        assert answer.status == 200 or (answer.status == 412 and asked.unknown), asked.answers

    def _ended(
        self, clerk: Clerk, end: tuple[str, str, Any], at: str, made: str, version: int
    ) -> None:
        operation, path, body = end
        asked = self._asked(operation, "POST", f"{at}/{path}", body, version)
        asked.subject_id = made
        answer = clerk.write(asked, version=version - 1)
        assert answer.status == 200, asked.answers

    def _looked_at(self, clerk: Clerk, at: str, version: int) -> None:
        """Whoever was told that it is done sees it done."""
        response = clerk.read(self.caller, at)
        if response is not None and response.status_code == 200:
            assert response.json()["version"] == version, response.text

    def _asked(self, operation: str, method: str, path: str, body: Any, version: int) -> Asked:
        return Asked(
            self.service,
            operation,
            self.caller,
            method,
            path,
            fresh_key(),
            body,
            self.subject,
            version,
        )


def mark(clerk: Clerk) -> str:
    return f"{clerk.random.getrandbits(64):016x}"


def need(title: str) -> dict[str, Any]:
    return purchases.need(title=title)


def application(title: str) -> dict[str, Any]:
    return filing(f"远帆{title}", "410108004", full_time=4, qualified=2, first=400)


NEED = Thing(
    "procurement",
    "need",
    "street-officer",
    NEEDS,
    "record_need",
    need,
    end=("withdraw_need", "withdrawal", {"reason": "重复登记"}),
)
COMMITTEE = Thing(
    "evaluation",
    "committee",
    "supervisor",
    "/evaluation/v1/committees",
    "seat_committee",
    lambda title: committee_draft() | {"name": title},
    end=("dissolve_committee", "dissolution", {"reason": "任期调整"}),
)
APPLICATION = Thing(
    "registry",
    "application",
    "yuanfan",
    "/registry/v1/applications",
    "draft_application",
    application,
    change="change_application",
    end=("withdraw_application", "withdrawal", None),
)


def tenders_of(project: str) -> Thing:
    def draft(title: str) -> dict[str, Any]:
        return purchases.tender(project, title=title)

    return Thing(
        "procurement",
        "tender",
        "purchaser",
        TENDERS,
        "draft_tender",
        draft,
        change="change_tender",
    )


def venues_of(base: str) -> Thing:
    def draft(title: str) -> dict[str, Any]:
        return {
            "base_id": base,
            "name": title,
            "kind": "desk",
            "capacity": 4,
            "monthly_value": "600.00",
        }

    return Thing(
        "incubator",
        "venue",
        "incubator-manager",
        "/incubator/v1/venues",
        "add_venue",
        draft,
        end=("withdraw_venue", "withdrawal", None),
    )


@dataclass
class Bids:
    """A bidder lodges one sealed bid after the other: each commit is named by its own content."""

    tender: str
    policy: SealPolicy
    key: SigningKey
    lodged: list[tuple[str, bytes]] = field(default_factory=list)
    """Bid ids with their receipts."""

    def __call__(self, clerk: Clerk) -> None:
        forms = {
            "price": PriceForm(CODE, BIDDER_NAME, 95_000_00, 60_000_00).encode(),
            "identity": IdentityLetter(CODE, BIDDER_NAME, "王晓", "0371-60000000").encode(),
            "technical": mark(clerk).encode() * 20,
        }
        bid = seal_bid(self.policy, forms, self.key)
        begun = clerk.write(self._asked("begin_bid", "POST", "/procurement/v1/bids", None))
        bid_id = json.loads(begun.body)["id"]
        at = f"/procurement/v1/bids/{bid_id}"
        for number, name in enumerate(PARTS, start=1):
            self._put(clerk, f"{at}/parts/{number}", bid.parts[name])
        body = canonical(
            {
                "format": "huishe-bid-commit/1",
                "tender": self.tender,
                "kind": "bid",
                "lodged": bid.envelope.as_dict(),
            }
        )
        answer = clerk.write(self._asked("commit_bid", "POST", f"{at}/commit", body))
        assert answer.status == 200, answer
        self.lodged.append((bid_id, answer.body))

    def _put(self, clerk: Clerk, path: str, content: bytes) -> None:
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        asked = self._asked("upload_part", "PUT", path, content)
        answer = clerk.write(asked, headers={"content-digest": f"sha-256=:{digest}:"})
        assert answer.status == 200, answer

    def _asked(self, operation: str, method: str, path: str, body: Any) -> Asked:
        return Asked("procurement", operation, BIDDER, method, path, None, body)


CODE = credit_code(1)


def everything(suite: RunningSuite) -> tuple[list[Day], Bids]:
    """Errands in all services; what they need beforehand is made here."""
    bids = bidding_on(suite)
    base = {"name": "惠济区孵化基地", "division": "410108005", "address": "迎宾路1号"}
    made = done(suite, "incubator-manager", "/incubator/v1/bases", base)
    errands = [NEED, COMMITTEE, APPLICATION, tenders_of(planned(suite)), venues_of(made["id"])]
    return [*errands, bids], bids


def planned(suite: RunningSuite) -> str:
    """A project that tenders can be drafted for."""
    recorded = done(suite, "street-officer", NEEDS, purchases.need())
    body = purchases.project([recorded["id"]])
    return str(done(suite, "purchaser", "/procurement/v1/projects", body)["id"])


def bidding_on(suite: RunningSuite) -> Bids:
    """A published tender whose bidders keep their own keys, and one bidder with a signing key."""
    bind_organisation(suite, BIDDER, CODE)
    drafted = done(suite, "purchaser", TENDERS, purchases.tender(planned(suite)))
    at = f"{TENDERS}/{drafted['id']}"
    done(suite, "purchaser", f"{at}/publication", None, version=1)
    policy = SealPolicy.parse(suite.ask(None, "GET", f"{at}/seal-policy").content)
    key = new_signing_key(SUITE_A)
    card = {
        "format": "huishe-public-key/1",
        "suite": "A",
        "key_id": key.verifying.id,
        "public_key": key.verifying.public.hex(),
    }
    done(suite, BIDDER, "/procurement/v1/signing-keys", card)
    return Bids(drafted["id"], policy, key)


def done(
    suite: RunningSuite, caller: str, path: str, body: Any, *, version: int | None = None
) -> Any:
    headers = {} if version is None else {"if-match": f'"{version}"'}
    answer = suite.ask(caller, "POST", path, body, headers=headers)
    assert answer.is_success, answer.text
    return answer.json()


def bind_organisation(suite: RunningSuite, client_id: str, code: str) -> None:
    """As the administrator does it at the gateway's own command line."""
    told = (suite.folder / "environment" / "gateway.env").read_text().splitlines()
    settings = {name: value.strip("'") for name, value in (line.split("=", 1) for line in told)}
    command = [sys.executable, "-m", "gateway", "clients", "update", client_id, "--org", code]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, check=True, timeout=60)
