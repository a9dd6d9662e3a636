"""Migrations: the foundation every service stands on, and the commands that run them.

    python -m shared.database.migrations upgrade registry
    python -m shared.database.migrations revision registry "add inspections"

Each service keeps its own history under `services/<name>/migrations/versions`, files named by day
and phrase. Every migration runs with a lock and a statement timeout, so that one that cannot get
its lock gives up instead of stopping the service.
"""

import asyncio
import importlib
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command, context
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from shared.journal.rows import (
    PLACED,
    RECORDS,
    journal,
    journal_checkpoint,
    journal_node,
    journal_position,
    journal_waiting,
)
from shared.records.cursors import feed_cursor
from shared.records.receipts import receipt

ROOT = Path(__file__).resolve().parents[2]
LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "60s"
MIGRATION_LOCK = 0x4D494752
"""Any fixed number; the lock is per database."""

_MACHINE = "clock_timestamp()"
_MOVED = """clock_timestamp() + make_interval(secs =>
    coalesce(nullif(current_setting('huishe.clock_offset', true), ''), '0')::double precision)"""

# Business time does not go back when the machine's clock is put back, by a step of NTP or a switch
# to a standby: it stands until it has caught up with what was journalled last, or a term could end
# before it began. A clock that had run ahead by more than an hour is a fault for people to mend.
_CLOCK_BODY = """
SELECT greatest(read.at, (
    SELECT max(last.at)
    FROM (SELECT journal.at FROM journal ORDER BY seq DESC LIMIT 20) AS last
    WHERE last.at < read.at + interval '1 hour'))
FROM (SELECT {clock} AS at) AS read
"""
PRODUCTION_CLOCK = _CLOCK_BODY.format(clock=_MACHINE)
SANDBOX_CLOCK = _CLOCK_BODY.format(clock=_MOVED)

_TRIGGERS = (
    """
    CREATE FUNCTION journal_queue() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO journal_waiting (seq, id, leaf) VALUES (NEW.seq, NEW.id, NEW.leaf);
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER journal_queue AFTER INSERT ON journal
        FOR EACH ROW EXECUTE FUNCTION journal_queue()
    """,
    """
    CREATE FUNCTION journal_stands() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the journal is never changed: % on %', TG_OP, TG_TABLE_NAME;
    END $$
    """,
    """
    CREATE TRIGGER journal_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
        FOR EACH STATEMENT EXECUTE FUNCTION journal_stands()
    """,
    """
    CREATE TRIGGER journal_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_position
        FOR EACH STATEMENT EXECUTE FUNCTION journal_stands()
    """,
)
_PROOF = (
    """
    CREATE TRIGGER journal_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_node
        FOR EACH STATEMENT EXECUTE FUNCTION journal_stands()
    """,
    """
    CREATE TRIGGER journal_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_checkpoint
        FOR EACH STATEMENT EXECUTE FUNCTION journal_stands()
    """,
    "DROP TRIGGER journal_stands ON journal",
    """
    CREATE TRIGGER journal_stands BEFORE DELETE OR TRUNCATE ON journal
        FOR EACH STATEMENT EXECUTE FUNCTION journal_stands()
    """,
    # One change there is: detail may go, whole, when a row of the same transaction or an earlier one
    # says that it was erased and why. Asked at the commit, so that it does not matter which is first.
    """
    CREATE FUNCTION journal_erases() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE rest journal%ROWTYPE := NEW;
    BEGIN
        rest.detail_text := OLD.detail_text;
        rest.salt := OLD.salt;
        IF rest IS DISTINCT FROM OLD OR NEW.detail_text IS NOT NULL OR length(NEW.salt) > 0
            OR NOT EXISTS (
                SELECT FROM journal told
                WHERE told.subject = OLD.subject AND told.subject_id = OLD.subject_id
                    AND told.kind = 'journal.detail_erased'
                    AND position(OLD.id::text IN told.public_text) > 0)
        THEN
            RAISE EXCEPTION 'the journal is never changed: % on %', TG_OP, TG_TABLE_NAME;
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE CONSTRAINT TRIGGER journal_erases AFTER UPDATE ON journal
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_erases()
    """,
    # The runtime role has no right to update; this it may do, and the trigger asks for the reason.
    """
    CREATE FUNCTION journal_erase_detail(entries uuid[]) RETURNS void LANGUAGE sql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        UPDATE journal SET detail_text = NULL, salt = '' WHERE id = ANY (entries)
    $$
    """,
    "REVOKE ALL ON FUNCTION journal_erase_detail(uuid[]) FROM PUBLIC",
)
_CLOCK = "CREATE FUNCTION business_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ {body} $$"


def create_foundation(op: Any) -> None:
    """Journal, positions, receipts, cursors and the business clock: the first of every service."""
    build_foundation(op.get_bind(), sandbox=bool(context.config.attributes.get("sandbox")))


def build_foundation(connection: Connection, *, sandbox: bool) -> None:
    """The tables every service has beside its own, their triggers, and the clock."""
    RECORDS.create_all(
        connection, tables=[journal, journal_waiting, journal_position, receipt, feed_cursor]
    )
    for statement in (
        *_TRIGGERS,
        _CLOCK.format(body=SANDBOX_CLOCK if sandbox else PRODUCTION_CLOCK),
    ):
        connection.exec_driver_sql(statement)


def create_proof(op: Any) -> None:
    """The tree over the journal, its checkpoints, and the one way in which detail is erased.

    And for databases that stand already: the business clock that does not go back.
    """
    build_proof(op.get_bind())
    body = SANDBOX_CLOCK if context.config.attributes.get("sandbox") else PRODUCTION_CLOCK
    op.execute(_CLOCK.replace("CREATE", "CREATE OR REPLACE", 1).format(body=body))


def build_proof(connection: Connection) -> None:
    RECORDS.create_all(connection, tables=[journal_node, journal_checkpoint])
    for statement in _PROOF:
        connection.exec_driver_sql(statement)


def drop_proof(op: Any) -> None:
    """Undo `create_proof`, for a development database only."""
    op.execute("DROP TRIGGER journal_erases ON journal")
    op.execute("DROP FUNCTION journal_erase_detail(uuid[])")
    op.execute("DROP FUNCTION journal_erases()")
    RECORDS.drop_all(op.get_bind(), tables=[journal_node, journal_checkpoint])


def drop_foundation(op: Any) -> None:
    """Undo `create_foundation`, for a development database only."""
    op.execute("DROP FUNCTION business_now()")
    RECORDS.drop_all(
        op.get_bind(),
        tables=[journal, journal_waiting, journal_position, receipt, feed_cursor],
    )
    op.execute("DROP FUNCTION journal_queue()")
    op.execute("DROP FUNCTION journal_stands()")


def grant_runtime(connection: Connection, runtime_role: str) -> None:
    """Let the runtime role work: everything on ordinary tables, INSERT and SELECT on the journal."""
    role = connection.dialect.identifier_preparer.quote(runtime_role)
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {', '.join(t.name for t in PLACED)} FROM {role}",
        f"GRANT EXECUTE ON FUNCTION journal_erase_detail(uuid[]) TO {role}",
        f"REVOKE ALL ON alembic_version FROM {role}",
        f"GRANT SELECT ON alembic_version TO {role}",
    ):
        connection.execute(sa.text(statement))


def _metadata(service: str) -> MetaData:
    """The service's tables; importing its app loads every model."""
    importlib.import_module(f"services.{service}.app")
    base: Any = importlib.import_module(f"services.{service}.database").Base
    metadata: MetaData = base.metadata
    return metadata


def run_environment(service: str) -> None:
    """The body of every service's `migrations/env.py`."""
    connection: Connection | None = context.config.attributes.get("connection")
    if connection is None:
        raise RuntimeError("run migrations with: python -m shared.database.migrations")
    context.configure(
        connection=connection,
        target_metadata=[_metadata(service), RECORDS],
        compare_type=True,
        compare_server_default=False,
    )
    connection.execute(sa.text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.execute(sa.text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
    with context.begin_transaction():
        context.run_migrations()


def one_at_a_time(connection: Connection) -> None:
    """Whoever comes second waits for the first to commit, and then finds its work done."""
    connection.execute(sa.text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(:it)"), {"it": MIGRATION_LOCK})


def alembic_config(service: str, *, sandbox: bool = False) -> Config:
    """Alembic's settings of one service, without touching alembic.ini's logging."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "services" / service / "migrations"))
    config.set_main_option(
        "file_template", "%%(year)d-%%(month).2d-%%(day).2d-%%(hour).2d%%(minute).2d_%%(slug)s"
    )
    config.set_main_option("path_separator", "os")
    config.attributes["sandbox"] = sandbox
    return config


def upgrade(service: str, url: str, runtime_role: str, *, sandbox: bool) -> None:
    """Bring the service's database to the newest state. `url` is the migrator's."""
    asyncio.run(_upgrade(service, url, runtime_role, sandbox=sandbox))


async def _upgrade(service: str, url: str, runtime_role: str, *, sandbox: bool) -> None:
    config = alembic_config(service, sandbox=sandbox)

    def run(connection: Connection) -> None:
        config.attributes["connection"] = connection
        one_at_a_time(connection)
        command.upgrade(config, "head")
        grant_runtime(connection, runtime_role)

    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(run)
    finally:
        await engine.dispose()


def revision(service: str, phrase: str, url: str) -> None:
    """Write a new migration by comparing the models with the database behind `url`."""
    asyncio.run(_revision(service, phrase, url))


async def _revision(service: str, phrase: str, url: str) -> None:
    config = alembic_config(service, sandbox=True)

    def run(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        command.revision(
            config,
            phrase,
            autogenerate=True,
            rev_id=f"{service[:3]}{datetime.now(UTC):%Y%m%d%H%M}",
        )

    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(run)
    finally:
        await engine.dispose()


@cache
def newest(service: str) -> str | None:
    """The newest migration in the source."""
    return ScriptDirectory.from_config(alembic_config(service)).get_current_head()


async def stands_at_newest(connection: AsyncConnection, service: str) -> bool:
    """Whether the database stands at the newest migration."""
    found = await connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return bool(found == newest(service))


def _main(arguments: list[str]) -> int:
    from sqlalchemy import make_url

    match arguments:
        case ["upgrade", service]:
            settings = importlib.import_module(f"services.{service}.settings").settings()
            role = make_url(settings.database_url).username or ""
            if settings.migrator_database_url is None:
                raise SystemExit(
                    f"{service.upper()}_MIGRATOR_DATABASE_URL: migrations are run by the tables' owner"
                )
            upgrade(service, settings.migrator_database_url, role, sandbox=settings.sandbox)
        case ["revision", service, phrase]:
            from shared.database.embedded import throwaway_database

            with throwaway_database() as url:
                revision(service, phrase, url)
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
