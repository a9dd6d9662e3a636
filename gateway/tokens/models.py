"""The clients the gateway knows. Keys are files and secrets are hashes: a dump opens nothing."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Index, String, Text
from sqlalchemy.dialects.postgresql import ARRAY
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
    secret_hash: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    tokens_not_before: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """Tokens issued earlier are refused at the door, although they are not expired."""
