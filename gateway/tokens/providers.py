"""The OpenID Connect issuers whose people are let in, and the keys that their tokens are signed with.

Where keys are fetched is the administrator's to say (`GATEWAY_IDENTITY_PROVIDERS`), never a token's.
Keys are kept for a while; while a provider is silent the last ones hold, but not for ever.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from joserfc.jwk import Key

from gateway.settings import IdentityProvider
from gateway.tokens.public_keys import (
    algorithm_and_kid,
    fits,
    import_public,
    signed_claims,
    unverified_claims,
)
from shared.errors import Unavailable
from shared.jwts import Malformed, json_object, moment
from shared.logging import get_logger
from shared.tokens import LEEWAY_SECONDS
from shared.words import Text

LONGEST_TOKEN: Final = 8192
MOST_BYTES: Final = 256 * 1024
MOST_KEYS: Final = 100
PAUSE_SECONDS: Final = 5.0
TIMEOUT = httpx.Timeout(3.0, connect=2.0)
WHOLE_SECONDS: Final = 5.0
DISCOVERY: Final = "/.well-known/openid-configuration"

SILENT = Text(
    zh="身份提供方无应答，且其公钥已过期",
    en="the identity provider is silent, and what is known of its keys is too old",
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a provider says it is, and until when it says so."""

    issuer: str
    subject: str
    until: float


class ProviderSilent(Exception):
    """It could not be asked, or what it answered is not what was agreed."""


class Provider:
    """One issuer: its keys as last had, asked for again when they age or a token names another."""

    def __init__(
        self,
        name: str,
        told: IdentityProvider,
        http: httpx.AsyncClient,
        *,
        fresh_seconds: float,
        stale_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.told = told
        self._http = http
        self._fresh = fresh_seconds
        self._stale = stale_seconds
        self._clock = clock
        self._keys: dict[str, Key] = {}
        self._had_at = self._asked_at = float("-inf")
        self._asking = asyncio.Lock()
        self._log = get_logger("gateway.providers")

    async def identity(self, token: str, now: float) -> Identity:
        """Whom a token of this provider names; `Malformed` when it is not good."""
        algorithm, kid = algorithm_and_kid(
            token, longest=LONGEST_TOKEN, allowed=self.told.algorithms
        )
        key = await self._key(kid)
        claims = signed_claims(token, key, algorithm, longest=LONGEST_TOKEN)
        return self._judged(claims, now)

    def _judged(self, claims: dict[str, Any], now: float) -> Identity:
        audience = claims.get("aud")
        meant = audience if isinstance(audience, list) else [audience]
        if claims.get("iss") != self.told.issuer or self.told.audience not in meant:
            raise Malformed("issuer or audience")
        if len(meant) > 1 and claims.get("azp") != self.told.audience:
            raise Malformed("meant for others too")  # OpenID Connect Core 3.1.3.7
        until = moment(claims, "exp")
        if until <= now:
            raise Malformed("expired")
        if max(moment(claims, "iat"), moment(claims, "nbf", 0.0)) > now + LEEWAY_SECONDS:
            raise Malformed("not yet")
        subject = claims.get(self.told.subject_claim)
        if not isinstance(subject, str) or not 1 <= len(subject) <= 255 or "\x00" in subject:
            raise Malformed("names nobody")
        return Identity(self.told.issuer, subject, until)

    async def _key(self, kid: str) -> Key:
        """Single-flight: whoever comes while the keys are asked for waits for the same answer."""
        async with self._asking:
            if self._is_due(kid):
                await self._renew()
            if self._clock() - self._had_at > self._stale:
                raise Unavailable(SILENT)
            if kid not in self._keys:
                raise Malformed("key")
            return self._keys[kid]

    def _is_due(self, kid: str) -> bool:
        now = self._clock()
        wanted = kid not in self._keys or now - self._had_at >= self._fresh
        return wanted and now - self._asked_at >= PAUSE_SECONDS

    async def _renew(self) -> None:
        self._asked_at = self._clock()
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                found = await self._fetch(self.told.jwks_url or await self._discovered())
                self._keys = _usable(found, self.told.algorithms)
        except (ProviderSilent, httpx.HTTPError, TimeoutError, Malformed) as fault:
            self._log.warning("provider.silent", provider=self.name, error=type(fault).__name__)
        else:
            self._had_at = self._asked_at

    async def _discovered(self) -> str:
        """Where the keys are, by the provider's own document: of its own origin, or not at all."""
        document = await self._fetch(self.told.issuer.rstrip("/") + DISCOVERY)
        address = document.get("jwks_uri")
        if document.get("issuer") != self.told.issuer or not isinstance(address, str):
            raise ProviderSilent("its discovery document is another's")
        if urlsplit(address)[:2] != urlsplit(self.told.issuer)[:2]:
            raise ProviderSilent("its keys are elsewhere: name the address in the settings")
        return address

    async def _fetch(self, address: str) -> dict[str, Any]:
        async with self._http.stream("GET", address) as response:
            if response.status_code != 200:
                raise ProviderSilent(f"it answered {response.status_code}")
            body = b""
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > MOST_BYTES:
                    raise ProviderSilent("its answer is too long")
        return json_object(body)


def _usable(found: Mapping[str, Any], algorithms: Iterable[str]) -> dict[str, Key]:
    """The keys of a set that can sign by one of these algorithms; the others are somebody else's."""
    given = found.get("keys")
    if not isinstance(given, list) or len(given) > MOST_KEYS:
        raise Malformed("not a set of keys")
    kept: dict[str, Key] = {}
    for jwk in given:
        try:
            key = import_public(jwk)
        except Malformed:
            continue
        signs = jwk.get("use", "sig") == "sig" and any(fits(key, one) for one in algorithms)
        kid = jwk.get("kid", "")
        if signs and isinstance(kid, str):
            kept[kid] = key
    if not kept:
        raise Malformed("no key that signs")
    return kept


class Providers:
    """All of them, told apart by what a token says of its issuer before anything is believed."""

    def __init__(
        self,
        told: Mapping[str, IdentityProvider],
        *,
        fresh_seconds: float,
        stale_seconds: float,
    ) -> None:
        self._http = httpx.AsyncClient(timeout=TIMEOUT, trust_env=False, follow_redirects=False)
        self._by_issuer = {
            one.issuer: Provider(
                name, one, self._http, fresh_seconds=fresh_seconds, stale_seconds=stale_seconds
            )
            for name, one in told.items()
        }

    async def identity(self, token: str, now: float) -> Identity:
        issuer = unverified_claims(token, longest=LONGEST_TOKEN).get("iss")
        return await self.named(issuer).identity(token, now)

    def named(self, issuer: object) -> Provider:
        provider = self._by_issuer.get(issuer) if isinstance(issuer, str) else None
        if provider is None:
            raise Malformed("issuer")
        return provider

    async def close(self) -> None:
        await self._http.aclose()
