"""What a client can do with its subscriptions. `now` is machine time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.settings import SERVICES
from gateway.webhooks import queries
from gateway.webhooks.guard import Guard, Refused
from gateway.webhooks.lifecycle import DELIVERY, SUBSCRIPTION, DeliveryState, SubscriptionState
from gateway.webhooks.models import Delivery, Replay, Subscription, Turn
from gateway.webhooks.rules import PING, Reason, checked_kinds
from gateway.webhooks.schemas import ReplayOrder, SubscriptionChange, SubscriptionDraft
from gateway.webhooks.signing import SecretSafe, draw_secret
from shared.errors import Conflict, InvalidInput, NotFound
from shared.identifiers import new_id
from shared.logging import get_logger
from shared.words import Text

MOST_SUBSCRIPTIONS = 50
MOST_REPLAYS = 4

TOO_MANY = Text(
    zh=f"每个客户端最多 {MOST_SUBSCRIPTIONS} 个订阅",
    en=f"a client has {MOST_SUBSCRIPTIONS} at most",
)
REPLAYING = Text(
    zh="已有重放在进行，请稍后", en="enough is being replayed already: wait until it is through"
)
NOT_ACTIVE = Text(zh="订阅未启用；请先恢复", en="the subscription is not active: resume it first")
NOT_READ_YET = Text(
    zh="该服务的事件流尚未读取，请稍后", en="the feed of this service was not read yet: ask again"
)
CORRECT_URL = Text(zh="请更正接收地址", en="correct the address")


@dataclass(frozen=True, slots=True)
class Office:
    """What the actions need beside a session."""

    guard: Guard
    safe: SecretSafe


async def subscribe(
    session: AsyncSession, office: Office, client_id: str, draft: SubscriptionDraft, now: datetime
) -> tuple[Subscription, bytes]:
    """Start to tell a client; returns the secret too, which nobody can read again."""
    if await queries.count_of(session, client_id) >= MOST_SUBSCRIPTIONS:
        raise Conflict(TOO_MANY)
    _check_url(office, draft.url)
    services = _once(draft.services or SERVICES)
    subscription_id, secret = new_id(now), draw_secret()
    subscription = Subscription(
        id=subscription_id,
        version=1,
        client_id=client_id,
        url=draft.url,
        services=services,
        kinds=checked_kinds(draft.kinds, services),
        subject=draft.subject,
        description=draft.description,
        state=SUBSCRIPTION.start,
        sealed_secret=office.safe.seal(subscription_id, secret),
        created_at=now,
        changed_at=now,
    )
    session.add(subscription)
    await session.flush()
    session.add(Turn(subscription_id=subscription_id))
    return subscription, secret


async def change(
    session: AsyncSession,
    office: Office,
    subscription: Subscription,
    wanted: SubscriptionChange,
    now: datetime,
) -> None:
    """Change what was sent and nothing else."""
    told = wanted.model_fields_set
    if wanted.url is not None:
        _check_url(office, wanted.url)
        subscription.url = wanted.url
    if "services" in told:
        subscription.services = _once(wanted.services or SERVICES)
    kinds = wanted.kinds or subscription.kinds
    subscription.kinds = checked_kinds(kinds, subscription.services)
    if "subject" in told:
        subscription.subject = wanted.subject
    if "description" in told:
        subscription.description = wanted.description
    if wanted.state is not None and wanted.state != subscription.state:
        await _move_to(session, subscription, wanted.state)
    _changed(subscription, now)


async def _move_to(session: AsyncSession, subscription: Subscription, state: str) -> None:
    resumed = state == SubscriptionState.ACTIVE
    move_subscription(subscription, "resume" if resumed else "pause")
    if resumed:
        subscription.reason = None
        turn = await queries.turn_of(session, subscription.id)
        turn.failures, turn.failing_since, turn.resting_until = 0, None, None


def disable(subscription: Subscription, reason: Reason, now: datetime) -> None:
    """By the worker: it makes no more sense to send."""
    move_subscription(subscription, "disable")
    subscription.reason = reason.value
    _changed(subscription, now)


def move_subscription(subscription: Subscription, name: str) -> None:
    move = SUBSCRIPTION.after(SubscriptionState(subscription.state), name)
    subscription.state = move.target
    get_logger("gateway.webhooks").info(move.event, subscription=str(subscription.id))


def move_delivery(delivery: Delivery, name: str) -> None:
    delivery.state = DELIVERY.after(DeliveryState(delivery.state), name).target


def rotate_secret(
    office: Office, subscription: Subscription, overlap: timedelta, now: datetime
) -> bytes:
    """Another secret; for a while the one before signs beside it, so nobody has to hurry."""
    secret = draw_secret()
    subscription.earlier_secret = subscription.sealed_secret if overlap else None
    subscription.earlier_until = now + overlap if overlap else None
    subscription.sealed_secret = office.safe.seal(subscription.id, secret)
    _changed(subscription, now)
    return secret


def ping(session: AsyncSession, subscription: Subscription, now: datetime) -> Delivery:
    """A signed test event on the usual way."""
    if subscription.state != SubscriptionState.ACTIVE:
        raise Conflict(NOT_ACTIVE)
    ping_id = new_id(now)
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": str(ping_id),
        "source": "/webhooks",
        "type": PING,
        "subject": f"subscription/{subscription.id}",
        "time": now.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": {"description": subscription.description},
    }
    delivery = Delivery(
        id=ping_id,
        subscription_id=subscription.id,
        webhook_id=f"ping_{ping_id.hex}",
        kind=PING,
        subject=event["subject"],
        body=rfc8785.dumps(event).decode(),
        state=DELIVERY.start,
        attempts=0,
        tried=[],
        created_at=now,
    )
    session.add(delivery)
    return delivery


def replay_delivery(delivery: Delivery) -> None:
    """Once more from the beginning, under the same webhook-id."""
    move_delivery(delivery, "replay")
    delivery.attempts, delivery.due_at, delivery.finished_at = 0, None, None


async def replay_feed(
    session: AsyncSession, subscription: Subscription, order: ReplayOrder, now: datetime
) -> Replay:
    """Tell again, or for the first time, what a feed told after a position and up to now."""
    if order.service not in subscription.services:
        raise InvalidInput.at(
            "/service",
            Text(zh="须为本订阅的服务", en="a service of this subscription"),
            Text(zh="请先更改订阅的服务", en="subscribe to that service first"),
        )
    if subscription.state == SubscriptionState.DISABLED:
        raise Conflict(NOT_ACTIVE)
    if await queries.replays_of(session, subscription.id) >= MOST_REPLAYS:
        raise Conflict(REPLAYING)
    until = await queries.position_of(session, order.service)
    if until is None:
        raise Conflict(NOT_READ_YET)
    replay = Replay(
        id=new_id(now),
        subscription_id=subscription.id,
        service=order.service,
        position=order.after,
        until=until,
        created_at=now,
    )
    if order.after < until:
        session.add(replay)
    return replay


async def own_subscription(
    session: AsyncSession, client_id: str, subscription_id: UUID, *, lock: bool = False
) -> Subscription:
    found = await queries.subscription_of(session, client_id, subscription_id, lock=lock)
    if found is None:
        raise NotFound()
    return found


async def own_delivery(
    session: AsyncSession, subscription: Subscription, delivery_id: UUID
) -> Delivery:
    found = await queries.delivery_of(session, subscription.id, delivery_id)
    if found is None:
        raise NotFound()
    return found


def _check_url(office: Office, url: str) -> None:
    try:
        office.guard.target(url)
    except Refused as refused:
        raise InvalidInput.at("/url", refused.rule, CORRECT_URL) from None


def _changed(subscription: Subscription, now: datetime) -> None:
    subscription.version += 1
    subscription.changed_at = now


def _once(names: Sequence[Any]) -> list[str]:
    return list(dict.fromkeys(names))
