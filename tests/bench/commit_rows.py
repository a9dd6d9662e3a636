"""Rows 6 and 17: lodging a bid so that it lasts, and the closing that waits behind the lodgers."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from pydantic import SecretStr

from services.procurement.bids.queries import COMMIT
from services.procurement.custody.keys import RECORD_SIZE, ServiceKeys, service_keys
from shared.database.embedded import throwaway_cluster
from shared.sealing.bids import SealedBid, seal_bid
from shared.sealing.forms import IdentityLetter, PriceForm
from shared.sealing.keyfiles import new_signing_key
from shared.sealing.manifests import PARTS, Envelope
from shared.sealing.suites import SUITE_A
from tests.bench import data, sql
from tests.bench.figures import Result, Round, alternating, compared, percentile
from tests.bench.forms import Form
from tests.bench.load import GENERATOR, posted
from tests.bench.machine import PINNING
from tests.bench.parts import UNLIMITED, RunningParts, a_folder, running
from tests.conftest import service_under_test
from tests.support.builders.procurement import MORNING_LIGHT
from tests.support.builders.sealed_bids import Sealing, commit
from tests.support.databases import Databases
from tests.support.many_bids import Crowd, MachineClock, made_ready
from tests.support.sealed_tender import AGENCIES, SealedTender, client_of, ensure_clients, secret_of
from tests.support.service import ServiceUnderTest

ROWS = (6, 17)
CONCURRENCY = 16
COMMITTERS = 200
MOST_A_SECOND = 4_000
"""As many commits are made ready for each second of load: none is sent twice."""


def measure(wanted: Iterable[int], form: Form) -> Iterator[Result]:
    wanted = set(wanted)
    if 6 in wanted:
        with ExitStack() as stack:
            folder = stack.enter_context(a_folder())
            parts = stack.enter_context(
                running(folder, ["gateway", "registry", "procurement"], **UNLIMITED)
            )
            yield _commits(form, folder, parts)
    if 17 in wanted:
        yield asyncio.run(_closing(form))


# Row 6


@dataclass
class Bidder:
    """One agency with one sealed bid, which it lodges under ever new nonces."""

    suite: Any
    sealed: SealedTender
    bid: SealedBid
    keys: ServiceKeys

    @classmethod
    def at(cls, parts: RunningParts, folder: Path) -> "Bidder":
        sealed = data.one_tender(parts.suite, folder / "desks")
        ensure_clients(parts.suite, [client_of(AGENCIES[0])])
        agency = AGENCIES[0]
        forms = {
            "price": PriceForm(agency.credit_code, agency.name, 95_000_00, 60_000_00).encode(),
            "identity": IdentityLetter(
                agency.credit_code, agency.name, agency.signatory, agency.contact
            ).encode(),
            "technical": agency.technical.encode() * 20,
        }
        bid = seal_bid(sealed.policy, forms, new_signing_key(SUITE_A))
        return cls(parts.suite, sealed, bid, _keys_of(parts))

    @property
    def org(self) -> str:
        return AGENCIES[0].credit_code

    def headers(self) -> Mapping[str, str]:
        answer = self.suite.http.post(
            "/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=(AGENCIES[0].client_id, secret_of(AGENCIES[0])),
        )
        assert answer.status_code == 200, answer.text
        token = answer.json()["access_token"]
        return {"authorization": f"Bearer {token}", "content-type": "application/json"}

    def ready(self, count: int) -> list[tuple[str, str]]:
        """So many commits, their parts uploaded: path and body of each."""
        ids = [uuid4() for _ in range(count)]
        asyncio.run(self._uploaded(ids))
        return [(f"/procurement/v1/bids/{bid_id}/commit", self._body().decode()) for bid_id in ids]

    def _body(self) -> bytes:
        manifest = replace(self.bid.manifest, nonce=secrets.token_bytes(16))
        envelope: Envelope = replace(self.bid.envelope, manifest=manifest)
        return commit(self.sealed.tender, envelope)

    async def _uploaded(self, ids: list[UUID]) -> None:
        connection = await asyncpg.connect(self.suite.superuser_url("huishe_procurement"))
        parts = [(n, self.bid.manifest.part(name)) for n, name in enumerate(PARTS, start=1)]
        try:
            await connection.copy_records_to_table(
                "bid", records=[(i, self.keys.submitter_mark(self.org, i.bytes)) for i in ids]
            )
            await connection.copy_records_to_table(
                "bid_part",
                records=[(i, n, part.size, part.digest) for i in ids for n, part in parts],
            )
        finally:
            await connection.close()


def _keys_of(parts: RunningParts) -> ServiceKeys:
    """What the running service keeps outside its database."""
    told = (parts.folder / "environment" / "procurement.env").read_text().splitlines()
    known = {name: value.strip("'") for name, _, value in (line.partition("=") for line in told)}
    return service_keys(
        SimpleNamespace(
            bid_secret=SecretStr(known["PROCUREMENT_BID_SECRET"]),
            secret_key=SecretStr(known["PROCUREMENT_SECRET_KEY"]),
            receipt_key_file=Path(known["PROCUREMENT_RECEIPT_KEY_FILE"]),
        )
    )


def _commits(form: Form, folder: Path, parts: RunningParts) -> Result:
    bidder = Bidder.at(parts, folder)
    pids = parts.pinned("procurement")
    address = parts.suite.address_of("procurement")
    made = round(MOST_A_SECOND * (form.seconds + 2))
    asyncio.run(_prepared(bidder, made * form.rounds * 2))
    separate, together = folder / "separate.sql", folder / "together.sql"
    separate.write_text(_separate(bidder))
    together.write_text(_together(bidder))

    def ours() -> Round:
        return posted(
            address,
            bidder.ready(made),
            bidder.headers(),
            seconds=form.seconds,
            concurrency=CONCURRENCY,
            server=pids,
        )

    def bench(script: Path) -> Round:
        return sql.pgbench(
            parts.suite,
            "huishe_procurement",
            script,
            seconds=form.seconds,
            concurrency=CONCURRENCY,
        )

    found = alternating(
        {
            "ours": ours,
            "separate": lambda: bench(separate),
            "together": lambda: bench(together),
        },
        form.rounds,
    )
    how = (
        "POST …/commit at the service's own port, each answered with its signed receipt, beside "
        "pgbench with the same reads and inserts as separate statements in one transaction; fsync "
        f"and synchronous_commit on; {GENERATOR}; {PINNING}"
    )
    return compared(
        6,
        found["ours"],
        found["separate"],
        how=how,
        concurrency=CONCURRENCY,
        **{
            "ratio to the same as one statement": found["ours"].rate / found["together"].rate,
            "pgbench, one statement, commits/s": found["together"].rate,
        },
    )


async def _prepared(bidder: Bidder, count: int) -> None:
    """Bids for pgbench, by number: it cannot make up ids that exist."""
    connection = await asyncpg.connect(bidder.suite.superuser_url("huishe_procurement"))
    try:
        await connection.execute("CREATE SEQUENCE bench_bid")
        await connection.execute(
            "INSERT INTO bid SELECT md5(n::text)::uuid, $1 FROM generate_series(1, $2::bigint) AS n",
            _mark(bidder),
            count,
        )
        for number, name in enumerate(PARTS, start=1):
            part = bidder.bid.manifest.part(name)
            await connection.execute(
                "INSERT INTO bid_part SELECT md5(n::text)::uuid, $1, $2, $3 "
                "FROM generate_series(1, $4::bigint) AS n",
                *(number, part.size, part.digest, count),
            )
        await connection.execute("ANALYZE bid; ANALYZE bid_part")
    finally:
        await connection.close()


def _mark(bidder: Bidder) -> bytes:
    return bidder.keys.submitter_mark(bidder.org, b"bench")


NEXT_BID = "SELECT md5(nextval('bench_bid')::text)::uuid AS bid \\gset\n"
NONCE = "uuid_send(gen_random_uuid())"
HASH = "sha256(uuid_send(gen_random_uuid()))"


def _separate(bidder: Bidder) -> str:
    """What the one statement does, said one after the other."""
    tender, policy = bidder.sealed.tender, bidder.sealed.policy.hash.hex()
    mark, record = _octets(_mark(bidder)), _octets(secrets.token_bytes(RECORD_SIZE + 28))
    return (
        "BEGIN;\n" + NEXT_BID + f"SELECT closes_at FROM tender WHERE id = '{tender}' "
        f"AND state = 'published' AND seal_policy_hash = '{policy}' "
        "AND business_now() < closes_at FOR SHARE;\n"
        f"SELECT 1 FROM bid WHERE id = :bid::uuid AND submitter_mark = {mark};\n"
        "SELECT part, size, digest FROM bid_part WHERE bid_id = :bid::uuid;\n"
        "SELECT max(received_at) FROM bid_commit;\n"
        "INSERT INTO bid_commit (nonce, manifest_hash, bid_id, received_at, submitter_mark, "
        f"tender_mark, record) VALUES ({NONCE}, {HASH}, :bid::uuid, business_now(), "
        f"{mark}, {mark}, {record});\nCOMMIT;\n"
    )


def _together(bidder: Bidder) -> str:
    """The statement itself."""
    parts = [bidder.bid.manifest.part(name) for name in PARTS]
    mark = _octets(_mark(bidder))
    digests = ", ".join(_octets(part.digest) for part in parts)
    values = [
        f"'{bidder.sealed.tender}'",
        f"'{bidder.sealed.policy.hash.hex()}'",
        NONCE,
        HASH,
        ":bid::uuid",
        mark,
        mark,
        _octets(secrets.token_bytes(RECORD_SIZE + 28)),
        f"ARRAY{list(range(1, len(parts) + 1))}",
        f"ARRAY{[part.size for part in parts]}",
        f"ARRAY[{digests}]",
        mark,
    ]
    statement = " ".join(COMMIT.split())
    for number in range(len(values), 0, -1):
        statement = statement.replace(f"${number}", values[number - 1])
    return f"{NEXT_BID}{statement};\n"


def _octets(value: bytes) -> str:
    return f"'\\x{value.hex()}'::bytea"


# Row 17

WAITED = """
WITH held AS MATERIALIZED (SELECT 1 FROM tender WHERE id = $1 FOR UPDATE)
SELECT extract(epoch FROM clock_timestamp() - statement_timestamp())::float8 * 1000 FROM held
"""


async def _closing(form: Form) -> Result:
    """How long the row of the tender is waited for while 200 connections commit to it."""
    count, looks = (6_000, 10) if form.quick else (40_000, 60)
    async with _procurement() as service:
        sealing = Sealing(service)
        await sealing.published()
        ready = await made_ready(sealing, MORNING_LIGHT, count)
        connection = await service.database()
        async with Crowd.of(service, COMMITTERS) as crowd:
            clock = MachineClock(0.0)
            sending = asyncio.ensure_future(crowd.send(ready, [0.0] * count, clock))
            waits: list[float] = []
            while len(waits) < looks and not sending.done():
                async with connection.transaction():
                    waits.append(await connection.fetchval(WAITED, UUID(sealing.tender_id)))
                await asyncio.sleep(0.05)
            busy = not sending.done()
            sent = await sending
        await connection.close()
    assert busy or form.quick, "the commits were over before the row was asked for often enough"
    assert all(one.reading.received_at is not None for one in sent)
    took = (
        max(s.reading.asked_at for s in sent) - min(s.reading.asked_at for s in sent)
    ).total_seconds()
    return Result(
        17,
        max(waits),
        max(waits),
        percentile(waits, 0.5),
        "ms",
        f"the longest of {len(waits)} waits for the tender's row as the closing takes it, while "
        f"{COMMITTERS} connections send the real commit as fast as they can; the reference is the "
        "median wait; not pinned",
        concurrency=COMMITTERS,
        rounds=1,
        beside={"commits": count, "commits a second": count / took if took else None},
    )


@asynccontextmanager
async def _procurement() -> AsyncIterator[ServiceUnderTest]:
    """The service over a cluster that keeps what it is told and takes as many connections."""
    with throwaway_cluster(lasting=True, connections=COMMITTERS + 60) as cluster:
        key = cluster.folder / "receipt-key.json"
        async with service_under_test(
            "procurement", Databases(cluster), receipt_key_file=key
        ) as service:
            yield service
