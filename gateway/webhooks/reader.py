"""From the feeds to the deliveries: each event once for each subscription that wants it.

The feeds are read without a token. So what the gateway keeps for receivers is what anybody may read,
and what it does not have it cannot give away: an entry that shows position and leaf only is passed
over for everyone. Whoever may read more asks the feed itself, as itself.

The cursor moves in the transaction that makes the deliveries. Of several gateways that read the
same page one moves it, and the others find that it has moved.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import rfc8785
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from gateway.webhooks import queries
from gateway.webhooks.lifecycle import DELIVERY, SubscriptionState
from gateway.webhooks.models import Replay, Subscription
from shared.errors import Unavailable
from shared.identifiers import new_id
from shared.journal.notes import Checkpoint, Malformed, Note

PAGE = 500
MOST_WAITING_BEFORE_REPLAY = 1000

Ask = Callable[[str, float], Awaitable[tuple[int, bytes]]]
"""A path of a service and how long its answer may take → status and body, as anybody gets it."""
Entries = Sequence[Mapping[str, Any]]


@dataclass(slots=True)
class Reader:
    """Reads the feed of one service."""

    service: str
    ask: Ask
    sessions: async_sessionmaker[AsyncSession]
    listened_to: bool = False

    async def read(self, now: datetime, *, wait: float = 0) -> int:
        """One page; how many deliveries it made. Waits for a first entry when somebody listens."""
        async with self.sessions() as session:
            after = await queries.position_of(session, self.service)
            self.listened_to = bool(await queries.wishing(session, self.service))
        if after is None:
            await self._begin()
            return 0
        entries, last = await self._page(after, wait if self.listened_to else 0)
        if last == after:
            return 0
        async with self.sessions.begin() as session:
            if not await queries.go_on(session, self.service, after, last):
                return 0
            # Read after the cursor is held: who subscribed before this page was asked for is there.
            wishing = await queries.wishing(session, self.service, lock=True)
            rows = [row for one in wishing for row in self._rows(one, entries, now)]
            return await queries.add_deliveries(session, rows)

    async def replay(self) -> bool:
        """One page of what somebody wants to hear again; whether there was anything to do.

        A replay waits while much is waiting for the receiver already.
        """
        async with self.sessions() as session:
            replay = await queries.next_replay(session, self.service)
            if replay is None:
                return False
            waiting = await queries.waiting_of(session, replay.subscription_id)
        if waiting > MOST_WAITING_BEFORE_REPLAY:
            return False
        await self._replay_page(replay)
        return True

    async def _replay_page(self, replay: Replay) -> None:
        entries, last = await self._page(replay.position, 0)
        within = [entry for entry in entries if entry["position"] <= replay.until]
        reached = min(last, replay.until) if entries else replay.until
        async with self.sessions.begin() as session:
            subscription = await session.get(
                Subscription, replay.subscription_id, with_for_update={"read": True}
            )
            if not await queries.go_on_replaying(session, replay, reached):
                return
            if subscription is not None and subscription.state != SubscriptionState.DISABLED:
                rows = self._rows(subscription, within, replay.created_at)
                await queries.add_deliveries_again(session, rows)

    async def _begin(self) -> None:
        """A feed that was never read begins at its end: what was before nobody has subscribed."""
        status, body = await self.ask(f"/{self.service}/v1/journal/checkpoint", 5.0)
        if status not in (200, 404):
            raise Unavailable()
        try:
            size = Checkpoint.parse(Note.parse(body).text).size if status == 200 else 0
        except Malformed:
            raise Unavailable() from None
        async with self.sessions.begin() as session:
            await queries.begin_at(session, self.service, size)

    async def _page(self, after: int, wait: float) -> tuple[Entries, int]:
        path = f"/{self.service}/v1/events?after={after}&limit={PAGE}&wait={wait:g}"
        status, body = await self.ask(path, wait + 5.0)
        if status != 200:
            raise Unavailable()
        try:
            page = orjson.loads(body)
            entries, last = page["items"], int(page["next"])
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            raise Unavailable() from None
        if last < after or [e["position"] for e in entries] != [*range(after + 1, last + 1)]:
            raise Unavailable()  # a feed without gaps has none; nothing is taken of another
        return entries, last

    def _rows(
        self, subscription: Subscription, entries: Entries, now: datetime
    ) -> list[dict[str, Any]]:
        wish = subscription.wish
        return [
            self._row(subscription, entry, now)
            for entry in entries
            if "event" in entry and wish.wants(self.service, entry["event"])
        ]

    def _row(
        self, subscription: Subscription, entry: Mapping[str, Any], now: datetime
    ) -> dict[str, Any]:
        event = entry["event"]
        return {
            "id": new_id(now),
            "subscription_id": subscription.id,
            "webhook_id": f"evt_{event['id'].replace('-', '')}",
            "service": self.service,
            "position": entry["position"],
            "kind": event["type"],
            "subject": event["subject"],
            "body": body_of(entry),
            "state": DELIVERY.start.value,
            "attempts": 0,
            "tried": [],
            "created_at": now,
        }


def body_of(entry: Mapping[str, Any]) -> str:
    """The event as the feed tells it, with its position and leaf as two attributes more.

    Canonical (RFC 8785): without those two it is the text whose hash the leaf is.
    """
    return rfc8785.dumps(
        {**entry["event"], "feedposition": entry["position"], "leaf": entry["leaf"]}
    ).decode()
