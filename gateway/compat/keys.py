"""Giving out a client's HMAC key, finding it again, and using a nonce up."""

import secrets
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.compat.models import SigningKey, UsedNonce
from gateway.compat.signature import WINDOW_SECONDS, Algorithm, Signed
from gateway.tokens.queries import client_held
from shared.errors import NotFound
from shared.sensitive import Vault
from shared.words import Text

UNKNOWN = Text(zh="没有该客户端", en="there is no such client")
CLOCKS_DIFFER_SECONDS = 60
"""So much longer is a nonce kept: gateways need not agree to the second."""


@dataclass(frozen=True, slots=True)
class Key:
    algorithm: Algorithm
    secret: bytes


async def give_key(
    session: AsyncSession, vault: Vault, client_id: str, algorithm: Algorithm, now: datetime
) -> str:
    """Draw a client's key and return it, once; the one before is good no more."""
    if await client_held(session, client_id) is None:
        raise NotFound(UNKNOWN)
    drawn = secrets.token_urlsafe(32)
    kept = {
        "algorithm": algorithm.value,
        "sealed": vault.seal(_labelled(client_id, drawn.encode())),
        "created_at": now,
    }
    row = insert(SigningKey).values(client_id=client_id, **kept)
    await session.execute(row.on_conflict_do_update(index_elements=["client_id"], set_=kept))
    return drawn


async def withdraw_key(session: AsyncSession, client_id: str) -> None:
    await session.execute(delete(SigningKey).where(SigningKey.client_id == client_id))


async def key_of(session: AsyncSession, vault: Vault, client_id: str) -> Key | None:
    found = await session.get(SigningKey, client_id)
    if found is None:
        return None
    plain, label = vault.unseal(found.sealed), _labelled(client_id, b"")
    if not plain.startswith(label):
        return None  # another client's, moved here
    return Key(Algorithm(found.algorithm), plain.removeprefix(label))


async def use_up(session: AsyncSession, signed: Signed) -> bool:
    """Whether the nonce was new. Two processes that are shown the same meet in the database."""
    until = signed.timestamp + WINDOW_SECONDS + CLOCKS_DIFFER_SECONDS
    row = insert(UsedNonce).values(client_id=signed.client, nonce=signed.nonce, until=until)
    new = await session.scalar(row.on_conflict_do_nothing().returning(UsedNonce.nonce))
    return new is not None


def forget_old_nonces(session: AsyncSession, now: float) -> Awaitable[Any]:
    return session.execute(delete(UsedNonce).where(UsedNonce.until < int(now)))


def _labelled(client_id: str, secret: bytes) -> bytes:
    return client_id.encode() + b"\x00" + secret
