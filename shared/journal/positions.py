"""The relay: it gives every committed row its place, gapless and in commit order by batch.

A plain sequence cannot be read in order while writers are at work: a slow transaction commits a
low number late and readers have passed it by. So the trigger on `journal` puts each new row into
`journal_waiting`, and one relay per service, under an advisory lock, moves what has committed
into `journal_position`. Writers never notify; the relay does, once per batch.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import asyncpg

RELAY_LOCK = 0x48554953
"""Any fixed number; the lock is per database."""

POLL_SECONDS = 0.02

# The lock is taken in a statement of its own: taken inside the move, its snapshot would be older
# than the lock and rows could be placed twice.
_LOCK = "SELECT pg_try_advisory_xact_lock($1)"
_MOVE = """
WITH moved AS (DELETE FROM journal_waiting RETURNING seq, id, leaf),
     base AS (SELECT coalesce(max(position), 0) AS position FROM journal_position),
     placed AS (
         INSERT INTO journal_position (position, id, leaf)
         SELECT base.position + row_number() OVER (ORDER BY moved.seq), moved.id, moved.leaf
         FROM moved, base
         RETURNING position)
SELECT max(position), count(*) FROM placed
"""


async def relay_once(connection: asyncpg.Connection) -> int:
    """Place what has committed; how many rows that were."""
    if not await connection.fetchval("SELECT EXISTS (SELECT 1 FROM journal_waiting)"):
        return 0
    async with connection.transaction():
        if not await connection.fetchval(_LOCK, RELAY_LOCK):
            return 0
        placed = await connection.fetchrow(_MOVE)
        last, moved = (placed[0], placed[1]) if placed else (None, 0)
        if moved:
            await connection.execute("SELECT pg_notify('journal', $1)", str(last))
    return int(moved)


class FeedSignal:
    """Wakes readers that wait for the next row; fed by the relay's notifications."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self.turn = 0
        """How often something was told; read it before looking, and wait since then."""

    async def wait(self, seconds: float, *, since: int) -> None:
        """Return when something was placed since that turn, or after `seconds`."""
        async with self._changed:
            with contextlib.suppress(TimeoutError):
                told = self._changed.wait_for(lambda: self.turn != since)
                await asyncio.wait_for(told, seconds)

    async def wake(self) -> None:
        async with self._changed:
            self.turn += 1
            self._changed.notify_all()

    @contextlib.asynccontextmanager
    async def listening(self, connection: asyncpg.Connection) -> AsyncIterator[None]:
        """Hear this database's relay for as long as the block runs."""
        waking: set[asyncio.Task[None]] = set()

        def heard(*_: object) -> None:
            task = asyncio.ensure_future(self.wake())
            waking.add(task)
            task.add_done_callback(waking.discard)

        await connection.add_listener("journal", heard)
        await self.wake()  # what was told while nobody listened
        try:
            yield
        finally:
            if not connection.is_closed():
                await connection.remove_listener("journal", heard)
