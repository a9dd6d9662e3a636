"""What is sealed comes out again for those who may, and for nobody else."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.sealing.bids import BidStatement, open_bid, open_part, seal_bid, withdraw_bid
from shared.sealing.errors import NotEnough, NotGenuine, Reason
from shared.sealing.manifests import PARTS
from shared.sealing.parts import CHUNK, decrypt_part, encrypt_part
from shared.sealing.policies import PROFILES
from shared.sealing.shares import Share, open_share, rebuild_root
from shared.sealing.sizes import SMALLEST, padme, size_class
from shared.sealing.suites import SUITE_A
from tests.unit.sealing.builders import (
    bidder_key,
    contents,
    custodians,
    policy,
    sealed_bid,
)

KEY = bytes(32)


@given(st.binary(max_size=3000))
def test_a_part_comes_out_as_it_went_in(content: bytes) -> None:
    sealed = encrypt_part(SUITE_A, KEY, content, b"bound", "part")

    assert decrypt_part(SUITE_A, KEY, sealed, b"bound", "part") == content


@pytest.mark.parametrize("size", [0, CHUNK - 8, CHUNK - 7, CHUNK, 3 * CHUNK + 1])
def test_a_part_of_many_chunks_comes_out_as_it_went_in(size: int) -> None:
    content = bytes(n % 251 for n in range(size))

    sealed = encrypt_part(SUITE_A, KEY, content, b"", "part")

    assert decrypt_part(SUITE_A, KEY, sealed, b"", "part") == content


def test_chunks_cannot_be_dropped_repeated_or_moved() -> None:
    sealed = encrypt_part(SUITE_A, KEY, bytes(3 * CHUNK), b"", "part")
    step = CHUNK + 16
    chunks = [sealed[at : at + step] for at in range(0, len(sealed), step)]

    for wrong in (
        chunks[:-1],
        chunks[1:],
        chunks[:1] + chunks,
        [chunks[1], chunks[0], *chunks[2:]],
    ):
        with pytest.raises(NotGenuine) as refused:
            decrypt_part(SUITE_A, KEY, b"".join(wrong), b"", "part")
        assert refused.value.reason is Reason.PART_DOES_NOT_OPEN


@given(st.integers(min_value=0, max_value=2**40))
def test_padding_costs_at_most_an_eighth(size: int) -> None:
    assert size <= padme(size) <= size + size // 8 + 1
    assert size_class(size) >= SMALLEST


def test_all_forms_and_letters_have_one_size() -> None:
    cheap = seal_bid(policy(), contents(price=1_00), bidder_key())
    dear = seal_bid(policy(), contents("52410108MJF0000024", price=99_999_999_00), bidder_key())

    for name in ("price", "identity", "signature"):
        assert len(cheap.parts[name]) == len(dear.parts[name])
    assert len(cheap.envelope.encode()) == len(dear.envelope.encode())


@pytest.mark.parametrize("profile", ["2-of-3", "3-of-5"])
def test_every_subset_of_t_custodians_opens_and_none_of_fewer(profile: str) -> None:
    threshold, count = PROFILES[profile]
    bid = sealed_bid(profile)
    shares = {
        number: open_share(bid.envelope, number, key.sealing_private)
        for number, key in enumerate(custodians(count), start=1)
    }

    for size in range(count + 1):
        for numbers in combinations(shares, size):
            some = {number: shares[number] for number in numbers}
            if size < threshold:
                with pytest.raises(NotEnough):
                    rebuild_root(policy(profile), bid.manifest, some)
            else:
                root = rebuild_root(policy(profile), bid.manifest, some)
                assert (
                    open_bid(bid.manifest, bid.parts, root).contents["price"]
                    == (contents()["price"])
                )


def test_fewer_shares_than_needed_do_not_give_the_root_even_to_one_who_knows_the_scheme() -> None:
    bid = sealed_bid()
    share = open_share(bid.envelope, 1, custodians(3)[0].sealing_private)
    invented = Share(2, bytes(16), bytes(16))

    with pytest.raises(NotGenuine) as refused:
        rebuild_root(policy(), bid.manifest, {1: share, 2: invented})

    assert refused.value.reason is Reason.SHARE_HASH


def test_a_custodian_cannot_open_the_share_of_another() -> None:
    bid = sealed_bid()

    with pytest.raises(NotGenuine) as refused:
        open_share(bid.envelope, 1, custodians(3)[1].sealing_private)

    assert refused.value.reason is Reason.SHARE_DOES_NOT_OPEN


def test_profile_bidder_seals_no_share_and_opens_with_the_kept_root() -> None:
    bid = sealed_bid("bidder")

    assert bid.envelope.sealed_shares == ()
    assert open_bid(bid.manifest, bid.parts, bid.root).price.price == 98_000_00


def test_the_root_of_one_bid_opens_no_other() -> None:
    one, other = sealed_bid(), seal_bid(policy(), contents(), bidder_key())

    with pytest.raises(NotGenuine) as refused:
        open_bid(one.manifest, one.parts, other.root)

    assert refused.value.reason is Reason.COMMITMENT


@pytest.mark.parametrize("name", PARTS)
@settings(max_examples=25)
@given(data=st.data())
def test_any_flipped_bit_of_any_part_is_refused_by_name(name: str, data: st.DataObject) -> None:
    bid = sealed_bid()
    sealed = bytearray(bid.parts[name])
    at = data.draw(st.integers(0, 8 * len(sealed) - 1))
    sealed[at // 8] ^= 1 << at % 8

    with pytest.raises(NotGenuine) as refused:
        open_bid(bid.manifest, {**bid.parts, name: bytes(sealed)}, bid.root)

    assert (refused.value.reason, refused.value.where) == (Reason.PART_CHANGED, f"parts.{name}")


def test_a_missing_and_a_foreign_part_are_named() -> None:
    bid = sealed_bid()

    with pytest.raises(NotGenuine) as missing:
        open_bid(bid.manifest, {n: p for n, p in bid.parts.items() if n != "identity"}, bid.root)
    with pytest.raises(NotGenuine) as foreign:
        open_bid(bid.manifest, {**bid.parts, "annex": b""}, bid.root)

    assert (missing.value.reason, missing.value.where) == (Reason.PART_MISSING, "parts.identity")
    assert (foreign.value.reason, foreign.value.where) == (Reason.PART_EXTRA, "parts.annex")


def test_a_price_can_be_shown_without_showing_the_rest() -> None:
    bid = sealed_bid()
    keys = open_bid(bid.manifest, bid.parts, bid.root).part_keys

    shown = {
        name: open_part(bid.manifest, name, bid.parts[name], keys[name])
        for name in ("price", "signature")
    }

    BidStatement.parse(shown["signature"]).check_content("price", keys["price"], shown["price"])
    with pytest.raises(NotGenuine) as refused:
        open_part(bid.manifest, "technical", bid.parts["technical"], keys["price"])
    assert refused.value.reason is Reason.PART_KEY


def test_only_who_sealed_a_bid_can_take_it_back() -> None:
    bid = sealed_bid()
    withdrawal = withdraw_bid(bid.manifest, bid.root)

    withdrawal.require_lock(bid.manifest)

    forged = type(withdrawal)(
        withdrawal.suite, withdrawal.policy_hash, withdrawal.nonce, bid.manifest.hash, bytes(32)
    )
    with pytest.raises(NotGenuine) as refused:
        forged.require_lock(bid.manifest)
    assert refused.value.reason is Reason.WITHDRAWAL
