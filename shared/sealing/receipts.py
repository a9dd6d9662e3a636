"""The receipt (签收回执): a signed statement of what was lodged and when, verified with one key."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.sealing.canonical import Fields, canonical, instant_text, read_document
from shared.sealing.errors import NotGenuine, Reason
from shared.sealing.manifests import NONCE_SIZE, Manifest, Withdrawal
from shared.sealing.signing import SigningKey, VerifyingKey, require_trusted, suite_of
from shared.sealing.suites import HASH_SIZE, SIGNATURE_SIZE, Suite

RECEIPT_FORMAT = "huishe-receipt/1"
RECEIPT_LABEL = "receipt"
KINDS = ("bid", "withdrawal")
KEY_ID = r"[0-9a-f]{32}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """That this manifest, under this policy, entered the system at this instant (电子签名法 11)."""

    suite: Suite
    kind: str
    policy_hash: bytes
    nonce: bytes
    manifest_hash: bytes
    received_at: datetime
    key_id: str
    signature: bytes

    def unsigned(self) -> dict[str, Any]:
        return {
            "format": RECEIPT_FORMAT,
            "suite": self.suite.id,
            "kind": self.kind,
            "policy_hash": self.policy_hash.hex(),
            "nonce": self.nonce.hex(),
            "manifest_hash": self.manifest_hash.hex(),
            "received_at": instant_text(self.received_at),
            "key_id": self.key_id,
        }

    def as_dict(self) -> dict[str, Any]:
        return {**self.unsigned(), "signature": self.signature.hex()}

    def encode(self) -> bytes:
        return canonical(self.as_dict())

    @classmethod
    def parse(cls, data: bytes) -> "Receipt":
        return cls.read(read_document(data, "receipt", largest=64 * 1024))

    @classmethod
    def read(cls, fields: Fields) -> "Receipt":
        fields.format(RECEIPT_FORMAT)
        receipt = cls(
            suite=suite_of(fields),
            kind=fields.one_of("kind", KINDS),
            policy_hash=fields.octets("policy_hash", HASH_SIZE),
            nonce=fields.octets("nonce", NONCE_SIZE),
            manifest_hash=fields.octets("manifest_hash", HASH_SIZE),
            received_at=fields.instant("received_at"),
            key_id=fields.matching("key_id", KEY_ID, "a key id"),
            signature=fields.octets("signature", SIGNATURE_SIZE),
        )
        fields.done()
        return receipt

    def verify(self, trusted: VerifyingKey) -> None:
        require_trusted(trusted, self.suite, self.key_id, "receipt.key_id")
        trusted.check(RECEIPT_LABEL, self.unsigned(), self.signature, "receipt.signature")

    def require_about(self, lodged: Manifest | Withdrawal) -> None:
        """It acknowledges this very bid or withdrawal, and no other."""
        if (self.policy_hash, self.nonce, self.manifest_hash) != (
            lodged.policy_hash,
            lodged.nonce,
            lodged.hash,
        ):
            raise NotGenuine(Reason.OTHER_BID, "receipt.manifest_hash")


def issue_receipt(
    key: SigningKey,
    *,
    kind: str,
    policy_hash: bytes,
    nonce: bytes,
    manifest_hash: bytes,
    received_at: datetime,
) -> Receipt:
    """Signing is deterministic: the same row gives the same receipt, byte for byte, every time."""
    blank = Receipt(
        key.suite, kind, policy_hash, nonce, manifest_hash, received_at, key.id, signature=b""
    )
    signature = key.sign(RECEIPT_LABEL, blank.unsigned())
    return Receipt(
        key.suite, kind, policy_hash, nonce, manifest_hash, received_at, key.id, signature
    )
