"""The opening is killed in its midst: the next worker holds it anew, and each bid is opened once.

The session's key is in the memory of the worker that died, so what custodians released to it opens
nothing any more: they release again. Workers are real processes, ended by `kill -9`.
"""

import signal
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from shared.sealing.bundles import unpack, verify_bundle
from shared.sealing.minutes import Minutes, OpenedEntry
from shared.sealing.sessions import SessionStatement
from tests.conftest import service_under_test
from tests.support.apart import WorkerApart, eventually, wire_of, worker_apart
from tests.support.builders.procurement import BIDDERS, good
from tests.support.builders.sealed_bids import DEADLINE, Sealing
from tests.support.databases import Databases
from tests.support.forms import Figure, Form

AT = {
    "before the first bid is read": "bid_piece",
    "between two bids": "signing_key",
    "when the first bid is written down": "opened_bid",
    "when the minutes are written down": "opening_minutes",
}
"""Where it is stopped, and the table that it cannot get on with there."""
KEYS = ("purchaser", "finance")


@pytest.fixture
async def sealing(databases: Databases, tmp_path: Path):
    key = tmp_path / "receipt-key.json"
    async with service_under_test("procurement", databases, receipt_key_file=key) as service:
        yield Sealing(service)


async def test_an_opening_killed_in_its_midst_is_held_anew_and_opens_each_bid_once(
    sealing: Sealing, tmp_path: Path, form: Form, figure: Figure
) -> None:
    await sealing.published()
    for number, code in enumerate(BIDDERS):
        await sealing.lodged(code, 93_000_00 + number)
    await sealing.service.clock.move_to(DEADLINE)
    places = form(short=["between two bids"], long=[*AT])
    database = await sealing.service.database()
    key = {"RECEIPT_KEY_FILE": str(tmp_path / "receipt-key.json")}

    with wire_of(sealing.service) as gateway:
        seen: list[UUID] = []
        async with worker_apart(sealing.service, gateway, tmp_path, **key) as worker:
            await new_session(sealing, seen)
            good(await sealing.released(KEYS[0]), 201)  # one of two: nothing opens yet
            killed(worker)
        late = await sealing.release(KEYS[1])
        for place in places:
            async with worker_apart(sealing.service, gateway, tmp_path, **key) as worker:
                await new_session(sealing, seen)
                stale = await sealing.send_release(KEYS[1], late)
                assert stale.status_code == 409, "released to a session whose key is gone"
                await killed_at(AT[place], worker, sealing, database)
                late = await sealing.release(KEYS[1])
            await nothing_was_kept(database)
        async with worker_apart(sealing.service, gateway, tmp_path, **key) as worker:
            await new_session(sealing, seen)
            await release_to_all(sealing)
            await eventually(lambda: is_opened(sealing), "the bids are opened")
            killed(worker)
        async with worker_apart(sealing.service, gateway, tmp_path, **key) as worker:
            await eventually(lambda: settled(worker), "another worker looked at everything")

    await opened_once(sealing, database, seen[-1])
    await database.close()
    figure("kills", len(places) + 2)


async def new_session(sealing: Sealing, seen: list[UUID]) -> SessionStatement:
    """The session that custodians are shown is one that was not there before."""
    found: list[SessionStatement] = []

    async def begun() -> bool:
        opening = await sealing.service.anonymous.get(f"/openings/{sealing.tender_id}")
        if opening.status_code != 200 or opening.json()["session"] is None:
            return False
        found[:] = [await sealing.session()]
        return found[0].session not in seen

    await eventually(begun, "a new session begins")
    seen.append(found[0].session)
    return found[0]


async def release_to_all(sealing: Sealing) -> None:
    for organ in KEYS:
        good(await sealing.released(organ), 201)


def killed(worker: WorkerApart) -> None:
    assert worker.end(signal.SIGKILL)[0] == -signal.SIGKILL


async def killed_at(
    table: str, worker: WorkerApart, sealing: Sealing, database: asyncpg.Connection
) -> None:
    """Custodians release; the worker opens, and must wait for a table; there it dies."""
    first, second = [await sealing.release(organ) for organ in KEYS]
    good(await sealing.send_release(KEYS[0], first), 201)
    other = await sealing.service.database()
    async with other.transaction():
        await other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        good(await sealing.send_release(KEYS[1], second), 201)
        await eventually(lambda: somebody_waits(database), f"the worker waits for {table}")
        killed(worker)
    await other.close()


async def somebody_waits(database: asyncpg.Connection) -> bool:
    return bool(
        await database.fetchval(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
    )


async def nothing_was_kept(database: asyncpg.Connection) -> None:
    for table in ("opened_bid", "shut_bid", "opening_minutes"):
        assert await database.fetchval(f"SELECT count(*) FROM {table}") == 0, table


async def is_opened(sealing: Sealing) -> bool:
    return await sealing.state() == "opened"


async def settled(worker: WorkerApart) -> bool:
    told = (await worker.read("/metrics")).text
    return 'huishe_worker_last_round_seconds{part="deadlines"}' in told


async def opened_once(sealing: Sealing, database: asyncpg.Connection, last: UUID) -> None:
    public, path = sealing.service.anonymous, f"/openings/{sealing.tender_id}"
    bids = good(await public.get(f"{path}/bids")).json()
    minutes = Minutes.parse(good(await public.get(f"{path}/minutes")).content)
    told = await database.fetch("SELECT kind, subject_id FROM journal WHERE kind LIKE '%opened'")
    closed = await database.fetchval("SELECT count(*) FROM journal WHERE kind = 'tender.closed'")

    assert {bid["credit_code"] for bid in bids} == set(BIDDERS)
    assert len(bids) == len(BIDDERS)
    assert [type(entry) for entry in minutes.bids] == [OpenedEntry] * len(BIDDERS)
    assert minutes.session == last
    assert await database.fetchval("SELECT count(*) FROM opening_minutes") == 1
    assert len({one["subject_id"] for one in told}) == len(told) == len(BIDDERS) + 1
    assert closed == 1
    bundle = unpack(good(await public.get(f"{path}/bundle")).content)
    verify_bundle(bundle, await sealing.trusted())
