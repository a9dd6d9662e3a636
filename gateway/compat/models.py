"""Keys that signatures are verified with, and the nonces that were used. Keys are kept sealed."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from gateway.database import Base


class SigningKey(Base):
    """A client's HMAC key, good for one algorithm: nobody can be talked into another."""

    __tablename__ = "compat_key"

    client_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("client.client_id", name="fk_compat_key_client"), primary_key=True
    )
    algorithm: Mapped[str] = mapped_column(String(20))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """With the client's name sealed in: moved to another row it opens nothing."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class UsedNonce(Base):
    """A nonce that a verified request has used. It is kept until its request is too old anyway."""

    __tablename__ = "compat_nonce"
    __table_args__ = (Index("ix_compat_nonce_until", "until"),)

    client_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[int] = mapped_column(BigInteger)
    """Machine seconds since 1970."""
