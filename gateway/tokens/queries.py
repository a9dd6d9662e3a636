"""Every SELECT about clients."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.tokens.models import Client


async def client_named(session: AsyncSession, client_id: str) -> Client | None:
    return await session.get(Client, client_id)


async def client_held(session: AsyncSession, client_id: str) -> Client | None:
    """The client, to be changed: nobody is issued a token for it meanwhile."""
    return await session.get(Client, client_id, with_for_update=True)


async def client_asking(session: AsyncSession, client_id: str) -> Client | None:
    """The client that wants a token; a change under way is waited for."""
    return await session.get(Client, client_id, with_for_update={"read": True})


async def all_clients(session: AsyncSession) -> Sequence[Client]:
    return (await session.scalars(select(Client).order_by(Client.client_id))).all()


async def lately_revoked(session: AsyncSession, since: datetime) -> dict[str, float]:
    """Client → the moment before which its tokens are void, as far as such tokens can still live."""
    found = await session.execute(
        select(Client.client_id, Client.tokens_not_before).where(Client.tokens_not_before >= since)
    )
    return {client_id: moment.timestamp() for client_id, moment in found if moment is not None}
