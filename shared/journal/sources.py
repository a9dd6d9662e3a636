"""Where the rows of a journal are read from: its database, an export, or its feed."""

import gzip
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import asyncpg
import httpx
import orjson
import rfc8785

from shared.journal.examination import Columns, Fault, Row
from shared.merkle import TILE_HEIGHT, Node

PAGE = 5000
FEED_PAGE = 1000

_ROWS = """
SELECT p.position, p.id AS placed, p.leaf AS placed_leaf, j.*, c.note
FROM journal_position p
LEFT JOIN journal j ON j.id = p.id
LEFT JOIN journal_checkpoint c ON c.origin = $1 AND c.size = p.position
WHERE p.position > $2 ORDER BY p.position LIMIT $3
"""
_NODES = """
SELECT wanted.level, wanted.index FROM unnest($1::int[], $2::bigint[], $3::bytea[])
    AS wanted(level, index, hash)
LEFT JOIN journal_node kept ON kept.level = wanted.level AND kept.index = wanted.index
WHERE kept.hash IS DISTINCT FROM wanted.hash ORDER BY wanted.level, wanted.index
"""
# One statement sees one moment: a row is waiting, or placed, or nobody will ever place it.
_UNPLACED = """
SELECT j.id FROM journal j
WHERE NOT EXISTS (SELECT FROM journal_position p WHERE p.id = j.id)
    AND NOT EXISTS (SELECT FROM journal_waiting w WHERE w.id = j.id)
ORDER BY j.seq LIMIT 100
"""
_TRIGGERS = """
SELECT wanted.tab, wanted.trigger FROM (VALUES
    ('journal', 'journal_queue'), ('journal', 'journal_stands'), ('journal', 'journal_erases'),
    ('journal_position', 'journal_stands'), ('journal_node', 'journal_stands'),
    ('journal_checkpoint', 'journal_stands')) AS wanted(tab, trigger)
WHERE NOT EXISTS (
    SELECT FROM pg_trigger t WHERE t.tgrelid = to_regclass(wanted.tab)
        AND t.tgname = wanted.trigger AND t.tgenabled IN ('O', 'A'))
"""

Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy


# ---------------------------------------------------------------------- the database


async def page_of_database(
    connection: Connection, origin: str, after: int, limit: int = PAGE
) -> list[Row]:
    return [_row(found) for found in await connection.fetch(_ROWS, origin, after, limit)]


async def faults_of_nodes(connection: Connection, made: Sequence[Node]) -> list[Fault]:
    """Kept nodes that are not those of the tree built anew."""
    wrong = await connection.fetch(
        _NODES, [n.level for n in made], [n.index for n in made], [n.hash for n in made]
    )
    return [
        Fault(
            "the node kept over them is not theirs",
            (index << TILE_HEIGHT * level) + 1,
            (index + 1) << TILE_HEIGHT * level,
        )
        for level, index in wrong
    ]


async def rows_of_database(connection: Connection, origin: str) -> AsyncIterator[Row]:
    """Every position. Rows are only ever added, so pages of different moments fit together."""
    after = 0
    while page := await page_of_database(connection, origin, after):
        for row in page:
            yield row
        after = page[-1].position


async def faults_of_database(connection: Connection) -> list[Fault]:
    """What a database can hide from whoever reads its positions only."""
    faults = [
        Fault(f"the trigger {name} on {table} is gone or switched off", 0, 0)
        for table, name in await connection.fetch(_TRIGGERS)
    ]
    for (row_id,) in await connection.fetch(_UNPLACED):
        faults.append(Fault(f"row {row_id} stands in the journal and was never placed", 0, 0))
    return faults


def _row(found: Any) -> Row:
    row = Row(found["position"], found["placed_leaf"], str(found["placed"]), signed=found["note"])
    if found["id"] is None:
        row.gone = True
        return row
    row.text, row.detail, row.salt = found["public_text"], found["detail_text"], found["salt"]
    row.columns = Columns(
        id=found["id"],
        leaf=found["leaf"],
        kind=found["kind"],
        subject=found["subject"],
        subject_id=found["subject_id"],
        version=found["subject_version"],
        audience=found["audience"],
        at=found["at"],
        actor=found["actor"],
        detail_hash=found["detail_hash"],
    )
    return row


# ---------------------------------------------------------------------- an export


async def export(connection: Connection, origin: str, file: IO[bytes]) -> int:
    """A line of JSON for each position, in order; how many."""
    written = 0
    async for row in rows_of_database(connection, origin):
        told = {
            "position": row.position,
            "id": row.id,
            "leaf": row.leaf.hex(),
            "text": row.text,
            "detail": row.detail,
            "salt": None if row.salt is None else row.salt.hex(),
            "checkpoint": row.signed,
        }
        file.write(orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE))
        written += 1
    return written


def opened(path: Path, mode: str) -> IO[bytes]:
    """A file as it is, or compressed when its name ends in .gz."""
    if path.suffix == ".gz":
        return gzip.open(path, mode, compresslevel=5)  # type: ignore[return-value]
    return path.open(mode)


def rows_of_export(path: Path) -> Iterator[Row]:
    with opened(path, "rb") as file:
        for number, line in enumerate(file, 1):
            try:
                told = orjson.loads(line)
                salt = told["salt"]
                yield Row(
                    told["position"],
                    bytes.fromhex(told["leaf"]),
                    told["id"],
                    told["text"],
                    told["detail"],
                    None if salt is None else bytes.fromhex(salt),
                    signed=told["checkpoint"],
                    gone=told["text"] is None,
                )
            except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
                raise SystemExit(
                    f"{path}, line {number}: not a line of a journal's export"
                ) from None


# ---------------------------------------------------------------------- the feed


async def rows_of_feed(http: httpx.AsyncClient, service: str, size: int) -> AsyncIterator[Row]:
    """The first `size` positions as anybody sees them; an entry that is withheld is its leaf only."""
    after = 0
    while after < size:
        limit = min(FEED_PAGE, size - after)
        answer = await http.get(f"/{service}/v1/events", params={"after": after, "limit": limit})
        answer.raise_for_status()
        items = answer.json()["items"]
        for item in items:
            event = item.get("event")
            text = None if event is None else _as_hashed(event)
            yield Row(item["position"], bytes.fromhex(item["leaf"]), (event or {}).get("id"), text)
        if not items:
            return
        after = items[-1]["position"]


def _as_hashed(event: dict[str, Any]) -> str:
    return rfc8785.dumps(event).decode()
