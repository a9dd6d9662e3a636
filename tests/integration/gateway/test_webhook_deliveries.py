"""From the feed to the receiver: real database, real sockets, time given."""

import asyncio
import base64
import ipaddress
import json
import ssl
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from gateway.tokens.models import Client
from gateway.webhooks import actions, queries
from gateway.webhooks.actions import Office
from gateway.webhooks.courier import LEASE_MARGIN, Courier
from gateway.webhooks.guard import Guard
from gateway.webhooks.models import Delivery, Subscription
from gateway.webhooks.reader import PAGE, Reader
from gateway.webhooks.rules import DISABLED_AFTER, LONGEST_REST, SCHEDULE
from gateway.webhooks.schemas import ReplayOrder, SubscriptionChange, SubscriptionDraft
from gateway.webhooks.sending import MOST_HEARD, Sender, trusting
from gateway.webhooks.signing import SecretSafe, WebhookKeys, shown
from gateway.webhooks.worker import KEPT_DAYS, WebhookWorker
from shared.database.session import make_engine, make_sessions
from shared.journal.rows import RESTRICTED
from shared.merkle import leaf_hash
from shared.sensitive import Vault
from tests.support.certificates import authority
from tests.support.gateway import SECRET_KEY
from tests.support.webhooks import TAKEN, Feed, Receiver, answer, signed_by

BEGINS = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LOOPBACK = ipaddress.ip_network("127.0.0.0/8")
SANDBOX = Guard(plain_hosts=("127.0.0.1",), open_networks=[LOOPBACK])
WHOLE_SCHEDULE = len(SCHEDULE) + 1
"""Attempts."""


@dataclass
class Bench:
    """Subscriptions, a feed, and workers whose clock a test moves."""

    sessions: async_sessionmaker[AsyncSession]
    keys: WebhookKeys
    feed: Feed = field(default_factory=Feed)
    now: datetime = BEGINS
    guard: Guard = SANDBOX
    seconds: float = 5.0
    context: ssl.SSLContext = field(default_factory=lambda: trusting(None))
    safe: SecretSafe = field(default_factory=lambda: SecretSafe(Vault(SECRET_KEY)))
    secrets: dict[Any, str] = field(default_factory=dict)

    def reader(self) -> Reader:
        return Reader(self.feed.service, self.feed.ask, self.sessions)

    def courier(self) -> Courier:
        sender = Sender(self.guard, self.seconds, self.context, lambda: self.now)
        return Courier(
            self.sessions, sender, self.safe, self.keys, clock=lambda: self.now, chance=lambda: 0.0
        )

    def later(self, wait: timedelta) -> None:
        self.now += wait

    async def subscribe(
        self, url: str, *kinds: str, client: str = "platform", **more: Any
    ) -> Subscription:
        draft = SubscriptionDraft(url=url, kinds=list(kinds) or ["*"], **more)
        async with self.sessions.begin() as session:
            made, secret = await actions.subscribe(
                session, Office(self.guard, self.safe), client, draft, self.now
            )
        self.secrets[made.id] = shown(secret)
        return made

    async def change(self, subscription: Subscription, **wanted: Any) -> None:
        async with self.sessions.begin() as session:
            found = await session.get_one(Subscription, subscription.id)
            await actions.change(
                session,
                Office(self.guard, self.safe),
                found,
                SubscriptionChange(**wanted),
                self.now,
            )

    async def read(self, reader: Reader | None = None) -> int:
        """Everything there is."""
        reader, made = reader or self.reader(), 0
        while await self.position() != len(self.feed.entries):
            made += await reader.read(self.now)
        return made

    async def position(self) -> int | None:
        async with self.sessions() as session:
            return await queries.position_of(session, self.feed.service)

    async def deliveries(self, subscription: Subscription) -> Sequence[Delivery]:
        async with self.sessions() as session:
            statement = queries.deliveries_of(subscription.id, None).order_by(Delivery.seq)
            return (await session.scalars(statement)).all()

    async def only_delivery(self, subscription: Subscription) -> Delivery:
        [found] = await self.deliveries(subscription)
        return found

    async def again(self, subscription: Subscription) -> Subscription:
        async with self.sessions() as session:
            return await session.get_one(Subscription, subscription.id)


@pytest.fixture
async def office(database: str, tmp_path: Path) -> AsyncIterator[Bench]:
    engine = make_engine(database, pool=5)
    keys = WebhookKeys(tmp_path / "webhook-keys")
    keys.read()
    made = Bench(make_sessions(engine), keys)
    await made.read()  # the feed begins here
    yield made
    await engine.dispose()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as it:
        yield it


# --- What is told --------------------------------------------------------------------------------


async def test_an_event_comes_signed_by_both_keys_and_as_the_feed_tells_it(office, receiver):
    subscription = await office.subscribe(receiver.url, "tender.*")
    entry = office.feed.tell("tender.published", "tender/7", {"title": "社工服务站"})

    await office.read()
    await office.courier().round()

    [got] = receiver.received
    assert signed_by(got.headers, got.body, office.secrets[subscription.id])
    assert signed_by(got.headers, got.body, office.keys.published()[0]["key"])
    assert got.headers["webhook-timestamp"] == str(int(BEGINS.timestamp()))
    assert got.headers["content-type"].startswith("application/cloudevents+json")
    event = got.event
    assert event.pop("feedposition") == 1
    assert leaf_hash(rfc8785.dumps({k: v for k, v in event.items() if k != "leaf"})) == (
        bytes.fromhex(event["leaf"])
    )
    assert {k: v for k, v in event.items() if k != "leaf"} == entry["event"]
    delivery = await office.only_delivery(subscription)
    assert (delivery.state, delivery.attempts, delivery.status) == ("delivered", 1, 204)


async def test_only_what_was_asked_for_is_told(office, receiver):
    await office.subscribe(receiver.url, "tender.*", subject="52410108MJ0000018R")
    office.feed.tell("tender.published", data={"agency": "52410108MJ0000018R"})
    office.feed.tell("tender.published", data={"agency": "another"})
    office.feed.tell("award.announced", data={"agency": "52410108MJ0000018R"})

    await office.read()
    await office.courier().round()

    assert [one.event["feedposition"] for one in receiver.received] == [1]


async def test_what_is_not_public_is_told_to_nobody_and_kept_nowhere(office, receiver):
    subscription = await office.subscribe(receiver.url, "*")
    office.feed.tell("tender.published", "tender/1")
    office.feed.tell(
        "tender.publication.refused", "tender/2", {"secret": "figure"}, audience=RESTRICTED
    )
    office.feed.tell("tender.published", "tender/3")

    await office.read()
    await office.courier().round()

    assert [one.event["subject"] for one in receiver.received] == ["tender/1", "tender/3"]
    assert [d.position for d in await office.deliveries(subscription)] == [1, 3]
    assert await office.position() == 3


async def test_what_was_before_the_subscription_is_not_told(office, receiver):
    office.feed.tell()
    await office.read()

    await office.subscribe(receiver.url)
    office.feed.tell()
    await office.read()
    await office.courier().round()

    assert [one.event["feedposition"] for one in receiver.received] == [2]


async def test_each_receiver_has_a_delivery_of_its_own(office, receiver):
    one = await office.subscribe(receiver.url, client="one")
    other = await office.subscribe(receiver.url, client="other")
    office.feed.tell()

    await office.read()
    await office.courier().round()

    assert len(receiver.received) == 2
    assert {
        key: sum(signed_by(got.headers, got.body, office.secrets[key]) for got in receiver.received)
        for key in (one.id, other.id)
    } == {one.id: 1, other.id: 1}


async def test_first_attempts_come_in_the_order_of_the_feed(office, receiver):
    await office.subscribe(receiver.url)
    for n in range(50):
        office.feed.tell(subject=f"tender/{n}")

    await office.read()
    await office.courier().round()

    assert [one.event["feedposition"] for one in receiver.received] == [*range(1, 51)]


async def test_more_pages_than_one_are_read_to_their_end(office, receiver):
    subscription = await office.subscribe(receiver.url)
    for n in range(PAGE + 3):
        office.feed.tell(subject=f"tender/{n}")

    made = await office.read()

    assert made == PAGE + 3
    assert len({d.webhook_id for d in await office.deliveries(subscription)}) == made


# --- Nothing is lost, nothing is made twice ------------------------------------------------------


async def test_a_worker_that_ends_between_cursor_and_deliveries_has_done_neither(
    office, receiver, monkeypatch
):
    subscription = await office.subscribe(receiver.url)
    office.feed.tell()

    async def power_cut(*_: object) -> int:
        raise ConnectionResetError

    with monkeypatch.context() as patched:
        patched.setattr(queries, "add_deliveries", power_cut)
        with pytest.raises(ConnectionResetError):
            await office.reader().read(office.now)

    assert await office.position() == 0
    assert await office.read() == 1
    assert len(await office.deliveries(subscription)) == 1


async def test_two_workers_that_read_the_same_page_make_its_deliveries_once(office, receiver):
    subscription = await office.subscribe(receiver.url)
    for n in range(20):
        office.feed.tell(subject=f"tender/{n}")

    made = await asyncio.gather(*[office.reader().read(office.now) for _ in range(4)])

    assert sorted(made) == [0, 0, 0, 20]
    assert len(await office.deliveries(subscription)) == 20


async def test_two_workers_at_once_do_not_deliver_doubly(office):
    async with Receiver() as one, Receiver() as other:
        for receiver in (one, other):
            await office.subscribe(receiver.url)
        for n in range(30):
            office.feed.tell(subject=f"tender/{n}")
        await office.read()

        await asyncio.gather(*[office.courier().round() for _ in range(4)])

        for receiver in (one, other):
            assert [got.event["feedposition"] for got in receiver.received] == [*range(1, 31)]


async def test_a_worker_killed_after_the_post_has_it_sent_again_under_the_same_id(office, receiver):
    subscription = await office.subscribe(receiver.url)
    office.feed.tell()
    await office.read()

    receiver.answers = [never, TAKEN]
    killed = asyncio.create_task(office.courier().round())
    await receiver.arrived.wait()
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)

    assert await office.courier().round() == 0  # its turn is not over yet
    office.later(timedelta(seconds=office.seconds) + LEASE_MARGIN)
    assert await office.courier().round() == 1

    first, second = receiver.received
    assert (first.webhook_id, first.body) == (second.webhook_id, second.body)
    delivery = await office.only_delivery(subscription)
    assert (delivery.state, delivery.attempts) == ("delivered", 1)


async def test_a_worker_that_was_held_up_writes_nothing_after_its_turn_was_taken(office, receiver):
    """It stood still with its POST under way; another has delivered meanwhile."""
    subscription = await office.subscribe(receiver.url)
    office.feed.tell()
    await office.read()
    go_on = asyncio.Event()

    async def fails_late(writer: asyncio.StreamWriter) -> None:
        await go_on.wait()
        writer.write(answer(500))
        await writer.drain()

    receiver.answers = [fails_late, TAKEN]
    held_up = asyncio.create_task(office.courier().round())
    await receiver.arrived.wait()
    office.later(timedelta(seconds=office.seconds) + LEASE_MARGIN)
    await office.courier().round()
    go_on.set()
    await held_up

    delivery = await office.only_delivery(subscription)
    assert (delivery.state, delivery.attempts, delivery.status) == ("delivered", 1, 204)


async def test_after_a_restart_everything_comes_once_and_repeats_have_their_old_id(
    office, receiver
):
    await office.subscribe(receiver.url)
    for n in range(10):
        office.feed.tell(subject=f"tender/{n}")
    await office.read()
    receiver.answers = [TAKEN, TAKEN, TAKEN, answer(503), TAKEN]
    await office.courier().round()  # three went, one failed, and then the process ends
    for n in range(10, 15):
        office.feed.tell(subject=f"tender/{n}")

    await office.read(office.reader())
    office.later(SCHEDULE[0])
    await office.courier().round()

    positions = [one.event["feedposition"] for one in receiver.received]
    assert positions == [1, 2, 3, 4, 4, *range(5, 16)]
    assert receiver.ids[3] == receiver.ids[4]
    assert len(set(receiver.ids)) == 15


# --- Failing -------------------------------------------------------------------------------------


async def test_a_failed_delivery_comes_again_on_schedule_and_is_dead_at_the_end(office, receiver):
    subscription = await office.subscribe(receiver.url)
    receiver.answers = [answer(500)]
    office.feed.tell()
    await office.read()

    for wait in SCHEDULE:
        assert await office.courier().round() == 1
        office.later(wait - timedelta(seconds=1))
        assert await office.courier().round() == 0
        office.later(timedelta(seconds=1))
    await office.courier().round()

    delivery = await office.only_delivery(subscription)
    assert (delivery.state, delivery.attempts) == ("dead", WHOLE_SCHEDULE)
    assert len(delivery.tried) == WHOLE_SCHEDULE
    assert (delivery.status, delivery.reason) == (500, "status")
    assert set(receiver.ids) == {delivery.webhook_id}
    office.later(timedelta(days=1))
    assert await office.courier().round() == 0


async def test_a_failed_delivery_steps_aside_and_the_later_ones_go_on(office, receiver):
    await office.subscribe(receiver.url)
    for n in range(3):
        office.feed.tell(subject=f"tender/{n}")
    await office.read()
    receiver.answers = [answer(500), TAKEN]

    await office.courier().round()
    office.later(timedelta(seconds=1))  # the receiver is left in peace for a moment
    await office.courier().round()
    office.later(SCHEDULE[0])
    await office.courier().round()

    assert [one.event["feedposition"] for one in receiver.received] == [1, 2, 3, 1]


async def test_a_receiver_that_is_down_costs_an_attempt_a_minute_at_most(office, receiver):
    await office.subscribe(receiver.url)
    for n in range(100):
        office.feed.tell(subject=f"tender/{n}")
    await office.read()
    receiver.answers = [answer(503)]

    for _ in range(10 * 60):
        await office.courier().round()
        office.later(timedelta(seconds=1))

    assert len(receiver.received) <= 10 + 8  # once a minute, and the first doublings


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_honoured_for_everything_that_waits(office, receiver, status):
    subscription = await office.subscribe(receiver.url)
    office.feed.tell(subject="tender/1")
    office.feed.tell(subject="tender/2")
    await office.read()
    receiver.answers = [answer(status, "retry-after: 3600"), TAKEN]
    await office.courier().round()

    office.later(timedelta(seconds=3599))
    assert await office.courier().round() == 0
    office.later(timedelta(seconds=1))
    assert await office.courier().round() == 2

    assert {d.state for d in await office.deliveries(subscription)} == {"delivered"}


async def test_410_disables_the_subscription_until_its_owner_resumes_it(office, receiver):
    subscription = await office.subscribe(receiver.url)
    office.feed.tell(subject="tender/1")
    office.feed.tell(subject="tender/2")
    await office.read()
    receiver.answers = [answer(410), TAKEN]

    await office.courier().round()

    found = await office.again(subscription)
    assert (found.state, found.reason, found.version) == ("disabled", "gone", 2)
    assert [d.state for d in await office.deliveries(subscription)] == ["dead", "waiting"]
    office.later(timedelta(days=1))
    office.feed.tell(subject="tender/3")
    await office.read()
    assert await office.courier().round() == 0

    await office.change(subscription, state="active")
    await office.courier().round()
    assert [one.event["subject"] for one in receiver.received] == ["tender/1", "tender/2"]


async def test_a_receiver_that_fails_for_five_days_is_disabled_with_its_reason(office, receiver):
    subscription = await office.subscribe(receiver.url)
    receiver.answers = [answer(500)]

    for day in range(DISABLED_AFTER.days + 1):
        assert (await office.again(subscription)).state == "active", day
        office.feed.tell(subject=f"tender/{day}")
        await office.read()
        await office.courier().round()
        office.later(LONGEST_REST)
        await office.courier().round()
        office.later(timedelta(days=1) - LONGEST_REST)

    found = await office.again(subscription)
    assert (found.state, found.reason) == ("disabled", "failing")


async def test_one_success_begins_the_count_of_days_anew(office, receiver):
    subscription = await office.subscribe(receiver.url)
    for day in range(2 * DISABLED_AFTER.days):
        receiver.answers = [TAKEN if day == 4 else answer(500)]
        office.feed.tell(subject=f"tender/{day}")
        await office.read()
        for _ in range(20):
            await office.courier().round()
            office.later(LONGEST_REST)
        office.later(timedelta(days=1) - 20 * LONGEST_REST)
        if day == 8:
            assert (await office.again(subscription)).state == "active"


@pytest.mark.parametrize(
    ("told", "reason", "status"),
    [
        (answer(302, "location: http://127.0.0.1:1/"), "redirect", 302),
        (answer(404), "status", 404),
        (b"this is no HTTP\r\n\r\n", "broken-answer", None),
        (b"", "broken-answer", None),
    ],
)
async def test_what_is_not_2xx_is_not_delivered_and_says_why(
    office, receiver, told, reason, status
):
    subscription = await office.subscribe(receiver.url)
    receiver.answers = [told]
    office.feed.tell()
    await office.read()

    await office.courier().round()

    delivery = await office.only_delivery(subscription)
    assert (delivery.state, delivery.reason, delivery.status) == ("waiting", reason, status)
    assert delivery.words.zh


async def test_a_redirect_is_never_followed(office, receiver):
    async with Receiver() as inside:
        await office.subscribe(receiver.url)
        receiver.answers = [answer(307, f"location: {inside.url}")]
        office.feed.tell()
        await office.read()

        await office.courier().round()

        assert len(receiver.received) == 1
        assert inside.received == []


async def never(_: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def drips(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10000\r\n\r\n")
    while True:
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("silence", [never, drips])
async def test_a_silent_receiver_is_given_up_in_time(office, receiver, silence):
    office.seconds = 0.2
    subscription = await office.subscribe(receiver.url)
    receiver.answers = [silence]
    office.feed.tell()
    await office.read()

    async with asyncio.timeout(4):
        await office.courier().round()

    assert (await office.only_delivery(subscription)).reason == "timeout"


async def test_of_an_endless_answer_only_the_beginning_is_heard(office, receiver):
    subscription = await office.subscribe(receiver.url)
    written = 0

    async def endless(writer: asyncio.StreamWriter) -> None:
        nonlocal written
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"." * 65536)
            written += 65536
            await writer.drain()

    receiver.answers = [endless]
    office.feed.tell()
    await office.read()
    async with asyncio.timeout(4):
        await office.courier().round()

    assert (await office.only_delivery(subscription)).state == "delivered"
    assert written < 100 * MOST_HEARD  # what sockets hold, not what could be sent in 5 s


async def test_nobody_there_is_told_as_such(office, receiver):
    subscription = await office.subscribe("http://127.0.0.1:1/")
    office.feed.tell()
    await office.read()

    await office.courier().round()

    assert (await office.only_delivery(subscription)).reason == "unreachable"


# --- The guard at work ---------------------------------------------------------------------------


async def test_a_name_that_turns_inwards_after_it_was_subscribed_is_not_called(office, receiver):
    """It pointed outside when it was subscribed. Loopback listens, and nobody knocks."""
    subscription = await office.subscribe(receiver.url)
    office.guard = Guard(plain_hosts=("127.0.0.1",))  # the same name, the address not allowed
    office.feed.tell()
    await office.read()

    await office.courier().round()

    assert receiver.received == []
    assert (await office.only_delivery(subscription)).reason == "address-refused"


async def test_a_rebinding_name_reaches_what_was_judged_and_nothing_else(office, tmp_path):
    """Asked once for each attempt; the second answer would be another, and is never fetched."""
    made = authority(tmp_path)
    told = [["127.0.0.1"], ["10.0.0.1"], ["127.0.0.1", "10.0.0.1"]]
    asked = []

    async def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return told[len(asked) - 1]

    async with Receiver(context=made.server("receiver.example.org")) as receiver:
        office.guard = Guard(ports=[receiver.port], open_networks=[LOOPBACK], resolve=rebinding)
        office.context = trusting(made.file)
        subscription = await office.subscribe(f"https://receiver.example.org:{receiver.port}/hook")
        for n in range(3):
            office.feed.tell(subject=f"tender/{n}")
        await office.read()
        for _ in range(3):
            await office.courier().round()
            office.later(timedelta(seconds=2))

        assert [one.headers["host"] for one in receiver.received] == [
            f"receiver.example.org:{receiver.port}"
        ]
    assert [d.reason for d in await office.deliveries(subscription)] == [
        None,
        "address-refused",
        "address-refused",
    ]
    assert len(asked) == 3


@pytest.mark.parametrize("fault", ["another name", "another authority"])
async def test_the_certificate_has_to_be_that_of_the_name(office, tmp_path, fault):
    made, other = authority(tmp_path / "one"), authority(tmp_path / "other")
    name = "other.example.org" if fault == "another name" else "receiver.example.org"

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    async with Receiver(context=made.server(name)) as receiver:
        office.guard = Guard(ports=[receiver.port], open_networks=[LOOPBACK], resolve=resolve)
        office.context = trusting(made.file if fault == "another name" else other.file)
        subscription = await office.subscribe(f"https://receiver.example.org:{receiver.port}/")
        office.feed.tell()
        await office.read()

        await office.courier().round()

        assert receiver.received == []
    assert (await office.only_delivery(subscription)).reason == "tls"


# --- What owners do ------------------------------------------------------------------------------


async def test_while_a_secret_follows_another_both_sign_and_afterwards_the_new_one(
    office, receiver
):
    subscription = await office.subscribe(receiver.url)
    before = office.secrets[subscription.id]
    async with office.sessions.begin() as session:
        found = await session.get_one(Subscription, subscription.id)
        secret = actions.rotate_secret(
            Office(office.guard, office.safe), found, timedelta(hours=24), office.now
        )
    after = shown(secret)

    for _ in range(2):
        office.feed.tell()
        await office.read()
        await office.courier().round()
        office.later(timedelta(hours=24))

    during, later = receiver.received
    assert signed_by(during.headers, during.body, before)
    assert signed_by(during.headers, during.body, after)
    assert not signed_by(later.headers, later.body, before)
    assert signed_by(later.headers, later.body, after)


async def test_what_comes_during_a_pause_comes_after_it(office, receiver):
    subscription = await office.subscribe(receiver.url)
    await office.change(subscription, state="paused")
    office.feed.tell()
    await office.read()
    assert await office.courier().round() == 0

    await office.change(subscription, state="active")
    await office.courier().round()

    assert len(receiver.received) == 1


async def test_a_dead_letter_is_replayed_under_its_old_id(office, receiver):
    subscription = await office.subscribe(receiver.url)
    receiver.answers = [answer(500)]
    office.feed.tell()
    await office.read()
    for wait in (*SCHEDULE, timedelta()):
        await office.courier().round()
        office.later(wait)
    receiver.answers = [TAKEN]

    async with office.sessions.begin() as session:
        dead = await queries.delivery_of(
            session, subscription.id, (await office.only_delivery(subscription)).id
        )
        assert dead.state == "dead"
        actions.replay_delivery(dead)
    office.later(LONGEST_REST)
    await office.courier().round()

    delivery = await office.only_delivery(subscription)
    assert (delivery.state, delivery.attempts) == ("delivered", 1)
    assert len(delivery.tried) == WHOLE_SCHEDULE + 1
    assert set(receiver.ids) == {delivery.webhook_id}


async def replay(office: Bench, subscription: Subscription, after: int) -> None:
    async with office.sessions.begin() as session:
        found = await session.get_one(Subscription, subscription.id)
        order = ReplayOrder(service=office.feed.service, after=after)
        await actions.replay_feed(session, found, order, office.now)
    reader = office.reader()
    while await reader.replay():
        pass


async def test_a_feed_is_replayed_from_a_position_with_what_was_never_told(office, receiver):
    for n in range(1, 4):
        office.feed.tell(subject=f"tender/{n}")
    await office.read()
    subscription = await office.subscribe(receiver.url, "tender.*")
    office.feed.tell(subject="tender/4")
    office.feed.tell("award.announced", "award/5")
    await office.read()
    await office.courier().round()

    await replay(office, subscription, 1)
    await office.courier().round()

    subjects = [one.event["subject"] for one in receiver.received]
    assert subjects[0] == "tender/4"
    assert sorted(subjects[1:]) == ["tender/2", "tender/3", "tender/4"]
    assert len(set(receiver.ids)) == 3
    async with office.sessions() as session:
        assert await queries.replays_of(session, subscription.id) == 0


async def test_a_long_replay_waits_until_the_receiver_has_caught_up(office, receiver):
    for n in range(3 * PAGE):
        office.feed.tell(subject=f"tender/{n}")
    await office.read()
    subscription = await office.subscribe(receiver.url)

    await replay(office, subscription, 0)
    assert len(await office.deliveries(subscription)) == 3 * PAGE
    await replay(office, subscription, 0)  # much is waiting: it begins later
    async with office.sessions() as session:
        assert await queries.replays_of(session, subscription.id) == 1


async def test_who_is_not_let_in_any_more_is_not_told_either(office, receiver):
    await office.subscribe(receiver.url, client="former")
    async with office.sessions.begin() as session:
        session.add(
            Client(
                client_id="former",
                name="former",
                roles=["platform"],
                secret_hash="none",
                created_at=office.now,
                changed_at=office.now,
                disabled_at=office.now,
            )
        )
    office.feed.tell()
    await office.read()

    assert await office.courier().round() == 0
    assert receiver.received == []


# --- Keeping house -------------------------------------------------------------------------------


def worker(office: Bench) -> WebhookWorker:
    return WebhookWorker(office.courier(), [office.reader()], office.sessions)


async def test_finished_deliveries_are_kept_thirty_days_and_waiting_ones_longer(office, receiver):
    subscription = await office.subscribe(receiver.url)
    receiver.answers = [TAKEN, answer(500)]
    office.feed.tell(subject="tender/1")
    office.feed.tell(subject="tender/2")
    await office.read()
    await office.courier().round()

    office.later(timedelta(days=KEPT_DAYS))
    await worker(office).tidy(office.now)
    assert len(await office.deliveries(subscription)) == 2
    office.later(timedelta(seconds=1))
    await worker(office).tidy(office.now)

    assert [d.position for d in await office.deliveries(subscription)] == [2]


async def test_a_backlog_that_grows_too_long_disables_its_subscription_only(office, receiver):
    long = await office.subscribe(receiver.url, "tender.*")
    short = await office.subscribe(receiver.url, "award.*")
    for n in range(11):
        office.feed.tell(subject=f"tender/{n}")
    await office.read()

    await worker(office).tidy(office.now, most_waiting=11)
    assert (await office.again(long)).state == "active"
    await worker(office).tidy(office.now, most_waiting=10)

    assert (await office.again(long)).reason == "backlog"
    assert (await office.again(short)).state == "active"


async def test_the_database_shows_no_secret(office, receiver):
    subscription = await office.subscribe(receiver.url)
    raw = office.secrets[subscription.id].removeprefix("whsec_")

    async with office.sessions() as session:
        [kept] = (await session.scalars(select(Subscription))).all()
        rows = await session.execute(text("SELECT s::text FROM webhook_subscription s"))
        assert all(raw not in row[0] for row in rows)

    assert base64.b64decode(raw) not in kept.sealed_secret


async def test_a_feed_with_a_gap_is_not_taken(office, receiver):
    subscription = await office.subscribe(receiver.url)
    for n in range(3):
        office.feed.tell(subject=f"tender/{n}")
    del office.feed.entries[1]

    with pytest.raises(Exception, match="answering"):
        await office.reader().read(office.now)

    assert await office.position() == 0
    assert await office.deliveries(subscription) == []


async def test_figures_count_and_name_nobody(office, receiver):
    await office.subscribe(receiver.url, client="client-of-ours")
    receiver.answers = [TAKEN, answer(410)]
    for n in range(3):
        office.feed.tell(subject=f"tender/{n}")
    await office.read()
    courier = office.courier()

    await courier.round()
    async with office.sessions() as session:
        courier.figures.measured(await queries.counts(session))

    told = {sample.name: sample.value for m in courier.figures.collect() for sample in m.samples}
    assert told == {
        "huishe_gateway_webhooks_waiting": 1,
        "huishe_gateway_webhooks_dead": 1,
        "huishe_gateway_webhooks_delivered_total": 1,
        "huishe_gateway_webhooks_failed_total": 1,
        "huishe_gateway_webhooks_given_up_total": 1,
    }
    assert "client-of-ours" not in json.dumps([str(m) for m in courier.figures.collect()])
