"""A bid that does not open is recorded with the reason and whose fault it provably is."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from shared.sealing.bids import OpenedBid, SealedBid, seal_bid
from shared.sealing.errors import Reason
from shared.sealing.forms import IdentityLetter
from shared.sealing.manifests import Envelope, ShareMark
from shared.sealing.openings import Fault, ShutBid, gather_released, open_or_say_why
from shared.sealing.sessions import (
    CustodianKey,
    RootRelease,
    release_root,
    release_shares,
)
from shared.sealing.shares import Share, mark_of, seal_share
from tests.unit.sealing.builders import (
    NAMES,
    SESSION_PRIVATE,
    bidder_key,
    contents,
    custodians,
    opening,
    policy,
    sealed_bid,
)


def opened_by(
    bid: SealedBid,
    keys: Sequence[CustodianKey],
    *,
    roots: Sequence[RootRelease] = (),
    profile: str = "2-of-3",
) -> OpenedBid | ShutBid:
    session = replace(opening().session, policy_hash=policy(profile).hash)
    releases = [release_shares(policy(profile), session, [bid.envelope], key) for key in keys]
    released = gather_released(
        policy(profile), session, SESSION_PRIVATE, bid.manifest, releases, roots
    )
    return open_or_say_why(policy(profile), bid.envelope, bid.parts, released)


def with_shares(bid: SealedBid, shares: Sequence[Share]) -> SealedBid:
    """The bid as a dishonest bidder would send it: seals and hashes agree, the shares are wrong."""
    manifest = bid.manifest
    sealed = tuple(
        seal_share(policy(), manifest.nonce, manifest.commitment, share) for share in shares
    )
    marks = tuple(
        mark_of(policy(), manifest.nonce, share, seal)
        for share, seal in zip(shares, sealed, strict=True)
    )
    return replace(bid, envelope=Envelope(replace(manifest, shares=marks), sealed))


def test_two_of_three_open() -> None:
    assert isinstance(opened_by(sealed_bid(), custodians(3)[:2]), OpenedBid)


def test_one_of_three_is_not_enough_and_nobody_says_it_is_the_bidders_fault() -> None:
    shut = opened_by(sealed_bid(), custodians(3)[:1])

    assert isinstance(shut, ShutBid)
    assert (shut.reason, shut.fault, shut.final) == (
        Reason.TOO_FEW_SHARES,
        Fault.CUSTODIANS,
        False,
    )


def test_shares_of_nothing_are_the_bidders_fault() -> None:
    garbage = with_shares(sealed_bid(), [Share(n, bytes([n] * 16), bytes(16)) for n in (1, 2, 3)])

    shut = opened_by(garbage, custodians(3)[:2])

    assert isinstance(shut, ShutBid)
    assert (shut.reason, shut.fault, shut.final) == (Reason.COMMITMENT, Fault.BIDDER, True)


def test_shares_that_open_for_some_custodians_only_are_the_bidders_fault_for_all() -> None:
    from shared.sealing.shares import split_root

    bid = sealed_bid()
    good = split_root(policy(), bid.manifest.nonce, bid.root)
    crooked = with_shares(bid, [good[0], good[1], Share(3, bytes(16), good[2].salt)])

    for keys in ([0, 1], [0, 2], [1, 2], [0, 1, 2]):
        shut = opened_by(crooked, [custodians(3)[n] for n in keys])
        assert isinstance(shut, ShutBid)
        assert shut.fault is Fault.BIDDER
        assert shut.reason in (Reason.SHARES_INCONSISTENT, Reason.COMMITMENT)


def test_one_lying_custodian_does_not_stop_the_other_two() -> None:
    bid = sealed_bid()
    session = opening().session
    releases = [release_shares(policy(), session, [bid.envelope], key) for key in custodians(3)]
    stranger = seal_bid(policy(), contents(), bidder_key())
    liar = release_shares(policy(), session, [stranger.envelope], custodians(3)[0])

    released = gather_released(
        policy(), session, SESSION_PRIVATE, bid.manifest, [liar, *releases[1:]]
    )

    assert released.refused == {1: Reason.SHARE_MISSING}
    assert isinstance(open_or_say_why(policy(), bid.envelope, bid.parts, released), OpenedBid)


def test_share_hashes_that_no_share_fits_are_the_bidders_fault_when_t_custodians_say_so() -> None:
    bid = sealed_bid()
    marks = tuple(ShareMark(bytes(32), mark.sealed_hash) for mark in bid.manifest.shares)
    wrong = replace(
        bid, envelope=Envelope(replace(bid.manifest, shares=marks), bid.envelope.sealed_shares)
    )

    two, one = opened_by(wrong, custodians(3)[:2]), opened_by(wrong, custodians(3)[:1])

    assert isinstance(two, ShutBid)
    assert isinstance(one, ShutBid)
    assert (two.reason, two.fault) == (Reason.SHARE_HASH, Fault.BIDDER)
    assert one.fault is Fault.CUSTODIANS


def test_parts_lost_after_the_receipt_are_the_operators_fault() -> None:
    bid = sealed_bid()
    lost = replace(bid, parts={**bid.parts, "technical": b""})

    shut = opened_by(lost, custodians(3)[:2])

    assert isinstance(shut, ShutBid)
    assert (shut.reason, shut.where, shut.fault) == (
        Reason.PART_CHANGED,
        "parts.technical",
        Fault.OPERATOR,
    )


def test_a_letter_of_somebody_else_is_the_bidders_fault() -> None:
    other = list(NAMES)[1]
    letter = IdentityLetter(other, NAMES[other], "李明", "0371-60000001").encode()
    bid = seal_bid(policy(), {**contents(), "identity": letter}, bidder_key())

    shut = opened_by(bid, custodians(3)[:2])

    assert isinstance(shut, ShutBid)
    assert (shut.reason, shut.fault) == (Reason.IDENTITY, Fault.BIDDER)


@pytest.mark.parametrize("price", [b"", b"{}", b"\xff", b'{"price":1.5}', b"[" * 5000])
def test_a_price_form_that_cannot_be_read_is_the_bidders_fault(price: bytes) -> None:
    bid = seal_bid(policy(), {**contents(), "price": price}, bidder_key())

    shut = opened_by(bid, custodians(3)[:2])

    assert isinstance(shut, ShutBid)
    assert (shut.reason, shut.fault) == (Reason.FORM, Fault.BIDDER)


def test_the_bidders_kept_root_is_a_second_way() -> None:
    bid = sealed_bid()
    kept = release_root(opening().session, bid.manifest, bid.root)

    assert isinstance(opened_by(bid, [], roots=[kept]), OpenedBid)


def test_under_profile_bidder_a_key_that_never_comes_is_the_bidders_fault() -> None:
    bid = sealed_bid("bidder")
    session = replace(opening().session, policy_hash=policy("bidder").hash)

    without = opened_by(bid, [], profile="bidder")
    with_it = opened_by(
        bid, [], roots=[release_root(session, bid.manifest, bid.root)], profile="bidder"
    )

    assert isinstance(without, ShutBid)
    assert without.fault is Fault.BIDDER
    assert isinstance(with_it, OpenedBid)
