"""Verifying tokens: the gateway's public keys, and what was verified already.

Verifying a signature costs more than the rest of a request's plumbing, so a verified token is kept
by its bytes until it expires; its expiry is checked each time.
"""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared.actor import Actor
from shared.errors import Unauthenticated
from shared.words import Text

ALGORITHMS = ["Ed25519"]
MAX_TOKEN_BYTES = 4096
MAX_KEPT = 10_000
FETCH_PAUSE_SECONDS = 5.0
LEEWAY_SECONDS = 5

Fetch = Callable[[], Awaitable[dict[str, Any]]]


def _refused(why: str) -> Unauthenticated:
    return Unauthenticated(Text(zh="访问令牌无效", en=f"the access token is not valid: {why}"))


class TokenVerifier:
    """Turns a bearer token into an `Actor`, or refuses it. One per process.

    `fetch` gets the issuer's JWKS; it is asked again, at most every five seconds, when a token
    names a key that is not known.
    """

    def __init__(self, *, issuer: str, audience: str, fetch: Fetch) -> None:
        self._issuer = issuer
        self._audience = audience
        self._fetch = fetch
        self._keys: KeySet | None = None
        self._fetched_at = 0.0
        self._kept: dict[str, tuple[float, Actor]] = {}

    async def actor(self, token: str) -> Actor:
        if len(token) > MAX_TOKEN_BYTES:
            raise _refused("too long")
        kept = self._kept.get(token)
        if kept is None:
            kept = await self._verify(token)
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            self._kept[token] = kept
        expires, actor = kept
        if expires <= time.time():
            self._kept.pop(token, None)
            raise _refused("expired")
        return actor

    async def _verify(self, token: str) -> tuple[float, Actor]:
        await self._know_key_of(token)
        if self._keys is None:
            raise _refused("no keys")
        try:
            verified = jwt.decode(token, self._keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError, RecursionError):
            raise _refused("signature") from None
        if verified.header.get("typ") != "at+jwt":
            raise _refused("type")
        return self._read(verified.claims)

    async def _know_key_of(self, token: str) -> None:
        kid = _header(token).get("kid")
        known = self._keys is not None and any(key.kid == kid for key in self._keys.keys)
        if not known and time.monotonic() - self._fetched_at >= FETCH_PAUSE_SECONDS:
            found = await self._fetch()
            self._keys = KeySet.import_key_set(found)  # type: ignore[arg-type]
            self._fetched_at = time.monotonic()

    def _read(self, claims: dict[str, Any]) -> tuple[float, Actor]:
        now = time.time()
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        expires = claims.get("exp")
        roles = claims.get("roles")
        client_id = claims.get("client_id")
        if claims.get("iss") != self._issuer or self._audience not in audiences:
            raise _refused("issuer or audience")
        if not isinstance(expires, int | float) or expires <= now:
            raise _refused("expired")
        for name in ("nbf", "iat"):
            start = claims.get(name, 0)
            if not isinstance(start, int | float) or start > now + LEEWAY_SECONDS:
                raise _refused("not yet")
        if not isinstance(client_id, str) or not isinstance(roles, list) or not roles:
            raise _refused("claims")
        org = claims.get("org")
        return float(expires), Actor(client_id, org, frozenset(str(role) for role in roles))


def _header(token: str) -> dict[str, Any]:
    import base64
    import json

    try:
        first = token.split(".", 1)[0]
        found = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (ValueError, RecursionError):
        raise _refused("not a JWT") from None
    if not isinstance(found, dict) or found.get("alg") not in ALGORITHMS:
        raise _refused("algorithm")
    return found
