"""What the gateway's migrations make is what its models say, and no service's table is among it."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import create_async_engine

from gateway import migrations
from gateway.tokens.models import Client
from gateway.webhooks.models import Subscription
from shared.records.receipts import receipt
from tests.support.databases import Databases, asyncpg_url


async def test_migrations_make_what_the_models_say(databases: Databases) -> None:
    databases.template("gateway", migrations.upgrade)
    _, superuser_url = databases.clone("gateway")
    assert Client.metadata is Subscription.metadata
    receipts = MetaData()
    receipt.to_metadata(receipts)

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, [Client.metadata, receipts])  # type: ignore[arg-type]

    engine = create_async_engine(asyncpg_url(superuser_url))
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    databases.drop(superuser_url)

    assert found == []
