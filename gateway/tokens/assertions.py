"""A client that signs instead of sending a secret: `private_key_jwt` (RFC 7523, OpenID Connect Core 9).

Plain Python: facts in, answer out. That an assertion is taken once only is `clients.py`'s to see to.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from gateway.tokens.public_keys import (
    OF_CLIENTS,
    algorithm_and_kid,
    fits,
    import_public,
    signed_claims,
    unverified_claims,
)
from shared.jwts import Malformed, moment
from shared.tokens import LEEWAY_SECONDS

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_ASSERTION: Final = 4096
LONGEST_LIFE_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class Assertion:
    """What was asserted: by whom, under which single-use name, and until when."""

    client_id: str
    digest: str
    expires: float


def asserting(assertion: str) -> str:
    """Which client an assertion says it is from; nothing of it is believed yet."""
    client_id = unverified_claims(assertion, longest=LONGEST_ASSERTION).get("sub")
    if not isinstance(client_id, str) or not 1 <= len(client_id) <= 64:
        raise Malformed("client")
    return client_id


def verified_assertion(
    assertion: str,
    *,
    client_id: str,
    keys: Sequence[Mapping[str, Any]],
    audiences: Collection[str],
    now: float,
) -> Assertion:
    """The assertion, when one of the client's own keys signed it, for us, for now, for once."""
    algorithm, kid = algorithm_and_kid(assertion, longest=LONGEST_ASSERTION, allowed=OF_CLIENTS)
    claims = _signed_by_one(assertion, algorithm, kid, keys)
    if claims.get("iss") != client_id or claims.get("sub") != client_id:
        raise Malformed("issuer or subject")
    aud = claims.get("aud")
    meant = aud if isinstance(aud, list) else [aud]
    if not meant or not all(isinstance(one, str) and one in audiences for one in meant):
        raise Malformed("audience")
    expires = moment(claims, "exp")
    if expires <= now or expires > now + LONGEST_LIFE_SECONDS + LEEWAY_SECONDS:
        raise Malformed("expired, or good for too long")
    if max(moment(claims, "iat", now), moment(claims, "nbf", now)) > now + LEEWAY_SECONDS:
        raise Malformed("not yet")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 1 <= len(jti) <= 256:
        raise Malformed("jti")
    # Two clients may choose the same `jti`.
    named = f"{client_id}\n{jti}".encode("utf-8", "surrogatepass")
    return Assertion(client_id, sha256(named).hexdigest(), expires)


def _signed_by_one(
    assertion: str, algorithm: str, kid: str, keys: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Without a kid every key of the client is tried: there are few, and all are its own."""
    for jwk in keys:
        key = import_public(jwk)
        if fits(key, algorithm) and kid in ("", jwk["kid"], key.thumbprint()):
            try:
                return signed_claims(assertion, key, algorithm, longest=LONGEST_ASSERTION)
            except Malformed:
                continue
    raise Malformed("key or signature")
