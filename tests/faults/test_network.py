"""Wires that are cut, swallow, drag or break off: each part degrades alone and heals by itself."""

import asyncio
import json
import random
import socket
import struct
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from deploy.local.settings import PARTS, SERVICES
from tests.support.builders import procurement as purchases
from tests.support.errands import NEEDS, TENDERS, Bids, done, everything, need, planned
from tests.support.forms import Figure, Form
from tests.support.ledger import Day, clerks_at_work, fresh_key
from tests.support.proxy import ANSWERS, QUESTIONS, Proxy
from tests.support.reconciled import Books, superuser
from tests.support.suite import RunningSuite, eventually
from tests.support.wires import Wired

OTHERS = "/registry/v1/agencies"
READS = {
    "registry": OTHERS,
    "procurement": NEEDS,
    "evaluation": "/evaluation/v1/schemes",
    "incubator": "/incubator/v1/bases",
}
OUT = ("procurement", "evaluation", "incubator")
PROBE_SECONDS = 1.0
HEALED_WITHIN = 20.0
SLACK = 15.0
"""Seconds that a busy machine may add."""
SILENCE = 35.0
"""Seconds (`GATEWAY_READ_SECONDS`) that a read waits on a connection that was forgotten on its way."""

_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'need'::regclass"


@pytest.fixture(autouse=True)
def all_heals(wired: Wired) -> Iterator[None]:
    eventually(wired.all_up, "all is well before", HEALED_WITHIN + SLACK)
    yield
    wired.wires.heal()


@dataclass(frozen=True)
class Ended:
    """How a request ended, and after how long."""

    answer: httpx.Response | None
    seconds: float

    @property
    def status(self) -> int:
        return 0 if self.answer is None else self.answer.status_code


ANEW = {"cache-control": "no-cache"}
"""The service itself is asked, and not what the door has kept of it."""


def asked(suite: RunningSuite, method: str = "GET", path: str = NEEDS, body: Any = None) -> Ended:
    began = time.monotonic()
    caller = "street-officer" if method == "POST" else None
    try:
        answer = suite.ask(caller, method, path, body, headers=ANEW, timeout=60)
    except httpx.RemoteProtocolError:
        answer = None
    return Ended(answer, time.monotonic() - began)


def says_come_back(ended: Ended) -> bool:
    """A problem that says when to ask again, not a broken connection and no endless wait."""
    answer = ended.answer
    return (
        answer is not None
        and answer.status_code in (503, 504)
        and answer.headers["content-type"] == "application/problem+json"
        and int(answer.headers["retry-after"]) >= 1
    )


def reads(suite: RunningSuite, path: str = NEEDS) -> bool:
    return asked(suite, path=path).status == 200


def cut(wire: Proxy) -> None:
    wire.cut()


def swallow(wire: Proxy) -> None:
    wire.swallow()


def swallow_answers(wire: Proxy) -> None:
    wire.swallow(ANSWERS)


def swallow_questions(wire: Proxy) -> None:
    wire.swallow(QUESTIONS)


# ------------------------------------------------------------------ gateway – service


def test_services_out_of_reach_degrade_alone_and_are_taken_back_by_themselves(
    wired: Wired, form: Form, figure: Figure
) -> None:
    """Three at once, each in its own way; the fourth does not notice."""
    suite, samples = wired.suite, form(short=50, long=2000)
    before = latencies(suite, samples)

    wired.wires.services["procurement"].swallow(ANSWERS)
    wired.wires.services["evaluation"].swallow()
    wired.wires.services["incubator"].slow(30)
    with ThreadPoolExecutor(6) as crowd:
        in_flight = [crowd.submit(asked, suite, path=READS[out]) for out in OUT for _ in range(2)]
        opened = eventually(lambda: all_down(wired), "all are ejected", 10 + SLACK)
        during = latencies(suite, samples)
        refused = [asked(suite, path=READS[out]) for out in OUT]
        refused += [asked(suite, "POST", NEEDS, need(uuid4().hex))]
        ends = [one.result() for one in in_flight]
    wired.wires.heal()
    closed = eventually(lambda: all_read(suite), "all are taken back", HEALED_WITHIN)

    figure("ejected after, s", round(opened, 2))
    figure("taken back after, s", round(closed, 2))
    figure("the other's p99 before, ms", round(1000 * p99(before), 2))
    figure("the other's p99 meanwhile, ms", round(1000 * p99(during), 2))
    assert all(says_come_back(one) for one in refused), refused
    assert max(one.seconds for one in refused) < 2, "refused at once, not after waiting"
    assert all(says_come_back(one) or one.status == 200 for one in ends), ends
    assert max(one.seconds for one in ends) < form(short=8.0, long=35.0) + SLACK
    assert closed < form(short=HEALED_WITHIN, long=2 * PROBE_SECONDS + 1)
    assert p99(during) < form(short=1.0, long=1.1 * p99(before) + 0.001)


def test_a_service_whose_connections_are_reset_is_out_at_once(wired: Wired, figure: Figure) -> None:
    suite, wire = wired.suite, wired.wires.services["procurement"]

    wire.cut()
    refused = [asked(suite) for _ in range(5)]
    others = [asked(suite, path=READS[other]) for other in SERVICES if other != "procurement"]
    wire.heal()
    closed = eventually(partial(reads, suite), "it is taken back", HEALED_WITHIN)

    figure("taken back after, s", round(closed, 2))
    assert all(says_come_back(one) for one in refused), refused
    assert max(one.seconds for one in refused) < 2
    assert {one.status for one in others} == {200}


def all_down(wired: Wired) -> bool:
    return all(wired.part(service) == "down" for service in OUT)


def latencies(suite: RunningSuite, count: int) -> list[float]:
    """Of a route of another service; every one of them is answered."""
    found = []
    for _ in range(count):
        ended = asked(suite, path=OTHERS)
        assert ended.status == 200, ended
        found.append(ended.seconds)
    return found


def p99(found: list[float]) -> float:
    return sorted(found)[int(len(found) * 0.99)]


def test_an_answer_that_is_reset_in_its_middle_is_never_taken_for_a_whole_one(
    wired: Wired,
) -> None:
    suite, wire = wired.suite, wired.wires.services["procurement"]
    for _ in range(20):
        done(suite, "street-officer", NEEDS, need(uuid4().hex))
    size = len(said_by("procurement", suite, f"GET {NEEDS} HTTP/1.1\r\nHost: localhost\r\n"))

    for after in (1, 100, size // 2, size - 100):
        wire.break_off(after)
        ended = asked(suite)
        wire.heal()
        assert ended.answer is None or says_come_back(ended), "cut off, or not begun"
        eventually(partial(reads, suite), "whole again", HEALED_WITHIN)


def test_a_request_that_is_reset_in_its_middle_does_nothing(wired: Wired) -> None:
    suite, title = wired.suite, uuid4().hex
    body = json.dumps(need(title)).encode()
    key = {**suite.bearer("street-officer"), "idempotency-key": title}
    lines = [f"{name}: {value}\r\n" for name, value in key.items()]
    head = f"POST {NEEDS} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    head += f"Content-Length: {len(body)}\r\n{''.join(lines)}\r\n"

    with reset_in_the_end(suite) as connection:
        connection.sendall(head.encode() + body[: len(body) // 2])
    whole = suite.ask("street-officer", "POST", NEEDS, need(title), headers=key)

    assert whole.status_code == 201, "nothing stands under its key"
    assert "idempotent-replayed" not in whole.headers


def said_by(part: str, suite: RunningSuite, head: str) -> bytes:
    """An answer as it comes over the wire."""
    address = urlsplit(suite.address_of(part))
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(f"{head}Connection: close\r\n\r\n".encode())
        with connection.makefile("rb") as answer:
            return answer.read()


@contextmanager
def reset_in_the_end(suite: RunningSuite) -> Iterator[socket.socket]:
    address = urlsplit(suite.address_of("gateway"))
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        yield connection
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


# ------------------------------------------------------------------ service – database


def test_parts_out_of_reach_of_their_databases_answer_and_find_them_again(
    wired: Wired, form: Form, figure: Figure
) -> None:
    suite, wires = wired.suite, wired.wires
    pids = {part: suite.pid_of(part) for part in PARTS}
    suite.token_of("auditor")
    few, all_of_them = [cut, swallow_answers], [cut, swallow, swallow_answers, swallow_questions]

    for fault in form(short=few, long=all_of_them):
        fault(wires.databases["procurement"])
        fault(wires.databases["gateway"])
        with ThreadPoolExecutor(12) as crowd:
            ends = [crowd.submit(asked, suite) for _ in range(5)]
            ends += [crowd.submit(asked, suite, "POST", NEEDS, need(fresh_key())) for _ in range(5)]
            ends += [crowd.submit(asked_for_a_token, suite)]
            others = [suite.ask("auditor", "GET", OTHERS).status_code for _ in range(20)]
        wires.heal()
        back = eventually(partial(reads, suite), "it reads again", HEALED_WITHIN)
        done(suite, "street-officer", NEEDS, need(uuid4().hex))
        eventually(lambda: asked_for_a_token(suite).status == 200, "tokens", HEALED_WITHIN)

        longest = max(one.result().seconds for one in ends)
        figure(f"{fault.__name__}: longest wait, s", round(longest, 2))
        figure(f"{fault.__name__}: back after, s", round(back, 2))
        assert all(says_come_back(one.result()) for one in ends), [one.result() for one in ends]
        assert longest < 17 + SLACK, "a connection is given five seconds, a statement ten"
        assert set(others) == {200}, "known tokens pass, and other services have their databases"
    assert {part: suite.pid_of(part) for part in PARTS} == pids


def asked_for_a_token(suite: RunningSuite) -> Ended:
    began = time.monotonic()
    answer = suite.ask_for_token("auditor")
    return Ended(answer, time.monotonic() - began)


def test_forgotten_connections_are_noticed_by_one_for_all_and_by_who_only_listens(
    wired: Wired,
) -> None:
    """A listener hears nothing on a dead connection, and nothing is what it expects to hear."""
    suite, wire = wired.suite, wired.wires.databases["procurement"]
    with ThreadPoolExecutor(8) as crowd:
        asyncio.run(have_connections(suite, crowd, 8))
        wire.swallow()
        wire.heal()  # what there was stays silent for ever; new connections are well
        noticed = partial(reads_and_is_up, wired)
        eventually(noticed, "one has noticed", HEALED_WITHIN + SLACK)
        # Whoever asked before a dead connection was tried may still meet one; then all are well.
        eventually(partial(all_are_served, suite, crowd), "all are served", HEALED_WITHIN + SLACK)

    woken = eventually(lambda: told_soon(suite), "readers are woken", 60)

    assert woken < 30 + SLACK


def all_are_served(suite: RunningSuite, crowd: ThreadPoolExecutor) -> bool:
    ends = [one.result() for one in [crowd.submit(asked, suite) for _ in range(40)]]
    return {one.status for one in ends} == {200}


def reads_and_is_up(wired: Wired) -> bool:
    """The gateway's probes wait for the silent database too, and leave the service out for a while."""
    return wired.part("procurement") == "up" and reads(wired.suite)


async def have_connections(suite: RunningSuite, crowd: ThreadPoolExecutor, count: int) -> None:
    """Readers who wait for each other's table need a connection each; the pool keeps them."""
    async with superuser(suite, "procurement") as connection:
        async with connection.transaction():
            await connection.execute("LOCK TABLE need IN ACCESS EXCLUSIVE MODE")
            waiting = [crowd.submit(asked, suite) for _ in range(count)]
            while await connection.fetchval(_WAITING) < count:
                pass
        assert {one.result().status for one in waiting} == {200}


def told_soon(suite: RunningSuite) -> bool:
    """Whether somebody who waits at the end of the feed hears at once of what comes."""
    with ThreadPoolExecutor(1) as other:
        after = end_of_feed(suite)
        path = f"/procurement/v1/events?after={after}&wait=10"
        reader = other.submit(asked, suite, "GET", path)
        time.sleep(0.3)  # it waits by now; were it later, it would be told the sooner
        done(suite, "street-officer", NEEDS, need(uuid4().hex))
        return reader.result().seconds < 5


def end_of_feed(suite: RunningSuite) -> int:
    after = 0
    while True:
        page = suite.ask(None, "GET", f"/procurement/v1/events?after={after}&limit=1000").json()
        after = int(page["next"])
        if not page["full"]:
            return after


# ------------------------------------------------------------------ service – gateway


def test_a_fact_that_cannot_be_asked_for_is_no_yes(wired: Wired, form: Form) -> None:
    """Where notice is counted in working days, a publication asks the registry's calendar."""
    suite, wire = wired.suite, wired.wires.asks
    body = purchases.tender(planned(suite), method="competitive_negotiation")
    drafted = done(suite, "purchaser", TENDERS, body)
    at, head = f"{TENDERS}/{drafted['id']}", {"if-match": '"1"'}

    for fault in form(short=[cut] * 10, long=[cut] * 100 + [swallow]):
        fault(wire)
        began = time.monotonic()
        refused = suite.ask("purchaser", "POST", f"{at}/publication", headers=head, timeout=60)
        waited = time.monotonic() - began
        assert reads(suite), "what asks nobody goes on"
        wire.heal()

        assert says_come_back(Ended(refused, waited)), refused.text
        assert waited < 17 + SLACK
        assert suite.ask("purchaser", "GET", at).json()["state"] == "draft"

    def judged() -> bool:
        answer = suite.ask("purchaser", "POST", f"{at}/publication", headers=head)
        return answer.status_code == 200 or "findings" in answer.json()

    eventually(judged, "it is judged", HEALED_WITHIN)


# ------------------------------------------------------------------ all of them


def test_writes_are_safe_to_retry_whatever_the_network_does(
    wired: Wired, mixed: tuple[list[Day], Bids], form: Form, figure: Figure
) -> None:
    suite, rounds = wired.suite, form(short=4, long=60)
    seed = random.SystemRandom().randrange(1_000_000)
    chance, (errands, bids) = random.Random(seed), mixed
    figure("seed", seed)
    print(f"seed {seed}")  # noqa: T201
    books = Books.opened(suite)

    with clerks_at_work(suite, errands, seed=seed, door=wired.wires.door.address) as ledger:
        for _ in range(rounds):
            with bad_weather(wired, chance):
                time.sleep(chance.uniform(0.2, 2))
            # One that set out on a forgotten connection waits for its end first.
            eventually(lambda: all_read(suite), "all is well again", SILENCE + HEALED_WITHIN)

    figure("rounds", rounds)
    figure("acknowledged writes", len(ledger.writes))
    figure("answers lost on the way", ledger.lost_answers)
    figure("told to come back", ledger.refused_for_now)
    assert ledger.lost_answers + ledger.refused_for_now > 0
    assert books.findings(ledger, bids) == []


@pytest.fixture(scope="session")
def mixed(wired: Wired) -> tuple[list[Day], Bids]:
    return everything(wired.suite)


@contextmanager
def bad_weather(wired: Wired, chance: random.Random) -> Iterator[None]:
    """One wire, one fault, for a while."""
    wire = chance.choice([*wired.wires.all().values(), wired.wires.door])
    faults = [cut, swallow, swallow_answers, swallow_questions]
    faults += [lambda it: it.break_off(chance.randrange(2000))]
    faults += [lambda it: it.slow(chance.uniform(0.1, 2))]
    chance.choice(faults)(wire)
    try:
        yield
    finally:
        wire.heal()


def all_read(suite: RunningSuite) -> bool:
    return all(reads(suite, path) for path in READS.values())
