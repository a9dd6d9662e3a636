"""What stands in the house, found by looking."""

import importlib
from collections.abc import Iterator
from pathlib import Path

from shared.lifecycle import Lifecycle

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("registry", "procurement", "evaluation", "incubator")


def slices(service: str) -> Iterator[Path]:
    for folder in sorted((ROOT / "services" / service).iterdir()):
        if folder.is_dir() and any(folder.glob("*.py")) and folder.name != "migrations":
            yield folder


def lifecycles(service: str) -> dict[str, Lifecycle]:
    """Every lifecycle of the service, by its subject."""
    found: dict[str, Lifecycle] = {}
    for folder in slices(service):
        if (folder / "lifecycle.py").exists():
            module = importlib.import_module(f"services.{service}.{folder.name}.lifecycle")
            for value in vars(module).values():
                if isinstance(value, Lifecycle):
                    found[value.subject] = value
    return found
