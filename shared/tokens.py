"""Verifying tokens: what a genuine one looks like, the gateway's public keys, and what is known.

The door and every service judge a token by the same lines: `key_named_by`, then `verified`, then
`Revocations.voids`. Verifying a signature costs more than the rest of a request's plumbing, so a
verified token is kept by its bytes until it expires; its expiry is checked each time, and what is
kept is forgotten when something is revoked.
"""

import contextlib
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from shared.actor import Actor, Mandate, Person
from shared.errors import Unauthenticated
from shared.jwts import Malformed, json_object, moment, parts_of
from shared.revocations import Revocations
from shared.words import Text

ALGORITHMS = ["Ed25519"]
TYPE = "at+jwt"
MAX_TOKEN_BYTES = 4096
MAX_KEPT = 10_000
FETCH_PAUSE_SECONDS = 5.0
HEAR_PAUSE_SECONDS = 1.0
LEEWAY_SECONDS = 5

Fetch = Callable[[], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a verified token speaks for, since when and until when.

    `client_id` is the account whose rights are used (the token's subject). In an exchanged token
    `acting` is the platform that asked for it and `person` whom it asked for.
    """

    client_id: str
    org: str | None
    roles: frozenset[str]
    issued: float
    expires: float
    token_id: str = ""
    mandates: tuple[Mandate, ...] = ()
    acting: str | None = None
    person: Person | None = None

    def actor(self) -> Actor:
        return Actor(self.client_id, self.org, self.roles, self.mandates, self.acting, self.person)


def refused(why: str) -> Unauthenticated:
    return Unauthenticated(Text(zh="访问令牌无效", en=f"the access token is not valid: {why}"))


@contextlib.contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except Malformed as fault:
        raise refused(str(fault)) from None


def key_named_by(token: str) -> str:
    """The `kid` of a token that is written as the gateway writes its own; nothing is verified yet.

    Its header has three members and no other. So a key that a token brings along, or the address
    of one, is never looked at, and `crit` can demand nothing.
    """
    with _refusing():
        header = json_object(parts_of(token, longest=MAX_TOKEN_BYTES)[0])
    kid = header.get("kid")
    if header.keys() != {"alg", "typ", "kid"} or not isinstance(kid, str):
        raise refused("header")
    if header["alg"] not in ALGORITHMS or header["typ"] != TYPE:
        raise refused("algorithm or type")
    return kid


def verified(token: str, key: Key, *, issuer: str, audience: str, now: float) -> Caller:
    """What a token says whose signature is good and whose time is now."""
    try:
        payload = jws.deserialize_compact(token, key, algorithms=ALGORITHMS).payload
    except (JoseError, ValueError):
        raise refused("signature") from None
    with _refusing():
        claims = json_object(payload)
        if claims.get("iss") != issuer or claims.get("aud") != audience:
            raise Malformed("issuer or audience")
        issued, expires = moment(claims, "iat"), moment(claims, "exp")
        if expires <= now:
            raise Malformed("expired")
        if max(issued, moment(claims, "nbf", issued)) > now + LEEWAY_SECONDS:
            raise Malformed("not yet")
        return _caller(claims, issued, expires)


def _caller(claims: dict[str, Any], issued: float, expires: float) -> Caller:
    account, org, roles, token_id = (claims.get(name) for name in ("sub", "org", "roles", "jti"))
    if not isinstance(account, str) or not isinstance(org, str | None):
        raise Malformed("claims")
    if not isinstance(token_id, str) or not isinstance(roles, list) or not roles:
        raise Malformed("claims")
    if not all(isinstance(role, str) for role in roles):
        raise Malformed("claims")
    acting, person = _hands(claims, account)
    told = claims.get("mandates", [])
    if not isinstance(told, list):
        raise Malformed("claims")
    mandates = tuple(_mandate(one) for one in told)
    return Caller(
        account, org, frozenset(roles), issued, expires, token_id, mandates, acting, person
    )


def _hands(claims: dict[str, Any], account: str) -> tuple[str | None, Person | None]:
    """Through whose hands a token came (RFC 8693 §4.1): the platform, and the person before it.

    `client_id` is who asked for the token: the account itself, or the platform that is named.
    """
    asked, act = claims.get("client_id"), claims.get("act")
    if act is None:
        if asked != account:
            raise Malformed("claims")
        return None, None
    before = act.get("act") if isinstance(act, dict) else None
    if not isinstance(before, dict) or not isinstance(asked, str) or act.get("sub") != asked:
        raise Malformed("claims")
    issuer, subject = before.get("iss"), before.get("sub")
    if not isinstance(issuer, str) or not isinstance(subject, str):
        raise Malformed("claims")
    return asked, Person(issuer, subject)


def _mandate(found: Any) -> Mandate:
    try:
        org, roles, document = found["org"], found["roles"], found["document"]
        first, last = date.fromisoformat(found["from"]), date.fromisoformat(found["until"])
    except (KeyError, TypeError, ValueError):
        raise Malformed("claims") from None
    texts = [org, document, *roles] if isinstance(roles, list) else [None]
    if not all(isinstance(one, str) for one in texts):
        raise Malformed("claims")
    return Mandate(org, frozenset(roles), first, last, document)


class TokenVerifier:
    """Turns a bearer token into an `Actor`, or refuses it. One per process.

    `fetch_keys` gets the issuer's JWKS; it is asked again, at most every five seconds, when a token
    names a key that is not known. `fetch_revocations` gets what was lately revoked: whoever owns
    the verifier calls `hear` every two seconds. While the gateway is silent, what was heard last
    goes on to hold; a process that has never heard anything lets nobody in.
    """

    def __init__(
        self, *, issuer: str, audience: str, fetch_keys: Fetch, fetch_revocations: Fetch
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._fetch_keys = fetch_keys
        self._fetch_revocations = fetch_revocations
        self._keys: dict[str | None, Key] = {}
        self._fetched_at = float("-inf")
        self._kept: dict[str, tuple[float, Actor]] = {}
        self._revocations: Revocations | None = None
        self._heard_at = time.monotonic()

    async def actor(self, token: str) -> Actor:
        kept = self._kept.get(token)
        if kept is None:
            kept = await self._verify(token)
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            self._kept[token] = kept
        expires, actor = kept
        if expires <= time.time():
            self._kept.pop(token, None)
            raise refused("expired")
        return actor

    async def hear(self) -> None:
        """Ask what was revoked; what is kept is judged again when there is something new."""
        found = Revocations.told_by(await self._fetch_revocations())
        self._heard_at = time.monotonic()
        if found == self._revocations:
            return
        if found.keys - self._keys.keys():
            self._fetched_at = float(
                "-inf"
            )  # a key that has just been published is fetched at once
        self._revocations = found
        self._kept.clear()

    @property
    def silent_seconds(self) -> float:
        """Since when nothing was heard of revocations."""
        return time.monotonic() - self._heard_at

    async def _verify(self, token: str) -> tuple[float, Actor]:
        key = await self._key(key_named_by(token))
        caller = verified(token, key, issuer=self._issuer, audience=self._audience, now=time.time())
        if self._revocations is not None and self._revocations.voids(caller):
            raise refused("revoked")
        return caller.expires, caller.actor()

    async def _key(self, kid: str) -> Key:
        """A key that is published and was not retired since."""
        if self._revocations is None or (
            kid not in self._revocations.keys and self.silent_seconds >= HEAR_PAUSE_SECONDS
        ):
            await self.hear()
        if self._revocations is None or kid not in self._revocations.keys:
            raise refused("key")
        if kid not in self._keys and time.monotonic() - self._fetched_at >= FETCH_PAUSE_SECONDS:
            found = KeySet.import_key_set(await self._fetch_keys())  # type: ignore[arg-type]
            self._keys = {key.kid: key for key in found.keys}
            self._fetched_at = time.monotonic()
        if kid not in self._keys:
            raise refused("key")
        return self._keys[kid]
