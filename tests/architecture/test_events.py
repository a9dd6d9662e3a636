"""A service's vocabulary (`events.py`) is what it tells, no more and no less."""

import ast
import importlib
import re
from collections.abc import Iterator

import pytest

from tests.architecture.house import ROOT, SERVICES, lifecycles

# Where `Work` takes the event's name.
POSITION = {"change": 1, "tell": 2}


def names_told(service: str) -> Iterator[str]:
    """Patterns of the names that actions give to `Work.change` and `Work.tell`."""
    for path in sorted((ROOT / "services" / service).rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Attribute(attr="change" | "tell" as verb), args=given):
                    yield pattern_of(given[POSITION[verb]], module)


def pattern_of(name: ast.expr, module: str) -> str:
    match name:
        case ast.Constant(value=str() as told):
            return re.escape(told)
        case ast.Name(id=constant):
            return re.escape(getattr(importlib.import_module(module), constant))
        case ast.JoinedStr(values=parts):
            return "".join(
                re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+"
                for part in parts
            )
    raise AssertionError(f"{module}:{name.lineno} tells an event by a name that cannot be read")


@pytest.mark.parametrize("service", SERVICES)
def test_the_vocabulary_is_what_is_told(service):
    vocabulary = importlib.import_module(f"services.{service}.events").EVENTS
    moves = {event for table in lifecycles(service).values() for event in table.events}
    told = set(names_told(service))

    missing = {name for name in told if not any(re.fullmatch(name, event) for event in vocabulary)}
    never = {
        event
        for event in set(vocabulary) - moves
        if not any(re.fullmatch(name, event) for name in told)
    }

    assert moves <= set(vocabulary)
    assert (missing, never) == (set(), set())
    assert len(vocabulary) == len(set(vocabulary))


@pytest.mark.parametrize("service", SERVICES)
def test_the_readme_names_every_event_that_is_no_move(service):
    readme = (ROOT / "services" / service / "README.md").read_text()
    vocabulary = importlib.import_module(f"services.{service}.events").EVENTS
    moves = {event for table in lifecycles(service).values() for event in table.events}

    unnamed = {
        event
        for event in set(vocabulary) - moves
        if f"`{event}`" not in readme and f"`{event.partition('.')[0]}.…`" not in readme
    }

    assert unnamed == set()
