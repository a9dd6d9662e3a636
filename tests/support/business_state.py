"""What a service's database says about the business, as one hash: two ways to the same state agree.

The kernel's own books are left out but for the cursors; what was journalled counts by its kind and
subject. Ids that were drawn on the way are all called the same, and so is what differs by nature:
ciphertext and salts.
"""

import hashlib
import json
import re
from collections.abc import Collection
from typing import Any

import asyncpg

from shared.journal.rows import RECORDS
from shared.records import cursors, receipts

State = dict[str, list[str]]
"""Each table's rows as text, sorted."""

KERNEL = ({*RECORDS.tables} | {"alembic_version"}) - {cursors.feed_cursor.name}
assert receipts.receipt.name in KERNEL
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HASH = re.compile(r"[0-9a-f]{24,}")
_COLUMNS = """
SELECT relname, coalesce(
    (SELECT array_agg(attname::text) FROM pg_attribute
     WHERE attrelid = pg_class.oid AND atttypid = 'bytea'::regtype AND attnum > 0), '{}')
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


async def state_of(
    connection: "asyncpg.Connection[Any]",
    *,
    known: Collection[str] = (),
    without: Collection[str] = (),
    hashes: bool = True,
) -> State:
    """`known` ids are told apart, all others are not; columns `without` are not looked at.

    Hashes and signatures over what was drawn differ, too, unless they come from one run.
    """

    def plain(text: str) -> str:
        if not hashes:
            text = _HASH.sub("hash", text)
        return _ID.sub(lambda found: found[0] if found[0] in known else "new", text)

    state: State = {}
    for name, opaque in await connection.fetch(_COLUMNS):
        if name not in KERNEL:
            blind = [*opaque, *without]
            rows = await connection.fetch(
                f'SELECT (to_jsonb(t) - $1::text[])::text FROM "{name}" t', blind
            )
            state[name] = sorted(plain(row[0]) for row in rows)
    told = await connection.fetch("SELECT kind, subject, subject_id, at::text FROM journal")
    state["told"] = sorted(plain(" ".join(row)) for row in told)
    return state


def fingerprint(state: State) -> str:
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()


def require_same(found: State, wanted: State) -> None:
    """Compared by hash; what differs is shown."""
    if fingerprint(found) != fingerprint(wanted):
        for table in sorted(found.keys() | wanted.keys()):
            assert found.get(table) == wanted.get(table), table
        raise AssertionError("the hashes differ and the rows do not")


def ids_in(state: State) -> frozenset[str]:
    return frozenset(found for rows in state.values() for row in rows for found in _ID.findall(row))


class Rewind:
    """Puts a database back to where it was when `keep` was called; the superuser's connection."""

    def __init__(self, connection: "asyncpg.Connection[Any]") -> None:
        self._connection = connection
        self._back = ""

    async def keep(self) -> None:
        tables = [row[0] for row in await self._connection.fetch(_COLUMNS)]
        await self._connection.execute(
            "CREATE SCHEMA kept;"
            + ";".join(f'CREATE TABLE kept."{name}" AS TABLE public."{name}"' for name in tables)
        )
        # As a replica applies changes: no triggers, no references to check on the way.
        self._back = "SET session_replication_role = replica;" + ";".join(
            f'DELETE FROM public."{name}";'
            f'INSERT INTO public."{name}" OVERRIDING SYSTEM VALUE SELECT * FROM kept."{name}"'
            for name in tables
        )

    async def back(self) -> None:
        await self._connection.execute(self._back)
