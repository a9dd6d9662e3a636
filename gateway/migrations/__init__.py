"""The gateway's migrations, and how they are run."""

import asyncio
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from shared.database.migrations import one_at_a_time

FOLDER = Path(__file__).parent
LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "60s"
WEBHOOKS = (
    "webhook_subscription",
    "webhook_turn",
    "webhook_delivery",
    "webhook_cursor",
    "webhook_replay",
)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config


HEAD = ScriptDirectory.from_config(_config()).get_current_head()


def upgrade(url: str, runtime_role: str) -> None:
    """Bring the gateway's database to the newest state. `url` is the migrator's."""
    asyncio.run(_upgrade(url, runtime_role))


async def _upgrade(url: str, runtime_role: str) -> None:
    config = _config()

    def run(connection: Connection) -> None:
        config.attributes["connection"] = connection
        one_at_a_time(connection)
        command.upgrade(config, "head")
        _grant(connection, runtime_role)

    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(run)
    finally:
        await engine.dispose()


def _grant(connection: Connection, runtime_role: str) -> None:
    """The runtime role keeps clients but owns nothing, so it cannot re-grant itself anything."""
    role = connection.dialect.identifier_preparer.quote(runtime_role)
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(WEBHOOKS)} TO {role}",
        f"GRANT SELECT, INSERT, DELETE ON receipt TO {role}",
        f"GRANT SELECT, INSERT, UPDATE ON client, client_use, mandate, person TO {role}",
        f"GRANT SELECT, INSERT, DELETE ON used_assertion, revoked_token TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON compat_key, compat_nonce TO {role}",
        f"GRANT SELECT ON alembic_version TO {role}",
    ):
        connection.execute(sa.text(statement))


async def head_is_current(connection: AsyncConnection) -> bool:
    """Whether the database stands at the newest migration of this source."""
    found = await connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return bool(found == HEAD)
