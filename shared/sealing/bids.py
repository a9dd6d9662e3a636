"""Sealing a bid on the bidder's machine, and opening it again from its root."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shared.sealing.canonical import canonical, read_document
from shared.sealing.errors import Malformed, NotGenuine, Reason, SealingError
from shared.sealing.forms import IdentityLetter, PriceForm
from shared.sealing.manifests import (
    NONCE_SIZE,
    PARTS,
    Envelope,
    Manifest,
    SealedPart,
    Withdrawal,
    check_part,
    check_parts,
    withdrawal_lock,
)
from shared.sealing.parts import KEY_SIZE, decrypt_part, encrypt_part
from shared.sealing.policies import SealPolicy
from shared.sealing.shares import (
    ROOT_SIZE,
    check_root,
    commitment_of,
    mark_of,
    seal_share,
    split_root,
)
from shared.sealing.signing import SigningKey, VerifyingKey, suite_of
from shared.sealing.suites import HASH_SIZE, PUBLIC_SIZE, SIGNATURE_SIZE, Suite, binding, digest

STATEMENT_FORMAT = "huishe-bid-statement/1"
STATEMENT_LABEL = "bid-statement"
SIGNED_PARTS = ("price", "technical", "identity")

Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class SealedBid:
    """What sealing makes. `root` stays with the bidder, under its passphrase, or is thrown away."""

    envelope: Envelope
    parts: Mapping[str, bytes]
    root: bytes

    @property
    def manifest(self) -> Manifest:
        return self.envelope.manifest

    def __repr__(self) -> str:
        return f"SealedBid({self.manifest.nonce.hex()})"


@dataclass(frozen=True, slots=True)
class OpenedBid:
    """A bid whose seal, manifest and signature were found in order."""

    contents: Mapping[str, bytes]
    signer: VerifyingKey
    price: PriceForm
    identity: IdentityLetter
    part_keys: Mapping[str, bytes]


def seal_bid(
    policy: SealPolicy,
    contents: Mapping[str, bytes],
    signer: SigningKey,
    *,
    random: Random = secrets.token_bytes,
) -> SealedBid:
    """Encrypt, sign inside the ciphertext, split the root and seal a share to each custodian."""
    if set(contents) != set(SIGNED_PARTS):
        raise Malformed(Reason.PART_MISSING, "contents", ", ".join(SIGNED_PARTS))
    suite, nonce, root = policy.suite, random(NONCE_SIZE), random(ROOT_SIZE)
    commitment = commitment_of(suite, root, policy.hash, nonce)
    keys = {name: _part_key(suite, policy.hash, nonce, root, name) for name in PARTS}
    statement = _signed_statement(policy, nonce, commitment, keys, contents, signer)
    sealed = {
        name: encrypt_part(
            suite, keys[name], content, _bound(policy.hash, nonce, suite, name), name
        )
        for name, content in {**contents, "signature": statement}.items()
    }
    shares = split_root(policy, nonce, root) if policy.custodians else []
    sealed_shares = tuple(seal_share(policy, nonce, commitment, share) for share in shares)
    manifest = Manifest(
        suite=suite,
        policy_hash=policy.hash,
        nonce=nonce,
        commitment=commitment,
        withdrawal_lock=withdrawal_lock(suite, _withdrawal_key(suite, policy.hash, nonce, root)),
        parts=tuple(
            SealedPart(
                name, len(sealed[name]), suite.hash(sealed[name]), key_commitment(suite, keys[name])
            )
            for name in PARTS
        ),
        shares=tuple(
            mark_of(policy, nonce, share, seal)
            for share, seal in zip(shares, sealed_shares, strict=True)
        ),
    )
    return SealedBid(Envelope(manifest, sealed_shares), sealed, root)


def open_bid(manifest: Manifest, sealed_parts: Mapping[str, bytes], root: bytes) -> OpenedBid:
    """Everything that was sealed, once the root is there. Whatever is wrong is named."""
    check_root(manifest, root)
    check_parts(manifest, sealed_parts)
    keys = {
        name: _part_key(manifest.suite, manifest.policy_hash, manifest.nonce, root, name)
        for name in PARTS
    }
    contents = {name: open_part(manifest, name, sealed_parts[name], keys[name]) for name in PARTS}
    statement = BidStatement.parse(contents["signature"])
    statement.check(manifest)
    for name in SIGNED_PARTS:
        statement.check_content(name, keys[name], contents[name])
    try:
        price = PriceForm.parse(contents["price"])
        identity = IdentityLetter.parse(contents["identity"])
    except SealingError as error:
        raise NotGenuine(Reason.FORM, error.where, error.reason.value) from error
    if (price.credit_code, price.name) != (identity.credit_code, identity.name):
        raise NotGenuine(Reason.IDENTITY, "price form", "the letter names another bidder")
    return OpenedBid(contents, statement.signer, price, identity, keys)


def open_part(manifest: Manifest, name: str, sealed: bytes, key: bytes) -> bytes:
    """One part, from its own key: how a price is shown to all while other parts stay private."""
    check_part(manifest, name, sealed)
    if key_commitment(manifest.suite, key) != manifest.part(name).key_commitment:
        raise NotGenuine(Reason.PART_KEY, f"parts.{name}")
    bound = _bound(manifest.policy_hash, manifest.nonce, manifest.suite, name)
    return decrypt_part(manifest.suite, key, sealed, bound, f"parts.{name}")


def withdraw_bid(
    manifest: Manifest, root: bytes, *, random: Random = secrets.token_bytes
) -> Withdrawal:
    """Take a bid back before the deadline (招标投标法 29)."""
    check_root(manifest, root)
    return Withdrawal(
        suite=manifest.suite,
        policy_hash=manifest.policy_hash,
        nonce=random(NONCE_SIZE),
        withdraws=manifest.hash,
        key=_withdrawal_key(manifest.suite, manifest.policy_hash, manifest.nonce, root),
    )


@dataclass(frozen=True, slots=True)
class BidStatement:
    """What the bidder signed: which bid, under which policy, with which contents.

    The contents appear as codes keyed by the part's own key, so showing the statement shows
    nothing of a part whose key is kept.
    """

    suite: Suite
    policy_hash: bytes
    nonce: bytes
    commitment: bytes
    content_codes: Mapping[str, bytes]
    signing_public: bytes
    signature: bytes

    @property
    def signer(self) -> VerifyingKey:
        return VerifyingKey(self.suite, self.signing_public)

    def unsigned(self) -> dict[str, object]:
        return {
            "format": STATEMENT_FORMAT,
            "suite": self.suite.id,
            "policy_hash": self.policy_hash.hex(),
            "nonce": self.nonce.hex(),
            "commitment": self.commitment.hex(),
            "contents": {name: code.hex() for name, code in self.content_codes.items()},
            "signing_key": self.signing_public.hex(),
        }

    def encode(self) -> bytes:
        return canonical({**self.unsigned(), "signature": self.signature.hex()})

    @classmethod
    def parse(cls, data: bytes) -> "BidStatement":
        fields = read_document(data, "statement", largest=64 * 1024)
        fields.format(STATEMENT_FORMAT)
        codes = fields.fields("contents")
        statement = cls(
            suite=suite_of(fields),
            policy_hash=fields.octets("policy_hash", HASH_SIZE),
            nonce=fields.octets("nonce", NONCE_SIZE),
            commitment=fields.octets("commitment", HASH_SIZE),
            content_codes={name: codes.octets(name, HASH_SIZE) for name in SIGNED_PARTS},
            signing_public=fields.octets("signing_key", PUBLIC_SIZE),
            signature=fields.octets("signature", SIGNATURE_SIZE),
        )
        codes.done()
        fields.done()
        return statement

    def check(self, manifest: Manifest) -> None:
        """It is signed, and about this very bid."""
        about = (self.suite.id, self.policy_hash, self.nonce, self.commitment)
        if about != (
            manifest.suite.id,
            manifest.policy_hash,
            manifest.nonce,
            manifest.commitment,
        ):
            raise NotGenuine(Reason.OTHER_BID, "statement")
        self.signer.check(STATEMENT_LABEL, self.unsigned(), self.signature, "statement.signature")

    def check_content(self, name: str, part_key: bytes, content: bytes) -> None:
        if content_code(self.suite, part_key, content) != self.content_codes[name]:
            raise NotGenuine(Reason.STATEMENT, f"statement.contents.{name}")


def key_commitment(suite: Suite, part_key: bytes) -> bytes:
    return digest(suite, "part-key-commitment", part_key)


def content_code(suite: Suite, part_key: bytes, content: bytes) -> bytes:
    return suite.mac(part_key, binding(suite, "content", content))


def _signed_statement(
    policy: SealPolicy,
    nonce: bytes,
    commitment: bytes,
    keys: Mapping[str, bytes],
    contents: Mapping[str, bytes],
    signer: SigningKey,
) -> bytes:
    statement = BidStatement(
        suite=policy.suite,
        policy_hash=policy.hash,
        nonce=nonce,
        commitment=commitment,
        content_codes={
            name: content_code(policy.suite, keys[name], contents[name]) for name in SIGNED_PARTS
        },
        signing_public=signer.verifying.public,
        signature=b"",
    )
    unsigned = statement.unsigned()
    return canonical({**unsigned, "signature": signer.sign(STATEMENT_LABEL, unsigned).hex()})


def _part_key(suite: Suite, policy_hash: bytes, nonce: bytes, root: bytes, name: str) -> bytes:
    return suite.derive(root, binding(suite, "part", policy_hash, nonce, name.encode()), KEY_SIZE)


def _withdrawal_key(suite: Suite, policy_hash: bytes, nonce: bytes, root: bytes) -> bytes:
    return suite.derive(root, binding(suite, "withdrawal", policy_hash, nonce), HASH_SIZE)


def _bound(policy_hash: bytes, nonce: bytes, suite: Suite, name: str) -> bytes:
    return binding(suite, "part-content", policy_hash, nonce, name.encode())
