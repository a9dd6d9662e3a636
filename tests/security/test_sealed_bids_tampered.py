"""What was sealed, receipted, closed, released or recorded: changed anywhere, it is refused by name.

First every byte of every document is changed. Then each thing is put where it does not belong:
another bid, another custodian, another tender, another policy, another session; cut, stretched,
doubled. The one who tampers may also mend whatever he can without a key, such as sizes and hashes.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

import pytest

from shared.sealing.bids import SealedBid, open_bid, open_part, seal_bid, withdraw_bid
from shared.sealing.bundles import MANIFEST_NAME, verify_bundle
from shared.sealing.canonical import canonical
from shared.sealing.closings import Closing, ClosingLeaves, gather_leaves, sign_closing
from shared.sealing.errors import Reason, SealingError
from shared.sealing.manifests import PARTS, Envelope, SealedPart, ShareMark
from shared.sealing.merkle import InclusionProof
from shared.sealing.minutes import Minutes
from shared.sealing.parts import encrypt_part
from shared.sealing.policies import SealPolicy
from shared.sealing.receipts import Receipt, issue_receipt
from shared.sealing.sessions import (
    Release,
    ReleasedShare,
    RootRelease,
    SessionStatement,
    check_opening,
    received_root,
    received_share,
    release_root,
    release_shares,
    sign_session,
)
from shared.sealing.shares import open_share, rebuild_root
from shared.sealing.signing import SigningKey
from shared.sealing.suites import SUITE_A, digest
from tests.support.forms import Figure, Form
from tests.unit.sealing.builders import (
    DEADLINE,
    OPENED,
    SESSION_PRIVATE,
    bidder_key,
    contents,
    custodians,
    opening,
    policy,
    receipt_for,
    sealed_bid,
    service_key,
)

TRUSTED = service_key().verifying
OTHER_TENDER = UUID("01960000-0000-7000-8000-00000000000b")


@cache
def other_bid() -> SealedBid:
    """Another bid of the same tender."""
    return seal_bid(policy(), contents("52410108MJF0000024", price=97_000_00), bidder_key())


@cache
def other_policy() -> SealPolicy:
    """Another tender, sealed to the same custodians."""
    return replace(policy(), tender=OTHER_TENDER)


@cache
def new_version() -> SealPolicy:
    """The same tender under a new version of its policy."""
    return replace(policy(), version=2)


@cache
def foreign_bid() -> SealedBid:
    return seal_bid(other_policy(), contents(), bidder_key())


@cache
def other_session() -> SessionStatement:
    session = UUID("0f6f6a33-41c4-4a77-9d86-2f1f1f0c1a02")
    public = SUITE_A.sealing_public(SESSION_PRIVATE)
    return sign_session(service_key(), opening().closing, session, public, OPENED)


def refused(check: Callable[[], object]) -> tuple[Reason, str]:
    with pytest.raises(SealingError) as why:
        check()
    return why.value.reason, why.value.where


# --- Every byte ----------------------------------------------------------------------------------


def check_envelope(data: bytes) -> None:
    """As whoever holds the receipt checks it."""
    envelope = Envelope.parse(data)
    envelope.manifest.require_policy(policy())
    receipt_for(sealed_bid()).require_about(envelope.manifest)


def check_withdrawal(data: bytes) -> None:
    found = type(withdrawal()).parse(data)
    found.require_lock(sealed_bid().manifest)
    withdrawal_receipt().require_about(found)


@cache
def withdrawal() -> Any:
    return withdraw_bid(sealed_bid().manifest, sealed_bid().root)


def withdrawal_receipt() -> Receipt:
    return replace(
        receipt_for(sealed_bid()), nonce=withdrawal().nonce, manifest_hash=withdrawal().hash
    )


def check_leaves(data: bytes) -> None:
    opening().closing.require_leaves(ClosingLeaves.parse(data), TRUSTED)


def check_proof(data: bytes) -> None:
    receipt = opening().leaves.receipts[0]
    opening().closing.require_included(receipt, InclusionProof.parse(data))


def check_root_release(data: bytes) -> None:
    release = RootRelease.parse(data)
    received_root(opening().session, SESSION_PRIVATE, opening().bids[0].manifest, release)


def check_policy(data: bytes) -> None:
    """As everybody compares it with what the notice prints."""
    sealed_bid().manifest.require_policy(SealPolicy.parse(data))


def a_release() -> Release:
    return next(iter(opening().releases.values()))


DOCUMENTS: dict[str, tuple[Callable[[], bytes], Callable[[bytes], object]]] = {
    "policy": (lambda: policy().encode(), check_policy),
    "envelope": (lambda: sealed_bid().envelope.encode(), check_envelope),
    "withdrawal": (lambda: withdrawal().encode(), check_withdrawal),
    "receipt": (
        lambda: receipt_for(sealed_bid()).encode(),
        lambda data: Receipt.parse(data).verify(TRUSTED),
    ),
    "closing": (
        lambda: opening().closing.encode(),
        lambda data: Closing.parse(data).verify(TRUSTED),
    ),
    "leaves": (lambda: opening().leaves.encode(), check_leaves),
    "proof": (
        lambda: opening().leaves.proof_for(opening().leaves.receipts[0]).encode(),
        check_proof,
    ),
    "session": (
        lambda: opening().session.encode(),
        lambda data: SessionStatement.parse(data).verify(TRUSTED),
    ),
    "release": (
        lambda: a_release().encode(),
        lambda data: Release.parse(data).verify(policy(), opening().session),
    ),
    "root release": (
        lambda: release_root(
            opening().session, opening().bids[0].manifest, opening().bids[0].root
        ).encode(),
        check_root_release,
    ),
    "minutes": (
        lambda: opening().minutes.encode(),
        lambda data: Minutes.parse(data).verify(TRUSTED),
    ),
}


def changed_bits(data: bytes, *, each: int, all_of_them: bool) -> Iterator[bytes]:
    """The bytes with one bit changed: one of every few bytes, or in the long form of every byte,
    and of what is small every bit."""
    for at in range(0, len(data), 1 if all_of_them else each):
        for bit in range(8) if all_of_them and len(data) < 3000 else [at % 8]:
            changed = bytearray(data)
            changed[at] ^= 1 << bit
            yield bytes(changed)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_bit_of_any_document_can_be_changed(name: str, form: Form, figure: Figure) -> None:
    make, check = DOCUMENTS[name]
    genuine = make()
    check(genuine)
    reasons: dict[str, int] = {}

    each = 1 if len(genuine) < 3000 else len(genuine) // 150
    for data in changed_bits(genuine, each=each, all_of_them=form.long):
        reason, where = refused(lambda data=data: check(data))
        assert where
        reasons[reason.value] = reasons.get(reason.value, 0) + 1

    # Some bits spoil the form, and some only what is said in it: both are found.
    assert reasons.keys() & {"not-canonical", "unreadable", "wrong-type", "out-of-range"}
    assert reasons.keys() - {"not-canonical", "unreadable", "unknown-field", "missing-field"}
    figure(f"bits of {name}", sum(reasons.values()))


UNREAD = (Reason.UNREADABLE, Reason.NOT_CANONICAL, Reason.TOO_LARGE, Reason.WRONG_TYPE)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_can_be_cut_stretched_or_doubled(name: str) -> None:
    make, check = DOCUMENTS[name]
    genuine = make()
    wrong = [genuine[:at] for at in range(0, len(genuine), max(1, len(genuine) // 200))]
    wrong += [genuine[at:] for at in range(1, len(genuine), max(1, len(genuine) // 200))]
    wrong += [genuine + more for more in (b"\x00", b" ", b"\n", b"{}", genuine)]
    wrong += [b" " + genuine, b"\xef\xbb\xbf" + genuine, genuine.replace(b":", b": ", 1)]

    for data in wrong:
        reason, _ = refused(lambda data=data: check(data))
        assert reason in UNREAD


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_serves_as_another(name: str) -> None:
    _, check = DOCUMENTS[name]
    too_large = (Reason.TOO_LARGE, name)

    for other, (make, _) in DOCUMENTS.items():
        if other != name:
            reason, where = refused(lambda make=make: check(make()))
            assert (reason, where) in ((Reason.UNKNOWN_FORMAT, f"{name}.format"), too_large)


# --- Parts ---------------------------------------------------------------------------------------


def passed_off(bid: SealedBid, name: str, sealed: bytes) -> SealedBid:
    """The bid with other bytes as that part, and a manifest that lists them: no key is needed."""
    listed = tuple(
        SealedPart(name, len(sealed), SUITE_A.hash(sealed), part.key_commitment)
        if part.name == name
        else part
        for part in bid.manifest.parts
    )
    envelope = replace(bid.envelope, manifest=replace(bid.manifest, parts=listed))
    return SealedBid(envelope, {**bid.parts, name: sealed}, bid.root)


def opened(bid: SealedBid) -> object:
    return open_bid(bid.manifest, bid.parts, bid.root)


@pytest.mark.parametrize("name", PARTS)
def test_no_bit_of_a_part_can_be_changed_not_even_with_a_manifest_that_lists_it(
    name: str, form: Form, figure: Figure
) -> None:
    bid, tried = sealed_bid(), 0

    for data in changed_bits(bid.parts[name], each=3, all_of_them=form.long):
        plain = replace(bid, parts={**bid.parts, name: data})
        assert refused(lambda it=plain: opened(it)) == (Reason.PART_CHANGED, f"parts.{name}")
        mended = passed_off(bid, name, data)
        assert refused(lambda it=mended: opened(it)) == (Reason.PART_DOES_NOT_OPEN, f"parts.{name}")
        about = (Reason.OTHER_BID, "receipt.manifest_hash")
        assert refused(lambda it=mended: receipt_for(bid).require_about(it.manifest)) == about
        tried += 1

    figure("bits", tried)


@pytest.mark.parametrize("name", PARTS)
def test_a_part_put_elsewhere_cut_stretched_or_doubled_does_not_open(name: str) -> None:
    bid = sealed_bid()
    own = bid.parts[name]
    beside = bid.parts[PARTS[PARTS.index(name) - 1]]
    wrong = {
        "of another bid": other_bid().parts[name],
        "of another tender": foreign_bid().parts[name],
        "another part of the same bid": beside,
        "cut": own[:-1],
        "cut to its class": own[:1024],
        "without its beginning": own[1:],
        "stretched": own + b"\x00",
        "doubled": own * 2,
        "nothing": b"",
    }

    for data in wrong.values():
        plain = replace(bid, parts={**bid.parts, name: data})
        assert refused(lambda it=plain: opened(it)) == (Reason.PART_CHANGED, f"parts.{name}")
        mended = passed_off(bid, name, data)
        assert refused(lambda it=mended: opened(it)) == (Reason.PART_DOES_NOT_OPEN, f"parts.{name}")


def test_a_part_with_its_own_key_still_shows_for_its_own_bid_only() -> None:
    """Whoever shows a price shows its key: with that key nothing else can be made to open."""
    bid = sealed_bid()
    keys = open_bid(bid.manifest, bid.parts, bid.root).part_keys

    for name in PARTS:
        other = PARTS[PARTS.index(name) - 1]
        wrong_key = refused(lambda: open_part(bid.manifest, name, bid.parts[name], keys[other]))  # noqa: B023
        assert wrong_key == (Reason.PART_KEY, f"parts.{name}")
    moved = refused(
        lambda: open_part(other_bid().manifest, "price", other_bid().parts["price"], keys["price"])
    )
    assert moved == (Reason.PART_KEY, "parts.price")


@pytest.mark.parametrize("hidden", [b"\x01", b"more"])
def test_nothing_hides_in_the_padding_of_a_part(hidden: bytes) -> None:
    """Only who sealed the bid could try: two contents in one ciphertext, one shown, one not."""
    bid = sealed_bid()
    opened_bid = open_bid(bid.manifest, bid.parts, bid.root)
    key, content = opened_bid.part_keys["price"], opened_bid.contents["price"]
    suite, manifest = bid.manifest.suite, bid.manifest
    frame = (len(content).to_bytes(8, "big") + content).ljust(1024 - len(hidden), b"\x00") + hidden
    bound = b"".join(
        len(field).to_bytes(4, "big") + field
        for field in (
            *(b"huishe-seal/1", b"A", b"part-content"),
            *(manifest.policy_hash, manifest.nonce, b"price"),
        )
    )
    sealed = suite.encrypt(key, (0).to_bytes(11, "big") + b"\x01", frame, bound)
    assert encrypt_part(suite, key, content, bound, "price") == bid.parts["price"]

    assert refused(lambda: opened(passed_off(bid, "price", sealed))) == (
        Reason.PART_PADDING,
        "parts.price",
    )


def test_missing_and_foreign_parts_are_named() -> None:
    bid = sealed_bid()

    for name in PARTS:
        rest = {one: part for one, part in bid.parts.items() if one != name}
        missing = refused(lambda rest=rest: opened(replace(bid, parts=rest)))
        assert missing == (Reason.PART_MISSING, f"parts.{name}")
    extra = refused(lambda: opened(replace(bid, parts={**bid.parts, "annex": b"x"})))
    assert extra == (Reason.PART_EXTRA, "parts.annex")


# --- Shares --------------------------------------------------------------------------------------


def with_sealed_shares(bid: SealedBid, sealed: tuple[bytes, ...]) -> Envelope:
    """An envelope with other seals, and a manifest that lists their hashes: no key is needed."""
    marks = tuple(
        ShareMark(mark.salted_hash, digest(SUITE_A, "sealed-share", seal))
        for mark, seal in zip(bid.manifest.shares, sealed, strict=True)
    )
    return Envelope(replace(bid.manifest, shares=marks), sealed)


def test_no_bit_of_a_sealed_share_can_be_changed(form: Form, figure: Figure) -> None:
    bid, private, tried = sealed_bid(), custodians(3)[0].sealing_private, 0
    first, *others = bid.envelope.sealed_shares

    for data in changed_bits(first, each=1, all_of_them=form.long):
        plain = Envelope(bid.manifest, (data, *others))
        assert refused(plain.check_shares) == (
            Reason.SHARE_CHANGED,
            "envelope.sealed_shares.1",
        )
        mended = with_sealed_shares(bid, (data, *others))
        assert refused(lambda it=mended: open_share(it, 1, private)) == (
            Reason.SHARE_DOES_NOT_OPEN,
            "share 1",
        )
        tried += 1

    figure("bits", tried)


@pytest.mark.parametrize("profile", ["2-of-3", "3-of-5"])
def test_a_share_sealed_for_another_place_does_not_open(profile: str) -> None:
    """Swapped between custodians, of another bid, another tender, a new version, doubled, cut."""
    rules, bid = policy(profile), sealed_bid(profile)
    keys = custodians(len(rules.custodians))
    sealed = bid.envelope.sealed_shares
    elsewhere = [
        seal_bid(other, contents(), bidder_key()).envelope.sealed_shares
        for other in (rules, replace(rules, tender=OTHER_TENDER), replace(rules, version=2))
    ]

    for number, key in enumerate(keys, start=1):
        others = [seal for seal in sealed if seal != sealed[number - 1]]
        for wrong in (*others, *(there[number - 1] for there in elsewhere)):
            put = (*sealed[: number - 1], wrong, *sealed[number:])
            found = refused(
                lambda put=put, number=number, key=key: open_share(
                    with_sealed_shares(bid, put), number, key.sealing_private
                )
            )
            assert found == (Reason.SHARE_DOES_NOT_OPEN, f"share {number}")
            read = refused(lambda put=put: Envelope.parse(Envelope(bid.manifest, put).encode()))
            assert read == (Reason.SHARE_CHANGED, f"envelope.sealed_shares.{number}")


def test_a_share_too_many_or_too_few_is_named() -> None:
    bid = sealed_bid()
    sealed = bid.envelope.sealed_shares

    for wrong in (sealed[:-1], (*sealed, sealed[0]), ()):
        data = Envelope(bid.manifest, wrong).encode()
        assert refused(lambda data=data: Envelope.parse(data)) == (
            Reason.SHARE_MISSING,
            "envelope.sealed_shares",
        )
        fewer = replace(bid.manifest, shares=bid.manifest.shares[: len(wrong)])
        if len(fewer.shares) != 3:
            assert refused(lambda fewer=fewer: fewer.require_policy(policy()))[0] is (
                Reason.SHARE_MISSING
            )
    for number in (0, 4, -1):
        missing = refused(
            lambda number=number: open_share(bid.envelope, number, custodians(3)[0].sealing_private)
        )
        assert missing == (Reason.SHARE_MISSING, f"share {number}")


def test_no_bit_of_an_opened_share_or_its_salt_can_be_changed() -> None:
    bid = sealed_bid()
    shares = {
        number: open_share(bid.envelope, number, key.sealing_private)
        for number, key in enumerate(custodians(3), start=1)
    }

    for data in changed_bits(shares[1].encode(), each=1, all_of_them=True):
        wrong = type(shares[1]).decode(1, data)
        found = refused(
            lambda wrong=wrong: rebuild_root(policy(), bid.manifest, {1: wrong, 2: shares[2]})
        )
        assert found == (Reason.SHARE_HASH, "share 1")


def test_a_share_under_another_number_or_twice_makes_no_root() -> None:
    bid = sealed_bid()
    first, second, third = (
        open_share(bid.envelope, number, key.sealing_private)
        for number, key in enumerate(custodians(3), start=1)
    )

    renumbered = replace(first, number=3)
    for given, reason in (
        ({1: first, 3: renumbered}, Reason.SHARE_HASH),
        ({1: first, 2: first}, Reason.COMMITMENT),
        ({2: first, 1: second}, Reason.COMMITMENT),
        ({1: third, 2: second}, Reason.COMMITMENT),
        ({1: first, 2: replace(second, number=9)}, Reason.SHARE_MISSING),
        ({1: first, 2: replace(second, value=b"")}, Reason.SHARE_HASH),
    ):
        assert refused(lambda it=given: rebuild_root(policy(), bid.manifest, it))[0] is reason


def test_shares_of_another_bid_make_no_root() -> None:
    shares = {
        number: open_share(other_bid().envelope, number, key.sealing_private)
        for number, key in enumerate(custodians(3)[:2], start=1)
    }

    found = refused(lambda: rebuild_root(policy(), sealed_bid().manifest, shares))

    assert found == (Reason.SHARE_HASH, "share 1")


# --- Bids under another policy -------------------------------------------------------------------


@pytest.mark.parametrize(
    "rules", [other_policy(), new_version(), replace(policy(), minimum_bids=2)]
)
def test_a_bid_is_not_replayed_under_another_policy(rules: SealPolicy) -> None:
    bid = sealed_bid()
    about = (Reason.OTHER_POLICY, "manifest.policy_hash")
    assert refused(lambda: bid.manifest.require_policy(rules)) == about

    renamed = replace(bid.manifest, policy_hash=rules.hash)
    renamed.require_policy(rules)
    assert refused(lambda: open_bid(renamed, bid.parts, bid.root))[0] is Reason.COMMITMENT
    envelope = Envelope(renamed, bid.envelope.sealed_shares)
    shut = refused(lambda: open_share(envelope, 1, custodians(3)[0].sealing_private))
    assert shut[0] is Reason.SHARE_DOES_NOT_OPEN


def test_a_bid_under_another_nonce_or_commitment_does_not_open() -> None:
    bid = sealed_bid()

    for manifest in (
        replace(bid.manifest, nonce=other_bid().manifest.nonce),
        replace(bid.manifest, commitment=other_bid().manifest.commitment),
    ):
        assert refused(lambda it=manifest: open_bid(it, bid.parts, bid.root)) == (
            Reason.COMMITMENT,
            "manifest.commitment",
        )


# --- Receipts, root and proofs -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": "withdrawal"}, Reason.SIGNATURE),
        ({"policy_hash": other_policy().hash}, Reason.SIGNATURE),
        ({"nonce": bytes(16)}, Reason.SIGNATURE),
        ({"manifest_hash": bytes(32)}, Reason.SIGNATURE),
        ({"received_at": DEADLINE - timedelta(hours=2)}, Reason.SIGNATURE),
        ({"key_id": bidder_key().id}, Reason.UNTRUSTED_KEY),
        ({"signature": bytes(64)}, Reason.SIGNATURE),
    ],
)
def test_a_receipt_says_what_was_signed(changes: dict[str, Any], reason: Reason) -> None:
    changed = replace(receipt_for(sealed_bid()), **changes)

    assert refused(lambda: changed.verify(TRUSTED))[0] is reason


def test_a_receipt_acknowledges_its_own_bid_alone() -> None:
    receipt = receipt_for(sealed_bid())

    for lodged in (other_bid().manifest, foreign_bid().manifest, withdrawal()):
        about = refused(lambda lodged=lodged: receipt.require_about(lodged))
        assert about == (Reason.OTHER_BID, "receipt.manifest_hash")


@pytest.mark.parametrize("label", ["closing", "opening-session", "opening-minutes", "release"])
def test_a_signature_made_for_one_purpose_serves_no_other(label: str) -> None:
    receipt = receipt_for(sealed_bid())
    signed_as_another = replace(receipt, signature=service_key().sign(label, receipt.unsigned()))

    assert refused(lambda: signed_as_another.verify(TRUSTED))[0] is Reason.SIGNATURE


def another_root(closing: Closing) -> Closing:
    return replace(closing, root=bytes(32))


def test_a_root_over_other_receipts_is_refused() -> None:
    """Left out, put in, doubled, of another tender, or a blank exchanged: the root is another."""
    leaves, closing = opening().leaves, opening().closing
    receipts = leaves.receipts
    strange = receipt_for(other_bid())

    for wrong in (
        replace(leaves, receipts=receipts[1:]),
        replace(leaves, receipts=receipts[1:], blanks=(*leaves.blanks, bytes(32))),
        replace(leaves, receipts=(*receipts, strange)),
        replace(leaves, receipts=(*receipts, strange), blanks=leaves.blanks[1:]),
        replace(leaves, receipts=(*receipts[1:], receipts[1]), blanks=leaves.blanks),
        replace(leaves, blanks=(bytes(32), *leaves.blanks[1:])),
        replace(leaves, blanks=leaves.blanks[1:]),
    ):
        found = refused(lambda wrong=wrong: closing.require_leaves(wrong, TRUSTED))
        assert found == (Reason.OTHER_ROOT, "closing.root")
    assert refused(lambda: another_root(closing).verify(TRUSTED))[0] is Reason.SIGNATURE


def closed_over(receipts: list[Receipt], rules: SealPolicy) -> tuple[Closing, ClosingLeaves]:
    """As the service itself would have to lie."""
    leaves = gather_leaves(SUITE_A, receipts)
    return sign_closing(service_key(), rules, leaves, DEADLINE), leaves


def test_not_even_the_service_closes_over_what_does_not_count() -> None:
    receipt = receipt_for(sealed_bid())
    strange = issue_receipt(
        SigningKey(SUITE_A, bytes(range(32))),
        kind="bid",
        policy_hash=policy().hash,
        nonce=bytes(16),
        manifest_hash=bytes(32),
        received_at=DEADLINE,
    )
    withdrawn = issue_receipt(
        service_key(),
        kind="withdrawal",
        policy_hash=policy().hash,
        nonce=bytes(16),
        manifest_hash=bytes(32),
        received_at=DEADLINE - timedelta(hours=1),
    )

    for receipts, reason in (
        ([receipt, receipt], Reason.DUPLICATE),
        ([receipt, strange], Reason.UNTRUSTED_KEY),
        ([receipt, withdrawn], Reason.COUNTED_SET),
        ([receipt, receipt_for(foreign_bid())], Reason.COUNTED_SET),
    ):
        closing, leaves = closed_over(receipts, policy())
        assert refused(lambda c=closing, it=leaves: c.require_leaves(it, TRUSTED))[0] is reason


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        (other_policy(), Reason.OTHER_POLICY),
        (new_version(), Reason.OTHER_POLICY),
    ],
)
def test_a_closing_of_another_tender_is_refused(rules: SealPolicy, reason: Reason) -> None:
    assert refused(lambda: opening().closing.require_policy(rules))[0] is reason


def test_a_closing_before_the_deadline_is_refused() -> None:
    early = sign_closing(
        service_key(), policy(), opening().leaves, DEADLINE - timedelta(microseconds=1)
    )

    assert refused(lambda: early.require_policy(policy())) == (
        Reason.TOO_EARLY,
        "closing.closed_at",
    )


def test_a_proof_proves_its_own_leaf_in_its_own_tree() -> None:
    closing, leaves = opening().closing, opening().leaves
    receipt, other = leaves.receipts[:2]
    proof = leaves.proof_for(receipt)

    for wrong in (
        leaves.proof_for(other),
        replace(proof, index=proof.index ^ 1),
        replace(proof, index=(proof.index + 128) % 256),
        replace(proof, path=proof.path[1:]),
        replace(proof, path=proof.path[:-1]),
        replace(proof, path=(*proof.path, proof.path[-1])),
        replace(proof, path=proof.path[::-1]),
        replace(proof, path=(), index=0),
        replace(proof, size=255),
        replace(proof, size=512),
        replace(proof, size=1, index=0, path=()),
        *(
            replace(proof, path=(*proof.path[:at], bytes(32), *proof.path[at + 1 :]))
            for at in range(len(proof.path))
        ),
    ):
        assert refused(lambda it=wrong: closing.require_included(receipt, it))[0] is Reason.PROOF
    strange = receipt_for(other_bid())
    assert refused(lambda: closing.require_included(strange, proof))[0] is Reason.PROOF
    assert refused(lambda: leaves.proof_for(strange)) == (Reason.COUNTED_SET, "receipt")


# --- Withdrawals ---------------------------------------------------------------------------------


def test_a_withdrawal_takes_its_own_bid_back_alone() -> None:
    mine = withdrawal()

    assert refused(lambda: mine.require_lock(other_bid().manifest))[0] is Reason.OTHER_BID
    renamed = replace(mine, withdraws=other_bid().manifest.hash)
    assert refused(lambda: renamed.require_lock(other_bid().manifest))[0] is Reason.WITHDRAWAL
    for data in changed_bits(mine.key, each=1, all_of_them=True):
        forged = replace(mine, key=data)
        assert refused(lambda it=forged: it.require_lock(sealed_bid().manifest)) == (
            Reason.WITHDRAWAL,
            "withdrawal.key",
        )


# --- Sessions and releases -----------------------------------------------------------------------


def signed(release: Release, key: Any = None) -> Release:
    """As a custodian that lies would sign it."""
    key = key or custodians(3)[1]
    signature = SigningKey(SUITE_A, key.signing_private).sign("release", release.unsigned())
    return replace(release, signature=signature)


def test_a_release_is_taken_from_its_own_custodian_for_its_own_session() -> None:
    release = a_release()
    stranger = custodians(5)[4]

    for wrong, reason in (
        (replace(release, custodian=stranger.card.key_id), Reason.UNTRUSTED_KEY),
        (replace(release, custodian=custodians(3)[0].card.key_id), Reason.SIGNATURE),
        (replace(release, policy_hash=other_policy().hash), Reason.OTHER_POLICY),
        (replace(release, session=other_session().session), Reason.OTHER_SESSION),
        (replace(release, shares=release.shares[1:]), Reason.SIGNATURE),
        (replace(release, shares=release.shares[::-1]), Reason.SIGNATURE),
        (signed(release, stranger), Reason.SIGNATURE),
    ):
        found = refused(lambda wrong=wrong: wrong.verify(policy(), opening().session))
        assert found[0] is reason
    assert refused(lambda: release.verify(policy(), other_session()))[0] is Reason.OTHER_SESSION
    assert refused(lambda: release.verify(other_policy(), opening().session))[0] is (
        Reason.OTHER_POLICY
    )


def test_a_bid_is_released_once_in_a_release() -> None:
    release = a_release()
    twice = signed(replace(release, shares=(*release.shares, release.shares[0])))

    assert refused(lambda: Release.parse(twice.encode())) == (Reason.DUPLICATE, "release.shares")


def test_released_shares_fit_their_own_bid_their_own_number_and_their_own_session() -> None:
    session, bids = opening().session, {bid.manifest.nonce: bid for bid in opening().bids}
    release = a_release()
    number = release.verify(policy(), session)
    first, second, *_ = release.shares
    manifest = bids[first.nonce].manifest
    assert first.sealed is not None
    received_share(session, SESSION_PRIVATE, manifest, number, first)

    elsewhere = (Reason.OTHER_SESSION, f"share {number}")
    for data in (second.sealed, *changed_bits(first.sealed, each=1, all_of_them=False)):
        moved = ReleasedShare(first.nonce, data, None)
        found = refused(
            lambda it=moved: received_share(session, SESSION_PRIVATE, manifest, number, it)
        )
        assert found == elsewhere
    stale = refused(
        lambda: received_share(other_session(), SESSION_PRIVATE, manifest, number, first)
    )
    assert stale == elsewhere
    renumbered = refused(
        lambda: received_share(session, SESSION_PRIVATE, manifest, number % 3 + 1, first)
    )
    assert renumbered == (Reason.OTHER_SESSION, f"share {number % 3 + 1}")


def test_a_custodian_cannot_release_another_share_than_the_one_it_holds() -> None:
    """Its signature is good and it seals to the session, but the manifest knows every share."""
    session, bid = opening().session, opening().bids[0]
    liar = custodians(3)[1]
    honest = release_shares(policy(), session, [bid.envelope], liar)
    share = open_share(bid.envelope, 2, liar.sealing_private)
    info = b"".join(
        len(field).to_bytes(4, "big") + field
        for field in (
            *(b"huishe-seal/1", b"A", b"release-share", session.policy_hash),
            *(session.session.bytes, bid.manifest.nonce, bytes([2])),
        )
    )

    for data in changed_bits(share.encode(), each=1, all_of_them=False):
        sealed = SUITE_A.seal(session.public, data, info)
        forged = signed(
            replace(honest, shares=(ReleasedShare(bid.manifest.nonce, sealed, None),)), liar
        )
        assert forged.verify(policy(), session) == 2
        found = refused(
            lambda it=forged: received_share(
                session, SESSION_PRIVATE, bid.manifest, 2, it.shares[0]
            )
        )
        assert found == (Reason.SHARE_HASH, "share 2")


def test_a_kept_root_fits_its_own_bid_and_session_alone() -> None:
    session, (bid, other, *_) = opening().session, opening().bids
    release = release_root(session, bid.manifest, bid.root)

    for about, manifest in ((other_session(), bid.manifest), (session, other.manifest)):
        found = refused(
            lambda about=about, it=manifest: received_root(about, SESSION_PRIVATE, it, release)
        )
        assert found[0] is Reason.OTHER_SESSION
    renamed = replace(release, nonce=other.manifest.nonce)
    assert refused(lambda: received_root(session, SESSION_PRIVATE, other.manifest, renamed)) == (
        Reason.OTHER_SESSION,
        "root release.sealed",
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"now": DEADLINE - timedelta(microseconds=1)}, Reason.TOO_EARLY),
        ({"policy": other_policy()}, Reason.OTHER_POLICY),
        ({"policy": new_version()}, Reason.OTHER_POLICY),
        ({"closing": another_root(opening().closing)}, Reason.SIGNATURE),
        ({"session": replace(opening().session, root=bytes(32))}, Reason.SIGNATURE),
        ({"session": replace(opening().session, public=bytes(32))}, Reason.SIGNATURE),
        ({"envelopes": opening().envelopes[1:]}, Reason.COUNTED_SET),
        ({"envelopes": [*opening().envelopes, other_bid().envelope]}, Reason.COUNTED_SET),
        ({"envelopes": [*opening().envelopes[1:], other_bid().envelope]}, Reason.COUNTED_SET),
        ({"envelopes": [*opening().envelopes, opening().envelopes[0]]}, Reason.COUNTED_SET),
        ({"trusted": bidder_key().verifying}, Reason.UNTRUSTED_KEY),
    ],
)
def test_a_custodians_machine_opens_nothing_that_is_not_as_it_was_closed(
    changes: dict[str, Any], reason: Reason
) -> None:
    given: dict[str, Any] = {
        "policy": policy(),
        "closing": opening().closing,
        "leaves": opening().leaves,
        "session": opening().session,
        "envelopes": opening().envelopes,
        "trusted": TRUSTED,
        "now": OPENED,
        **changes,
    }
    documents = [
        given.pop(name) for name in ("policy", "closing", "leaves", "session", "envelopes")
    ]

    assert refused(lambda: check_opening(*documents, **given))[0] is reason


def test_a_session_for_another_closing_or_begun_too_early_is_refused() -> None:
    leaves = gather_leaves(SUITE_A, opening().leaves.receipts)
    reclosed = sign_closing(service_key(), policy(), leaves, DEADLINE)
    early = sign_session(
        service_key(),
        opening().closing,
        opening().session.session,
        opening().session.public,
        DEADLINE - timedelta(microseconds=1),
    )

    assert refused(lambda: opening().session.require_closing(reclosed)) == (
        Reason.OTHER_ROOT,
        "session.root",
    )
    assert refused(lambda: early.require_closing(opening().closing)) == (
        Reason.TOO_EARLY,
        "session.started_at",
    )


# --- The bundle ----------------------------------------------------------------------------------


def test_no_byte_of_any_file_of_the_bundle_can_be_changed(form: Form, figure: Figure) -> None:
    bundle, tried = opening().bundle, 0

    for path, data in bundle.items():
        each = max(1, len(data) // 40)
        for changed in changed_bits(data, each=each, all_of_them=form.long):
            reason, where = refused(
                lambda path=path, it=changed: verify_bundle({**bundle, path: it}, TRUSTED)
            )
            assert where.startswith(path)
            assert reason is Reason.FILE_CHANGED or path == MANIFEST_NAME
            tried += 1

    figure("bits of the bundle", tried)


def test_no_file_of_the_bundle_can_be_moved_cut_stretched_dropped_or_added() -> None:
    bundle = opening().bundle
    files = [path for path in bundle if path != MANIFEST_NAME]

    for path in files:
        data = bundle[path]
        for wrong in (data[:-1], data[1:], data + b"\x00", data * 2, b""):
            found = refused(
                lambda path=path, it=wrong: verify_bundle({**bundle, path: it}, TRUSTED)
            )
            assert found == (Reason.FILE_CHANGED, path)
        for other in files:
            if bundle[other] != data:
                moved = {**bundle, path: bundle[other], other: data}
                found = refused(lambda it=moved: verify_bundle(it, TRUSTED))
                assert found[0] is Reason.FILE_CHANGED
                assert found[1] in (path, other)
        rest = {one: kept for one, kept in bundle.items() if one != path}
        missing = refused(lambda it=rest: verify_bundle(it, TRUSTED))
        assert missing == (Reason.FILE_MISSING, path)
        renamed = refused(
            lambda it=rest, path=path, data=data: verify_bundle({**it, f"x{path}": data}, TRUSTED)
        )
        assert renamed == (Reason.FILE_EXTRA, f"x{path}")


def test_the_bundle_of_one_tender_is_not_that_of_another() -> None:
    """Its list re-labelled by whoever holds no key, and by whoever holds the service's."""
    listed = json.loads(opening().bundle[MANIFEST_NAME])
    renamed = {**listed, "tender": str(OTHER_TENDER)}
    unsigned = {name: value for name, value in renamed.items() if name != "signature"}
    resigned = {**unsigned, "signature": service_key().sign("opening-bundle", unsigned).hex()}

    forged = {**opening().bundle, MANIFEST_NAME: canonical(renamed)}
    assert refused(lambda: verify_bundle(forged, TRUSTED))[0] is Reason.SIGNATURE
    lied = {**opening().bundle, MANIFEST_NAME: canonical(resigned)}
    assert refused(lambda: verify_bundle(lied, TRUSTED)) == (Reason.OTHER_POLICY, MANIFEST_NAME)
