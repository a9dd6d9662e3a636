"""The ledger of the clients held against what the databases keep.

Read as a superuser, past every wall, from the tables themselves: rows of things, `journal`,
`journal_position`, `journal_waiting` and `receipt`. Every finding is a sentence; none is what a
test wants to see.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from deploy.local.settings import SERVICES
from shared.money import Money
from shared.sensitive import Vault
from tests.support.errands import Bids
from tests.support.ledger import Asked, Ledger
from tests.support.suite import RunningSuite, eventually

_AGGREGATES = """
    SELECT table_name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name IN ('id', 'version', 'state', 'created_by')
    GROUP BY table_name HAVING count(*) = 4"""
_GAPS = """
    SELECT subject, subject_id, array_agg(DISTINCT subject_version ORDER BY subject_version) AS told
    FROM journal WHERE subject = ANY($1) AND subject_version > 0 AND kind NOT LIKE '%.refused'
    GROUP BY subject, subject_id"""
_NEWEST = """
    SELECT DISTINCT ON (subject_id) subject_id, detail_text FROM journal
    WHERE subject = $1 AND kind NOT LIKE '%.refused' ORDER BY subject_id, seq DESC"""
_PLACES = """
    SELECT (SELECT count(*) FROM journal) AS rows,
           (SELECT count(*) FROM journal_position) AS places,
           (SELECT coalesce(max(position), 0) FROM journal_position) AS last,
           (SELECT count(*) FROM journal_waiting) AS waiting,
           (SELECT count(*) FROM journal JOIN journal_position USING (id, leaf)) AS alike"""


@dataclass
class Books:
    """What a suite keeps, opened before the clerks begin."""

    suite: RunningSuite
    before: dict[str, set[str]]
    """Things that were there already, by service."""

    @classmethod
    def opened(cls, suite: RunningSuite) -> Books:
        return cls(suite, {service: asyncio.run(_things(suite, service)) for service in SERVICES})

    def findings(self, ledger: Ledger, bids: Bids | None = None) -> list[str]:
        """Everything that is not as it was told; nothing, when no write is lost, doubled or half."""
        found = list(ledger.faults)
        for service in SERVICES:
            eventually(partial(self._all_placed, service), f"{service}: all rows have a place", 30)
            writes = [asked for asked in ledger.writes if asked.service == service]
            found += asyncio.run(self._findings(service, writes, bids))
        return found

    def _all_placed(self, service: str) -> bool:
        return asyncio.run(_waiting(self.suite, service)) == 0

    async def _findings(
        self, service: str, writes: Sequence[Asked], bids: Bids | None
    ) -> list[str]:
        vault = Vault(settings_of(self.suite, service)[f"{service.upper()}_SECRET_KEY"])
        async with superuser(self.suite, service) as connection:
            found = [*await _unsound(connection)]
            found += await _unlike_their_journal(connection)
            found += await _written_wrongly(connection, writes, self.before[service])
            found += await _answered_wrongly(connection, vault, writes)
            if service == "procurement" and bids is not None:
                found += await _lodged_wrongly(connection, bids)
        return [f"{service}: {finding}" for finding in found]


def settings_of(suite: RunningSuite, part: str) -> dict[str, str]:
    lines = (suite.folder / "environment" / f"{part}.env").read_text().splitlines()
    return {name: value.strip("'") for name, value in (line.split("=", 1) for line in lines)}


@asynccontextmanager
async def superuser(suite: RunningSuite, service: str) -> AsyncIterator[Any]:
    """A connection to a service's database, past every wall."""
    password = (suite.folder / "postgres" / "superuser.password").read_text()
    # Whatever stands between the others and their database, nothing stands before this one's.
    port = urlsplit(settings_of(suite, "incubator")["INCUBATOR_DATABASE_URL"]).port
    connection = await asyncpg.connect(
        f"postgresql://postgres:{password}@127.0.0.1:{port}/huishe_{service}",
        server_settings={"timezone": "UTC"},
        timeout=10,
    )
    try:
        yield connection
    finally:
        await connection.close()


async def _things(suite: RunningSuite, service: str) -> set[str]:
    async with superuser(suite, service) as connection:
        found: set[str] = set()
        for table in await _tables(connection):
            found |= {row[0] for row in await connection.fetch(f'SELECT id::text FROM "{table}"')}
        return found


async def _tables(connection: Any) -> list[str]:
    """Those of things with a life; each has the name by which the journal calls it."""
    return [row[0] for row in await connection.fetch(_AGGREGATES)]


async def _waiting(suite: RunningSuite, service: str) -> int:
    async with superuser(suite, service) as connection:
        return int(await connection.fetchval("SELECT count(*) FROM journal_waiting"))


# ---------------------------------------------------------------- the journal and its things


async def _unsound(connection: Any) -> Iterable[str]:
    """Every row has one place, the places have no gap, nothing waits."""
    told = dict(await connection.fetchrow(_PLACES))
    if len({told["rows"], told["places"], told["last"], told["alike"]}) != 1 or told["waiting"]:
        return [f"journal and positions differ: {told}"]
    return []


async def _unlike_their_journal(connection: Any) -> list[str]:
    """No thing without its journal, no journal without its thing; versions gapless, state alike."""
    tables = await _tables(connection)
    told = {
        (row["subject"], row["subject_id"]): row["told"]
        for row in await connection.fetch(_GAPS, tables)
    }
    found = []
    for table in tables:
        rows = {
            row["id"]: json.loads(row["kept"])
            for row in await connection.fetch(
                f'SELECT id::text AS id, to_jsonb(t) AS kept FROM "{table}" t'
            )
        }
        newest = {r["subject_id"]: r["detail_text"] for r in await connection.fetch(_NEWEST, table)}
        for thing in set(rows) | {id for subject, id in told if subject == table}:
            versions = told.get((table, thing), [])
            kept = rows.get(thing)
            if kept is None or versions != list(range(1, kept["version"] + 1)):
                found.append(f"{table} {thing}: journal tells {versions}, kept is {kept}")
            else:
                found += _differences(table, kept, json.loads(newest[thing]).get("after", {}))
    return found


def _differences(table: str, kept: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    for name, value in after.items():
        if not _alike(kept[name], value):
            yield f"{table} {kept['id']}: {name} is {kept[name]!r}, the journal says {value!r}"


def _alike(kept: Any, told: Any) -> bool:
    if kept == told or (isinstance(told, dict) and "sealed" in told):
        return True
    if isinstance(kept, int) and isinstance(told, str):  # fen and yuan
        return Money.parse(told).fen == kept
    if isinstance(kept, str) and isinstance(told, str):
        return kept == "\\x" + told or _instant(kept) == _instant(told) is not None
    return False


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


# ---------------------------------------------------------------- what clients were told


async def _written_wrongly(connection: Any, writes: Sequence[Asked], before: set[str]) -> list[str]:
    """Each write is there once: its version has one journal row, and nothing came after the last."""
    expected: dict[tuple[str, str], int] = defaultdict(int)
    for asked in writes:
        if asked.subject_id:
            thing = (asked.subject, asked.subject_id)
            expected[thing] = max(expected[thing], asked.expected)
    found = []
    for subject in {subject for subject, _ in expected}:
        rows = await connection.fetch(
            "SELECT subject_id, subject_version, count(*) AS times FROM journal "
            "WHERE subject = $1 GROUP BY subject_id, subject_version",
            subject,
        )
        times = {(row["subject_id"], row["subject_version"]): row["times"] for row in rows}
        kept = {
            row[0]: row[1]
            for row in await connection.fetch(f'SELECT id::text, version FROM "{subject}"')
        }
        for (_, thing), version in ((k, v) for k, v in expected.items() if k[0] == subject):
            told = [times.get((thing, n), 0) for n in range(1, version + 1)]
            if kept.get(thing) != version or set(told) != {1}:
                found.append(f"{subject} {thing}: {version} writes, kept {kept.get(thing)}, {told}")
        known = {thing for of, thing in expected if of == subject}
        if unknown := set(kept) - known - before:  # made by a retry, or told to nobody
            found.append(f"{subject}: nobody was told of {unknown}")
    return found


async def _answered_wrongly(
    connection: Any, vault: Vault, writes: Sequence[Asked]
) -> Iterable[str]:
    """Each key has one receipt, and it holds what every answer under the key has said."""
    rows = await connection.fetch("SELECT operation, key, status, body FROM receipt")
    receipts = {(row["operation"], row["key"]): row for row in rows}
    times = Counter((row["operation"], row["key"]) for row in rows)
    found = []
    for asked in writes:
        if len({answer.body for answer in asked.acknowledged}) > 1:
            found.append(f"{asked.path}: one request, several answers: {asked.answers}")
        if asked.key is None:
            continue
        name = (asked.operation, asked.key)
        if times[name] != 1:
            found.append(f"{name}: {times[name]} receipts")
        elif vault.unseal(receipts[name]["body"]) != asked.last.body:
            found.append(f"{name}: the receipt is not what was answered")
    return found


async def _lodged_wrongly(connection: Any, bids: Bids) -> Iterable[str]:
    """Each receipt of a bid stands for one commit, and there is no other."""
    rows = await connection.fetch("SELECT bid_id::text, count(*) FROM bid_commit GROUP BY 1")
    kept = {row[0]: row[1] for row in rows}
    told = dict.fromkeys((bid_id for bid_id, _ in bids.lodged), 1)
    return [] if kept == told else [f"bids: told {told}, kept {kept}"]
