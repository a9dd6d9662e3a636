"""The relay: it gives every committed row its place, and signs what has its place.

A plain sequence cannot be read in order while writers are at work: a slow transaction commits a
low number late and readers have passed it by. So the trigger on `journal` puts each new row into
`journal_waiting`, and one relay per service, under an advisory lock, moves what has committed
into `journal_position`: gapless, in commit order by batch. In the same transaction it grows the
Merkle tree over the leaves and signs a checkpoint. Writers never notify; the relay does, once per batch.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg

from shared.journal import tree
from shared.journal.identity import JournalIdentity
from shared.journal.notes import Checkpoint, Malformed, Note, Untrusted
from shared.merkle import Frontier

RELAY_LOCK = 0x48554953
"""Any fixed number; the lock is per database."""

POLL_SECONDS = 0.02
MOST_ROWS = 5000
"""Rows a batch: what a relay that was away finds is placed in bounded memory."""

_WORK_TO_DO = "SELECT EXISTS (SELECT 1 FROM journal_waiting)"
# The lock is taken in a statement of its own: taken inside the move, its snapshot would be older
# than the lock and rows could be placed twice.
_LOCK = "SELECT pg_try_advisory_xact_lock($1)"
_MOVE = """
WITH moved AS (
         DELETE FROM journal_waiting
         WHERE seq IN (SELECT seq FROM journal_waiting ORDER BY seq LIMIT $2)
         RETURNING seq, id, leaf),
     placed AS (
         INSERT INTO journal_position (position, id, leaf)
         SELECT $1 + row_number() OVER (ORDER BY seq), id, leaf FROM moved
         RETURNING position, leaf)
SELECT leaf FROM placed ORDER BY position
"""
_NEWEST = "SELECT size, note FROM journal_checkpoint WHERE origin = $1 ORDER BY size DESC LIMIT 1"
_SIGNED = """
INSERT INTO journal_checkpoint (origin, size, root, note, signed_at)
VALUES ($1, $2, $3, $4, clock_timestamp())
"""


@dataclass(slots=True)
class Relay:
    """Places and signs. Between batches it keeps the right edge of the tree, and nothing else.

    Before its first signature, and whenever another relay was at work in between, it makes sure
    that what is stored is what was signed before: in the database, and in the newest checkpoint kept
    outside it. When it is not, nothing is placed or signed any more (`JournalDisputed`).
    """

    identity: JournalIdentity
    _edge: Frontier | None = None
    _unkept: tuple[Note, int] | None = None

    @property
    def size(self) -> int:
        """Up to where this relay has placed and signed; 0 before its first batch."""
        return 0 if self._edge is None else self._edge.size

    async def once(self, connection: "asyncpg.Connection[Any]") -> int:
        """Place what has committed, one batch of it; how many rows that were."""
        if self._edge is not None and not await connection.fetchval(_WORK_TO_DO):
            self._keep_newest()
            return 0
        async with connection.transaction():
            if not await connection.fetchval(_LOCK, RELAY_LOCK):
                return 0
            base = await tree.size_of(connection)
            signed = base
            if self._edge is None or self._edge.size != base:
                self._edge, signed = await self._make_sure(connection, base)
            edge = self._edge.copy()
            leaves = await connection.fetch(_MOVE, base, MOST_ROWS)
            nodes = [node for row in leaves for node in edge.append(row[0])]
            await tree.keep_nodes(connection, nodes)
            if edge.size > signed:
                await self._sign(connection, edge)
            if leaves:
                await connection.execute("SELECT pg_notify('journal', $1)", str(edge.size))
        self._edge = edge  # only what was committed
        self._keep_newest()
        return len(leaves)

    async def _sign(self, connection: "asyncpg.Connection[Any]", edge: Frontier) -> None:
        root = edge.root()
        note = self.identity.sign(edge.size, root)
        await connection.execute(_SIGNED, self.identity.origin, edge.size, root, str(note))
        self._unkept = note, edge.size

    def _keep_newest(self) -> None:
        if self._unkept is not None and self.identity.keep(*self._unkept):
            self._unkept = None

    async def _make_sure(
        self, connection: "asyncpg.Connection[Any]", size: int
    ) -> tuple[Frontier, int]:
        """The tree's edge at `size`, and how much of it has been signed."""
        signed = 0
        for checkpoint in await self._told_before(connection):
            if checkpoint.size > size:
                raise tree.too_short(size, checkpoint.size)
            if await tree.root_at(connection, checkpoint.size) != checkpoint.root:
                raise tree.disputed(
                    zh=f"位置 1 至 {checkpoint.size} 的记录与已签名的检查点不符",
                    en=f"the positions 1 to {checkpoint.size} are not what was signed",
                )
            signed = max(signed, checkpoint.size)
        await tree.complete_nodes(connection, size)
        return await tree.frontier_at(connection, size), signed

    async def _told_before(self, connection: "asyncpg.Connection[Any]") -> list[Checkpoint]:
        """The newest checkpoint in the database, and the newest one kept outside it."""
        found: list[Checkpoint] = []
        newest = await connection.fetchrow(_NEWEST, self.identity.origin)
        try:
            if newest is not None:
                note = Note.parse(newest["note"])
                found.append(Checkpoint.opened(note, self.identity.verifiers, self.identity.origin))
            kept = self.identity.newest_signed()
        except (Malformed, Untrusted) as problem:
            raise tree.unbelievable(problem) from None
        return [*found, kept] if kept is not None else found


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
