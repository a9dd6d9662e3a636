"""How far this service has read the feed of each other service.

The cursor moves in the same transaction as the effect, so an event heard twice has one effect.
"""

from sqlalchemy import BigInteger, Column, String, Table, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.journal.rows import RECORDS

feed_cursor = Table(
    "feed_cursor",
    RECORDS,
    Column("source", String(40), primary_key=True),
    Column("position", BigInteger, nullable=False),
)


async def position_of(session: AsyncSession, source: str) -> int:
    """The last position of `source` that was worked off; 0 before the first."""
    statement = select(feed_cursor.c.position).where(feed_cursor.c.source == source)
    return (await session.scalar(statement)) or 0


async def advance(session: AsyncSession, source: str, position: int) -> bool:
    """Move on to `position`; False when somebody has already been there."""
    statement = (
        insert(feed_cursor)
        .values(source=source, position=position)
        .on_conflict_do_update(
            index_elements=[feed_cursor.c.source],
            set_={"position": position},
            where=feed_cursor.c.position < position,
        )
        .returning(feed_cursor.c.position)
    )
    return (await session.scalar(statement)) is not None
