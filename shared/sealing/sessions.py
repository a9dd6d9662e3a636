"""The opening session (开标会话): a key that lives in memory only, and what custodians release to it.

A custodian opens its shares on its own machine, after checking policy, time and root, and seals
them again to the session's key. Its release is signed, so it is known who released what.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.sealing.canonical import Fields, canonical, instant_text, read_document
from shared.sealing.closings import Closing, ClosingLeaves
from shared.sealing.errors import Malformed, NotGenuine, Reason, SealingError
from shared.sealing.manifests import (
    NONCE_SIZE,
    SALT_SIZE,
    SEALED_SHARE_SIZE,
    SHARE_SIZE,
    Envelope,
    Manifest,
)
from shared.sealing.policies import CustodianCard, SealPolicy
from shared.sealing.receipts import KEY_ID
from shared.sealing.shares import ROOT_SIZE, Share, check_root, check_share, open_share
from shared.sealing.signing import SigningKey, VerifyingKey, require_trusted, suite_of
from shared.sealing.suites import (
    HASH_SIZE,
    PUBLIC_SIZE,
    SEAL_OVERHEAD,
    SIGNATURE_SIZE,
    Suite,
    binding,
)

SESSION_FORMAT = "huishe-opening-session/1"
SESSION_LABEL = "opening-session"
RELEASE_FORMAT = "huishe-release/1"
RELEASE_LABEL = "release"
ROOT_RELEASE_FORMAT = "huishe-root-release/1"
MOST_BIDS = 10_000

SHARE_FAULTS = (Reason.SHARE_DOES_NOT_OPEN.value, Reason.SHARE_HASH.value)


@dataclass(frozen=True, slots=True)
class SessionStatement:
    """That this key belongs to the opening of this tender, with this root, from this instant."""

    suite: Suite
    session: UUID
    tender: UUID
    policy_hash: bytes
    root: bytes
    public: bytes
    started_at: datetime
    key_id: str
    signature: bytes

    def unsigned(self) -> dict[str, Any]:
        return {
            "format": SESSION_FORMAT,
            "suite": self.suite.id,
            "session": str(self.session),
            "tender": str(self.tender),
            "policy_hash": self.policy_hash.hex(),
            "root": self.root.hex(),
            "public_key": self.public.hex(),
            "started_at": instant_text(self.started_at),
            "key_id": self.key_id,
        }

    def as_dict(self) -> dict[str, Any]:
        return {**self.unsigned(), "signature": self.signature.hex()}

    def encode(self) -> bytes:
        return canonical(self.as_dict())

    @classmethod
    def parse(cls, data: bytes) -> "SessionStatement":
        return cls.read(read_document(data, "session", largest=64 * 1024))

    @classmethod
    def read(cls, fields: Fields) -> "SessionStatement":
        fields.format(SESSION_FORMAT)
        statement = cls(
            suite=suite_of(fields),
            session=fields.uuid("session"),
            tender=fields.uuid("tender"),
            policy_hash=fields.octets("policy_hash", HASH_SIZE),
            root=fields.octets("root", HASH_SIZE),
            public=fields.octets("public_key", PUBLIC_SIZE),
            started_at=fields.instant("started_at"),
            key_id=fields.matching("key_id", KEY_ID, "a key id"),
            signature=fields.octets("signature", SIGNATURE_SIZE),
        )
        fields.done()
        return statement

    def verify(self, trusted: VerifyingKey) -> None:
        require_trusted(trusted, self.suite, self.key_id, "session.key_id")
        trusted.check(SESSION_LABEL, self.unsigned(), self.signature, "session.signature")

    def require_closing(self, closing: Closing) -> None:
        """The session opens what was closed, and nothing else."""
        about = (self.tender, self.policy_hash, self.root)
        if about != (closing.tender, closing.policy_hash, closing.root):
            raise NotGenuine(Reason.OTHER_ROOT, "session.root")
        if self.started_at < closing.closed_at:
            raise NotGenuine(Reason.TOO_EARLY, "session.started_at")


def sign_session(
    key: SigningKey, closing: Closing, session: UUID, public: bytes, started_at: datetime
) -> SessionStatement:
    def statement(signature: bytes) -> SessionStatement:
        return SessionStatement(
            key.suite,
            session,
            closing.tender,
            closing.policy_hash,
            closing.root,
            public,
            started_at,
            key.id,
            signature,
        )

    return statement(key.sign(SESSION_LABEL, statement(b"").unsigned()))


@dataclass(frozen=True, slots=True)
class ReleasedShare:
    """One bid's share sealed to the session, or why the custodian could not open it."""

    nonce: bytes
    sealed: bytes | None
    fault: str | None

    def as_dict(self) -> dict[str, Any]:
        entry: dict[str, Any] = {"nonce": self.nonce.hex()}
        if self.sealed is not None:
            entry["sealed"] = self.sealed.hex()
        else:
            entry["fault"] = self.fault
        return entry

    @classmethod
    def read(cls, fields: Fields) -> "ReleasedShare":
        nonce = fields.octets("nonce", NONCE_SIZE)
        if fields.has("sealed"):
            entry = cls(nonce, fields.octets("sealed", SEALED_SHARE_SIZE), None)
        else:
            entry = cls(nonce, None, fields.one_of("fault", SHARE_FAULTS))
        fields.done()
        return entry


@dataclass(frozen=True, slots=True)
class Release:
    """What one custodian releases to one session, signed with its own key."""

    suite: Suite
    session: UUID
    policy_hash: bytes
    custodian: str
    shares: tuple[ReleasedShare, ...]
    signature: bytes

    def unsigned(self) -> dict[str, Any]:
        return {
            "format": RELEASE_FORMAT,
            "suite": self.suite.id,
            "session": str(self.session),
            "policy_hash": self.policy_hash.hex(),
            "custodian": self.custodian,
            "shares": [share.as_dict() for share in self.shares],
        }

    def as_dict(self) -> dict[str, Any]:
        return {**self.unsigned(), "signature": self.signature.hex()}

    def encode(self) -> bytes:
        return canonical(self.as_dict())

    @classmethod
    def parse(cls, data: bytes) -> "Release":
        return cls.read(read_document(data, "release"))

    @classmethod
    def read(cls, fields: Fields) -> "Release":
        fields.format(RELEASE_FORMAT)
        release = cls(
            suite=suite_of(fields),
            session=fields.uuid("session"),
            policy_hash=fields.octets("policy_hash", HASH_SIZE),
            custodian=fields.matching("custodian", KEY_ID, "a custodian's key id"),
            shares=tuple(
                ReleasedShare.read(share) for share in fields.many("shares", most=MOST_BIDS)
            ),
            signature=fields.octets("signature", SIGNATURE_SIZE),
        )
        fields.done()
        if len({share.nonce for share in release.shares}) != len(release.shares):
            raise Malformed(Reason.DUPLICATE, "release.shares", "a bid is named twice")
        return release

    def verify(self, policy: SealPolicy, session: SessionStatement) -> int:
        """Signed by a custodian of this policy, for this session; gives its share number."""
        number = policy.number_of(self.custodian)
        if number is None:
            raise NotGenuine(Reason.UNTRUSTED_KEY, "release.custodian")
        if self.suite.id != policy.suite.id or self.policy_hash != policy.hash:
            raise NotGenuine(Reason.OTHER_POLICY, "release.policy_hash")
        if self.session != session.session:
            raise NotGenuine(Reason.OTHER_SESSION, "release.session")
        key = policy.custodians[number - 1].verifying
        key.check(RELEASE_LABEL, self.unsigned(), self.signature, "release.signature")
        return number

    def share_of(self, nonce: bytes) -> ReleasedShare | None:
        return next((share for share in self.shares if share.nonce == nonce), None)


@dataclass(frozen=True, slots=True)
class CustodianKey:
    """A custodian's private keys, on its own machine only."""

    suite: Suite
    name: str
    sealing_private: bytes
    signing_private: bytes

    @property
    def card(self) -> CustodianCard:
        return CustodianCard(
            self.suite,
            self.name,
            self.suite.sealing_public(self.sealing_private),
            self.suite.signing_public(self.signing_private),
        )

    def __repr__(self) -> str:
        return f"CustodianKey({self.card.key_id})"


def check_opening(
    policy: SealPolicy,
    closing: Closing,
    leaves: ClosingLeaves,
    session: SessionStatement,
    envelopes: Sequence[Envelope],
    *,
    trusted: VerifyingKey,
    now: datetime,
) -> None:
    """What a custodian's machine checks before it opens a single share."""
    if now < policy.deadline:
        raise NotGenuine(Reason.TOO_EARLY, "policy.deadline", "the deadline has not passed")
    closing.verify(trusted)
    closing.require_policy(policy)
    closing.require_leaves(leaves, trusted)
    session.verify(trusted)
    session.require_closing(closing)
    if len(leaves.receipts) < policy.minimum_bids:
        raise NotGenuine(Reason.COUNTED_SET, "leaves.receipts", "fewer than the least number")
    counted = {receipt.nonce: receipt.manifest_hash for receipt in leaves.receipts}
    lodged = {envelope.manifest.nonce: envelope.manifest.hash for envelope in envelopes}
    if counted != lodged or len(lodged) != len(envelopes):
        raise NotGenuine(Reason.COUNTED_SET, "envelopes", "not the bids under the root")
    for envelope in envelopes:
        envelope.manifest.require_policy(policy)


def release_shares(
    policy: SealPolicy,
    session: SessionStatement,
    envelopes: Iterable[Envelope],
    key: CustodianKey,
) -> Release:
    """Re-seal this custodian's share of every bid to the session's key."""
    number = policy.number_of(key.card.key_id)
    if number is None:
        raise NotGenuine(Reason.UNTRUSTED_KEY, "custodian", "not named in this policy")
    shares = tuple(_released(policy, session, envelope, number, key) for envelope in envelopes)
    unsigned = Release(policy.suite, session.session, policy.hash, key.card.key_id, shares, b"")
    signature = SigningKey(key.suite, key.signing_private).sign(RELEASE_LABEL, unsigned.unsigned())
    return Release(policy.suite, session.session, policy.hash, key.card.key_id, shares, signature)


def _released(
    policy: SealPolicy,
    session: SessionStatement,
    envelope: Envelope,
    number: int,
    key: CustodianKey,
) -> ReleasedShare:
    nonce = envelope.manifest.nonce
    try:
        share = open_share(envelope, number, key.sealing_private)
    except SealingError as error:
        return ReleasedShare(nonce, None, error.reason.value)
    info = _release_info(session, nonce, number)
    return ReleasedShare(nonce, policy.suite.seal(session.public, share.encode(), info), None)


def received_share(
    session: SessionStatement,
    session_private: bytes,
    manifest: Manifest,
    number: int,
    released: ReleasedShare,
) -> Share:
    """One share as it reaches the session; refused unless it is the one the manifest promised."""
    where = f"share {number}"
    if released.sealed is None:
        raise NotGenuine(Reason(released.fault or Reason.SHARE_DOES_NOT_OPEN), where)
    info = _release_info(session, manifest.nonce, number)
    opened = session.suite.unseal(session_private, released.sealed, info)
    if opened is None or len(opened) != SHARE_SIZE + SALT_SIZE:
        raise NotGenuine(Reason.OTHER_SESSION, where, "not sealed to this session")
    share = Share.decode(number, opened)
    check_share(manifest, share)
    return share


def _release_info(session: SessionStatement, nonce: bytes, number: int) -> bytes:
    return binding(
        session.suite,
        "release-share",
        session.policy_hash,
        session.session.bytes,
        nonce,
        bytes([number]),
    )


@dataclass(frozen=True, slots=True)
class RootRelease:
    """A bidder's own kept root, sealed to the session: the way of profile `bidder`, and the second
    way of the others. It needs no signature: the commitment in the manifest recognises the root."""

    suite: Suite
    session: UUID
    nonce: bytes
    sealed: bytes

    def as_dict(self) -> dict[str, Any]:
        return {
            "format": ROOT_RELEASE_FORMAT,
            "suite": self.suite.id,
            "session": str(self.session),
            "nonce": self.nonce.hex(),
            "sealed": self.sealed.hex(),
        }

    def encode(self) -> bytes:
        return canonical(self.as_dict())

    @classmethod
    def parse(cls, data: bytes) -> "RootRelease":
        return cls.read(read_document(data, "root release", largest=64 * 1024))

    @classmethod
    def read(cls, fields: Fields) -> "RootRelease":
        fields.format(ROOT_RELEASE_FORMAT)
        release = cls(
            suite=suite_of(fields),
            session=fields.uuid("session"),
            nonce=fields.octets("nonce", NONCE_SIZE),
            sealed=fields.octets("sealed", ROOT_SIZE + SEAL_OVERHEAD),
        )
        fields.done()
        return release


def release_root(session: SessionStatement, manifest: Manifest, root: bytes) -> RootRelease:
    check_root(manifest, root)
    if manifest.policy_hash != session.policy_hash:
        raise NotGenuine(Reason.OTHER_POLICY, "session.policy_hash")
    sealed = session.suite.seal(session.public, root, _root_info(session, manifest.nonce))
    return RootRelease(session.suite, session.session, manifest.nonce, sealed)


def received_root(
    session: SessionStatement, session_private: bytes, manifest: Manifest, release: RootRelease
) -> bytes:
    if (release.session, release.nonce) != (session.session, manifest.nonce):
        raise NotGenuine(Reason.OTHER_SESSION, "root release.session")
    info = _root_info(session, manifest.nonce)
    root = session.suite.unseal(session_private, release.sealed, info)
    if root is None:
        raise NotGenuine(Reason.OTHER_SESSION, "root release.sealed")
    check_root(manifest, root)
    return root


def _root_info(session: SessionStatement, nonce: bytes) -> bytes:
    return binding(session.suite, "release-root", session.policy_hash, session.session.bytes, nonce)
