"""What an administrator can do with clients. `now` is machine time: business time never ages a secret.

A client is held while it is changed, and whoever is about to issue it a token waits for that
(`queries.client_asking`). So the moment of a revocation, read while it is held, lies after every
token that was issued on the old terms and before every one on the new.
"""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.tokens.models import Client
from gateway.tokens.queries import client_held, client_named
from gateway.tokens.rules import checked_client
from gateway.tokens.schemas import NewClient
from gateway.tokens.secrets import draw_secret, hash_secret, secret_matches
from shared.errors import Conflict, NotFound
from shared.words import Text

TAKEN = Text(zh="该客户端已存在", en="there is a client of this name already")
UNKNOWN = Text(zh="没有该客户端", en="there is no such client")


async def add_client(session: AsyncSession, wanted: NewClient, now: datetime) -> str:
    """Make a client; returns its secret, which nobody can read again."""
    if await client_named(session, wanted.client_id):
        raise Conflict(TAKEN)
    roles, org = checked_client(wanted.client_id, wanted.roles, wanted.org)
    secret = wanted.secret or draw_secret()
    session.add(
        Client(
            client_id=wanted.client_id,
            name=wanted.name,
            roles=roles,
            org=org,
            secret_hash=await asyncio.to_thread(hash_secret, secret),
            created_at=now,
            changed_at=now,
        )
    )
    return secret


async def update_client(
    session: AsyncSession,
    client_id: str,
    now: datetime,
    *,
    name: str | None = None,
    roles: Iterable[str] | None = None,
    org: str | None = None,
) -> Client:
    """Change what a client may do or for whom; tokens that say otherwise are void at once."""
    client = await _existing(session, client_id)
    held, code = checked_client(client_id, roles or client.roles, org or client.org)
    if (held, code) != (client.roles, client.org):
        _void_tokens(client)
    client.name, client.roles, client.org, client.changed_at = name or client.name, held, code, now
    return client


async def rotate_secret(session: AsyncSession, client_id: str, now: datetime) -> str:
    """Give a client another secret; tokens got with the old one are void at once."""
    client = await _existing(session, client_id)
    secret = draw_secret()
    client.secret_hash = await asyncio.to_thread(hash_secret, secret)
    client.changed_at = now
    _void_tokens(client)
    return secret


async def disable_client(session: AsyncSession, client_id: str, now: datetime) -> None:
    client = await _existing(session, client_id)
    client.disabled_at = client.changed_at = now
    _void_tokens(client)


async def enable_client(session: AsyncSession, client_id: str, now: datetime) -> None:
    client = await _existing(session, client_id)
    client.disabled_at, client.changed_at = None, now


async def ensure_clients(
    session: AsyncSession, wanted: Iterable[NewClient], now: datetime
) -> dict[str, str]:
    """Bring many clients to what they should be, as often as one likes.

    Returns the secrets of those that had to be drawn. The slow hashes are made side by side.
    """
    return {
        client_id: secret
        for client_id, secret in await asyncio.gather(
            *[
                _ensured(session, one, await client_held(session, one.client_id), now)
                for one in wanted
            ]
        )
        if secret is not None
    }


async def _ensured(
    session: AsyncSession, wanted: NewClient, client: Client | None, now: datetime
) -> tuple[str, str | None]:
    roles, org = checked_client(wanted.client_id, wanted.roles, wanted.org)
    if client is None:
        secret = wanted.secret or draw_secret()
        session.add(
            Client(
                client_id=wanted.client_id,
                name=wanted.name,
                roles=roles,
                org=org,
                secret_hash=await asyncio.to_thread(hash_secret, secret),
                created_at=now,
                changed_at=now,
            )
        )
        return wanted.client_id, None if wanted.secret else secret
    if wanted.secret and not await asyncio.to_thread(
        secret_matches, wanted.secret, client.secret_hash
    ):
        client.secret_hash = await asyncio.to_thread(hash_secret, wanted.secret)
        client.changed_at = now
        _void_tokens(client)
    if (client.name, client.roles, client.org) != (wanted.name, roles, org):
        client.name, client.roles, client.org = wanted.name, roles, org
        client.changed_at = now
        _void_tokens(client)
    return wanted.client_id, None


def _void_tokens(client: Client) -> None:
    client.tokens_not_before = datetime.now(UTC)


async def _existing(session: AsyncSession, client_id: str) -> Client:
    client = await client_held(session, client_id)
    if client is None:
        raise NotFound(UNKNOWN)
    return client
