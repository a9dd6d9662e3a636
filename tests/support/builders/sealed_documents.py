"""Every document of the sealed-bid format: an example from a real opening, and any valid one.

`KINDS` is the whole list: what reads the bytes, a genuine example, and a strategy for others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from shared.sealing.bids import BidStatement, open_bid, withdraw_bid
from shared.sealing.bundles import BundleManifest, ListedFile
from shared.sealing.closings import BLANK_SIZE, Closing, ClosingLeaves
from shared.sealing.errors import Reason
from shared.sealing.forms import IdentityLetter, PriceForm
from shared.sealing.manifests import (
    LARGEST_ENVELOPE,
    NONCE_SIZE,
    PARTS,
    SEALED_SHARE_SIZE,
    Envelope,
    Manifest,
    SealedPart,
    ShareMark,
    Withdrawal,
)
from shared.sealing.merkle import LARGEST_TREE, InclusionProof
from shared.sealing.minutes import Minutes, OpenedEntry, ShutEntry, SupersededEntry
from shared.sealing.openings import Fault
from shared.sealing.parts import LARGEST_PART
from shared.sealing.policies import PROFILES, CustodianCard, SealPolicy
from shared.sealing.receipts import KINDS as LODGED
from shared.sealing.receipts import Receipt
from shared.sealing.sessions import (
    SHARE_FAULTS,
    Release,
    ReleasedShare,
    RootRelease,
    SessionStatement,
    release_root,
)
from shared.sealing.shares import ROOT_SIZE
from shared.sealing.signing import VerifyingKey
from shared.sealing.suites import (
    HASH_SIZE,
    PUBLIC_SIZE,
    SEAL_OVERHEAD,
    SIGNATURE_SIZE,
    SUITE_A,
    digest,
)
from tests.unit.sealing.builders import (
    bidder_key,
    contents,
    custodians,
    opening,
    policy,
    receipt_for,
    sealed_bid,
)


def octets(size: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=size, max_size=size)


suites = st.just(SUITE_A)
hashes, nonces, publics = octets(HASH_SIZE), octets(NONCE_SIZE), octets(PUBLIC_SIZE)
signatures = octets(SIGNATURE_SIZE)
key_ids = octets(16).map(bytes.hex)
instants = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
lines = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters=[*map(chr, range(32)), "\x7f"]),
    min_size=1,
    max_size=200,
)
credit_codes = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=18, max_size=18)
prices = st.integers(1, 10**14 - 1)


def tuples(of: st.SearchStrategy[Any], most: int, **options: Any) -> st.SearchStrategy[Any]:
    return st.lists(of, max_size=most, **options).map(tuple)


def manifests(shares: st.SearchStrategy[tuple[ShareMark, ...]]) -> st.SearchStrategy[Manifest]:
    def part(name: str) -> st.SearchStrategy[SealedPart]:
        size = st.integers(1, LARGEST_PART)
        return st.builds(SealedPart, st.just(name), size, hashes, hashes)

    parts = st.tuples(*(part(name) for name in PARTS))
    return st.builds(Manifest, suites, hashes, nonces, hashes, hashes, parts, shares)


@st.composite
def envelopes(draw: st.DrawFn) -> Envelope:
    sealed = draw(tuples(octets(SEALED_SHARE_SIZE), 5))
    marks = tuple(
        ShareMark(draw(hashes), digest(SUITE_A, "sealed-share", share)) for share in sealed
    )
    return Envelope(draw(manifests(st.just(marks))), sealed)


cards = st.builds(CustodianCard, suites, lines, publics, publics)


@st.composite
def policies(draw: st.DrawFn) -> SealPolicy:
    profile = draw(st.sampled_from(sorted(PROFILES)))
    count = PROFILES[profile][1]
    named = draw(
        st.lists(cards, min_size=count, max_size=count, unique_by=lambda card: card.key_id)
    )
    return SealPolicy(
        SUITE_A,
        draw(st.uuids()),
        draw(st.integers(1, 1_000_000)),
        profile,
        tuple(named),
        draw(instants),
        draw(st.integers(1, 1000)),
        draw(st.integers(1, 7 * 24 * 60)),
    )


receipts = st.builds(
    Receipt,
    suites,
    st.sampled_from(LODGED),
    hashes,
    nonces,
    hashes,
    instants,
    key_ids,
    signatures,
)
entries = st.builds(
    OpenedEntry, receipts, lines, lines, st.integers(0, 10**14 - 1), prices, publics
) | st.builds(ShutEntry, receipts, st.sampled_from(Reason), lines, st.sampled_from(Fault))
released = st.builds(ReleasedShare, nonces, octets(SEALED_SHARE_SIZE), st.none()) | st.builds(
    ReleasedShare, nonces, st.none(), st.sampled_from(SHARE_FAULTS)
)


@st.composite
def proofs(draw: st.DrawFn) -> InclusionProof:
    size = draw(st.integers(1, LARGEST_TREE))
    return InclusionProof(SUITE_A, draw(st.integers(0, size - 1)), size, draw(tuples(hashes, 20)))


@st.composite
def price_forms(draw: st.DrawFn) -> PriceForm:
    price = draw(prices)
    return PriceForm(draw(credit_codes), draw(lines), price, draw(st.integers(0, price)))


names = st.text("abz09", min_size=1, max_size=1).flatmap(
    lambda first: st.text("az09._-", max_size=9).map(lambda rest: first + rest)
)
listed = st.builds(
    ListedFile,
    st.lists(names, min_size=1, max_size=4).map("/".join),
    st.integers(0, 2**27),
    hashes,
)
statements = st.builds(
    BidStatement,
    suites,
    hashes,
    nonces,
    hashes,
    st.fixed_dictionaries(dict.fromkeys(("price", "technical", "identity"), hashes)),
    publics,
    signatures,
)


def _genuine_root_release() -> RootRelease:
    return release_root(opening().session, opening().bids[0].manifest, opening().bids[0].root)


def _genuine_statement() -> BidStatement:
    bid = sealed_bid()
    opened = open_bid(bid.manifest, bid.parts, bid.root)
    return BidStatement.parse(opened.contents["signature"])


@dataclass(frozen=True)
class Kind:
    """One kind of document."""

    parse: Callable[[bytes], Any]
    genuine: Callable[[], Any]
    any_other: st.SearchStrategy[Any]
    largest: int = 16 * 1024 * 1024


KINDS: dict[str, Kind] = {
    "envelope": Kind(Envelope.parse, lambda: sealed_bid().envelope, envelopes(), LARGEST_ENVELOPE),
    "manifest": Kind(
        Manifest.parse,
        lambda: sealed_bid().manifest,
        manifests(tuples(st.builds(ShareMark, hashes, hashes), 5)),
        LARGEST_ENVELOPE,
    ),
    "withdrawal": Kind(
        Withdrawal.parse,
        lambda: withdraw_bid(sealed_bid().manifest, sealed_bid().root),
        st.builds(Withdrawal, suites, hashes, nonces, hashes, hashes),
    ),
    "receipt": Kind(Receipt.parse, lambda: receipt_for(sealed_bid()), receipts),
    "proof": Kind(
        InclusionProof.parse,
        lambda: opening().leaves.proof_for(opening().leaves.receipts[0]),
        proofs(),
    ),
    "policy": Kind(SealPolicy.parse, policy, policies()),
    "custodian": Kind(CustodianCard.parse, lambda: custodians(3)[0].card, cards),
    "public key": Kind(
        VerifyingKey.parse,
        lambda: bidder_key().verifying,
        st.builds(VerifyingKey, suites, publics),
    ),
    "closing": Kind(
        Closing.parse,
        lambda: opening().closing,
        st.builds(
            Closing,
            suites,
            st.uuids(),
            hashes,
            hashes,
            st.integers(1, LARGEST_TREE),
            instants,
            key_ids,
            signatures,
        ),
    ),
    "leaves": Kind(
        ClosingLeaves.parse,
        lambda: opening().leaves,
        st.builds(ClosingLeaves, suites, tuples(receipts, 3), tuples(octets(BLANK_SIZE), 5)),
    ),
    "session": Kind(
        SessionStatement.parse,
        lambda: opening().session,
        st.builds(
            SessionStatement,
            suites,
            st.uuids(),
            st.uuids(),
            hashes,
            hashes,
            publics,
            instants,
            key_ids,
            signatures,
        ),
    ),
    "release": Kind(
        Release.parse,
        lambda: next(iter(opening().releases.values())),
        st.builds(
            Release,
            suites,
            st.uuids(),
            hashes,
            key_ids,
            tuples(released, 4, unique_by=lambda share: share.nonce),
            signatures,
        ),
    ),
    "root release": Kind(
        RootRelease.parse,
        _genuine_root_release,
        st.builds(RootRelease, suites, st.uuids(), nonces, octets(ROOT_SIZE + SEAL_OVERHEAD)),
    ),
    "minutes": Kind(
        Minutes.parse,
        lambda: opening().minutes,
        st.builds(
            Minutes,
            suites,
            st.uuids(),
            hashes,
            hashes,
            st.uuids(),
            instants,
            tuples(key_ids, 5),
            tuples(entries, 3),
            tuples(st.builds(SupersededEntry, receipts, hashes), 2),
            key_ids,
            signatures,
        ),
    ),
    "bundle.json": Kind(
        BundleManifest.parse,
        lambda: BundleManifest.parse(opening().bundle["bundle.json"]),
        st.builds(
            BundleManifest,
            suites,
            st.uuids(),
            tuples(listed, 4, unique_by=lambda file: file.path),
            key_ids,
            signatures,
        ),
    ),
    "statement": Kind(BidStatement.parse, _genuine_statement, statements),
    "price form": Kind(
        PriceForm.parse, lambda: PriceForm.parse(contents()["price"]), price_forms()
    ),
    "identity letter": Kind(
        IdentityLetter.parse,
        lambda: IdentityLetter.parse(contents()["identity"]),
        st.builds(IdentityLetter, credit_codes, lines, lines, lines),
    ),
}
