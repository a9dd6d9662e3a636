from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.procurement.bids.models import Bid, BidCommit, BidPart, BidPiece

# One statement decides and keeps. The clock is read before the lock, so that a late arrival does
# not queue for a row that the closing waits for, and again once the lock is held: a commit that
# waited past the deadline is late. `received` reads from `taken`, so it is worked out after it.
# The last commit of a bidder counts, so a receipt is later than those given before it, also when
# the clock was put back in between; whether it is in time, the clock alone decides.
COMMIT = """
WITH asked AS MATERIALIZED (
    SELECT business_now() AS at
), taken AS MATERIALIZED (
    SELECT tender.closes_at
    FROM tender, asked
    WHERE tender.id = $1
      AND tender.state = 'published'
      AND tender.seal_policy_hash = $2
      AND asked.at < tender.closes_at
    FOR SHARE OF tender
), received AS MATERIALIZED (
    SELECT taken.closes_at, business_now() AS at FROM taken
), stamped AS (
    SELECT least(
        greatest(received.at, (SELECT max(received_at) + interval '1 microsecond' FROM bid_commit)),
        received.closes_at - interval '1 microsecond'
    ) AS at
    FROM received
    WHERE received.at < received.closes_at
), kept AS (
    INSERT INTO bid_commit
        (nonce, manifest_hash, bid_id, received_at, submitter_mark, tender_mark, record)
    SELECT $3, $4, $5, stamped.at, $6, $7, $8
    FROM stamped
    WHERE EXISTS (SELECT FROM bid WHERE bid.id = $5 AND bid.submitter_mark = $12)
      AND (SELECT count(*)
           FROM unnest($9::smallint[], $10::bigint[], $11::bytea[]) AS listed (part, size, digest)
           JOIN bid_part USING (part, size, digest)
           WHERE bid_part.bid_id = $5) = cardinality($9::smallint[])
    ON CONFLICT DO NOTHING
    RETURNING received_at
)
SELECT (SELECT at FROM asked) AS asked_at,
       (SELECT at FROM received) AS read_at,
       (SELECT received_at FROM kept) AS received_at
"""

KEEP_PIECE = """
INSERT INTO bid_piece (bid_id, part, start, total, content) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING
"""

KEEP_PART = """
INSERT INTO bid_part (bid_id, part, size, digest) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
"""

PIECES = """
SELECT start, total, octet_length(content) AS size
FROM bid_piece WHERE bid_id = $1 AND part = $2 ORDER BY start
"""

LOCK_BID = "SELECT submitter_mark FROM bid WHERE id = $1 FOR UPDATE"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the statement said: the clock before the lock, after it, and the receipt's time."""

    asked_at: datetime
    read_at: datetime | None
    received_at: datetime | None


async def keep_commit(connection: "asyncpg.Connection[Any]", *values: Any) -> Reading:
    found = await connection.fetchrow(COMMIT, *values)
    assert found is not None  # three scalar subqueries always give a row
    return Reading(found["asked_at"], found["read_at"], found["received_at"])


async def bid_of(session: AsyncSession, bid_id: UUID) -> Bid | None:
    return await session.get(Bid, bid_id)


async def parts_of(session: AsyncSession, bid_id: UUID) -> Sequence[BidPart]:
    statement = select(BidPart).where(BidPart.bid_id == bid_id).order_by(BidPart.part)
    return (await session.scalars(statement)).all()


async def received_of(session: AsyncSession, bid_id: UUID) -> Sequence[Row[Any]]:
    """Per part: how many bytes have come, of how many."""
    statement = (
        select(
            BidPiece.part,
            func.sum(func.octet_length(BidPiece.content)).label("received"),
            func.max(BidPiece.total).label("total"),
        )
        .where(BidPiece.bid_id == bid_id)
        .group_by(BidPiece.part)
        .order_by(BidPiece.part)
    )
    found: Sequence[Row[Any]] = (await session.execute(statement)).all()
    return found


async def content_of(session: AsyncSession, bid_id: UUID, part: int) -> bytes:
    """A part's whole ciphertext."""
    statement = (
        select(BidPiece.content)
        .where(BidPiece.bid_id == bid_id, BidPiece.part == part)
        .order_by(BidPiece.start)
    )
    return b"".join((await session.scalars(statement)).all())


async def commit_named(
    session: AsyncSession, nonce: bytes, manifest_hash: bytes
) -> BidCommit | None:
    return await session.get(BidCommit, (nonce, manifest_hash))


async def commit_of(session: AsyncSession, bid_id: UUID) -> BidCommit | None:
    return await session.scalar(select(BidCommit).where(BidCommit.bid_id == bid_id))


async def commit_of_manifest(session: AsyncSession, manifest_hash: bytes) -> BidCommit | None:
    statement = select(BidCommit).where(BidCommit.manifest_hash == manifest_hash)
    return await session.scalar(statement)


async def submitter_mark_of(session: AsyncSession, nonce: bytes) -> bytes | None:
    return await session.scalar(select(BidCommit.submitter_mark).where(BidCommit.nonce == nonce))


async def marks_between(
    session: AsyncSession, since: datetime, until: datetime
) -> Sequence[tuple[bytes, bytes, bytes]]:
    """Commits to any tender in that time, by their marks: only the bid secret tells to which."""
    statement = (
        select(BidCommit.nonce, BidCommit.manifest_hash, BidCommit.tender_mark)
        .where(BidCommit.received_at >= since, BidCommit.received_at < until)
        .order_by(BidCommit.received_at, BidCommit.nonce)
    )
    return [
        (row.nonce, row.manifest_hash, row.tender_mark) for row in await session.execute(statement)
    ]
