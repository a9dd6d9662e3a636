"""The relay is killed between placing and commit, again and again: the feed has no gap and no row twice.

What must hold however often: every committed row has one place, places run from 1 without a gap,
and what somebody did after the commit of something else stands after it.
"""

import asyncio
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import insert

from shared.database.embedded import dies_with_parent
from shared.database.session import plain_dsn
from shared.journal.positions import Relay
from shared.journal.rows import Entry, journal, row
from shared.journal.verify import Trust, verify_database
from tests.support.apart import eventually
from tests.support.forms import Figure, Form
from tests.support.service import START, ServiceUnderTest

ROOT = Path(__file__).parents[2]
WRITERS = 4
PAUSE = 4711
"""A lock that holds a commit up, after everything was placed."""


class RelayApart:
    """The real relay in a process of its own."""

    def __init__(self, service: ServiceUnderTest) -> None:
        address = plain_dsn(service.runtime.settings.database_url)
        identity = service.runtime.journal
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.support.relaying"),
                *(address, identity.origin, str(identity.folder)),
            ],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            preexec_fn=dies_with_parent(signal.SIGKILL),
        )

    async def ready(self) -> None:
        assert self.process.stdout is not None
        said = await asyncio.to_thread(self.process.stdout.readline)
        assert said == b"ready\n"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextmanager
def relay_apart(service: ServiceUnderTest) -> Iterator[RelayApart]:
    relay = RelayApart(service)
    try:
        yield relay
    finally:
        relay.kill()


class Writer:
    """Does one thing after the other; what it did is journalled, some of it taken back."""

    def __init__(self, name: str, service: ServiceUnderTest) -> None:
        self.name, self.service = name, service
        self.written: list[str] = []
        self.stopped = False

    async def run(self) -> None:
        while not self.stopped:
            await self.write(random.randint(1, 4), kept=random.random() > 0.2)

    async def write(self, count: int, *, kept: bool = True) -> None:
        rows = [
            row("sample", Entry("thing.done", "thing", self.name, 1), actor=self.name, at=START)
            for _ in range(count)
        ]
        async with self.service.runtime.sessions() as session:
            for one in rows:  # slowly, so that others commit in between
                await session.execute(insert(journal), [one])
            if kept:
                await session.commit()
                self.written += [str(one["id"]) for one in rows]
            else:
                await session.rollback()
        await asyncio.sleep(0.001)


async def the_feed(connection: asyncpg.Connection) -> list[str]:
    places = await connection.fetch("SELECT position, id FROM journal_position ORDER BY position")
    assert [one["position"] for one in places] == list(range(1, len(places) + 1))
    return [str(one["id"]) for one in places]


async def require_in_order(connection: asyncpg.Connection, writers: list[Writer]) -> None:
    """Nothing is lost or doubled, and no effect stands before its cause."""
    feed = await the_feed(connection)
    assert sorted(feed) == sorted(one for writer in writers for one in writer.written)
    assert await connection.fetchval("SELECT count(*) FROM journal") == len(feed)
    assert await connection.fetchval("SELECT count(*) FROM journal_waiting") == 0
    place_of = {one: number for number, one in enumerate(feed)}
    for writer in writers:
        assert all(place_of[a] < place_of[b] for a, b in pairwise(writer.written)), writer.name


async def require_signed(service: ServiceUnderTest, connection: asyncpg.Connection) -> None:
    """However often a relay was killed: one tree, and every checkpoint is of it."""
    journal_of = service.runtime.journal
    kept = [signed] if (signed := journal_of.newest_signed()) else []
    trust = Trust(journal_of.origin, journal_of.verifiers, kept)
    assert (await verify_database(connection, trust)).faults == []


async def all_placed(connection: asyncpg.Connection) -> bool:
    return not await connection.fetchval("SELECT count(*) FROM journal_waiting")


async def test_a_relay_killed_at_any_moment_under_load_leaves_a_whole_feed(
    sample: ServiceUnderTest, form: Form, figure: Figure
) -> None:
    """Two run at once, as at a change of the worker; the older is killed, and another comes."""
    writers = [Writer(f"writer-{n}", sample) for n in range(WRITERS)]
    connection = await sample.database()
    kills = form(short=4, long=150)
    writing = [asyncio.create_task(writer.run()) for writer in writers]
    older = RelayApart(sample)
    await older.ready()
    for _ in range(kills):
        newer = RelayApart(sample)
        try:
            await newer.ready()
            await asyncio.sleep(random.random() / 20)  # any moment
        finally:
            older.kill()
        older = newer
        await the_feed(connection)
    for writer in writers:
        writer.stopped = True
    await asyncio.gather(*writing)
    await eventually(lambda: all_placed(connection), "everything has its place")
    older.kill()

    await require_in_order(connection, writers)
    await require_signed(sample, connection)
    figure("kills", kills)
    figure("rows", sum(len(writer.written) for writer in writers))
    await connection.close()


@pytest.mark.parametrize("ends", ["with its connection", "when nobody listens any more"])
async def test_a_relay_killed_between_placing_and_commit_places_nothing_twice(
    sample: ServiceUnderTest, ends: str, form: Form, figure: Figure
) -> None:
    """Its commit is held up; then the server gives it up with it, or finishes it for nobody."""
    connection = await sample.database()
    await hold_up_commits(connection)
    writer, rounds = Writer("writer", sample), form(short=2, long=30)
    for _ in range(rounds):
        await connection.execute("SELECT pg_advisory_lock($1)", PAUSE)
        with relay_apart(sample) as relay:
            await relay.ready()
            await writer.write(3)
            placing = await who_is_held_up(connection)
        before = await the_feed(connection)
        assert len(writer.written) - len(before) == 3, "not committed yet"
        if ends == "with its connection":
            await connection.execute("SELECT pg_terminate_backend($1, 5000)", placing)
        await connection.execute("SELECT pg_advisory_unlock($1)", PAUSE)
        await eventually(lambda: free_again(connection), "its locks are gone")
        own = await asyncpg.connect(plain_dsn(sample.runtime.settings.database_url))
        while await Relay(sample.runtime.journal).once(own):
            pass
        await own.close()
        await require_in_order(connection, [writer])
        await require_signed(sample, connection)
    figure("kills", rounds)
    await connection.close()


async def hold_up_commits(connection: asyncpg.Connection) -> None:
    """At the commit of whoever placed something, and only if the lock is held."""
    await connection.execute(
        f"""
        CREATE FUNCTION held_up() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock({PAUSE});
            RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER held_up AFTER INSERT ON journal_position
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION held_up();
        """
    )


async def who_is_held_up(connection: asyncpg.Connection) -> int:
    held: list[int] = []

    async def somebody() -> bool:
        held[:] = [
            one["pid"]
            for one in await connection.fetch(
                "SELECT pid FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
        ]
        return bool(held)

    await eventually(somebody, "a relay has placed and wants to commit")
    return held[0]


async def free_again(connection: asyncpg.Connection) -> bool:
    others = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
    return not await connection.fetchval(others)
