"""Tokens that are wrong in exactly one way, made by somebody who even holds the gateway's key.

A library would not write most of them, so they are put together by hand: header, claims, signature.
"""

import base64
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

Signs = Callable[[bytes], bytes]
EVIL = Ed25519PrivateKey.generate()
"""The key of somebody whom nobody trusts."""


def segment(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def unfolded(token: str, part: int) -> dict[str, Any]:
    """A part of a token as what it says."""
    text = token.split(".")[part]
    return dict(json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))


def written(value: dict[str, Any] | bytes) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


@dataclass(frozen=True)
class Mint:
    """The gateway's own key, and a genuine token as the pattern of all that are made of it."""

    key: Ed25519PrivateKey
    pattern: str

    @classmethod
    def of(cls, keys: Path, pattern: str) -> "Mint":
        pem = (keys / f"{unfolded(pattern, 0)['kid']}.pem").read_bytes()
        key = load_pem_private_key(pem, None)
        assert isinstance(key, Ed25519PrivateKey)
        return cls(key, pattern)

    @property
    def public_bytes(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def public_pem(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def header(self, **changed: Any) -> dict[str, Any]:
        return {**unfolded(self.pattern, 0), **changed}

    def claims(self, **changed: Any) -> dict[str, Any]:
        now = int(time.time())
        return {**unfolded(self.pattern, 1), "iat": now, "exp": now + 600, **changed}

    def token(
        self,
        header: dict[str, Any] | bytes | None = None,
        claims: dict[str, Any] | bytes | None = None,
        signs: Signs | None = None,
    ) -> str:
        """Genuine in all that is not given."""
        head = segment(written(self.header() if header is None else header))
        body = segment(written(self.claims() if claims is None else claims))
        signature = (signs or self.key.sign)(f"{head}.{body}".encode())
        return f"{head}.{body}.{segment(signature)}"

    def head(self, **changed: Any) -> str:
        """Signed by the gateway's key, with another header."""
        return self.token(self.header(**changed))

    def body(self, **changed: Any) -> str:
        """Signed by the gateway's key, with other claims."""
        return self.token(claims=self.claims(**changed))

    def forged(self, signs: Signs, **changed: Any) -> str:
        """Signed by something else, with a header to match."""
        return self.token(self.header(**changed), signs=signs)


def hs256(secret: bytes) -> Signs:
    return lambda signed: hmac.digest(secret, signed, "sha256")


def public_jwk(key: Ed25519PrivateKey) -> dict[str, str]:
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {"kty": "OKP", "crv": "Ed25519", "x": segment(raw), "kid": "evil"}


def without(value: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: item for key, item in value.items() if key != name}


def named_twice(value: dict[str, Any], name: str, second: Any) -> bytes:
    """A JSON object in which a name stands a second time, with another value."""
    return f"{json.dumps(value)[:-1]}, {json.dumps(name)}: {json.dumps(second)}}}".encode()


def respelled(token: str) -> str:
    """The last character of the signature changed in bits that no octet uses."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) ^ 1]


def altered(token: str) -> str:
    head, body, signature = token.split(".")
    return f"{head}.{body}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def promoted(token: str) -> str:
    """The claims changed after they were signed."""
    head, _, signature = token.split(".")
    claims = {**unfolded(token, 1), "roles": ["administrator", "service"]}
    return f"{head}.{segment(written(claims))}.{signature}"


def _now() -> float:
    return time.time()


Forgery = Callable[[Mint], str]

UNSIGNED: dict[str, Forgery] = {
    "rubbish": lambda mint: "rubbish",
    "three empty parts": lambda mint: "..",
    "two parts": lambda mint: mint.token().rpartition(".")[0],
    "four parts": lambda mint: mint.token() + ".AA",
    "five parts, as if encrypted": lambda mint: ".".join(["e30"] * 5),
    "bytes of another alphabet": lambda mint: "\xff\xfe.\xff.\xff",
    "alg none": lambda mint: mint.forged(lambda _: b"", alg="none"),
    "alg NONE": lambda mint: mint.forged(lambda _: b"", alg="NoNe"),
    "alg none, signed all the same": lambda mint: mint.head(alg="none"),
    "no signature": lambda mint: mint.token(signs=lambda _: b""),
    "the signature of another token": lambda mint: (
        f"{mint.token().rpartition('.')[0]}.{mint.body(jti='x').rpartition('.')[2]}"
    ),
    "the signature changed": lambda mint: altered(mint.token()),
    "the signature spelled otherwise": lambda mint: respelled(mint.token()),
    "the claims changed": lambda mint: promoted(mint.token()),
}
FOREIGN_KEYS: dict[str, Forgery] = {
    "HS256 with the public key": lambda mint: mint.forged(hs256(mint.public_bytes), alg="HS256"),
    "HS256 with the public key's file": lambda mint: mint.forged(
        hs256(mint.public_pem), alg="HS256"
    ),
    "HS256 with the public JWK": lambda mint: mint.forged(
        hs256(json.dumps(public_jwk(mint.key)).encode()), alg="HS256"
    ),
    "HS256 with nothing": lambda mint: mint.forged(hs256(b""), alg="HS256"),
    "another key under our kid": lambda mint: mint.forged(EVIL.sign),
    "another key under a kid of its own": lambda mint: mint.forged(EVIL.sign, kid="evil"),
    "another key that it brings along": lambda mint: mint.forged(EVIL.sign, jwk=public_jwk(EVIL)),
    "another key, brought along, under its own kid": lambda mint: mint.forged(
        EVIL.sign, jwk=public_jwk(EVIL), kid="evil"
    ),
    "another key at an address": lambda mint: mint.forged(
        EVIL.sign, jku="http://127.0.0.1:9/jwks.json", kid="evil"
    ),
    "another key in a certificate at an address": lambda mint: mint.forged(
        EVIL.sign, x5u="http://127.0.0.1:9/chain.pem"
    ),
    "another key in a certificate": lambda mint: mint.forged(
        EVIL.sign, x5c=[base64.b64encode(b"0\x82").decode()]
    ),
}
HEADERS: dict[str, Forgery] = {
    "our key, with a jwk beside it": lambda mint: mint.head(jwk=public_jwk(EVIL)),
    "our key, with a jku beside it": lambda mint: mint.head(jku="http://127.0.0.1:9/"),
    "our key, with an x5u beside it": lambda mint: mint.head(x5u="http://127.0.0.1:9/"),
    "our key, with an x5c beside it": lambda mint: mint.head(x5c=["AA=="]),
    "a crit that nobody knows": lambda mint: mint.head(crit=["exotic"], exotic=True),
    "a crit of nothing": lambda mint: mint.head(crit=[]),
    "an unencoded payload": lambda mint: mint.head(crit=["b64"], b64=False),
    "a compressed payload": lambda mint: mint.head(zip="DEF"),
    "a kid that is a path": lambda mint: mint.head(kid="../../../../etc/passwd"),
    "a kid that is a path of ours": lambda mint: mint.head(
        kid=f"../gateway-keys/{mint.header()['kid']}"
    ),
    "a kid that is SQL": lambda mint: mint.head(kid="x' UNION SELECT 'AA'; --"),
    "a kid with a NUL": lambda mint: mint.head(kid=f"{mint.header()['kid']}\x00"),
    "a kid that is a list": lambda mint: mint.head(kid=[mint.header()["kid"]]),
    "no kid": lambda mint: mint.token(without(mint.header(), "kid")),
    "a kid twice": lambda mint: mint.token(named_twice(mint.header(), "kid", "evil")),
    "an alg twice": lambda mint: mint.token(
        named_twice(mint.header(alg="none"), "alg", mint.header()["alg"])
    ),
    "the older name of the algorithm": lambda mint: mint.head(alg="EdDSA"),
    "another type": lambda mint: mint.head(typ="JWT"),
    "no type": lambda mint: mint.token(without(mint.header(), "typ")),
    "a header that is a list": lambda mint: mint.token(b"[]"),
    "a header that is very deep": lambda mint: mint.token(b"[" * 2000),
}
CLAIMS: dict[str, Forgery] = {
    "another issuer": lambda mint: mint.body(iss="https://evil.example"),
    "an issuer that begins like ours": lambda mint: mint.body(iss=mint.claims()["iss"] + "/"),
    "no issuer": lambda mint: mint.token(claims=without(mint.claims(), "iss")),
    "another audience": lambda mint: mint.body(aud="others"),
    "several audiences": lambda mint: mint.body(aud=[mint.claims()["aud"], "others"]),
    "no audience": lambda mint: mint.token(claims=without(mint.claims(), "aud")),
    "expired": lambda mint: mint.body(iat=_now() - 700, exp=_now() - 100),
    "expired this very moment": lambda mint: mint.body(exp=_now()),
    "no end": lambda mint: mint.token(claims=without(mint.claims(), "exp")),
    "an end that is a text": lambda mint: mint.body(exp="9999999999"),
    "an end that is true": lambda mint: mint.body(exp=True),
    "an end without end": lambda mint: mint.token(
        claims=written(mint.claims(exp=-1)).replace(b": -1", b": 1e999")
    ),
    "an end that is no number": lambda mint: mint.token(
        claims=written(mint.claims(exp=-1)).replace(b": -1", b": NaN")
    ),
    "not issued yet": lambda mint: mint.body(iat=_now() + 60),
    "not valid yet": lambda mint: mint.body(nbf=_now() + 60),
    "never issued": lambda mint: mint.token(claims=without(mint.claims(), "iat")),
    "an end that stands twice": lambda mint: mint.token(
        claims=named_twice(mint.claims(exp=1), "exp", int(_now()) + 600)
    ),
    "roles that stand twice": lambda mint: mint.token(
        claims=named_twice(mint.claims(), "roles", ["administrator"])
    ),
    "no roles": lambda mint: mint.body(roles=[]),
    "roles that are a text": lambda mint: mint.body(roles="auditor"),
    "a role that is a list": lambda mint: mint.body(roles=[["auditor"]]),
    "nobody": lambda mint: mint.token(claims=without(mint.claims(), "client_id")),
    "an organisation that is a list": lambda mint: mint.body(org=["52410108MJ0000018R"]),
    "claims that are a list": lambda mint: mint.token(claims=b"[]"),
    "claims that are no UTF-8": lambda mint: mint.token(claims=b'{"iss":"\xff"}'),
    "too long for a token": lambda mint: mint.body(more="A" * 5000),
}
FORGERIES = UNSIGNED | FOREIGN_KEYS | HEADERS | CLAIMS
