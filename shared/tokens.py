"""Verifying tokens: what a genuine one looks like, the gateway's public keys, and what is known.

The door and every service judge a token by the same lines: `key_named_by`, then `verified`.
Verifying a signature costs more than the rest of a request's plumbing, so a verified token is kept
by its bytes until it expires; its expiry is checked each time.
"""

import base64
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from shared.actor import Actor
from shared.errors import Unauthenticated
from shared.words import Text

ALGORITHMS = ["Ed25519"]
TYPE = "at+jwt"
MAX_TOKEN_BYTES = 4096
MAX_KEPT = 10_000
FETCH_PAUSE_SECONDS = 5.0
LEEWAY_SECONDS = 5

Fetch = Callable[[], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a verified token speaks for, since when and until when."""

    client_id: str
    org: str | None
    roles: frozenset[str]
    issued: float
    expires: float


def refused(why: str) -> Unauthenticated:
    return Unauthenticated(Text(zh="访问令牌无效", en=f"the access token is not valid: {why}"))


def key_named_by(token: str) -> str:
    """The `kid` of a token that is written as the gateway writes its own; nothing is verified yet.

    Its header has three members and no other. So a key that a token brings along, or the address
    of one, is never looked at, and `crit` can demand nothing.
    """
    if len(token) > MAX_TOKEN_BYTES:
        raise refused("too long")
    parts = [_octets(part) for part in token.split(".")]
    if len(parts) != 3:
        raise refused("not a JWT")
    header = _object(parts[0])
    kid = header.get("kid")
    if header.keys() != {"alg", "typ", "kid"} or not isinstance(kid, str):
        raise refused("header")
    if header["alg"] not in ALGORITHMS or header["typ"] != TYPE:
        raise refused("algorithm or type")
    return kid


def verified(token: str, key: Key, *, issuer: str, audience: str, now: float) -> Caller:
    """What a token says whose signature is good and whose time is now."""
    try:
        payload = jws.deserialize_compact(token, key, algorithms=ALGORITHMS).payload
    except (JoseError, ValueError):
        raise refused("signature") from None
    claims = _object(payload)
    if claims.get("iss") != issuer or claims.get("aud") != audience:
        raise refused("issuer or audience")
    issued, expires = _moment(claims, "iat"), _moment(claims, "exp")
    if expires <= now:
        raise refused("expired")
    if max(issued, _moment(claims, "nbf", issued)) > now + LEEWAY_SECONDS:
        raise refused("not yet")
    client_id, org, roles = claims.get("client_id"), claims.get("org"), claims.get("roles")
    if not isinstance(client_id, str) or not isinstance(org, str | None):
        raise refused("claims")
    if not isinstance(roles, list) or not roles or not all(isinstance(r, str) for r in roles):
        raise refused("claims")
    return Caller(client_id, org, frozenset(roles), issued, expires)


def _moment(claims: dict[str, Any], name: str, otherwise: float | None = None) -> float:
    found = claims.get(name, otherwise)
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found < 2**53:
        raise refused("claims")
    return float(found)


def _octets(part: str) -> bytes:
    """Base64url in its one spelling: otherwise a changed token could still be the same one."""
    try:
        found = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        raise refused("not a JWT") from None
    if base64.urlsafe_b64encode(found).decode().rstrip("=") != part:
        raise refused("not a JWT")
    return found


def _object(text: bytes) -> dict[str, Any]:
    """A JSON object in which no name stands twice and every number is one."""
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise refused("not a JWT") from None
    if not isinstance(found, dict):
        raise refused("not a JWT")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


class TokenVerifier:
    """Turns a bearer token into an `Actor`, or refuses it. One per process.

    `fetch` gets the issuer's JWKS; it is asked again, at most every five seconds, when a token
    names a key that is not known.
    """

    def __init__(self, *, issuer: str, audience: str, fetch: Fetch) -> None:
        self._issuer = issuer
        self._audience = audience
        self._fetch = fetch
        self._keys: dict[str | None, Key] = {}
        self._fetched_at = 0.0
        self._kept: dict[str, tuple[float, Actor]] = {}

    async def actor(self, token: str) -> Actor:
        kept = self._kept.get(token)
        if kept is None:
            kept = await self._verify(token)
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            self._kept[token] = kept
        expires, actor = kept
        if expires <= time.time():
            self._kept.pop(token, None)
            raise refused("expired")
        return actor

    async def _verify(self, token: str) -> tuple[float, Actor]:
        key = await self._key(key_named_by(token))
        caller = verified(token, key, issuer=self._issuer, audience=self._audience, now=time.time())
        return caller.expires, Actor(caller.client_id, caller.org, caller.roles)

    async def _key(self, kid: str) -> Key:
        if kid not in self._keys and time.monotonic() - self._fetched_at >= FETCH_PAUSE_SECONDS:
            found = KeySet.import_key_set(await self._fetch())  # type: ignore[arg-type]
            self._keys = {key.kid: key for key in found.keys}
            self._fetched_at = time.monotonic()
        if kid not in self._keys:
            raise refused("key")
        return self._keys[kid]
