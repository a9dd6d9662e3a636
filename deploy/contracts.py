"""The committed contracts: one `openapi.json` beside each service and the gateway.

python -m deploy.contracts make             write them; refuses to take anything away
python -m deploy.contracts make --replace   write them all the same (before the first release)
python -m deploy.contracts check            fail when a committed contract is not current
"""

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SERVICES = ("registry", "procurement", "evaluation", "incubator")

# What a reader of a contract relies on; texts may be reworded.
_TOLD = {"description", "summary", "examples", "example", "title"}


def contracts() -> Iterator[tuple[Path, dict[str, Any]]]:
    """Where each contract is kept, and what the code says today."""
    for name in SERVICES:
        app = importlib.import_module(f"services.{name}.app").app
        yield ROOT / "services" / name / "openapi.json", app.openapi()
    gateway = importlib.import_module("gateway.contract")
    yield ROOT / "gateway" / "openapi.json", gateway.own_contract()


def promises() -> Iterator[tuple[Path, dict[str, Any]]]:
    """The contracts, and the kinds of event that may be subscribed."""
    yield from contracts()
    yield ROOT / "gateway" / "webhooks" / "kinds.json", event_kinds()


def event_kinds() -> dict[str, Any]:
    """Every event that a service tells: the gateway, which imports none, lets receivers choose."""
    found = {name: importlib.import_module(f"services.{name}.events").EVENTS for name in SERVICES}
    return {name: sorted(set(kinds)) for name, kinds in found.items()}


def written(contract: dict[str, Any]) -> str:
    return json.dumps(contract, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def taken_away(before: Any, after: Any, place: str = "") -> list[str]:
    """Paths, operations, fields and codes that were promised and are gone or changed."""
    if isinstance(before, dict):
        if not isinstance(after, dict):
            return [place]
        if "anyOf" in after and "anyOf" not in before:  # one form more beside the one promised
            return min((taken_away(before, form, place) for form in after["anyOf"]), key=len)
        gone = [f"{place}/{key}" for key in before if key not in after and key not in _TOLD]
        for key in before.keys() & after.keys() - _TOLD:
            gone += taken_away(before[key], after[key], f"{place}/{key}")
        return gone
    if isinstance(before, list):
        if not isinstance(after, list):
            return [place]
        kept = [json.dumps(item, sort_keys=True) for item in after if not isinstance(item, dict)]
        plain = [item for item in before if not isinstance(item, dict)]
        return [f"{place}/{item}" for item in plain if json.dumps(item, sort_keys=True) not in kept]
    return [] if before == after else [place]


def make(*, replace: bool) -> int:
    for path, contract in promises():
        if path.exists() and not replace:
            gone = taken_away(json.loads(path.read_text()), json.loads(written(contract)))
            if gone:
                print(f"{path.relative_to(ROOT)} would take away what was promised:")
                print("\n".join(f"  {place}" for place in gone[:20]))
                return 1
        path.write_text(written(contract))
    return 0


def check() -> int:
    stale = [
        path.relative_to(ROOT)
        for path, contract in promises()
        if not path.exists() or path.read_text() != written(contract)
    ]
    for path in stale:
        print(f"{path} is not what the code says: run `make contracts`")
    return 1 if stale else 0


def main(arguments: list[str]) -> int:
    match arguments:
        case ["make"]:
            return make(replace=False)
        case ["make", "--replace"]:
            return make(replace=True)
        case ["check"]:
            return check()
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
