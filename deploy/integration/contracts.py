"""The committed contracts, as what is generated from them needs to see them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from deploy.contracts import ROOT, SERVICES

PARTS = (*SERVICES, "gateway")
NAMES_ZH = {
    "registry": "机构登记",
    "procurement": "购买服务",
    "evaluation": "评估",
    "incubator": "孵化",
    "gateway": "网关",
}
_METHODS = ("get", "post", "put", "patch", "delete")
_REFERENCE = "#/components/schemas/"

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """One operation of one part."""

    part: str
    method: str
    path: str
    told: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.told["operationId"])

    @property
    def summary(self) -> str:
        return str(self.told["summary"])

    @property
    def roles(self) -> Sequence[str]:
        return list(self.told.get("x-roles", ()))

    @property
    def tag(self) -> str:
        return str(self.told["tags"][0])

    @property
    def is_open(self) -> bool:
        """Whether it is answered without a token."""
        return not self.told.get("security") or {} in self.told["security"]

    def parameters(self, place: str) -> list[dict[str, Any]]:
        return [one for one in self.told.get("parameters", []) if one["in"] == place]

    def takes(self, header: str) -> bool:
        return any(one["name"].lower() == header.lower() for one in self.parameters("header"))

    @property
    def can_be_tried(self) -> bool:
        """Whether `dry=true` asks without acting."""
        return any(one["name"] == "dry" for one in self.parameters("query"))

    @property
    def body(self) -> tuple[str, dict[str, Any]] | None:
        """Media type and what is told of it."""
        content = self.told.get("requestBody", {}).get("content", {})
        return next(iter(content.items()), None)

    @cached_property
    def answer(self) -> tuple[int, str, Schema] | None:
        """Status, media type and schema of the answer when all goes well; no dry run."""
        good = sorted(
            (status for status in self.told["responses"] if status.startswith("2")), reverse=True
        )
        for status in good:  # 201 before the 200 of a dry run
            for media, told in self.told["responses"][status].get("content", {}).items():
                return int(status), media, _without_dry_run(told.get("schema", {}))
        return None


@dataclass(frozen=True)
class Contract:
    part: str
    told: Mapping[str, Any]

    @property
    def schemas(self) -> Mapping[str, Schema]:
        found: Mapping[str, Schema] = self.told["components"]["schemas"]
        return found

    @cached_property
    def operations(self) -> list[Operation]:
        return list(self._operations())

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.told["paths"].items():
            for method in _METHODS:
                if method in item:
                    yield Operation(self.part, method, path, item[method])

    def referred(self, schema: Schema) -> Schema:
        """The schema that a reference means; any other as it is."""
        name = named(schema)
        return self.schemas[name] if name else schema


def committed() -> list[Contract]:
    """The contracts of all parts as they are committed."""
    return [
        Contract(part, json.loads(path.read_text(encoding="utf-8")))
        for part in PARTS
        for path in [
            ROOT / ("gateway" if part == "gateway" else f"services/{part}") / "openapi.json"
        ]
    ]


def named(schema: Schema) -> str | None:
    """The component that a schema refers to."""
    reference = schema.get("$ref")
    return reference.removeprefix(_REFERENCE) if reference else None


def without_null(schema: Schema) -> tuple[Schema, bool]:
    """The schema itself when null is only allowed beside it, and whether it is."""
    forms = schema.get("anyOf", [])
    rest = [form for form in forms if form.get("type") != "null"]
    if len(rest) == len(forms):
        return schema, False
    told = {k: v for k, v in schema.items() if k in ("description", "examples", "default")}
    return ({**rest[0], **told} if len(rest) == 1 else {**schema, "anyOf": rest}), True


def _without_dry_run(schema: Schema) -> Schema:
    forms = [form for form in schema.get("anyOf", []) if named(form) != "DryRun"]
    if not schema.get("anyOf"):
        return schema
    return forms[0] if len(forms) == 1 else {**schema, "anyOf": forms}
