"""What an administrator can do with clients. `now` is machine time: business time never ages a secret.

A client is held while it is changed, and whoever is about to issue it a token waits for that
(`queries.client_asking`). So the moment of a revocation, read while it is held, lies after every
token that was issued on the old terms and before every one on the new.
"""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.tokens.models import Client, ClientUse, RevokedToken, UsedAssertion
from gateway.tokens.public_keys import checked_keys
from gateway.tokens.queries import client_held, client_named, number_revoked
from gateway.tokens.rules import checked_client
from gateway.tokens.schemas import NewClient
from gateway.tokens.secrets import draw_secret, hash_secret, secret_matches
from shared.errors import Conflict, NotFound
from shared.tokens import LEEWAY_SECONDS
from shared.words import Text

TAKEN = Text(zh="该客户端已存在", en="there is a client of this name already")
UNKNOWN = Text(zh="没有该客户端", en="there is no such client")
MOST_REVOKED = 100
"""Single tokens of one client that are told one by one: the list stays short."""
NO_SUCH_KEY = Text(zh="该客户端没有此公钥", en="the client has no such key")


async def add_client(session: AsyncSession, wanted: NewClient, now: datetime) -> str | None:
    """Make a client; returns its secret, which nobody can read again, or None when it has none."""
    if await client_named(session, wanted.client_id):
        raise Conflict(TAKEN)
    return await _made(session, wanted, now)


async def _made(session: AsyncSession, wanted: NewClient, now: datetime) -> str | None:
    roles, org = checked_client(wanted.client_id, wanted.roles, wanted.org)
    keys = checked_keys(wanted.keys)
    secret = None if wanted.without_secret else wanted.secret or draw_secret()
    session.add(
        Client(
            client_id=wanted.client_id,
            name=wanted.name,
            roles=roles,
            org=org,
            secret_hash=secret and await asyncio.to_thread(hash_secret, secret),
            keys=keys,
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
    client = await existing_client(session, client_id)
    held, code = checked_client(client_id, roles or client.roles, org or client.org)
    if (held, code) != (client.roles, client.org):
        void_tokens(client)
    client.name, client.roles, client.org, client.changed_at = name or client.name, held, code, now
    return client


async def rotate_secret(session: AsyncSession, client_id: str, now: datetime) -> str:
    """Give a client another secret; tokens got with the old one are void at once."""
    client = await existing_client(session, client_id)
    secret = draw_secret()
    client.secret_hash = await asyncio.to_thread(hash_secret, secret)
    client.changed_at = now
    void_tokens(client)
    return secret


async def drop_secret(session: AsyncSession, client_id: str, now: datetime) -> None:
    """From now on only a key opens; tokens got with the secret are void at once."""
    client = await existing_client(session, client_id)
    client.secret_hash, client.changed_at = None, now
    void_tokens(client)


async def add_keys(session: AsyncSession, client_id: str, found: Any, now: datetime) -> list[str]:
    """Let the holders of further keys in as this client; returns the names of all its keys.

    The old key goes on being taken beside the new one until somebody removes it.
    """
    client = await existing_client(session, client_id)
    client.keys = checked_keys([*client.keys, *checked_keys(found)])
    client.changed_at = now
    return [key["kid"] for key in client.keys]


async def remove_key(session: AsyncSession, client_id: str, kid: str, now: datetime) -> None:
    """Take a key no more; tokens that were got with any are void at once."""
    client = await existing_client(session, client_id)
    kept = [key for key in client.keys if key["kid"] != kid]
    if len(kept) == len(client.keys):
        raise NotFound(NO_SUCH_KEY)
    client.keys, client.changed_at = kept, now
    void_tokens(client)


async def disable_client(session: AsyncSession, client_id: str, now: datetime) -> None:
    client = await existing_client(session, client_id)
    client.disabled_at = client.changed_at = now
    void_tokens(client)


async def enable_client(session: AsyncSession, client_id: str, now: datetime) -> None:
    client = await existing_client(session, client_id)
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
    if client is None:
        secret = await _made(session, wanted, now)
        return wanted.client_id, None if wanted.secret else secret
    changed = await _secret_renewed(client, wanted)
    roles, org = checked_client(wanted.client_id, wanted.roles, wanted.org)
    told = (wanted.name, roles, org, checked_keys(wanted.keys))
    if (client.name, client.roles, client.org, client.keys) != told:
        client.name, client.roles, client.org, client.keys = told
        changed = True
    if changed:
        client.changed_at = now
        void_tokens(client)
    return wanted.client_id, None


async def _secret_renewed(client: Client, wanted: NewClient) -> bool:
    """Whether the client's secret had to be changed to what it should be."""
    kept = client.secret_hash
    if wanted.without_secret:
        client.secret_hash = None
        return kept is not None
    if wanted.secret is None or (
        kept is not None and await asyncio.to_thread(secret_matches, wanted.secret, kept)
    ):
        return False
    client.secret_hash = await asyncio.to_thread(hash_secret, wanted.secret)
    return True


async def revoke_token(
    session: AsyncSession, client_id: str, token_id: str, expires: float
) -> None:
    """Void one token. A client that gives back very many has all of them voided instead."""
    if await number_revoked(session, client_id) >= MOST_REVOKED:
        void_tokens(await existing_client(session, client_id))
        return
    values = {
        "token_id": token_id,
        "client_id": client_id,
        "expires_at": datetime.fromtimestamp(expires, UTC),
    }
    await session.execute(insert(RevokedToken).values(values).on_conflict_do_nothing())


async def note_use(session: AsyncSession, issued: Mapping[str, float]) -> None:
    """Write down when clients were last issued tokens; in one order, so that no two wait crosswise."""
    for client_id, at in sorted(issued.items()):
        moment = datetime.fromtimestamp(at, UTC)
        statement = insert(ClientUse).values(client_id=client_id, last_token_at=moment)
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=[ClientUse.client_id],
                set_={"last_token_at": func.greatest(ClientUse.last_token_at, moment)},
            )
        )


async def forget_spent(session: AsyncSession, now: datetime) -> None:
    """Drop assertions and tokens that have expired: they are refused for that already.

    An assertion is kept a little longer than it lives, for processes whose clocks differ.
    """
    longest = timedelta(seconds=2 * LEEWAY_SECONDS)
    await session.execute(delete(UsedAssertion).where(UsedAssertion.expires_at < now - longest))
    await session.execute(delete(RevokedToken).where(RevokedToken.expires_at < now - longest))


def void_tokens(client: Client) -> None:
    """What was issued on the old terms is void; the client is held, so nothing is issued meanwhile."""
    client.tokens_not_before = datetime.now(UTC)


async def existing_client(session: AsyncSession, client_id: str) -> Client:
    client = await client_held(session, client_id)
    if client is None:
        raise NotFound(UNKNOWN)
    return client
