"""Access tokens: JWTs by RFC 9068, signed with Ed25519, ten minutes at most."""

from collections.abc import Sequence
from uuid import uuid4

from joserfc import jwt

from gateway.tokens.keys import KeyRing
from shared.tokens import ALGORITHMS, TYPE


class Issuer:
    """Signs what the gateway vouches for."""

    def __init__(self, keys: KeyRing, *, issuer: str, audience: str, seconds: int) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self.seconds = seconds

    def issue(self, client_id: str, roles: Sequence[str], org: str | None, now: float) -> str:
        """`iat` is to the microsecond: a revocation voids what is older, within one second too."""
        kid, key = self._keys.signing(now)
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": client_id,
            "client_id": client_id,
            "org": org,
            "roles": list(roles),
            "mandates": [],
            "iat": now,
            "exp": int(now) + self.seconds,
            "jti": str(uuid4()),
        }
        header = {"alg": "Ed25519", "typ": TYPE, "kid": kid}
        return jwt.encode(header, claims, key, algorithms=ALGORITHMS)
