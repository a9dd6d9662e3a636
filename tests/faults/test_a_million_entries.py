"""A long journal: verified whole, from its database and from an export, and proved entry by entry."""

import gc
import time
from pathlib import Path
from statistics import median

import asyncpg

from shared.journal import sources, tree
from shared.journal.notes import Checkpoint, Note
from shared.journal.verify import Trust, verify_database, verify_export
from shared.merkle import root_from
from tests.support.forms import Figure, Form
from tests.support.long_journal import fill
from tests.support.service import ServiceUnderTest

MOST_SECONDS = 60.0
PROOFS = 200


async def test_a_whole_journal_is_verified_within_a_minute(
    sample: ServiceUnderTest, form: Form, figure: Figure, tmp_path: Path
) -> None:
    count = form(short=10_000, long=1_000_000)
    connection = await sample.database()
    await fill(connection, "sample", sample.clock.now, count)
    relay, placed = sample.runtime.worker.relay, 0
    began = time.perf_counter()
    while batch := await relay.once(connection):
        placed += batch
    figure("rows placed and signed a second", round(placed / (time.perf_counter() - began)))
    trust = await trusted(sample)
    file = tmp_path / "journal.jsonl"
    with sources.opened(file, "wb") as writing:
        assert await sources.export(connection, trust.origin, writing) == count

    began = time.perf_counter()
    of_export = verify_export(file, trust)
    seconds = time.perf_counter() - began
    figure("entries", count)
    figure("seconds to verify an export", round(seconds, 2))
    began = time.perf_counter()
    of_database = await verify_database(connection, trust)
    live_seconds = time.perf_counter() - began
    figure("seconds to verify a database", round(live_seconds, 2))
    await prove_some(connection, trust.kept[0], figure)
    await connection.close()

    for found in (of_export, of_database):
        assert found.faults == []
        assert found.agreed == found.tree.size == count
    assert not form.long or max(seconds, live_seconds) < MOST_SECONDS


async def trusted(sample: ServiceUnderTest) -> Trust:
    journal = sample.runtime.journal
    note = Note.parse((await sample.anonymous.get("/journal/checkpoint")).text)
    return Trust(journal.origin, journal.verifiers, [Checkpoint.opened(note, journal.verifiers)])


async def prove_some(connection: asyncpg.Connection, signed: Checkpoint, figure: Figure) -> None:
    """Entries from all over the journal, each proved under the newest checkpoint."""
    gc.collect()
    gc.freeze()  # as in every process of a service: what this test holds is nobody's to go through
    seconds = []
    for turn in range(PROOFS):
        index = turn * (signed.size - 1) // (PROOFS - 1)
        began = time.perf_counter()
        path = await tree.prove_inclusion(connection, index, signed.size)
        seconds.append(time.perf_counter() - began)
        leaf = await tree.leaf_at(connection, index + 1)
        assert root_from(leaf, index, signed.size, path) == signed.root
    gc.unfreeze()
    figure("milliseconds of an inclusion proof, p50", round(median(seconds) * 1000, 2))
    figure("milliseconds of an inclusion proof, p99", round(sorted(seconds)[-2] * 1000, 2))
