"""What is kept of bids before the opening: ciphertext, keyed hashes, and nothing that names anyone.

Parts lie in a table of their own, in pieces, beside the hot row: every process and the backup see
the same bytes, a commit never touches them, and a dump shows ciphertext under random ids.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from services.procurement.database import Base


class Bid(Base):
    """A place to put parts: a random id, and a keyed hash of whose it is."""

    __tablename__ = "bid"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    submitter_mark: Mapped[bytes]


class BidPiece(Base):
    """A piece of a part's ciphertext, as it was uploaded; never changed."""

    __tablename__ = "bid_piece"

    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"), primary_key=True)
    part: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    start: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    total: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[bytes]


class BidPart(Base):
    """A part that has come whole, with the hash that was worked out over all its pieces."""

    __tablename__ = "bid_part"

    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"), primary_key=True)
    part: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[bytes]


class BidCommit(Base):
    """The lodging of a bid. Insert-only: this row is the receipt.

    The receipt's signature is not kept: it could be tried against the policy of every tender.
    Signing is deterministic, so the same row gives the same receipt again.
    """

    __tablename__ = "bid_commit"
    __table_args__ = (
        Index("ix_bid_commit_received_at", "received_at"),
        Index("ix_bid_commit_manifest_hash", "manifest_hash"),
    )

    nonce: Mapped[bytes] = mapped_column(primary_key=True)
    manifest_hash: Mapped[bytes] = mapped_column(primary_key=True)
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"), unique=True)
    received_at: Mapped[datetime]
    submitter_mark: Mapped[bytes]
    tender_mark: Mapped[bytes]
    record: Mapped[bytes]
    """The envelope, locked with the bid secret and of one size: it names the tender's policy."""
