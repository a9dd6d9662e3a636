"""A small OpenID Connect provider on loopback, with keys of its own, and clients that sign."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from tests.support.forgery import segment, written
from tests.support.gateway import Asked, Upstream
from tests.support.gateway import written as answered

AUDIENCE = "huishe-gateway"
DISCOVERY = "/.well-known/openid-configuration"
JWKS = "/jwks"
MADE = {
    "RS256": lambda: RSAKey.generate_key(2048),
    "PS256": lambda: RSAKey.generate_key(2048),
    "ES256": lambda: ECKey.generate_key("P-256"),
    "Ed25519": lambda: OKPKey.generate_key("Ed25519"),
    "EdDSA": lambda: OKPKey.generate_key("Ed25519"),
}


def new_key(algorithm: str = "ES256", kid: str | None = None) -> Key:
    made = MADE[algorithm]()
    return type(made).import_key({**made.as_dict(private=True), "kid": kid or uuid4().hex[:8]})


def public(key: Key) -> dict[str, Any]:
    return dict(key.as_dict(private=False))


def signed(key: Key, algorithm: str, claims: Any, **header: Any) -> str:
    """A token put together by hand: any header, any claims, and a good signature of this key."""
    head = {"alg": algorithm, "kid": key.kid, **header}
    body = f"{segment(written(head))}.{segment(written(claims))}"
    model = JWSRegistry.algorithms["Ed25519" if algorithm == "EdDSA" else algorithm]
    return f"{body}.{segment(model.sign(body.encode(), key))}"


@dataclass
class SigningClient:
    """A client of ours that holds a private key and no secret."""

    client_id: str
    audience: str
    key: Key = field(default_factory=lambda: new_key("Ed25519"))
    algorithm: str = "Ed25519"

    def claims(self, **changed: Any) -> dict[str, Any]:
        now = int(time.time())
        return {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.audience,
            "iat": now,
            "exp": now + 60,
            "jti": uuid4().hex,
            **changed,
        }

    def assertion(self, **changed: Any) -> str:
        return signed(self.key, self.algorithm, self.claims(**changed))

    def form(self, assertion: str | None = None, **more: str) -> dict[str, str]:
        return {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion or self.assertion(),
            **more,
        }


@dataclass
class Oidc:
    """The provider: `keys` are what it publishes, the last one is what it signs with."""

    site: Upstream
    keys: dict[str, Key]
    algorithm: str = "RS256"

    def __post_init__(self) -> None:
        self.issuer = self.site.address

    @property
    def asked_for_keys(self) -> int:
        return len(self.site.asked_for(JWKS))

    def settings(self, **changed: Any) -> dict[str, Any]:
        return {"bureau": {"issuer": self.issuer, "audience": AUDIENCE, **changed}}

    def rotate(self) -> Key:
        """A new key that signs from now on; the old one is published no more."""
        key = new_key(self.algorithm)
        self.keys = {key.kid: key}
        return key

    def claims(self, subject: str, **changed: Any) -> dict[str, Any]:
        now = int(time.time())
        told = {"iss": self.issuer, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + 300}
        return {**told, **changed}

    def token(self, subject: str, **changed: Any) -> str:
        key = list(self.keys.values())[-1]
        return signed(key, self.algorithm, self.claims(subject, **changed))

    async def discover(self, _: Any, writer: Any, asked: Asked) -> None:
        told = {"issuer": self.issuer, "jwks_uri": self.issuer + JWKS}
        writer.write(answered(200, json.dumps(told).encode(), "content-type: application/json"))

    async def show_keys(self, _: Any, writer: Any, asked: Asked) -> None:
        told = {"keys": [{**public(key), "use": "sig"} for key in self.keys.values()]}
        writer.write(answered(200, json.dumps(told).encode(), "content-type: application/json"))


@asynccontextmanager
async def running_oidc(algorithm: str = "RS256") -> AsyncIterator[Oidc]:
    site = Upstream()
    first = new_key(algorithm)
    provider = Oidc(site, {first.kid: first}, algorithm)
    site.answers[DISCOVERY] = provider.discover
    site.answers[JWKS] = provider.show_keys
    await site.start()
    try:
        yield provider
    finally:
        await site.stop()
