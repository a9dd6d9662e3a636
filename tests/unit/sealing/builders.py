"""One small opening, made once: a policy with three custodians, three bids, and all that follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID

from shared.sealing.bids import OpenedBid, SealedBid, seal_bid
from shared.sealing.bundles import make_bundle
from shared.sealing.closings import Closing, ClosingLeaves, gather_leaves, sign_closing
from shared.sealing.forms import IdentityLetter, PriceForm
from shared.sealing.keyfiles import new_custodian_key, new_signing_key
from shared.sealing.manifests import Envelope
from shared.sealing.minutes import Minutes, entry_for, sign_minutes
from shared.sealing.openings import gather_released, open_or_say_why
from shared.sealing.policies import PROFILES, SealPolicy
from shared.sealing.receipts import Receipt, issue_receipt
from shared.sealing.sessions import (
    CustodianKey,
    Release,
    SessionStatement,
    check_opening,
    release_shares,
    sign_session,
)
from shared.sealing.signing import SigningKey
from shared.sealing.suites import SUITE_A

TENDER = UUID("01960000-0000-7000-8000-00000000000a")
SESSION = UUID("0f6f6a33-41c4-4a77-9d86-2f1f1f0c1a01")
DEADLINE = datetime(2026, 4, 10, 1, 0, tzinfo=UTC)
OPENED = DEADLINE + timedelta(minutes=5)
SESSION_PRIVATE = bytes(range(32))

NAMES = {
    "52410108MJF0000016": "惠济区晨光社会工作服务中心",
    "52410108MJF0000024": "惠济区同行社会工作服务中心",
    "52410108MJF0000032": "惠济区和风社会工作服务中心",
}


def contents(code: str = "52410108MJF0000016", *, price: int = 98_000_00) -> dict[str, bytes]:
    name = NAMES[code]
    return {
        "price": PriceForm(code, name, price, price * 6 // 10).encode(),
        "technical": f"{name}服务方案".encode() * 40,
        "identity": IdentityLetter(code, name, "王晓", "0371-60000000").encode(),
    }


@cache
def custodians(count: int) -> tuple[CustodianKey, ...]:
    return tuple(new_custodian_key(SUITE_A, f"保管人{n}") for n in range(1, count + 1))


@cache
def policy(profile: str = "2-of-3") -> SealPolicy:
    cards = tuple(key.card for key in custodians(PROFILES[profile][1]))
    return SealPolicy(SUITE_A, TENDER, 1, profile, cards, DEADLINE, 3, 30)


@cache
def service_key() -> SigningKey:
    return new_signing_key(SUITE_A)


@cache
def bidder_key() -> SigningKey:
    return new_signing_key(SUITE_A)


@cache
def sealed_bid(profile: str = "2-of-3") -> SealedBid:
    return seal_bid(policy(profile), contents(), bidder_key())


def receipt_for(bid: SealedBid) -> Receipt:
    return issue_receipt(
        service_key(),
        kind="bid",
        policy_hash=bid.manifest.policy_hash,
        nonce=bid.manifest.nonce,
        manifest_hash=bid.manifest.hash,
        received_at=DEADLINE - timedelta(hours=1),
    )


@dataclass(frozen=True)
class Opening:
    bids: Sequence[SealedBid]
    leaves: ClosingLeaves
    closing: Closing
    session: SessionStatement
    releases: dict[str, Release]
    minutes: Minutes
    bundle: dict[str, bytes]

    @property
    def envelopes(self) -> list[Envelope]:
        return [bid.envelope for bid in self.bids]


@cache
def opening() -> Opening:
    rules, key = policy(), service_key()
    bids = [
        seal_bid(rules, contents(code, price=90_000_00 + n), bidder_key())
        for n, code in enumerate(NAMES)
    ]
    receipts = {bid.manifest.nonce: receipt_for(bid) for bid in bids}
    leaves = gather_leaves(SUITE_A, receipts.values())
    closing = sign_closing(key, rules, leaves, DEADLINE)
    session = sign_session(key, closing, SESSION, SUITE_A.sealing_public(SESSION_PRIVATE), OPENED)
    envelopes = [bid.envelope for bid in bids]
    check_opening(rules, closing, leaves, session, envelopes, trusted=key.verifying, now=OPENED)
    releases = {
        custodian.card.key_id: release_shares(rules, session, envelopes, custodian)
        for custodian in custodians(3)[1:]
    }
    opened: dict[bytes, OpenedBid] = {}
    entries = []
    for bid in bids:
        released = gather_released(
            rules, session, SESSION_PRIVATE, bid.manifest, list(releases.values())
        )
        outcome = open_or_say_why(rules, bid.envelope, bid.parts, released)
        assert isinstance(outcome, OpenedBid)
        opened[bid.manifest.nonce] = outcome
        entries.append(entry_for(receipts[bid.manifest.nonce], outcome))
    minutes = sign_minutes(
        key, session, OPENED, custodians=tuple(releases), bids=tuple(entries), superseded=()
    )
    bundle = make_bundle(
        key,
        policy=rules,
        closing=closing,
        leaves=leaves,
        session=session,
        releases=releases,
        minutes=minutes,
        envelopes={bid.manifest.nonce: bid.envelope for bid in bids},
        part_keys={nonce: bid.part_keys for nonce, bid in opened.items()},
        sealed_parts={bid.manifest.nonce: bid.parts for bid in bids},
    )
    return Opening(bids, leaves, closing, session, releases, minutes, bundle)
