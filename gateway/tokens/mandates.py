"""Recording for whom a client acts, and for whom a person of another's provider is let in.

Both run by legal days in Asia/Shanghai, first and last included. What is in force is judged by the
machine's clock, as every end of a token is: business time of a sandbox never ages a right. A
service that decides on a day of business time finds both days in the token and judges for itself.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from gateway.tokens.actions import existing_client, void_tokens
from gateway.tokens.models import MappedPerson, RecordedMandate
from gateway.tokens.queries import mandates_in_force, mandates_of, person_of
from gateway.tokens.rules import MANDATED, MOST_MANDATES, checked_mandate, checked_person
from gateway.tokens.schemas import NewMandate, NewPerson
from shared.actor import Mandate
from shared.days import day_of
from shared.errors import Conflict, NotFound
from shared.words import Text

TOO_MANY = Text(
    zh=f"同一客户端同时有效的委托不超过 {MOST_MANDATES} 项，请使用另一客户端",
    en=f"one client has at most {MOST_MANDATES} mandates on a day: give the others to another client",
)
NO_MANDATE = Text(zh="没有该委托", en="there is no such mandate, or it was ended")
NO_PERSON = Text(zh="没有该人员的对应关系", en="that person is not mapped, or no more")
MAPPED = Text(
    zh="该人员已有对应客户端，请先终止", en="that person is mapped already: end that first"
)


async def add_mandate(session: AsyncSession, wanted: NewMandate, now: datetime) -> UUID:
    """Record a mandate; tokens issued from its first day on carry it."""
    client = await existing_client(session, wanted.client_id)
    roles, org = checked_mandate(
        client.roles, wanted.roles, wanted.org, wanted.first_day, wanted.last_day, wanted.document
    )
    beside = [
        one
        for one in await mandates_of(session, [wanted.client_id])
        if one.first_day <= wanted.last_day and wanted.first_day <= one.last_day
    ]
    if len(beside) >= MOST_MANDATES:
        raise Conflict(TOO_MANY)
    recorded = RecordedMandate(
        client_id=wanted.client_id,
        org=org,
        roles=roles,
        first_day=wanted.first_day,
        last_day=wanted.last_day,
        document=wanted.document.strip(),
        added_at=now,
    )
    session.add(recorded)
    await session.flush()
    return recorded.id


async def end_mandate(session: AsyncSession, mandate_id: UUID, now: datetime) -> None:
    """End it before its day; tokens that carry it are void at once."""
    recorded = await session.get(RecordedMandate, mandate_id)
    if recorded is None or recorded.ended_at is not None:
        raise NotFound(NO_MANDATE)
    client = await existing_client(session, recorded.client_id)
    recorded.ended_at = now
    void_tokens(client)


async def map_person(session: AsyncSession, wanted: NewPerson, now: datetime) -> UUID:
    """Let a person in with the rights of a client, on these days."""
    client = await existing_client(session, wanted.client_id)
    checked_person(wanted.subject, client.roles, wanted.first_day, wanted.last_day)
    if await person_of(session, wanted.issuer, wanted.subject):
        raise Conflict(MAPPED)
    mapped = MappedPerson(
        issuer=wanted.issuer,
        subject=wanted.subject,
        client_id=wanted.client_id,
        first_day=wanted.first_day,
        last_day=wanted.last_day,
        added_at=now,
    )
    session.add(mapped)
    await session.flush()
    return mapped.id


async def unmap_person(session: AsyncSession, issuer: str, subject: str, now: datetime) -> None:
    """Let a person in no more. All tokens on that client's rights are void at once."""
    mapped = await person_of(session, issuer, subject)
    if mapped is None:
        raise NotFound(NO_PERSON)
    client = await existing_client(session, mapped.client_id)
    mapped.ended_at = now
    void_tokens(client)


async def carried_by(
    sessions: async_sessionmaker[AsyncSession], client_id: str, roles: Iterable[str], now: float
) -> list[Mandate]:
    """The mandates in force that a token of this client carries."""
    if MANDATED.isdisjoint(roles):
        return []
    async with sessions() as session:
        found = await mandates_in_force(session, client_id, legal_day(now))
    return [as_carried(one) for one in found]


def legal_day(now: float) -> date:
    """The day in Asia/Shanghai of a moment of the machine's clock."""
    return day_of(datetime.fromtimestamp(now, UTC))


def as_carried(recorded: RecordedMandate) -> Mandate:
    """The mandate as a token carries it."""
    return Mandate(
        recorded.org,
        frozenset(recorded.roles),
        recorded.first_day,
        recorded.last_day,
        recorded.document,
    )
