"""Every SELECT about clients, their mandates, and the people who come by way of others."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.tokens.models import Client, ClientUse, MappedPerson, RecordedMandate, RevokedToken


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


async def clients_after(session: AsyncSession, client_id: str, limit: int) -> Sequence[Client]:
    """The next clients by name."""
    statement = (
        select(Client).where(Client.client_id > client_id).order_by(Client.client_id).limit(limit)
    )
    return (await session.scalars(statement)).all()


async def last_tokens(session: AsyncSession, client_ids: Sequence[str]) -> dict[str, datetime]:
    """When each of these clients was last issued a token."""
    found = await session.execute(
        select(ClientUse.client_id, ClientUse.last_token_at).where(
            ClientUse.client_id.in_(client_ids)
        )
    )
    return {row.client_id: row.last_token_at for row in found}


async def mandates_of(
    session: AsyncSession, client_ids: Sequence[str]
) -> Sequence[RecordedMandate]:
    """What was recorded for these clients and not ended, whatever its days; the oldest first."""
    statement = (
        select(RecordedMandate)
        .where(RecordedMandate.client_id.in_(client_ids), RecordedMandate.ended_at.is_(None))
        .order_by(RecordedMandate.client_id, RecordedMandate.first_day, RecordedMandate.id)
    )
    return (await session.scalars(statement)).all()


async def mandates_in_force(
    session: AsyncSession, client_id: str, day: date
) -> Sequence[RecordedMandate]:
    return [
        mandate
        for mandate in await mandates_of(session, [client_id])
        if mandate.first_day <= day <= mandate.last_day
    ]


async def all_mandates(session: AsyncSession) -> Sequence[RecordedMandate]:
    order = (RecordedMandate.client_id, RecordedMandate.first_day, RecordedMandate.id)
    return (await session.scalars(select(RecordedMandate).order_by(*order))).all()


async def person_of(session: AsyncSession, issuer: str, subject: str) -> MappedPerson | None:
    """The mapping of a person that was not ended, whatever its days."""
    statement = select(MappedPerson).where(
        MappedPerson.issuer == issuer,
        MappedPerson.subject == subject,
        MappedPerson.ended_at.is_(None),
    )
    return await session.scalar(statement)


async def all_people(session: AsyncSession) -> Sequence[MappedPerson]:
    order = (MappedPerson.issuer, MappedPerson.subject, MappedPerson.first_day)
    return (await session.scalars(select(MappedPerson).order_by(*order))).all()


async def lately_revoked(session: AsyncSession, since: datetime) -> dict[str, float]:
    """Client → the moment before which its tokens are void, as far as such tokens can still live."""
    found = await session.execute(
        select(Client.client_id, Client.tokens_not_before).where(Client.tokens_not_before >= since)
    )
    return {client_id: moment.timestamp() for client_id, moment in found if moment is not None}


async def tokens_revoked(session: AsyncSession, now: datetime) -> frozenset[str]:
    """Single tokens that were given back and have not expired yet."""
    statement = select(RevokedToken.token_id).where(RevokedToken.expires_at > now)
    return frozenset((await session.scalars(statement)).all())


async def number_revoked(session: AsyncSession, client_id: str) -> int:
    statement = select(func.count()).where(RevokedToken.client_id == client_id)
    return (await session.scalar(statement)) or 0
