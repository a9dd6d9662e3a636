"""The tree as the database keeps it: read for proofs, and for going on where the last batch ended.

Leaves are those of `journal_position`; above them only every eighth height is kept. A proof at a
million entries reads some twenty runs of at most 128 hashes, in one statement.
"""

from collections.abc import Sequence

import asyncpg

from shared.errors import JournalDisputed
from shared.journal.identity import JournalIdentity
from shared.journal.notes import Malformed, Untrusted
from shared.merkle import (
    HASH_SIZE,
    TILE_HEIGHT,
    Frontier,
    Node,
    Range,
    Subtree,
    consistency_ranges,
    inclusion_ranges,
    joined,
    root_of,
    subtrees,
)
from shared.words import Text

Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy

_RUNS = """
SELECT CASE wanted.level
    WHEN 0 THEN (SELECT string_agg(leaf, ''::bytea ORDER BY position) FROM journal_position
                 WHERE position > wanted.first AND position <= wanted.past)
    ELSE (SELECT string_agg(hash, ''::bytea ORDER BY index) FROM journal_node
          WHERE level = wanted.level AND index >= wanted.first AND index < wanted.past)
    END
FROM unnest($1::int[], $2::bigint[], $3::bigint[])
    WITH ORDINALITY AS wanted(level, first, past, place)
ORDER BY wanted.place
"""
_SIZE = "SELECT coalesce(max(position), 0) FROM journal_position"
_LEAF = "SELECT leaf FROM journal_position WHERE position = $1"
_TILES = "SELECT count(*) FROM journal_node WHERE level = 1"
_LEAVES = "SELECT leaf FROM journal_position ORDER BY position"
_KEEP_NODES = """
INSERT INTO journal_node (level, index, hash)
SELECT * FROM unnest($1::int[], $2::bigint[], $3::bytea[])
"""


def disputed(zh: str, en: str) -> JournalDisputed:
    return JournalDisputed(Text(zh=zh, en=en))


async def size_of(connection: Connection) -> int:
    """How many rows have a position."""
    return int(await connection.fetchval(_SIZE))


async def dispute_of_size(connection: Connection, identity: JournalIdentity) -> Text | None:
    """Why the journal must not go on: it holds less than a checkpoint that was signed before."""
    size = await size_of(connection)
    try:
        kept = identity.newest_signed()
    except (Malformed, Untrusted) as problem:
        return unbelievable(problem).detail
    if kept is None or kept.size <= size:
        return None
    return too_short(size, kept.size).detail


def unbelievable(problem: Exception) -> JournalDisputed:
    return disputed(
        zh=f"最新检查点无法核实：{problem}",
        en=f"the newest checkpoint cannot be believed: {problem}",
    )


def too_short(size: int, signed: int) -> JournalDisputed:
    return disputed(
        zh=f"日志止于位置 {size}，而已签名的检查点到 {signed}：恢复的备份过旧，或末尾被截断",
        en=f"the journal ends at position {size} and a checkpoint was signed at {signed}: "
        "an older backup was restored, or the end was cut off",
    )


async def frontier_at(connection: Connection, size: int) -> Frontier:
    """The right edge of the first `size` leaves."""
    return Frontier(size, await _hashes(connection, list(subtrees((0, size)))))


async def leaf_at(connection: Connection, position: int) -> bytes:
    """The leaf of a position that is placed."""
    return bytes(await connection.fetchval(_LEAF, position))


async def root_at(connection: Connection, size: int) -> bytes:
    return (await frontier_at(connection, size)).root()


async def prove_inclusion(connection: Connection, index: int, size: int) -> list[bytes]:
    """The way from the leaf at `index` (from 0) to the root over the first `size`."""
    return await _ranges(connection, inclusion_ranges(index, size))


async def prove_consistency(connection: Connection, old: int, size: int) -> list[bytes]:
    """That the tree of the first `size` begins with that of the first `old`."""
    return await _ranges(connection, consistency_ranges(old, size))


async def _ranges(connection: Connection, ranges: Sequence[Range]) -> list[bytes]:
    parts = [list(subtrees(leaves)) for leaves in ranges]
    hashes = iter(await _hashes(connection, [part for made_of in parts for part in made_of]))
    return [joined([next(hashes) for _ in made_of]) for made_of in parts]


async def _hashes(connection: Connection, wanted: Sequence[Subtree]) -> list[bytes]:
    """The root of each subtree, from the run of kept hashes that it is made of."""
    if not wanted:
        return []
    runs = await connection.fetch(
        _RUNS,
        [part.level for part in wanted],
        [part.run[0] for part in wanted],
        [part.run[1] for part in wanted],
    )
    return [_root(part, run[0] or b"") for part, run in zip(wanted, runs, strict=True)]


def _root(part: Subtree, run: bytes) -> bytes:
    first, past = part.run
    if len(run) != (past - first) * HASH_SIZE:
        begins, ends = first << part.level * TILE_HEIGHT, past << part.level * TILE_HEIGHT
        raise disputed(
            zh=f"位置 {begins + 1} 至 {ends} 之间缺少记录",
            en=f"something is missing among the positions {begins + 1} to {ends}",
        )
    return root_of([run[n : n + HASH_SIZE] for n in range(0, len(run), HASH_SIZE)])


# ---------------------------------------------------------------------- going on


async def keep_nodes(connection: Connection, nodes: Sequence[Node]) -> None:
    if nodes:
        await connection.execute(
            _KEEP_NODES,
            [node.level for node in nodes],
            [node.index for node in nodes],
            [node.hash for node in nodes],
        )


async def complete_nodes(connection: Connection, size: int) -> None:
    """Make the nodes of a journal that was begun before there were any."""
    tiles = int(await connection.fetchval(_TILES))
    if tiles == size >> TILE_HEIGHT:
        return
    if tiles:
        raise disputed(
            zh=f"默克尔树缺少节点：应有 {size >> TILE_HEIGHT}，实有 {tiles}",
            en=f"nodes of the tree are missing: {tiles} of {size >> TILE_HEIGHT} are there",
        )
    grown, nodes = Frontier(), []
    async for row in connection.cursor(_LEAVES, prefetch=5000):
        nodes += grown.append(row[0])
    await keep_nodes(connection, nodes)
