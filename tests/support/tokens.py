"""Tokens as the gateway would issue them, signed by a key of this test run."""

import time
from typing import Any
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import OKPKey

from shared.revocations import Revocations

ISSUER = "https://huishe.example"
AUDIENCE = "huishe"
KEY = OKPKey.generate_key("Ed25519", parameters={"kid": "test-key"})
NOTHING_REVOKED = Revocations(keys=frozenset({"test-key"}))


def jwks() -> dict[str, Any]:
    return {"keys": [KEY.as_dict(private=False)]}


def token(client_id: str, roles: list[str], org: str | None = None, /, **changed: Any) -> str:
    """A valid access token, but for what is changed on purpose."""
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": client_id,
        "client_id": client_id,
        "org": org,
        "roles": roles,
        "mandates": [],
        "iat": now,
        "exp": now + 600,
        "jti": uuid4().hex,
    }
    header = {"alg": "Ed25519", "typ": "at+jwt", "kid": "test-key"}
    return jwt.encode(header, {**claims, **changed}, KEY, algorithms=["Ed25519"])
