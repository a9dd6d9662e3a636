"""Configurations of the door that tests want: the usual one, with some figures changed."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
import tomllib
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from gateway.configuration import DEFAULT

LANES = ("read", "write", "token", "bids")


def changed(**tables: Any) -> dict[str, Any]:
    """The usual configuration with these members in these tables: `lanes={"read": {"rate": 5.0}}`."""
    return _merged(tomllib.loads(DEFAULT.read_text()), tables)


def every_lane(**limits: Any) -> dict[str, Any]:
    return {lane: dict(limits) for lane in LANES}


def unlimited() -> dict[str, Any]:
    """For tests that ask more often than any client may."""
    return {"lanes": every_lane(rate=1_000_000.0)}


@cache
def unhurried() -> dict[str, str]:
    """For the environment of a suite in which a client may ask as often as it likes."""
    folder = Path(tempfile.mkdtemp(prefix="huishe-configuration-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = write(folder / "unlimited.toml", changed(**unlimited()))
    return {"GATEWAY_CONFIGURATION_FILE": str(file)}


def write(path: Path, configuration: dict[str, Any]) -> Path:
    """Put a configuration in place at once, so that nobody reads half of it."""
    beside = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    beside.write_text(toml(configuration))
    beside.replace(path)
    return path


def toml(tables: dict[str, Any], above: str = "") -> str:
    """Nested tables, lists of tables, and members whose JSON is their TOML."""
    members, below = [], []
    for name, value in tables.items():
        if isinstance(value, dict):
            below.append(f"[{above}{name}]\n{toml(value, f'{above}{name}.')}")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            below += [f"[[{above}{name}]]\n{toml(one, f'{above}{name}.')}" for one in value]
        else:
            members.append(f"{name} = {json.dumps(value)}\n")
    return "".join(members) + "\n" + "".join(below)


def _merged(usual: dict[str, Any], tables: dict[str, Any]) -> dict[str, Any]:
    found = dict(usual)
    for name, value in tables.items():
        both = isinstance(value, dict) and isinstance(found.get(name), dict)
        found[name] = _merged(found[name], value) if both else value
    return found
