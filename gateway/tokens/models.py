"""The clients the gateway knows, their mandates, the people who come by way of others.

Signing keys are files, secrets are hashes, clients' keys are public halves: a dump opens nothing.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gateway.database import Base


class Client(Base):
    """A piece of software that acts for somebody."""

    __tablename__ = "client"
    __table_args__ = (
        CheckConstraint("cardinality(roles) > 0", name="has_a_role"),
        Index("ix_client_tokens_not_before", "tokens_not_before"),
    )

    client_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[str]] = mapped_column(ARRAY(String(40)))
    org: Mapped[str | None] = mapped_column(String(18))
    secret_hash: Mapped[str | None] = mapped_column(Text)
    """None: no secret opens anything, however it is spelled."""
    keys: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    """Public keys (JWK) whose holder may sign as this client; two at a time while they change."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    tokens_not_before: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """Tokens issued earlier are refused at the door, although they are not expired."""


class ClientUse(Base):
    """When a client was last issued a token; apart, so that noting it holds nobody up.

    Agencies are left out: when one was at the door says when it may have bid.
    """

    __tablename__ = "client_use"

    client_id: Mapped[str] = mapped_column(ForeignKey("client.client_id"), primary_key=True)
    last_token_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class UsedAssertion(Base):
    """An assertion that was taken once, kept while it could be taken again.

    Not whose it was: an agency that signs in at the last minute is about to bid.
    """

    __tablename__ = "used_assertion"
    __table_args__ = (Index("ix_used_assertion_expires_at", "expires_at"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class RevokedToken(Base):
    """A single token that its client gave back, kept while it could still be used."""

    __tablename__ = "revoked_token"
    __table_args__ = (Index("ix_revoked_token_expires_at", "expires_at"),)

    token_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("client.client_id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class RecordedMandate(Base):
    """A client may act for another organisation, by a document, on legal days; both ends included."""

    __tablename__ = "mandate"
    __table_args__ = (
        CheckConstraint("cardinality(roles) > 0", name="has_a_role"),
        CheckConstraint("first_day <= last_day", name="begins_before_it_ends"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    client_id: Mapped[str] = mapped_column(ForeignKey("client.client_id"), index=True)
    org: Mapped[str] = mapped_column(String(18))
    roles: Mapped[list[str]] = mapped_column(ARRAY(String(40)))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    document: Mapped[str] = mapped_column(String(120))
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class MappedPerson(Base):
    """A person of an identity provider, and the client whose rights the person uses here."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="begins_before_it_ends"),
        Index(
            "uq_person_issuer_subject",
            "issuer",
            "subject",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    issuer: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(255))
    client_id: Mapped[str] = mapped_column(ForeignKey("client.client_id"), index=True)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
