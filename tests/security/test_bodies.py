"""Hostile bodies for every operation that takes one: a problem document, and nothing is written."""

import asyncio
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.settings import SERVICES
from tests.e2e.test_bad_input import OPERATIONS, Operation, is_problem
from tests.security.body_corpus import BODIES, JSON, OBJECT, Body
from tests.support.service import Caller, ServiceUnderTest
from tests.support.suite import RunningSuite
from tests.support.wire import Wire

AGENCY = "52410108MJ0000018R"
MEBIBYTE = 1024 * 1024


# --- Every operation of every service -------------------------------------------------------------


@dataclass(frozen=True)
class Taking:
    """An operation that takes JSON. With `raw` it reads its body itself, after its aggregate."""

    name: str
    method: str
    path: str
    role: str
    raw: bool

    def may_answer(self, body: Body) -> tuple[int, ...]:
        return (*body.statuses, 400, 404, 422) if self.raw else body.statuses


def taking_json(service: ServiceUnderTest) -> Iterator[Taking]:
    for path, methods in service.app.openapi()["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            if JSON in content:
                yield Taking(
                    operation["operationId"],
                    method.upper(),
                    re.sub(
                        r"{\w+}", lambda _: str(uuid4()), path.removeprefix(f"/{service.name}/v1")
                    ),
                    operation["x-roles"][0],
                    content[JSON]["schema"] == {"type": "object"},
                )


async def kept(service: ServiceUnderTest) -> dict[str, int]:
    connection = await service.database()
    try:
        tables = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        return {
            table: await connection.fetchval(f'SELECT count(*) FROM "{table}"')
            for (table,) in tables
        }
    finally:
        await connection.close()


async def fault_of(caller: Caller, taking: Taking, body: Body) -> str | None:
    answer = await caller.request(
        taking.method, taking.path, content=body.sent, headers=body.headers
    )
    told = f"{taking.name}, {body.name}: {answer.status_code} {answer.text[:200]}"
    if answer.status_code not in taking.may_answer(body):
        return told
    if answer.headers["content-type"] != "application/problem+json":
        return told
    problem = answer.json()
    if answer.status_code == 422 and not all(e["rule"] and e["remedy"] for e in problem["errors"]):
        return told
    return None if problem["status"] == answer.status_code else told


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> ServiceUnderTest:
    found: ServiceUnderTest = request.getfixturevalue(request.param)
    return found


async def test_no_operation_takes_a_hostile_body_or_writes_anything_for_it(service, form, figure):
    operations = list(taking_json(service))
    # In the short form every operation gets a third of them, and every third operation each.
    shares, heavy_ones = form(short=(3, 3), long=(1, len(operations)))
    before = await kept(service)

    wrong, sent = [], 0
    for number, taking in enumerate(operations):
        caller = service.as_([taking.role], org=AGENCY)
        for turn, body in enumerate(BODIES):
            if (number + turn) % shares or (body.heavy and number >= heavy_ones):
                continue
            fault = await fault_of(caller, taking, body)
            wrong += [fault] if fault else []
            sent += 1

    assert wrong == []
    assert await kept(service) == before
    assert len(operations) >= 20
    figure("operations", len(operations))
    figure("bodies", sent)


async def test_a_body_that_breaks_off_is_refused_and_is_no_fault_of_the_service(service, caplog):
    """Each would else be told in the log as something broken here."""
    taking = next(taking_json(service))
    caller = service.as_([taking.role], org=AGENCY)
    path = f"{caller.prefix}{taking.path}".encode()
    pieces = [{"type": "http.request", "body": b'{"a"', "more_body": True}]
    told: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return pieces.pop() if pieces else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    headers = {**caller.headers, "content-type": JSON}
    await service.app(
        {
            "type": "http",
            "method": taking.method,
            "path": path.decode(),
            "raw_path": path,
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        },
        receive,
        send,
    )

    assert told[0]["status"] == 400
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


# --- Through the door, over the wire --------------------------------------------------------------


@pytest.fixture(params=OPERATIONS, ids=lambda operation: operation.service)
def operation(request: pytest.FixtureRequest) -> Operation:
    asked: Operation = request.param
    return asked


def test_through_the_gateway_and_straight_to_the_service_a_hostile_body_is_the_same(
    suite: RunningSuite, operation: Operation
) -> None:
    before = suite.kept_by(operation.service)
    addresses = [suite.address_of(part) for part in ("gateway", operation.service)]
    hostile = [body for body in BODIES if body.sent]

    wrong = []
    for body in hostile:
        answers = [_sent(suite, operation, address, body) for address in addresses]
        for answer in answers:
            is_problem(answer, *body.statuses)
        if len({answer.status_code for answer in answers}) > 1:
            wrong.append((body.name, [answer.status_code for answer in answers]))

    assert wrong == []
    assert suite.kept_by(operation.service) == before


def _sent(suite: RunningSuite, operation: Operation, address: str, body: Body) -> httpx.Response:
    headers = {
        **suite.bearer(operation.caller),
        **body.headers,
        "idempotency-key": str(uuid4()),
    }
    url = address + operation.path
    return suite.http.post(url, content=body.sent, headers=headers)


def test_the_gateways_own_endpoint_reads_as_strictly(suite: RunningSuite) -> None:
    clock = suite.http.get("/sandbox/clock").json()["offset_seconds"]

    for body in BODIES:
        answer = suite.http.post(
            "/sandbox/clock",
            content=body.sent,
            headers={**suite.bearer("administrator"), **body.headers},
        )
        is_problem(answer, *body.statuses)
    twice = b'{"to":"2030-01-01T00:00:00Z","to":"2031-01-01T00:00:00Z"}'
    is_problem(_moved(suite, twice), 422)

    assert suite.http.get("/sandbox/clock").json()["offset_seconds"] == clock


def _moved(suite: RunningSuite, body: bytes) -> httpx.Response:
    headers = {**suite.bearer("administrator"), "content-type": JSON}
    return suite.http.post("/sandbox/clock", content=body, headers=headers)


@pytest.mark.parametrize(
    "form_sent",
    [
        b"",
        b"grant_type=client_credentials&grant_type=client_credentials",
        b"grant_type=client_credentials&client_id=a%00b&client_secret=c",
        b"grant_type=client_credentials&client_id=%FF&client_secret=%FF",
        b"grant_type=client_credentials&client_id=%F0%28&client_secret=c",
        b"grant_type",
        b"&" * 100,
        b"a=b&" * 1000,
        "grant_type=惠".encode(),
        b'{"grant_type":"client_credentials"}',
        b"grant_type=client_credentials&scope=administrator&client_id=a&client_secret=b",
        b"grant_type=" + b"x" * 8000,
    ],
    ids=lambda sent: repr(sent[:40]),
)
def test_the_token_endpoint_takes_no_hostile_form(suite: RunningSuite, form_sent: bytes) -> None:
    media = {"content-type": "application/x-www-form-urlencoded"}

    answer = suite.http.post("/oauth/token", content=form_sent, headers=media)

    assert answer.status_code in (400, 401), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


# --- A hundred megabytes --------------------------------------------------------------------------

HUNDRED_MEGABYTES = 100 * MEBIBYTE
PIECE = b"x" * 65536


def memory_of(pid: int) -> int:
    told = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", told)
    assert found is not None
    return int(found[1]) * 1024


async def flood(wire: Wire, framed: bytes) -> int:
    """Send a hundred megabytes, as long as anybody takes them; how many were taken."""
    taken = 0
    with suppress(ConnectionError):
        while taken < HUNDRED_MEGABYTES and not wire.closed:
            wire.writer.write(framed)
            await wire.writer.drain()
            taken += len(PIECE)
    return taken


@pytest.mark.parametrize("part", ["gateway", "service"])
@pytest.mark.parametrize("framing", ["a length", "chunks"])
async def test_a_hundred_megabytes_are_refused_before_they_are_read(
    suite: RunningSuite, operation: Operation, part: str, framing: str
) -> None:
    before = await asyncio.to_thread(suite.kept_by, operation.service)
    name = operation.service if part == "service" else "gateway"
    memory = memory_of(suite.pid_of(name))
    length = f"Content-Length: {HUNDRED_MEGABYTES}"
    head = (
        f"POST {operation.path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {JSON}\r\n"
        f"Authorization: Bearer {suite.token_of(operation.caller)}\r\n"
        f"Idempotency-Key: {uuid4()}\r\n"
        f"{length if framing == 'a length' else 'Transfer-Encoding: chunked'}\r\n\r\n"
    )
    framed = PIECE if framing == "a length" else b"%x\r\n%b\r\n" % (len(PIECE), PIECE)

    async with Wire.to(int(suite.address_of(name).rpartition(":")[2])) as wire:
        await wire.send(head.encode())
        flooding = asyncio.create_task(flood(wire, framed))
        await wire.read()
        taken = await flooding

    assert [(answer.status, answer.is_problem) for answer in wire.answers] == [(413, True)]
    assert taken < 40 * MEBIBYTE
    assert memory_of(suite.pid_of(name)) - memory < 40 * MEBIBYTE
    assert await asyncio.to_thread(suite.kept_by, operation.service) == before


def test_a_good_body_is_taken_by_the_same_operations(
    suite: RunningSuite, operation: Operation
) -> None:
    """So that each refusal here has one reason."""
    path = f"{operation.path}?dry=true"
    good = json.dumps(operation.body).encode()

    for media in (JSON, "application/json; charset=utf-8", "application/merge-patch+json"):
        headers = {"content-type": media, "content-encoding": "identity"}
        answer = suite.ask(operation.caller, "POST", path, headers=headers, content=good)
        assert (answer.status_code, answer.json()["outcome"]) == (200, "accepted")
    assert suite.ask(operation.caller, "POST", path, headers={}, content=OBJECT).status_code == 415
