"""Test vectors for other implementations: `python -m shared.sealing.vectors` writes `vectors.json`.

Everything is drawn from a fixed seed except what HPKE and Shamir draw for themselves: shares and
their seals differ each time, so a vector of these is checked by opening it.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from shared.sealing.bids import SealedBid, open_bid, seal_bid, withdraw_bid
from shared.sealing.canonical import canonical
from shared.sealing.closings import gather_leaves, sign_closing
from shared.sealing.forms import IdentityLetter, PriceForm
from shared.sealing.keyfiles import new_custodian_key, new_signing_key
from shared.sealing.policies import SealPolicy
from shared.sealing.receipts import issue_receipt
from shared.sealing.sessions import CustodianKey
from shared.sealing.signing import SigningKey
from shared.sealing.sizes import padme, size_class
from shared.sealing.suites import SUITE_A, binding, digest

SEED = b"huishe sealed bids, vectors, 1"
PATH = Path(__file__).with_name("vectors.json")
SIZES = (0, 1, 2, 9, 1023, 1024, 1025, 65_536, 100_000, 1_000_000, 12_345_678)
TENDER = UUID("01960000-0000-7000-8000-000000000001")
DEADLINE = datetime(2026, 4, 10, 1, 0, tzinfo=UTC)
RECEIVED = datetime(2026, 4, 9, 7, 30, 15, 123456, tzinfo=UTC)


def stream(seed: bytes) -> Callable[[int], bytes]:
    """Repeatable "random" bytes, for vectors and tests only."""
    drawn = 0

    def draw(size: int) -> bytes:
        nonlocal drawn
        drawn += 1
        return SUITE_A.derive(seed, drawn.to_bytes(8, "big"), size)

    return draw


def cast(random: Callable[[int], bytes]) -> tuple[list[CustodianKey], SigningKey, SigningKey]:
    """Three custodians, a bidder's signing key and the service's receipt key."""
    custodians = [
        new_custodian_key(SUITE_A, name, random=random)
        for name in ("惠济区采购中心", "惠济区财政监督科", "惠济区公证处")
    ]
    bidder, service = (new_signing_key(SUITE_A, random=random) for _ in range(2))
    return custodians, bidder, service


def policy_of(custodians: list[CustodianKey]) -> SealPolicy:
    cards = tuple(custodian.card for custodian in custodians)
    return SealPolicy(SUITE_A, TENDER, 1, "2-of-3", cards, DEADLINE, 3, 30)


def contents() -> dict[str, bytes]:
    bidder = ("52410108MJF0000016", "惠济区晨光社会工作服务中心")
    return {
        "price": PriceForm(*bidder, price=98_000_00, personnel=61_250_00).encode(),
        "technical": "服务方案（测试向量）".encode(),
        "identity": IdentityLetter(*bidder, signatory="王晓", contact="0371-60000000").encode(),
    }


def certain() -> dict[str, Any]:
    """The vectors that come out the same every time."""
    random = stream(SEED)
    custodians, bidder, service = cast(random)
    policy = policy_of(custodians)
    sealed = seal_bid(policy, contents(), bidder, random=random)
    manifest = sealed.manifest
    withdrawal = withdraw_bid(manifest, sealed.root, random=random)
    receipt = issue_receipt(
        service,
        kind="withdrawal",
        policy_hash=policy.hash,
        nonce=withdrawal.nonce,
        manifest_hash=digest(SUITE_A, "vector", b"a manifest hash"),
        received_at=RECEIVED,
    )
    lodged = [
        issue_receipt(
            service,
            kind="bid",
            policy_hash=policy.hash,
            nonce=random(16),
            manifest_hash=random(32),
            received_at=RECEIVED,
        )
        for _ in range(5)
    ]
    leaves = gather_leaves(SUITE_A, lodged, random=random)
    closing = sign_closing(service, policy, leaves, DEADLINE)
    return {
        "binding": binding(SUITE_A, "label", b"one", b"").hex(),
        "digest": digest(SUITE_A, "label", b"one", b"").hex(),
        "padme": [[size, padme(size), size_class(size)] for size in SIZES],
        "custodian_cards": [custodian.card.as_dict() for custodian in custodians],
        "policy": policy.as_dict(),
        "policy_hash": policy.hash.hex(),
        "signing_key": {"private": bidder.private.hex(), "key_id": bidder.id},
        "receipt_key": {"private": service.private.hex(), "key_id": service.id},
        "nonce": manifest.nonce.hex(),
        "root": sealed.root.hex(),
        "commitment": manifest.commitment.hex(),
        "withdrawal_key": withdrawal.key.hex(),
        "withdrawal_lock": manifest.withdrawal_lock.hex(),
        "contents": {name: content.hex() for name, content in contents().items()},
        "sealed_parts": {name: part.hex() for name, part in sealed.parts.items()},
        "parts": [part.as_dict() for part in manifest.parts],
        "receipt": receipt.as_dict(),
        "closing": closing.as_dict(),
        "leaves": canonical_value(leaves.encode()),
        "proof": leaves.proof_for(lodged[0]).as_dict(),
        "proof_for": lodged[0].as_dict(),
    }


def drawn() -> dict[str, Any]:
    """The vectors with fresh shares and seals: checked by opening them."""
    random = stream(SEED)
    custodians, bidder, _ = cast(random)
    sealed: SealedBid = seal_bid(policy_of(custodians), contents(), bidder, random=random)
    open_bid(sealed.manifest, sealed.parts, sealed.root)
    return {
        "custodian_keys": [
            {"sealing": key.sealing_private.hex(), "signing": key.signing_private.hex()}
            for key in custodians
        ],
        "envelope": sealed.envelope.as_dict(),
    }


def canonical_value(data: bytes) -> Any:
    return json.loads(data)


if __name__ == "__main__":
    PATH.write_bytes(canonical({"certain": certain(), "drawn": drawn()}) + b"\n")
