"""Clients that have to be there from the first moment: the services' own, and those of a demo.

    register_clients(database_url, [NewClient("registry", "Registry", ("service",), secret=…), …])

For whoever starts the suite; it may be done again at every start.
"""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime

from gateway.database import one_transaction
from gateway.tokens.actions import ensure_clients
from gateway.tokens.schemas import NewClient


def register_clients(database_url: str, wanted: Iterable[NewClient]) -> dict[str, str]:
    """Bring them to what they should be; returns the secrets that had to be drawn."""
    return asyncio.run(_register(database_url, list(wanted)))


async def _register(database_url: str, wanted: list[NewClient]) -> dict[str, str]:
    async with one_transaction(database_url) as session:
        return await ensure_clients(session, wanted, datetime.now(UTC))
