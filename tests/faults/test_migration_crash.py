"""A migration is killed midway, or meets another: the database is as before or after, never between."""

import asyncio
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

import asyncpg
import pytest

from shared.database import migrations
from shared.database.embedded import dies_with_parent
from tests.conftest import SECRET
from tests.support.apart import eventually
from tests.support.databases import Databases, asyncpg_url, migrate_service
from tests.support.forms import Figure, Form

ROOT = Path(__file__).parents[2]
NEXT = dedent(
    """
    import sqlalchemy as sa
    from alembic import op

    revision = "evaluation_next"
    down_revision = "{newest}"
    branch_labels = None
    depends_on = None

    def upgrade() -> None:
        op.add_column("scheme", sa.Column("remark", sa.Text()))
        op.execute("UPDATE scheme SET remark = title")
        op.create_table("halfway", sa.Column("id", sa.Uuid(), primary_key=True))
        op.execute("ALTER TABLE grade ADD COLUMN seen_on date")
    """
)
SHAPE = """
SELECT string_agg(concat_ws(' ', table_name, column_name, data_type, is_nullable), ', '
                  ORDER BY table_name, column_name)
FROM information_schema.columns WHERE table_schema = 'public'
"""


@dataclass
class Migrated:
    """A database of evaluation, its owner's and its runtime role's addresses, and the next release."""

    url: str
    owner: str
    runtime: str
    folder: Path
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def migration(self) -> "subprocess.Popen[bytes]":
        told = {
            "DATABASE_URL": asyncpg_url(self.runtime),
            "MIGRATOR_DATABASE_URL": asyncpg_url(self.owner),
            "CLIENT_SECRET": "only-for-tests",
            "SECRET_KEY": SECRET,
            "SANDBOX": "true",
        }
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.support.migrating", str(self.folder)),
                *("upgrade", "evaluation"),
            ],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"]} | {f"EVALUATION_{k}": v for k, v in told.items()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=dies_with_parent(signal.SIGKILL),
        )
        self.processes.append(process)
        return process

    async def runs_through(self) -> None:
        process = self.migration()
        _, said = await asyncio.to_thread(process.communicate)
        assert process.returncode == 0, said.decode()

    async def connect(self) -> asyncpg.Connection:
        return await asyncpg.connect(self.url)


@asynccontextmanager
async def a_database(databases: Databases, folder: Path, *, empty: bool) -> AsyncIterator[Migrated]:
    """As the release before left it, or as it was made and never migrated."""
    databases.template("evaluation", migrate_service("evaluation"))
    name = f"test_migration_{secrets.token_hex(4)}"
    template = "" if empty else "TEMPLATE template_evaluation STRATEGY FILE_COPY"
    databases.admin(f"CREATE DATABASE {name} OWNER evaluation_migrator {template}")
    password = databases._passwords["evaluation"]
    owner, runtime = (
        databases.cluster.url(name, f"evaluation_{role}", password)
        for role in ("migrator", "runtime")
    )
    found = Migrated(databases.cluster.url(name), owner, runtime, folder)
    following = NEXT.format(newest=migrations.newest("evaluation"))
    (folder / "2099-01-01-0000_next.py").write_text(following)
    try:
        yield found
    finally:
        for process in found.processes:
            process.kill()
            process.wait()
            assert process.stderr is not None
            process.stderr.close()
        databases.drop(found.url)


async def shape(connection: asyncpg.Connection) -> tuple[str | None, str | None]:
    """Every column there is, and the state that the database says it has."""
    marked = await connection.fetchval("SELECT to_regclass('public.alembic_version') IS NOT NULL")
    version = (
        await connection.fetchval("SELECT version_num FROM alembic_version") if marked else None
    )
    return await connection.fetchval(SHAPE), version


async def until_one_waits(connection: asyncpg.Connection, count: int = 1) -> None:
    async def waits() -> bool:
        found = await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(found >= count)

    await eventually(waits, f"{count} migrations wait for a lock")


async def nobody_else(connection: asyncpg.Connection) -> bool:
    others = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    return not await connection.fetchval(others)


@pytest.mark.parametrize("empty", [False, True], ids=["of an old database", "of a new database"])
async def test_a_migration_killed_midway_has_done_nothing_and_the_next_run_does_all(
    databases: Databases, tmp_path: Path, empty: bool, form: Form, figure: Figure
) -> None:
    """It has added, filled and made tables when it must wait for the last one, and is killed."""
    stopper = "CREATE TABLE grade ()" if empty else "LOCK TABLE grade IN ACCESS SHARE MODE"
    async with a_database(databases, tmp_path, empty=empty) as database:
        observer, other = await database.connect(), await database.connect()
        before = await shape(observer)
        kills = form(short=1, long=5)
        for _ in range(kills):
            transaction = other.transaction()
            await transaction.start()
            await other.execute(stopper)
            process = database.migration()
            await until_one_waits(observer)
            process.kill()
            process.wait()
            await transaction.rollback()
            assert await shape(observer) == before
        await other.close()
        await eventually(lambda: nobody_else(observer), "what it held is free")
        assert await shape(observer) == before

        await database.runs_through()
        after = await shape(observer)
        await database.runs_through()

        assert after[1] == "evaluation_next"
        assert "grade seen_on date" in str(after[0])
        assert "halfway id uuid" in str(after[0])
        assert await shape(observer) == after
        await observer.close()
        figure("kills", kills)


async def test_of_two_migrations_at_once_one_waits_and_finds_everything_done(
    databases: Databases, tmp_path: Path, form: Form, figure: Figure
) -> None:
    """The first is in the middle of its work when the second comes."""
    rounds = form(short=1, long=5)
    for number in range(rounds):
        folder = tmp_path / str(number)
        folder.mkdir()
        empty = number % 2 == 1
        stopper = "CREATE TABLE grade ()" if empty else "LOCK TABLE grade IN ACCESS SHARE MODE"
        async with a_database(databases, folder, empty=empty) as database:
            observer, other = await database.connect(), await database.connect()
            transaction = other.transaction()
            await transaction.start()
            await other.execute(stopper)
            both = database.migration(), database.migration()
            await until_one_waits(observer, count=2)
            await transaction.rollback()
            for process in both:
                _, said = await asyncio.to_thread(process.communicate)
                assert process.returncode == 0, said.decode()
            assert (await shape(observer))[1] == "evaluation_next"
            await observer.close()
            await other.close()
    figure("rounds", rounds)


async def test_a_migration_that_cannot_get_its_lock_gives_up_and_changes_nothing(
    databases: Databases, tmp_path: Path
) -> None:
    """The service goes on: whoever holds the table is not pushed aside."""
    async with a_database(databases, tmp_path, empty=False) as database:
        observer, other = await database.connect(), await database.connect()
        before = await shape(observer)
        transaction = other.transaction()
        await transaction.start()
        await other.execute("LOCK TABLE grade IN ACCESS SHARE MODE")

        process = database.migration()
        _, said = await asyncio.to_thread(process.communicate)

        await transaction.rollback()
        assert process.returncode != 0
        assert b"lock timeout" in said
        assert await shape(observer) == before
        await observer.close()
        await other.close()
