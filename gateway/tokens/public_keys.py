"""Keys of others, and signatures by them: which kinds are taken, and what a signed token says.

An algorithm is taken with the one kind of key that it is made for, from a list that we chose. A key
that a token brings along, or the address of one, is never looked at.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from shared.errors import FieldError, InvalidInput
from shared.jwts import Malformed, json_object, parts_of
from shared.words import Text

KINDS: Final = {
    "Ed25519": ("OKP", "Ed25519"),
    "EdDSA": ("OKP", "Ed25519"),
    "ES256": ("EC", "P-256"),
    "RS256": ("RSA", None),
    "PS256": ("RSA", None),
}
"""Algorithm → type and curve of its key. `EdDSA` is the older name of Ed25519 (RFC 9864)."""

OF_CLIENTS: Final = ("Ed25519", "ES256")
"""What a client may sign its assertions with."""

MOST_KEYS: Final = 4
SHORTEST_RSA_BITS: Final = 2048
_TYPES: Final[dict[str, type[Key]]] = {"OKP": OKPKey, "EC": ECKey, "RSA": RSAKey}
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


def import_public(jwk: Any) -> Key:
    """A public key from its JWK; `Malformed` when it is none that we take."""
    if not isinstance(jwk, Mapping) or jwk.get("kty") not in _TYPES:
        raise Malformed("not a public key of a kind that is taken")
    if not _PRIVATE.isdisjoint(jwk):
        raise Malformed("a private key")
    try:
        key = _TYPES[jwk["kty"]].import_key(dict(jwk))
        kind = (key.key_type, getattr(key, "curve_name", None))
    except (JoseError, ValueError, TypeError, KeyError):
        raise Malformed("not a public key") from None
    if kind not in KINDS.values():
        raise Malformed("not a public key of a kind that is taken")
    if isinstance(key, RSAKey) and key.raw_value.key_size < SHORTEST_RSA_BITS:
        raise Malformed("an RSA key that is too short")
    return key


def fits(key: Key, algorithm: str) -> bool:
    return (key.key_type, getattr(key, "curve_name", None)) == KINDS[algorithm]


def checked_keys(found: Any) -> list[dict[str, Any]]:
    """The keys of a client as they are kept, from a JWK set or a list of JWKs.

    Each is known by its own `kid`, or else by its thumbprint (RFC 7638).
    """
    given = found.get("keys") if isinstance(found, Mapping) else found
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) > MOST_KEYS:
        raise _unfit("", Text(zh=f"至多 {MOST_KEYS} 个公钥", en=f"at most {MOST_KEYS} keys"))
    kept = [_checked_key(jwk, place) for place, jwk in enumerate(given)]
    if len({one["kid"] for one in kept}) < len(kept):
        raise _unfit("", Text(zh="公钥的 kid 重复", en="a kid stands twice"))
    return kept


def _checked_key(jwk: Any, place: int) -> dict[str, Any]:
    try:
        key = import_public(jwk)
    except Malformed as fault:
        raise _unfit(f"/{place}", Text(zh="不是可接受的公钥", en=str(fault))) from None
    if not any(fits(key, algorithm) for algorithm in OF_CLIENTS):
        raise _unfit(
            f"/{place}",
            Text(zh="须为 Ed25519 或 ES256 (P-256) 公钥", en="a key for Ed25519 or ES256 (P-256)"),
        )
    kid = jwk.get("kid") or key.thumbprint()
    if not isinstance(kid, str) or not 1 <= len(kid) <= 100 or not kid.isprintable():
        raise _unfit(f"/{place}/kid", Text(zh="kid 为 1 至 100 个字符", en="1 to 100 characters"))
    return {**key.as_dict(private=False), "kid": kid}


def _unfit(pointer: str, rule: Text) -> InvalidInput:
    return InvalidInput(
        [
            FieldError(
                f"/keys{pointer}",
                rule,
                Text(zh="请提交 JWK 公钥集", en="give a JWK set of public keys"),
            )
        ]
    )


def thumbprints(keys: Sequence[Mapping[str, Any]]) -> list[str]:
    return [import_public(key).thumbprint() for key in keys]


def algorithm_and_kid(token: str, *, longest: int, allowed: Collection[str]) -> tuple[str, str]:
    """What a token says that it was signed with. `crit` demands what nobody here knows."""
    header = json_object(parts_of(token, longest=longest)[0])
    algorithm, kid = header.get("alg"), header.get("kid", "")
    if algorithm not in allowed or algorithm not in KINDS:
        raise Malformed("algorithm")
    if not isinstance(kid, str) or len(kid) > 200 or "crit" in header or "b64" in header:
        raise Malformed("header")
    return algorithm, kid


def unverified_claims(token: str, *, longest: int) -> dict[str, Any]:
    """What a token says of itself, to find out whose key to ask for; nothing of it is believed."""
    return json_object(parts_of(token, longest=longest)[1])


def signed_claims(token: str, key: Key, algorithm: str, *, longest: int) -> dict[str, Any]:
    """What a token says whose signature by this key is good."""
    _, payload, signature = parts_of(token, longest=longest)
    if not fits(key, algorithm):
        raise Malformed("algorithm")
    signed = token.rpartition(".")[0].encode()
    model = JWSRegistry.algorithms["Ed25519" if algorithm == "EdDSA" else algorithm]
    try:
        good = model.verify(signed, signature, key)
    except (JoseError, ValueError):
        good = False
    if not good:
        raise Malformed("signature")
    return json_object(payload)
