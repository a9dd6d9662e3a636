"""The files that lie in the folders of a custodian, a bidder and a bid."""

import os
from dataclasses import dataclass
from pathlib import Path

from shared.sealing.bids import SealedBid
from shared.sealing.canonical import canonical, read_document
from shared.sealing.errors import Malformed, Reason
from shared.sealing.keyfiles import (
    lock_root,
    unlock_custodian,
    unlock_root,
    unlock_signing,
)
from shared.sealing.manifests import PARTS, Envelope, Manifest, Withdrawal, check_parts
from shared.sealing.policies import CustodianCard, SealPolicy
from shared.sealing.receipts import Receipt
from shared.sealing.sessions import CustodianKey
from shared.sealing.signing import SigningKey, VerifyingKey

UPLOAD_FORMAT = "huishe-upload/1"


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Malformed(Reason.FILE_MISSING, str(path), error.strerror or "") from error


def write_new(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file that must not be there yet: keys and receipts are never overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = 0o600 if private else 0o644
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as error:
        raise Malformed(Reason.DUPLICATE, str(path), "is there already") from error
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@dataclass(frozen=True)
class CustodianFolder:
    path: Path

    @property
    def key_file(self) -> Path:
        return self.path / "custodian.key"

    @property
    def card_file(self) -> Path:
        return self.path / "custodian.json"

    def card(self) -> CustodianCard:
        return CustodianCard.parse(read(self.card_file))

    def key(self, passphrase: str) -> CustodianKey:
        return unlock_custodian(read(self.key_file), passphrase)


@dataclass(frozen=True)
class BidderFolder:
    path: Path

    @property
    def key_file(self) -> Path:
        return self.path / "signing.key"

    @property
    def public_file(self) -> Path:
        return self.path / "signing.json"

    def public(self) -> VerifyingKey:
        return VerifyingKey.parse(read(self.public_file))

    def key(self, passphrase: str) -> SigningKey:
        return unlock_signing(read(self.key_file), passphrase)


@dataclass(frozen=True)
class BidFolder:
    """One sealed bid: policy, manifest, envelope, parts; later its upload, receipt and proof."""

    path: Path

    @property
    def receipt_file(self) -> Path:
        return self.path / "receipt.json"

    @property
    def withdrawal_file(self) -> Path:
        return self.path / "withdrawal.json"

    @property
    def withdrawal_receipt_file(self) -> Path:
        return self.path / "withdrawal-receipt.json"

    @property
    def proof_file(self) -> Path:
        return self.path / "proof.json"

    @property
    def root_file(self) -> Path:
        return self.path / "root.key"

    def upload_file(self, what: str) -> Path:
        return self.path / f"{what}-upload.json"

    def keep(self, policy: SealPolicy, bid: SealedBid, passphrase: str | None) -> None:
        """Write the sealed bid; its root too when there is a passphrase to keep it under."""
        write_new(self.path / "policy.json", policy.encode())
        write_new(self.path / "manifest.json", bid.manifest.encode())
        for name in PARTS:
            write_new(self.path / "parts" / f"{name}.part", bid.parts[name])
        if passphrase is not None:
            locked = lock_root(policy.suite, bid.manifest.nonce, bid.root, passphrase)
            write_new(self.root_file, locked, private=True)
        write_new(self.path / "envelope.json", bid.envelope.encode())  # last: now it is whole

    def policy(self) -> SealPolicy:
        return SealPolicy.parse(read(self.path / "policy.json"))

    def envelope(self) -> Envelope:
        """The envelope, after checking that everything in the folder belongs to it."""
        envelope = Envelope.parse(read(self.path / "envelope.json"))
        if Manifest.parse(read(self.path / "manifest.json")) != envelope.manifest:
            raise Malformed(Reason.OTHER_BID, str(self.path / "manifest.json"))
        envelope.manifest.require_policy(self.policy())
        return envelope

    def parts(self, manifest: Manifest) -> dict[str, bytes]:
        parts = {name: read(self.path / "parts" / f"{name}.part") for name in PARTS}
        check_parts(manifest, parts)
        return parts

    def root(self, passphrase: str) -> bytes:
        return unlock_root(read(self.root_file), passphrase)

    def receipt(self) -> Receipt | None:
        return _receipt(self.receipt_file)

    def withdrawal(self) -> Withdrawal | None:
        if not self.withdrawal_file.exists():
            return None
        return Withdrawal.parse(read(self.withdrawal_file))

    def upload_id(self, what: str) -> str | None:
        """Under which id an upload was begun, so that it can be resumed."""
        path = self.upload_file(what)
        if not path.exists():
            return None
        fields = read_document(read(path), str(path))
        fields.format(UPLOAD_FORMAT)
        return str(fields.uuid("bid"))

    def note_upload(self, what: str, bid_id: str) -> None:
        write_new(self.upload_file(what), canonical({"format": UPLOAD_FORMAT, "bid": bid_id}))


def _receipt(path: Path) -> Receipt | None:
    return Receipt.parse(read(path)) if path.exists() else None
