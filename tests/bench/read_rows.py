"""Rows 5, 8, 9 and 12: what is read most, beside the same statements and beside the usual stack."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from shared.database.embedded import free_port
from tests.bench import data, sql
from tests.bench.figures import Medians, Result, alternating, compared
from tests.bench.forms import Form
from tests.bench.load import GENERATOR, contender, measured
from tests.bench.machine import PINNING, SERVER
from tests.bench.parts import UNLIMITED, RunningParts, a_folder, running
from tests.bench.started import module, started
from tests.support import apart
from tests.support.long_journal import fill
from tests.support.service import START

ROWS = (5, 8, 9, 12)
CONCURRENCY = 32
MANY = 1_000
JOURNAL = 50_000
PAGE = 1_000


@dataclass(frozen=True)
class HotRead:
    """One of the reads that others wait for."""

    name: str
    service: str
    paths: list[str]
    about: str
    """What its statements name: by that they are found."""


def measure(wanted: Iterable[int], form: Form) -> Iterator[Result]:
    wanted = set(wanted)
    with ExitStack() as stack:
        folder = stack.enter_context(a_folder())
        parts = stack.enter_context(running(folder, **UNLIMITED))
        parts.pinned()
        code = data.one_agency(parts.suite)
        tender = data.one_tender(parts.suite, folder / "desks").tender
        asyncio.run(data.many_agencies(parts.suite, code, MANY, staffed=True))
        asyncio.run(data.many_tenders(parts.suite, tender, MANY))
        reads = _hot_reads(parts, code, tender)
        headers = {"accept-language": "zh-CN", **parts.suite.bearer("registrar")}
        if wanted & {5, 8}:
            yield from _hot(wanted, form, folder, parts, reads, headers)
        if 9 in wanted:
            yield _whole(form, stack, folder, parts, headers)
        if 12 in wanted:
            yield _feed(form, folder, parts)


def _hot_reads(parts: RunningParts, code: str, tender: str) -> list[HotRead]:
    codes = [f"52410108MJ{number:07X}X" for number in range(1, 51)]
    tenders = asyncio.run(_some_tenders(parts))
    return [
        HotRead(
            "tender", "procurement", [f"/procurement/v1/tenders/{t}" for t in tenders], tenders[0]
        ),
        HotRead(
            "standing",
            "registry",
            [f"/registry/v1/agencies/{one}/standing" for one in codes],
            codes[0],
        ),
    ]


async def _some_tenders(parts: RunningParts) -> list[str]:
    connection = await asyncpg.connect(parts.suite.superuser_url("huishe_procurement"))
    try:
        return [str(row[0]) for row in await connection.fetch("SELECT id FROM tender LIMIT 50")]
    finally:
        await connection.close()


def _hot(
    wanted: set[int],
    form: Form,
    folder: Path,
    parts: RunningParts,
    reads: list[HotRead],
    headers: Mapping[str, str],
) -> Iterator[Result]:
    """Each at its service's own door, so that nothing but the service and its database is measured."""
    found: dict[str, tuple[Medians, Medians, list[str]]] = {}
    for read in reads:
        pids = parts.pinned(read.service)
        address = parts.suite.address_of(read.service)
        statements = sql.statements_of(
            parts.suite,
            f"huishe_{read.service}",
            lambda read=read, address=address: _asked(address, read.paths[0], headers),  # type: ignore[misc]
            read.about,
        )
        script = folder / f"{read.name}.sql"
        script.write_text(sql.script_of(statements))
        medians = alternating(
            {
                "ours": contender(
                    address,
                    read.paths,
                    headers=headers,
                    seconds=form.seconds,
                    concurrency=CONCURRENCY,
                    server=pids,
                ),
                "pgbench": lambda read=read, script=script: sql.pgbench(  # type: ignore[misc]
                    parts.suite,
                    f"huishe_{read.service}",
                    script,
                    seconds=form.seconds,
                    concurrency=CONCURRENCY,
                ),
            },
            form.rounds,
        )
        found[read.name] = medians["ours"], medians["pgbench"], statements
    how = (
        f"at the service's own port with a token, 50 different ones in turn; {GENERATOR}; {PINNING}"
    )
    if 5 in wanted:
        yield _beside_pgbench(found, how)
    if 8 in wanted:
        yield _tail(found, how)


def _asked(address: str, path: str, headers: Mapping[str, str]) -> None:
    import httpx

    answer = httpx.get(address + path, headers=dict(headers), trust_env=False)
    assert answer.status_code == 200, answer.text


def _beside_pgbench(found: Mapping[str, tuple[Medians, Medians, list[str]]], how: str) -> Result:
    """The row is the worse of both reads; each stands beside."""
    worst = min(found, key=lambda name: found[name][0].rate / found[name][1].rate)
    ours, reference, _ = found[worst]
    beside: dict[str, Any] = {}
    for name, (one, limit, statements) in found.items():
        beside[f"{name} ratio"] = one.rate / limit.rate
        beside[f"{name} requests/s"] = one.rate
        beside[f"{name} pgbench/s"] = limit.rate
        beside[f"{name} CPU µs"] = one.cpu_us
        beside[f"{name} statements"] = len(statements)
    told = f"{worst}, the worse of both, {how}; pgbench sends the statements that the service sent"
    return compared(5, ours, reference, how=told, concurrency=CONCURRENCY, **beside)


def _tail(found: Mapping[str, tuple[Medians, Medians, list[str]]], how: str) -> Result:
    worst = max(found, key=lambda name: found[name][0].p99_ms / found[name][0].p50_ms)
    ours = found[worst][0]
    return Result(
        8,
        ours.p99_ms / ours.p50_ms,
        ours.p99_ms,
        ours.p50_ms,
        "ms",
        f"{worst}, the worse of both, {how}",
        concurrency=CONCURRENCY,
        rounds=ours.rounds,
        beside={f"{name} p99/p50": one.p99_ms / one.p50_ms for name, (one, _, _) in found.items()},
    )


def _whole(
    form: Form, stack: ExitStack, folder: Path, parts: RunningParts, headers: Mapping[str, str]
) -> Result:
    """One agency of the register, through everything; the usual stack reads the same table."""
    under_load = parts.pinned("gateway", "registry")
    database = parts.suite.superuser_url("huishe_registry").replace(
        "postgresql:", "postgresql+asyncpg:"
    )
    service = stack.enter_context(_usual(folder, "service", database))
    proxy = stack.enter_context(_usual(folder, "proxy", service.address))
    paths = [f"/registry/v1/agencies/52410108MJ{number:07X}X" for number in range(1, 51)]
    found = alternating(
        {
            name: contender(
                address,
                paths,
                headers=headers,
                seconds=form.seconds,
                concurrency=CONCURRENCY,
                server=pids,
            )
            for name, address, pids in (
                ("ours", parts.suite.address_of("gateway"), under_load),
                ("usual", proxy.address, [*proxy.processes, *service.processes]),
            )
        },
        form.rounds,
    )
    how = (
        "GET of one agency by its code with a token: gateway, registry and its database beside "
        "FastAPI + httpx proxy and FastAPI + ORM service (tests/bench/usual_stack.py) on the same "
        f"table; {GENERATOR}; both processes of either on one core; {PINNING}"
    )
    return compared(9, found["ours"], found["usual"], how=how, concurrency=CONCURRENCY)


def _usual(folder: Path, kind: str, upstream: str) -> Any:
    port = free_port()
    command = module("tests.bench.usual_stack", kind, port, upstream)
    return started(
        command,
        f"http://127.0.0.1:{port}",
        folder,
        f"usual-{kind}-{port}",
        cores=SERVER,
        ready_at="/docs" if kind == "service" else "/registry/v1/agencies/none",
    )


def _feed(form: Form, folder: Path, parts: RunningParts) -> Result:
    """Full pages from all over a long journal, at the registry's own door."""
    asyncio.run(_long_journal(parts))
    pids = parts.pinned("registry")
    address = parts.suite.address_of("registry")
    last = JOURNAL // PAGE - 1
    paths = [f"/registry/v1/events?after={n * PAGE}&limit={PAGE}" for n in range(last)]
    statements = sql.statements_of(
        parts.suite, "huishe_registry", lambda: _asked(address, paths[7], {}), "7000"
    )
    script = folder / "feed.sql"
    script.write_text(sql.script_of(statements))
    found = alternating(
        {
            "ours": lambda: measured(
                address, paths, seconds=form.seconds, concurrency=8, server=pids
            ),
            "pgbench": lambda: sql.pgbench(
                parts.suite, "huishe_registry", script, seconds=form.seconds, concurrency=8
            ),
        },
        form.rounds,
    )
    ours, limit = found["ours"], found["pgbench"]
    return Result(
        12,
        ours.rate,
        ours.rate,
        limit.rate,
        "pages/s",
        f"{PAGE} rows a page, different pages in turn, nothing cached, one process of the registry; "
        f"the reference is pgbench with the same statement; {GENERATOR}; {PINNING}",
        concurrency=8,
        rounds=form.rounds,
        cpu_us={"ours": ours.cpu_us or 0, "pgbench": limit.cpu_us or 0},
    )


async def _all_placed(connection: "asyncpg.Connection[Any]") -> bool:
    return not await connection.fetchval("SELECT EXISTS (SELECT FROM journal_waiting)")


async def _long_journal(parts: RunningParts) -> None:
    connection = await asyncpg.connect(parts.suite.superuser_url("huishe_registry"))
    try:
        await fill(connection, "registry", START, JOURNAL)
        await apart.eventually(lambda: _all_placed(connection), "every row has its place", 120)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
