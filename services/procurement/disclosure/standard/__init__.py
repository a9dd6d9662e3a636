"""The schemas of OCDS 1.1.5 and of the extensions this publisher uses, kept here as data.

An extension's `release-schema.json` is a JSON Merge Patch (RFC 7396) on the release schema.
"""

import json
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, Final

_HERE = Path(__file__).parent
_GITHUB = "https://raw.githubusercontent.com/open-contracting-extensions"

VERSION: Final = "1.1"
EXTENSIONS: Final[Mapping[str, str]] = {
    "bids": f"{_GITHUB}/ocds_bid_extension/v1.1.5/extension.json",
    "location": f"{_GITHUB}/ocds_location_extension/v1.1.5/extension.json",
    "bidOpening": f"{_GITHUB}/ocds_bidOpening_extension/master/extension.json",
    "budget": f"{_GITHUB}/ocds_budget_breakdown_extension/master/extension.json",
    "legalBasis": f"{_GITHUB}/ocds_legalBasis_extension/master/extension.json",
    "contract_completion": f"{_GITHUB}/ocds_contract_completion_extension/master/extension.json",
}
"""Each extension's folder here, and the address by which a package declares it."""


@cache
def release_schema() -> Mapping[str, Any]:
    """The release schema with every extension patched in."""
    schema = core_schema("release-schema")
    for name in EXTENSIONS:
        schema = merge_patched(schema, _read(_HERE / "extensions" / name / "release-schema.json"))
    return schema


def core_schema(name: str) -> dict[str, Any]:
    """A schema of the standard as it was published."""
    return _read(_HERE / "core" / f"{name}.json")


def merge_patched(target: Any, patch: Any) -> Any:
    """RFC 7396: members of the patch replace, null removes, objects go on inside."""
    if not isinstance(patch, dict):
        return patch
    merged = deepcopy(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patched(merged.get(name), value)
    return merged


def _read(path: Path) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema
