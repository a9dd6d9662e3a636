"""Which custodians open together, tried on every subset: t of them do, and fewer learn nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, permutations

import pytest
from Cryptodome.Protocol.SecretSharing import Shamir
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.sealing.bids import OpenedBid, SealedBid, open_bid, seal_bid
from shared.sealing.errors import NotEnough, NotGenuine, Reason
from shared.sealing.openings import (
    Fault,
    Released,
    ShutBid,
    gather_released,
    open_or_say_why,
)
from shared.sealing.policies import PROFILES
from shared.sealing.sessions import CustodianKey, SessionStatement, release_shares, sign_session
from shared.sealing.shares import ROOT_SIZE, Share, open_share, rebuild_root, split_root
from shared.sealing.suites import SUITE_A
from tests.unit.sealing.builders import (
    OPENED,
    SESSION,
    SESSION_PRIVATE,
    bidder_key,
    contents,
    custodians,
    opening,
    policy,
    sealed_bid,
    service_key,
)

SHARED = ["2-of-3", "3-of-5"]


def subsets(count: int) -> Iterator[tuple[int, ...]]:
    for size in range(count + 1):
        yield from combinations(range(1, count + 1), size)


def session_of(profile: str) -> SessionStatement:
    """A session for a tender of that profile."""
    closing = replace(opening().closing, policy_hash=policy(profile).hash)
    public = SUITE_A.sealing_public(SESSION_PRIVATE)
    return sign_session(service_key(), closing, SESSION, public, OPENED)


def released_by(profile: str, bid: SealedBid, keys: Sequence[CustodianKey]) -> Released:
    """What reaches the session: each custodian on its own machine, with its own key."""
    rules, session = policy(profile), session_of(profile)
    releases = [release_shares(rules, session, [bid.envelope], key) for key in keys]
    return gather_released(rules, session, SESSION_PRIVATE, bid.manifest, releases)


@pytest.mark.parametrize("profile", SHARED)
def test_a_session_opens_with_t_custodians_whichever_they_are_and_never_with_fewer(
    profile: str,
) -> None:
    threshold, count = PROFILES[profile]
    bid, keys = sealed_bid(profile), custodians(count)
    opened = 0

    for numbers in subsets(count):
        released = released_by(profile, bid, [keys[number - 1] for number in numbers])
        outcome = open_or_say_why(policy(profile), bid.envelope, bid.parts, released)
        if len(numbers) >= threshold:
            assert isinstance(outcome, OpenedBid)
            assert outcome.contents == contents() | {"signature": outcome.contents["signature"]}
            opened += 1
        else:
            assert isinstance(outcome, ShutBid)
            assert (outcome.reason, outcome.fault, outcome.final) == (
                Reason.TOO_FEW_SHARES,
                Fault.CUSTODIANS,
                False,
            )

    assert opened == {"2-of-3": 4, "3-of-5": 16}[profile]


@pytest.mark.parametrize("profile", SHARED)
def test_every_subset_gives_the_same_root_in_whatever_order_it_comes(profile: str) -> None:
    threshold, count = PROFILES[profile]
    bid, keys = sealed_bid(profile), custodians(count)
    shares = {
        n: open_share(bid.envelope, n, keys[n - 1].sealing_private) for n in range(1, count + 1)
    }

    for numbers in subsets(count):
        for ordered in permutations(numbers) if len(numbers) == threshold else [numbers]:
            some = {number: shares[number] for number in ordered}
            if len(numbers) < threshold:
                with pytest.raises(NotEnough):
                    rebuild_root(policy(profile), bid.manifest, some)
            else:
                assert rebuild_root(policy(profile), bid.manifest, some) == bid.root


@pytest.mark.parametrize("profile", SHARED)
@settings(max_examples=8, deadline=None)
@given(candidate=st.binary(min_size=ROOT_SIZE, max_size=ROOT_SIZE))
def test_to_fewer_custodians_every_root_is_as_likely_as_every_other(
    profile: str, candidate: bytes
) -> None:
    """For any root whatever there are shares of the others with which theirs would give it.

    So their shares alone exclude nothing: all that tells the real root is its commitment, and
    that can be tried only root by root, over 2^128 of them.
    """
    threshold, count = PROFILES[profile]
    bid = sealed_bid(profile)
    real = {share.number: share.value for share in split_root(policy(profile), bytes(16), bid.root)}

    for numbers in combinations(range(1, count + 1), threshold - 1):
        theirs = [(number, real[number]) for number in numbers]
        with_the_candidate = [*theirs, (0, candidate)]
        others = [n for n in range(1, count + 1) if n not in numbers]
        invented = {n: value_at(n, with_the_candidate) for n in others}
        for other in others:
            assert Shamir.combine([*theirs, (other, invented[other])], ssss=False) == candidate


def value_at(number: int, points: Sequence[tuple[int, bytes]]) -> bytes:
    """Where the curve through these points is at that number (addition in the field is XOR)."""
    moved = [(at ^ number, value) for at, value in points]
    found: bytes = Shamir.combine(moved, ssss=False)
    return found


@pytest.mark.parametrize("profile", SHARED)
def test_fewer_custodians_cannot_make_up_the_share_that_they_lack(profile: str) -> None:
    threshold, count = PROFILES[profile]
    bid, keys = sealed_bid(profile), custodians(count)

    for numbers in combinations(range(1, count + 1), threshold - 1):
        theirs = {n: open_share(bid.envelope, n, keys[n - 1].sealing_private) for n in numbers}
        missing = next(n for n in range(1, count + 1) if n not in numbers)
        for guess in (
            Share(missing, bytes(16), bytes(16)),
            Share(missing, theirs[numbers[0]].value, theirs[numbers[0]].salt),
        ):
            with pytest.raises(NotGenuine) as refused:
                rebuild_root(policy(profile), bid.manifest, {**theirs, missing: guess})
            assert (refused.value.reason, refused.value.where) == (
                Reason.SHARE_HASH,
                f"share {missing}",
            )
        for number in numbers:
            with pytest.raises(NotGenuine) as other:
                open_share(bid.envelope, missing, keys[number - 1].sealing_private)
            assert other.value.reason is Reason.SHARE_DOES_NOT_OPEN


@pytest.mark.parametrize("profile", SHARED)
def test_the_same_bid_sealed_twice_has_nothing_in_common(profile: str) -> None:
    """Nonce, root, keys, shares and ciphertexts: nothing of one helps with the other."""
    one, other = (seal_bid(policy(profile), contents(), bidder_key()) for _ in range(2))

    assert one.root != other.root
    assert not set(one.envelope.sealed_shares) & set(other.envelope.sealed_shares)
    assert not set(one.parts.values()) & set(other.parts.values())
    assert not {mark.salted_hash for mark in one.manifest.shares} & {
        mark.salted_hash for mark in other.manifest.shares
    }
    with pytest.raises(NotGenuine):
        open_bid(one.manifest, one.parts, other.root)
