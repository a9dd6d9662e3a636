"""Verifying a token once, and knowing it again by its bytes until it expires.

A signature costs more than the rest of the way through the door, a look into a table nothing.
"""

from dataclasses import dataclass
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError

from gateway.tokens.issuing import ALGORITHMS
from gateway.tokens.keys import KeyRing
from shared.errors import Unauthenticated
from shared.words import Text

LONGEST_TOKEN = 4096
MOST_KEPT = 20_000
LEEWAY_SECONDS = 5

_REFUSED = Text(zh="访问令牌无效：{why}", en="the access token is not valid: {why}")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a verified token speaks for, and until when."""

    client_id: str
    org: str | None
    roles: frozenset[str]
    issued: float
    expires: float


class TokenDesk:
    """One per process. What was revoked is told to it from time to time."""

    def __init__(self, keys: KeyRing, *, issuer: str, audience: str) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._kept: dict[bytes, Caller] = {}
        self._void_before: dict[str, float] = {}

    def caller(self, authorization: bytes, now: float) -> Caller:
        """Who is speaking, from the whole `Authorization` header."""
        caller = self._kept.get(authorization)
        if caller is None:
            caller = self._verified(authorization, now)
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[authorization] = caller
        if caller.expires <= now:
            self._kept.pop(authorization, None)
            raise _refused("expired")
        return caller

    def void(self, before: dict[str, float]) -> None:
        """Take note of revocations; everything kept is verified again when there is a new one."""
        if before != self._void_before:
            self._void_before = before
            self._kept.clear()

    def forget(self) -> None:
        """The keys have changed: nothing that was verified before counts."""
        self._kept.clear()

    def _verified(self, authorization: bytes, now: float) -> Caller:
        scheme, _, token = authorization.partition(b" ")
        if scheme.lower() != b"bearer" or not token or len(token) > LONGEST_TOKEN:
            raise _refused("send `Bearer` and one token")
        try:
            header = jws.extract_compact(token).headers()
            key = self._keys.named(header.get("kid"))
            if key is None or header.get("typ") != "at+jwt":
                raise _refused("not one of ours")
            claims = jwt.decode(token, key, algorithms=ALGORITHMS).claims
        except (JoseError, ValueError, TypeError):
            raise _refused("signature") from None
        return self._read(claims, now)

    def _read(self, claims: dict[str, Any], now: float) -> Caller:
        if claims.get("iss") != self._issuer or claims.get("aud") != self._audience:
            raise _refused("issuer or audience")
        try:
            caller = Caller(
                client_id=str(claims["client_id"]),
                org=claims["org"],
                roles=frozenset(claims["roles"]),
                issued=float(claims["iat"]),
                expires=float(claims["exp"]),
            )
        except (KeyError, TypeError, ValueError):
            raise _refused("claims") from None
        if caller.issued > now + LEEWAY_SECONDS:
            raise _refused("not yet")
        if caller.issued < int(self._void_before.get(caller.client_id, 0.0)):
            raise _refused("revoked")
        return caller


def _refused(why: str) -> Unauthenticated:
    return Unauthenticated(_REFUSED.filled(why=why))
