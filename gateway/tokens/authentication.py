"""Which client is asking: by a secret (RFC 6749 §2.3.1) or by a signature (RFC 7523)."""

import asyncio
import base64
import binascii
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote_plus

from fastapi import Request
from sqlalchemy.dialects.postgresql import insert

from gateway.runtime import GatewayRuntime
from gateway.tokens.assertions import ASSERTION_TYPE, Assertion, asserting, verified_assertion
from gateway.tokens.forms import UnknownClient, malformed
from gateway.tokens.models import Client, UsedAssertion
from gateway.tokens.queries import client_asking
from gateway.tokens.secrets import LONGEST_SECRET, nobodys_hash, secret_matches
from shared.jwts import Malformed
from shared.words import Text

METHODS = ["client_secret_basic", "client_secret_post", "private_key_jwt"]
ONE_WAY = Text(zh="客户端凭据只能以一种方式提交", en="show who you are in one way only")


@dataclass(frozen=True, slots=True)
class Asking:
    """A client that has shown who it is, as of the moment before it was read.

    What is changed in the client later voids whatever is issued as of that moment.
    """

    client: Client
    now: float


async def client_of(request: Request, form: dict[str, str], gateway: GatewayRuntime) -> Asking:
    """The client, held to what it is now; or `UnknownClient`, whatever was wrong."""
    now = time.time()
    ways = [
        "authorization" in request.headers,
        "client_secret" in form,
        "client_assertion" in form or "client_assertion_type" in form,
    ]
    if ways.count(True) > 1:
        raise malformed(ONE_WAY)
    if ways[2]:
        return Asking(await _by_signature(form, gateway, now), now)
    basic = request.headers.get("authorization")
    pair = _basic(basic) if basic is not None else _named(form)
    return Asking(await _by_secret(*pair, gateway), now)


async def _by_secret(client_id: str, secret: str, gateway: GatewayRuntime) -> Client:
    if not client_id or not secret or len(client_id) > 64 or len(secret) > LONGEST_SECRET:
        raise UnknownClient()
    if "\x00" in client_id:
        raise UnknownClient()
    async with gateway.sessions() as session:
        client = await client_asking(session, client_id)
    kept = (client.secret_hash if client else None) or nobodys_hash()
    if not await _matches(gateway, secret, kept) or client is None or client.disabled_at:
        raise UnknownClient()
    return client


async def _by_signature(form: dict[str, str], gateway: GatewayRuntime, now: float) -> Client:
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise malformed(
            Text(
                zh=f"client_assertion_type 须为 {ASSERTION_TYPE}",
                en=f"client_assertion_type is {ASSERTION_TYPE}",
            )
        )
    text = form.get("client_assertion", "")
    try:
        client_id = asserting(text)
        if "\x00" in client_id or form.get("client_id", client_id) != client_id:
            raise UnknownClient()
        async with gateway.sessions() as session:
            client = await client_asking(session, client_id)
        if client is None or client.disabled_at:
            raise UnknownClient()
        assertion = verified_assertion(
            text,
            client_id=client_id,
            keys=client.keys,
            audiences=gateway.settings.assertion_audiences,
            now=now,
        )
    except Malformed:
        raise UnknownClient() from None
    await _take_once(assertion, gateway)
    return client


async def _take_once(assertion: Assertion, gateway: GatewayRuntime) -> None:
    """Of all processes only the first that writes it down takes it."""
    statement = (
        insert(UsedAssertion)
        .values(
            digest=assertion.digest,
            expires_at=datetime.fromtimestamp(assertion.expires, UTC),
        )
        .on_conflict_do_nothing()
        .returning(UsedAssertion.digest)
    )
    async with gateway.sessions.begin() as session:
        if await session.scalar(statement) is None:
            raise UnknownClient()


async def _matches(gateway: GatewayRuntime, secret: str, kept: str) -> bool:
    if gateway.secrets.knows(secret, kept):
        return True
    matches = await asyncio.to_thread(secret_matches, secret, kept)
    if matches:
        gateway.secrets.remember(secret, kept)
    return matches


def _named(form: dict[str, str]) -> tuple[str, str]:
    return form.get("client_id", ""), form.get("client_secret", "")


def _basic(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        raise UnknownClient()
    try:
        plain = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise UnknownClient() from None
    client_id, _, secret = plain.partition(":")
    return unquote_plus(client_id), unquote_plus(secret)
