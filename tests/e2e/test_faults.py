"""What stops comes back by itself; until then its routes say so and the others go on."""

import time
from functools import partial
from uuid import uuid4

import httpx
import pytest

from deploy.local.settings import SERVICES
from tests.e2e.test_bad_input import NEED, OPERATIONS
from tests.support.suite import RunningSuite, eventually

READS = {
    "registry": "/registry/v1/codelists",
    "procurement": "/procurement/v1/tenders",
    "evaluation": "/evaluation/v1/schemes",
    "incubator": "/incubator/v1/bases",
}
BACK_WITHIN = 20.0
ALL_BACK_WITHIN = 30.0


def is_come_back_later(answer: httpx.Response) -> bool:
    """A problem that says when to ask again."""
    return (
        answer.status_code == 503
        and answer.headers["content-type"] == "application/problem+json"
        and int(answer.headers["retry-after"]) >= 1
    )


def read(suite: RunningSuite, service: str) -> httpx.Response:
    return suite.ask("auditor", "GET", READS[service])


def reads(suite: RunningSuite, service: str) -> bool:
    return read(suite, service).status_code == 200


def part(suite: RunningSuite, service: str) -> str:
    return str(suite.http.get("/status").json()["parts"][service])


def gets_a_token(suite: RunningSuite) -> bool:
    """Or is told to come back."""
    answer = suite.ask_for_token("auditor")
    assert answer.status_code == 200 or is_come_back_later(answer), answer.text
    return answer.status_code == 200


def until_answered(suite: RunningSuite, caller: str, path: str, key: str) -> httpx.Response:
    """Ask for the same with the same key until somebody answers; each refusal says to come back."""
    deadline = time.monotonic() + ALL_BACK_WITHIN
    while True:
        answer = suite.ask(caller, "POST", path, NEED, headers={"idempotency-key": key})
        if answer.status_code != 503:
            return answer
        assert is_come_back_later(answer), answer.text
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.05)


def test_a_silent_service_is_told_as_down_while_the_others_answer(suite: RunningSuite) -> None:
    assert part(suite, "incubator") == "up"

    with suite.frozen("incubator"):
        eventually(lambda: part(suite, "incubator") == "down", "it is told as down", 15)
        began = time.monotonic()
        answer = read(suite, "incubator")
        assert is_come_back_later(answer), answer.text
        assert answer.json()["trace_id"] == answer.headers["x-request-id"]
        assert "incubator" in answer.json()["detail"]
        assert is_come_back_later(suite.ask("auditor", "POST", READS["incubator"], {}))
        assert time.monotonic() - began < 2, "refused at once, not after waiting"
        for other in set(SERVICES) - {"incubator"}:
            assert reads(suite, other)
            assert part(suite, other) == "up"
        assert suite.http.get("/status").json()["status"] == "partly"

    eventually(partial(reads, suite, "incubator"), "it answers", BACK_WITHIN)
    eventually(lambda: part(suite, "incubator") == "up", "it is told as up", BACK_WITHIN)


@pytest.mark.parametrize("service", SERVICES)
def test_a_killed_service_is_back_soon(suite: RunningSuite, service: str) -> None:
    before = suite.kill(service)

    def answers() -> bool:
        answer = read(suite, service)
        assert answer.status_code == 200 or is_come_back_later(answer), answer.text
        return answer.status_code == 200

    eventually(answers, "it answers", BACK_WITHIN)
    assert suite.pid_of(service) != before


def test_a_write_around_a_kill_happens_once(suite: RunningSuite) -> None:
    path, caller = "/procurement/v1/needs", "street-officer"
    before = suite.kept_by("procurement")
    done, begun = str(uuid4()), str(uuid4())
    first = until_answered(suite, caller, path, done)
    assert first.status_code == 201

    suite.kill("procurement")
    second = until_answered(suite, caller, path, begun)
    again = until_answered(suite, caller, path, done)
    finished = until_answered(suite, caller, path, begun)

    assert again.headers["idempotent-replayed"] == "true"
    assert (again.status_code, again.json()) == (201, first.json())
    assert finished.headers["idempotent-replayed"] == "true"
    assert (finished.status_code, finished.json()) == (201, second.json())
    after = suite.kept_by("procurement")
    assert after["need"] - before["need"] == 2
    assert after["receipt"] - before["receipt"] == 2


def test_a_killed_database_comes_back_and_the_services_find_it_again(suite: RunningSuite) -> None:
    path, caller = "/procurement/v1/needs", "street-officer"
    key = str(uuid4())
    first = until_answered(suite, caller, path, key)
    before = {service: suite.pid_of(service) for service in SERVICES}

    starts = suite.starts_of_the_database()
    suite.kill("PostgreSQL")
    # How long PostgreSQL reads its log and syncs its files is up to the disk of this machine.
    while suite.starts_of_the_database() == starts:
        gets_a_token(suite)
        time.sleep(0.1)  # the door lets a caller ask for forty tokens a second
    began = time.monotonic()
    eventually(lambda: gets_a_token(suite), "tokens are given", BACK_WITHIN)
    again = until_answered(suite, caller, path, key)
    assert again.headers["idempotent-replayed"] == "true"
    assert (again.status_code, again.json()) == (201, first.json())
    for operation in OPERATIONS:
        eventually(partial(reads, suite, operation.service), operation.service, BACK_WITHIN)
        written = suite.ask(operation.caller, "POST", f"{operation.path}?dry=true", operation.body)
        assert written.json()["outcome"] == "accepted", written.text
    assert time.monotonic() - began < ALL_BACK_WITHIN
    assert {service: suite.pid_of(service) for service in SERVICES} == before


def test_a_killed_gateway_is_back_and_its_tokens_are_good(suite: RunningSuite) -> None:
    token = suite.token_of("auditor")
    suite.kill("gateway")

    def answers() -> bool:
        try:
            return read(suite, "registry").status_code == 200
        except httpx.TransportError:  # it was still being read when the door fell
            return False

    eventually(answers, "the door is open", BACK_WITHIN)
    assert suite.token_of("auditor") == token
