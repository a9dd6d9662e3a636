"""A tender with sealed bids on a whole running suite, its people at machines of their own.

Custodians and bidders use bidkit's library as its command line does: keys under passphrases in
folders of their own, sealing offline, lodging through the gateway.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from deploy.demo.chapters.purchase import budget, tender_document
from deploy.demo.chapters.sealed_bids import CUSTODIANS
from shared.bidkit import bidding, keeping
from shared.bidkit.folders import BidderFolder, BidFolder, CustodianFolder
from shared.bidkit.suite import Suite
from shared.sealing.forms import IdentityLetter, PriceForm
from shared.sealing.policies import SealPolicy
from shared.sealing.signing import VerifyingKey
from tests.support.credit_codes import make_credit_code
from tests.support.suite import ROOT, RunningSuite, eventually

PASSPHRASE = "保管-correct-horse-电池"
DEADLINE = "2026-03-30T09:30:00+08:00"
NEED = {
    "division": "410108101",
    "title": "留守儿童课后陪伴",
    "description": "四个村的留守儿童放学后无人照看",
    "client_group": "rural_left_behind",
    "rural_focus_group": "left_behind_children",
    "people": 126,
    "found_on": "2026-01-15",
}


@dataclass(frozen=True)
class Agency:
    """An agency and what it means to bid; every word of it is found nowhere else."""

    number: int
    price: int
    personnel: int

    @property
    def client_id(self) -> str:
        return f"bidder-of-{self.number}"

    @property
    def credit_code(self) -> str:
        return str(make_credit_code("52410108", 700 + self.number))

    @property
    def name(self) -> str:
        return f"惠济区霜晨{'甲乙丙丁戊己'[self.number]}号社会工作服务中心"

    @property
    def signatory(self) -> str:
        return f"欧阳青藜{'甲乙丙丁戊己'[self.number]}"

    @property
    def contact(self) -> str:
        return f"0371-8899{self.number}127"

    @property
    def technical(self) -> str:
        return f"方案要点-{self.number}-白鹭洲陪伴计划-whiteheron-{self.number}"


AGENCIES = [
    Agency(number, 8765432109 + 1010101 * number, 7123456701 + 909091 * number)
    for number in range(6)
]


def ensure_clients(suite: RunningSuite, wanted: list[dict[str, Any]]) -> None:
    """The administrator's work, at the gateway's own command line."""
    told = (suite.folder / "environment" / "gateway.env").read_text().splitlines()
    settings = {name: value.strip("'") for name, _, value in (line.partition("=") for line in told)}
    done = subprocess.run(
        [sys.executable, "-m", "gateway", "clients", "ensure", "-"],
        cwd=ROOT,
        env={**os.environ, **settings},
        input=json.dumps(wanted),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@dataclass
class SealedTender:
    """One tender, from its custodians to the opening."""

    suite: RunningSuite
    desks: Path
    """Where the machines of custodians and bidders are: not a place of the suite's."""
    tender: str = ""
    policy: SealPolicy = field(init=False)
    trusted: VerifyingKey = field(init=False)

    def ask(self, caller: str, path: str, body: Any, *, etag: str | None = None) -> Any:
        headers = {"if-match": etag} if etag else {}
        answer = self.suite.ask(caller, "POST", f"/procurement/v1{path}", body, headers=headers)
        assert answer.status_code in (200, 201), answer.text
        return answer

    def as_(self, agency: Agency) -> Suite:
        return Suite(self.suite.address_of("gateway"), agency.client_id, secret_of(agency))

    def custodian(self, who: str) -> CustodianFolder:
        return CustodianFolder(self.desks / who)

    def publish(self) -> None:
        for who, organ in CUSTODIANS.items():
            keeping.init_custodian(self.custodian(who), f"保管人 {who}", PASSPHRASE)
            body = {"organ": organ, "card": self.custodian(who).card().as_dict()}
            self.ask(who, "/custodians", body)
        need = self.ask("street-officer", "/needs", NEED).json()
        project = self.ask("purchaser", "/projects", project_for(need["id"])).json()
        drafted = self.ask("purchaser", "/tenders", tender_document(project["id"]))
        self.tender = drafted.json()["id"]
        self.ask(
            "purchaser", f"/tenders/{self.tender}/publication", None, etag=drafted.headers["etag"]
        )
        with Suite(self.suite.address_of("gateway")) as anybody:
            self.policy = bidding.fetch_policy(anybody, UUID(self.tender), None)
        self.trusted = bidding.read_trusted(self.suite.folder / "receipt-key.json.pub")

    def let_in(self, agencies: Iterable[Agency]) -> None:
        """Clients for them, and their signing keys: what every agency may have, bidding or not."""
        ensure_clients(self.suite, [client_of(agency) for agency in agencies])
        for agency in agencies:
            folder = BidderFolder(self.desks / agency.client_id)
            key = bidding.init_bidder(folder, agency.name, PASSPHRASE)
            body = {
                "format": "huishe-public-key/1",
                "suite": key.suite.id,
                "key_id": key.id,
                "public_key": key.public.hex(),
            }
            with self.as_(agency) as suite:
                suite.post("/procurement/v1/signing-keys", body)

    def signing_key(self, agency: Agency) -> bytes:
        return BidderFolder(self.desks / agency.client_id).public().public

    def seal(self, agency: Agency, what: str, price: int) -> BidFolder:
        """Offline."""
        out = BidFolder(self.desks / agency.client_id / what)
        bidding.seal(
            BidderFolder(self.desks / agency.client_id),
            out,
            self.policy,
            PriceForm(agency.credit_code, agency.name, price, agency.personnel),
            IdentityLetter(agency.credit_code, agency.name, agency.signatory, agency.contact),
            (agency.technical + "\n").encode() * 400,
            PASSPHRASE,
            keep_root=True,
        )
        return out

    def submit(self, agency: Agency, folder: BidFolder) -> None:
        with self.as_(agency) as suite:
            bidding.submit(suite, folder, self.trusted, lambda _: None)

    def withdraw(self, agency: Agency, folder: BidFolder) -> None:
        with self.as_(agency) as suite:
            bidding.withdraw(suite, folder, PASSPHRASE, self.trusted)

    def close(self) -> None:
        answer = self.suite.ask("administrator", "POST", "/sandbox/clock", {"to": DEADLINE})
        assert answer.status_code == 200, answer.text
        eventually(lambda: self._opening().get("session") is not None, "a session runs", 20)

    def release(self, who: str) -> None:
        known = json.loads((self.suite.folder / "credentials.json").read_text())
        secret = known["clients"][who]["secret"]
        with Suite(self.suite.address_of("gateway"), who, secret) as suite:
            keeping.release(
                suite,
                self.custodian(who),
                UUID(self.tender),
                PASSPHRASE,
                self.trusted,
                now=suite.sandbox_now(),
                policy_hash=self.policy.hash.hex(),
            )

    def wait_until_opened(self) -> None:
        eventually(lambda: self._opening().get("opened_at") is not None, "the bids are open", 20)

    def _opening(self) -> dict[str, Any]:
        answer = self.suite.ask(None, "GET", f"/procurement/v1/openings/{self.tender}")
        return dict(answer.json())


def secret_of(agency: Agency) -> str:
    return f"only-for-tests-{agency.client_id}-0123456789abcdef"


def client_of(agency: Agency) -> dict[str, Any]:
    return {
        "client_id": agency.client_id,
        "name": f"一家机构 {agency.number}",
        "roles": ["agency"],
        "org": agency.credit_code,
        "secret": secret_of(agency),
    }


def project_for(need_id: str) -> dict[str, Any]:
    return {
        "title": "古荥镇留守儿童关爱服务",
        "description": "在四个村开展课后陪伴与家庭辅导",
        "purchase_kind": "project",
        "matter": "social_welfare",
        "service_methods": ["humane_care", "counselling"],
        "need_ids": [need_id],
        "budget_lines": budget("60000.00", "40000.00"),
    }
