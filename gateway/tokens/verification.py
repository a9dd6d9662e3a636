"""Verifying a token once, and knowing it again by its bytes until it expires.

A signature costs more than the rest of the way through the door, a look into a table nothing.
What makes a token genuine is `shared/tokens.py`'s to say: the services judge by the same lines.
"""

from gateway.tokens.keys import KeyRing
from shared.revocations import Revocations
from shared.tokens import Caller, key_named_by, refused, verified

MOST_KEPT = 20_000


class TokenDesk:
    """One per process. What was revoked is told to it from time to time."""

    def __init__(self, keys: KeyRing, *, issuer: str, audience: str) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._kept: dict[bytes, Caller] = {}
        self._revocations = Revocations()

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

    def void(self, found: Revocations) -> None:
        """Take note of revocations; everything kept is verified again when there is a new one."""
        if found != self._revocations:
            self._revocations = found
            self._kept.clear()

    def forget(self) -> None:
        """The keys have changed: nothing that was verified before counts."""
        self._kept.clear()

    def read(self, token: str, now: float) -> Caller:
        """What a token of ours says, revoked or not."""
        key = self._keys.named(key_named_by(token))
        if key is None:
            raise refused("key")
        return verified(token, key, issuer=self._issuer, audience=self._audience, now=now)

    def _verified(self, authorization: bytes, now: float) -> Caller:
        scheme, _, token = authorization.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise refused("send `Bearer` and one token")
        caller = self.read(token, now)
        if self._revocations.voids(caller):
            raise refused("revoked")
        return caller
