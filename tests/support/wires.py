"""A whole suite whose parts reach each other through wires that a test can cut.

             door              services[…]                 procurement's
clients ───────────▶ gateway ───────────────▶ services ────────────────────▶ database
                        │  ◀── asks (procurement) ──┘                           ▲
                        └──────────────── gateway's ────────────────────────────┘
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local.settings import SERVICES
from shared.database.embedded import LOOPBACK, free_port
from tests.support.configuration import unhurried
from tests.support.proxy import Proxy
from tests.support.suite import FREE_PORTS, ROOT, STARTS, RunningSuite, eventually, running_suite

THROUGH_WIRES = ("gateway", "procurement")
"""Whose database is reached through a wire of its own."""


@dataclass(frozen=True)
class Wires:
    door: Proxy
    services: dict[str, Proxy]
    databases: dict[str, Proxy]
    asks: Proxy
    """From procurement to the gateway."""

    def all(self) -> dict[str, Proxy]:
        """Every wire behind the door, by what it joins."""
        return {
            **{f"gateway – {service}": wire for service, wire in self.services.items()},
            **{f"{part} – database": wire for part, wire in self.databases.items()},
            "procurement – gateway": self.asks,
        }

    def heal(self) -> None:
        for wire in [*self.all().values(), self.door]:
            wire.heal()


@dataclass(frozen=True)
class Wired:
    suite: RunningSuite
    wires: Wires

    def part(self, service: str) -> str:
        """How the gateway finds it: up, down or not ready."""
        return str(self.suite.http.get("/status").json()["parts"][service])

    def all_up(self) -> bool:
        return all(self.part(service) == "up" for service in SERVICES)


@contextmanager
def wired_suite(**more: str) -> Iterator[Wired]:
    with tempfile.TemporaryDirectory(prefix="huishe-") as place, ExitStack() as stack:
        folder = Path(place)
        folder.chmod(0o711)
        database_port = free_port()
        made_beforehand(folder / "run", database_port)
        wires = wires_in(stack, folder / "run", database_port)
        settings = settings_through(wires, folder / "run") | more
        running = running_suite(folder, HUISHE_DATABASE_PORT=str(database_port), **settings)
        wired = Wired(stack.enter_context(running), wires)
        eventually(wired.all_up, "the gateway reaches every service", 30)
        yield wired


def made_beforehand(run: Path, database_port: int) -> None:
    """Databases, roles and secrets: a suite does not make those that it is only pointed at."""
    environment = {**os.environ, **FREE_PORTS, "HUISHE_DATABASE_PORT": str(database_port)}
    subprocess.run(
        [sys.executable, "-m", "deploy.local", "migrate", "--folder", str(run)],
        cwd=ROOT,
        env={**environment, "HUISHE_SANDBOX_STARTS": STARTS},
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=120,
    )


def wires_in(stack: ExitStack, run: Path, database_port: int) -> Wires:
    def to_part(part: str) -> Proxy:
        def where() -> tuple[str, int]:  # known when the suite is ready
            address = urlsplit(json.loads((run / "addresses.json").read_text())[part])
            return address.hostname or LOOPBACK, address.port or 0

        return stack.enter_context(Proxy(where))

    def to_database() -> Proxy:
        return stack.enter_context(Proxy(lambda: (LOOPBACK, database_port)))

    return Wires(
        door=to_part("gateway"),
        services={service: to_part(service) for service in SERVICES},
        databases={part: to_database() for part in THROUGH_WIRES},
        asks=to_part("gateway"),
    )


def settings_through(wires: Wires, run: Path) -> dict[str, str]:
    upstreams = {service: [wire.address] for service, wire in wires.services.items()}
    told = {
        **unhurried(),
        "GATEWAY_UPSTREAMS": json.dumps(upstreams),
        "PROCUREMENT_GATEWAY_URL": wires.asks.address,
    }
    for part, wire in wires.databases.items():
        name = f"{part.upper()}_DATABASE_URL"
        lines = (run / "environment" / f"{part}.env").read_text().splitlines()
        address = dict(line.split("=", 1) for line in lines)[name].strip("'")
        port = urlsplit(address).port
        told[name] = address.replace(f":{port}/", f":{wire.port}/")
    return told
