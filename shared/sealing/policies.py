"""The seal policy (封存规则) of a tender: who can open the bids together, and from when.

It is frozen when the tender is published; its hash stands in the notice and is bound into every
bid, share, receipt and release.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.sealing.canonical import Fields, canonical, instant_text, read_document
from shared.sealing.errors import Malformed, Reason
from shared.sealing.signing import VerifyingKey, suite_of
from shared.sealing.suites import PUBLIC_SIZE, Suite, digest

POLICY_FORMAT = "huishe-seal-policy/1"
CUSTODIAN_FORMAT = "huishe-custodian/1"

PROFILES: dict[str, tuple[int, int]] = {"bidder": (0, 0), "2-of-3": (2, 3), "3-of-5": (3, 5)}
"""Per profile: how many custodians open, of how many. Under `bidder` each bidder keeps its key."""

MOST_CUSTODIANS = 5


@dataclass(frozen=True, slots=True)
class CustodianCard:
    """A custodian's (保管人) public keys: one that shares are sealed to, one that signs releases."""

    suite: Suite
    name: str
    sealing_public: bytes
    signing_public: bytes

    @property
    def key_id(self) -> str:
        return digest(self.suite, "custodian", self.sealing_public, self.signing_public)[:16].hex()

    @property
    def verifying(self) -> VerifyingKey:
        return VerifyingKey(self.suite, self.signing_public)

    def as_dict(self) -> dict[str, Any]:
        return {
            "format": CUSTODIAN_FORMAT,
            "suite": self.suite.id,
            "name": self.name,
            "key_id": self.key_id,
            "sealing_key": self.sealing_public.hex(),
            "signing_key": self.signing_public.hex(),
        }

    def encode(self) -> bytes:
        return canonical(self.as_dict())

    @classmethod
    def parse(cls, data: bytes) -> "CustodianCard":
        return cls.read(read_document(data, "custodian"))

    @classmethod
    def read(cls, fields: Fields) -> "CustodianCard":
        fields.format(CUSTODIAN_FORMAT)
        card = cls(
            suite=suite_of(fields),
            name=fields.text("name"),
            sealing_public=fields.octets("sealing_key", PUBLIC_SIZE),
            signing_public=fields.octets("signing_key", PUBLIC_SIZE),
        )
        if fields.take("key_id") != card.key_id:
            raise Malformed(Reason.INVALID_KEY, f"{fields.where}.key_id", "not the id of its keys")
        fields.done()
        return card


@dataclass(frozen=True, slots=True)
class SealPolicy:
    """Everything about the seal that a bidder must know before it seals."""

    suite: Suite
    tender: UUID
    version: int
    profile: str
    custodians: tuple[CustodianCard, ...]
    deadline: datetime
    minimum_bids: int
    release_window_minutes: int

    def __post_init__(self) -> None:
        if self.profile not in PROFILES:
            raise Malformed(Reason.OUT_OF_RANGE, "policy.profile", ", ".join(PROFILES))
        if len(self.custodians) != PROFILES[self.profile][1]:
            raise Malformed(Reason.OUT_OF_RANGE, "policy.custodians", f"{self.profile} needs its n")
        if len({card.key_id for card in self.custodians}) != len(self.custodians):
            raise Malformed(Reason.DUPLICATE, "policy.custodians", "a custodian is named twice")
        if any(card.suite.id != self.suite.id for card in self.custodians):
            raise Malformed(Reason.UNKNOWN_SUITE, "policy.custodians", "keys of another suite")

    @property
    def threshold(self) -> int:
        return PROFILES[self.profile][0]

    @property
    def hash(self) -> bytes:
        return digest(self.suite, "seal-policy", self.encode())

    def number_of(self, custodian_key_id: str) -> int | None:
        """The share number of a custodian, counted from 1."""
        for number, card in enumerate(self.custodians, start=1):
            if card.key_id == custodian_key_id:
                return number
        return None

    def as_dict(self) -> dict[str, Any]:
        return {
            "format": POLICY_FORMAT,
            "suite": self.suite.id,
            "tender": str(self.tender),
            "version": self.version,
            "profile": self.profile,
            "threshold": self.threshold,
            "custodians": [card.as_dict() for card in self.custodians],
            "deadline": instant_text(self.deadline),
            "minimum_bids": self.minimum_bids,
            "release_window_minutes": self.release_window_minutes,
        }

    def encode(self) -> bytes:
        return canonical(self.as_dict())

    @classmethod
    def parse(cls, data: bytes) -> "SealPolicy":
        fields = read_document(data, "policy")
        fields.format(POLICY_FORMAT)
        policy = cls(
            suite=suite_of(fields),
            tender=fields.uuid("tender"),
            version=fields.integer("version", 1, 1_000_000),
            profile=fields.one_of("profile", list(PROFILES)),
            custodians=tuple(
                CustodianCard.read(card) for card in fields.many("custodians", most=MOST_CUSTODIANS)
            ),
            deadline=fields.instant("deadline"),
            minimum_bids=fields.integer("minimum_bids", 1, 1000),
            release_window_minutes=fields.integer("release_window_minutes", 1, 7 * 24 * 60),
        )
        if fields.take("threshold") != policy.threshold:
            raise Malformed(Reason.OUT_OF_RANGE, "policy.threshold", "not that of the profile")
        fields.done()
        return policy
