"""The closing (截止): one Merkle root over everything that counts, signed and published.

The tree is filled up with blank leaves, and its leaves are ordered by their hashes: neither the
root nor a proof tells before the opening how many bids were lodged, nor which came first.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.sealing.canonical import Fields, canonical, instant_text, read_document
from shared.sealing.errors import NotGenuine, Reason
from shared.sealing.merkle import LARGEST_TREE, InclusionProof, leaf_hash, prove_inclusion, root_of
from shared.sealing.policies import SealPolicy
from shared.sealing.receipts import KEY_ID, Receipt
from shared.sealing.signing import SigningKey, VerifyingKey, require_trusted, suite_of
from shared.sealing.suites import HASH_SIZE, SIGNATURE_SIZE, Suite

CLOSING_FORMAT = "huishe-closing/1"
CLOSING_LABEL = "closing"
LEAVES_FORMAT = "huishe-closing-leaves/1"
BLANK_FORMAT = "huishe-blank-leaf/1"
SMALLEST_TREE = 256
BLANK_SIZE = 32


@dataclass(frozen=True, slots=True)
class ClosingLeaves:
    """What the root is over: the receipts that count, and the blanks among them."""

    suite: Suite
    receipts: tuple[Receipt, ...]
    blanks: tuple[bytes, ...]

    def texts(self) -> list[bytes]:
        """The leaves in their order in the tree."""
        blanks = [canonical({"format": BLANK_FORMAT, "salt": salt.hex()}) for salt in self.blanks]
        texts = [receipt.encode() for receipt in self.receipts] + blanks
        return sorted(texts, key=lambda text: leaf_hash(self.suite, text))

    def hashes(self) -> list[bytes]:
        return [leaf_hash(self.suite, text) for text in self.texts()]

    @property
    def root(self) -> bytes:
        return root_of(self.suite, self.hashes())

    @property
    def size(self) -> int:
        return len(self.receipts) + len(self.blanks)

    def proof_for(self, receipt: Receipt) -> InclusionProof:
        hashes = self.hashes()
        wanted = leaf_hash(self.suite, receipt.encode())
        if wanted not in hashes:
            raise NotGenuine(Reason.COUNTED_SET, "receipt", "not among those that count")
        return prove_inclusion(self.suite, hashes, hashes.index(wanted))

    def as_dict(self) -> dict[str, Any]:
        return {
            "format": LEAVES_FORMAT,
            "suite": self.suite.id,
            "receipts": [receipt.as_dict() for receipt in self.receipts],
            "blanks": [{"salt": salt.hex()} for salt in self.blanks],
        }

    def encode(self) -> bytes:
        return canonical(self.as_dict())

    @classmethod
    def parse(cls, data: bytes) -> "ClosingLeaves":
        fields = read_document(data, "leaves")
        fields.format(LEAVES_FORMAT)
        suite = suite_of(fields)
        leaves = cls(
            suite,
            tuple(Receipt.read(entry) for entry in fields.many("receipts", most=LARGEST_TREE)),
            tuple(_blank(entry) for entry in fields.many("blanks", most=LARGEST_TREE)),
        )
        fields.done()
        return leaves


def _blank(fields: Fields) -> bytes:
    salt = fields.octets("salt", BLANK_SIZE)
    fields.done()
    return salt


def gather_leaves(
    suite: Suite,
    receipts: Iterable[Receipt],
    *,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> ClosingLeaves:
    counted = tuple(sorted(receipts, key=lambda receipt: receipt.nonce))
    size = SMALLEST_TREE
    while size < len(counted):
        size *= 2
    return ClosingLeaves(
        suite, counted, tuple(random(BLANK_SIZE) for _ in range(size - len(counted)))
    )


@dataclass(frozen=True, slots=True)
class Closing:
    """The signed statement at the deadline: this root, over everything that counts."""

    suite: Suite
    tender: UUID
    policy_hash: bytes
    root: bytes
    size: int
    closed_at: datetime
    key_id: str
    signature: bytes

    def unsigned(self) -> dict[str, Any]:
        return {
            "format": CLOSING_FORMAT,
            "suite": self.suite.id,
            "tender": str(self.tender),
            "policy_hash": self.policy_hash.hex(),
            "root": self.root.hex(),
            "size": self.size,
            "closed_at": instant_text(self.closed_at),
            "key_id": self.key_id,
        }

    def as_dict(self) -> dict[str, Any]:
        return {**self.unsigned(), "signature": self.signature.hex()}

    def encode(self) -> bytes:
        return canonical(self.as_dict())

    @classmethod
    def parse(cls, data: bytes) -> "Closing":
        return cls.read(read_document(data, "closing", largest=64 * 1024))

    @classmethod
    def read(cls, fields: Fields) -> "Closing":
        fields.format(CLOSING_FORMAT)
        closing = cls(
            suite=suite_of(fields),
            tender=fields.uuid("tender"),
            policy_hash=fields.octets("policy_hash", HASH_SIZE),
            root=fields.octets("root", HASH_SIZE),
            size=fields.integer("size", 1, LARGEST_TREE),
            closed_at=fields.instant("closed_at"),
            key_id=fields.matching("key_id", KEY_ID, "a key id"),
            signature=fields.octets("signature", SIGNATURE_SIZE),
        )
        fields.done()
        return closing

    def verify(self, trusted: VerifyingKey) -> None:
        require_trusted(trusted, self.suite, self.key_id, "closing.key_id")
        trusted.check(CLOSING_LABEL, self.unsigned(), self.signature, "closing.signature")

    def require_policy(self, policy: SealPolicy) -> None:
        if (self.tender, self.policy_hash) != (policy.tender, policy.hash):
            raise NotGenuine(Reason.OTHER_POLICY, "closing.policy_hash")
        if self.closed_at < policy.deadline:
            raise NotGenuine(Reason.TOO_EARLY, "closing.closed_at")

    def require_leaves(self, leaves: ClosingLeaves, trusted: VerifyingKey) -> None:
        """The leaves give the root, and each receipt among them is genuine and of this tender."""
        if leaves.size != self.size or leaves.root != self.root:
            raise NotGenuine(Reason.OTHER_ROOT, "closing.root")
        for receipt in leaves.receipts:
            receipt.verify(trusted)
            if receipt.policy_hash != self.policy_hash or receipt.kind != "bid":
                raise NotGenuine(Reason.COUNTED_SET, "leaves.receipts")
        if len({receipt.nonce for receipt in leaves.receipts}) != len(leaves.receipts):
            raise NotGenuine(Reason.DUPLICATE, "leaves.receipts")

    def require_included(self, receipt: Receipt, proof: InclusionProof) -> None:
        """The receipt is complete: what it acknowledges was counted."""
        if receipt.policy_hash != self.policy_hash or proof.size != self.size:
            raise NotGenuine(Reason.PROOF, "proof.size")
        proof.check(leaf_hash(self.suite, receipt.encode()), self.root)


def sign_closing(
    key: SigningKey, policy: SealPolicy, leaves: ClosingLeaves, closed_at: datetime
) -> Closing:
    def closing(signature: bytes) -> Closing:
        return Closing(
            key.suite,
            policy.tender,
            policy.hash,
            leaves.root,
            leaves.size,
            closed_at,
            key.id,
            signature,
        )

    return closing(key.sign(CLOSING_LABEL, closing(b"").unsigned()))
