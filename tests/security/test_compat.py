"""The compat profile attacked: what was not signed just so, just now and just once is let through by nobody."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes

from gateway import configuration, migrations
from gateway.compat import keys, routes
from gateway.compat.models import SigningKey
from gateway.compat.signature import WINDOW_SECONDS, Algorithm, Signed, sign, text_to_sign
from gateway.database import one_transaction
from gateway.tokens import actions
from gateway.tokens.schemas import NewClient
from shared.sensitive import Vault
from tests.support.configuration import changed, write
from tests.support.databases import Databases
from tests.support.gateway import (
    SECRET_KEY,
    Asked,
    RunningGateway,
    Upstream,
    running_gateway,
    written,
)
from tests.support.suite import ROOT

VECTORS = json.loads((ROOT / "gateway" / "compat" / "vectors.json").read_text())
PATH = "/compat/v1/agency"
CODE = "52410108MJ0000018R"
CALL = {"path": {"credit_code": CODE}}
NOW = 1_772_413_200.0
both = pytest.mark.parametrize("algorithm", list(Algorithm))


# --- The signature itself ------------------------------------------------------------------------


def by_hand(algorithm: str, key: bytes, text: bytes) -> str:
    """RFC 2104 written out, on hashes that are checked below: not the product's own HMAC."""

    def hashed(data: bytes) -> bytes:
        if algorithm == "HMAC-SHA256":
            return hashlib.sha256(data).digest()
        hashing = hashes.Hash(hashes.SM3())
        hashing.update(data)
        return hashing.finalize()

    padded = (hashed(key) if len(key) > 64 else key).ljust(64, b"\0")
    inner = hashed(bytes(one ^ 0x36 for one in padded) + text)
    return hashed(bytes(one ^ 0x5C for one in padded) + inner).hex()


def test_sm3_is_the_standards() -> None:
    """GM/T 0004-2012, example 1."""
    hashing = hashes.Hash(hashes.SM3())
    hashing.update(b"abc")
    known = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"

    assert hashing.finalize().hex() == known


@pytest.mark.parametrize("vector", VECTORS, ids=lambda one: f"{one['algorithm']} {one['about']}")
def test_the_vectors_hold(vector: dict[str, Any]) -> None:
    parts = ("client", "algorithm", "timestamp", "nonce", "signature")
    signed = Signed.of(**{part: str(vector[part]) for part in parts})
    assert signed is not None
    asked = {
        "method": vector["method"],
        "path": vector["path"].encode(),
        "query": vector["query"].encode(),
        "body": vector["body"].encode(),
    }

    assert text_to_sign(signed, **asked).decode() == vector["text"]
    assert (
        by_hand(vector["algorithm"], vector["key"].encode(), vector["text"].encode())
        == (vector["signature"])
    )
    assert signed.holds(vector["key"].encode(), **asked)


@pytest.mark.parametrize("part", ["method", "path", "query", "body", "key"])
def test_no_part_can_be_changed(part: str) -> None:
    for vector in VECTORS:
        asked: dict[str, Any] = {
            "method": vector["method"],
            "path": vector["path"].encode(),
            "query": vector["query"].encode(),
            "body": vector["body"].encode(),
            "key": vector["key"].encode(),
        }
        asked[part] = "GET" if part == "method" else asked[part] + b"x"
        names = ("client", "algorithm", "timestamp", "nonce", "signature")
        signed = Signed.of(**{name: str(vector[name]) for name in names})
        assert signed is not None
        assert not signed.holds(asked.pop("key"), **asked)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("client", "a\nb"),
        ("client", ""),
        ("client", "x" * 65),
        ("algorithm", "HMAC-MD5"),
        ("algorithm", "none"),
        ("algorithm", "hmac-sha256"),
        ("timestamp", "1772413200.5"),
        ("timestamp", "-1772413200"),
        ("timestamp", "٠١٢٣٤٥٦٧٨٩"),
        ("timestamp", "177241320000000"),
        ("nonce", "x" * 15),
        ("nonce", "x" * 65),
        ("nonce", "with a space in it"),
        ("nonce", "with-a-line-feed\n"),
        ("signature", "0" * 63),
        ("signature", "A" * 64),
        ("signature", "0" * 64 + "\n"),
    ],
)
def test_a_part_that_has_not_its_form_is_none(part: str, value: str) -> None:
    good = {
        "client": "me",
        "algorithm": "HMAC-SM3",
        "timestamp": "1772413200",
        "nonce": "x" * 16,
        "signature": "0" * 64,
    }
    assert Signed.of(**good) is not None
    assert Signed.of(**{**good, part: value}) is None


@pytest.mark.parametrize("early", [-1, 1])
def test_five_minutes_either_way_are_timely_and_a_second_more_is_not(early: int) -> None:
    signed = Signed("me", Algorithm.SM3, int(NOW), "x" * 16, "0" * 64)

    assert signed.is_timely(NOW + early * WINDOW_SECONDS)
    assert not signed.is_timely(NOW + early * (WINDOW_SECONDS + 1))
    assert WINDOW_SECONDS == 300


# --- At the door ---------------------------------------------------------------------------------


@pytest.fixture
def database(databases: Databases):
    databases.template("gateway", migrations.upgrade)
    url, superuser_url = databases.clone("gateway")
    yield url
    databases.drop(superuser_url)


@pytest.fixture
async def upstream():
    it = Upstream()
    await it.start()
    yield it
    await it.stop()


@pytest.fixture
async def door(tmp_path: Path, database: str, upstream: Upstream, monkeypatch):
    monkeypatch.setattr(routes.time, "time", lambda: NOW)
    upstreams = {"registry": [upstream.address], "procurement": [upstream.address]}
    async with running_gateway(tmp_path / "keys", upstreams=upstreams, database_url=database) as it:
        yield it


@pytest.fixture
async def secret(database: str) -> dict[str, str]:
    """A key of each algorithm, for a client each."""
    vault, given = Vault(SECRET_KEY), {}
    async with one_transaction(database) as session:
        for client, algorithm in (("sm3", Algorithm.SM3), ("sha256", Algorithm.SHA256)):
            wanted = NewClient(client, client, ("platform",), None, "a secret made up by hand")
            await actions.add_client(session, wanted, datetime.now(UTC))
            await session.flush()
            given[client] = await keys.give_key(
                session, vault, client, algorithm, datetime.now(UTC)
            )
    return given


class Caller:
    """Signs as the document says, and sends what it is told to instead."""

    def __init__(self, door: RunningGateway, secrets: dict[str, str]) -> None:
        self.door, self.secrets, self.count = door, secrets, 0

    def signed(
        self,
        client: str = "sm3",
        *,
        path: str = PATH,
        query: str = "",
        body: bytes = b"",
        at: float = NOW,
        nonce: str | None = None,
        algorithm: str | None = None,
        key: str | None = None,
    ) -> dict[str, str]:
        self.count += 1
        algorithm = algorithm or ("HMAC-SM3" if client == "sm3" else "HMAC-SHA256")
        nonce = nonce or f"nonce-of-a-test-{self.count:04d}"
        signed = Signed(client, Algorithm(algorithm), int(at), nonce, "")
        text = text_to_sign(
            signed, method="POST", path=path.encode(), query=query.encode(), body=body
        )
        return {
            "x-compat-client": client,
            "x-compat-algorithm": algorithm,
            "x-compat-timestamp": str(int(at)),
            "x-compat-nonce": nonce,
            "x-compat-signature": sign(
                (key or self.secrets[client]).encode(), Algorithm(algorithm), text
            ),
            "content-type": "application/json",
        }

    async def send(
        self, headers: Any, body: bytes, *, path: str = PATH, query: str = "", method: str = "POST"
    ) -> httpx.Response:
        async with httpx.AsyncClient(base_url=self.door.address, trust_env=False) as client:
            target = f"{path}?{query}" if query else path
            return await client.request(method, target, headers=headers, content=body)

    async def call(self, call: Any, client: str = "sm3", **more: Any) -> httpx.Response:
        body = json.dumps(call).encode()
        path = more.pop("path", PATH)
        return await self.send(self.signed(client, path=path, body=body, **more), body, path=path)


@pytest.fixture
def caller(door: RunningGateway, secret: dict[str, str]) -> Caller:
    return Caller(door, secret)


BODY = json.dumps(CALL).encode()


def is_refused(answer: httpx.Response) -> None:
    assert answer.status_code == 401, answer.text
    assert answer.json()["type"].endswith("/signature-refused")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("client", ["sm3", "sha256"])
async def test_a_call_that_is_signed_just_so_goes_on_as_the_client_itself(
    caller: Caller, upstream: Upstream, door: RunningGateway, client: str
) -> None:
    answer = await caller.call({**CALL, "query": {"on": "2026-03-02"}}, client)

    assert answer.status_code == 200
    told = answer.json()
    assert (told["code"], told["message"], told["status"]) == ("ok", "成功", 200)
    [asked] = upstream.asked_for(f"/registry/v1/agencies/{CODE}")
    assert (asked.method, asked.target) == ("GET", f"/registry/v1/agencies/{CODE}?on=2026-03-02")
    token = asked.headers["authorization"]
    assert door.gateway.runtime is not None
    [known] = [  # the upstream of tests writes headers small
        who
        for sent, who in door.gateway.runtime.desk._kept.items()
        if sent.decode().lower() == token
    ]
    assert (known.client_id, set(known.roles)) == (client, {"platform"})
    assert not any(name.startswith("x-compat") for name in asked.headers)


async def test_the_same_request_again_is_refused_also_by_another_process(
    caller: Caller, upstream: Upstream, tmp_path: Path, database: str
) -> None:
    headers = caller.signed(body=BODY)
    assert (await caller.send(headers, BODY)).status_code == 200

    is_refused(await caller.send(headers, BODY))
    async with running_gateway(
        tmp_path / "other", upstreams={"registry": [upstream.address]}, database_url=database
    ) as other:
        is_refused(await Caller(other, caller.secrets).send(headers, BODY))

    assert len(upstream.asked_for(f"/registry/v1/agencies/{CODE}")) == 1


async def test_of_many_at_once_with_one_nonce_one_is_let_through(
    caller: Caller, upstream: Upstream
) -> None:
    headers = caller.signed(body=BODY)

    answers = await asyncio.gather(*[caller.send(headers, BODY) for _ in range(12)])

    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 11
    assert len(upstream.asked_for(f"/registry/v1/agencies/{CODE}")) == 1


async def test_a_nonce_belongs_to_its_client(caller: Caller) -> None:
    nonce = "the-same-for-both-of-them"

    assert (await caller.call(CALL, "sm3", nonce=nonce)).status_code == 200
    assert (await caller.call(CALL, "sha256", nonce=nonce)).status_code == 200


async def test_what_was_not_verified_uses_no_nonce_up(caller: Caller) -> None:
    """Else whoever overhears a nonce could spend it before its owner."""
    nonce = "overheard-by-somebody"
    is_refused(await caller.call(CALL, nonce=nonce, key="of somebody else"))

    assert (await caller.call(CALL, nonce=nonce)).status_code == 200


ALTERED: dict[str, dict[str, Any]] = {
    "another body": {"body": json.dumps({"path": {"credit_code": "52410108MJ0000026H"}}).encode()},
    "a space in the body": {"body": BODY + b" "},
    "no body": {"body": b""},
    "another path": {"path": "/compat/v1/agency-standing"},
    "a query beside it": {"query": "on=2030-01-01"},
}


@pytest.mark.parametrize("what", ALTERED)
async def test_what_was_altered_on_the_way_is_refused(
    caller: Caller, upstream: Upstream, what: str
) -> None:
    sent = {"body": BODY, **ALTERED[what]}

    is_refused(await caller.send(caller.signed(body=BODY), **sent))

    assert not [asked for asked in upstream.asked if "/agencies" in asked.target]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-compat-timestamp", str(int(NOW) + 1)),
        ("x-compat-nonce", "another-nonce-of-a-test"),
        ("x-compat-client", "sha256"),
        ("x-compat-client", "nobody"),
        ("x-compat-algorithm", "HMAC-SHA256"),
        ("x-compat-algorithm", "HMAC-MD5"),
        ("x-compat-algorithm", "none"),
        ("x-compat-signature", "0" * 64),
        ("x-compat-signature", ""),
        ("x-compat-nonce", "n" * 65),
        ("x-compat-nonce", "n" * 5000),
    ],
)
async def test_a_header_that_was_altered_is_refused(caller: Caller, name: str, value: str) -> None:
    is_refused(await caller.send({**caller.signed(body=BODY), name: value}, BODY))


@pytest.mark.parametrize("part", ["client", "algorithm", "timestamp", "nonce", "signature"])
async def test_a_header_that_is_missing_or_stands_twice_is_refused(
    caller: Caller, part: str
) -> None:
    headers = caller.signed(body=BODY)
    name = f"x-compat-{part}"
    twice = [*headers.items(), (name, headers[name])]

    is_refused(await caller.send({k: v for k, v in headers.items() if k != name}, BODY))
    is_refused(await caller.send(twice, BODY))


async def test_another_clients_key_signs_nothing_for_this_one(caller: Caller) -> None:
    is_refused(await caller.call(CALL, "sm3", key=caller.secrets["sha256"]))


async def test_a_key_is_good_for_its_own_algorithm_only(caller: Caller) -> None:
    """Whoever holds an SM3 key cannot be talked into, or sign with, another algorithm."""
    is_refused(await caller.call(CALL, "sm3", algorithm="HMAC-SHA256"))
    is_refused(await caller.call(CALL, "sha256", algorithm="HMAC-SM3"))


@pytest.mark.parametrize("early", [-1, 1])
async def test_a_clock_may_be_five_minutes_off_and_no_more(caller: Caller, early: int) -> None:
    assert (await caller.call(CALL, at=NOW + early * 300)).status_code == 200
    answer = await caller.call(CALL, at=NOW + early * 301)
    is_refused(answer)
    assert "五分钟" in answer.json()["detail"]


async def test_a_nonce_is_remembered_for_as_long_as_its_request_is_timely(
    caller: Caller, door: RunningGateway, monkeypatch
) -> None:
    """Sent early by a fast clock, it stays good for ten minutes: so long it must be known."""
    ahead = caller.signed(body=BODY, at=NOW + 300)
    assert (await caller.send(ahead, BODY)).status_code == 200
    assert door.gateway.runtime is not None

    await door.gateway.runtime.compat.forget(NOW + 600)
    monkeypatch.setattr(routes.time, "time", lambda: NOW + 600)
    is_refused(await caller.send(ahead, BODY))

    await door.gateway.runtime.compat.forget(NOW + 661)
    async with door.gateway.runtime.sessions() as session:
        found = await session.execute(keys.UsedNonce.__table__.select())
        assert found.all() == []


async def test_a_disabled_client_and_a_withdrawn_key_sign_no_more(
    caller: Caller, database: str
) -> None:
    async with one_transaction(database) as session:
        await keys.withdraw_key(session, "sha256")
        await actions.disable_client(session, "sm3", datetime.now(UTC))

    is_refused(await caller.call(CALL, "sha256"))
    is_refused(await caller.call(CALL, "sm3"))


async def test_a_key_is_kept_sealed_and_opens_nothing_in_another_row(
    caller: Caller, database: str
) -> None:
    async with one_transaction(database) as session:
        mine = await session.get_one(SigningKey, "sm3")
        other = await session.get_one(SigningKey, "sha256")
        for key in caller.secrets.values():
            assert key.encode() not in mine.sealed + other.sealed
        other.sealed, other.algorithm = mine.sealed, mine.algorithm

    key = caller.secrets["sm3"]
    for guess in (key, f"sm3\0{key}"):  # with the label it was sealed with, too
        is_refused(await caller.call(CALL, "sha256", algorithm="HMAC-SM3", key=guess))


async def test_a_new_key_voids_the_one_before(caller: Caller, database: str) -> None:
    async with one_transaction(database) as session:
        fresh = await keys.give_key(
            session, Vault(SECRET_KEY), "sm3", Algorithm.SM3, datetime.now(UTC)
        )

    is_refused(await caller.call(CALL, "sm3"))
    assert (await caller.call(CALL, "sm3", key=fresh)).status_code == 200


async def test_a_token_and_a_signature_together_are_no_request(
    caller: Caller, door: RunningGateway
) -> None:
    headers = {**caller.signed(body=BODY), **door.bearer("administrator")}

    assert (await caller.send(headers, BODY)).status_code == 400


async def test_a_token_alone_opens_nothing_here(caller: Caller, door: RunningGateway) -> None:
    headers = {**door.bearer("administrator"), "content-type": "application/json"}

    assert (await caller.send(headers, BODY)).status_code == 400


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_only_post_is_spoken(caller: Caller, method: str) -> None:
    assert (await caller.send(caller.signed(body=BODY), BODY, method=method)).status_code == 405


@pytest.mark.parametrize(
    "name", ["nothing", "oauth", "..", "%2e%2e", "agency/x", "begin-bid", "clock"]
)
async def test_what_was_not_chosen_is_not_there(
    caller: Caller, upstream: Upstream, name: str
) -> None:
    answer = await caller.call(CALL, path=f"/compat/v1/{name}")

    assert answer.status_code in (400, 404)
    assert not [asked for asked in upstream.asked if "/agencies" in asked.target]


@pytest.mark.parametrize(
    "value",
    ["../../oauth", "a/b", "..", ".", "", "a%2Fb", "a?b=1", "a#b", "a b", "机构", "x" * 201],
)
async def test_a_parameter_leads_to_no_other_path(
    caller: Caller, upstream: Upstream, value: str
) -> None:
    answer = await caller.call({"path": {"credit_code": value}})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/path/credit_code"
    assert not [asked for asked in upstream.asked if "/v1/journal" not in asked.target
                and asked.target != "/health/ready"]  # fmt: skip


@pytest.mark.parametrize(
    "call",
    [
        {},
        {"path": {"credit_code": CODE, "more": "x"}},
        {**CALL, "method": "DELETE"},
        {**CALL, "headers": {"authorization": "Bearer x"}},
        {**CALL, "if_match": '"1"\r\nx-roles: administrator'},
        {**CALL, "idempotency_key": "short"},
        {**CALL, "query": {"a": {"b": 1}}},
        [],
    ],
    ids=str,
)
async def test_a_call_that_is_not_in_order_is_told_so(caller: Caller, call: Any) -> None:
    answer = await caller.call(call)

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"]


async def test_a_query_that_was_signed_is_refused_all_the_same(caller: Caller) -> None:
    headers = caller.signed(body=BODY, query="on=2026-01-01")

    answer = await caller.send(headers, BODY, query="on=2026-01-01")

    assert answer.status_code == 422


# --- What comes back -----------------------------------------------------------------------------


def _problem(kind: str, status: int) -> Any:
    told = {
        "type": f"https://huishe.example/problems/{kind}",
        "title": "依规不予通过",
        "status": status,
        "detail": "公告 5 日，不足 20 日",
        "instance": "/x",
        "trace_id": "0123456789abcdef",
        "findings": [{"rule": "advertised_long_enough", "outcome": "breached"}],
    }

    async def answer(_: Any, writer: asyncio.StreamWriter, __: Asked) -> None:
        body = json.dumps(told).encode()
        headers = ("content-type: application/problem+json", "retry-after: 3")
        writer.write(written(status, body, *headers))

    return answer


async def test_a_refusal_of_the_business_keeps_its_code_and_its_findings(
    caller: Caller, upstream: Upstream
) -> None:
    upstream.answers[f"/registry/v1/agencies/{CODE}"] = _problem("policy-refused", 409)

    answer = await caller.call(CALL)

    assert answer.status_code == 200
    told = answer.json()
    assert (told["code"], told["status"], told["retry_after"]) == ("policy-refused", 409, 3)
    assert told["message"] == "公告 5 日，不足 20 日"
    assert told["data"]["findings"][0]["outcome"] == "breached"
    assert told["trace_id"] == "0123456789abcdef"


async def test_a_deed_carries_its_key_its_version_and_its_body(
    caller: Caller, upstream: Upstream
) -> None:
    seen: list[bytes] = []

    async def created(_: Any, writer: asyncio.StreamWriter, asked: Asked) -> None:
        seen.append(asked.body)
        headers = ("content-type: application/json", 'etag: "1"', "idempotent-replayed: true")
        writer.write(written(201, b'{"amount": 1.10, "id": "7"}', *headers))

    upstream.answers["/registry/v1/applications"] = created
    call = {"body": {"purpose": "助人自助"}, "idempotency_key": "2026-0001", "if_match": '"3"'}

    answer = await caller.call(call, path="/compat/v1/draft-application")

    assert answer.json()["data"] == {"amount": 1.10, "id": "7"}
    assert '"amount": 1.10' in answer.text, "as it came, and not read and written anew"
    assert (answer.json()["etag"], answer.json()["replayed"]) == ('"1"', True)
    [asked] = upstream.asked_for("/registry/v1/applications")
    assert asked.method == "POST"
    assert (asked.headers["idempotency-key"], asked.headers["if-match"]) == ("2026-0001", '"3"')
    assert json.loads(seen[0]) == {"purpose": "助人自助"}


async def test_an_answer_without_end_is_not_gathered_in_memory(
    caller: Caller, upstream: Upstream
) -> None:
    async def endless(_: Any, writer: asyncio.StreamWriter, __: Asked) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n")
        writer.write(b"content-length: 1000000000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" " * 65536)
            await writer.drain()

    upstream.answers[f"/registry/v1/agencies/{CODE}"] = endless

    answer = await caller.call(CALL)

    assert answer.status_code == 502
    assert answer.json()["type"].endswith("/answer-too-large")
    await asyncio.wait_for(upstream.ended.wait(), 5)


async def test_the_clients_own_limit_counts(
    tmp_path: Path, database: str, upstream: Upstream, secret: dict[str, str], monkeypatch
) -> None:
    monkeypatch.setattr(routes.time, "time", lambda: NOW)
    slow = {"lanes": {"read": {"rate": 0.5}}, "callers": {"burst_seconds": 4}}
    async with running_gateway(
        tmp_path / "slow",
        configuration=slow,
        upstreams={"registry": [upstream.address]},
        database_url=database,
    ) as door:
        caller = Caller(door, secret)
        codes = [(await caller.call(CALL)).json()["code"] for _ in range(4)]

    assert codes == ["ok", "ok", "too-many-requests", "too-many-requests"]


async def test_the_figures_tell_outcomes_and_no_names(caller: Caller, door: RunningGateway) -> None:
    await caller.call(CALL)
    await caller.call(CALL, key="of somebody else")
    assert door.gateway.runtime is not None
    told = door.gateway.runtime.figures.exposition().decode()

    assert 'huishe_gateway_compat_calls_total{outcome="verified"} 1.0' in told
    assert 'huishe_gateway_compat_calls_total{outcome="not_signed"} 1.0' in told
    assert "sm3" not in told


# --- What may be chosen --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("route", "where"),
    [
        ({"name": "bid", "method": "POST", "path": "/procurement/v1/bids"}, "compat.0.path"),
        (
            {"name": "bid", "method": "POST", "path": "/procurement/v1/bids/{id}/commit"},
            "compat.0.path",
        ),
        (
            {
                "name": "root",
                "method": "POST",
                "path": "/procurement/v1/openings/{id}/root-releases",
            },
            "compat.0.path",
        ),
        ({"name": "nowhere", "method": "GET", "path": "/finance/v1/payments"}, "compat.0.path"),
        ({"name": "tokens", "method": "POST", "path": "/oauth/token"}, "compat.0.path"),
        ({"name": "clock", "method": "POST", "path": "/sandbox/clock"}, "compat.0.path"),
        ({"name": "itself", "method": "POST", "path": "/compat/v1/agency"}, "compat.0.path"),
        ({"name": "gone", "method": "DELETE", "path": "/registry/v1/agencies"}, "compat.0.method"),
        ({"name": "odd", "method": "GET", "path": "/registry/v1/agencies/{x"}, "compat.0.path"),
    ],
    ids=lambda one: one if isinstance(one, str) else one["path"],
)
def test_bids_tokens_and_the_clock_cannot_be_chosen(
    tmp_path: Path, route: dict[str, str], where: str
) -> None:
    file = write(tmp_path / "chosen.toml", changed(compat=[route]))

    with pytest.raises(configuration.ConfigurationRefused) as refused:
        configuration.read(file)

    assert where in [finding.where for finding in refused.value.findings]


def test_no_name_stands_twice(tmp_path: Path) -> None:
    route = {"name": "agency", "method": "GET", "path": "/registry/v1/agencies"}
    file = write(tmp_path / "chosen.toml", changed(compat=[route, route]))

    with pytest.raises(configuration.ConfigurationRefused) as refused:
        configuration.read(file)

    assert [finding.where for finding in refused.value.findings] == ["compat.1.name"]


def test_every_route_that_is_chosen_is_an_operation_of_its_service() -> None:
    for route in configuration.read(configuration.DEFAULT).compat:
        service = route.path.split("/")[1]
        contract = json.loads((ROOT / "services" / service / "openapi.json").read_text())
        assert route.method.lower() in contract["paths"][route.path], route.name
