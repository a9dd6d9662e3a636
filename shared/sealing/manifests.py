"""What a bidder hands in: the manifest of its sealed bid, with the sealed shares in an envelope."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.sealing.canonical import Fields, canonical, read_document
from shared.sealing.errors import Malformed, NotGenuine, Reason
from shared.sealing.parts import LARGEST_PART
from shared.sealing.policies import MOST_CUSTODIANS, SealPolicy
from shared.sealing.signing import suite_of
from shared.sealing.suites import HASH_SIZE, SEAL_OVERHEAD, Suite, digest

MANIFEST_FORMAT = "huishe-bid-manifest/1"
ENVELOPE_FORMAT = "huishe-bid-envelope/1"
WITHDRAWAL_FORMAT = "huishe-bid-withdrawal/1"

PARTS = ("price", "technical", "identity", "signature")
"""The parts of every bid (报价、技术、身份、签名), always all four: their number tells nothing."""

NONCE_SIZE = 16
SHARE_SIZE = 16
SALT_SIZE = 16
SEALED_SHARE_SIZE = SHARE_SIZE + SALT_SIZE + SEAL_OVERHEAD
LARGEST_ENVELOPE = 8 * 1024


@dataclass(frozen=True, slots=True)
class SealedPart:
    """One encrypted part: its size and hash, and a public commitment to its key."""

    name: str
    size: int
    digest: bytes
    key_commitment: bytes

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "size": self.size,
            "digest": self.digest.hex(),
            "key_commitment": self.key_commitment.hex(),
        }

    @classmethod
    def read(cls, fields: Fields) -> "SealedPart":
        part = cls(
            name=fields.one_of("name", PARTS),
            size=fields.integer("size", 1, LARGEST_PART),
            digest=fields.octets("digest", HASH_SIZE),
            key_commitment=fields.octets("key_commitment", HASH_SIZE),
        )
        fields.done()
        return part


@dataclass(frozen=True, slots=True)
class ShareMark:
    """What the manifest says of one share: the salted hash of the share and the hash of its seal."""

    salted_hash: bytes
    sealed_hash: bytes

    def as_dict(self) -> dict[str, Any]:
        return {"salted_hash": self.salted_hash.hex(), "sealed_hash": self.sealed_hash.hex()}

    @classmethod
    def read(cls, fields: Fields) -> "ShareMark":
        mark = cls(fields.octets("salted_hash", HASH_SIZE), fields.octets("sealed_hash", HASH_SIZE))
        fields.done()
        return mark


@dataclass(frozen=True, slots=True)
class Manifest:
    """The list of what belongs to one sealed bid. Its hash is what a receipt acknowledges.

    `withdrawal_lock` is the hash of a key that only the holder of the bid's root can show.
    """

    suite: Suite
    policy_hash: bytes
    nonce: bytes
    commitment: bytes
    withdrawal_lock: bytes
    parts: tuple[SealedPart, ...]
    shares: tuple[ShareMark, ...]

    @property
    def hash(self) -> bytes:
        return digest(self.suite, "bid-manifest", self.encode())

    def part(self, name: str) -> SealedPart:
        return next(part for part in self.parts if part.name == name)

    def as_dict(self) -> dict[str, Any]:
        return {
            "format": MANIFEST_FORMAT,
            "suite": self.suite.id,
            "policy_hash": self.policy_hash.hex(),
            "nonce": self.nonce.hex(),
            "commitment": self.commitment.hex(),
            "withdrawal_lock": self.withdrawal_lock.hex(),
            "parts": [part.as_dict() for part in self.parts],
            "shares": [share.as_dict() for share in self.shares],
        }

    def encode(self) -> bytes:
        return canonical(self.as_dict())

    @classmethod
    def parse(cls, data: bytes) -> "Manifest":
        return cls.read(read_document(data, "manifest", largest=LARGEST_ENVELOPE))

    @classmethod
    def read(cls, fields: Fields) -> "Manifest":
        fields.format(MANIFEST_FORMAT)
        manifest = cls(
            suite=suite_of(fields),
            policy_hash=fields.octets("policy_hash", HASH_SIZE),
            nonce=fields.octets("nonce", NONCE_SIZE),
            commitment=fields.octets("commitment", HASH_SIZE),
            withdrawal_lock=fields.octets("withdrawal_lock", HASH_SIZE),
            parts=tuple(
                SealedPart.read(part)
                for part in fields.many("parts", least=len(PARTS), most=len(PARTS))
            ),
            shares=tuple(
                ShareMark.read(share) for share in fields.many("shares", most=MOST_CUSTODIANS)
            ),
        )
        if tuple(part.name for part in manifest.parts) != PARTS:
            raise Malformed(Reason.WRONG_ORDER, f"{fields.where}.parts", ", ".join(PARTS))
        fields.done()
        return manifest

    def require_policy(self, policy: SealPolicy) -> None:
        """Refuse a bid that was sealed for another tender, or for another version of its policy."""
        if self.suite.id != policy.suite.id or self.policy_hash != policy.hash:
            raise NotGenuine(Reason.OTHER_POLICY, "manifest.policy_hash")
        if len(self.shares) != len(policy.custodians):
            raise NotGenuine(Reason.SHARE_MISSING, "manifest.shares")


@dataclass(frozen=True, slots=True)
class Envelope:
    """The manifest and, per custodian in the policy's order, the share sealed to its key."""

    manifest: Manifest
    sealed_shares: tuple[bytes, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "format": ENVELOPE_FORMAT,
            "manifest": self.manifest.as_dict(),
            "sealed_shares": [sealed.hex() for sealed in self.sealed_shares],
        }

    def encode(self) -> bytes:
        return canonical(self.as_dict())

    @classmethod
    def parse(cls, data: bytes) -> "Envelope":
        return cls.read(read_document(data, "envelope", largest=LARGEST_ENVELOPE))

    @classmethod
    def read(cls, fields: Fields) -> "Envelope":
        fields.format(ENVELOPE_FORMAT)
        manifest = Manifest.read(fields.fields("manifest"))
        sealed = fields.take("sealed_shares")
        fields.done()
        where = f"{fields.where}.sealed_shares"
        if not isinstance(sealed, list) or len(sealed) != len(manifest.shares):
            raise Malformed(Reason.SHARE_MISSING, where, "one for each share of the manifest")
        shares = Fields({str(n): share for n, share in enumerate(sealed, start=1)}, where)
        envelope = cls(
            manifest,
            tuple(shares.octets(str(n + 1), SEALED_SHARE_SIZE) for n in range(len(sealed))),
        )
        envelope.check_shares()
        return envelope

    def check_shares(self) -> None:
        """Every sealed share is the one that the manifest names."""
        for n, (mark, sealed) in enumerate(
            zip(self.manifest.shares, self.sealed_shares, strict=True), start=1
        ):
            if digest(self.manifest.suite, "sealed-share", sealed) != mark.sealed_hash:
                raise NotGenuine(Reason.SHARE_CHANGED, f"envelope.sealed_shares.{n}")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A bid taken back (撤回投标): it names the bid and shows the key to its withdrawal lock."""

    suite: Suite
    policy_hash: bytes
    nonce: bytes
    withdraws: bytes
    key: bytes

    @property
    def hash(self) -> bytes:
        return digest(self.suite, "bid-withdrawal", self.encode())

    def as_dict(self) -> dict[str, Any]:
        return {
            "format": WITHDRAWAL_FORMAT,
            "suite": self.suite.id,
            "policy_hash": self.policy_hash.hex(),
            "nonce": self.nonce.hex(),
            "withdraws": self.withdraws.hex(),
            "key": self.key.hex(),
        }

    def encode(self) -> bytes:
        return canonical(self.as_dict())

    @classmethod
    def parse(cls, data: bytes) -> "Withdrawal":
        return cls.read(read_document(data, "withdrawal", largest=LARGEST_ENVELOPE))

    @classmethod
    def read(cls, fields: Fields) -> "Withdrawal":
        fields.format(WITHDRAWAL_FORMAT)
        withdrawal = cls(
            suite=suite_of(fields),
            policy_hash=fields.octets("policy_hash", HASH_SIZE),
            nonce=fields.octets("nonce", NONCE_SIZE),
            withdraws=fields.octets("withdraws", HASH_SIZE),
            key=fields.octets("key", HASH_SIZE),
        )
        fields.done()
        return withdrawal

    def require_lock(self, manifest: Manifest) -> None:
        """Only who sealed the bid can take it back."""
        if self.withdraws != manifest.hash:
            raise NotGenuine(Reason.OTHER_BID, "withdrawal.withdraws")
        lock = withdrawal_lock(self.suite, self.key)
        if lock != manifest.withdrawal_lock:
            raise NotGenuine(Reason.WITHDRAWAL, "withdrawal.key")


def withdrawal_lock(suite: Suite, key: bytes) -> bytes:
    return digest(suite, "withdrawal-lock", key)


def check_part(manifest: Manifest, name: str, sealed: bytes) -> None:
    """The bytes of a part are those that the manifest lists."""
    part = manifest.part(name)
    if len(sealed) != part.size or manifest.suite.hash(sealed) != part.digest:
        raise NotGenuine(Reason.PART_CHANGED, f"parts.{name}")


def check_parts(manifest: Manifest, sealed_parts: Mapping[str, bytes]) -> None:
    """Exactly the parts of the manifest are there, each unchanged."""
    for name in sealed_parts:
        if name not in PARTS:
            raise NotGenuine(Reason.PART_EXTRA, f"parts.{name}")
    for name in PARTS:
        if name not in sealed_parts:
            raise NotGenuine(Reason.PART_MISSING, f"parts.{name}")
        check_part(manifest, name, sealed_parts[name])
