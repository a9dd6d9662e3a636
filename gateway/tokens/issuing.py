"""Access tokens: JWTs by RFC 9068, signed with Ed25519, ten minutes at most.

A token never outlives what it was issued on: a mandate, a person's term, a provider's token.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from joserfc import jwt

from gateway.tokens.keys import KeyRing
from shared.actor import Mandate, Person
from shared.days import end_of
from shared.tokens import ALGORITHMS, TYPE


@dataclass(frozen=True, slots=True)
class Hands:
    """Through whose hands a person's request comes: the platform that asked for the token."""

    platform: str
    person: Person

    def claim(self) -> dict[str, Any]:
        """RFC 8693 §4.1: the outermost is who acts now, the next in is for whom that one acts."""
        person = {"iss": self.person.issuer, "sub": self.person.subject}
        return {"sub": self.platform, "act": person}


class Issuer:
    """Signs what the gateway vouches for."""

    def __init__(self, keys: KeyRing, *, issuer: str, audience: str, seconds: int) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self.seconds = seconds

    def issue(
        self,
        client_id: str,
        roles: Sequence[str],
        org: str | None,
        now: float,
        *,
        mandates: Iterable[Mandate] = (),
        hands: Hands | None = None,
        until: float | None = None,
    ) -> str:
        """`iat` is to the microsecond: a revocation voids what is older, within one second too."""
        kid, key = self._keys.signing(now)
        relied_on = list(mandates)
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": client_id,
            "client_id": client_id if hands is None else hands.platform,
            "org": org,
            "roles": list(roles),
            "mandates": [_written(mandate) for mandate in relied_on],
            "iat": now,
            "exp": self.end(now, relied_on, until),
            "jti": str(uuid4()),
        }
        if hands is not None:
            claims["act"] = hands.claim()
        header = {"alg": "Ed25519", "typ": TYPE, "kid": kid}
        return jwt.encode(header, claims, key, algorithms=ALGORITHMS)

    def end(self, now: float, mandates: Iterable[Mandate] = (), until: float | None = None) -> int:
        """The nearest end of all that the token relies on, in whole seconds."""
        ends = [end_of(mandate.last_day).timestamp() for mandate in mandates]
        return int(min([now + self.seconds, *ends, *([] if until is None else [until])]))


def _written(mandate: Mandate) -> dict[str, Any]:
    return {
        "org": mandate.org,
        "roles": sorted(mandate.roles),
        "from": mandate.first_day.isoformat(),
        "until": mandate.last_day.isoformat(),
        "document": mandate.document,
    }
