"""Every statement about subscriptions and deliveries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    CursorResult,
    Select,
    and_,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.tokens.models import Client
from gateway.webhooks.lifecycle import DeliveryState, SubscriptionState
from gateway.webhooks.models import Delivery, FeedCursor, Replay, Subscription, Turn

MOST_ROWS = 1000

# --- Subscriptions -------------------------------------------------------------------------------


def subscriptions_of(client_id: str) -> Select[Any]:
    return select(Subscription).where(Subscription.client_id == client_id)


async def count_of(session: AsyncSession, client_id: str) -> int:
    statement = select(func.count()).where(Subscription.client_id == client_id)
    return (await session.scalar(statement)) or 0


async def subscription_of(
    session: AsyncSession, client_id: str, subscription_id: UUID, *, lock: bool = False
) -> Subscription | None:
    """One of the client's own; another's is none."""
    statement = subscriptions_of(client_id).where(Subscription.id == subscription_id)
    return cast(
        Subscription | None,
        await session.scalar(statement.with_for_update() if lock else statement),
    )


async def turn_of(session: AsyncSession, subscription_id: UUID) -> Turn:
    statement = select(Turn).where(Turn.subscription_id == subscription_id).with_for_update()
    return (await session.scalars(statement)).one()


async def wishing(
    session: AsyncSession, service: str, *, lock: bool = False
) -> Sequence[Subscription]:
    """Those that are told of a service; what is disabled hears nothing, what is paused hears later."""
    statement = select(Subscription).where(
        Subscription.services.contains([service]),
        Subscription.state != SubscriptionState.DISABLED,
    )
    if lock:
        statement = statement.with_for_update(read=True, key_share=True)
    return (await session.scalars(statement)).all()


# --- Deliveries ----------------------------------------------------------------------------------


def deliveries_of(subscription_id: UUID, state: str | None) -> Select[Any]:
    statement = select(Delivery).where(Delivery.subscription_id == subscription_id)
    return statement if state is None else statement.where(Delivery.state == state)


async def delivery_of(
    session: AsyncSession, subscription_id: UUID, delivery_id: UUID
) -> Delivery | None:
    statement = deliveries_of(subscription_id, None).where(Delivery.id == delivery_id)
    return cast(Delivery | None, await session.scalar(statement.with_for_update()))


async def add_deliveries(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> int:
    """New ones only: what a subscription was told already stays as it is."""
    if not rows:
        return 0
    statement = insert(Delivery).on_conflict_do_nothing(
        index_elements=[Delivery.subscription_id, Delivery.webhook_id]
    )
    return await _inserted(session, statement, rows)


async def add_deliveries_again(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> int:
    """The same, and what was told already is due once more under its old webhook-id."""
    if not rows:
        return 0
    again = {
        "state": DeliveryState.WAITING.value,
        "attempts": 0,
        "due_at": None,
        "finished_at": None,
    }
    statement = insert(Delivery).on_conflict_do_update(
        index_elements=[Delivery.subscription_id, Delivery.webhook_id], set_=again
    )
    return await _inserted(session, statement, rows)


async def _inserted(session: AsyncSession, statement: Any, rows: Sequence[dict[str, Any]]) -> int:
    made = 0
    for first in range(0, len(rows), MOST_ROWS):  # a statement has at most 32,767 parameters
        some = statement.values(list(rows[first : first + MOST_ROWS]))
        made += len((await session.scalars(some.returning(Delivery.id))).all())
    return made


def _due(now: datetime) -> Any:
    return and_(
        Delivery.state == DeliveryState.WAITING,
        or_(Delivery.due_at.is_(None), Delivery.due_at <= now),
    )


async def due_for(session: AsyncSession, subscription_id: UUID, now: datetime) -> Delivery | None:
    """What is to be sent next: the oldest of what is due, as the feeds told it."""
    statement = (
        select(Delivery)
        .where(Delivery.subscription_id == subscription_id, _due(now))
        .order_by(Delivery.seq)
        .limit(1)
    )
    return cast(Delivery | None, await session.scalar(statement))


async def waiting_of(session: AsyncSession, subscription_id: UUID) -> int:
    statement = select(func.count()).where(
        Delivery.subscription_id == subscription_id, Delivery.state == DeliveryState.WAITING
    )
    return (await session.scalar(statement)) or 0


async def backlogs(session: AsyncSession, more_than: int) -> Sequence[UUID]:
    """Subscriptions that still hear and have more waiting than that."""
    statement = (
        select(Delivery.subscription_id)
        .join(Subscription, Subscription.id == Delivery.subscription_id)
        .where(
            Delivery.state == DeliveryState.WAITING,
            Subscription.state != SubscriptionState.DISABLED,
        )
        .group_by(Delivery.subscription_id)
        .having(func.count() > more_than)
    )
    return (await session.scalars(statement)).all()


async def counts(session: AsyncSession) -> dict[str, int]:
    """How many deliveries wait, and how many are given up; each from an index of its own."""
    found = {}
    for state in (DeliveryState.WAITING, DeliveryState.DEAD):
        statement = select(func.count()).where(Delivery.state == literal_column(f"'{state}'"))
        found[state.value] = (await session.scalar(statement)) or 0
    return found


async def forget_finished(session: AsyncSession, before: datetime) -> int:
    """Let go of what was finished before then."""
    statement = delete(Delivery).where(Delivery.finished_at < before)
    return cast(CursorResult[Any], await session.execute(statement)).rowcount


# --- Turns ---------------------------------------------------------------------------------------


async def take_turns(
    session: AsyncSession, lease: UUID, now: datetime, until: datetime, most: int
) -> Sequence[UUID]:
    """Take some subscriptions that have something due and that nobody serves.

    Several workers ask at once and each gets others: who is being looked at is skipped. A client
    that is not let in any more is not told anything either.
    """
    shut_out = exists().where(
        Client.client_id == Subscription.client_id, Client.disabled_at.is_not(None)
    )
    free = (
        select(Turn.subscription_id)
        .join(Subscription, Subscription.id == Turn.subscription_id)
        .where(
            Subscription.state == SubscriptionState.ACTIVE,
            ~shut_out,
            or_(Turn.leased_until.is_(None), Turn.leased_until <= now),
            or_(Turn.resting_until.is_(None), Turn.resting_until <= now),
            exists().where(Delivery.subscription_id == Turn.subscription_id, _due(now)),
        )
        .order_by(Turn.leased_until.asc().nulls_first())
        .limit(most)
        .with_for_update(of=Turn, skip_locked=True)
        .cte("free")
    )
    statement = (
        update(Turn)
        .where(Turn.subscription_id == free.c.subscription_id)
        .values(lease=lease, leased_until=until)
        .returning(Turn.subscription_id)
    )
    return (await session.scalars(statement)).all()


async def keep_turn(
    session: AsyncSession, subscription_id: UUID, lease: UUID, until: datetime
) -> bool:
    """Go on with a turn; False when it was taken over meanwhile."""
    statement = (
        update(Turn)
        .where(Turn.subscription_id == subscription_id, Turn.lease == lease)
        .values(leased_until=until)
        .returning(Turn.subscription_id)
    )
    return (await session.scalar(statement)) is not None


async def end_turn(session: AsyncSession, subscription_id: UUID, lease: UUID) -> None:
    await session.execute(
        update(Turn)
        .where(Turn.subscription_id == subscription_id, Turn.lease == lease)
        .values(lease=None, leased_until=None)
    )


# --- Feeds ---------------------------------------------------------------------------------------


async def position_of(session: AsyncSession, service: str) -> int | None:
    """How far the feed was read; None before the first look at it."""
    return cast(
        int | None,
        await session.scalar(select(FeedCursor.position).where(FeedCursor.service == service)),
    )


async def begin_at(session: AsyncSession, service: str, position: int) -> None:
    """Where the first look begins, unless another was first."""
    statement = insert(FeedCursor).values(service=service, position=position)
    await session.execute(statement.on_conflict_do_nothing())


async def go_on(session: AsyncSession, service: str, before: int, position: int) -> bool:
    """Move the cursor; False when another has read the same page first."""
    statement = (
        update(FeedCursor)
        .where(FeedCursor.service == service, FeedCursor.position == before)
        .values(position=position)
        .returning(FeedCursor.position)
    )
    return (await session.scalar(statement)) is not None


async def next_replay(session: AsyncSession, service: str) -> Replay | None:
    statement = select(Replay).where(Replay.service == service).order_by(Replay.id).limit(1)
    return cast(Replay | None, await session.scalar(statement))


async def go_on_replaying(session: AsyncSession, replay: Replay, position: int) -> bool:
    """Move a replay on, or end it; False when another was first or it is gone."""
    mine = (Replay.id == replay.id, Replay.position == replay.position)
    if position >= replay.until:
        return (await session.scalar(delete(Replay).where(*mine).returning(Replay.id))) is not None
    statement = update(Replay).where(*mine).values(position=position).returning(Replay.id)
    return (await session.scalar(statement)) is not None


async def replays_of(session: AsyncSession, subscription_id: UUID) -> int:
    statement = select(func.count()).where(Replay.subscription_id == subscription_id)
    return (await session.scalar(statement)) or 0
