"""The two long runs: bid commits at a steady pace, and half an hour of everything."""

import asyncio
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
import httpx

from shared.sealing.receipts import Receipt
from tests.bench import machine
from tests.bench.commit_rows import Bidder
from tests.bench.figures import growth, percentile
from tests.bench.parts import UNLIMITED, RunningParts, a_folder, running
from tests.support.errands import everything
from tests.support.ledger import clerks_at_work

FOLDER = Path("build")

# Sustained: what the last minutes before a deadline may look like.
COMMITS_A_SECOND = 60
SUSTAINED_SECONDS = 600.0
READERS = 8
BATCH_SECONDS = 20
P99_MS = 250.0

# Soak: whatever grows by itself is found.
SOAK_SECONDS = 1_800.0
CLERKS = 6
SAMPLE_SECONDS = 5.0
WARM_SHARE = 0.3
"""The beginning that is not counted: pools, caches and statistics fill up in it."""
MOST_GROWTH = 0.05


def sustained(seconds: float | None) -> int:
    with a_folder() as folder, running(folder, **UNLIMITED) as parts:
        told = asyncio.run(_sustained(parts, folder, seconds or SUSTAINED_SECONDS))
    return _tell("bench-sustained.json", told)


def soak(seconds: float | None) -> int:
    with a_folder() as folder, running(folder, **UNLIMITED) as parts:
        told = _soak(parts, seconds or SOAK_SECONDS)
    return _tell("bench-soak.json", told)


def _tell(name: str, told: dict[str, Any]) -> int:
    FOLDER.mkdir(exist_ok=True)
    told = {**told, "machine": machine.described(), "versions": machine.versions()}
    (FOLDER / name).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    for key, value in told.items():
        if key not in ("machine", "versions", "samples"):
            print(f"{key}: {value}")
    print(FOLDER / name)
    return 0 if told["held"] else 1


# Sustained


@dataclass
class Lodged:
    """What the committers saw."""

    milliseconds: list[float] = field(default_factory=list)
    """From the moment a commit was due to its receipt: who comes late counts it."""
    nonces: set[bytes] = field(default_factory=set)
    refused: dict[str, int] = field(default_factory=dict)
    pages: int = 0
    read_ms: list[float] = field(default_factory=list)


async def _sustained(parts: RunningParts, folder: Path, seconds: float) -> dict[str, Any]:
    bidder = await asyncio.to_thread(Bidder.at, parts, folder)
    lodged, ended = Lodged(), asyncio.Event()
    limits = httpx.Limits(max_connections=400, max_keepalive_connections=400)
    address = parts.suite.address_of("gateway")
    async with httpx.AsyncClient(
        base_url=address, limits=limits, trust_env=False, timeout=30
    ) as door:
        readers = [asyncio.create_task(_follow(door, lodged, ended)) for _ in range(READERS)]
        ready = await asyncio.to_thread(_batch, bidder, seconds)
        sending: set[asyncio.Task[None]] = set()
        began = time.perf_counter()
        headers = await asyncio.to_thread(bidder.headers)
        sent, whole = 0, math.ceil(seconds * COMMITS_A_SECOND)
        making: asyncio.Task[list[tuple[str, str]]] | None = None
        while sent < whole:
            if making is None:  # the next ones are made ready while these are sent
                making = asyncio.create_task(asyncio.to_thread(_batch, bidder, seconds))
                headers = await asyncio.to_thread(bidder.headers)
            if not ready:
                ready, making = await making, None
                continue
            due = began + sent / COMMITS_A_SECOND
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            task = asyncio.create_task(_lodge(door, *ready.pop(), headers, due, lodged))
            sending.add(task)
            task.add_done_callback(sending.discard)
            sent += 1
        took = time.perf_counter() - began
        await asyncio.gather(*sending)
        ended.set()
        if making is not None:
            await making
        await asyncio.gather(*readers)
    kept = await _kept(parts)
    p99 = percentile(lodged.milliseconds, 0.99)
    lost = len(lodged.nonces - kept)
    return {
        "held": p99 < P99_MS and not lost and kept == lodged.nonces and not lodged.refused,
        "seconds": round(took),
        "commits sent": sent,
        "commits a second": round(sent / took, 1),
        "p50 ms": round(percentile(lodged.milliseconds, 0.5), 1),
        "p99 ms": round(p99, 1),
        "longest ms": round(max(lodged.milliseconds), 1),
        "receipts": len(lodged.nonces),
        "kept in the database": len(kept),
        "lost": lost,
        "kept without a receipt": len(kept - lodged.nonces),
        "refused": lodged.refused,
        "readers": READERS,
        "feed pages read": lodged.pages,
        "feed page p99 ms": round(percentile(lodged.read_ms, 0.99), 1) if lodged.read_ms else None,
    }


def _batch(bidder: Bidder, seconds: float) -> list[tuple[str, str]]:
    return bidder.ready(round(min(seconds, BATCH_SECONDS) * COMMITS_A_SECOND) + 1)


async def _lodge(
    door: httpx.AsyncClient, path: str, body: str, headers: Any, due: float, lodged: Lodged
) -> None:
    try:
        answer = await door.post(path, content=body, headers=headers)
        told = str(answer.status_code)
    except httpx.TransportError as broken:
        told = type(broken).__name__
    if told == "200":
        lodged.milliseconds.append((time.perf_counter() - due) * 1000)
        lodged.nonces.add(Receipt.parse(answer.content).nonce)
    else:
        lodged.refused[told] = lodged.refused.get(told, 0) + 1


async def _follow(door: httpx.AsyncClient, lodged: Lodged, ended: asyncio.Event) -> None:
    """A reader of the feed from its beginning, again and again."""
    after = 0
    while not ended.is_set():
        began = time.perf_counter()
        asked = {"after": after, "limit": 200}
        page = (await door.get("/procurement/v1/events", params=asked)).json()
        lodged.read_ms.append((time.perf_counter() - began) * 1000)
        lodged.pages += 1
        after = page["next"] if page["items"] else 0
        await asyncio.sleep(0.1)


async def _kept(parts: RunningParts) -> set[bytes]:
    connection = await asyncpg.connect(parts.suite.superuser_url("huishe_procurement"))
    try:
        return {bytes(row[0]) for row in await connection.fetch("SELECT nonce FROM bid_commit")}
    finally:
        await connection.close()


# Soak


@dataclass(frozen=True, slots=True)
class Sample:
    at: float
    memory: int
    """Of the supervisor and the five parts; the database's is bounded by its settings."""
    descriptors: int
    connections: int
    """To the database."""


def _soak(parts: RunningParts, seconds: float) -> dict[str, Any]:
    suite = parts.suite
    errands, _ = everything(suite)
    ours = [parts.process.pid, *(suite.pid_of(part) for part in suite.addresses)]
    samples: list[Sample] = []
    began = time.monotonic()
    with clerks_at_work(suite, errands, seed=1, clerks=CLERKS) as ledger:
        while (at := time.monotonic() - began) < seconds and not ledger.faults:
            samples.append(
                Sample(
                    at,
                    machine.memory(ours),
                    machine.descriptors(ours),
                    asyncio.run(_connections(parts)),
                )
            )
            time.sleep(SAMPLE_SECONDS)
    grown = growths(samples)
    return {
        "held": bool(grown) and max(grown.values()) < MOST_GROWTH and not ledger.faults,
        "seconds": round(seconds),
        "writes acknowledged": ledger.acknowledged,
        "reads": sum(ledger.reads.values()),
        "refused for now": ledger.refused_for_now,
        "faults": ledger.faults[:5],
        "growth": {name: round(share, 4) for name, share in grown.items()},
        "samples": [[round(s.at), s.memory, s.descriptors, s.connections] for s in samples],
    }


def growths(samples: Sequence[Sample]) -> dict[str, float]:
    """From the first third after the warm part to the last, by their medians; per measure."""
    counted = samples[round(len(samples) * WARM_SHARE) :]
    third = len(counted) // 3
    if not third:
        return {}
    measures: dict[str, Callable[[Sample], float]] = {
        "memory": lambda s: s.memory,
        "descriptors": lambda s: s.descriptors,
        "connections": lambda s: s.connections,
    }
    return {
        name: growth(
            median(read(s) for s in counted[:third]), median(read(s) for s in counted[-third:])
        )
        for name, read in measures.items()
    }


async def _connections(parts: RunningParts) -> int:
    connection = await asyncpg.connect(parts.suite.superuser_url("postgres"))
    try:
        return int(
            await connection.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' "
                "AND pid <> pg_backend_pid()"
            )
        )
    finally:
        await connection.close()
