"""Answers already given: the same request under the same key gets the first answer again."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, DateTime, Integer, LargeBinary, String, Table, func
from sqlalchemy.dialects.postgresql import JSONB

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
