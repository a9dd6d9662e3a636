"""Whatever is sent through the door: a problem that names field, rule and remedy; nothing is written."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.demo.chapters.evaluation import committee_draft
from deploy.demo.chapters.registration import filing
from tests.support.suite import RunningSuite

NEED = {
    "division": "410108101",
    "title": "留守儿童课后陪伴",
    "description": "四个村的留守儿童放学后无人照看",
    "client_group": "rural_left_behind",
    "rural_focus_group": "left_behind_children",
    "people": 126,
    "found_on": "2026-01-15",
}
BASE = {"name": "惠济区孵化基地", "division": "410108005", "address": "迎宾路1号"}


@dataclass(frozen=True)
class Operation:
    """Something a service does for a caller, with a good body and where a text in it is required."""

    service: str
    caller: str
    path: str
    body: dict[str, Any]
    text: tuple[str, ...]

    @property
    def pointer(self) -> str:
        return "".join(f"/{step}" for step in self.text)


OPERATIONS = [
    Operation(
        "registry",
        "yuanfan",
        "/registry/v1/applications",
        filing("远帆", "410108004", full_time=4, qualified=2, first=400),
        ("seat", "division"),
    ),
    Operation("procurement", "street-officer", "/procurement/v1/needs", NEED, ("title",)),
    Operation(
        "evaluation", "supervisor", "/evaluation/v1/committees", committee_draft(), ("name",)
    ),
    Operation("incubator", "incubator-manager", "/incubator/v1/bases", BASE, ("name",)),
]


def changed(operation: Operation, change: Callable[[dict[str, Any], str], None]) -> bytes:
    """The good body, with something done to the object that has the text."""
    body = deepcopy(operation.body)
    inner = body
    for step in operation.text[:-1]:
        inner = inner[step]
    change(inner, operation.text[-1])
    return json.dumps(body).encode()


def with_text(operation: Operation, written: bytes) -> bytes:
    """Other bytes where the text stands."""
    body = changed(operation, lambda inner, name: inner.update({name: "PLACE"}))
    return body.replace(b'"PLACE"', written)


def without_text(operation: Operation) -> bytes:
    return changed(operation, lambda inner, name: inner.pop(name))


def with_colour(operation: Operation) -> bytes:
    """A field that nobody knows, beside the text."""
    return changed(operation, lambda inner, _: inner.update({"colour": "red"}))


def text_twice(operation: Operation) -> bytes:
    return with_text(operation, b'"once", "%b": "twice"' % operation.text[-1].encode())


# What is sent in place of a required text.
VALUES = {
    "a wrong type": b"7",
    "NUL": b'"a\\u0000b"',
    "a lone surrogate": b'"\\ud800"',
    "NaN": b"NaN",
    "past 64 bits": b"9223372036854775808",
    "past every number": b"1E+999999",
}


@pytest.fixture(params=OPERATIONS, ids=lambda operation: operation.service)
def operation(request: pytest.FixtureRequest) -> Operation:
    asked: Operation = request.param
    return asked


def send(
    suite: RunningSuite, operation: Operation, body: bytes, media: str = "application/json"
) -> httpx.Response:
    headers = {"content-type": media}
    return suite.ask(operation.caller, "POST", operation.path, headers=headers, content=body)


def is_problem(answer: httpx.Response, *statuses: int) -> dict[str, Any]:
    assert answer.status_code in statuses, answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["trace_id"] == answer.headers["x-request-id"]
    assert told["title"]
    assert told["detail"]
    return told


def is_invalid(answer: httpx.Response, pointer: str) -> None:
    """It names this field, and tells rule and remedy."""
    told = is_problem(answer, 422)
    assert [error["pointer"] for error in told["errors"]] == [pointer]
    assert all(error["rule"] and error["remedy"] for error in told["errors"])


def test_the_good_body_is_taken_so_that_each_refusal_has_one_reason(
    suite: RunningSuite, operation: Operation
) -> None:
    kept = suite.kept_by(operation.service)

    answer = suite.ask(operation.caller, "POST", f"{operation.path}?dry=true", operation.body)

    assert answer.status_code == 200
    told = answer.json()
    assert (told["dry"], told["outcome"], told["status"]) == (True, "accepted", 201)
    assert len(told["events"]) == 1
    assert suite.kept_by(operation.service) == kept


def test_each_bad_value_is_named_by_its_field(suite: RunningSuite, operation: Operation) -> None:
    kept = suite.kept_by(operation.service)

    for written in VALUES.values():
        is_invalid(send(suite, operation, with_text(operation, written)), operation.pointer)
    deep = send(suite, operation, with_text(operation, b"[" * 40 + b"]" * 40))
    is_invalid(deep, operation.pointer + "/0" * (32 - len(operation.text)))

    assert suite.kept_by(operation.service) == kept


def test_missing_unknown_and_doubled_fields_are_named(
    suite: RunningSuite, operation: Operation
) -> None:
    kept = suite.kept_by(operation.service)

    is_invalid(send(suite, operation, without_text(operation)), operation.pointer)
    beside = operation.pointer.rpartition("/")[0]
    is_invalid(send(suite, operation, with_colour(operation)), f"{beside}/colour")
    is_invalid(send(suite, operation, text_twice(operation)), operation.pointer)
    is_invalid(send(suite, operation, b"[]"), "")

    assert suite.kept_by(operation.service) == kept


def test_what_is_no_json_too_long_or_something_else_is_refused(
    suite: RunningSuite, operation: Operation
) -> None:
    kept = suite.kept_by(operation.service)
    good = json.dumps(operation.body).encode()

    is_problem(send(suite, operation, good[:-1]), 400)
    is_problem(send(suite, operation, json.dumps(operation.body).encode("utf-16")), 400)
    is_problem(send(suite, operation, good, "text/plain"), 415)
    is_problem(send(suite, operation, b"a=b", "application/x-www-form-urlencoded"), 415)
    too_long = send(suite, operation, with_text(operation, b'"%b"' % (b"x" * 3_000_000)))
    assert "2097152" in is_problem(too_long, 413)["detail"]

    assert suite.kept_by(operation.service) == kept


@pytest.mark.parametrize(
    "framing",
    [
        pytest.param("Content-Length: {n}\r\nContent-Length: {n}", id="the same length twice"),
        pytest.param("Content-Length: {n}\r\nContent-Length: 5", id="two lengths"),
        pytest.param("Content-Length: {n}\r\nTransfer-Encoding: chunked", id="length and chunks"),
    ],
)
def test_a_body_that_two_readers_could_read_differently_is_refused_at_the_door(
    suite: RunningSuite, operation: Operation, framing: str
) -> None:
    kept = suite.kept_by(operation.service)
    body = json.dumps(operation.body).encode()
    head = (
        f"POST {operation.path} HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {suite.token_of(operation.caller)}\r\n"
        f"Content-Type: application/json\r\nIdempotency-Key: {uuid4()}\r\n"
        f"{framing.format(n=len(body))}\r\n\r\n"
    )

    answer = suite.raw(head.encode() + body)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in answer
    assert suite.kept_by(operation.service) == kept


def test_an_unknown_way_of_asking_is_refused(suite: RunningSuite, operation: Operation) -> None:
    kept = suite.kept_by(operation.service)
    path, body = operation.path, operation.body

    told = is_problem(suite.ask(operation.caller, "POST", f"{path}?colour=red", body), 422)
    assert told["errors"][0]["pointer"].startswith("/query/")
    keyless = suite.ask(operation.caller, "POST", path, body, headers={"idempotency-key": ""})
    told = is_problem(keyless, 422)
    assert told["errors"][0]["pointer"] == "/header/Idempotency-Key"
    is_problem(suite.ask(operation.caller, "GET", f"{path}/{uuid4()}"), 404)
    is_problem(suite.ask(operation.caller, "GET", f"{path}/not-an-id"), 404)
    is_problem(suite.ask(operation.caller, "PATCH", path, body), 404, 405)
    for crooked in (f"/{path}", path.replace("/v1/", "/v1//"), path.replace("/v1/", "/%2e/v1/")):
        answer = suite.raw(f"GET {crooked} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert answer.startswith(b"HTTP/1.1 400 "), crooked

    assert suite.kept_by(operation.service) == kept


def test_the_gateways_own_endpoints_name_the_field_too(suite: RunningSuite) -> None:
    moving = suite.ask("administrator", "POST", "/sandbox/clock", {"to": "next year"})
    is_invalid(moving, "/to")
    unknown = {"to": "2030-01-01T00:00:00Z", "colour": 1}
    is_invalid(suite.ask("administrator", "POST", "/sandbox/clock", unknown), "/colour")
