"""What one process of a service holds: made after the fork, closed at the end."""

from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from starlette.requests import Request

from shared.journal.identity import JournalIdentity
from shared.journal.positions import FeedSignal
from shared.metrics import Metrics
from shared.tokens import TokenVerifier
from shared.words import Text


@dataclass(slots=True)
class Runtime:
    """The service's name, settings, database and ways to reach others."""

    service: str
    settings: Any
    engine: AsyncEngine
    sessions: async_sessionmaker[AsyncSession]
    verifier: TokenVerifier
    http: httpx.AsyncClient
    """Reaches the gateway, and others only through it."""
    metrics: Metrics
    journal: JournalIdentity
    journal_dispute: Text | None = None
    """Why no change is taken: the database holds less than was signed."""
    hot: "asyncpg.Pool[Any] | None" = None
    """Connections of the hot paths, where the service has any."""
    feed: FeedSignal = field(default_factory=FeedSignal)
    worker: Any = None
    """The worker inside this process, when there is one."""
    extras: dict[str, Any] = field(default_factory=dict)
    """What a service opened for itself in its start-up, by name."""


def runtime_of(request: Request) -> Runtime:
    runtime: Runtime = request.app.state.runtime
    return runtime
