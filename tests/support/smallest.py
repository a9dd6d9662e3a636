"""The smallest service there can be, on a real database: what the kernel promises is tried on it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from shared.database.migrations import build_foundation, build_proof, grant_runtime
from tests.integration.kernel import sample as sample_service
from tests.support.databases import Databases
from tests.support.service import ServiceUnderTest, serving


def _migrate(url: str, runtime_role: str) -> None:
    def build(connection: Connection) -> None:
        build_foundation(connection, sandbox=True)
        build_proof(connection)
        sample_service.Base.metadata.create_all(connection)
        connection.execute(text("CREATE TABLE alembic_version (version_num text)"))
        grant_runtime(connection, runtime_role)

    async def run() -> None:
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            await connection.run_sync(build)
        await engine.dispose()

    asyncio.run(run())


@pytest.fixture
async def sample(databases: Databases, tmp_path: Path) -> AsyncIterator[ServiceUnderTest]:
    databases.template("sample", _migrate)
    url, superuser_url = databases.clone("sample")
    settings = sample_service.Settings(
        database_url=url,
        client_id="sample",
        client_secret="only-for-tests",
        secret_key="only-for-tests-0123456789-abcdefghij-KLMNOP",
        sandbox=True,
        worker_inline=False,
        log_level="ERROR",
        database_pool=4,
        journal_key_directory=tmp_path,
    )
    async with serving("sample", sample_service.app, settings, superuser_url) as it:
        yield it
    databases.drop(superuser_url)
