"""Everything that happens to webhooks without a request: reading the feeds, sending, tidying up.

It runs inside the gateway, or apart (`python -m gateway webhooks run`); any number may run at once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from gateway.failures import Silent, Stalled, TooSlow
from gateway.settings import GatewaySettings
from gateway.upstreams import Upstreams
from gateway.webhooks import actions, queries
from gateway.webhooks.courier import Courier
from gateway.webhooks.figures import WebhookFigures
from gateway.webhooks.guard import Guard
from gateway.webhooks.models import Subscription
from gateway.webhooks.reader import Ask, Reader
from gateway.webhooks.rules import Reason
from gateway.webhooks.sending import Sender, trusting
from gateway.webhooks.signing import SecretSafe, WebhookKeys
from shared.database.session import DRIVER_SILENT
from shared.errors import Unavailable
from shared.logging import get_logger
from shared.records.receipts import forget_old
from shared.sensitive import Vault

FEED_WAIT_SECONDS = 15.0
READ_PAUSE_SECONDS = 0.1
REST_SECONDS = 2.0
SEND_PAUSE_SECONDS = 0.5
TIDY_SECONDS = 60.0
MEASURE_SECONDS = 5.0
BACK_OFF_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0)
KEPT_DAYS = 30
MOST_WAITING = 10_000
"""More for one subscription and it is disabled: its owner replays from where it was."""
PASSES = (Unavailable, SQLAlchemyError, *DRIVER_SILENT)

log = get_logger("gateway.webhooks")


@dataclass(slots=True)
class Webhooks:
    """What one process holds for webhooks; made in the process that serves."""

    guard: Guard
    safe: SecretSafe
    keys: WebhookKeys
    figures: WebhookFigures

    @classmethod
    def open(cls, settings: GatewaySettings) -> "Webhooks":
        vault = Vault(
            settings.secret_key.get_secret_value(),
            [earlier.get_secret_value() for earlier in settings.earlier_secret_keys],
        )
        directory = settings.webhook_key_directory or settings.key_directory / "webhooks"
        keys = WebhookKeys(directory)
        keys.read()
        return cls(guard_of(settings), SecretSafe(vault), keys, WebhookFigures())


def guard_of(settings: GatewaySettings) -> Guard:
    return Guard(
        ports=settings.webhook_ports,
        refused=[ip_network(network) for network in settings.webhook_refused_networks],
        plain_hosts=settings.webhook_plain_hosts,
        open_networks=[ip_network(network) for network in settings.webhook_open_networks],
    )


def asking(upstreams: Upstreams, service: str) -> Ask:
    """The service itself, past the door, as anybody: no token goes along."""

    async def ask(path: str, seconds: float) -> tuple[int, bytes]:
        try:
            address = upstreams.services[service].address()
            return await upstreams.ask(address, path, seconds=seconds)
        except (Silent, Stalled, TooSlow):
            raise Unavailable() from None

    return ask


@dataclass(slots=True)
class WebhookWorker:
    """`run` does everything for as long as the process lives."""

    courier: Courier
    readers: list[Reader]
    sessions: async_sessionmaker[AsyncSession]
    feed_wait: float = FEED_WAIT_SECONDS
    something_new: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    def of(
        cls,
        settings: GatewaySettings,
        webhooks: Webhooks,
        sessions: async_sessionmaker[AsyncSession],
        upstreams: Upstreams,
    ) -> "WebhookWorker":
        context = trusting(settings.webhook_ca_file)
        sender = Sender(webhooks.guard, settings.webhook_seconds, context)
        courier = Courier(sessions, sender, webhooks.safe, webhooks.keys, webhooks.figures)
        readers = [Reader(name, asking(upstreams, name), sessions) for name in upstreams.services]
        # An upstream that is silent for too long is given up: waiting must end before that.
        wait = min(FEED_WAIT_SECONDS, settings.read_seconds / 2)
        return cls(courier, readers, sessions, wait)

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_for_ever("sending", self._send))
            tasks.create_task(_for_ever("measuring", self._measure))
            tasks.create_task(_for_ever("tidying", self._tidy))
            for reader in self.readers:
                tasks.create_task(_for_ever(f"feed of {reader.service}", self._read, reader))

    async def _read(self, reader: Reader) -> None:
        """A page at a time, with a pause: under load a page holds many events, not one each."""
        replayed = await reader.replay()
        made = await reader.read(datetime.now(UTC), wait=0 if replayed else self.feed_wait)
        if made or replayed:
            self.something_new.set()
        await asyncio.sleep(READ_PAUSE_SECONDS if reader.listened_to else REST_SECONDS)

    async def _send(self) -> None:
        self.something_new.clear()
        if not await self.courier.round():
            try:
                async with asyncio.timeout(SEND_PAUSE_SECONDS):
                    await self.something_new.wait()
            except TimeoutError:
                pass

    async def _measure(self) -> None:
        """And take up keys that were added or removed."""
        await asyncio.to_thread(self.courier.keys.read)
        async with self.sessions() as session:
            self.courier.figures.measured(await queries.counts(session))
        await asyncio.sleep(MEASURE_SECONDS)

    async def _tidy(self) -> None:
        await self.tidy(datetime.now(UTC))
        await asyncio.sleep(TIDY_SECONDS)

    async def tidy(self, now: datetime, most_waiting: int = MOST_WAITING) -> None:
        """Let go of what is over, and of receivers that let too much wait."""
        async with self.sessions.begin() as session:
            await queries.forget_finished(session, now - timedelta(days=KEPT_DAYS))
            await forget_old(session)
        async with self.sessions() as session:
            too_many = await queries.backlogs(session, most_waiting)
        for subscription_id in too_many:
            async with self.sessions.begin() as session:
                found = await session.get(Subscription, subscription_id, with_for_update=True)
                if found is not None and found.state != "disabled":
                    actions.disable(found, Reason.BACKLOG, now)


async def _for_ever(name: str, body: Callable[..., Awaitable[None]], *args: Any) -> None:
    """Run `body` again and again; whatever goes wrong is told, and tried again later."""
    failures = 0
    while True:
        try:
            await body(*args)
            failures = 0
        except Exception as problem:  # the edge of a worker's loop
            pause = BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)]
            failures += 1
            told = log.warning if isinstance(problem, PASSES) else log.exception
            told("webhook.worker_failed", part=name, problem=type(problem).__name__, pause=pause)
            await asyncio.sleep(pause)
