"""What the migrations make is what the models say, and the runtime role has no more than it needs."""

import importlib

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from shared.journal.rows import RECORDS
from tests.architecture.house import ROOT, SERVICES
from tests.support.databases import asyncpg_url, migrate_service


@pytest.mark.parametrize("service", SERVICES)
async def test_migrations_make_what_the_models_say(databases, service):
    databases.template(service, migrate_service(service))
    _, superuser_url = databases.clone(service)
    importlib.import_module(f"services.{service}.app")
    metadata = importlib.import_module(f"services.{service}.database").Base.metadata

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, [metadata, RECORDS])  # type: ignore[arg-type]

    engine = create_async_engine(asyncpg_url(superuser_url))
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    databases.drop(superuser_url)

    assert found == []


@pytest.mark.parametrize("service", SERVICES)
async def test_the_runtime_role_cannot_rewrite_the_journal(databases, service):
    databases.template(service, migrate_service(service))
    runtime_url, superuser_url = databases.clone(service)
    connection = await asyncpg.connect(runtime_url.replace("+asyncpg", ""))
    for statement in (
        "UPDATE journal SET kind = kind",
        "DELETE FROM journal",
        "TRUNCATE journal_position",
        "ALTER TABLE journal DISABLE TRIGGER ALL",
        "CREATE OR REPLACE FUNCTION business_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()
    databases.drop(superuser_url)


@pytest.mark.parametrize("service", SERVICES)
def test_migration_files_carry_a_day_and_a_phrase(service):
    versions = sorted((ROOT / "services" / service / "migrations" / "versions").glob("*.py"))

    assert versions
    for path in versions:
        day, _, phrase = path.stem.partition("_")
        assert len(day.split("-")) == 4, path.name
        assert phrase, path.name
