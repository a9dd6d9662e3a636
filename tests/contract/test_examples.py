"""The examples of the contracts are real calls of today's operations, and give nothing away."""

import importlib
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from deploy.demo.identities import NEVER_GIVEN_OUT
from tests.architecture.house import ROOT, SERVICES

LEAST_SHARE = 0.72
"""Of all operations, so many have an example; it may only grow."""

TOKEN = re.compile(r"eyJ[\w-]{10,}\.|[Bb]earer |[Bb]asic ")
SECRET_NAMES = re.compile(r"secret|password|passphrase|authori[sz]ation|access_token|private", re.I)
RESIDENT_ID = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])")


def examples(service: str) -> dict[str, dict[str, dict[str, Any]]]:
    return json.loads((ROOT / "services" / service / "examples.json").read_text())


def contract(service: str) -> dict[str, Any]:
    return importlib.import_module(f"services.{service}.app").app.openapi()


def operations(service: str) -> dict[str, dict[str, Any]]:
    methods = contract(service)["paths"].values()
    return {o["operationId"]: o for operations in methods for o in operations.values()}


def faults(service: str, content: dict[str, Any], value: Any) -> list[str]:
    """What keeps the value from being what the contract says of this body."""
    [media] = [media for name, media in content.items() if name.endswith("json")]
    whole = Resource(contents=contract(service), specification=DRAFT202012)
    # The schema refers into the contract's components, so both get one address.
    schema = _addressed(media["schema"])
    registry = Registry().with_resource("contract:", whole)
    validator = Draft202012Validator(schema, registry=registry, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(value)]


def _addressed(node: Any) -> Any:
    if isinstance(node, list):
        return [_addressed(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: f"contract:{value}" if key == "$ref" else _addressed(value)
        for key, value in node.items()
    }


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


def names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from names(item)
    elif isinstance(value, list):
        for item in value:
            yield from names(item)


EVERY = [
    (service, operation, outcome, example)
    for service in SERVICES
    for operation, outcomes in examples(service).items()
    for outcome, example in outcomes.items()
]
IDS = [f"{service}-{operation}-{outcome}" for service, operation, outcome, _ in EVERY]
each_example = pytest.mark.parametrize(
    ("service", "operation", "outcome", "example"), EVERY, ids=IDS
)


@each_example
def test_an_example_is_of_an_operation_that_exists(service, operation, outcome, example):
    known = operations(service)

    assert operation in known
    assert str(example["status"]) in known[operation]["responses"]
    assert (example["status"] < 400) is (outcome == "accepted")


@each_example
def test_what_was_sent_is_what_the_contract_asks_for(service, operation, outcome, example):
    body = operations(service)[operation].get("requestBody")
    if body is None:
        assert "request" not in example
    elif "request" in example:
        assert faults(service, body["content"], example["request"]) == []
    else:
        assert not body.get("required") or "application/json" not in body["content"]


@each_example
def test_what_came_back_is_what_the_contract_promises(service, operation, outcome, example):
    response = operations(service)[operation]["responses"][str(example["status"])]

    assert faults(service, response["content"], example["answer"]) == []


@pytest.mark.parametrize("service", SERVICES)
def test_the_contract_shows_every_example(service):
    known = operations(service)
    for operation, outcomes in examples(service).items():
        for outcome, example in outcomes.items():
            [shown] = known[operation]["responses"][str(example["status"])]["content"].values()
            assert shown["example"] == example["answer"]
            if "request" in example:
                content = known[operation]["requestBody"]["content"]["application/json"]
                assert content["examples"][outcome] == {"value": example["request"]}


def test_most_operations_have_an_example():
    every = sum(
        _answers_json(told) for service in SERVICES for told in operations(service).values()
    )
    shown = sum(len(examples(service)) for service in SERVICES)

    assert shown / every >= LEAST_SHARE, f"{shown} of {every} operations have an example"


@each_example
def test_no_example_gives_away_a_token_or_a_secret(service, operation, outcome, example):
    assert [text for text in texts(example) if TOKEN.search(text)] == []
    assert [name for name in names(example) if SECRET_NAMES.search(name)] == []


@each_example
def test_no_example_gives_away_a_resident_number(service, operation, outcome, example):
    """Answers mask them; what was sent has numbers of a place that does not exist."""
    sent = [n for text in texts(example.get("request")) for n in RESIDENT_ID.findall(text)]

    assert [n for text in texts(example["answer"]) for n in RESIDENT_ID.findall(text)] == []
    assert [number for number in sent if not number.startswith(NEVER_GIVEN_OUT)] == []


def _answers_json(operation: dict) -> bool:
    """A text or a file is shown by its own form, not by an example."""
    good = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
    return any("json" in media for answer in good for media in answer.get("content", {}))
