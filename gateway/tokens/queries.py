"""Every SELECT about clients."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.tokens.models import Client


async def client_named(session: AsyncSession, client_id: str) -> Client | None:
    return await session.get(Client, client_id)


async def all_clients(session: AsyncSession) -> Sequence[Client]:
    return (await session.scalars(select(Client).order_by(Client.client_id))).all()


async def lately_revoked(session: AsyncSession, since: datetime) -> dict[str, float]:
    """Client → the moment before which its tokens are void, as far as such tokens can still live."""
    found = await session.execute(
        select(Client.client_id, Client.tokens_not_before).where(Client.tokens_not_before >= since)
    )
    return {client_id: moment.timestamp() for client_id, moment in found if moment is not None}
