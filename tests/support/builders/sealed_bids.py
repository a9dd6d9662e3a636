"""Custodians and bidders on machines of their own: they hold keys, the service gets ciphertext."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

import httpx

from shared.sealing.bids import SealedBid, seal_bid, withdraw_bid
from shared.sealing.canonical import canonical
from shared.sealing.closings import Closing, ClosingLeaves
from shared.sealing.forms import IdentityLetter, PriceForm
from shared.sealing.keyfiles import new_custodian_key, new_signing_key
from shared.sealing.manifests import PARTS, Envelope, Withdrawal
from shared.sealing.policies import SealPolicy
from shared.sealing.receipts import Receipt
from shared.sealing.sessions import (
    CustodianKey,
    Release,
    SessionStatement,
    check_opening,
    release_shares,
)
from shared.sealing.signing import SigningKey, VerifyingKey
from shared.sealing.suites import SUITE_A
from tests.support.builders.procurement import BIDDERS, Purchase, good
from tests.support.credit_codes import make_credit_code
from tests.support.service import Caller, ServiceUnderTest, at

ORGANS = ("purchaser", "finance", "notary", "supervision", "platform")
DEADLINE = at(2026, 3, 30, 9, 30)
LAST_MINUTE = str(make_credit_code("52410108", 14))
NAMES = {
    **dict(zip(BIDDERS, ("惠济区晨光社工", "惠济区同行社工", "惠济区和风社工"), strict=True)),
    LAST_MINUTE: "惠济区拾光社工",
}


@cache
def custodian_key(organ: str) -> CustodianKey:
    return new_custodian_key(SUITE_A, f"惠济区{organ}")


@cache
def signing_key(code: str) -> SigningKey:
    return new_signing_key(SUITE_A)


@dataclass
class Sealing:
    """A tender with sealed bids, played through HTTP."""

    service: ServiceUnderTest
    tender_id: str = ""
    policy: SealPolicy | None = None
    purchase: Purchase = field(init=False)

    def __post_init__(self) -> None:
        self.purchase = Purchase(self.service)

    def custodian(self, organ: str) -> Caller:
        return self.service.as_(["custodian"], client_id=f"custodian-{organ}")

    def key_of(self, organ: str) -> CustodianKey:
        return custodian_key(organ)

    def agency(self, code: str) -> Caller:
        return self.service.as_(["agency"], org=code, client_id=f"agency-{code}")

    @property
    def rules(self) -> SealPolicy:
        assert self.policy is not None
        return self.policy

    async def appointed(self, count: int = 3) -> None:
        for organ in ORGANS[:count]:
            body = {"organ": organ, "card": self.key_of(organ).card.as_dict()}
            good(await self.custodian(organ).post("/custodians", json=body), 201)

    async def signers(self, codes: Iterable[str] = NAMES) -> None:
        for code in codes:
            key = signing_key(code).verifying
            body = {
                "format": "huishe-public-key/1",
                "suite": "A",
                "key_id": key.id,
                "public_key": key.public.hex(),
            }
            good(await self.agency(code).post("/signing-keys", json=body), 201)

    async def published(self, profile: str = "2-of-3", **changes: Any) -> str:
        await self.appointed(5 if profile == "3-of-5" else 3)
        await self.signers()
        answer = await self.purchase.published(
            profile=profile, closes_at=DEADLINE.isoformat(), **changes
        )
        self.tender_id = answer.json()["id"]
        read = await self.service.anonymous.get(f"/tenders/{self.tender_id}/seal-policy")
        self.policy = SealPolicy.parse(good(read).content)
        assert self.policy.hash.hex() == answer.json()["seal_policy_hash"]
        return self.tender_id

    def sealed(self, code: str, price: int = 95_000_00, **contents: bytes) -> SealedBid:
        name = NAMES[code]
        forms = {
            "price": PriceForm(code, name, price, 60_000_00).encode(),
            "identity": IdentityLetter(code, name, "王晓", "0371-60000000").encode(),
            "technical": f"{name}的服务方案".encode() * 20,
            **contents,
        }
        return seal_bid(self.rules, forms, signing_key(code))

    async def begun(self, code: str) -> str:
        return str(good(await self.agency(code).post("/bids"), 201).json()["id"])

    async def uploaded(self, code: str, bid: SealedBid) -> str:
        bid_id = await self.begun(code)
        for number, name in enumerate(PARTS, start=1):
            good(await self.piece(code, bid_id, number, bid.parts[name]))
        return bid_id

    async def piece(
        self,
        code: str,
        bid_id: str,
        part: int,
        content: bytes,
        *,
        place: str | None = None,
        digest: bytes | None = None,
    ) -> httpx.Response:
        digest = digest or hashlib.sha256(content).digest()
        headers = {"content-digest": f"sha-256=:{base64.b64encode(digest).decode()}:"}
        if place is not None:
            headers["content-range"] = place
        path = f"/bids/{bid_id}/parts/{part}"
        return await self.agency(code).put(path, headers=headers, content=content)

    async def committed(
        self,
        code: str,
        bid_id: str,
        lodged: Envelope | Withdrawal,
        tender_id: str | None = None,
        **options: Any,
    ) -> httpx.Response:
        body = commit(tender_id or self.tender_id, lodged)
        path = f"/bids/{bid_id}/commit"
        return await self.agency(code).post(path, content=body, **options)

    async def lodged(self, code: str, price: int = 95_000_00, **contents: bytes) -> SealedBid:
        bid = self.sealed(code, price, **contents)
        await self.lodge(code, bid)
        return bid

    async def lodge(self, code: str, bid: SealedBid) -> Receipt:
        bid_id = await self.uploaded(code, bid)
        receipt = Receipt.parse(good(await self.committed(code, bid_id, bid.envelope)).content)
        receipt.verify(await self.trusted())
        receipt.require_about(bid.manifest)
        return receipt

    async def withdrawn(self, code: str, bid: SealedBid) -> httpx.Response:
        withdrawal = withdraw_bid(bid.manifest, bid.root)
        return await self.committed(code, await self.begun(code), withdrawal)

    async def trusted(self) -> VerifyingKey:
        """In real life got by another way; here the test trusts the service's own answer."""
        return VerifyingKey.parse((await self.service.anonymous.get("/receipt-key")).content)

    async def closed(self) -> None:
        await self.service.clock.move_to(DEADLINE)
        await self.service.settle()

    async def state(self) -> str:
        answer = await self.service.anonymous.get(f"/tenders/{self.tender_id}")
        return str(answer.json()["state"])

    async def session(self) -> SessionStatement:
        answer = await self.service.anonymous.get(f"/openings/{self.tender_id}")
        return SessionStatement.parse(canonical(good(answer).json()["session"]))

    async def release(self, organ: str) -> Release:
        """As a custodian's machine makes it, after its checks."""
        answer = await self.custodian(organ).get(f"/openings/{self.tender_id}/lodged")
        lodged = good(answer).json()
        policy = SealPolicy.parse(canonical(lodged["policy"]))
        session = SessionStatement.parse(canonical(lodged["session"]))
        envelopes = [Envelope.parse(canonical(one)) for one in lodged["envelopes"]]
        check_opening(
            policy,
            Closing.parse(canonical(lodged["closing"])),
            ClosingLeaves.parse(canonical(lodged["leaves"])),
            session,
            envelopes,
            trusted=await self.trusted(),
            now=self.service.clock.now,
        )
        return release_shares(policy, session, envelopes, self.key_of(organ))

    async def released(self, organ: str) -> httpx.Response:
        release = await self.release(organ)
        return await self.send_release(organ, release)

    async def send_release(self, organ: str, release: Release) -> httpx.Response:
        path = f"/openings/{self.tender_id}/releases"
        return await self.custodian(organ).post(path, content=release.encode())

    async def opened(self, organs: Sequence[str] = ORGANS[:2]) -> None:
        await self.closed()
        for organ in organs:
            good(await self.released(organ), 201)
        await self.service.settle()


def commit(tender_id: str, lodged: Envelope | Withdrawal) -> bytes:
    kind = "bid" if isinstance(lodged, Envelope) else "withdrawal"
    return canonical(
        {
            "format": "huishe-bid-commit/1",
            "tender": str(UUID(tender_id)),
            "kind": kind,
            "lodged": lodged.as_dict(),
        }
    )
