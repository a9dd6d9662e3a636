"""Engines and sessions, made in the process that uses them (never before a fork)."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)


def make_engine(url: str, *, pool: int = 10, statement_seconds: float = 10) -> AsyncEngine:
    """An asyncpg engine whose statements give up after a while rather than hang."""
    engine = create_async_engine(
        url,
        pool_size=pool,
        max_overflow=pool,
        pool_pre_ping=False,
        pool_timeout=5,
        pool_recycle=1800,
        hide_parameters=True,  # what people file must not come into a log with a failing statement
        connect_args={
            "timeout": 5,
            "command_timeout": statement_seconds,
            "server_settings": {
                "jit": "off",
                "timezone": "UTC",
                # A process that stands still must not keep its locks from all others.
                "idle_in_transaction_session_timeout": "60s",
            },
        },
    )
    event.listen(engine.sync_engine, "handle_error", _silence_ends_all)
    return engine


def _silence_ends_all(context: ExceptionContext) -> None:
    """One connection that went silent speaks for the pool.

    A firewall may have forgotten them all; found one by one, each would cost a request its time.
    """
    if isinstance(context.original_exception, TimeoutError):
        context.is_disconnect = context.invalidate_pool_on_disconnect = True


def make_sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(engine, expire_on_commit=False)


DRIVER_SILENT = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""How the driver says that its database is gone; the last while its connection is torn down."""


@contextlib.asynccontextmanager
async def driver_of(engine: AsyncEngine) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """The driver's own connection, each statement by itself: for reads of what is never changed.

    The pool hears of no error that the driver raises: a dead connection is thrown away here, or the
    next would be given it again.
    """
    async with engine.connect() as connection:
        raw = await connection.get_raw_connection()
        driver: asyncpg.Connection[Any] = raw.driver_connection  # type: ignore[assignment]
        try:
            yield driver
        except DRIVER_SILENT:
            await connection.invalidate()
            raise


def plain_dsn(url: str) -> str:
    """The same address for asyncpg itself, without SQLAlchemy's driver name."""
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)
