"""What is made of the merged contract: the part of it that a client may use, and the codelists."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
MOST_VIEWS = 64
"""There are few sets of roles that clients really have."""

_LIST = re.compile(r"(?P<zh>[^/]+) / (?P<en>.+?)(?: \((?P<clause>[^()]*(?:\([^()]*\))?[^()]*)\))?")


class Views:
    """What was made of the merged contract, until that is another one."""

    def __init__(self) -> None:
        self._of: dict[frozenset[str], bytes] = {}
        self._codelists: dict[str, dict[str, Any]] = {}
        self._whole = b""

    def of(self, whole: bytes, roles: Iterable[str]) -> bytes:
        """The contract as clients of one set of roles see it."""
        self._follow(whole)
        held = frozenset(roles)
        if held not in self._of:
            if len(self._of) >= MOST_VIEWS:
                self._of.clear()
            self._of[held] = orjson.dumps(usable(orjson.loads(whole), held))
        return self._of[held]

    def codelists(self, whole: bytes) -> dict[str, dict[str, Any]]:
        self._follow(whole)
        return self._codelists

    def _follow(self, whole: bytes) -> None:
        if whole != self._whole:
            self._whole, self._of = whole, {}
            self._codelists = codelists(orjson.loads(whole))


def usable(contract: Mapping[str, Any], roles: frozenset[str]) -> dict[str, Any]:
    """Only the operations that these roles may use, and the forms that those need."""
    paths = {}
    for path, item in contract["paths"].items():
        kept = {
            name: told
            for name, told in item.items()
            if name not in METHODS or _may(name, told, roles)
        }
        if any(name in METHODS for name in kept):
            paths[path] = kept
    told = {
        tag
        for item in paths.values()
        for name in METHODS
        for tag in item.get(name, {}).get("tags", ())
    }
    view = {**contract, "paths": paths}
    view["tags"] = [tag for tag in contract["tags"] if tag["name"] in told]
    view["x-tagGroups"] = [
        {**group, "tags": [tag for tag in group["tags"] if tag in told]}
        for group in contract["x-tagGroups"]
    ]
    view["components"] = _needed(contract["components"], paths)
    view["info"] = {**contract["info"], "x-roles": sorted(roles)}
    return view


def _may(method: str, operation: Mapping[str, Any], roles: frozenset[str]) -> bool:
    """As the services judge: open to all, one of the roles, or an auditor who reads."""
    allowed = operation.get("x-roles")
    if not allowed:
        return True
    return bool(roles & set(allowed)) or (method == "get" and "auditor" in roles)


def _needed(components: Mapping[str, Any], paths: Mapping[str, Any]) -> dict[str, Any]:
    schemas = components.get("schemas", {})
    needed: set[str] = set()
    waiting = [name for name in _references(paths) if name in schemas]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += [other for other in _references(schemas[name]) if other in schemas]
    return {**components, "schemas": {name: schemas[name] for name in schemas if name in needed}}


def _references(node: Any) -> Iterable[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].rpartition("/")[2]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for item in node:
            yield from _references(item)


def codelists(contract: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Every list of codes that the services' contracts tell with its names, once."""
    found: dict[str, dict[str, Any]] = {}
    for full_name, schema in sorted(contract["components"]["schemas"].items()):
        service, _, name = full_name.partition(".")
        labels = schema.get("x-enum-labels")
        if labels is None:
            continue
        one = found.setdefault(name, {"name": name, **_titled(schema), "services": []})
        one["services"].append(service)
        one["codes"] = [{"code": code, "name": labels[code]} for code in schema["enum"]]
    return found


def _titled(schema: Mapping[str, Any]) -> dict[str, Any]:
    described = str(schema.get("description", ""))
    parts = _LIST.fullmatch(described)
    if parts is None:
        return {"title": {"zh": described, "en": described}, "clause": None}
    return {"title": {"zh": parts["zh"], "en": parts["en"]}, "clause": parts["clause"]}
