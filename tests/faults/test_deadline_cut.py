"""A thousand commits race the deadline while it closes: counted is what came before it, exactly.

The commits are the real statement with the real values, each a transaction of its own, over two
dozen connections; some more come through HTTP. Two workers try to close at every moment. In every
other round an office holds the tender in its hand across the deadline, as any change of it does:
then commits wait for its row, ask the clock again when they have it, and are late.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import httpx

from services.procurement.bids.actions import counted_bids, receipt_for
from services.procurement.openings.lodged import leaves_of
from services.procurement.tenders.queries import tender_of
from shared.actor import Actor
from shared.sealing.closings import Closing
from shared.sealing.receipts import Receipt
from shared.sealing.signing import VerifyingKey
from shared.work import Work
from shared.worker import Worker
from tests.support.builders.procurement import MORNING_LIGHT
from tests.support.builders.sealed_bids import DEADLINE, Sealing
from tests.support.business_state import Rewind
from tests.support.forms import Figure, Form
from tests.support.many_bids import Crowd, MachineClock, Ready, Sent, made_ready
from tests.support.service import ServiceUnderTest

COMMITS = 1_000
BESIDE = 0.05
"""Seconds before and after the deadline in which all commits are sent, if the machine can."""
OVER_HTTP = 12
HELD = "30 milliseconds"
""" Before and after the deadline."""
AT_MOST = 60.0


@dataclass
class Race:
    """One round: the tender is published, the clock runs, everybody goes."""

    sealing: Sealing
    ready: list[Ready]
    crowd: Crowd
    trusted: VerifyingKey
    beside: float
    held_since: datetime | None = None
    sent: list[Sent] = field(default_factory=list)
    answers: list[httpx.Response] = field(default_factory=list)

    @property
    def took(self) -> float:
        """Seconds from the first commit to the last."""
        asked = [one.reading.asked_at for one in self.sent]
        return (max(asked) - min(asked)).total_seconds()

    @property
    def service(self) -> ServiceUnderTest:
        return self.sealing.service

    async def run(self, *, held: bool) -> None:
        connection, office = await self.service.database(), await self.service.database()
        clock = await start_the_clock(connection, timedelta(seconds=self.beside + 0.3))
        count = len(self.ready)
        times = [(2 * n / count - 1) * self.beside for n in range(count)]
        doing = [self._over_http(clock), self._close(connection, clock)]
        if held:
            doing.append(self._hold(office))
        self.sent, *_ = await asyncio.gather(
            self.crowd.send(self.ready[OVER_HTTP:], times[OVER_HTTP:], clock), *doing
        )
        await connection.close()
        await office.close()

    async def _over_http(self, clock: MachineClock) -> None:
        """Through the application, from before the deadline on."""
        await clock.come(-self.beside)
        for number, one in enumerate(self.ready[:OVER_HTTP]):
            code, bid_id = f"org-{number}", str(one.bid_id)
            self.answers.append(await self.sealing.committed(code, bid_id, one.envelope))

    async def _close(self, connection: asyncpg.Connection, clock: MachineClock) -> None:
        """Two workers, again and again, until the tender is closed."""
        runtime = self.service.runtime
        workers = [Worker(runtime, {}, runtime.worker.deadlines[:1]) for _ in range(2)]
        await clock.come(-0.01)
        while not await connection.fetchval("SELECT count(*) FROM closed_tender"):
            assert clock.now() < AT_MOST, "it never closed"
            await asyncio.gather(*(worker.pass_deadlines() for worker in workers))

    async def _hold(self, office: asyncpg.Connection) -> None:
        """The row is locked from shortly before the deadline until shortly after it."""
        await office.execute(
            f"""
            DO $$ BEGIN
                PERFORM pg_sleep(greatest(0, extract(epoch FROM
                    timestamptz '{DEADLINE.isoformat()}' - interval '{HELD}' - business_now())));
                PERFORM 1 FROM tender WHERE id = '{self.sealing.tender_id}' FOR UPDATE;
                PERFORM set_config('held.since', business_now()::text, false);
                PERFORM pg_sleep(greatest(0, extract(epoch FROM
                    timestamptz '{DEADLINE.isoformat()}' + interval '{HELD}' - business_now())));
            END $$
            """
        )
        since = "SELECT current_setting('held.since')::timestamptz"
        self.held_since = await office.fetchval(since)

    async def check(self) -> None:
        """Acknowledged, kept, before the deadline, under the root: the same set, each time."""
        connection = await self.service.database()
        kept = {
            bytes(row["nonce"]): row["received_at"]
            for row in await connection.fetch("SELECT nonce, received_at FROM bid_commit")
        }
        statement = await connection.fetchval("SELECT statement FROM closed_tender")
        await connection.close()
        acknowledged = {
            one.ready.envelope.manifest.nonce: one.reading.received_at
            for one in self.sent
            if one.reading.received_at is not None
        }
        receipts = [Receipt.parse(a.content) for a in self.answers if a.status_code == 200]
        acknowledged |= {receipt.nonce: receipt.received_at for receipt in receipts}
        assert acknowledged == kept
        assert all(received < DEADLINE for received in kept.values())
        assert {a.status_code for a in self.answers} <= {200, 409}
        for one in self.sent:
            assert (one.reading.received_at is None) == self._too_late(one), one.reading
        if self.held_since is not None and self.held_since < DEADLINE:
            waited = [
                one.reading
                for one in self.sent
                if one.reading.received_at and one.reading.read_at > self.held_since
            ]
            assert waited == [], "what waited for the row past the deadline was taken"
        await self._check_root(Closing.parse(statement.encode()), set(kept))

    def _too_late(self, one: Sent) -> bool:
        """By the clock as it was read once the row was held; or the row was closed by then."""
        read = one.reading.read_at
        return read is None or read >= DEADLINE

    async def _check_root(self, closing: Closing, kept: set[bytes]) -> None:
        """The root is over exactly the receipts that were given, and each can be completed."""
        async with self.service.runtime.sessions() as session:
            work = Work("procurement", session, Actor("test"), DEADLINE, "test")
            work.settings = self.service.runtime.settings
            tender = await tender_of(session, UUID(self.sealing.tender_id))
            assert tender is not None
            counted = await counted_bids(work, tender)
            leaves = leaves_of(work, self.sealing.rules, counted)
            given = {bid.nonce: receipt_for(work, bid) for bid in counted.bids}
        closing.verify(self.trusted)
        closing.require_leaves(leaves, self.trusted)
        assert set(given) == kept
        assert {receipt.nonce for receipt in leaves.receipts} == kept
        for receipt in list(given.values())[:: max(1, len(given) // 20)]:
            closing.require_included(receipt, leaves.proof_for(receipt))
        assert closing.closed_at >= DEADLINE


async def start_the_clock(connection: asyncpg.Connection, before: timedelta) -> MachineClock:
    """From so long before the deadline on it runs at the pace of the machine."""
    began = await connection.fetchval("SELECT clock_timestamp()")
    ahead = DEADLINE - before - began
    await connection.execute(
        "CREATE OR REPLACE FUNCTION business_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS "
        f"$$ SELECT clock_timestamp() + interval '{ahead.total_seconds():.6f} seconds' "
        "/* huishe.clock_offset */ $$"
    )
    return MachineClock((began + before).timestamp())


async def test_a_commit_counts_exactly_when_it_came_before_the_deadline(
    procurement: ServiceUnderTest, form: Form, figure: Figure
) -> None:
    sealing = Sealing(procurement)
    await sealing.published()
    await procurement.settle()
    ready = await made_ready(sealing, MORNING_LIGHT, COMMITS)
    trusted = await sealing.trusted()
    connection = await procurement.database()
    rewind = Rewind(connection)
    await rewind.keep()
    taken = late = near = waited = 0
    beside = 0.3
    async with Crowd.of(procurement) as crowd:
        for number in range(form(short=3, long=100)):
            await rewind.back()
            race = Race(sealing, ready, crowd, trusted, beside)
            await race.run(held=number % 2 == 1)
            await race.check()
            beside = max(BESIDE, race.took / 2)
            reads = [one.reading.read_at or one.reading.asked_at for one in race.sent]
            taken += sum(one.reading.received_at is not None for one in race.sent)
            late += sum(one.reading.received_at is None for one in race.sent)
            near += sum(abs((read - DEADLINE).total_seconds()) <= BESIDE for read in reads)
            waited += sum(
                one.reading.asked_at < DEADLINE and one.reading.received_at is None
                for one in race.sent
            )
    await connection.close()
    figure("rounds", number + 1)
    figure("commits taken", taken)
    figure("commits refused as late", late)
    figure("commits within 50 ms of the deadline", near)
    figure("commits that asked in time and got the row too late", waited)
    assert taken
    assert late
    assert waited
