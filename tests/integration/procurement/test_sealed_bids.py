"""Sealed bids from their upload to the record of their opening, through HTTP on a real database."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from services.procurement.openings import desk
from shared.sealing.bids import seal_bid, withdraw_bid
from shared.sealing.bundles import unpack, verify_bundle
from shared.sealing.canonical import canonical
from shared.sealing.closings import Closing
from shared.sealing.errors import SealingError
from shared.sealing.keyfiles import new_custodian_key
from shared.sealing.manifests import PARTS
from shared.sealing.merkle import InclusionProof
from shared.sealing.minutes import Minutes, OpenedEntry, ShutEntry
from shared.sealing.receipts import Receipt
from shared.sealing.sessions import release_root
from shared.sealing.suites import SUITE_A
from shared.work import Work
from tests.support.builders.procurement import (
    BIDDERS,
    GENTLE_WIND,
    MORNING_LIGHT,
    PANELLISTS,
    WALKING_TOGETHER,
    good,
    panel,
    refused_by,
)
from tests.support.builders.sealed_bids import (
    DEADLINE,
    LAST_MINUTE,
    NAMES,
    ORGANS,
    Sealing,
    commit,
    custodian_key,
    signing_key,
)
from tests.support.service import ServiceUnderTest

PRICES = {MORNING_LIGHT: 93_000_00, WALKING_TOGETHER: 94_000_00, GENTLE_WIND: 95_000_00}
A_TICK = timedelta(microseconds=1)


@pytest.fixture
def sealing(procurement: ServiceUnderTest) -> Sealing:
    return Sealing(procurement)


async def lodge_all(sealing: Sealing) -> None:
    for code, price in PRICES.items():
        await sealing.lodged(code, price)


# ------------------------------------------------------------------ the seal policy


async def test_a_tender_is_not_published_before_its_custodians_are_there(sealing: Sealing) -> None:
    drafted = await sealing.purchase.drafted(profile="2-of-3")

    refused = await sealing.purchase.purchaser.change(
        f"/tenders/{drafted.json()['id']}/publication", drafted
    )

    assert refused_by(refused) == ["28"]


async def test_custodians_of_one_organ_do_not_make_a_seal(sealing: Sealing) -> None:
    for n in range(3):
        card = new_custodian_key(SUITE_A, f"采购科{n}").card.as_dict()
        body = {"organ": "purchaser", "card": card}
        good(await sealing.custodian("purchaser").post("/custodians", json=body), 201)
    drafted = await sealing.purchase.drafted(profile="2-of-3")

    refused = await sealing.purchase.purchaser.change(
        f"/tenders/{drafted.json()['id']}/publication", drafted
    )

    assert refused_by(refused) == ["28"]


@pytest.mark.parametrize("public", [bytes(32), bytes([1]) + bytes(31)])
async def test_a_key_that_nobody_could_seal_to_is_not_registered(
    sealing: Sealing, public: bytes
) -> None:
    """Or one custodian could keep everybody from bidding."""
    card = replace(custodian_key("notary").card, sealing_public=public)

    refused = await sealing.custodian("notary").post(
        "/custodians", json={"organ": "notary", "card": card.as_dict()}
    )

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/card"
    assert "invalid-key" in refused.json()["errors"][0]["rule"]


async def test_the_policy_that_is_served_has_the_hash_that_the_notice_prints(
    sealing: Sealing,
) -> None:
    await sealing.published()

    assert sealing.rules.threshold == 2
    assert sealing.rules.deadline == DEADLINE


# ------------------------------------------------------------------ lodging


async def test_the_same_commit_again_gives_the_same_receipt_also_after_the_deadline(
    sealing: Sealing,
) -> None:
    await sealing.published()
    bid = sealing.sealed(MORNING_LIGHT)
    bid_id = await sealing.uploaded(MORNING_LIGHT, bid)

    first = await sealing.committed(MORNING_LIGHT, bid_id, bid.envelope)
    again = await sealing.committed(MORNING_LIGHT, bid_id, bid.envelope)
    await sealing.service.clock.move_to(DEADLINE + timedelta(days=1))
    late = await sealing.committed(MORNING_LIGHT, bid_id, bid.envelope)

    assert first.status_code == again.status_code == late.status_code == 200
    assert first.content == again.content == late.content
    Receipt.parse(first.content).verify(await sealing.trusted())


async def test_a_bid_a_tick_before_the_deadline_is_taken_and_one_at_it_is_refused(
    sealing: Sealing,
) -> None:
    await sealing.published()
    early, late = sealing.sealed(MORNING_LIGHT), sealing.sealed(WALKING_TOGETHER)
    early_id = await sealing.uploaded(MORNING_LIGHT, early)
    late_id = await sealing.uploaded(WALKING_TOGETHER, late)

    await sealing.service.clock.move_to(DEADLINE - A_TICK)
    taken = await sealing.committed(MORNING_LIGHT, early_id, early.envelope)
    await sealing.service.clock.move_to(DEADLINE)
    refused = await sealing.committed(WALKING_TOGETHER, late_id, late.envelope)

    assert Receipt.parse(good(taken).content).received_at == DEADLINE - A_TICK
    assert refused_by(refused) == ["36", "28"]
    assert "2026-03-30T01:30:00.000000Z" in refused.json()["detail"]


async def test_a_late_bid_is_journalled_under_a_pseudonym(sealing: Sealing) -> None:
    await sealing.published()
    bid = sealing.sealed(MORNING_LIGHT)
    bid_id = await sealing.uploaded(MORNING_LIGHT, bid)
    await sealing.service.clock.move_to(DEADLINE)

    await sealing.committed(MORNING_LIGHT, bid_id, bid.envelope)

    database = await sealing.service.database()
    rows = await database.fetch("SELECT * FROM journal WHERE kind = 'commit_bid.refused'")
    await database.close()
    assert len(rows) == 1
    assert rows[0]["actor"].startswith("bidder-")
    assert MORNING_LIGHT not in str(rows[0]["detail_text"])
    assert f"agency-{MORNING_LIGHT}" not in str(dict(rows[0]))


async def test_a_commit_that_waits_past_the_deadline_is_late(sealing: Sealing) -> None:
    """Its statement asks the clock in time, waits for the row, and asks the clock again."""
    await sealing.published()
    bid = sealing.sealed(MORNING_LIGHT)
    bid_id = await sealing.uploaded(MORNING_LIGHT, bid)
    closer = await sealing.service.database()
    await let_the_clock_run(closer, DEADLINE - timedelta(seconds=1))
    transaction = closer.transaction()
    await transaction.start()
    await closer.execute("SELECT 1 FROM tender WHERE id = $1 FOR UPDATE", UUID(sealing.tender_id))

    waiting = asyncio.create_task(sealing.committed(MORNING_LIGHT, bid_id, bid.envelope))
    await until_somebody_waits(closer)
    asked_in_time = await closer.fetchval("SELECT business_now() < $1", DEADLINE)
    await closer.execute(
        "SELECT pg_sleep(greatest(0, extract(epoch FROM $1 - business_now())))", DEADLINE
    )
    await transaction.rollback()
    refused = await waiting
    kept = await closer.fetchval("SELECT count(*) FROM bid_commit")
    await closer.close()

    assert asked_in_time
    assert refused_by(refused) == ["36", "28"]
    assert kept == 0


async def let_the_clock_run(connection: asyncpg.Connection, start: datetime) -> None:
    """From this instant on, at the pace of the machine."""
    ahead = start - await connection.fetchval("SELECT clock_timestamp()")
    await connection.execute(
        "CREATE OR REPLACE FUNCTION business_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS "
        f"$$ SELECT clock_timestamp() + interval '{ahead.total_seconds():.6f} seconds' "
        "/* huishe.clock_offset */ $$"
    )


async def test_a_commit_that_waits_for_the_closing_finds_the_tender_closed(
    sealing: Sealing,
) -> None:
    await sealing.published()
    bid = sealing.sealed(MORNING_LIGHT)
    bid_id = await sealing.uploaded(MORNING_LIGHT, bid)
    closer = await sealing.service.database()
    transaction = closer.transaction()
    await transaction.start()
    await closer.execute(
        "UPDATE tender SET state = 'closed', version = version + 1 WHERE id = $1",
        UUID(sealing.tender_id),
    )

    waiting = asyncio.create_task(sealing.committed(MORNING_LIGHT, bid_id, bid.envelope))
    await until_somebody_waits(closer)
    await transaction.commit()
    refused = await waiting
    kept = await closer.fetchval("SELECT count(*) FROM bid_commit")
    await closer.close()

    assert refused.status_code == 409
    assert kept == 0


async def test_the_closing_waits_for_a_commit_in_flight_and_counts_it(sealing: Sealing) -> None:
    """A commit that holds the row shared is kept before the closing can count."""
    await sealing.published()
    await lodge_all(sealing)
    committer = await sealing.service.database()
    transaction = committer.transaction()
    await transaction.start()
    await committer.execute("SELECT 1 FROM tender WHERE id = $1 FOR SHARE", UUID(sealing.tender_id))
    await sealing.service.clock.move_to(DEADLINE)

    closing = asyncio.create_task(sealing.service.settle())
    await until_somebody_waits(committer)
    assert await sealing.state() == "published"
    await transaction.commit()
    await closing
    await committer.close()

    assert await sealing.state() == "closed"


async def until_somebody_waits(connection: asyncpg.Connection) -> None:
    for _ in range(500):
        waiting = await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        if waiting:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")


async def test_racing_commits_and_closing_leave_every_receipted_bid_counted(
    sealing: Sealing,
) -> None:
    """Whoever holds a receipt is under the root, however the race between them went."""
    await sealing.published()
    await lodge_all(sealing)
    bids = {code: sealing.sealed(code) for code in NAMES}
    ids = {code: await sealing.uploaded(code, bid) for code, bid in bids.items()}
    await sealing.service.clock.move_to(DEADLINE - A_TICK)

    async def close() -> None:
        await sealing.service.clock.move_to(DEADLINE)
        await sealing.service.settle()

    *answers, _ = await asyncio.gather(
        *(sealing.committed(code, ids[code], bid.envelope) for code, bid in bids.items()),
        close(),
    )

    receipts = [Receipt.parse(a.content) for a in answers if a and a.status_code == 200]
    assert all(a is not None and a.status_code in (200, 409) for a in answers)
    for receipt in receipts:
        path = f"/openings/{sealing.tender_id}/proofs/{receipt.nonce.hex()}"
        good(await sealing.service.anonymous.get(path))


async def test_a_commit_needs_all_its_parts(sealing: Sealing) -> None:
    await sealing.published()
    bid = sealing.sealed(MORNING_LIGHT)
    bid_id = await sealing.begun(MORNING_LIGHT)
    good(await sealing.piece(MORNING_LIGHT, bid_id, 1, bid.parts["price"]))

    refused = await sealing.committed(MORNING_LIGHT, bid_id, bid.envelope)

    assert refused.status_code == 409


async def test_a_bid_sealed_for_another_policy_is_refused(sealing: Sealing) -> None:
    await sealing.published()
    other = replace(sealing.rules, minimum_bids=2)
    bid = sealing.sealed(MORNING_LIGHT)
    wrong = replace(bid.manifest, policy_hash=other.hash)
    bid_id = await sealing.uploaded(MORNING_LIGHT, bid)

    refused = await sealing.committed(MORNING_LIGHT, bid_id, replace(bid.envelope, manifest=wrong))

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/lodged/manifest/policy_hash"


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"\xff", b"[" * 4000, b'{"format":"huishe-bid-commit/1"}', b"null"],
)
async def test_a_commit_that_cannot_be_read_is_refused_by_field(
    sealing: Sealing, body: bytes
) -> None:
    bid_id = await sealing.begun(MORNING_LIGHT)

    refused = await sealing.agency(MORNING_LIGHT).post(f"/bids/{bid_id}/commit", content=body)

    assert refused.status_code == 422


async def test_a_commit_over_eight_kilobytes_is_refused(sealing: Sealing) -> None:
    bid_id = await sealing.begun(MORNING_LIGHT)

    refused = await sealing.agency(MORNING_LIGHT).post(
        f"/bids/{bid_id}/commit", content=b"x" * 8193
    )

    assert refused.status_code == 413


# ------------------------------------------------------------------ uploading


async def test_an_upload_is_resumed_where_it_stopped(sealing: Sealing) -> None:
    await sealing.published()
    bid = sealing.sealed(MORNING_LIGHT, technical=b"x" * 200_000)
    bid_id, whole = await sealing.begun(MORNING_LIGHT), bid.parts["technical"]
    half = len(whole) // 2

    good(
        await sealing.piece(
            MORNING_LIGHT, bid_id, 2, whole[:half], place=f"bytes 0-{half - 1}/{len(whole)}"
        )
    )
    status = good(await sealing.agency(MORNING_LIGHT).get(f"/bids/{bid_id}")).json()
    rest = await sealing.piece(
        MORNING_LIGHT,
        bid_id,
        2,
        whole[half:],
        place=f"bytes {half}-{len(whole) - 1}/{len(whole)}",
    )

    assert status["parts"] == [{"part": 2, "size": len(whole), "received": half, "digest": None}]
    assert good(rest).json()["digest"] == bid.manifest.part("technical").digest.hex()


async def test_a_damaged_piece_is_refused_and_the_same_piece_again_is_not(
    sealing: Sealing,
) -> None:
    bid_id = await sealing.begun(MORNING_LIGHT)

    damaged = await sealing.piece(MORNING_LIGHT, bid_id, 1, b"some bytes", digest=bytes(32))
    first = await sealing.piece(MORNING_LIGHT, bid_id, 1, b"some bytes")
    again = await sealing.piece(MORNING_LIGHT, bid_id, 1, b"some bytes")
    other = await sealing.piece(MORNING_LIGHT, bid_id, 1, b"else bytes")

    assert damaged.status_code == 422
    assert damaged.json()["errors"][0]["pointer"] == "/header/Content-Digest"
    assert first.json() == again.json()
    assert other.status_code == 409


@pytest.mark.parametrize(
    ("place", "status"),
    [
        pytest.param("bytes 0-8/10", 422, id="longer than it says"),
        pytest.param("bytes 5-14/10", 422, id="past the end"),
        pytest.param("bytes 0-9/99999999999", 422, id="larger than any part"),
        pytest.param("bytes=0-9/10", 422, id="not a range"),
        pytest.param("bytes 0-9/10", 200, id="right"),
    ],
)
async def test_where_a_piece_belongs_is_checked(sealing: Sealing, place: str, status: int) -> None:
    bid_id = await sealing.begun(MORNING_LIGHT)

    answer = await sealing.piece(MORNING_LIGHT, bid_id, 1, b"ten bytes!", place=place)

    assert answer.status_code == status


async def test_an_empty_place_a_fifth_part_and_a_huge_piece_are_refused(sealing: Sealing) -> None:
    bid_id = await sealing.begun(MORNING_LIGHT)

    assert (await sealing.piece(MORNING_LIGHT, bid_id, 1, b"")).status_code == 422
    assert (await sealing.piece(MORNING_LIGHT, bid_id, 5, b"x")).status_code == 422
    huge = await sealing.piece(MORNING_LIGHT, bid_id, 1, bytes(1024 * 1024 + 1))
    assert huge.status_code == 413


async def test_nobody_finds_the_upload_of_another(sealing: Sealing) -> None:
    await sealing.published()
    bid = sealing.sealed(MORNING_LIGHT)
    bid_id = await sealing.uploaded(MORNING_LIGHT, bid)
    stranger = sealing.agency(WALKING_TOGETHER)

    read = await stranger.get(f"/bids/{bid_id}")
    unknown = await stranger.get(f"/bids/{uuid4()}")
    put = await sealing.piece(WALKING_TOGETHER, bid_id, 1, b"x")
    lodged = await sealing.committed(WALKING_TOGETHER, bid_id, bid.envelope)
    office = await sealing.purchase.purchaser.get(f"/bids/{bid_id}")
    auditor = await sealing.service.as_(["auditor"]).get(f"/bids/{bid_id}")

    assert [r.status_code for r in (read, unknown, put, lodged)] == [404] * 4
    assert read.json()["detail"] == unknown.json()["detail"]
    assert office.status_code == 403
    assert auditor.status_code == 403


# ------------------------------------------------------------------ changing one's mind


async def test_a_replaced_bid_counts_once_and_the_last_one_counts(sealing: Sealing) -> None:
    await sealing.published()
    await lodge_all(sealing)
    await sealing.service.clock.forward(hours=1)
    await sealing.lodged(MORNING_LIGHT, 91_000_00)

    await sealing.opened()

    bids = good(await sealing.service.anonymous.get(f"/openings/{sealing.tender_id}/bids")).json()
    assert {bid["credit_code"]: bid["price"] for bid in bids} == {
        MORNING_LIGHT: "91000.00",
        WALKING_TOGETHER: "94000.00",
        GENTLE_WIND: "95000.00",
    }
    minutes = await sealing.service.anonymous.get(f"/openings/{sealing.tender_id}/minutes")
    assert len(Minutes.parse(minutes.content).superseded) == 1


async def test_a_withdrawn_bid_is_never_opened(sealing: Sealing) -> None:
    await sealing.published()
    await lodge_all(sealing)
    await sealing.lodged(LAST_MINUTE, 97_000_00)
    await sealing.service.clock.forward(hours=1)
    again = await sealing.lodged(LAST_MINUTE, 90_000_00)
    await sealing.service.clock.forward(hours=1)

    withdrawn = await sealing.withdrawn(LAST_MINUTE, again)
    await sealing.opened()

    receipt = Receipt.parse(good(withdrawn).content)
    receipt.verify(await sealing.trusted())
    assert receipt.kind == "withdrawal"
    bids = (await sealing.service.anonymous.get(f"/openings/{sealing.tender_id}/bids")).json()
    assert {bid["credit_code"] for bid in bids} == set(BIDDERS)


async def test_only_its_bidder_with_its_key_takes_a_bid_back(sealing: Sealing) -> None:
    await sealing.published()
    bid = await sealing.lodged(MORNING_LIGHT)
    withdrawal = withdraw_bid(bid.manifest, bid.root)

    stranger = await sealing.committed(
        WALKING_TOGETHER, await sealing.begun(WALKING_TOGETHER), withdrawal
    )
    keyless = await sealing.committed(
        MORNING_LIGHT, await sealing.begun(MORNING_LIGHT), replace(withdrawal, key=bytes(32))
    )

    assert stranger.status_code == 404
    assert keyless.status_code == 422


async def test_a_withdrawal_after_the_deadline_is_refused(sealing: Sealing) -> None:
    await sealing.published()
    bid = await sealing.lodged(MORNING_LIGHT)
    await sealing.service.clock.move_to(DEADLINE)

    refused = await sealing.withdrawn(MORNING_LIGHT, bid)

    assert refused_by(refused) == ["36", "28", "29"]


async def test_what_was_lodged_is_never_changed_not_even_by_the_owner_of_the_tables(
    sealing: Sealing,
) -> None:
    await sealing.published()
    await sealing.lodged(MORNING_LIGHT)
    database = await sealing.service.database()

    for statement in (
        "UPDATE bid_commit SET received_at = received_at",
        "DELETE FROM bid_commit",
        "DELETE FROM bid_piece",
        "TRUNCATE bid_part",
    ):
        with pytest.raises(asyncpg.RaiseError, match="never changed"):
            await database.execute(statement)
    await database.close()


# ------------------------------------------------------------------ secrecy


async def test_a_dump_of_all_tables_shows_no_price_no_name_and_no_tender_of_a_bid(
    sealing: Sealing,
) -> None:
    await sealing.published()
    await sealing.service.settle()
    before = await dump(sealing.service)
    await lodge_all(sealing)
    await sealing.service.settle()

    after = await dump(sealing.service)

    grown = {table: rows - before[table] for table, rows in after.items() if rows != before[table]}
    assert set(grown) == {"bid", "bid_piece", "bid_part", "bid_commit"}
    text = "\n".join(row for rows in grown.values() for row in rows)
    told = [sealing.tender_id, sealing.tender_id.replace("-", ""), sealing.rules.hash.hex()]
    told += [f"agency-{code}" for code in BIDDERS]
    for code, price in PRICES.items():
        told += [code, NAMES[code], f"{price // 100}.00", str(price)]
    for secret in told:
        assert secret not in text
        assert secret.encode().hex() not in text


async def test_all_commits_look_alike_in_a_dump(sealing: Sealing) -> None:
    """Sizes do not tell a dear bid from a cheap one, nor two bids of one bidder from two bidders."""
    await sealing.published()
    for code, size in ((MORNING_LIGHT, 1), (MORNING_LIGHT, 700), (GENTLE_WIND, 1000)):
        contents = dict.fromkeys(("price", "identity", "technical"), b"x" * size)
        await sealing.lodge(code, seal_bid(sealing.rules, contents, signing_key(code)))
    database = await sealing.service.database()

    sizes = await database.fetch(
        "SELECT DISTINCT octet_length(record), octet_length(submitter_mark) FROM bid_commit"
    )
    parts = await database.fetch("SELECT DISTINCT part, size FROM bid_part")
    marks = await database.fetchval(
        "SELECT count(DISTINCT submitter_mark) + count(DISTINCT tender_mark) FROM bid_commit"
    )
    await database.close()

    assert len(sizes) == 1
    assert len(parts) == len(PARTS)
    assert marks == 6


async def test_no_endpoint_changes_an_answer_when_bids_come_in(sealing: Sealing) -> None:
    """For every role, every readable path: the same body and the same ETag, bids or none."""
    await sealing.published()
    await sealing.service.settle()
    before = await all_answers(sealing)
    await lodge_all(sealing)
    await sealing.service.settle()

    after = await all_answers(sealing)

    assert before.keys() == after.keys()
    assert len(before) > 40
    for asked, answer in before.items():
        assert after[asked] == answer, asked


async def test_the_metrics_do_not_count_bids(sealing: Sealing) -> None:
    await sealing.published()
    before = sealing.service.runtime.metrics.exposition().decode()
    await lodge_all(sealing)

    after = sealing.service.runtime.metrics.exposition().decode()

    def counts(text: str) -> list[str]:
        # How long ago the gateway was heard grows with the clock, whoever bids.
        others = ("receipt_key", "_created", "revocations_silent")
        return [
            line
            for line in text.splitlines()
            if line.startswith("huishe_") and not any(other in line for other in others)
        ]

    # The tests read the receipt key beside each commit: that is counted, and tells nothing.
    assert [line for line in counts(after) if "bid" in line] == [
        line for line in counts(before) if "bid" in line
    ]
    assert counts(after) == counts(before)


async def test_no_figure_that_is_watched_moves_when_a_bid_is_begun_committed_or_withdrawn(
    sealing: Sealing,
) -> None:
    await sealing.published()
    worker = sealing.service.runtime.worker

    async def figures() -> list[str]:
        await worker.watch()
        await worker.measure()
        told = sealing.service.runtime.metrics.exposition().decode().splitlines()
        watched = ("huishe_things", "huishe_work_due", "huishe_custodians", "huishe_feed")
        return [line for line in told if line.startswith(watched)]

    before = await figures()
    await lodge_all(sealing)
    await sealing.begun(GENTLE_WIND)
    after = await figures()

    assert 'huishe_things{service="procurement",state="published",subject="tender"} 1.0' in after
    assert after == before


async def test_what_the_seals_need_of_their_custodians_is_told(sealing: Sealing) -> None:
    worker, told = sealing.service.runtime.worker, sealing.service.runtime.metrics.registry

    async def custodians() -> list[float | None]:
        await worker.watch()
        named = [{"service": "procurement", "which": w} for w in ("standing", "needed", "spare")]
        return [told.get_sample_value("huishe_custodians", labels) for labels in named]

    before = await custodians()
    await sealing.published("3-of-5")
    sealed = await custodians()
    custodian = sealing.custodian(ORGANS[0])
    listed = (await sealing.service.as_(["auditor"]).get("/custodians")).json()["items"]
    path = f"/custodians/{next(c['id'] for c in listed if c['organ'] == ORGANS[0])}"
    good(await custodian.change(f"{path}/retirement", await custodian.get(path)))
    retired = await custodians()

    assert before == [0, 0, None]
    assert sealed == [5, 3, 2]
    assert retired == [4, 3, 1]


READABLE = ("/tenders", "/tenders/{t}", "/tenders/{t}/seal-policy", "/openings/{t}")
HIDDEN = (
    "/openings/{t}/lodged",
    "/openings/{t}/minutes",
    "/openings/{t}/bids",
    "/openings/{t}/bundle",
    "/openings/{t}/remarks",
    "/events",
    "/custodians",
    "/signing-keys",
    "/history/tender/{t}",
)


async def all_answers(sealing: Sealing) -> dict[tuple[str, str], tuple[int, bytes, str | None]]:
    roles = ["purchaser", "finance", "supervisor", "auditor", "administrator", "custodian"]
    callers = {role: sealing.service.as_([role]) for role in roles}
    callers["nobody"] = sealing.service.anonymous
    callers["a bidder"] = sealing.agency(MORNING_LIGHT)
    callers["a named custodian"] = sealing.custodian("purchaser")
    found = {}
    for path in (*READABLE, *HIDDEN):
        for name, caller in callers.items():
            answer = await caller.get(path.format(t=sealing.tender_id))
            body = b"" if answer.status_code >= 400 else answer.content
            found[path, name] = (answer.status_code, body, answer.headers.get("etag"))
    return found


async def dump(service: ServiceUnderTest) -> dict[str, frozenset[str]]:
    """Every row of every table as text, as `pg_dump` would write it."""
    database = await service.database()
    tables = await database.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    rows = {
        table["relname"]: frozenset(
            row[0] for row in await database.fetch(f'SELECT t::text FROM "{table["relname"]}" t')
        )
        for table in tables
    }
    await database.close()
    return rows


# ------------------------------------------------------------------ closing


async def test_the_closing_publishes_the_root_and_no_number(sealing: Sealing) -> None:
    await sealing.published()
    await lodge_all(sealing)

    await sealing.closed()

    view = good(await sealing.service.anonymous.get(f"/openings/{sealing.tender_id}")).json()
    closing = Closing.parse(canonical(view["closing"]))
    closing.verify(await sealing.trusted())
    closing.require_policy(sealing.rules)
    assert closing.size == 256
    feed = (await sealing.service.anonymous.get("/events?limit=200")).json()["items"]
    closed = [i["event"] for i in feed if i.get("event", {}).get("type") == "tender.closed"]
    assert closed[0]["data"]["root"] == closing.root.hex()


async def test_closing_twice_changes_nothing(sealing: Sealing) -> None:
    await sealing.published()
    await lodge_all(sealing)
    await sealing.closed()
    first = (await sealing.service.anonymous.get(f"/tenders/{sealing.tender_id}")).json()

    await sealing.service.settle()

    again = (await sealing.service.anonymous.get(f"/tenders/{sealing.tender_id}")).json()
    assert first == again


async def test_a_receipt_is_completed_by_a_proof_that_tells_no_number(sealing: Sealing) -> None:
    await sealing.published()
    receipt = await sealing.lodge(MORNING_LIGHT, sealing.sealed(MORNING_LIGHT))
    for code in (WALKING_TOGETHER, GENTLE_WIND):
        await sealing.lodged(code)
    await sealing.closed()

    path = f"/openings/{sealing.tender_id}/proofs"
    answer = good(await sealing.service.anonymous.get(f"{path}/{receipt.nonce.hex()}")).json()
    unknown = await sealing.service.anonymous.get(f"{path}/{'00' * 16}")

    closing = Closing.parse(canonical(answer["closing"]))
    proof = InclusionProof.parse(canonical(answer["proof"]))
    closing.require_included(receipt, proof)
    assert len(proof.path) == 8
    assert unknown.status_code == 404


async def test_too_few_bids_fail_the_tender_and_no_share_is_asked_for(sealing: Sealing) -> None:
    await sealing.published()
    await sealing.lodged(MORNING_LIGHT)
    await sealing.lodged(WALKING_TOGETHER)

    await sealing.closed()

    assert await sealing.state() == "failed"
    view = (await sealing.service.anonymous.get(f"/openings/{sealing.tender_id}")).json()
    assert view["session"] is None
    lodged = await sealing.custodian("purchaser").get(f"/openings/{sealing.tender_id}/lodged")
    assert lodged.status_code == 409
    tender = (await sealing.service.anonymous.get(f"/tenders/{sealing.tender_id}")).json()
    assert "不足 3 份" in tender["ended_because"]
    assert "2" not in tender["ended_because"].replace("2026", "")


# ------------------------------------------------------------------ opening


@pytest.mark.parametrize(
    "organs", [("purchaser", "finance"), ("purchaser", "notary"), ("finance", "notary")]
)
async def test_any_two_of_three_custodians_open(sealing: Sealing, organs: tuple[str, str]) -> None:
    await sealing.published()
    await lodge_all(sealing)

    await sealing.opened(organs)

    assert await sealing.state() == "opened"
    bids = (await sealing.service.anonymous.get(f"/openings/{sealing.tender_id}/bids")).json()
    assert {bid["credit_code"]: bid["price"] for bid in bids} == {
        code: f"{price // 100}.00" for code, price in PRICES.items()
    }
    assert {bid["name"] for bid in bids} == {NAMES[code] for code in BIDDERS}


async def test_one_custodian_opens_nothing(sealing: Sealing) -> None:
    await sealing.published()
    await lodge_all(sealing)

    await sealing.opened(("purchaser",))

    assert await sealing.state() == "closed"
    bids = await sealing.service.anonymous.get(f"/openings/{sealing.tender_id}/bids")
    assert bids.json() == []


async def test_three_of_five_open_and_two_do_not(sealing: Sealing) -> None:
    await sealing.published("3-of-5")
    await lodge_all(sealing)

    await sealing.opened(("platform", "notary"))
    assert await sealing.state() == "closed"
    good(await sealing.released("finance"), 201)
    await sealing.service.settle()

    assert await sealing.state() == "opened"


async def test_the_bundle_of_an_opening_is_verified_offline_and_refused_with_a_byte_changed(
    sealing: Sealing,
) -> None:
    await sealing.published()
    await lodge_all(sealing)
    await sealing.opened()
    path = f"/openings/{sealing.tender_id}/bundle"

    first = good(await sealing.service.anonymous.get(path))
    again = good(await sealing.service.anonymous.get(path))

    assert first.content == again.content
    files, trusted = unpack(first.content), await sealing.trusted()
    verified = verify_bundle(files, trusted)
    assert len(verified.minutes.bids) == 3
    for name, data in files.items():
        changed = data[:-1] + bytes([data[-1] ^ 1])
        with pytest.raises(SealingError) as refused:
            verify_bundle({**files, name: changed}, trusted)
        assert refused.value.where.startswith(name)


async def test_the_opening_is_told_bid_by_bid(sealing: Sealing) -> None:
    await sealing.published()
    await lodge_all(sealing)
    await sealing.opened()

    feed = (await sealing.service.anonymous.get("/events?limit=200")).json()["items"]

    told = [item["event"] for item in feed if "event" in item]
    opened = [event["data"] for event in told if event["type"] == "bid.opened"]
    assert {one["credit_code"]: one["price"] for one in opened} == {
        code: f"{price // 100}.00" for code, price in PRICES.items()
    }
    assert [e["data"]["opened"] for e in told if e["type"] == "tender.opened"] == [3]


async def test_a_worker_that_dies_midway_is_followed_by_a_new_session(sealing: Sealing) -> None:
    await sealing.published()
    await lodge_all(sealing)
    await sealing.closed()
    first = await sealing.session()
    good(await sealing.released("purchaser"), 201)
    old = await sealing.release("finance")

    await die(sealing)
    await sealing.service.clock.forward(minutes=1)
    await sealing.service.settle()

    second = await sealing.session()
    assert second.session != first.session
    stale = await sealing.send_release("finance", old)
    assert stale.status_code == 409
    await sealing.service.settle()
    assert await sealing.state() == "closed"
    for organ in ("purchaser", "finance"):
        good(await sealing.released(organ), 201)
    await sealing.service.settle()
    assert await sealing.state() == "opened"
    minutes = await sealing.service.anonymous.get(f"/openings/{sealing.tender_id}/minutes")
    assert Minutes.parse(minutes.content).session == second.session


async def die(sealing: Sealing) -> None:
    """What is left of a worker that was killed: nothing."""
    await desk.leave_desk(UUID(sealing.tender_id))


async def test_an_opening_that_fails_to_be_written_is_tried_again_with_what_was_released(
    sealing: Sealing, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sealing.published()
    await lodge_all(sealing)
    await sealing.closed()
    before = await sealing.session()
    for organ in ORGANS[:2]:
        good(await sealing.released(organ), 201)
    write_down, failures = Work.write_down, 0

    async def lost(work: Work) -> None:
        nonlocal failures
        await write_down(work)
        if work.operation.startswith("open the bids") and failures < 2:
            failures += 1
            raise ConnectionError("the database went away before the commit")

    monkeypatch.setattr(Work, "write_down", lost)
    for _ in range(4):
        await sealing.service.settle()

    assert failures == 2
    assert (await sealing.session()).session == before.session
    assert await sealing.state() == "opened"


async def test_two_workers_do_not_open_one_tender(sealing: Sealing) -> None:
    await sealing.published()
    await lodge_all(sealing)
    other = await sealing.service.database()
    await other.execute(
        "SELECT pg_advisory_lock(hashtextextended($1, 0))", f"opening of {sealing.tender_id}"
    )

    await sealing.closed()
    waiting = (await sealing.service.anonymous.get(f"/openings/{sealing.tender_id}")).json()
    await other.close()
    await sealing.service.settle()

    assert waiting["session"] is None
    assert await sealing.session()


async def test_a_custodian_releases_only_with_its_own_key(sealing: Sealing) -> None:
    await sealing.published()
    await lodge_all(sealing)
    await sealing.closed()
    release = await sealing.release("finance")

    as_another = await sealing.send_release("purchaser", release)
    twice = [await sealing.send_release("finance", release) for _ in range(2)]

    assert as_another.status_code == 403
    assert [answer.status_code for answer in twice] == [201, 201]


async def test_a_changed_release_is_refused(sealing: Sealing) -> None:
    await sealing.published()
    await lodge_all(sealing)
    await sealing.closed()
    release = await sealing.release("finance")

    refused = await sealing.send_release("finance", replace(release, shares=release.shares[1:]))

    assert refused.status_code == 422
    assert "signature" in refused.json()["errors"][0]["rule"]


async def test_a_stranger_with_the_role_of_a_custodian_sees_nothing(sealing: Sealing) -> None:
    await sealing.published()
    await lodge_all(sealing)
    await sealing.closed()

    answer = await sealing.custodian("platform").get(f"/openings/{sealing.tender_id}/lodged")

    assert answer.status_code == 404


async def test_a_bid_of_garbage_is_recorded_with_its_fault_and_the_others_open(
    sealing: Sealing,
) -> None:
    await sealing.published()
    await sealing.lodged(MORNING_LIGHT)
    await sealing.lodged(WALKING_TOGETHER)
    garbage = await sealing.lodged(GENTLE_WIND, price=1, technical=b"")
    assert garbage  # its price form says less than its personnel share

    await sealing.opened()

    assert await sealing.state() == "opened"
    minutes = Minutes.parse(
        (await sealing.service.anonymous.get(f"/openings/{sealing.tender_id}/minutes")).content
    )
    shut = [entry for entry in minutes.bids if isinstance(entry, ShutEntry)]
    assert [(entry.reason.value, entry.fault.value) for entry in shut] == [("form", "bidder")]
    assert sum(isinstance(entry, OpenedEntry) for entry in minutes.bids) == 2
    bundle = await sealing.service.anonymous.get(f"/openings/{sealing.tender_id}/bundle")
    verify_bundle(unpack(bundle.content), await sealing.trusted())


async def test_a_bid_in_the_name_of_another_stays_shut(sealing: Sealing) -> None:
    await sealing.published()
    await sealing.lodged(MORNING_LIGHT)
    await sealing.lodged(WALKING_TOGETHER)
    await sealing.lodge(GENTLE_WIND, sealing.sealed(MORNING_LIGHT, 1_000_000_00))

    await sealing.opened()

    minutes = Minutes.parse(
        (await sealing.service.anonymous.get(f"/openings/{sealing.tender_id}/minutes")).content
    )
    shut = [entry for entry in minutes.bids if isinstance(entry, ShutEntry)]
    assert [(entry.reason.value, entry.fault.value) for entry in shut] == [("identity", "bidder")]
    bids = (await sealing.service.anonymous.get(f"/openings/{sealing.tender_id}/bids")).json()
    assert {bid["credit_code"]: bid["price"] for bid in bids}[MORNING_LIGHT] == "95000.00"


async def test_a_bid_signed_with_an_unregistered_key_stays_shut(sealing: Sealing) -> None:
    await sealing.published()
    await sealing.lodged(MORNING_LIGHT)
    await sealing.lodged(WALKING_TOGETHER)
    own = sealing.sealed(GENTLE_WIND)
    keys = await sealing.agency(GENTLE_WIND).get("/signing-keys")
    mine = keys.json()["items"][0]
    path = f"/signing-keys/{mine['id']}"
    read = await sealing.agency(GENTLE_WIND).get(path)
    good(await sealing.agency(GENTLE_WIND).change(f"{path}/retirement", read))
    await sealing.lodge(GENTLE_WIND, own)

    await sealing.opened()

    shut = await sealing.service.anonymous.get("/events?limit=200")
    told = [i["event"] for i in shut.json()["items"] if "event" in i]
    reasons = [e["data"]["reason"] for e in told if e["type"] == "bid.stayed_shut"]
    assert reasons == ["untrusted-key"]


async def test_a_bidders_kept_key_opens_its_own_bid_when_custodians_are_missing(
    sealing: Sealing,
) -> None:
    await sealing.published()
    await lodge_all(sealing)
    await sealing.service.clock.forward(hours=1)
    bid = await sealing.lodged(GENTLE_WIND, 92_000_00)
    await sealing.opened(("purchaser",))
    session = await sealing.session()
    release = release_root(session, bid.manifest, bid.root)

    good(
        await sealing.agency(GENTLE_WIND).post(
            f"/openings/{sealing.tender_id}/root-releases", content=release.encode()
        ),
        201,
    )
    await sealing.service.settle()
    assert await sealing.state() == "closed"
    await sealing.service.clock.forward(minutes=30)
    await sealing.service.settle()

    minutes = Minutes.parse(
        (await sealing.service.anonymous.get(f"/openings/{sealing.tender_id}/minutes")).content
    )
    opened = [entry for entry in minutes.bids if isinstance(entry, OpenedEntry)]
    shut = [entry for entry in minutes.bids if isinstance(entry, ShutEntry)]
    assert [entry.price for entry in opened] == [92_000_00]
    assert {entry.fault.value for entry in shut} == {"custodians"}


async def test_nobody_can_take_the_place_of_a_bidders_own_key(sealing: Sealing) -> None:
    await sealing.published("bidder")
    bids = {code: await sealing.lodged(code, price) for code, price in PRICES.items()}
    await sealing.closed()
    session, bid = await sealing.session(), bids[MORNING_LIGHT]
    garbage = replace(release_root(session, bid.manifest, bid.root), sealed=bytes(64))

    refused = await sealing.agency(WALKING_TOGETHER).post(
        f"/openings/{sealing.tender_id}/root-releases", content=garbage.encode()
    )

    assert refused.status_code == 404


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff", b'{"format":"huishe-release/1"}'])
async def test_a_release_that_cannot_be_read_is_refused(sealing: Sealing, body: bytes) -> None:
    await sealing.published()
    await lodge_all(sealing)
    await sealing.closed()
    path = f"/openings/{sealing.tender_id}"

    release = await sealing.custodian("finance").post(f"{path}/releases", content=body)
    root = await sealing.agency(MORNING_LIGHT).post(f"{path}/root-releases", content=body)

    assert (release.status_code, root.status_code) == (422, 422)


@pytest.mark.parametrize("bid_id", ["1", "not-a-uuid", "%00", "😀", "0" * 5000])
async def test_an_id_that_is_none_is_refused(sealing: Sealing, bid_id: str) -> None:
    agency = sealing.agency(MORNING_LIGHT)

    read = await agency.get(f"/bids/{bid_id}")
    lodged = await agency.post(f"/bids/{bid_id}/commit", content=b"{}")

    assert {read.status_code, lodged.status_code} <= {400, 404, 422}


async def test_under_profile_bidder_everybody_opens_its_own(sealing: Sealing) -> None:
    await sealing.published("bidder")
    bids = {code: await sealing.lodged(code, price) for code, price in PRICES.items()}
    await sealing.closed()
    session = await sealing.session()

    for code, bid in bids.items():
        release = release_root(session, bid.manifest, bid.root)
        path = f"/openings/{sealing.tender_id}/root-releases"
        good(await sealing.agency(code).post(path, content=release.encode()), 201)
    await sealing.service.settle()

    assert await sealing.state() == "opened"
    bundle = await sealing.service.anonymous.get(f"/openings/{sealing.tender_id}/bundle")
    verify_bundle(unpack(bundle.content), await sealing.trusted())


async def test_the_panel_reads_the_technical_part_and_nobody_else(sealing: Sealing) -> None:
    await sealing.published()
    await lodge_all(sealing)
    path = f"/openings/{sealing.tender_id}/bids/{MORNING_LIGHT}/technical"
    panellist = sealing.purchase.panellist(PANELLISTS[0])
    good(await sealing.purchase.purchaser.post("/panels", json=panel(sealing.tender_id)), 201)
    before = await panellist.get(path)

    await sealing.opened()

    assert before.status_code == 404
    read = good(await panellist.get(path))
    assert read.content.decode().startswith(NAMES[MORNING_LIGHT])
    assert (await sealing.agency(WALKING_TOGETHER).get(path)).status_code == 403


async def test_bidders_confirm_the_record_or_object_to_it(sealing: Sealing) -> None:
    await sealing.published()
    await lodge_all(sealing)
    await sealing.opened()
    path = f"/openings/{sealing.tender_id}/remarks"

    good(await sealing.agency(MORNING_LIGHT).post(path, json={"kind": "confirmed"}), 201)
    silent = await sealing.agency(WALKING_TOGETHER).post(path, json={"kind": "objected"})
    good(
        await sealing.agency(WALKING_TOGETHER).post(
            path, json={"kind": "objected", "text": "唱标价格听录有误"}
        ),
        201,
    )

    remarks = (await sealing.service.anonymous.get(path)).json()
    assert silent.status_code == 422
    assert {one["credit_code"]: one["kind"] for one in remarks} == {
        MORNING_LIGHT: "confirmed",
        WALKING_TOGETHER: "objected",
    }


async def test_a_cancelled_tender_is_never_opened(sealing: Sealing) -> None:
    await sealing.published()
    await lodge_all(sealing)
    await sealing.closed()
    read = await sealing.purchase.purchaser.get(f"/tenders/{sealing.tender_id}")
    path = f"/tenders/{sealing.tender_id}/cancellation"
    good(await sealing.purchase.purchaser.change(path, read, json={"reason": "任务取消"}))

    lodged = await sealing.custodian("purchaser").get(f"/openings/{sealing.tender_id}/lodged")
    await sealing.service.settle()

    assert lodged.status_code == 409
    assert desk.desk_of(UUID(sealing.tender_id)) is None


async def test_a_dry_commit_keeps_nothing(sealing: Sealing) -> None:
    await sealing.published()
    bid = sealing.sealed(MORNING_LIGHT)
    bid_id = await sealing.uploaded(MORNING_LIGHT, bid)

    dry = await sealing.agency(MORNING_LIGHT).post(
        f"/bids/{bid_id}/commit?dry=true", content=commit(sealing.tender_id, bid.envelope)
    )

    assert good(dry).json()["outcome"] == "accepted"
    assert dry.json()["answer"] is None, "a signed receipt would prove what was never lodged"
    database = await sealing.service.database()
    kept = await database.fetchval("SELECT count(*) FROM bid_commit")
    await database.close()
    assert kept == 0
