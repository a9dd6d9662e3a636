"""Sends what is due. One worker at a time serves a subscription, and sends one delivery at a time.

A turn is leased in the database for a little longer than an attempt may take, and no transaction is
open while a receiver is asked. What came of an attempt is written only by whoever still has the
turn. A worker that dies after a POST and before that leaves the delivery waiting: the next one
sends it again under the same webhook-id.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from gateway.webhooks import actions, queries, signing
from gateway.webhooks.figures import WebhookFigures
from gateway.webhooks.lifecycle import SubscriptionState
from gateway.webhooks.models import Delivery, Subscription, Turn
from gateway.webhooks.rules import Outcome, Reason, failed_too_long, next_attempt, rest
from gateway.webhooks.sending import Sender
from gateway.webhooks.signing import SecretSafe, WebhookKeys
from shared.logging import get_logger
from shared.sensitive import Unreadable

MOST_SERVED = 16
"""Subscriptions at once."""
MOST_IN_A_TURN = 100
LEASE_MARGIN = timedelta(seconds=15)
MOST_TRIED_KEPT = 20

log = get_logger("gateway.webhooks")


@dataclass(slots=True)
class Courier:
    """One per process."""

    sessions: async_sessionmaker[AsyncSession]
    sender: Sender
    safe: SecretSafe
    keys: WebhookKeys
    figures: WebhookFigures = field(default_factory=WebhookFigures)
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC), repr=False)
    chance: Callable[[], float] = field(default=random.random, repr=False)

    async def round(self) -> int:
        """Serve some of those who have something due; how many attempts were made."""
        lease, now = uuid4(), self.clock()
        async with self.sessions.begin() as session:
            taken = await queries.take_turns(session, lease, now, self._until(now), MOST_SERVED)
        made = await asyncio.gather(*[self._serve(subscription, lease) for subscription in taken])
        return sum(made)

    def _until(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self.sender.seconds) + LEASE_MARGIN

    async def _serve(self, subscription_id: UUID, lease: UUID) -> int:
        """One turn: what is due in order, until a failure, the end, or a share that is fair."""
        made, goes_on = 0, True
        while goes_on and made < MOST_IN_A_TURN:
            found = await self._next(subscription_id, lease)
            if found is None:
                return made
            made += 1
            goes_on = await self._attempt(*found, lease)
        async with self.sessions.begin() as session:
            await queries.end_turn(session, subscription_id, lease)
        return made

    async def _next(
        self, subscription_id: UUID, lease: UUID
    ) -> tuple[Subscription, Delivery] | None:
        """What is sent now, if it is still our turn and still wanted."""
        now = self.clock()
        async with self.sessions.begin() as session:
            if not await queries.keep_turn(session, subscription_id, lease, self._until(now)):
                return None
            subscription = await session.get(Subscription, subscription_id)
            delivery = None
            if subscription is not None and subscription.state == SubscriptionState.ACTIVE:
                delivery = await queries.due_for(session, subscription_id, now)
            if subscription is None or delivery is None:
                await queries.end_turn(session, subscription_id, lease)
                return None
        return subscription, delivery

    async def _attempt(self, subscription: Subscription, delivery: Delivery, lease: UUID) -> bool:
        """Whether it was delivered and the turn may go on."""
        at, body = self.clock(), delivery.body.encode()
        try:
            secrets = self._secrets(subscription, at)
        except Unreadable:
            outcome = Outcome(None, 0, Reason.UNREADABLE_SECRET)
        else:
            headers = signing.headers(
                delivery.webhook_id, at, body, own=secrets, keys=self.keys.signing
            )
            outcome = await self.sender.post(subscription.url, body, headers)
        noted = await self._note(subscription.id, delivery.id, lease, at, outcome)
        return noted and outcome.delivered

    def _secrets(self, subscription: Subscription, now: datetime) -> list[bytes]:
        """The secret, and the one before as long as both are good."""
        sealed = [subscription.sealed_secret]
        until = subscription.earlier_until
        if subscription.earlier_secret is not None and until is not None and now < until:
            sealed.append(subscription.earlier_secret)
        return [self.safe.unseal(subscription.id, one) for one in sealed]

    async def _note(
        self, subscription_id: UUID, delivery_id: UUID, lease: UUID, at: datetime, outcome: Outcome
    ) -> bool:
        """Write down what came of it; False when the turn was taken over meanwhile."""
        now = self.clock()
        async with self.sessions.begin() as session:
            # Subscription, turn, delivery: whoever locks several locks them in this order.
            lock = {"read": outcome.delivered}
            subscription = await session.get(Subscription, subscription_id, with_for_update=lock)
            if not await queries.keep_turn(session, subscription_id, lease, self._until(now)):
                return False
            turn = await session.get_one(Turn, subscription_id)
            delivery = await session.get(Delivery, delivery_id, with_for_update=True)
            if delivery is None or subscription is None:
                return False
            _write_attempt(delivery, at, outcome)
            if outcome.delivered:
                self._delivered(turn, delivery, now)
            else:
                self._failed(turn, delivery, outcome, now)
                reason = _why_disable(turn, outcome, now)
                if reason is not None and subscription.state == SubscriptionState.ACTIVE:
                    actions.disable(subscription, reason, now)
        self._tell(subscription_id, delivery, outcome)
        return True

    def _delivered(self, turn: Turn, delivery: Delivery, now: datetime) -> None:
        turn.failures, turn.failing_since, turn.resting_until = 0, None, None
        actions.move_delivery(delivery, "deliver")
        delivery.due_at, delivery.finished_at = None, now

    def _failed(self, turn: Turn, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
        turn.failures += 1
        turn.failing_since = turn.failing_since or now
        turn.resting_until = now + rest(turn.failures, outcome.retry_after)
        due = next_attempt(delivery.attempts, now, self.chance(), outcome.retry_after)
        if due is None or outcome.gone:
            actions.move_delivery(delivery, "give_up")
            delivery.due_at, delivery.finished_at = None, now
        else:
            delivery.due_at = due

    def _tell(self, subscription_id: UUID, delivery: Delivery, outcome: Outcome) -> None:
        self.figures.note(outcome, dead=delivery.state == "dead")
        log.info(
            "webhook.attempted",
            subscription=str(subscription_id),
            webhook_id=delivery.webhook_id,
            attempt=delivery.attempts,
            status=outcome.status,
            ms=outcome.milliseconds,
            reason=outcome.reason,
        )


def _write_attempt(delivery: Delivery, at: datetime, outcome: Outcome) -> None:
    delivery.attempts += 1
    attempt: dict[str, Any] = {
        "at": at.isoformat(),
        "status": outcome.status,
        "ms": outcome.milliseconds,
        "reason": outcome.reason,
    }
    delivery.tried = [*delivery.tried, attempt][-MOST_TRIED_KEPT:]


def _why_disable(turn: Turn, outcome: Outcome, now: datetime) -> Reason | None:
    if outcome.gone:
        return Reason.GONE
    if turn.failing_since is not None and failed_too_long(turn.failing_since, now):
        return Reason.FAILING
    return None
