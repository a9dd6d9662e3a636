"""The contracts say all a caller needs, and may only grow."""

import importlib
import re
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.contracts import contracts, taken_away
from tests.architecture.house import SERVICES


def operations(service: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    contract = importlib.import_module(f"services.{service}.app").app.openapi()
    for path, methods in contract["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


EVERY = [(s, p, m, o) for s in SERVICES for p, m, o in operations(s)]
IDS = [o["operationId"] for _, _, _, o in EVERY]


@pytest.mark.parametrize(("service", "path", "method", "operation"), EVERY, ids=IDS)
def test_every_operation_says_what_it_does_and_who_may(service, path, method, operation):
    assert path.startswith(f"/{service}/v1/")
    assert operation.get("summary"), "a one-line summary"
    assert "\n" not in operation["summary"]
    assert operation.get("description"), "a docstring"
    assert "x-roles" in operation
    assert "security" in operation


@pytest.mark.parametrize(("service", "path", "method", "operation"), EVERY, ids=IDS)
def test_every_path_parameter_is_described(service, path, method, operation):
    named = set(re.findall(r"{(\w+)}", path))
    described = [p["name"] for p in operation.get("parameters", []) if p["in"] == "path"]

    assert sorted(described) == sorted(named)


@pytest.mark.parametrize(("service", "path", "method", "operation"), EVERY, ids=IDS)
def test_no_parameter_is_described_twice(service, path, method, operation):
    named = [(p["name"], p["in"]) for p in operation.get("parameters", [])]

    assert len(named) == len(set(named))


@pytest.mark.parametrize(("service", "path", "method", "operation"), EVERY, ids=IDS)
def test_every_problem_is_of_one_form(service, path, method, operation):
    for status, response in operation["responses"].items():
        if int(status) >= 400:
            assert list(response["content"]) == ["application/problem+json"]


@pytest.mark.parametrize("service", SERVICES)
def test_no_operation_has_two_meanings(service):
    ids = [operation["operationId"] for _, _, operation in operations(service)]

    assert len(ids) == len(set(ids))


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for item in node.values():
            yield from references(item)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


def test_every_reference_leads_to_a_schema():
    for path, contract in contracts():
        known = {f"#/components/schemas/{name}" for name in contract["components"]["schemas"]}
        assert set(references(contract)) <= known, path


@pytest.mark.parametrize(
    ("before", "after", "gone"),
    [
        pytest.param({"paths": {"/a": {}}}, {"paths": {}}, ["/paths//a"], id="a path"),
        pytest.param({"enum": ["x", "y"]}, {"enum": ["x"]}, ["/enum/y"], id="a code"),
        pytest.param({"type": "string"}, {"type": "integer"}, ["/type"], id="a type"),
        pytest.param({"description": "a"}, {"description": "b"}, [], id="words may change"),
        pytest.param({"a": 1}, {"a": 1, "b": 2}, [], id="it may grow"),
        pytest.param(
            {"$ref": "A"}, {"anyOf": [{"$ref": "A"}, {"$ref": "B"}]}, [], id="one form more"
        ),
        pytest.param(
            {"$ref": "A"},
            {"anyOf": [{"$ref": "B"}, {"$ref": "C"}]},
            ["/$ref"],
            id="other forms in its place",
        ),
    ],
)
def test_a_contract_may_only_grow(before, after, gone):
    assert taken_away(before, after) == gone
