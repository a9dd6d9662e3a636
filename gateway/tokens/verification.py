"""Verifying a token once, and knowing it again by its bytes until it expires.

A signature costs more than the rest of the way through the door, a look into a table nothing.
What makes a token genuine is `shared/tokens.py`'s to say: the services judge by the same lines.
"""

from gateway.tokens.keys import KeyRing
from shared.tokens import Caller, key_named_by, refused, verified

MOST_KEPT = 20_000


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
            raise refused("expired")
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
        scheme, _, token = authorization.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise refused("send `Bearer` and one token")
        key = self._keys.named(key_named_by(token))
        if key is None:
            raise refused("key")
        caller = verified(token, key, issuer=self._issuer, audience=self._audience, now=now)
        if caller.issued < self._void_before.get(caller.client_id, 0.0):
            raise refused("revoked")
        return caller
