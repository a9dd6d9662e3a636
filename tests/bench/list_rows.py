"""Row 7: a list is as quick at a million rows as at a thousand, whatever it is filtered by."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import asyncpg
from pydantic import SecretStr

from shared.http.paging import Paging
from tests.bench import data
from tests.bench.figures import Medians, Result, alternating
from tests.bench.forms import Form
from tests.bench.load import GENERATOR, contender
from tests.bench.machine import PINNING
from tests.bench.parts import UNLIMITED, RunningParts, a_folder, running

ROWS = (7,)
CONCURRENCY = 4
FEW = 1_000
PARTS = ("gateway", "registry", "procurement")


@dataclass(frozen=True)
class List:
    """One way of asking a list."""

    name: str
    service: str
    path: str
    table: str
    query: dict[str, str]
    from_the_middle: bool = False


LISTS = (
    List("tenders", "procurement", "/procurement/v1/tenders", "tender", {}),
    List(
        "tenders, from the middle on", "procurement", "/procurement/v1/tenders", "tender", {}, True
    ),
    List(
        "tenders published, from the middle on",
        "procurement",
        "/procurement/v1/tenders",
        "tender",
        {"state": "published"},
        True,
    ),
    List("agencies, from the middle on", "registry", "/registry/v1/agencies", "agency", {}, True),
    List(
        "agencies of a category",
        "registry",
        "/registry/v1/agencies",
        "agency",
        {"category": "youth"},
    ),
    List(
        "agencies of a division, from the middle on",
        "registry",
        "/registry/v1/agencies",
        "agency",
        {"seat_division": "410108003"},
        True,
    ),
    List(
        "agencies by name",
        "registry",
        "/registry/v1/agencies",
        "agency",
        {"name": "惠济区第77社会工作服务中心"},
    ),
)


def measure(wanted: Iterable[int], form: Form) -> Iterator[Result]:
    many = 50_000 if form.quick else 1_000_000
    with ExitStack() as stack:
        sides = {}
        for name, count in (("few", FEW), ("many", many)):
            folder = stack.enter_context(a_folder())
            sides[name] = stack.enter_context(running(folder, PARTS, **UNLIMITED))
            sides[name].pinned("registry", "procurement")
            code = data.one_agency(sides[name].suite)
            tender = data.one_tender(sides[name].suite, folder / "desks").tender
            asyncio.run(data.many_agencies(sides[name].suite, code, count, staffed=False))
            asyncio.run(data.many_tenders(sides[name].suite, tender, count))
        found = {one.name: _beside(one, sides, form) for one in LISTS}
    yield _row(found, many)


def _beside(one: List, sides: dict[str, RunningParts], form: Form) -> dict[str, Medians]:
    return alternating(
        {
            name: contender(
                parts.suite.address_of(one.service),
                [_asked(one, parts)],
                seconds=max(1.0, form.seconds / 2),
                concurrency=CONCURRENCY,
                server=[parts.suite.pid_of(one.service)],
            )
            for name, parts in sides.items()
        },
        min(3, form.rounds),
    )


def _asked(one: List, parts: RunningParts) -> str:
    query = dict(one.query)
    if one.from_the_middle:
        query["cursor"] = _cursor(one, parts)
    return one.path + (f"?{urlencode(query)}" if query else "")


def _cursor(one: List, parts: RunningParts) -> str:
    """As the service itself would have given it out half-way."""
    middle = asyncio.run(_middle(one, parts))
    told = (parts.folder / "environment" / f"{one.service}.env").read_text().splitlines()
    known = {name: value.strip("'") for name, _, value in (line.partition("=") for line in told)}
    secret = SecretStr(known[f"{one.service.upper()}_SECRET_KEY"])
    runtime = SimpleNamespace(settings=SimpleNamespace(secret_key=secret))
    request: Any = SimpleNamespace(
        url=SimpleNamespace(path=one.path),
        app=SimpleNamespace(state=SimpleNamespace(runtime=runtime)),
    )
    return Paging(50, None, request)._write(middle)


async def _middle(one: List, parts: RunningParts) -> str:
    connection = await asyncpg.connect(parts.suite.superuser_url(f"huishe_{one.service}"))
    try:
        return str(
            await connection.fetchval(
                f"SELECT id FROM {one.table} ORDER BY id "
                f"OFFSET (SELECT count(*) / 2 FROM {one.table}) LIMIT 1"
            )
        )
    finally:
        await connection.close()


def _row(found: dict[str, dict[str, Medians]], many: int) -> Result:
    """The row is the worst of all lists; each stands beside."""
    ratios = {name: both["many"].p50_ms / both["few"].p50_ms for name, both in found.items()}
    worst = max(ratios, key=lambda name: ratios[name])
    both = found[worst]
    return Result(
        7,
        ratios[worst],
        both["many"].p50_ms,
        both["few"].p50_ms,
        "ms",
        f"p50 of “{worst}”, the worst of {len(ratios)} lists, 50 rows a page, at {many} rows of each "
        f"kind beside {FEW}, two suites in alternating rounds; loaded by SQL (tests/bench/data.py), "
        f"without journal rows; {GENERATOR}; {PINNING}",
        concurrency=CONCURRENCY,
        rounds=both["many"].rounds,
        beside=ratios,
    )
