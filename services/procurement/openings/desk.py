"""Where an opening session lives: the memory of the one worker that holds the tender's lock.

The lock belongs to a database connection of its own. When the process dies the connection goes,
and with it lock and key; the next worker that gets the lock begins a new session, and custodians
release again.
"""

import contextlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from services.procurement.custody.keys import service_keys
from shared.database.session import plain_dsn
from shared.errors import Unavailable
from shared.runtime import Runtime
from shared.sealing.suites import PRIVATE_SIZE

_LOCK = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))"


@dataclass(slots=True)
class Desk:
    """A session's key, and the connection that holds the lock of its tender."""

    session_id: UUID
    private: bytes = field(repr=False)
    lock: "asyncpg.Connection[Any]"
    tried: int = -1
    """How many releases there were when it was last tried to open."""

    @property
    def stands(self) -> bool:
        return not self.lock.is_closed()


_DESKS: dict[UUID, Desk] = {}


def desk_of(tender_id: UUID) -> Desk | None:
    """This process's desk for the tender, as long as its lock holds."""
    desk = _DESKS.get(tender_id)
    return desk if desk is not None and desk.stands else None


def desks_held() -> list[UUID]:
    """The tenders whose sessions this process owns."""
    return list(_DESKS)


async def take_desk(database_url: str, tender_id: UUID) -> Desk | None:
    """A new session with a new key; None when another worker holds the tender."""
    await leave_desk(tender_id)
    try:
        connection = await asyncpg.connect(plain_dsn(database_url), timeout=5)
        held = await connection.fetchval(_LOCK, f"opening of {tender_id}")
    except (OSError, asyncpg.PostgresError) as error:
        raise Unavailable() from error
    if not held:
        await connection.close()
        return None
    desk = Desk(uuid4(), secrets.token_bytes(PRIVATE_SIZE), connection)
    _DESKS[tender_id] = desk
    return desk


async def leave_desk(tender_id: UUID) -> None:
    """Forget the session's key and give the lock back."""
    desk = _DESKS.pop(tender_id, None)
    if desk is not None and desk.stands:
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await desk.lock.close(timeout=2)


@contextlib.asynccontextmanager
async def opening_desks(runtime: Runtime) -> AsyncIterator[None]:
    """For the service's start-up: its keys are read at once, its desks are left at the end."""
    service_keys(runtime.settings)
    try:
        yield
    finally:
        for tender_id in desks_held():
            await leave_desk(tender_id)
