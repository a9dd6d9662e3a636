from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.procurement.database import Base
from shared.money import Money


class ClosedTender(Base):
    """The root over everything lodged in time, signed at the deadline (截止).

    It does not say how many bids there are, nor whose: the tree has one size for all tenders.
    """

    __tablename__ = "closed_tender"

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("seal_policy.id"))
    root: Mapped[str] = mapped_column(String(64))
    statement: Mapped[str]
    closed_at: Mapped[datetime]


class OpeningSession(Base):
    """One session of an opening (开标会话). Its private key is in the memory of one worker only."""

    __tablename__ = "opening_session"
    __table_args__ = (Index("ix_opening_session_tender_id_started_at", "tender_id", "started_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    statement: Mapped[str]
    started_at: Mapped[datetime]


class CustodianRelease(Base):
    """What a custodian re-sealed to a session: useless without the key of that session."""

    __tablename__ = "custodian_release"
    __table_args__ = (UniqueConstraint("session_id", "custodian_key_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("opening_session.id"))
    custodian_key_id: Mapped[str] = mapped_column(String(32))
    text: Mapped[str]
    received_at: Mapped[datetime]


class KeptRootRelease(Base):
    """A bidder's own kept root, sealed to a session."""

    __tablename__ = "kept_root_release"
    __table_args__ = (UniqueConstraint("session_id", "nonce"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("opening_session.id"))
    nonce: Mapped[bytes]
    text: Mapped[str]
    received_at: Mapped[datetime]


class OpenedBid(Base):
    """A bid whose seal, manifest and signature were in order (已开标的投标)."""

    __tablename__ = "opened_bid"
    __table_args__ = (UniqueConstraint("tender_id", "credit_code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"))
    bid_id: Mapped[UUID]
    credit_code: Mapped[str] = mapped_column(String(18), index=True)
    name: Mapped[str]
    price: Mapped[Money]
    personnel: Mapped[Money]
    signatory: Mapped[str]
    nonce: Mapped[bytes]
    receipt: Mapped[str]
    envelope: Mapped[str]
    part_keys: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The key of each part, by which the panel reads the technical part from its ciphertext."""
    opened_at: Mapped[datetime]

    @property
    def technical_part(self) -> str:
        """Where the technical part is read, by those who evaluate it."""
        return f"/procurement/v1/openings/{self.tender_id}/bids/{self.credit_code}/technical"


class ShutBid(Base):
    """A bid that did not open, with the reason and whose fault it provably is."""

    __tablename__ = "shut_bid"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    bid_id: Mapped[UUID]
    nonce: Mapped[bytes]
    receipt: Mapped[str]
    envelope: Mapped[str]
    reason: Mapped[str] = mapped_column(String(40))
    where_: Mapped[str] = mapped_column("where")
    fault: Mapped[str] = mapped_column(String(20))


class OpeningMinutes(Base):
    """The signed record of the opening (开标记录)."""

    __tablename__ = "opening_minutes"

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("opening_session.id"))
    text: Mapped[str]
    leaves: Mapped[str]
    """What the root was over, shown now that the bids are open."""
    opened_at: Mapped[datetime]


class OpeningRemark(Base):
    """A bidder's confirmation of the record, or its objection, on the spot."""

    __tablename__ = "opening_remark"

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), primary_key=True)
    credit_code: Mapped[str] = mapped_column(String(18), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str | None]
    made_at: Mapped[datetime]
