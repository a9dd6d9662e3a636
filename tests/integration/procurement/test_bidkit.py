"""bidkit against the service: the same functions that its commands call, over the service's wire."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
import pytest

from shared.bidkit import bidding, checking, keeping
from shared.bidkit.folders import BidderFolder, BidFolder, CustodianFolder
from shared.bidkit.suite import Refused, Suite, Unreachable
from shared.sealing.errors import NotGenuine, Reason
from shared.sealing.forms import IdentityLetter, PriceForm
from shared.sealing.keyfiles import new_signing_key
from shared.sealing.signing import VerifyingKey
from shared.sealing.suites import SUITE_A
from tests.support import tokens
from tests.support.builders.procurement import BIDDERS, MORNING_LIGHT, Purchase, good
from tests.support.builders.sealed_bids import DEADLINE, NAMES, ORGANS
from tests.support.service import ServiceUnderTest

T = TypeVar("T")
PASSPHRASE = "correct-horse-battery"


class Wire(httpx.BaseTransport):
    """The gateway as the tool sees it; `cut_after` answers, the line is dead until mended."""

    def __init__(
        self, service: ServiceUnderTest, loop: asyncio.AbstractEventLoop, who: str, token: str
    ) -> None:
        self.service, self.loop, self.who, self.token = service, loop, who, token
        self.cut_after: int | None = None
        self.uploaded = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.cut_after == 0:
            raise httpx.ConnectError("cut")
        if self.cut_after is not None:
            self.cut_after -= 1
        if request.url.path == "/oauth/token":
            return httpx.Response(200, json={"access_token": self.token, "expires_in": 600})
        if request.method == "PUT":
            self.uploaded += 1
        answer = asyncio.run_coroutine_threadsafe(self._pass_on(request), self.loop).result(30)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    async def _pass_on(self, request: httpx.Request) -> httpx.Response:
        request.read()
        headers = {k: v for k, v in request.headers.items() if k not in ("host", "content-length")}
        return await self.service.client.request(
            request.method, request.url.raw_path.decode(), headers=headers, content=request.content
        )


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time is given, never slept."""
    monkeypatch.setattr("shared.bidkit.suite.PAUSE_SECONDS", 0)


class Desks:
    """Everybody's folders, and their ways to the suite."""

    def __init__(self, service: ServiceUnderTest, folder: Path) -> None:
        self.service, self.folder = service, folder
        self.loop = asyncio.get_running_loop()
        self.wires: dict[str, Wire] = {}

    def suite(self, who: str, roles: list[str], org: str | None = None) -> Suite:
        wire = Wire(self.service, self.loop, who, tokens.token(who, roles, org))
        self.wires[who] = wire
        return Suite("http://gateway.test", who, "secret", transport=wire)

    def agency(self, code: str) -> Suite:
        return self.suite(f"agency-{code}", ["agency"], code)

    async def do(self, act: Callable[..., T], *given: Any, **more: Any) -> T:
        """As the tool does: in a thread, without an event loop."""
        return await asyncio.to_thread(act, *given, **more)

    async def published(self) -> UUID:
        for organ in ORGANS[:3]:
            folder = CustodianFolder(self.folder / organ)
            await self.do(keeping.init_custodian, folder, f"惠济区{organ}", PASSPHRASE)
            suite = self.suite(f"custodian-{organ}", ["custodian"])
            await self.do(keeping.register, suite, folder, organ)
        tender = await Purchase(self.service).published(
            profile="2-of-3", closes_at=DEADLINE.isoformat()
        )
        return UUID(tender.json()["id"])

    async def sealed(self, tender: UUID, code: str, price: int, name: str = "bid") -> BidFolder:
        suite, keys = self.agency(code), BidderFolder(self.folder / code)
        if not keys.key_file.exists():
            key = await self.do(bidding.init_bidder, keys, NAMES[code], PASSPHRASE)
            body = {
                "format": "huishe-public-key/1",
                "suite": "A",
                "key_id": key.id,
                "public_key": key.public.hex(),
            }
            await self.do(suite.post, "/procurement/v1/signing-keys", body)
        policy = await self.do(bidding.fetch_policy, suite, tender, None)
        out = BidFolder(self.folder / code / name)
        await self.do(
            bidding.seal,
            keys,
            out,
            policy,
            PriceForm(code, NAMES[code], price, 60_000_00),
            IdentityLetter(code, NAMES[code], "王晓", "0371-60000000"),
            b"plan " * 500_000,
            PASSPHRASE,
            keep_root=True,
        )
        return out

    async def trusted(self) -> VerifyingKey:
        answer = await self.service.anonymous.get("/receipt-key")
        return VerifyingKey.parse(answer.content)


@pytest.fixture
async def desks(procurement: ServiceUnderTest, tmp_path: Path) -> Desks:
    return Desks(procurement, tmp_path)


def silent(_: str) -> None:
    """What the tool tells its user is not looked at here."""


async def test_a_tender_is_bid_for_and_opened_with_the_tool_alone(desks: Desks) -> None:
    tender = await desks.published()
    trusted = await desks.trusted()
    folders = {}
    for n, code in enumerate(BIDDERS):
        folders[code] = await desks.sealed(tender, code, 90_000_00 + n)
        await desks.do(bidding.submit, desks.agency(code), folders[code], trusted, silent)
    await desks.service.clock.move_to(DEADLINE)
    await desks.service.settle()

    for organ in ORGANS[:2]:
        released = await desks.do(
            keeping.release,
            desks.suite(f"custodian-{organ}", ["custodian"]),
            CustodianFolder(desks.folder / organ),
            tender,
            PASSPHRASE,
            trusted,
            now=DEADLINE,
            policy_hash=folders[MORNING_LIGHT].policy().hash.hex(),
        )
        assert all(share.fault is None for share in released.shares)
    await desks.service.settle()
    anybody, bundle = desks.suite("anybody", ["auditor"]), desks.folder / "bundle"
    await desks.do(checking.fetch_bundle, anybody, tender, bundle)
    verified = checking.check_bundle(bundle, trusted)
    closing = await desks.do(bidding.complete, anybody, folders[MORNING_LIGHT], trusted)

    assert len(verified.minutes.bids) == 3
    assert closing.root == verified.closing.root


async def test_a_submission_that_was_cut_goes_on_where_it_stopped(desks: Desks) -> None:
    tender = await desks.published()
    trusted = await desks.trusted()
    folder = await desks.sealed(tender, MORNING_LIGHT, 95_000_00)
    sizes = [p.size for p in folder.envelope().manifest.parts]
    pieces = sum(-(-size // bidding.PIECE) for size in sizes)
    uploads = 0

    for answers in (1, 3, 4, 5):
        suite = desks.agency(MORNING_LIGHT)
        wire = desks.wires[suite.client_id or ""]
        wire.cut_after = answers
        with pytest.raises(Unreachable):
            await desks.do(bidding.submit, suite, folder, trusted, silent)
        uploads += wire.uploaded
    suite = desks.agency(MORNING_LIGHT)
    receipt = await desks.do(bidding.submit, suite, folder, trusted, silent)
    uploads += desks.wires[suite.client_id or ""].uploaded
    again = await desks.do(bidding.submit, desks.agency(MORNING_LIGHT), folder, trusted, silent)

    assert receipt == again
    assert uploads == pieces


async def test_a_receipt_that_was_lost_on_the_way_is_given_again(desks: Desks) -> None:
    tender = await desks.published()
    trusted = await desks.trusted()
    folder = await desks.sealed(tender, MORNING_LIGHT, 95_000_00)
    first = await desks.do(bidding.submit, desks.agency(MORNING_LIGHT), folder, trusted, silent)
    folder.receipt_file.unlink()
    await desks.service.clock.move_to(DEADLINE)

    again = await desks.do(bidding.submit, desks.agency(MORNING_LIGHT), folder, trusted, silent)

    assert again == first


async def test_a_receipt_of_a_stranger_is_not_accepted(desks: Desks) -> None:
    tender = await desks.published()
    folder = await desks.sealed(tender, MORNING_LIGHT, 95_000_00)
    stranger = new_signing_key(SUITE_A).verifying

    with pytest.raises(Exception, match="untrusted-key"):
        await desks.do(bidding.submit, desks.agency(MORNING_LIGHT), folder, stranger, silent)

    assert not folder.receipt_file.exists()


async def test_a_late_submission_tells_the_clause(desks: Desks) -> None:
    tender = await desks.published()
    folder = await desks.sealed(tender, MORNING_LIGHT, 95_000_00)
    await desks.service.clock.move_to(DEADLINE)

    with pytest.raises(Refused) as refused:
        await desks.do(bidding.submit, desks.agency(MORNING_LIGHT), folder, None, silent)

    assert "招标投标法实施条例 36" in refused.value.told


async def test_a_bid_is_withdrawn_with_its_kept_key(desks: Desks) -> None:
    tender = await desks.published()
    trusted = await desks.trusted()
    folder = await desks.sealed(tender, MORNING_LIGHT, 95_000_00)
    await desks.do(bidding.submit, desks.agency(MORNING_LIGHT), folder, trusted, silent)

    receipts = [
        await desks.do(bidding.withdraw, desks.agency(MORNING_LIGHT), folder, PASSPHRASE, trusted)
        for _ in range(2)
    ]

    assert receipts[0] == receipts[1]
    assert receipts[0].kind == "withdrawal"


async def test_a_policy_that_the_notice_does_not_print_is_refused(desks: Desks) -> None:
    tender = await desks.published()
    read = good(await desks.service.anonymous.get(f"/tenders/{tender}")).json()
    suite = desks.agency(MORNING_LIGHT)

    policy = await desks.do(bidding.fetch_policy, suite, tender, read["seal_policy_hash"])
    with pytest.raises(NotGenuine) as refused:
        await desks.do(bidding.fetch_policy, suite, tender, "00" * 32)

    assert policy.tender == tender
    assert refused.value.reason is Reason.OTHER_POLICY


async def test_a_custodians_machine_refuses_before_the_deadline_by_its_own_clock(
    desks: Desks,
) -> None:
    tender = await desks.published()
    trusted = await desks.trusted()
    for code in BIDDERS:
        folder = await desks.sealed(tender, code, 95_000_00)
        await desks.do(bidding.submit, desks.agency(code), folder, trusted, silent)
    early = desks.service.clock.now
    await desks.service.clock.move_to(DEADLINE)
    await desks.service.settle()

    with pytest.raises(NotGenuine) as refused:
        await desks.do(
            keeping.release,
            desks.suite("custodian-purchaser", ["custodian"]),
            CustodianFolder(desks.folder / "purchaser"),
            tender,
            PASSPHRASE,
            trusted,
            now=early,
            policy_hash=None,
        )

    assert refused.value.reason is Reason.TOO_EARLY
