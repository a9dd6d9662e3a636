"""The journal's tables, and how one row is made.

A row's *public text* is the canonical JSON (RFC 8785) of its CloudEvent. It holds the hash of the
salted private detail, so the feed alone suffices to verify, and detail can be erased when the law
says so without breaking the proof. The leaf is SHA-256(0x00 ‖ public text), as in RFC 6962.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
)

from shared.identifiers import new_id
from shared.merkle import leaf_hash
from shared.policy import plain

RECORDS = MetaData()
"""The tables that every service has beside its own."""

journal = Table(
    "journal",
    RECORDS,
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("id", Uuid, nullable=False, unique=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", String(120), nullable=False),
    Column("kind", String(120), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("subject_id", String(80), nullable=False),
    Column("subject_version", Integer, nullable=False),
    Column("audience", String(20), nullable=False),
    Column("public_text", Text, nullable=False),
    Column("detail_text", Text),
    Column("detail_hash", LargeBinary, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Index("ix_journal_subject", "subject", "subject_id", "subject_version"),
)

journal_waiting = Table(
    "journal_waiting",
    RECORDS,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Uuid, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
)

journal_position = Table(
    "journal_position",
    RECORDS,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Uuid, nullable=False, unique=True),
    Column("leaf", LargeBinary, nullable=False),
)

journal_node = Table(
    "journal_node",
    RECORDS,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)
"""Roots of complete subtrees of 256^level leaves: what a proof is put together from."""

journal_checkpoint = Table(
    "journal_checkpoint",
    RECORDS,
    Column("origin", String(200), primary_key=True),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("signed_at", DateTime(timezone=True), nullable=False),
)
"""What the relay signed, one for each batch; `signed_at` is machine time."""

PLACED = (journal, journal_position, journal_node, journal_checkpoint)
"""Written once: never updated, never deleted from."""

PUBLIC = "public"
RESTRICTED = "restricted"
"""Seen whole by auditors only; everybody else sees position and leaf."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened, to what, and why; the public body is kept to ids and the least others need."""

    kind: str
    subject: str
    subject_id: str
    version: int
    public: Mapping[str, Any] = field(default_factory=dict)
    detail: Mapping[str, Any] = field(default_factory=dict)
    audience: str = PUBLIC


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds: one spelling, so that hashes agree."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def detail_hash(salt: bytes, detail_text: str) -> bytes:
    return hashlib.sha256(salt + detail_text.encode()).digest()


def row(service: str, entry: Entry, *, actor: str, at: datetime) -> dict[str, Any]:
    """The journal row of one entry, ready to insert."""
    row_id: UUID = new_id(datetime.now(UTC))
    salt = secrets.token_bytes(16)
    detail_text = rfc8785.dumps(plain(entry.detail)).decode()
    hashed = detail_hash(salt, detail_text)
    event = {
        "specversion": "1.0",
        "id": str(row_id),
        "source": f"/{service}/v1",
        "type": entry.kind,
        "subject": f"{entry.subject}/{entry.subject_id}",
        "subjectversion": entry.version,
        "time": instant(at),
        "datacontenttype": "application/json",
        "audience": entry.audience,
        "detailhash": hashed.hex(),
        "data": plain(entry.public),
    }
    public_text = rfc8785.dumps(event).decode()
    return {
        "id": row_id,
        "at": at,
        "actor": actor,
        "kind": entry.kind,
        "subject": entry.subject,
        "subject_id": entry.subject_id,
        "subject_version": entry.version,
        "audience": entry.audience,
        "public_text": public_text,
        "detail_text": detail_text,
        "detail_hash": hashed,
        "salt": salt,
        "leaf": leaf_hash(public_text.encode()),
    }
