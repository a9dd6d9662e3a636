"""A disk without a byte left: writes are refused and told why, reads go on, nothing is harmed.

On the disk lies all that a suite keeps: the database with its log of changes, the logs of every
part, keys and secrets. There is no object store yet; parts of bids are rows.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import asyncpg
import httpx
import pytest

from deploy.local.settings import SERVICES
from tests.support.builders import procurement as purchases
from tests.support.configuration import unhurried
from tests.support.cramped import Cramped, cramped_suite
from tests.support.errands import NEEDS, Bids, everything
from tests.support.forms import Figure, Form
from tests.support.ledger import Day, Ledger, clerks_at_work, fresh_key
from tests.support.reconciled import Books, superuser
from tests.support.suite import RunningSuite, children_of, eventually

READS = {
    "registry": "/registry/v1/agencies",
    "procurement": NEEDS,
    "evaluation": "/evaluation/v1/schemes",
    "incubator": "/incubator/v1/bases",
}
BACK_WITHIN = 45.0

_BROKEN_INDEXES = """
    SELECT c.oid::regclass::text, bt_index_check(c.oid, true) FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam AND a.amname = 'btree'
    WHERE c.relpersistence = 'p' AND i.indisready AND i.indisvalid"""
_BROKEN_TABLES = """
    SELECT c.oid::regclass::text AS name, v.* FROM pg_class c, verify_heapam(c.oid) v
    WHERE c.relkind IN ('r', 't', 'm') AND c.relpersistence = 'p'"""


@pytest.fixture(scope="module")
def cramped() -> Iterator[Cramped]:
    with cramped_suite(**unhurried()) as cramped:
        yield cramped


@pytest.fixture(scope="module")
def mixed(cramped: Cramped) -> tuple[list[Day], Bids]:
    return everything(cramped.suite)


@pytest.fixture(autouse=True)
def there_is_room_in_the_end(cramped: Cramped) -> Iterator[None]:
    yield
    cramped.disk.empty()
    eventually(partial(all_read, cramped.suite), "all is well afterwards", BACK_WITHIN)


@pytest.fixture
def seed(figure: Figure) -> int:
    drawn = random.SystemRandom().randrange(1_000_000)
    figure("seed", drawn)
    print(f"seed {drawn}")  # noqa: T201
    return drawn


def status_of(suite: RunningSuite, service: str) -> int:
    try:
        return suite.http.get(READS[service]).status_code
    except httpx.TransportError:
        return 0


def all_read(suite: RunningSuite) -> bool:
    return all(status_of(suite, service) == 200 for service in SERVICES)


def refused_as_full(ledger: Ledger) -> int:
    return sum(answer.status == 507 for asked in ledger.writes for answer in asked.answers)


def test_writes_are_refused_on_a_full_disk_while_reads_go_on(
    cramped: Cramped, mixed: tuple[list[Day], Bids], form: Form, figure: Figure, seed: int
) -> None:
    suite, disk, (errands, bids) = cramped.suite, cramped.disk, mixed
    rounds, chance = form(short=2, long=20), random.Random(seed)
    books, parts = Books.opened(suite), parts_of(suite)
    reads, slowest = [], 0.0

    with clerks_at_work(suite, errands, seed=seed) as ledger:
        for _ in range(rounds):
            time.sleep(chance.uniform(0.5, 1.5))
            room = chance.choice([0, 10_000, 300_000])
            try:
                asyncio.run(fill_and_checkpoint(cramped, ledger, room))
                reads += [status_of(suite, service) for service in SERVICES for _ in range(10)]
            finally:
                disk.empty()
            slowest = max(slowest, eventually(one_more(ledger), "written", BACK_WITHIN))

    figure("rounds", rounds)
    figure("acknowledged writes", len(ledger.writes))
    figure("refused with 507", refused_as_full(ledger))
    figure("writes go on after, s", round(slowest, 2))
    figure("reads that were answered", f"{reads.count(200)} of {len(reads)}")
    # PostgreSQL itself may refuse a new connection: it writes a file of its own at the first.
    assert reads.count(200) >= 0.95 * len(reads), "reads go on"
    assert set(reads) <= {200, 503}
    assert parts_of(suite) == parts, "nobody was ended by it"
    assert books.findings(ledger, bids) == []
    assert corruption(suite) == []


async def fill_and_checkpoint(cramped: Cramped, ledger: Ledger, room: int) -> None:
    """Until writes are refused; and then the checkpoint, which would come by itself in minutes."""
    async with superuser(cramped.suite, "procurement") as connection:
        before = refused_as_full(ledger)
        cramped.disk.leave(room)
        refused = partial(more_are_refused, ledger, before)
        await asyncio.to_thread(eventually, refused, "writes are refused", BACK_WITHIN)
        with suppress(asyncpg.InternalServerError):  # it may fail, as long as nobody ends by it
            await connection.execute("CHECKPOINT")
        assert await connection.fetchval("SELECT 1"), "the server goes on"


def more_are_refused(ledger: Ledger, before: int) -> bool:
    return refused_as_full(ledger) >= before + 10


def one_more(ledger: Ledger) -> Callable[[], bool]:
    """Whether another write has been acknowledged since."""
    before = ledger.acknowledged
    return lambda: ledger.acknowledged > before


def test_a_refusal_for_want_of_room_says_so_in_both_languages(cramped: Cramped) -> None:
    suite = cramped.suite
    body, key = purchases.need(description="留守儿童" * 400), fresh_key()
    kept = suite.kept_by("procurement")["need"]
    cramped.disk.fill()

    def full(language: str) -> httpx.Response | None:
        head = {"idempotency-key": fresh_key(), "accept-language": language}
        answer = suite.ask("street-officer", "POST", NEEDS, body, headers=head)
        return answer if answer.status_code == 507 else None

    eventually(lambda: full("en") is not None, "the table is full")
    for language, words in {"en": "storage is full", "zh": "存储空间已满"}.items():
        answer = full(language)
        assert answer is not None
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"].endswith("/problems/storage-full")
        assert words in answer.json()["title"]
        assert int(answer.headers["retry-after"]) >= 1
    refused = suite.ask("street-officer", "POST", NEEDS, body, headers={"idempotency-key": key})
    cramped.disk.empty()
    taken = suite.ask("street-officer", "POST", NEEDS, body, headers={"idempotency-key": key})

    assert (refused.status_code, taken.status_code) == (507, 201), "a 507 is never kept"
    assert suite.kept_by("procurement")["need"] > kept


def test_a_part_that_dies_on_a_full_disk_is_started_again_and_the_door_goes_on_logging(
    cramped: Cramped,
) -> None:
    """Whether it can serve already is up to PostgreSQL, which may want room for a connection."""
    suite, disk = cramped.suite, cramped.disk
    log, mark = suite.folder / "logs" / "gateway.log", fresh_key()
    disk.fill()

    before = parts_of(suite)
    suite.kill("incubator")
    eventually(lambda: parts_of(suite) - before != set(), "it is started again")
    eventually(lambda: read_as(suite, fresh_key()), "the others go on")
    disk.empty()

    eventually(lambda: status_of(suite, "incubator") == 200, "it is back", BACK_WITHIN)
    eventually(
        lambda: read_as(suite, mark) and mark in log.read_text(errors="replace"),
        "the door logs again",
        BACK_WITHIN,
    )


def read_as(suite: RunningSuite, request_id: str) -> bool:
    answer = suite.http.get(READS["registry"], headers={"x-request-id": request_id})
    return answer.status_code == 200


def supervisor_of(suite: RunningSuite) -> int:
    status = Path(f"/proc/{suite.pid_of('gateway')}/stat").read_text()
    return int(status.rsplit(")", 1)[1].split()[1])


def parts_of(suite: RunningSuite) -> set[int]:
    """The processes of gateway and services, by the system and not by a file on that disk."""
    found = children_of(supervisor_of(suite))
    return {pid for pid in found if Path(f"/proc/{pid}/comm").read_text().strip() != "postgres"}


def test_a_log_of_changes_without_room_ends_the_database_and_loses_nothing(
    cramped: Cramped, mixed: tuple[list[Day], Bids], form: Form, figure: Figure, seed: int
) -> None:
    """PostgreSQL stops when it cannot write down what it is about to do; it is brought back."""
    suite, disk, (errands, bids) = cramped.suite, cramped.disk, mixed
    books, parts = Books.opened(suite), parts_of(suite)
    times = []

    with clerks_at_work(suite, errands, seed=seed) as ledger:
        for _ in range(form(short=1, long=5)):
            time.sleep(1)
            try:
                assert asyncio.run(ended_for_want_of_a_log(cramped)), "it goes on without a log"
            finally:
                disk.empty()
            times.append(eventually(one_more(ledger), "it writes again", BACK_WITHIN))
            eventually(partial(all_read, suite), "all read", BACK_WITHIN)

    figure("acknowledged writes", len(ledger.writes))
    figure("refused with 507", refused_as_full(ledger))
    figure("slowest back after there was room, s", round(max(times), 2))
    assert parts_of(suite) == parts
    assert books.findings(ledger, bids) == []
    assert corruption(suite) == []


async def ended_for_want_of_a_log(cramped: Cramped) -> bool:
    """Go on to the next file of the log of changes until there is no room for one."""
    async with superuser(cramped.suite, "procurement") as connection:
        cramped.disk.fill()
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            for _ in range(100):
                await connection.execute("SELECT pg_switch_wal(), pg_current_xact_id()")
        return bool(connection.is_closed())


def corruption(suite: RunningSuite) -> list[str]:
    """What amcheck finds wrong in any table or index."""
    return [found for service in SERVICES for found in asyncio.run(_corruption(suite, service))]


async def _corruption(suite: RunningSuite, service: str) -> list[str]:
    async with superuser(suite, service) as connection:
        await connection.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        await connection.fetch(_BROKEN_INDEXES)  # raises at the first
        rows = await connection.fetch(_BROKEN_TABLES)
        return [f"{service}: {dict(row)}" for row in rows]
