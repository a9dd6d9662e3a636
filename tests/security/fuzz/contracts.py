"""The committed contracts, as operations that `schemathesis` makes calls of."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.schemas import APIOperation

from deploy.contracts import ROOT, SERVICES

PARTS = (*SERVICES, "gateway")
MOST_ITEMS = 2
"""So long are lists of things that have lists themselves: a tree of full ones takes a minute to draw."""


@dataclass(frozen=True)
class Operation:
    """One operation of one part; `drawn` makes calls of it."""

    part: str
    drawn: APIOperation

    @cached_property
    def name(self) -> str:
        return str(self._told["operationId"])

    @property
    def key(self) -> tuple[str, str]:
        return self.part, self.name

    @property
    def label(self) -> str:
        return f"{self.part}: {self.drawn.label}"

    @cached_property
    def roles(self) -> frozenset[str]:
        """Who may; empty when anybody may."""
        return frozenset(self._told.get("x-roles", ()))

    @cached_property
    def can_be_wrong(self) -> bool:
        """Whether the contract refuses any input at all."""
        asked = self._told.get("parameters", [])
        return "requestBody" in self._told or not all(map(_takes_any_text, asked))

    @property
    def _told(self) -> dict[str, Any]:
        return dict(self.drawn.definition.raw)


def _takes_any_text(parameter: dict[str, Any]) -> bool:
    needed = parameter["required"] and parameter["in"] != "path"  # a path without it is another
    bounds = set(parameter["schema"]) - {"title", "type", "description"}
    return parameter["schema"].get("type") == "string" and not bounds and not needed


def path_of(part: str) -> Path:
    return ROOT / ("gateway" if part == "gateway" else f"services/{part}") / "openapi.json"


def committed(part: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path_of(part).read_text())
    return found


def promised(part: str) -> set[tuple[str, str]]:
    """Every operation of the part, read from its contract without anybody's help."""
    paths = committed(part)["paths"].values()
    return {(part, told["operationId"]) for methods in paths for told in methods.values()}


def schema_of(part: str) -> Any:
    # Who calls is ours to choose: no made-up tokens.
    config = SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}})
    return schemathesis.openapi.from_dict(_drawable(committed(part)), config=config)


def operations_of(part: str) -> Iterator[Operation]:
    for found in schema_of(part).get_all_operations():
        yield Operation(part, found.ok())


def _drawable(contract: dict[str, Any]) -> dict[str, Any]:
    found = deepcopy(contract)
    for methods in found["paths"].values():
        for told in methods.values():
            for media in told.get("requestBody", {}).get("content", {}).values():
                _shorten(media["schema"])
    return found


def _shorten(schema: Any) -> bool:
    """Whether there are lists in it; those of lists are made short."""
    inner = schema.values() if isinstance(schema, dict) else schema
    if not isinstance(schema, dict | list):
        return False
    inside = [_shorten(item) for item in inner]
    has_lists = any(inside)
    if isinstance(schema, dict) and schema.get("type") == "array":
        if has_lists:
            schema["maxItems"] = max(schema.get("minItems", 0), MOST_ITEMS)
        return True
    return has_lists
