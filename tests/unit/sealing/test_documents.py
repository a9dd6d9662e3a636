"""Any flipped byte of any document is refused by name; nothing but a SealingError comes out."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.sealing.canonical import canonical, read_value
from shared.sealing.closings import Closing, ClosingLeaves
from shared.sealing.errors import Malformed, NotGenuine, Reason, SealingError, Untrusted
from shared.sealing.keyfiles import new_signing_key
from shared.sealing.manifests import Envelope, Manifest, Withdrawal
from shared.sealing.merkle import InclusionProof, leaf_hash, prove_inclusion, root_of
from shared.sealing.minutes import Minutes
from shared.sealing.policies import CustodianCard, SealPolicy
from shared.sealing.receipts import Receipt
from shared.sealing.sessions import (
    Release,
    RootRelease,
    SessionStatement,
    check_opening,
    release_root,
)
from shared.sealing.signing import VerifyingKey
from shared.sealing.suites import SUITE_A
from tests.unit.sealing.builders import (
    DEADLINE,
    OPENED,
    custodians,
    opening,
    policy,
    receipt_for,
    sealed_bid,
    service_key,
)

Check = Callable[[bytes], None]


def _envelope(data: bytes) -> None:
    envelope = Envelope.parse(data)
    envelope.manifest.require_policy(policy())
    receipt_for(sealed_bid()).require_about(envelope.manifest)


def _receipt(data: bytes) -> None:
    Receipt.parse(data).verify(service_key().verifying)


def _closing(data: bytes) -> None:
    Closing.parse(data).verify(service_key().verifying)


def _leaves(data: bytes) -> None:
    opening().closing.require_leaves(ClosingLeaves.parse(data), service_key().verifying)


def _session(data: bytes) -> None:
    SessionStatement.parse(data).verify(service_key().verifying)


def _release(data: bytes) -> None:
    Release.parse(data).verify(policy(), opening().session)


def _minutes(data: bytes) -> None:
    Minutes.parse(data).verify(service_key().verifying)


def _policy(data: bytes) -> None:
    if SealPolicy.parse(data).hash != policy().hash:
        raise NotGenuine(Reason.OTHER_POLICY, "policy")


def _proof(data: bytes) -> None:
    receipt = opening().leaves.receipts[0]
    opening().closing.require_included(receipt, InclusionProof.parse(data))


DOCUMENTS: dict[str, tuple[Callable[[], bytes], Check]] = {
    "envelope": (lambda: sealed_bid().envelope.encode(), _envelope),
    "receipt": (lambda: receipt_for(sealed_bid()).encode(), _receipt),
    "closing": (lambda: opening().closing.encode(), _closing),
    "leaves": (lambda: opening().leaves.encode(), _leaves),
    "session": (lambda: opening().session.encode(), _session),
    "release": (lambda: next(iter(opening().releases.values())).encode(), _release),
    "minutes": (lambda: opening().minutes.encode(), _minutes),
    "policy": (lambda: policy().encode(), _policy),
    "proof": (lambda: opening().leaves.proof_for(opening().leaves.receipts[0]).encode(), _proof),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_document_itself_is_accepted(name: str) -> None:
    make, check = DOCUMENTS[name]

    check(make())


@pytest.mark.parametrize("name", DOCUMENTS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_flipped_bit_of_any_document_is_refused(name: str, data: st.DataObject) -> None:
    make, check = DOCUMENTS[name]
    changed = bytearray(make())
    at = data.draw(st.integers(0, 8 * len(changed) - 1))
    changed[at // 8] ^= 1 << at % 8

    with pytest.raises(SealingError) as refused:
        check(bytes(changed))

    assert refused.value.where


def test_every_single_byte_of_a_receipt_is_covered() -> None:
    genuine = receipt_for(sealed_bid()).encode()

    for at in range(len(genuine)):
        changed = genuine[:at] + bytes([genuine[at] ^ 1]) + genuine[at + 1 :]
        with pytest.raises(SealingError):
            _receipt(changed)


PARSERS = [
    Envelope,
    Manifest,
    Withdrawal,
    Receipt,
    Closing,
    ClosingLeaves,
    SessionStatement,
    Release,
    RootRelease,
    Minutes,
    SealPolicy,
    CustodianCard,
    InclusionProof,
    VerifyingKey,
]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=20,
)


@pytest.mark.parametrize("document", PARSERS)
@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()))
def test_whatever_comes_a_parser_refuses_it_with_a_reason(document: Any, data: bytes) -> None:
    with pytest.raises(SealingError) as refused:
        document.parse(data)

    assert isinstance(refused.value.reason, Reason)


@pytest.mark.parametrize("name", DOCUMENTS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_field_dropped_added_or_of_another_type_is_named(name: str, data: st.DataObject) -> None:
    make, check = DOCUMENTS[name]
    document = json.loads(make())
    field = data.draw(st.sampled_from(sorted(document)))
    wrong = data.draw(
        st.sampled_from([None, True, -1, 2**60, "", "x", [], [1], {}, {"x": 1}, "\ud800"])
    )
    kind = data.draw(st.sampled_from(["drop", "add", "replace"]))
    if kind == "drop":
        del document[field]
    elif kind == "add":
        document["unheard-of"] = wrong
    else:
        document[field] = wrong

    with pytest.raises(SealingError):
        check(json.dumps(document, separators=(",", ":")).encode())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(b'{"a":1,"a":1}', Reason.DUPLICATE, id="a key twice"),
        pytest.param(b'{"a": 1}', Reason.NOT_CANONICAL, id="a space"),
        pytest.param(b'{"b":1,"a":1}', Reason.NOT_CANONICAL, id="keys out of order"),
        pytest.param(b'{"a":1.0}', Reason.WRONG_TYPE, id="a fraction"),
        pytest.param(b'{"a":NaN}', Reason.WRONG_TYPE, id="not a number"),
        pytest.param(b'{"a":9007199254740992}', Reason.OUT_OF_RANGE, id="2^53"),
        pytest.param(b'{"a":"\\ud800"}', Reason.UNREADABLE, id="half a character"),
        pytest.param(b"\xef\xbb\xbf{}", Reason.UNREADABLE, id="a byte order mark"),
        pytest.param(b"[" * 40 + b"]" * 40, Reason.TOO_LARGE, id="too deep"),
        pytest.param(b"1" * 5000, Reason.UNREADABLE, id="five thousand digits"),
    ],
)
def test_a_text_with_two_readings_is_refused(text: bytes, reason: Reason) -> None:
    with pytest.raises(Malformed) as refused:
        read_value(text, "text")

    assert refused.value.reason is reason


@given(json_values.filter(lambda value: "9007" not in str(value)))
def test_canonical_texts_are_read_back_as_they_were(value: Any) -> None:
    try:
        text = canonical(value)
    except SealingError:
        return  # an integer JSON cannot carry

    assert canonical(read_value(text, "text")) == text


def test_a_receipt_signed_by_another_key_is_not_trusted() -> None:
    stranger = new_signing_key(SUITE_A).verifying

    with pytest.raises(Untrusted):
        receipt_for(sealed_bid()).verify(stranger)


def test_the_same_row_gives_the_same_receipt_byte_for_byte() -> None:
    assert receipt_for(sealed_bid()).encode() == receipt_for(sealed_bid()).encode()


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 256])
def test_every_leaf_proves_its_place_and_no_other(size: int) -> None:
    leaves = [leaf_hash(SUITE_A, bytes([n % 256, n // 256])) for n in range(size)]
    root = root_of(SUITE_A, leaves)

    for index, leaf in enumerate(leaves):
        proof = prove_inclusion(SUITE_A, leaves, index)
        proof.check(leaf, root)
        if size > 1:
            with pytest.raises(NotGenuine):
                proof.check(leaves[index - 1], root)


def test_the_root_is_that_of_rfc_6962() -> None:
    data = [b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"]
    leaves = [leaf_hash(SUITE_A, text) for text in data]

    assert root_of(SUITE_A, leaves[:1]).hex() == (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert root_of(SUITE_A, leaves).hex() == (
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    )


def test_the_closing_tree_has_one_size_however_many_bids_were_lodged() -> None:
    assert opening().leaves.size == 256
    assert len(opening().leaves.proof_for(opening().leaves.receipts[0]).path) == 8


def check(**changes: Any) -> None:
    given: dict[str, Any] = {
        "policy": policy(),
        "closing": opening().closing,
        "leaves": opening().leaves,
        "session": opening().session,
        "envelopes": opening().envelopes,
        "trusted": service_key().verifying,
        "now": OPENED,
        **changes,
    }
    check_opening(
        given["policy"],
        given["closing"],
        given["leaves"],
        given["session"],
        given["envelopes"],
        trusted=given["trusted"],
        now=given["now"],
    )


def test_a_custodian_releases_nothing_before_the_deadline() -> None:
    check(now=DEADLINE)

    with pytest.raises(NotGenuine) as refused:
        check(now=DEADLINE - timedelta(microseconds=1))

    assert refused.value.reason is Reason.TOO_EARLY


def test_a_custodian_releases_nothing_when_a_bid_is_missing_or_added() -> None:
    for envelopes in (
        opening().envelopes[1:],
        [*opening().envelopes, sealed_bid().envelope],
        [*opening().envelopes, opening().envelopes[0]],
    ):
        with pytest.raises(NotGenuine) as refused:
            check(envelopes=envelopes)
        assert refused.value.reason is Reason.COUNTED_SET


def test_a_custodian_releases_nothing_to_a_session_of_a_stranger() -> None:
    with pytest.raises(Untrusted):
        check(trusted=new_signing_key(SUITE_A).verifying)


def test_a_release_for_one_session_is_refused_by_the_next() -> None:
    release = next(iter(opening().releases.values()))
    from dataclasses import replace
    from uuid import uuid4

    with pytest.raises(NotGenuine) as refused:
        release.verify(policy(), replace(opening().session, session=uuid4()))

    assert refused.value.reason is Reason.OTHER_SESSION


def test_a_kept_root_is_released_for_its_own_bid_only() -> None:
    bid = sealed_bid()

    with pytest.raises(NotGenuine):
        release_root(opening().session, opening().bids[0].manifest, bid.root)


def test_the_same_custodian_twice_makes_no_policy() -> None:
    card = custodians(3)[0].card

    with pytest.raises(Malformed) as refused:
        SealPolicy(
            SUITE_A,
            policy().tender,
            1,
            "2-of-3",
            (card, card, custodians(3)[1].card),
            DEADLINE,
            3,
            30,
        )

    assert refused.value.reason is Reason.DUPLICATE
