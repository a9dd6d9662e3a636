"""What a caller and the work of others see when one part fails."""

import asyncio
import base64
import time
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import InterfaceError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database.session import make_engine
from shared.errors import Conflict, InvalidInput, Refusal, Unavailable
from shared.http.errand import Errand, as_refusal
from shared.worker import Deadline, Event, Reaction
from tests.integration.kernel.test_one_request import DRAFT, journal_rows, made
from tests.support.service import ServiceUnderTest, at


async def test_a_number_too_large_for_its_column_is_the_callers_fault(sample):
    answer = await sample.as_(["registrar"]).post("/lamps", json={**DRAFT, "oil": 2**40})

    assert answer.status_code == 422


async def test_no_free_connection_is_an_answer_to_come_back_for(sample):
    clerk = sample.as_(["registrar"])
    lamp = await made(clerk)
    pool = sample.runtime.engine.sync_engine.pool
    pool._timeout = 0.05
    held = [await sample.runtime.engine.connect() for _ in range(8)]
    try:
        answer = await clerk.get(f"/lamps/{lamp['id']}")
    finally:
        for connection in held:
            await connection.close()

    assert answer.status_code == 503
    assert "retry-after" in answer.headers


async def test_one_connection_that_went_silent_speaks_for_the_whole_pool(sample):
    """A firewall may have forgotten them all: no other request finds that out for itself."""
    pid = text("SELECT pg_backend_pid()")
    engine = make_engine(sample.runtime.settings.database_url, pool=3, statement_seconds=0.5)
    try:
        held = [await engine.connect() for _ in range(3)]
        before = {await connection.scalar(pid) for connection in held}
        for connection in held:
            await connection.close()

        async with engine.connect() as silent:
            with pytest.raises(TimeoutError):
                await silent.execute(text("SELECT pg_sleep(30)"))

        held = [await engine.connect() for _ in range(3)]
        after = {await connection.scalar(pid) for connection in held}
        for connection in held:
            await connection.close()
    finally:
        await engine.dispose()
    assert len(before) == len(after) == 3
    assert before & after == set()


async def _broken_by(sample: ServiceUnderTest, statement: str, *values: object) -> Refusal:
    connection = await sample.database()
    try:
        await connection.execute(statement, *values)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        return as_refusal(error)
    finally:
        await connection.close()
    raise AssertionError("the statement went well")


async def test_what_the_driver_refuses_by_itself_is_told_like_anything_else(sample):
    lamp = await made(sample.as_(["registrar"]))
    twice = "INSERT INTO lamp SELECT * FROM lamp WHERE id = $1"
    gone = "SELECT pg_terminate_backend(pg_backend_pid())"

    assert isinstance(await _broken_by(sample, twice, UUID(str(lamp["id"]))), Conflict)
    assert isinstance(await _broken_by(sample, "SELECT $1::int4", 2**40), InvalidInput)
    assert isinstance(await _broken_by(sample, "SELECT 1 / $1::int", 0), InvalidInput)
    assert isinstance(await _broken_by(sample, gone), Unavailable)


async def test_a_fault_of_ours_in_raw_sql_stays_a_fault(sample):
    with pytest.raises(asyncpg.PostgresSyntaxError):
        await _broken_by(sample, "SELEKT 1")


async def test_whoever_loses_to_a_deadlock_may_try_again(sample):
    clerk = sample.as_(["registrar"])
    lamps = [UUID(str((await made(clerk))["id"])) for _ in range(2)]
    lock = text("UPDATE lamp SET oil = oil WHERE id = :id")

    async def both(first: UUID, second: UUID) -> Refusal | None:
        async with sample.runtime.sessions() as session:
            try:
                await session.execute(lock, {"id": first})
                await asyncio.sleep(0.2)
                await session.execute(lock, {"id": second})
            except Exception as error:
                return as_refusal(error)
        return None

    ends = await asyncio.gather(both(*lamps), both(*reversed(lamps)))

    assert [type(end) for end in ends if end is not None] == [Unavailable]


async def test_a_refusal_that_cannot_be_written_down_is_not_a_fault_of_ours(sample, monkeypatch):
    clerk = sample.as_(["registrar"])
    lamp = await made(clerk, oil=2)
    roll_back = Errand._roll_back

    async def and_lose_the_database(self: Errand) -> None:
        await roll_back(self)
        connection = await sample.database()
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await connection.close()

    monkeypatch.setattr(Errand, "_roll_back", and_lose_the_database)
    answer = await clerk.post(f"/lamps/{lamp['id']}/light", headers={"if-match": '"1"'})

    assert answer.status_code == 503
    assert [row["kind"] for row in await journal_rows(sample)] == ["lamp.made"]


async def test_a_key_has_one_answer_also_when_a_refusal_is_overtaken(sample, monkeypatch):
    """Between the roll-back of a refusal and its receipt, the same request comes a second time."""
    clerk = sample.as_(["registrar"])
    lamp = await made(clerk, oil=2)
    head = {"if-match": '"1"', "idempotency-key": uuid4().hex}
    remember = Errand._remember_refusal
    overtaking: list[httpx.Response] = []

    async def overtaken(self, refusal, shown):
        if not overtaking:
            overtaking.append(httpx.Response(100))
            overtaking[0] = await clerk.post(f"/lamps/{lamp['id']}/light", headers=head)
        return await remember(self, refusal, shown)

    monkeypatch.setattr(Errand, "_remember_refusal", overtaken)
    late = await clerk.post(f"/lamps/{lamp['id']}/light", headers=head)

    assert overtaking[0].status_code == 409
    assert late.content == overtaking[0].content
    refused = [row for row in await journal_rows(sample) if row["kind"] == "light_lamp.refused"]
    assert len(refused) == 1


async def test_a_token_nested_without_end_is_no_token(sample):
    header = base64.urlsafe_b64encode(b"[" * 2800).decode()

    answer = await sample._caller({"authorization": f"Bearer {header}.e30.AA"}).get("/lamps")

    assert answer.status_code == 401


async def test_a_dry_settlement_settles_nothing(sample):
    clerk = sample.as_(["registrar"])
    lamp = await made(clerk)
    await clerk.post(f"/lamps/{lamp['id']}/light", headers={"if-match": '"1"'})
    await sample.clock.move_to(at(2026, 3, 10, 9))

    answer = await sample.as_(["service"]).post(
        "/clock/settlement?dry=true", json={"reached": "2026-03-10T01:00:00Z"}
    )

    assert answer.status_code == 200
    assert answer.json()["dry"] is True
    assert (await clerk.get(f"/lamps/{lamp['id']}")).json()["state"] == "lit"


# ---------------------------------------------------------------------- the worker


async def _lit(sample: ServiceUnderTest) -> str:
    clerk = sample.as_(["registrar"])
    lamp = await made(clerk)
    await clerk.post(f"/lamps/{lamp['id']}/light", headers={"if-match": '"1"'})
    return str(lamp["id"])


async def test_a_deadline_that_breaks_keeps_no_other_from_being_reached(sample):
    lit = await _lit(sample)
    worker = sample.runtime.worker

    async def always(session, now):
        return [uuid4(), uuid4()]

    async def unfindable(session, now):
        raise LookupError("no such thing")

    async def broken(work, thing):
        raise KeyError("a fault in the program")

    worker.deadlines = [
        Deadline("breaks", due=always, act=broken),
        Deadline("cannot be looked for", due=unfindable, act=broken),
        *worker.deadlines,
    ]
    await sample.clock.move_to(at(2026, 3, 10, 9))
    await sample.settle()

    read = await sample.anonymous.get(f"/lamps/{lit}")
    assert read.json()["state"] == "out"
    told = sample.runtime.metrics.exposition().decode()
    assert 'huishe_worker_failures_total{part="breaks"}' in told
    assert 'huishe_worker_failures_total{part="cannot be looked for"}' in told


async def test_what_is_heard_and_cannot_be_read_is_noted_and_the_feed_goes_on(sample):
    lamp = await made(sample.as_(["registrar"]))
    delivered = {"lamp_id": lamp["id"], "oil": 2}
    sample.hear("shop", "oil.delivered", "delivery/1", {"lamp_id": lamp["id"], "oil": "viel"})
    sample.hear("shop", "oil.delivered", "delivery/2", {**delivered, "oil": 2**40})
    sample.hear("shop", "oil.delivered", "delivery/3", delivered)

    await sample.settle()

    rows = await journal_rows(sample)
    assert [row["kind"] for row in rows][1:] == [
        "reaction.refused",
        "reaction.refused",
        "lamp.filled",
    ]


async def test_a_question_answered_no_does_not_stop_the_feed_but_silence_does(sample):
    lamp = await made(sample.as_(["registrar"]))
    worker = sample.runtime.worker
    plain = worker.reactions["shop"]["oil.delivered"]
    silent = True

    async def ask(runtime, event: Event) -> None:
        if silent:
            raise Unavailable()
        if event.position == 1:
            raise Conflict()

    async def act(work, event: Event, _: None) -> None:
        await plain(work, event)

    worker.reactions = {"shop": {"oil.delivered": Reaction(act, ask)}}
    for _ in range(2):
        sample.hear("shop", "oil.delivered", "delivery/1", {"lamp_id": lamp["id"], "oil": 2})

    with pytest.raises(Unavailable):
        await sample.settle()
    assert len(await journal_rows(sample)) == 1
    silent = False
    await sample.settle()

    rows = await journal_rows(sample)
    assert [row["kind"] for row in rows][1:] == ["reaction.refused", "lamp.filled"]


async def test_a_reader_who_waits_misses_nothing_placed_while_it_looked(sample, monkeypatch):
    from shared.http import feed

    clerk = sample.as_(["registrar"])
    look = feed._rows
    looks = 0

    async def slowly(*asked):
        nonlocal looks
        looks += 1
        found = await look(*asked)
        if looks == 1:  # it is placed and told after the look and before the wait
            await made(clerk)
            await sample.settle()
            await asyncio.sleep(0.3)
        return found

    monkeypatch.setattr(feed, "_rows", slowly)
    begun = time.monotonic()
    page = (await sample.anonymous.get("/events?wait=10")).json()

    assert len(page["items"]) == 1
    assert time.monotonic() - begun < 5


# ---------------------------------------------------------------------- receipts


async def test_an_answer_that_is_kept_to_be_given_again_is_not_readable_in_a_dump(sample):
    clerk = sample.as_(["registrar"])
    head = {"idempotency-key": uuid4().hex}
    first = await clerk.post("/lamps", json=DRAFT, headers=head)

    connection = await sample.database()
    kept = await connection.fetchval("SELECT body FROM receipt")
    await connection.close()
    again = await clerk.post("/lamps", json=DRAFT, headers=head)

    assert DRAFT["name"].encode() not in kept
    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content


async def test_a_key_is_kept_for_seven_days(sample):
    clerk = sample.as_(["registrar"])
    keys = [{"idempotency-key": uuid4().hex} for _ in range(2)]
    for head in keys:
        assert (await clerk.post("/lamps", json=DRAFT, headers=head)).status_code == 201
    connection = await sample.database()
    await connection.execute(
        "UPDATE receipt SET kept_since = clock_timestamp() - interval '7 days 1 minute' "
        "WHERE key = $1",
        keys[0]["idempotency-key"],
    )
    await sample.runtime.worker.forget_receipts()
    left = [row["key"] for row in await connection.fetch("SELECT key FROM receipt")]
    await connection.close()

    assert left == [keys[1]["idempotency-key"]]


async def test_a_token_that_others_take_no_more_is_renewed(sample):
    lamp = await made(sample.as_(["registrar"]))
    sample.hear("shop", "oil.delivered", "delivery/1", {"lamp_id": lamp["id"], "oil": 2})
    answer = sample.answer

    def strictly(request: httpx.Request) -> httpx.Response:
        if request.headers.get("authorization") == "Bearer of-yesterday":
            return httpx.Response(401)
        return answer(request)

    sample.runtime.extras["token"] = ("of-yesterday", time.monotonic() + 500)
    await sample.runtime.http.aclose()
    sample.runtime.http = httpx.AsyncClient(
        transport=httpx.MockTransport(strictly), base_url="http://gateway.test"
    )
    with pytest.raises(Unavailable):
        await sample.settle()
    await sample.settle()

    assert (await journal_rows(sample))[-1]["kind"] == "lamp.filled"


async def test_a_day_at_the_end_of_time_is_the_callers_fault(sample):
    lamp = await made(sample.as_(["registrar"]))

    answer = await sample.anonymous.get(f"/history/lamp/{lamp['id']}?on=9999-12-31")

    assert answer.status_code == 422


@pytest.mark.parametrize(("in_order", "reached"), [(True, [1]), (False, [1, 3])])
async def test_where_order_matters_what_comes_after_a_fault_waits(sample, in_order, reached):
    ids = [UUID(int=number) for number in (1, 2, 3)]
    done = []

    async def all_of_them(session, now):
        return ids

    async def act(work, which: UUID):
        if which.int == 2:
            raise KeyError("a fault in the program")
        done.append(which.int)

    worker = sample.runtime.worker
    worker.deadlines = [Deadline("one by one", due=all_of_them, act=act, in_order=in_order)]
    await worker.pass_deadlines()

    assert done == reached


async def test_a_driver_used_while_its_connection_is_torn_down_is_a_silent_database():
    """A raw statement of `Work.hot` meets it when PostgreSQL is killed; the outcome is not known."""
    torn = asyncpg.InternalClientError(
        "cannot switch to state 12; another operation is in progress"
    )

    assert isinstance(as_refusal(torn), Unavailable)


async def test_a_connection_that_died_does_not_spoil_the_answer_when_it_is_given_back(
    sample, monkeypatch
):
    async def dead(self):
        raise InterfaceError("rollback", {}, Exception("the underlying connection is closed"))

    monkeypatch.setattr(AsyncSession, "close", dead)

    answer = await sample.as_(["registrar"]).get("/lamps")

    assert answer.status_code == 200
