"""The journal's proof on the smallest service: checkpoints, proofs, evidence, erasing detail."""

import contextlib
import io
import json
import zipfile

import asyncpg
import pytest

from shared.journal import evidence, tree
from shared.journal.identity import JournalIdentity
from shared.journal.notes import Checkpoint, Note, VerifierKey
from shared.journal.positions import Relay
from shared.journal.verify import Trust, verify_database
from shared.merkle import extends, leaf_hash, root_from
from shared.signing_keys import make_key, retire_key
from tests.support.service import ServiceUnderTest

LAMP = {"name": "灯", "oil": 3, "price": "12.00", "ends_on": "2026-12-31"}


async def lamps(sample: ServiceUnderTest, count: int) -> list[dict]:
    clerk = sample.as_(["registrar"])
    made = [(await clerk.post("/lamps", json=LAMP)).json() for _ in range(count)]
    await sample.settle()
    return made


async def checkpoint(sample: ServiceUnderTest, size: int | None = None) -> Checkpoint:
    query = f"?size={size}" if size else ""
    answer = await sample.anonymous.get(f"/journal/checkpoint{query}")
    assert answer.status_code == 200, answer.text
    return Checkpoint.opened(Note.parse(answer.text), sample.runtime.journal.verifiers)


async def examined(sample: ServiceUnderTest, *kept: Checkpoint):
    journal = sample.runtime.journal
    connection = await sample.database()
    try:
        trust = Trust(journal.origin, journal.verifiers, kept)
        return await verify_database(connection, trust)
    finally:
        await connection.close()


async def test_every_entry_of_the_feed_is_proved_under_the_checkpoint(sample):
    await lamps(sample, 5)
    signed = await checkpoint(sample)
    feed = (await sample.as_(["auditor"]).get("/events")).json()["items"]

    assert signed.size == len(feed) == 5
    for entry in feed:
        proof = (
            await sample.anonymous.get(f"/journal/inclusion?position={entry['position']}")
        ).json()
        path = [bytes.fromhex(step) for step in proof["path"]]
        assert proof["leaf"] == entry["leaf"]
        found = root_from(bytes.fromhex(entry["leaf"]), entry["position"] - 1, signed.size, path)
        assert found == signed.root == bytes.fromhex(proof["root"])


async def test_each_checkpoint_extends_the_one_before(sample):
    await lamps(sample, 3)
    before = await checkpoint(sample)
    await lamps(sample, 4)
    after = await checkpoint(sample)

    answer = await sample.anonymous.get(f"/journal/consistency?old={before.size}")

    path = [bytes.fromhex(step) for step in answer.json()["path"]]
    assert (before.size, after.size) == (3, 7)
    assert extends(before.size, before.root, after.size, after.root, path)
    assert await checkpoint(sample, size=3) == before


async def test_a_tree_over_more_than_one_tile_is_proved_from_kept_nodes(sample):
    await lamps(sample, 2)
    await fill(sample, 600)
    signed = await checkpoint(sample)

    database = await sample.database()
    kept = await database.fetchval("SELECT count(*) FROM journal_node WHERE level = 1")
    for index in (0, 255, 256, 511, 512, signed.size - 1):
        leaf = await tree.leaf_at(database, index + 1)
        path = await tree.prove_inclusion(database, index, signed.size)
        assert root_from(leaf, index, signed.size, path) == signed.root
    await database.close()

    assert kept == signed.size // 256 == 2
    assert (await examined(sample, signed)).faults == []


async def fill(sample: ServiceUnderTest, count: int) -> None:
    """Many rows at once, as the service would have written them."""
    from shared.journal.rows import Entry, journal, row

    async with sample.runtime.sessions.begin() as session:
        rows = [
            row("sample", Entry("lamp.seen", "lamp", str(n), 1), actor="x", at=sample.clock.now)
            for n in range(count)
        ]
        await session.execute(journal.insert(), rows)
    await sample.settle()


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("/journal/inclusion?position=0", "/query/position"),
        ("/journal/inclusion?position=4", "/query/position"),
        ("/journal/inclusion?position=1&size=4", "/query/size"),
        ("/journal/consistency?old=4", "/query/old"),
        ("/journal/consistency?old=1&size=99999999999999999999", "/query/size"),
    ],
)
async def test_what_the_journal_does_not_hold_is_no_server_error(sample, path, pointer):
    await lamps(sample, 3)

    answer = await sample.anonymous.get(path)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_a_journal_without_entries_has_no_checkpoint_and_no_proof(sample):
    await sample.settle()

    for path in (
        "/journal/checkpoint",
        "/journal/inclusion?position=1",
        "/journal/consistency?old=0",
    ):
        assert (await sample.anonymous.get(path)).status_code == 404


async def test_a_journal_from_before_the_proof_is_signed_whole(sample):
    """An upgrade: positions stand there, nodes and checkpoints do not."""
    await lamps(sample, 2)
    await fill(sample, 300)
    database = await sample.database()
    await database.execute("SET session_replication_role = replica")
    await database.execute("TRUNCATE journal_node; TRUNCATE journal_checkpoint")
    sample.runtime.worker.relay = Relay(sample.runtime.journal)
    (sample.runtime.journal.folder.parent / "huishe.example_sample.checkpoint").unlink()

    await Relay(sample.runtime.journal).once(database)

    await database.close()
    assert (await checkpoint(sample)).size == 302
    assert (await examined(sample)).faults == []


# ---------------------------------------------------------------------- keys


async def test_a_key_is_changed_without_a_gap(sample):
    await lamps(sample, 1)
    folder = sample.runtime.journal.folder
    (old,) = sample.runtime.journal.verifiers
    make_key(folder, sample.clock.now)
    await lamps(sample, 1)
    both = Note.parse((await sample.anonymous.get("/journal/checkpoint")).text)
    (new,) = [key for key in sample.runtime.journal.verifiers if key != old]
    retire_key(folder, "0-first")
    await lamps(sample, 1)
    after = Note.parse((await sample.anonymous.get("/journal/checkpoint")).text)

    assert both.signed_by(old)
    assert both.signed_by(new)
    assert after.signed_by(new)
    assert not after.signed_by(old)
    told = (await sample.anonymous.get("/journal/keys")).json()["keys"]
    assert [VerifierKey.parse(key["key"]) for key in told] == [new]


# ---------------------------------------------------------------------- going on, and not going on


async def test_a_relay_that_comes_new_goes_on_from_the_checkpoint(sample):
    await lamps(sample, 3)
    before = await checkpoint(sample)
    sample.runtime.worker.relay = Relay(sample.runtime.journal)
    await lamps(sample, 2)

    assert (await checkpoint(sample)).size == 5
    assert (await examined(sample, before, await checkpoint(sample))).faults == []


async def test_two_relays_in_turn_make_one_tree(sample):
    one, two = Relay(sample.runtime.journal), Relay(sample.runtime.journal)
    clerk = sample.as_(["registrar"])
    database = await sample.database()
    for turn in range(8):
        await clerk.post("/lamps", json=LAMP)
        assert await (one, two)[turn % 2].once(database) == 1
    await database.close()

    assert (await examined(sample, await checkpoint(sample))).faults == []


async def test_what_was_rolled_back_is_in_no_tree(sample):
    await lamps(sample, 1)
    relay = sample.runtime.worker.relay
    await sample.as_(["registrar"]).post("/lamps", json=LAMP)
    database = await sample.database()
    await database.execute("ALTER TABLE journal_checkpoint ADD CONSTRAINT no_room CHECK (size < 2)")
    with pytest.raises(asyncpg.CheckViolationError):
        await relay.once(database)
    assert relay.size == 1
    await database.execute("ALTER TABLE journal_checkpoint DROP CONSTRAINT no_room")
    await relay.once(database)
    await database.close()

    assert (await examined(sample, await checkpoint(sample))).faults == []


# ---------------------------------------------------------------------- evidence


async def test_evidence_of_one_thing_proves_itself_without_us(sample):
    (lamp, _) = await lamps(sample, 2)
    clerk = sample.as_(["registrar"])
    await clerk.post(f"/lamps/{lamp['id']}/light", headers={"if-match": '"1"'})
    await sample.settle()
    path = f"/evidence/lamp/{lamp['id']}"

    public = await sample.anonymous.get(path)
    whole = await sample.as_(["auditor"]).get(path)

    trusted = sample.runtime.journal.verifiers
    seen = evidence.check(public.content, trusted, [await checkpoint(sample)])
    assert public.headers["content-type"] == "application/zip"
    assert [entry.event["type"] for entry in seen.entries] == ["lamp.made", "lamp.lit"]
    assert [entry.detail for entry in seen.entries] == [None, None]
    proved = evidence.check(whole.content, trusted)
    verdict = json.loads(proved.entries[1].detail)["verdict"]
    assert verdict["findings"][0]["outcome"] == "met"
    page = zipfile.ZipFile(io.BytesIO(whole.content)).read("证明.html").decode()
    for words in ("证明什么", "不证明什么", "有油 3", "符合", trusted[0].fingerprint, lamp["id"]):
        assert words in page
    assert (await sample.anonymous.get("/evidence/lamp/none")).status_code == 404


async def test_the_same_evidence_is_the_same_bytes(sample):
    (lamp,) = await lamps(sample, 1)

    answers = [await sample.anonymous.get(f"/evidence/lamp/{lamp['id']}?size=1") for _ in range(2)]

    assert answers[0].content == answers[1].content


@pytest.mark.parametrize(
    ("name", "change", "named"),
    [
        (
            "entries.jsonl",
            lambda text: text.replace('\\"lamp.made', '\\"lamp.broken'),
            "position 1",
        ),
        ("entries.jsonl", lambda text: text.replace('"position":1', '"position":2'), "position 2"),
        ("entries.jsonl", lambda text: text.replace('oil\\":3', 'oil\\":4'), "hashed"),
        ("entries.jsonl", lambda text: "", "empty"),
        ("entries.jsonl", lambda text: text[:-9], "cannot be read"),
        ("checkpoint.txt", lambda text: text.replace("\n3\n", "\n4\n"), "trusted key"),
        ("checkpoint.txt", lambda text: text.split("\n\n")[0], "an empty line"),
        ("manifest.json", lambda text: text.replace("lamp/", "bulb/"), "it is about lamp/"),
        ("manifest.json", lambda text: text.replace("evidence/1", "evidence/2"), "format"),
    ],
)
async def test_changed_evidence_proves_nothing(sample, name, change, named):
    (lamp, *_) = await lamps(sample, 3)
    whole = await sample.as_(["auditor"]).get(f"/evidence/lamp/{lamp['id']}")
    files = {
        info.filename: zipfile.ZipFile(io.BytesIO(whole.content)).read(info).decode()
        for info in zipfile.ZipFile(io.BytesIO(whole.content)).infolist()
    }
    files[name] = change(before := files[name])
    assert files[name] != before

    with pytest.raises(evidence.NotProved, match=named):
        evidence.check(
            repacked(files, keep_manifest=name == "manifest.json"), sample.runtime.journal.verifiers
        )


def repacked(files: dict[str, str], *, keep_manifest: bool) -> bytes:
    """As a forger would who puts the manifest right again."""
    import hashlib

    if not keep_manifest:
        told = json.loads(files["manifest.json"])
        told["files"] = {n: hashlib.sha256(files[n].encode()).hexdigest() for n in evidence.FILES}
        files["manifest.json"] = json.dumps(told)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


async def test_evidence_with_any_byte_changed_is_refused_or_proves_the_same(sample):
    (lamp, *_) = await lamps(sample, 3)
    whole = (await sample.as_(["auditor"]).get(f"/evidence/lamp/{lamp['id']}")).content
    trusted = sample.runtime.journal.verifiers
    genuine = evidence.check(whole, trusted)

    for place in range(0, len(whole), 3):
        for changed in (
            whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :],
            whole[:place],
        ):
            with contextlib.suppress(evidence.NotProved):
                assert evidence.check(changed, trusted) == genuine


async def test_evidence_under_another_key_or_checkpoint_is_refused(sample, tmp_path):
    (lamp,) = await lamps(sample, 1)
    bundle = (await sample.anonymous.get(f"/evidence/lamp/{lamp['id']}")).content
    stranger = JournalIdentity(sample.runtime.journal.origin, tmp_path / "stranger")
    other = Checkpoint(sample.runtime.journal.origin, 1, leaf_hash(b"another"))

    with pytest.raises(evidence.NotProved, match="trusted key"):
        evidence.check(bundle, stranger.verifiers)
    with pytest.raises(evidence.NotProved, match="not the one that was kept"):
        evidence.check(bundle, sample.runtime.journal.verifiers, [other])


# ---------------------------------------------------------------------- erasing detail


ORDER = {"ground": "consent-withdrawn", "decision": "惠民删字〔2026〕1号"}


async def test_personal_detail_is_erased_with_its_reason_and_the_proof_still_holds(sample):
    lamp, other = await lamps(sample, 2)
    before = await checkpoint(sample)
    administrator = sample.as_(["administrator"])
    asked = {"subject": "lamp", "subject_id": lamp["id"], **ORDER}

    rehearsed = await administrator.post("/journal/erasures?dry=true", json=asked)
    erased = await administrator.post("/journal/erasures", json=asked)
    await sample.settle()

    assert rehearsed.json()["events"] == ["journal.detail_erased"]
    assert erased.status_code == 201
    auditor = sample.as_(["auditor"])
    first, told = (await auditor.get(f"/history/lamp/{lamp['id']}")).json()["items"]
    assert first["detail"] is None
    assert told["event"]["data"] == {**ORDER, "entries": [first["id"]]}
    assert told["detail"]["actor"]["client_id"] == "administrator-office"
    spared = (await auditor.get(f"/history/lamp/{other['id']}")).json()["items"]
    assert spared[0]["detail"] is not None
    assert (await examined(sample, before, await checkpoint(sample))).faults == []
    database = await sample.database()
    assert await database.fetchval("SELECT count(*) FROM journal WHERE length(salt) = 0") == 1
    await database.close()


async def test_nothing_is_erased_that_is_not_there_and_nobody_else_erases(sample):
    (lamp,) = await lamps(sample, 1)
    asked = {"subject": "lamp", "subject_id": lamp["id"], **ORDER}

    for role in ("registrar", "auditor", "service"):
        answer = await sample.as_([role]).post("/journal/erasures", json=asked)
        assert answer.status_code == 403
    administrator = sample.as_(["administrator"])
    assert (await administrator.post("/journal/erasures", json=asked)).status_code == 201
    assert (await administrator.post("/journal/erasures", json=asked)).status_code == 404
    unfounded = await administrator.post("/journal/erasures", json={**asked, "ground": "tidy"})
    assert unfounded.json()["errors"][0]["pointer"] == "/ground"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT journal_erase_detail(ARRAY(SELECT id FROM journal))",
        "UPDATE journal SET kind = 'lamp.stolen'",
        "UPDATE journal SET detail_text = NULL",
        "UPDATE journal SET detail_text = NULL, salt = ''",
        "DELETE FROM journal",
        "UPDATE journal_checkpoint SET size = size + 1",
        "DELETE FROM journal_node",
        "TRUNCATE journal_position",
    ],
)
async def test_even_the_owner_changes_nothing_without_a_reason(sample, statement):
    await lamps(sample, 1)
    await fill(sample, 256)
    owner = await sample.database()

    with pytest.raises(asyncpg.RaiseError, match="the journal is never changed"):
        await owner.execute(statement)
    await owner.close()
