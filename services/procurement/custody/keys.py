"""What the service keeps outside its database, backups and logs.

The receipt key signs receipts, closings, sessions, minutes and bundles. The bid secret keys the
hashes under which submitters and tenders are kept, and locks what comes with a commit: with a full
copy of the database and without this secret, nobody can tell who bid, or for which tender.
"""

import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.sealing.canonical import canonical, read_document
from shared.sealing.errors import Malformed, Reason
from shared.sealing.keyfiles import new_signing_key
from shared.sealing.signing import SigningKey, suite_of
from shared.sealing.suites import PRIVATE_SIZE, SUITE_A, binding

RECEIPT_KEY_FORMAT = "huishe-receipt-key/1"
RECORD_SIZE = 4 * 1024
"""Every locked record has this size, whether it is a bid for three custodians, five, or none."""
NONCE_SIZE = 12


@dataclass(frozen=True, slots=True)
class ServiceKeys:
    receipt: SigningKey
    secret: bytes

    def submitter_mark(self, credit_code: str, salt: bytes) -> bytes:
        """Salted, so that two commits of one bidder cannot be seen to be of one bidder."""
        return self._mark("submitter", credit_code.encode(), salt)

    def tender_mark(self, tender_id: UUID, salt: bytes) -> bytes:
        return self._mark("tender", tender_id.bytes, salt)

    def bidder_mark(self, tender_id: UUID, credit_code: str) -> bytes:
        """One bidder in one tender: kept inside locked records only."""
        return self._mark("bidder", tender_id.bytes, credit_code.encode())

    def pseudonym(self, credit_code: str, salt: str) -> str:
        """By which a refusal after the deadline is journalled."""
        return f"bidder-{self._mark('pseudonym', salt.encode(), credit_code.encode())[:12].hex()}"

    def blank(self, tender_id: UUID, number: int) -> bytes:
        """A leaf that fills up the closing tree: the same each time the tree is built."""
        return self._mark("blank", tender_id.bytes, number.to_bytes(4, "big"))

    def lock(self, record: bytes, bound: bytes) -> bytes:
        """A record as it is kept until the opening: encrypted, and of one size."""
        padded = len(record).to_bytes(4, "big") + record
        if len(padded) > RECORD_SIZE:
            raise Malformed(Reason.TOO_LARGE, "record")
        nonce = secrets.token_bytes(NONCE_SIZE)
        return nonce + AESGCM(self._record_key).encrypt(
            nonce, padded.ljust(RECORD_SIZE, b"\x00"), bound
        )

    def unlock(self, locked: bytes, bound: bytes) -> bytes:
        nonce, sealed = locked[:NONCE_SIZE], locked[NONCE_SIZE:]
        try:
            padded = AESGCM(self._record_key).decrypt(nonce, sealed, bound)
        except (InvalidTag, ValueError) as error:  # ValueError: too short to hold even a nonce
            raise Malformed(Reason.UNREADABLE, "record", "another bid secret") from error
        size = int.from_bytes(padded[:4], "big")
        return padded[4 : 4 + size]

    @property
    def _record_key(self) -> bytes:
        return _record_key(self.secret)

    def _mark(self, purpose: str, *fields: bytes) -> bytes:
        return SUITE_A.mac(self.secret, binding(SUITE_A, f"mark-{purpose}", *fields))

    def __repr__(self) -> str:
        return f"ServiceKeys({self.receipt.id})"


@cache
def _record_key(secret: bytes) -> bytes:
    return SUITE_A.derive(secret, binding(SUITE_A, "record-key"), 32)


def service_keys(settings: Any) -> ServiceKeys:
    """The keys that the settings point to; read once per process."""
    secret = settings.bid_secret or settings.secret_key
    return _read_keys(settings.receipt_key_file, secret.get_secret_value())


@cache
def _read_keys(receipt_key_file: Path, secret: str) -> ServiceKeys:
    if not receipt_key_file.exists():
        _create_receipt_key(receipt_key_file)
    derived = SUITE_A.derive(secret.encode(), binding(SUITE_A, "bid-secret"), 32)
    return ServiceKeys(_parse_receipt_key(receipt_key_file.read_bytes()), derived)


def _create_receipt_key(path: Path) -> None:
    """On the first start, once: of several processes one wins and all read the winner's file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key = new_signing_key(SUITE_A)
    document = {
        "format": RECEIPT_KEY_FORMAT,
        "suite": key.suite.id,
        "private_key": key.private.hex(),
    }
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(canonical(document))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails when another process was first: never overwrites
        public_key_file(path).write_bytes(key.verifying.encode())
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def public_key_file(receipt_key_file: Path) -> Path:
    """The public half, to be handed out by other ways than the service's own answers."""
    return receipt_key_file.with_name(f"{receipt_key_file.name}.pub")


def _parse_receipt_key(data: bytes) -> SigningKey:
    fields = read_document(data, "receipt key")
    fields.format(RECEIPT_KEY_FORMAT)
    suite = suite_of(fields)
    key = SigningKey(suite, fields.octets("private_key", PRIVATE_SIZE))
    fields.done()
    return key
