"""What one process of the gateway holds: made when the loop runs, closed at the end."""

import asyncio
import hmac
import os
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from starlette.requests import Request

from gateway.access import AccessLog, Figures
from gateway.cache import Cache
from gateway.compat.desk import CompatDesk
from gateway.in_force import InForce
from gateway.limits import Limits
from gateway.migrations import head_is_current
from gateway.settings import GatewaySettings
from gateway.tokens.actions import forget_spent, note_use
from gateway.tokens.issuing import Issuer
from gateway.tokens.keys import KeyRing
from gateway.tokens.providers import Providers
from gateway.tokens.queries import lately_revoked, tokens_revoked
from gateway.tokens.verification import TokenDesk
from gateway.upstreams import Upstreams, probe_forever
from gateway.webhooks.worker import Webhooks, WebhookWorker
from gateway.witness import watch_journals, witness_of
from shared.database.session import make_engine, make_sessions
from shared.journal.witness import Witness
from shared.logging import get_logger
from shared.revocations import Revocations
from shared.signing_keys import make_key

LOOK_AGAIN_SECONDS = 1.0
"""Services ask every two seconds what was revoked: with this it is known everywhere within five."""
TIDY_SECONDS = 60.0
MOST_SECRETS_KEPT = 1000


class KnownSecrets:
    """Secrets that matched lately, as hashes under a key that dies with the process.

    A client that fetches a token every minute should not cost a slow hash every minute.
    """

    def __init__(self) -> None:
        self._key = os.urandom(32)
        self._kept: set[bytes] = set()

    def knows(self, secret: str, kept: str) -> bool:
        return self._mark(secret, kept) in self._kept

    def remember(self, secret: str, kept: str) -> None:
        if len(self._kept) >= MOST_SECRETS_KEPT:
            self._kept.clear()
        self._kept.add(self._mark(secret, kept))

    def _mark(self, secret: str, kept: str) -> bytes:
        return hmac.digest(self._key, f"{kept}\n{secret}".encode(), "sha256")


@dataclass(slots=True)
class GatewayRuntime:
    settings: GatewaySettings
    in_force: InForce
    engine: AsyncEngine
    sessions: async_sessionmaker[AsyncSession]
    keys: KeyRing
    issuer: Issuer
    desk: TokenDesk
    compat: CompatDesk
    upstreams: Upstreams
    cache: Cache
    figures: Figures
    access_log: AccessLog
    limits: Limits = field(default_factory=Limits)
    witness: Witness = field(kw_only=True)
    webhooks: Webhooks = field(kw_only=True)
    providers: Providers = field(kw_only=True)
    secrets: KnownSecrets = field(default_factory=KnownSecrets)
    revocations: Revocations | None = None
    """As last read; None until the database has answered once."""
    issued: dict[str, float] = field(default_factory=dict)
    """Client → when it was last issued a token, as far as it is not written down yet."""
    tidied_at: float = float("-inf")
    clock_goes_to: datetime | None = None
    """The last instant that the sandbox's clock was sent to by this process."""
    moving_clock: asyncio.Lock = field(default_factory=asyncio.Lock)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @classmethod
    def open(cls, settings: GatewaySettings) -> "GatewayRuntime":
        engine = make_engine(settings.database_url, pool=settings.database_pool)
        keys = KeyRing(settings.key_directory, settings.key_settling_seconds)
        keys.read()
        if not keys:
            make_key(settings.key_directory, datetime.now(UTC))
            keys.read()
        in_force = InForce(settings)
        upstreams = Upstreams(
            in_force.addresses,
            connect_seconds=settings.connect_seconds,
            read_seconds=settings.read_seconds,
            idle_seconds=settings.idle_seconds,
            connections_per_address=settings.connections_per_address,
        )
        cache = Cache(in_force.configuration.cache)
        witness = witness_of(settings)
        sessions = make_sessions(engine)
        compat = CompatDesk(sessions, settings.secret_key.get_secret_value())
        trust = {"issuer": settings.issuer, "audience": settings.audience}
        runtime = cls(
            settings=settings,
            in_force=in_force,
            engine=engine,
            sessions=sessions,
            keys=keys,
            issuer=Issuer(keys, seconds=settings.token_seconds, **trust),
            desk=TokenDesk(keys, **trust),
            compat=compat,
            upstreams=upstreams,
            cache=cache,
            figures=Figures(upstreams.services, upstreams, witness, in_force, cache, compat),
            witness=witness,
            webhooks=Webhooks.open(settings),
            providers=Providers(
                settings.identity_providers,
                fresh_seconds=settings.provider_fresh_seconds,
                stale_seconds=settings.provider_stale_seconds,
            ),
            access_log=AccessLog(
                settings.secret_key.get_secret_value(), 2 if settings.access_log else None
            ),
        )
        runtime._begin(
            watch_journals(runtime.witness, upstreams, settings.witnesses, settings.witness_seconds)
        )
        log = get_logger("gateway.upstreams")

        def tell(service: str, ejected: bool) -> None:
            log.warning("upstream.ejected" if ejected else "upstream.back", upstream=service)

        runtime._begin(upstreams.keep_watch())
        runtime._begin(probe_forever(upstreams, settings.probe_seconds, tell))
        runtime._begin(runtime.access_log.keep_flushing())
        runtime._begin(runtime.look_again_forever())
        runtime._begin(runtime.follow_configuration())
        runtime.figures.registry.register(runtime.webhooks.figures)
        if settings.webhooks_inline:
            worker = WebhookWorker.of(settings, runtime.webhooks, runtime.sessions, upstreams)
            runtime._begin(worker.run())
        return runtime

    @property
    def journals(self) -> list[str]:
        """The services whose journals are witnessed."""
        return list(self.upstreams.services)

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.providers.close()
        self.upstreams.close()
        self.access_log.flush()
        await self.engine.dispose()

    async def faults(self) -> list[str]:
        """Why the gateway cannot do its work; nothing when it can."""
        found = [] if self.keys else ["no signing key"]
        try:
            async with self.engine.connect() as connection:
                if not await head_is_current(connection):
                    found.append("migrations are missing")
        except (SQLAlchemyError, OSError):
            found.append("the database does not answer")
        return found

    async def look_again_forever(self) -> None:
        """Notice keys and revocations that a command in another process has made."""
        log = get_logger("gateway.runtime")
        while True:
            try:
                await self.look_again()
            except (SQLAlchemyError, OSError) as error:
                log.warning("gateway.database_silent", error=type(error).__name__)
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def follow_configuration(self) -> None:
        """Take up what an operator has changed in the file; say so, also when it is not taken."""
        log = get_logger("gateway.configuration")
        while True:
            await asyncio.sleep(self.settings.probe_seconds)
            refused_before = self.in_force.refused
            if self.in_force.look_again():
                self.upstreams.adopt(self.in_force.addresses)
                self.cache.limit(self.in_force.configuration.cache)
                log.warning("configuration.adopted", digest=self.in_force.configuration.digest)
            elif self.in_force.refused and self.in_force.refused is not refused_before:
                log.error("configuration.refused", why=[str(one) for one in self.in_force.refused])

    async def look_again(self) -> None:
        self.limits.forget_full(time.monotonic())
        if await asyncio.to_thread(self.keys.read):
            self.desk.forget()
        now = datetime.now(UTC)
        longest = timedelta(seconds=self.settings.token_seconds + 60)
        async with self.sessions() as session:
            clients = await lately_revoked(session, now - longest)
            tokens = await tokens_revoked(session, now)
        self.revocations = Revocations.of(clients, tokens, frozenset(self.keys.kids))
        self.desk.void(self.revocations)
        await self._write_down(now)
        await self.compat.forget(time.time())

    async def _write_down(self, now: datetime) -> None:
        """Who was issued tokens; and once a minute what nobody needs any more is dropped."""
        issued, self.issued = self.issued, {}
        tidy = time.monotonic() - self.tidied_at >= TIDY_SECONDS
        if not issued and not tidy:
            return
        async with self.sessions.begin() as session:
            await note_use(session, issued)
            if tidy:
                await forget_spent(session, now)
        if tidy:
            self.tidied_at = time.monotonic()

    def own_token(self) -> str:
        """The gateway as a caller of the services."""
        return self.issuer.issue("gateway", ["service"], None, time.time())

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.create_task(work))


def the_gateway(request: Request) -> GatewayRuntime:
    runtime: GatewayRuntime = request.app.state.runtime
    return runtime


def digest(content: bytes) -> str:
    """A strong ETag for something made in memory."""
    return f'"{blake2b(content, digest_size=12).hexdigest()}"'
