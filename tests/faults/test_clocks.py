"""Clocks that are wrong: a service's own decides nothing, and the database's never takes time back.

The clock of the services' machine is set ten minutes off, and back and forth at each reading; that
of the database is put back at the worst moments. The law counts by the database's business time.
"""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import select

from services.procurement.disclosure.models import Release
from services.procurement.disclosure.queries import releases_of
from shared.database.base import new_id
from shared.database.migrations import PRODUCTION_CLOCK
from shared.sealing.bundles import unpack, verify_bundle
from tests.conftest import service_under_test
from tests.integration.kernel.test_one_request import made
from tests.support.builders.procurement import BIDDERS, MORNING_LIGHT, Purchase, good
from tests.support.builders.sealed_bids import DEADLINE, Sealing
from tests.support.business_state import State, require_same, state_of
from tests.support.databases import Databases
from tests.support.forms import Form
from tests.support.machine_clock import (
    READ_AT,
    machine_clock,
    places_that_read_it,
    tokens_that_last,
)
from tests.support.service import ServiceUnderTest

TEN_MINUTES = 600.0
AT_RANDOM = random.Random(1)
CLOCKS: dict[str, Callable[[], float]] = {
    "ten minutes fast": lambda: TEN_MINUTES,
    "ten minutes slow": lambda: -TEN_MINUTES,
    "back and forth at each reading": lambda: AT_RANDOM.uniform(-TEN_MINUTES, TEN_MINUTES),
}
OF_ONE_RUN = ("text", "leaves", "document", "part_keys", "number")
"""Columns in which drawn nonces and keys stand, or set the order."""


# ------------------------------------------------------------------ the machine of a service


def test_machine_time_is_read_for_tokens_ids_and_logs_alone() -> None:
    assert places_that_read_it() == set(READ_AT)


@pytest.fixture(scope="module")
def by_the_right_clock() -> dict[str, State]:
    """What a whole round of sealed bids leaves; the same for all tests here."""
    return {}


async def a_round(databases: Databases, folder: Path) -> State:
    """From the notice to the opened bids, with a bid that is replaced and one that comes late."""
    key = folder / "receipt-key.json"
    async with service_under_test("procurement", databases, receipt_key_file=key) as service:
        sealing = Sealing(service)
        await sealing.published()
        for number, code in enumerate(BIDDERS):
            await sealing.lodged(code, 93_000_00 + number)
        await service.clock.forward(hours=1)
        await sealing.lodged(MORNING_LIGHT, 90_000_00)
        late = sealing.sealed(BIDDERS[1])
        bid_id = await sealing.uploaded(BIDDERS[1], late)
        await sealing.opened()
        refused = await sealing.committed(BIDDERS[1], bid_id, late.envelope)
        assert refused.status_code == 409
        await service.settle()
        assert await sealing.state() == "opened"
        connection = await service.database()
        state = await state_of(connection, without=OF_ONE_RUN, hashes=False)
        await connection.close()
        return state


@pytest.mark.parametrize("clock", CLOCKS)
async def test_a_round_of_sealed_bids_is_the_same_by_any_clock_of_the_machine(
    databases: Databases, tmp_path: Path, by_the_right_clock: dict[str, State], clock: str
) -> None:
    """Receipts, closing, terms, states, and every instant in the journal."""
    with tokens_that_last():
        if not by_the_right_clock:
            by_the_right_clock |= await a_round(databases, tmp_path)
        with machine_clock(CLOCKS[clock]):
            found = await a_round(databases, tmp_path)

    require_same(found, by_the_right_clock)
    assert sum(len(rows) for rows in found.values()) > 50


async def test_what_is_published_stays_in_its_order_when_ids_are_made_by_a_falling_clock(
    procurement: ServiceUnderTest,
) -> None:
    """Ids are of machine time, and nothing that counts is in their order."""
    falling = count(step=-1)
    with tokens_that_last(), machine_clock(lambda: float(next(falling))):
        signed = (await Purchase(procurement).signed()).json()
        await procurement.settle()

    async with procurement.runtime.sessions() as session:
        ids = [release.id for release in await session.scalars(select(Release))]
        (ocid,) = await session.scalars(select(Release.ocid).distinct())
        tags = [release.tags for release in await releases_of(session, ocid)]
    assert signed["state"] == "signed"
    assert sorted(ids) != ids
    assert tags[0] == ["planning"]
    assert tags[-1] == ["contract"]
    assert tags.index(["tender"]) < tags.index(["award"])


async def test_a_token_is_good_by_the_machines_clock_and_nothing_breaks_when_it_jumps(
    sample: ServiceUnderTest, form: Form
) -> None:
    lamp = await made(sample.as_(["registrar"]))
    fresh = sample.as_(["registrar"])

    async def asked() -> int:
        return (await fresh.get(f"/lamps/{lamp['id']}")).status_code

    found = {}
    for seconds in (0.0, -4.0, -TEN_MINUTES, TEN_MINUTES, 0.0):
        sample.runtime.verifier._kept.clear()  # as after a start
        with machine_clock(lambda: seconds):  # noqa: B023
            found[seconds] = await asked()
    jumping = set()
    for _ in range(form(short=50, long=1000)):
        with machine_clock(CLOCKS["back and forth at each reading"]):
            jumping.add(await asked())

    assert found == {0.0: 200, -4.0: 200, -TEN_MINUTES: 401, TEN_MINUTES: 401}
    assert jumping <= {200, 401}
    assert await asked() == 200


def test_ids_stay_unique_when_the_clock_stands_still_or_goes_back() -> None:
    many = 20_000
    noon = datetime(2026, 3, 2, 4, tzinfo=UTC).timestamp()
    with machine_clock(CLOCKS["back and forth at each reading"]):
        ids = {new_id() for _ in range(many)}
    with machine_clock(lambda: noon - datetime.now(UTC).timestamp()):
        ids |= {new_id() for _ in range(many)}

    assert len(ids) == 2 * many
    assert {each.version for each in ids} == {7}


# ------------------------------------------------------------------ the database's machine


class DatabaseClock:
    """The very business clock of production, on a machine whose clock can be put back."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection

    async def run_from(self, instant: datetime) -> None:
        body = PRODUCTION_CLOCK.replace("clock_timestamp()", "machine_now()")
        await self.connection.execute(
            f"""
            CREATE TABLE IF NOT EXISTS machine (off interval);
            GRANT SELECT ON machine TO PUBLIC;
            DELETE FROM machine;
            INSERT INTO machine SELECT timestamptz '{instant.isoformat()}' - clock_timestamp();
            CREATE OR REPLACE FUNCTION machine_now() RETURNS timestamptz LANGUAGE sql VOLATILE
                AS $$ SELECT clock_timestamp() + off FROM machine $$;
            CREATE OR REPLACE FUNCTION business_now() RETURNS timestamptz LANGUAGE sql VOLATILE
                AS $$ {body} $$;
            """
        )

    async def put_back(self, seconds: float = TEN_MINUTES) -> None:
        off = timedelta(seconds=seconds)
        await self.connection.execute("UPDATE machine SET off = off - $1", off)

    async def business_now(self) -> datetime:
        now: datetime = await self.connection.fetchval("SELECT business_now()")
        return now


async def test_business_time_stands_still_when_the_databases_clock_is_put_back(
    sample: ServiceUnderTest, form: Form
) -> None:
    """Nothing that follows something is dated before it, and a deadline is met once."""
    connection = await sample.database()
    clock, clerk = DatabaseClock(connection), sample.as_(["registrar"])
    await clock.run_from(datetime(2026, 3, 4, 0, 0, 1, tzinfo=UTC))  # the lamp's day has just come
    lamp = await made(clerk, ends_on="2026-03-04")
    path = f"/lamps/{lamp['id']}"

    for step in range(form(short=5, long=50)):
        before = await clock.business_now()
        await clock.put_back(seconds=TEN_MINUTES if step == 0 else 1)
        if step == 0:
            good(await clerk.post(f"{path}/light", headers={"if-match": '"1"'}))
            await sample.settle()
        await made(clerk)
        assert await clock.business_now() >= before - timedelta(seconds=1)

    rows = await connection.fetch("SELECT kind, at FROM journal ORDER BY seq")
    await connection.close()
    instants = [row["at"] for row in rows]
    assert instants == sorted(instants)
    assert [row["kind"] for row in rows].count("lamp.expired") == 1
    assert (await clerk.get(path)).json()["state"] == "out"


async def test_a_clock_that_ran_ahead_by_days_is_believed_when_it_is_right_again(
    sample: ServiceUnderTest,
) -> None:
    """Time does not stand still for days because of one wrong moment."""
    connection = await sample.database()
    clock = DatabaseClock(connection)
    right = datetime(2026, 3, 3, 4, tzinfo=UTC)
    await clock.run_from(right + timedelta(days=30))
    await made(sample.as_(["registrar"]))

    await clock.run_from(right)

    assert await clock.business_now() < right + timedelta(minutes=5)
    await connection.close()


async def test_a_clock_put_back_at_every_step_of_a_tender_undoes_nothing(
    procurement: ServiceUnderTest,
) -> None:
    """The last bid counts, the tender closes once, custodians and readers can check the record."""
    sealing = Sealing(procurement)
    await sealing.published()
    await procurement.settle()
    connection = await procurement.database()
    clock = DatabaseClock(connection)
    await clock.run_from(DEADLINE - timedelta(minutes=20))
    for number, code in enumerate(BIDDERS):
        await sealing.lodged(code, 93_000_00 + number)
    await clock.put_back()
    await sealing.lodged(MORNING_LIGHT, 90_000_00)
    await clock.run_from(DEADLINE)
    procurement.clock.now = DEADLINE  # what custodians' machines think it is

    deadlines = procurement.runtime.worker.deadlines
    for _ in range(4):
        for deadline in deadlines:
            procurement.runtime.worker.deadlines = [deadline]
            await procurement.runtime.worker.pass_deadlines()
            await clock.put_back(seconds=60)
        if await sealing.state() == "closed":
            for organ in ("purchaser", "finance"):
                answer = await sealing.released(organ)
                assert answer.status_code in (201, 409), answer.text
    procurement.runtime.worker.deadlines = deadlines
    await procurement.settle()

    kinds = [row[0] for row in await connection.fetch("SELECT kind FROM journal")]
    closed = await connection.fetchval("SELECT closed_at FROM closed_tender")
    started = await connection.fetchval("SELECT max(started_at) FROM opening_session")
    opened = await connection.fetchval("SELECT opened_at FROM opening_minutes")
    await connection.close()
    assert kinds.count("tender.closed") == kinds.count("tender.opened") == 1
    assert DEADLINE <= closed <= started <= opened
    path = f"/openings/{sealing.tender_id}"
    bids = {
        bid["credit_code"]: bid["price"]
        for bid in good(await procurement.anonymous.get(f"{path}/bids")).json()
    }
    assert len(bids) == len(BIDDERS)
    assert bids[MORNING_LIGHT] == "90000.00", "the last one counts, not the one dated last"
    bundle = unpack(good(await procurement.anonymous.get(f"{path}/bundle")).content)
    verify_bundle(bundle, await sealing.trusted())


async def test_a_commit_in_time_by_the_clock_is_taken_whatever_the_clock_said_before(
    procurement: ServiceUnderTest,
) -> None:
    """Another tender's receipts are dated past this deadline, as the clock was put back since."""
    sealing = Sealing(procurement)
    await sealing.published()
    connection = await procurement.database()
    first = await sealing.lodge(MORNING_LIGHT, sealing.sealed(MORNING_LIGHT))
    await connection.execute("ALTER TABLE bid_commit DISABLE TRIGGER USER")
    await connection.execute(
        "UPDATE bid_commit SET received_at = $1", DEADLINE + timedelta(minutes=1)
    )

    await procurement.clock.move_to(DEADLINE - timedelta(minutes=1))
    second = await sealing.lodge(BIDDERS[1], sealing.sealed(BIDDERS[1]))

    assert first.received_at < second.received_at < DEADLINE
    await connection.close()
