"""Row 13: from the commit of a change to its place in a reader's hands, through the door.

Row 12 is in `read_rows.py`, beside the other reads.
"""

import asyncio
import random
import time
from collections.abc import Iterable, Iterator
from typing import Any

import asyncpg
import httpx

from tests.bench.figures import Result, percentile
from tests.bench.forms import Form
from tests.bench.machine import PINNING
from tests.bench.parts import UNLIMITED, RunningParts, a_folder, running
from tests.support.long_journal import COLUMNS, journal_rows
from tests.support.service import START

ROWS = (13,)
PAUSE = 0.02
"""Seconds between two changes, half of it drawn at random: they meet the relay at any moment."""


def measure(wanted: Iterable[int], form: Form) -> Iterator[Result]:
    count = 100 if form.quick else 1_000
    with a_folder() as folder, running(folder, ["gateway", "registry"], **UNLIMITED) as parts:
        parts.pinned("gateway", "registry")
        waits = asyncio.run(_visible(parts, count))
    yield Result(
        13,
        percentile(waits, 0.99),
        percentile(waits, 0.99),
        percentile(waits, 0.5),
        "ms",
        f"{count} changes, each committed by itself to the registry's journal; a reader waits at the "
        "gateway (`events?after=…&wait=20`); from the commit's return to the entry read; the "
        f"reference is the median; {PINNING}",
        concurrency=1,
        rounds=1,
    )


async def _visible(parts: RunningParts, count: int) -> list[float]:
    """Milliseconds from each commit to its entry at the reader."""
    committed: dict[str, float] = {}
    seen: dict[str, float] = {}
    writer = await asyncpg.connect(parts.suite.superuser_url("huishe_registry"))
    headers = parts.suite.bearer("auditor")
    address = parts.suite.address_of("gateway")
    async with httpx.AsyncClient(
        base_url=address, headers=headers, trust_env=False, timeout=40
    ) as door:
        after = await _end(door)
        reading = asyncio.create_task(_read(door, after, count, seen))
        for number in range(count):
            await _commit(writer, number, committed)
            await asyncio.sleep(PAUSE * random.uniform(0.5, 1.5))
        await asyncio.wait_for(reading, 60)
    await writer.close()
    return [max(0.0, seen[one] - moment) * 1000 for one, moment in committed.items()]


async def _commit(
    writer: "asyncpg.Connection[Any]", number: int, committed: dict[str, float]
) -> None:
    [row] = journal_rows("registry", START, range(number, number + 1))
    values = ", ".join(f"${n}" for n in range(1, len(COLUMNS) + 1))
    await writer.execute(f"INSERT INTO journal ({', '.join(COLUMNS)}) VALUES ({values})", *row)
    committed[str(row[0])] = time.perf_counter()


async def _end(door: httpx.AsyncClient) -> int:
    after = 0
    while True:
        page = (
            await door.get("/registry/v1/events", params={"after": after, "limit": 1000})
        ).json()
        if not page["items"]:
            return after
        after = page["next"]


async def _read(door: httpx.AsyncClient, after: int, count: int, seen: dict[str, float]) -> None:
    while len(seen) < count:
        asked = {"after": after, "limit": 1000, "wait": 20}
        page = (await door.get("/registry/v1/events", params=asked)).json()
        now = time.perf_counter()
        for item in page["items"]:
            if item["event"]["type"] == "lamp.seen":
                seen[item["event"]["id"]] = now
        after = page["next"]
