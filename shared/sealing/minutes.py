"""The minutes of the opening (开标记录): what opened, what stayed shut and why, signed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.sealing.bids import OpenedBid
from shared.sealing.canonical import Fields, canonical, instant_text, read_document
from shared.sealing.errors import Malformed, Reason
from shared.sealing.forms import fen, yuan
from shared.sealing.merkle import LARGEST_TREE
from shared.sealing.openings import Fault, ShutBid
from shared.sealing.policies import MOST_CUSTODIANS
from shared.sealing.receipts import KEY_ID, Receipt
from shared.sealing.sessions import SessionStatement
from shared.sealing.signing import SigningKey, VerifyingKey, require_trusted, suite_of
from shared.sealing.suites import HASH_SIZE, PUBLIC_SIZE, SIGNATURE_SIZE, Suite

MINUTES_FORMAT = "huishe-opening-minutes/1"
MINUTES_LABEL = "opening-minutes"
YUAN = r"(?:0|[1-9][0-9]{0,11})\.[0-9]{2}"


@dataclass(frozen=True, slots=True)
class OpenedEntry:
    """A bid that opened, as it is read out (唱标)."""

    receipt: Receipt
    credit_code: str
    name: str
    price: int
    personnel: int
    signing_public: bytes

    def as_dict(self) -> dict[str, Any]:
        return {
            "outcome": "opened",
            "receipt": self.receipt.as_dict(),
            "credit_code": self.credit_code,
            "name": self.name,
            "price": yuan(self.price),
            "personnel": yuan(self.personnel),
            "signing_key": self.signing_public.hex(),
        }


@dataclass(frozen=True, slots=True)
class ShutEntry:
    """A bid that stayed shut: the reason, and whose fault it provably is."""

    receipt: Receipt
    reason: Reason
    where: str
    fault: Fault

    def as_dict(self) -> dict[str, Any]:
        return {
            "outcome": "shut",
            "receipt": self.receipt.as_dict(),
            "reason": self.reason.value,
            "where": self.where,
            "fault": self.fault.value,
        }


@dataclass(frozen=True, slots=True)
class SupersededEntry:
    """A receipt that does not count, because the same bidder replaced or withdrew what it is for."""

    receipt: Receipt
    by: bytes

    def as_dict(self) -> dict[str, Any]:
        return {"receipt": self.receipt.as_dict(), "by": self.by.hex()}


Entry = OpenedEntry | ShutEntry


@dataclass(frozen=True, slots=True)
class Minutes:
    """The record of one opening."""

    suite: Suite
    tender: UUID
    policy_hash: bytes
    root: bytes
    session: UUID
    opened_at: datetime
    custodians: tuple[str, ...]
    bids: tuple[Entry, ...]
    superseded: tuple[SupersededEntry, ...]
    key_id: str
    signature: bytes

    def unsigned(self) -> dict[str, Any]:
        return {
            "format": MINUTES_FORMAT,
            "suite": self.suite.id,
            "tender": str(self.tender),
            "policy_hash": self.policy_hash.hex(),
            "root": self.root.hex(),
            "session": str(self.session),
            "opened_at": instant_text(self.opened_at),
            "custodians": [{"key_id": custodian} for custodian in self.custodians],
            "bids": [entry.as_dict() for entry in self.bids],
            "superseded": [entry.as_dict() for entry in self.superseded],
            "key_id": self.key_id,
        }

    def encode(self) -> bytes:
        return canonical({**self.unsigned(), "signature": self.signature.hex()})

    @classmethod
    def parse(cls, data: bytes) -> "Minutes":
        fields = read_document(data, "minutes")
        fields.format(MINUTES_FORMAT)
        minutes = cls(
            suite=suite_of(fields),
            tender=fields.uuid("tender"),
            policy_hash=fields.octets("policy_hash", HASH_SIZE),
            root=fields.octets("root", HASH_SIZE),
            session=fields.uuid("session"),
            opened_at=fields.instant("opened_at"),
            custodians=tuple(
                _custodian(entry) for entry in fields.many("custodians", most=MOST_CUSTODIANS)
            ),
            bids=tuple(_entry(entry) for entry in fields.many("bids", most=LARGEST_TREE)),
            superseded=tuple(
                _superseded(entry) for entry in fields.many("superseded", most=LARGEST_TREE)
            ),
            key_id=fields.matching("key_id", KEY_ID, "a key id"),
            signature=fields.octets("signature", SIGNATURE_SIZE),
        )
        fields.done()
        return minutes

    def verify(self, trusted: VerifyingKey) -> None:
        require_trusted(trusted, self.suite, self.key_id, "minutes.key_id")
        trusted.check(MINUTES_LABEL, self.unsigned(), self.signature, "minutes.signature")
        for receipt in (entry.receipt for entry in (*self.bids, *self.superseded)):
            receipt.verify(trusted)


def _custodian(fields: Fields) -> str:
    custodian = fields.matching("key_id", KEY_ID, "a custodian's key id")
    fields.done()
    return custodian


def _entry(fields: Fields) -> Entry:
    entry: Entry
    if fields.one_of("outcome", ("opened", "shut")) == "opened":
        entry = OpenedEntry(
            receipt=Receipt.read(fields.fields("receipt")),
            credit_code=fields.text("credit_code"),
            name=fields.text("name"),
            price=fen(fields.matching("price", YUAN, "yuan with two places")),
            personnel=fen(fields.matching("personnel", YUAN, "yuan with two places")),
            signing_public=fields.octets("signing_key", PUBLIC_SIZE),
        )
    else:
        entry = ShutEntry(
            receipt=Receipt.read(fields.fields("receipt")),
            reason=_reason(fields),
            where=fields.text("where"),
            fault=Fault(fields.one_of("fault", [fault.value for fault in Fault])),
        )
    fields.done()
    return entry


def _reason(fields: Fields) -> Reason:
    return Reason(fields.one_of("reason", [reason.value for reason in Reason]))


def _superseded(fields: Fields) -> SupersededEntry:
    entry = SupersededEntry(Receipt.read(fields.fields("receipt")), fields.octets("by", HASH_SIZE))
    fields.done()
    return entry


def entry_for(receipt: Receipt, outcome: OpenedBid | ShutBid) -> Entry:
    if receipt.kind != "bid":
        raise Malformed(Reason.OTHER_BID, "receipt.kind", "only bids are opened")
    if isinstance(outcome, ShutBid):
        return ShutEntry(receipt, outcome.reason, outcome.where, outcome.fault)
    return OpenedEntry(
        receipt,
        outcome.price.credit_code,
        outcome.price.name,
        outcome.price.price,
        outcome.price.personnel,
        outcome.signer.public,
    )


def sign_minutes(
    key: SigningKey,
    session: SessionStatement,
    opened_at: datetime,
    *,
    custodians: tuple[str, ...],
    bids: tuple[Entry, ...],
    superseded: tuple[SupersededEntry, ...],
) -> Minutes:
    def minutes(signature: bytes) -> Minutes:
        return Minutes(
            key.suite,
            session.tender,
            session.policy_hash,
            session.root,
            session.session,
            opened_at,
            tuple(sorted(custodians)),
            tuple(sorted(bids, key=lambda entry: entry.receipt.nonce)),
            tuple(sorted(superseded, key=lambda entry: entry.receipt.nonce)),
            key.id,
            signature,
        )

    return minutes(key.sign(MINUTES_LABEL, minutes(b"").unsigned()))
