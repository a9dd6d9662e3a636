"""Somebody who may do everything in the database changes the journal: each way is found and named.

The control is a checkpoint that somebody else kept, and the signing key outside the database. What
is found is told within ten seconds of the next checkpoint: by the reading that `verify` does, and that
every service's worker does by itself.
"""

import hashlib
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import pytest

from shared.errors import JournalDisputed
from shared.journal import identity
from shared.journal.examination import Examination
from shared.journal.identity import JournalIdentity
from shared.journal.notes import Checkpoint, Note
from shared.journal.positions import Relay
from shared.journal.remote import HttpLog, getting
from shared.journal.rows import detail_hash
from shared.journal.verify import Trust, verify_database
from shared.journal.witness import Standing, Witness
from shared.merkle import Frontier, leaf_hash
from tests.support.databases import Databases
from tests.support.service import ServiceUnderTest
from tests.support.waiting import until

LAMP = {"name": "灯", "oil": 3, "price": "12.00", "ends_on": "2026-12-31"}
FOUND_WITHIN = 10.0
ROWS = 40
VICTIM = 17
"""The position that is tampered with."""


@dataclass
class Scene:
    """A journal of forty rows; what somebody else kept of it; and a superuser at work."""

    service: ServiceUnderTest
    superuser: asyncpg.Connection
    kept: Checkpoint
    ids: list[UUID]

    @property
    def victim(self) -> UUID:
        return self.ids[VICTIM - 1]

    async def unguarded(self, statement: str, *values: object) -> None:
        """As somebody who has switched every trigger off for himself."""
        await self.superuser.execute("SET session_replication_role = replica")
        await self.superuser.execute(statement, *values)
        await self.superuser.execute("SET session_replication_role = DEFAULT")

    async def go_on(self, lamps: int = 1) -> None:
        """Life goes on, and the next checkpoint is signed."""
        clerk = self.service.as_(["registrar"])
        for _ in range(lamps):
            assert (await clerk.post("/lamps", json=LAMP)).status_code == 201
            await self.service.runtime.worker.relay.once(self.superuser)

    async def examined(self) -> Examination:
        """What a reading finds, and that it does not take long."""
        journal = self.service.runtime.journal
        began = time.monotonic()
        found = await verify_database(
            self.superuser, Trust(journal.origin, journal.verifiers, [self.kept])
        )
        assert time.monotonic() - began < FOUND_WITHIN
        return found


@pytest.fixture
async def scene(sample: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(identity, "KEEP_SECONDS", 0.0)
    superuser = await sample.database()
    clerk = sample.as_(["registrar"])
    for _ in range(ROWS):
        await clerk.post("/lamps", json=LAMP)
        await sample.runtime.worker.relay.once(superuser)
    note = Note.parse((await sample.anonymous.get("/journal/checkpoint")).text)
    ids = [
        row[0] for row in await superuser.fetch("SELECT id FROM journal_position ORDER BY position")
    ]
    yield Scene(sample, superuser, Checkpoint.parse(note.text), ids)
    await superuser.close()


# ---------------------------------------------------------------------- eight ways


async def edit(scene: Scene) -> None:
    """A verdict is made to have been another, in text and columns."""
    await scene.unguarded(
        "UPDATE journal SET public_text = replace(public_text, 'lamp.made', 'lamp.lost'), kind = 'lamp.lost' WHERE id = $1",
        scene.victim,
    )


async def delete(scene: Scene) -> None:
    await scene.unguarded("DELETE FROM journal WHERE id = $1", scene.victim)


async def delete_with_its_place(scene: Scene) -> None:
    await scene.unguarded("DELETE FROM journal WHERE id = $1", scene.victim)
    await scene.unguarded("DELETE FROM journal_position WHERE id = $1", scene.victim)


async def reorder(scene: Scene) -> None:
    """The victim and its neighbour change places."""
    await scene.unguarded(
        "UPDATE journal_position SET position = -position WHERE position IN ($1, $2)",
        VICTIM,
        VICTIM + 1,
    )
    await scene.unguarded(
        "UPDATE journal_position SET position = $1::bigint + $2::bigint + position WHERE position < 0",
        VICTIM,
        VICTIM + 1,
    )


async def truncate_the_tail(scene: Scene) -> None:
    """The last three are made never to have been, with everything that speaks of them."""
    gone = "position > $1"
    await scene.unguarded(
        f"DELETE FROM journal WHERE id IN (SELECT id FROM journal_position WHERE {gone})", ROWS - 3
    )
    await scene.unguarded(f"DELETE FROM journal_position WHERE {gone}", ROWS - 3)
    await scene.unguarded("DELETE FROM journal_checkpoint WHERE size > $1", ROWS - 3)


async def disable_the_trigger(scene: Scene) -> None:
    """Changes are written that no feed will ever show."""
    await scene.superuser.execute("ALTER TABLE journal DISABLE TRIGGER journal_queue")
    await scene.service.as_(["registrar"]).post("/lamps", json=LAMP)


async def replace_a_salt(scene: Scene) -> None:
    """The detail is made another: what was known and why it was decided."""
    row = await scene.superuser.fetchrow("SELECT * FROM journal WHERE id = $1", scene.victim)
    detail, salt = row["detail_text"].replace('"oil":3', '"oil":9'), b"another salt...."
    await scene.unguarded(
        "UPDATE journal SET detail_text = $2, salt = $3, detail_hash = $4 WHERE id = $1",
        scene.victim,
        detail,
        salt,
        detail_hash(salt, detail),
    )


async def erase_without_a_reason(scene: Scene) -> None:
    await scene.unguarded(
        "UPDATE journal SET detail_text = NULL, salt = '' WHERE id = $1", scene.victim
    )


async def rewrite_with_recomputed_leaves(scene: Scene) -> None:
    """Everything that can be recomputed without the key is recomputed."""
    row = await scene.superuser.fetchrow("SELECT * FROM journal WHERE id = $1", scene.victim)
    event = json.loads(row["public_text"]) | {"data": {"state": "lit"}}
    text = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    leaf = leaf_hash(text.encode())
    await scene.unguarded(
        "UPDATE journal SET public_text = $2, leaf = $3 WHERE id = $1", scene.victim, text, leaf
    )
    await scene.unguarded("UPDATE journal_position SET leaf = $2 WHERE id = $1", scene.victim, leaf)


async def move_a_column(scene: Scene) -> None:
    """The text stays; what lists and histories are found by is changed."""
    await scene.unguarded("UPDATE journal SET actor = 'somebody-else' WHERE id = $1", scene.victim)


Tamper = Callable[[Scene], Awaitable[None]]


@pytest.mark.parametrize(
    ("tamper", "place", "words"),
    [
        (edit, (VICTIM, VICTIM), "the text is not what was placed"),
        (delete, (VICTIM, VICTIM), "the row of this position is gone"),
        (delete_with_its_place, (VICTIM, VICTIM), "missing"),
        (reorder, (VICTIM, VICTIM), "not what was signed"),
        (replace_a_salt, (VICTIM, VICTIM), "detail and salt are not those that were hashed"),
        (erase_without_a_reason, (VICTIM, VICTIM), "no row tells why"),
        (rewrite_with_recomputed_leaves, (VICTIM, VICTIM), "not what was signed"),
        (move_a_column, (VICTIM, VICTIM), "the columns do not say what the text says: actor"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_what_a_superuser_changes_is_named_by_its_position(
    scene: Scene, tamper: Tamper, place: tuple[int, int], words: str
) -> None:
    assert (await scene.examined()).faults == []

    await tamper(scene)
    await scene.go_on()

    faults = (await scene.examined()).faults
    assert [(f.first, f.last) for f in faults if words in f.what] == [place], faults


async def test_a_tail_that_was_cut_off_is_missed_and_nothing_more_is_signed(scene: Scene) -> None:
    await truncate_the_tail(scene)

    with pytest.raises(
        JournalDisputed, match="ends at position 37 and a checkpoint was signed at 40"
    ):
        await scene.go_on()
    faults = (await scene.examined()).faults
    assert [(f.first, f.last) for f in faults] == [(38, 40)]


async def test_rows_that_nobody_will_place_are_named(scene: Scene) -> None:
    await disable_the_trigger(scene)
    (hidden,) = await scene.superuser.fetchrow("SELECT id FROM journal ORDER BY seq DESC LIMIT 1")

    told = [str(fault) for fault in (await scene.examined()).faults]

    assert f"row {hidden} stands in the journal and was never placed" in told
    assert "the trigger journal_queue on journal is gone or switched off" in told


async def test_a_relay_that_starts_anew_signs_nothing_over_a_changed_past(scene: Scene) -> None:
    await rewrite_with_recomputed_leaves(scene)

    with pytest.raises(JournalDisputed, match="positions 1 to 40 are not what was signed"):
        await Relay(scene.service.runtime.journal).once(scene.superuser)


async def test_deleted_checkpoints_do_not_help_either(scene: Scene) -> None:
    """The newest one is kept beside the key, where no database reaches."""
    await rewrite_with_recomputed_leaves(scene)
    await scene.unguarded("DELETE FROM journal_checkpoint WHERE size > $1", VICTIM - 1)

    with pytest.raises(JournalDisputed, match="are not what was signed"):
        await Relay(scene.service.runtime.journal).once(scene.superuser)


async def test_a_forged_checkpoint_is_no_checkpoint(scene: Scene, tmp_path) -> None:
    await rewrite_with_recomputed_leaves(scene)
    root = await recomputed(scene)
    forged = JournalIdentity(scene.service.runtime.journal.origin, tmp_path).sign(ROWS, root)
    await scene.unguarded(
        "UPDATE journal_checkpoint SET note = $1, root = $2 WHERE size = $3",
        str(forged),
        root,
        ROWS,
    )

    with pytest.raises(JournalDisputed, match="cannot be believed"):
        await Relay(scene.service.runtime.journal).once(scene.superuser)
    faults = (await scene.examined()).faults
    assert [(f.first, f.last) for f in faults] == [(VICTIM, VICTIM)], "its own checkpoint said so"


async def recomputed(scene: Scene) -> bytes:
    frontier = Frontier()
    for (leaf,) in await scene.superuser.fetch(
        "SELECT leaf FROM journal_position ORDER BY position"
    ):
        frontier.append(leaf)
    return frontier.root()


# ---------------------------------------------------------------------- with the key in hand


@pytest.fixture
def witness(tmp_path) -> Witness:
    return Witness("huishe.example/witness", tmp_path / "witness")


def journal_of(scene: Scene) -> HttpLog:
    return HttpLog("sample", getting(scene.service.client))


async def rewritten_with_the_key(scene: Scene) -> None:
    """The worst case: database and signing key are both in the wrong hands, all is made anew."""
    await rewrite_with_recomputed_leaves(scene)
    journal = scene.service.runtime.journal
    await scene.unguarded("DELETE FROM journal_checkpoint")
    (journal.folder.parent / "huishe.example_sample.checkpoint").unlink(missing_ok=True)
    scene.service.runtime.worker.relay = Relay(journal)


async def test_a_history_that_was_made_anew_with_the_key_is_found_by_the_witness(
    scene: Scene, witness: Witness
) -> None:
    log = journal_of(scene)
    assert (await witness.look(log)).standing == Standing.EXTENDED
    await rewritten_with_the_key(scene)
    await scene.go_on()

    seen = await witness.look(log)

    assert seen.standing == Standing.TWO_STORIES
    (line,) = (witness.folder / "sample.disputes").read_text().splitlines()
    told = json.loads(line)
    both = [Note.parse(told[side]) for side in ("kept", "shown")]
    assert all(note.signed_by(scene.service.runtime.journal.verifiers[0]) for note in both), (
        "each side is evidence by itself: the journal signed both"
    )
    assert await witness.look(log) is seen
    assert len((witness.folder / "sample.disputes").read_text().splitlines()) == 1


async def test_verify_finds_it_too_by_the_checkpoint_that_was_kept(scene: Scene) -> None:
    await rewritten_with_the_key(scene)
    await scene.go_on()

    faults = (await scene.examined()).faults

    assert [fault.what for fault in faults] == ["not what a checkpoint kept elsewhere says"]


async def test_two_witnesses_who_were_shown_different_histories_find_out(
    scene: Scene, witness: Witness, tmp_path
) -> None:
    log, second = journal_of(scene), Witness("city.example/witness", tmp_path / "second")
    await second.look(log)
    shown_before = str(second.seen("sample").note).encode()
    await rewritten_with_the_key(scene)
    await scene.go_on(3)
    assert (await witness.look(log)).standing == Standing.EXTENDED, "it comes too late to know"

    seen = await witness.compare(log, "city", shown_before)

    assert seen.standing == Standing.TWO_STORIES
    assert "city" in seen.detail


async def test_two_witnesses_of_one_history_agree_however_far_each_is(
    scene: Scene, witness: Witness, tmp_path
) -> None:
    log, second = journal_of(scene), Witness("city.example/witness", tmp_path / "second")
    await second.look(log)
    await scene.go_on(5)
    await witness.look(log)

    seen = await witness.compare(log, "city", str(second.seen("sample").note).encode())

    assert seen.standing == Standing.EXTENDED


async def test_a_stranger_with_another_key_is_not_believed(
    scene: Scene, witness: Witness, tmp_path
) -> None:
    log = journal_of(scene)
    await witness.look(log)
    stranger = JournalIdentity(scene.service.runtime.journal.origin, tmp_path / "stranger")
    note = stranger.sign(ROWS + 1, hashlib.sha256(b"anything").digest())
    await scene.unguarded(
        "INSERT INTO journal_checkpoint VALUES ($1, $2, $3, $4, clock_timestamp())",
        stranger.origin,
        ROWS + 1,
        b"",
        str(note),
    )

    assert (await witness.look(log)).standing == Standing.UNTRUSTED


# ---------------------------------------------------------------------- yesterday's backup


@dataclass
class Backup:
    """A copy of the service's database as it stood, and the exchange of one for the other."""

    databases: Databases
    name: str

    @property
    def copy(self) -> str:
        return f"{self.name}_yesterday"

    def make(self) -> None:
        self._nobody_in(f"CREATE DATABASE {self.copy} TEMPLATE {self.name} STRATEGY FILE_COPY")

    def put_back(self) -> None:
        self._nobody_in(
            f"ALTER DATABASE {self.name} RENAME TO {self.name}_lost",
            f"ALTER DATABASE {self.copy} RENAME TO {self.name}",
        )

    def _nobody_in(self, *statements: str) -> None:
        self.databases.admin(
            f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS false",
            f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{self.name}'",
            *statements,
            f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS true",
        )


async def test_an_older_backup_is_noticed_signs_nothing_and_takes_nothing(
    sample: ServiceUnderTest, scene: Scene, witness: Witness, databases: Databases
) -> None:
    """Restored by mistake: what was acknowledged since is not there, so nothing more is acknowledged."""
    log = journal_of(scene)
    backup = Backup(databases, sample.superuser_url.rsplit("/", 1)[1])
    backup.make()
    scene.superuser = await sample.database()
    await until(lambda: answering(sample), "the pool has found out which connections were cut")
    await scene.go_on(5)
    assert (await witness.look(log)).checkpoint.size == ROWS + 5
    backup.put_back()
    await until(lambda: disputed(sample), "heard as soon as the listener is back")
    await until(lambda: answering(sample), "the pool has found out which connections were cut")

    refused = await sample.as_(["registrar"]).post("/lamps", json=LAMP)
    seen = await witness.look(log)
    superuser = await sample.database()
    with pytest.raises(JournalDisputed, match="an older backup was restored"):
        await Relay(sample.runtime.journal).once(superuser)
    await superuser.close()

    assert refused.status_code == 503
    assert refused.json()["type"].endswith("/problems/journal-disputed")
    assert (await sample.anonymous.get("/lamps")).status_code == 200, "reads go on"
    assert seen.standing == Standing.GONE_BACK
    assert seen.detail == "it shows 40 entries and signed 45 before"


async def test_who_goes_on_from_an_older_backup_on_purpose_begins_another_log(
    sample: ServiceUnderTest, scene: Scene, databases: Databases, tmp_path
) -> None:
    """Nobody can pretend that nothing was lost: the new name is on every checkpoint from then on."""
    backup = Backup(databases, sample.superuser_url.rsplit("/", 1)[1])
    backup.make()
    scene.superuser = await sample.database()
    await until(lambda: answering(sample), "the pool has found out which connections were cut")
    await scene.go_on(5)
    backup.put_back()
    superuser = await sample.database()
    before = sample.runtime.journal
    anew = JournalIdentity(f"{before.origin}/2", before.folder)

    await Relay(anew).once(superuser)

    note = await superuser.fetchval(
        "SELECT note FROM journal_checkpoint WHERE origin = $1", anew.origin
    )
    assert Checkpoint.opened(Note.parse(note), anew.verifiers, anew.origin) == Checkpoint(
        anew.origin, ROWS, scene.kept.root
    )
    found = await verify_database(superuser, Trust(anew.origin, anew.verifiers, []))
    await superuser.close()
    assert found.faults == []


async def test_the_newest_backup_goes_on_as_if_nothing_had_been(
    sample: ServiceUnderTest, scene: Scene, witness: Witness, databases: Databases
) -> None:
    backup = Backup(databases, sample.superuser_url.rsplit("/", 1)[1])
    await witness.look(journal_of(scene))
    backup.make()
    backup.put_back()
    scene.superuser = await sample.database()
    scene.service.runtime.worker.relay = Relay(sample.runtime.journal)
    await until(lambda: answering(sample), "the pool has found out which connections were cut")

    await scene.go_on(2)

    assert (await witness.look(journal_of(scene))).standing == Standing.EXTENDED
    assert (await scene.examined()).faults == []


async def disputed(sample: ServiceUnderTest) -> bool:
    return sample.runtime.journal_dispute is not None


async def answering(sample: ServiceUnderTest) -> bool:
    return (await sample.anonymous.get("/lamps")).status_code == 200
