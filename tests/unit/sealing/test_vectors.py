"""The published vectors are reproduced, and the ones with fresh randomness open."""

import json
from itertools import combinations

from shared.sealing.bids import open_bid
from shared.sealing.canonical import canonical
from shared.sealing.closings import Closing, ClosingLeaves
from shared.sealing.manifests import Envelope
from shared.sealing.merkle import InclusionProof
from shared.sealing.policies import SealPolicy
from shared.sealing.receipts import Receipt
from shared.sealing.shares import open_share, rebuild_root
from shared.sealing.signing import VerifyingKey
from shared.sealing.suites import SUITE_A
from shared.sealing.vectors import PATH, certain

VECTORS = json.loads(PATH.read_bytes())


def test_the_vectors_come_out_the_same_again() -> None:
    assert canonical(certain()) == canonical(VECTORS["certain"])


def test_the_drawn_vectors_open_with_any_two_custodians() -> None:
    policy = SealPolicy.parse(canonical(VECTORS["certain"]["policy"]))
    envelope = Envelope.parse(canonical(VECTORS["drawn"]["envelope"]))
    parts = {n: bytes.fromhex(part) for n, part in VECTORS["certain"]["sealed_parts"].items()}
    keys = [bytes.fromhex(key["sealing"]) for key in VECTORS["drawn"]["custodian_keys"]]
    shares = {n: open_share(envelope, n, key) for n, key in enumerate(keys, start=1)}

    for numbers in combinations(shares, 2):
        root = rebuild_root(policy, envelope.manifest, {n: shares[n] for n in numbers})
        assert root.hex() == VECTORS["certain"]["root"]
        opened = open_bid(envelope.manifest, parts, root)
        for name, content in VECTORS["certain"]["contents"].items():
            assert opened.contents[name].hex() == content


def test_the_receipt_and_the_proof_in_the_vectors_hold() -> None:
    known = VECTORS["certain"]
    public = SUITE_A.signing_public(bytes.fromhex(known["receipt_key"]["private"]))
    trusted = VerifyingKey(SUITE_A, public)
    closing = Closing.parse(canonical(known["closing"]))
    lodged = Receipt.parse(canonical(known["proof_for"]))

    Receipt.parse(canonical(known["receipt"])).verify(trusted)
    closing.verify(trusted)
    closing.require_leaves(ClosingLeaves.parse(canonical(known["leaves"])), trusted)
    closing.require_included(lodged, InclusionProof.parse(canonical(known["proof"])))
