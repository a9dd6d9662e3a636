"""Answers already given: the same request under the same key gets the first answer again."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, DateTime, Integer, LargeBinary, String, Table, delete, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from shared.journal.rows import RECORDS

receipt = Table(
    "receipt",
    RECORDS,
    Column("client_id", String(120), primary_key=True),
    Column("operation", String(120), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", JSONB, nullable=False),
    # Sealed like a personal column: an answer may hold what its own table keeps encrypted.
    Column("body", LargeBinary, nullable=False),
    # Machine time: keys are kept seven days of it, whatever the sandbox's clock says.
    Column(
        "kept_since", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()
    ),
)

KEPT_DAYS = 7


@dataclass(frozen=True, slots=True)
class Receipt:
    """One stored answer; `digest` is of the request's path and body."""

    digest: bytes
    status: int
    headers: dict[str, Any]
    body: bytes


async def forget_old(session: AsyncSession) -> None:
    """Keys older than seven days may be used anew."""
    since = func.clock_timestamp() - text(f"interval '{KEPT_DAYS} days'")
    await session.execute(delete(receipt).where(receipt.c.kept_since < since))
