"""Subscriptions, their turns, what is sent to them, and how far each feed was read.

All times are machine time: a sandbox's clock moves no retry. Secrets are sealed (`signing.py`).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gateway.database import Base
from gateway.webhooks.rules import WORDS, Reason, Wish
from shared.words import Text as Words

MOMENT = DateTime(timezone=True)


def _of_a_subscription() -> ForeignKey:
    return ForeignKey("webhook_subscription.id", ondelete="CASCADE")


class Subscription(Base):
    """Who wants to be told of what, and where."""

    __tablename__ = "webhook_subscription"
    __table_args__ = (Index("ix_webhook_subscription_client_id", "client_id", "id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    client_id: Mapped[str] = mapped_column(String(64))
    url: Mapped[str] = mapped_column(String(2000))
    services: Mapped[list[str]] = mapped_column(ARRAY(String(40)))
    kinds: Mapped[list[str]] = mapped_column(ARRAY(String(120)))
    subject: Mapped[str | None] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(40))
    """Why it was disabled."""
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    earlier_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    earlier_until: Mapped[datetime | None] = mapped_column(MOMENT)
    """Until then the secret before signs along."""
    created_at: Mapped[datetime] = mapped_column(MOMENT)
    changed_at: Mapped[datetime] = mapped_column(MOMENT)

    @property
    def wish(self) -> Wish:
        return Wish(self.services, self.kinds, self.subject)


class Turn(Base):
    """Whose turn it is to send to a subscription, and how the receiver has been lately.

    Apart from the subscription, so that sending never waits for somebody who changes it.
    """

    __tablename__ = "webhook_turn"

    subscription_id: Mapped[UUID] = mapped_column(Uuid, _of_a_subscription(), primary_key=True)
    lease: Mapped[UUID | None] = mapped_column(Uuid)
    leased_until: Mapped[datetime | None] = mapped_column(MOMENT)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    """In a row."""
    failing_since: Mapped[datetime | None] = mapped_column(MOMENT)
    resting_until: Mapped[datetime | None] = mapped_column(MOMENT)


class Delivery(Base):
    """One event for one subscription: what is sent, as often as it takes, under one webhook-id."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("subscription_id", "webhook_id"),
        Index("ix_webhook_delivery_listed", "subscription_id", "id"),
        Index(
            "ix_webhook_delivery_waiting",
            "subscription_id",
            "seq",
            postgresql_where="state = 'waiting'",
        ),
        Index("ix_webhook_delivery_dead", "subscription_id", postgresql_where="state = 'dead'"),
        Index("ix_webhook_delivery_finished_at", "finished_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    """The order in which they came from the feeds."""
    subscription_id: Mapped[UUID] = mapped_column(Uuid, _of_a_subscription())
    webhook_id: Mapped[str] = mapped_column(String(64))
    service: Mapped[str | None] = mapped_column(String(40))
    position: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    due_at: Mapped[datetime | None] = mapped_column(MOMENT)
    """Nothing: at once."""
    tried: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    """Every attempt: when, status, milliseconds, reason."""
    created_at: Mapped[datetime] = mapped_column(MOMENT)
    finished_at: Mapped[datetime | None] = mapped_column(MOMENT)

    @property
    def status(self) -> int | None:
        return self._last.get("status")

    @property
    def ms(self) -> int | None:
        return self._last.get("ms")

    @property
    def reason(self) -> str | None:
        return self._last.get("reason")

    @property
    def words(self) -> Words | None:
        return WORDS[Reason(self.reason)] if self.reason else None

    @property
    def _last(self) -> dict[str, Any]:
        """The attempt that was made last."""
        return self.tried[-1] if self.tried else {}


class FeedCursor(Base):
    """How far a service's feed was read; moves in the transaction that makes the deliveries."""

    __tablename__ = "webhook_cursor"

    service: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)


class Replay(Base):
    """A part of a feed that a subscription wants to hear again: after `position`, up to `until`."""

    __tablename__ = "webhook_replay"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    subscription_id: Mapped[UUID] = mapped_column(Uuid, _of_a_subscription(), index=True)
    service: Mapped[str] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(BigInteger)
    until: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(MOMENT)
