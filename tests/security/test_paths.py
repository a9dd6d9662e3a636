"""Paths that two readers could read differently: what the gateway lets through is what the service routes."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest

from deploy.local.settings import SERVICES
from tests.security.path_corpus import BASES, GROUPS, OWN, PUBLIC, SPELLINGS
from tests.support.configuration import unlimited
from tests.support.gateway import RunningGateway, Upstream, running_gateway
from tests.support.service import ServiceUnderTest
from tests.support.suite import RunningSuite
from tests.support.wire import Answer, Wire

READABLE = re.compile(rb"/[\x21-\x22\x24-\x7e]*")
"""What comes past the parser of the server, and so to an application."""
OWN_PAGES = {OWN.encode(), b"/"}


async def asked(port: int, target: bytes, method: bytes = b"GET") -> Answer:
    """Exactly these bytes, and the only answer to them."""
    async with Wire.to(port) as wire:
        await wire.send(
            b"%b %b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" % (method, target)
        )
        await wire.read()
    (answer,) = wire.answers
    return answer


async def at_once(work: Any) -> list[Any]:
    turns = asyncio.Semaphore(16)

    async def one(awaited: Any) -> Any:
        async with turns:
            return await awaited

    return await asyncio.gather(*[one(awaited) for awaited in work])


def service_named_by(target: bytes) -> str | None:
    name = target.split(b"/")[1].decode("latin-1") if target.count(b"/") > 1 else ""
    return name if name in SERVICES else None


# --- What a service makes of a path ---------------------------------------------------------------


@dataclass(frozen=True)
class Routed:
    """What an application did with a request: `operation` is None when it has none for it."""

    status: int
    operation: str | None
    discreet: bool


async def routed(service: ServiceUnderTest, method: str, target: bytes) -> Routed:
    """The real application, asked as uvicorn asks it."""
    raw_path, _, query = target.partition(b"?")
    scope: dict[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(raw_path.decode("ascii")),
        "raw_path": raw_path,
        "query_string": query,
        "root_path": "",
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await service.app(scope, receive, send)
    (status,) = statuses
    return Routed(status, scope.get("operation"), scope.get("discreet", False))


@pytest.fixture
def services(registry, procurement, evaluation, incubator) -> dict[str, ServiceUnderTest]:
    return {it.name: it for it in (registry, procurement, evaluation, incubator)}


@pytest.fixture
async def recorders() -> AsyncIterator[dict[str, Upstream]]:
    found = {name: Upstream() for name in SERVICES}
    for upstream in found.values():
        await upstream.start()
    yield found
    for upstream in found.values():
        await upstream.stop()


@pytest.fixture
async def gateway(tmp_path, recorders) -> AsyncIterator[RunningGateway]:
    upstreams = {name: [upstream.address] for name, upstream in recorders.items()}
    async with running_gateway(
        tmp_path / "keys", upstreams=upstreams, configuration=unlimited()
    ) as it:
        yield it


def lane_of(answer: Answer) -> str:
    return (answer.header("ratelimit-policy") or '"none"').split('"')[1]


def misled(
    target: bytes, answer: Answer, arrived: list[tuple[str, str]], told: dict[str, Routed]
) -> str | None:
    """Where gateway and services do not agree on a target; None when they do."""
    if any(one.status >= 500 or 300 <= one.status < 400 for one in told.values()):
        return f"answered {told}"
    if not arrived:
        if answer.status == 200 and target.partition(b"?")[0] in OWN_PAGES:
            return None
        if not answer.is_problem or answer.status not in (400, 404, 405):
            return f"refused with {answer.status}"
        if answer.status == 400 and any(
            one.operation or one.status != 400 for one in told.values()
        ):
            return f"refused by the gateway, and routed by a service: {told}"
        return None
    service = service_named_by(target)
    if arrived != [(service, target.decode("ascii"))]:
        return f"arrived as {arrived}"
    one = told[str(service)]
    if one.operation and one.discreet != (lane_of(answer) == "bids"):
        return f"{one.operation} in the lane {lane_of(answer)}"
    if one.status < 300 and target.partition(b"?")[0] != PUBLIC.encode():
        return f"nobody in particular is answered {one.status} by {one.operation}"
    return None


def test_there_are_enough_of_them():
    assert len(SPELLINGS) >= 200
    assert all(len(set(targets)) >= 4 for targets in GROUPS.values())
    assert not {base.encode() for base in BASES} & SPELLINGS.keys()


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_what_the_gateway_lets_through_is_what_the_service_routes(
    gateway, recorders, services, method, figure
):
    answers = await at_once(asked(gateway.port, target, method.encode()) for target in SPELLINGS)
    arrived: dict[str, list[tuple[str, str]]] = {}
    for name, upstream in recorders.items():
        for one in upstream.asked:
            arrived.setdefault(one.target, []).append((name, one.target))

    wrong = []
    passed = 0
    for (target, group), answer in zip(SPELLINGS.items(), answers, strict=True):
        readable = READABLE.fullmatch(target)
        told = {
            name: await routed(service, method, target)
            for name, service in services.items()
            if readable
        }
        here = arrived.get(target.decode("latin-1"), [])
        passed += bool(here)
        fault = misled(target, answer, here, told)
        wrong += [f"{group}: {target[:80]!r} {fault}"] if fault else []

    assert wrong == []
    # Nothing arrived that was not asked for in these very bytes, but for probes and the witness.
    its_own = {"/health/ready"} | {f"/{name}/v1/journal/checkpoint" for name in recorders}
    asked_for = {target.decode("latin-1") for target in SPELLINGS}
    assert arrived.keys() <= asked_for | its_own
    figure("paths", len(SPELLINGS))
    figure("let_through", passed)


async def test_every_operation_of_the_bidders_is_in_their_lane_and_no_other(
    gateway, recorders, services
):
    wrong, bidders = [], 0
    for name, service in services.items():
        for path, methods in service.app.openapi()["paths"].items():
            for method in methods:
                filled = re.sub(r"{\w+}", lambda _: uuid4().hex, path).encode()
                answer = await asked(gateway.port, filled, method.upper().encode())
                told = await routed(service, method.upper(), filled)
                bidders += told.discreet
                if told.operation is None or told.discreet != (lane_of(answer) == "bids"):
                    wrong.append(f"{name} {method} {path}: {told} in {lane_of(answer)}")

    assert wrong == []
    assert bidders >= 6


# --- The real services ----------------------------------------------------------------------------


async def test_gateway_and_service_give_the_same_answer_to_the_same_bytes(
    suite: RunningSuite, tmp_path, figure
):
    """A gateway of its own before the services of the suite, because its rates are without bounds."""
    ports = {name: int(suite.address_of(name).rpartition(":")[2]) for name in SERVICES}
    upstreams = {name: [suite.address_of(name)] for name in SERVICES}
    ours = [t for t in SPELLINGS if t.partition(b"?")[0] not in OWN_PAGES]
    async with running_gateway(
        tmp_path / "keys", upstreams=upstreams, configuration=unlimited()
    ) as gateway:
        through = await at_once(asked(gateway.port, target) for target in ours)
    straight = await at_once(
        asked(ports[service_named_by(target) or "registry"], target) for target in ours
    )

    wrong = [
        f"{SPELLINGS[target]}: {target[:80]!r} {one.status} through the gateway, {other.status} straight"
        for target, one, other in zip(ours, through, straight, strict=True)
        if one.status != other.status
        or one.status >= 500
        or one.header("content-type") != other.header("content-type")
        or (one.status < 400 and one.body != other.body)
    ]

    assert wrong == []
    assert {one.status for one in through} >= {200, 400, 401, 404}
    figure("paths", len(ours))


@pytest.mark.parametrize("service", SERVICES)
async def test_no_service_leads_elsewhere_or_tells_its_address(suite: RunningSuite, service):
    port = int(suite.address_of(service).rpartition(":")[2])
    paths = suite.http.get(suite.address_of(service) + "/openapi.json").json()["paths"]

    for path in paths:
        filled = re.sub(r"{\w+}", "1", path).encode()
        for target in (filled + b"/", filled + b"//", filled + b"/.", b"/" + filled):
            answer = await asked(port, target)
            assert (answer.status, answer.header("location")) in ((400, None), (404, None)), target
            assert str(port).encode() not in answer.body
