"""The gateway's own database: clients, and nothing of the business."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

from shared.database.session import make_engine, make_sessions

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


@asynccontextmanager
async def one_transaction(url: str) -> AsyncIterator[AsyncSession]:
    """A transaction of its own connection, for commands run from a terminal."""
    engine = make_engine(url, pool=1)
    try:
        async with make_sessions(engine).begin() as session:
            yield session
    finally:
        await engine.dispose()
