"""Short and long runs of the same test, and the figures that a run leaves.

    pytest tests/faults                                       # the short form, part of `make test`
    pytest tests/faults --long --figures build/faults.json    # the long form, `make faults`

A test asks `form` how much is to be done and tells `figure` what came of it. Both work with any
number of test processes: figures travel with each test's report.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

T = TypeVar("T")
MARK = "figure:"


@dataclass(frozen=True, slots=True)
class Form:
    """Which form runs. `form(short=10, long=200)` is how often something is done."""

    long: bool

    def __call__(self, *, short: T, long: T) -> T:
        return long if self.long else short


Figure = Callable[[str, Any], None]
"""`figure("rounds", 200)`: a count or a measure of this test, in the unit that its name says."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="the long form of faults and fuzzing")
    parser.addoption("--figures", type=Path, help="write what the tests counted to this file")


@pytest.fixture(scope="session")
def form(request: pytest.FixtureRequest) -> Form:
    return Form(bool(request.config.getoption("--long")))


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    return lambda name, value: record_property(MARK + name, value)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Collected(config), "collected-figures")


class Collected:
    """Gathers the figures of all tests, prints them in the end and writes them down."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.tests: dict[str, dict[str, Any]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        figures = {
            name.removeprefix(MARK): value
            for name, value in report.user_properties
            if name.startswith(MARK)
        }
        if report.when == "teardown" and figures:
            self.tests[report.nodeid] = {**self.tests.get(report.nodeid, {}), "figures": figures}
        if report.when == "call":
            found = self.tests.setdefault(report.nodeid, {})
            found |= {"outcome": report.outcome, "seconds": round(report.duration, 1)}

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        told = {test: found for test, found in sorted(self.tests.items()) if "figures" in found}
        asked = self.config.getoption("--long") or self.config.getoption("--figures")
        if not asked or hasattr(self.config, "workerinput"):
            return
        for test, found in told.items():
            words = ", ".join(f"{name} {value}" for name, value in found["figures"].items())
            terminalreporter.write_line(f"{found.get('outcome')}  {test}: {words}")
        if file := self.config.getoption("--figures"):
            file.parent.mkdir(parents=True, exist_ok=True)
            report = {"at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "machine": _machine()}
            file.write_text(json.dumps({**report, "tests": told}, ensure_ascii=False, indent=1))
            terminalreporter.write_line(f"figures: {file}")


def _machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
    }
