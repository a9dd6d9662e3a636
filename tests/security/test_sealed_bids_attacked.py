"""An attacker takes everything but the keys, and learns nothing of sealed bids until they are open.

Six agencies prepare alike; three bid, one of them twice, one bids and takes its bid back, two do
not bid. The attacker is an administrator of the machines: a superuser's dump of every database, the
planner's statistics, all logs, every file on the disks (the tables' own files and the write-ahead
log too), what every role is answered everywhere, the metrics, and one custodian's key file with its
passphrase. At last PostgreSQL logs every statement with its values, as an administrator can order.

The same search after the opening finds what it looked for; with two custodians' keys the same
attempt opens the bids.
"""

import asyncio
import base64
import gzip
import json
import re
import tempfile
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from deploy.demo.chapters.sealed_bids import CUSTODIANS
from deploy.local.settings import PARTS as PARTS_OF_THE_SUITE
from services.procurement.custody.keys import ServiceKeys
from shared.sealing.bids import OpenedBid, open_bid
from shared.sealing.canonical import canonical
from shared.sealing.errors import Malformed, SealingError
from shared.sealing.manifests import PARTS, Envelope, Manifest
from shared.sealing.sessions import CustodianKey
from shared.sealing.shares import Share, open_share, rebuild_root
from shared.sealing.suites import SUITE_A, binding
from tests.support.attacker import Disks, Loot, Traces, as_superuser, disks, superuser, take
from tests.support.sealed_tender import AGENCIES, PASSPHRASE, SealedTender
from tests.support.suite import RunningSuite, eventually, running_suite

BIDDERS, WITHDRAWS, BYSTANDERS = AGENCIES[:3], AGENCIES[3], AGENCIES[4:]
FIRST_PRICE = 9192939495
"""What the first bidder bids before it thinks better of it."""

BID_TABLES = ("bid", "bid_piece", "bid_part", "bid_commit")
READERS = ("auditor", "administrator", "purchaser", "finance", "supervisor", "custodian-1", None)
BID_OPERATIONS = ("begin_bid", "read_bid", "upload_part", "commit_bid", "release_kept_root")
WRITES = 'lane="write",service="procurement"'

CONTENTS = Traces(
    {
        **{f"price of {one.number}": one.price for one in AGENCIES},
        **{f"personnel of {one.number}": one.personnel for one in AGENCIES},
        "first price": FIRST_PRICE,
        **{f"plan of {one.number}": one.technical for one in AGENCIES},
        **{f"name of {one.number}": one.name for one in AGENCIES},
        **{f"signatory of {one.number}": one.signatory for one in AGENCIES},
        **{f"contact of {one.number}": one.contact for one in AGENCIES},
    }
)
"""What stands in sealed bids and nowhere else."""


@dataclass
class Scene:
    """What was taken, and when."""

    tender: SealedTender
    began: float
    before: Loot
    lodged: Loot
    logged: Loot
    answers: tuple[Mapping[Any, Any], Mapping[Any, Any]]
    counts: tuple[Mapping[str, list[str]], Mapping[str, list[str]]]
    on_disk: Disks
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def suite(self) -> RunningSuite:
        return self.tender.suite

    def who(self) -> Traces:
        """What names an agency: known to the suite, and never together with a bid."""
        return Traces(
            {f"code of {one.number}": one.credit_code for one in AGENCIES}
            | {f"client of {one.number}": one.client_id for one in AGENCIES}
            | {f"key of {one.number}": self.tender.signing_key(one) for one in AGENCIES}
        )

    def where(self) -> Traces:
        """What names the tender."""
        tender = self.tender
        return Traces(
            {
                "tender": tender.tender,
                "tender's bytes": tender.policy.tender.bytes,
                "policy": tender.policy.hash,
            }
        )


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with tempfile.TemporaryDirectory(prefix="huishe-") as folder:
        Path(folder).chmod(0o711)
        with running_suite(Path(folder)) as suite, tempfile.TemporaryDirectory() as desks:
            yield played(SealedTender(suite, Path(desks)))


def played(tender: SealedTender) -> Scene:
    """Everything until the bids are lodged, the deadline has passed, and one custodian released."""
    suite = tender.suite
    tender.publish()
    tender.let_in(AGENCIES)
    paths = readable(suite, tender.tender)
    answers = everything_readable(suite, paths)
    before, began = take(suite), time.time()
    counts = numbers(suite)
    for agency in BIDDERS:
        price = FIRST_PRICE if agency is BIDDERS[0] else agency.price
        tender.submit(agency, tender.seal(agency, "bid", price))
    withdrawn = tender.seal(WITHDRAWS, "bid", WITHDRAWS.price)
    tender.submit(WITHDRAWS, withdrawn)
    counts = (counts, numbers(suite))
    lodged = take(suite)
    log_every_statement(suite)
    tender.submit(BIDDERS[0], tender.seal(BIDDERS[0], "replacement", BIDDERS[0].price))
    tender.withdraw(WITHDRAWS, withdrawn)
    logged = take(suite)
    answers = (answers, everything_readable(suite, paths))
    tender.close()
    tender.release("custodian-1")
    on_disk = disks(suite, began)
    rows = asyncio.run(commits(suite))
    return Scene(tender, began, before, lodged, logged, answers, counts, on_disk, rows)


def log_every_statement(suite: RunningSuite) -> None:
    """The most that an administrator can have PostgreSQL write down."""
    as_superuser(
        suite,
        "ALTER SYSTEM SET log_statement = 'all'",
        "ALTER SYSTEM SET log_error_verbosity = 'verbose'",
        "ALTER SYSTEM SET log_min_error_statement = 'debug5'",
        "ALTER SYSTEM SET log_parameter_max_length_on_error = -1",
        "SELECT pg_reload_conf()",
    )


# --- What everybody is answered ------------------------------------------------------------------


def readable(suite: RunningSuite, tender: str) -> list[str]:
    """Every path of procurement and gateway that is read without an id, or with the tender's."""
    tender_path = "/procurement/v1/tenders/{tender_id}"

    def contract() -> Any:
        return suite.http.get("/openapi.json").json()["paths"]

    eventually(lambda: tender_path in contract(), "the contracts are gathered", 30)
    paths = [
        path.replace("{tender_id}", tender).replace("{subject}/{id}", f"tender/{tender}")
        for path, operations in contract().items()
        if "get" in operations
        and path.startswith(("/procurement/", "/oauth", "/.well-known"))
        and not path.endswith("/clock")
    ]
    return [path for path in paths if "{" not in path]


def everything_readable(
    suite: RunningSuite, paths: list[str]
) -> dict[tuple[str | None, str], tuple[int, bytes, dict[str, str]]]:
    """Status, body and headers of each, but for what each answer has of its own."""
    own = re.compile(rb'"(?:trace_id|at|now)":"[^"]*"')
    changing = ("date", "x-request-id", "ratelimit", "ratelimit-policy")
    found = {}
    for caller in READERS:
        for path in paths:
            answer = suite.ask(caller, "GET", path)
            headers = {n: v for n, v in answer.headers.items() if n not in changing}
            found[caller, path] = (answer.status_code, own.sub(b"", answer.content), headers)
    return found


def numbers(suite: RunningSuite) -> dict[str, list[str]]:
    """What the metrics of each part say of bids."""
    told = {}
    for part in PARTS_OF_THE_SUITE:
        text = suite.http.get(f"{suite.address_of(part)}/metrics").text
        told[part] = [
            line
            for line in text.splitlines()
            if any(name in line for name in (*BID_OPERATIONS, "bids", WRITES))
        ]
    return told


def test_the_attacker_reads_everywhere(scene: Scene) -> None:
    """Or it would be no wonder that nothing is found."""
    before, _ = scene.answers
    read = {path for (_, path), (status, *_) in before.items() if status == 200}

    assert len(before) > 150
    assert len(read) > 15
    assert f"/procurement/v1/tenders/{scene.tender.tender}" in read
    assert {"/procurement/v1/events", "/procurement/v1/suppliers"} & read
    assert scene.lodged.dump.count(b"\n") > 1000
    assert sum(len(log) for log in scene.lodged.logs.values()) > 10_000
    assert any("/pg_wal/" in path for path in scene.on_disk.files)
    assert sum("/base/" in path for path in scene.on_disk.files) > 20


def test_no_answer_shows_that_somebody_bid(scene: Scene) -> None:
    """Six commits later every answer to every role is, to the byte and with its ETag, the same."""
    before, after = scene.answers

    for asked, answer in before.items():
        assert after[asked] == answer, asked


def test_no_metric_counts_bids(scene: Scene) -> None:
    before, after = scene.counts

    assert any("commit_bid" in line for line in before["procurement"])
    assert before == after


# --- Dumps, logs and disks -----------------------------------------------------------------------


def test_nothing_that_was_sealed_stands_anywhere(scene: Scene) -> None:
    """No price, plan, name, signatory: in no form, in dump, statistics, logs or on the disks."""
    for loot in (scene.lodged, scene.logged):
        assert CONTENTS.found_in(loot.dump) == set()
        assert CONTENTS.found_in(loot.statistics) == set()
        for path, log in loot.logs.items():
            assert CONTENTS.found_in(log) == set(), path
    assert CONTENTS.shown_by(scene.on_disk.pages) == set()


def test_what_was_written_since_names_no_bidder_and_no_tender(scene: Scene) -> None:
    """In the dump only the four tables of bids have grown, and nothing in them says whose."""
    rows = scene.lodged.rows_since(scene.before)

    assert grown(scene.before.dump, scene.lodged.dump) == set(BID_TABLES)
    assert scene.who().found_in(rows) == set()
    assert scene.where().found_in(rows) == set()


def test_no_line_of_any_log_tells_who_bid(scene: Scene) -> None:
    lines = scene.lodged.lines_since(scene.before)

    assert b"/oauth/token" in lines
    assert scene.who().found_in(lines) == set()
    assert scene.where().found_in(lines) == set()
    assert b"/procurement/v1/bids" not in lines


def test_with_every_statement_logged_a_bid_still_names_no_bidder(scene: Scene) -> None:
    """The one that logs statements sees to which tender a commit goes: that is not promised.

    Only the gateway asks for a client, when it wants a token; nothing that concerns bids does.
    """
    lines = scene.logged.lines_since(scene.lodged).splitlines()
    statements = [line for line in lines if b"INSERT INTO bid_commit" in line]
    logged = b"\n".join(line for line in lines if b"@huishe_gateway" not in line)

    assert len(statements) >= 1
    assert scene.who().found_in(logged) == set()


def grown(before: bytes, after: bytes) -> set[str]:
    """The tables that have other rows than before, feeds' cursors and clocks left out."""
    old, new = tables_of(before), tables_of(after)
    return {
        name
        for name, rows in new.items()
        if rows != old.get(name, set()) and name not in ("cursor", "consumer")
    }


def tables_of(dump: bytes) -> dict[str, set[bytes]]:
    found: dict[str, set[bytes]] = {}
    for name, rows in re.findall(rb"^COPY public\.(\w+) .*?\n(.*?)^\\\.$", dump, re.M | re.S):
        found.setdefault(name.decode(), set()).update(rows.splitlines())
    return found


# --- Keys ----------------------------------------------------------------------------------------


async def commits(suite: RunningSuite) -> list[dict[str, Any]]:
    """The commits with the parts that lie beside them, as a superuser reads them."""
    connection = await asyncpg.connect(superuser(suite, "huishe_procurement"))
    try:
        rows = await connection.fetch("SELECT * FROM bid_commit ORDER BY received_at")
        return [
            {
                **row,
                "parts": {
                    name: await connection.fetchval(
                        "SELECT string_agg(content, ''::bytea ORDER BY start) "
                        "FROM bid_piece WHERE bid_id = $1 AND part = $2",
                        row["bid_id"],
                        number,
                    )
                    for number, name in enumerate(PARTS, start=1)
                },
            }
            for row in rows
        ]
    finally:
        await connection.close()


def custodian_keys(scene: Scene, count: int) -> list[CustodianKey]:
    """Key files with their passphrases: given away, or taken."""
    return [scene.tender.custodian(who).key(PASSPHRASE) for who in list(CUSTODIANS)[:count]]


def service_secrets(scene: Scene) -> list[bytes]:
    """What the service itself keys its records with: from the settings kept outside backups."""
    told = (scene.suite.folder / "environment" / "procurement.env").read_text()
    secrets = re.findall(r"PROCUREMENT_(?:BID_SECRET|SECRET_KEY)='([^']*)'", told)
    assert len(secrets) == 2
    return [SUITE_A.derive(s.encode(), binding(SUITE_A, "bid-secret"), 32) for s in secrets]


def envelopes(scene: Scene, secrets: list[bytes]) -> list[tuple[Envelope, Mapping[str, bytes]]]:
    """The envelopes that can be unlocked with these secrets, and their parts."""
    found = []
    for row in scene.rows:
        for secret in secrets:
            keys = ServiceKeys.__new__(ServiceKeys)
            object.__setattr__(keys, "secret", secret)
            try:
                record = json.loads(keys.unlock(row["record"], row["nonce"] + row["manifest_hash"]))
            except Malformed:
                continue
            if record["kind"] == "bid":
                found.append((Envelope.parse(canonical(record["lodged"])), row["parts"]))
    return found


def broken_open(
    scene: Scene, found: list[tuple[Envelope, Mapping[str, bytes]]], keys: list[CustodianKey]
) -> list[OpenedBid]:
    """Whatever these keys open, tried in every way that the format has."""
    opened = []
    for envelope, parts in found:
        shares: dict[int, Share] = {}
        for key in keys:
            for number in range(1, len(envelope.sealed_shares) + 1):
                try:
                    shares[number] = open_share(envelope, number, key.sealing_private)
                except SealingError:
                    continue
        for root in candidates(scene, envelope.manifest, shares):
            try:
                opened.append(open_bid(envelope.manifest, parts, root))
            except SealingError:
                continue
    return opened


def candidates(scene: Scene, manifest: Manifest, shares: Mapping[int, Share]) -> Iterator[bytes]:
    for share in shares.values():
        yield from (share.value, share.salt)
    try:
        yield rebuild_root(scene.tender.policy, manifest, shares)
    except SealingError:
        return


def test_one_custodians_key_opens_nothing_of_a_dump(scene: Scene) -> None:
    """Not even the envelopes are to be had: they lie locked with the bid secret."""
    wrong = [key.sealing_private for key in custodian_keys(scene, 1)]

    assert len(scene.rows) == 6
    assert envelopes(scene, wrong) == []


def test_one_custodians_key_and_the_services_secrets_open_no_price(scene: Scene) -> None:
    """Whoever has taken the service over as well learns who bid, but not what."""
    found = envelopes(scene, service_secrets(scene))

    assert len(found) == 5
    assert broken_open(scene, found, []) == []
    assert broken_open(scene, found, custodian_keys(scene, 1)) == []


def test_two_custodians_keys_open_them_so_the_attempt_is_a_true_one(scene: Scene) -> None:
    found = envelopes(scene, service_secrets(scene))

    opened = broken_open(scene, found, custodian_keys(scene, 2))

    prices = {bid.price.price for bid in opened}
    assert prices == {one.price for one in (*BIDDERS, WITHDRAWS)} | {FIRST_PRICE}
    assert all(CONTENTS.found_in(bid.contents["technical"]) for bid in opened)


# --- After the opening ---------------------------------------------------------------------------


def test_after_the_opening_the_same_search_finds_what_was_read_out(scene: Scene) -> None:
    """So it can find. What was never opened is not found even then."""
    tender, suite = scene.tender, scene.suite
    tender.release("custodian-2")
    tender.wait_until_opened()

    after = take(suite)
    told = everything_readable(suite, readable(suite, tender.tender))
    answers = b"\n".join(body for _, body, _ in told.values())
    on_disk = CONTENTS.shown_by(disks(suite, scene.began).pages)

    read_out = {
        f"{what} of {one.number}" for one in BIDDERS for what in ("price", "personnel", "name")
    }
    assert CONTENTS.found_in(answers) >= read_out
    assert CONTENTS.found_in(after.dump) >= read_out
    assert on_disk >= read_out
    assert {f"code of {one.number}" for one in BIDDERS} <= scene.who().found_in(answers)
    assert scene.where().found_in(after.rows_since(scene.lodged))
    kept = {"first price"} | {
        f"{what} of {one.number}"
        for one in (WITHDRAWS, *BYSTANDERS)
        for what in ("price", "plan", "name", "signatory")
    }
    assert not CONTENTS.found_in(after.dump) & kept
    assert not on_disk & kept
    assert not {f"code of {one.number}" for one in (WITHDRAWS, *BYSTANDERS)} & (
        scene.who().found_in(answers)
    )


@pytest.mark.parametrize(
    "secret", ["惠济区霜晨甲号", "plain-ascii-secret", 8765432109, b"\x01" * 32]
)
def test_the_search_knows_every_form_of_a_secret(secret: Any) -> None:
    traces = Traces({"it": secret})
    octets = secret if isinstance(secret, bytes) else str(secret).encode()

    for form in forms(octets):
        for around in (b"", b"x", b"xy", b"xyz"):
            assert traces.found_in(around + form + b"tail") == {"it"}, form
    for packed in (gzip.compress(octets), zlib.compress(octets)):
        assert traces.found_in(b"before" + packed) == {"it"}
        assert traces.found_in(b"\t\\\\x" + packed.hex().encode() + b"\t") == {"it"}
    assert traces.found_in(b"something else altogether") == set()


def forms(octets: bytes) -> Iterator[bytes]:
    yield from (octets, octets.hex().encode(), b"\\\\x" + (b"ab" + octets).hex().encode())
    for before in (b"", b"a", b"ab"):
        yield base64.b64encode(before + octets + b"z")
        yield base64.urlsafe_b64encode(before + octets + b"zz").rstrip(b"=")
