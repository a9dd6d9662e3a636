"""One suite from nothing to ready: what is started, in which order, and with which settings."""

import asyncio
import gc
import http.client
import ipaddress
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from socket import socket
from typing import Any

from sqlalchemy import make_url

from deploy.local.backup import log_of_changes
from deploy.local.clients import as_credentials, bring_in, callers, service_client, with_secret
from deploy.local.folder import RunFolder, Secrets
from deploy.local.serving import bind, load, port_of, serve
from deploy.local.settings import PARTS, SERVICES, Addresses, LocalSettings
from deploy.local.supervisor import Program, Stopped, Supervisor, fork
from gateway import migrations as gateway_migrations
from shared.database import migrations
from shared.database.embedded import (
    LOOPBACK,
    Cluster,
    DatabaseDidNotStart,
    SystemUser,
    free_port,
    private_file,
)
from shared.database.provisioning import Ownership, Provisioner

APPLICATIONS = {"gateway": "gateway.app:app"} | {
    service: f"services.{service}.app:app" for service in SERVICES
}

READY_WITHIN = 30.0
WEBHOOKS_TO_ONESELF = {
    "WEBHOOK_PLAIN_HOSTS": '["127.0.0.1", "localhost"]',
    "WEBHOOK_OPEN_NETWORKS": '["127.0.0.0/8"]',
}


class Suite:
    """The five processes and their database, in one folder."""

    def __init__(
        self,
        folder: Path,
        chosen: LocalSettings,
        addresses: Addresses,
        applications: Mapping[str, str] = APPLICATIONS,
        migrate: Callable[["Suite", str], None] | None = None,
        bring_in: Callable[["Suite"], None] | None = None,
    ) -> None:
        self.folder = RunFolder(folder)
        self.chosen = chosen
        self.given = addresses
        self.applications = applications
        self.migrate = migrate or _migrate
        self.bring_in = bring_in or _bring_in
        self.secrets = Secrets(self.folder)
        self.listeners: dict[str, socket] = {}
        self.environments: dict[str, dict[str, str]] = {}
        self.cluster: Cluster | None = None
        self.database_port = 0

    def run(self, *, serve: bool = True) -> None:
        """Start everything, serve until somebody asks us to stop, and leave nothing running.

        Without serving, only the databases are made and brought to the newest state.
        """
        self.folder.take()
        self.folder.forget_addresses()
        self._take_ports()
        self._settle_environments()
        supervisor = Supervisor(self._say, self._note_processes)
        try:
            apps = self._start_database(supervisor)
            if serve:
                self._start_parts(supervisor, apps)
                supervisor.keep_running()
        except Stopped:
            self._say("stopping")
        finally:
            self.folder.forget_addresses()
            supervisor.stop()

    def address_of(self, part: str) -> str:
        return f"http://{_reachable(self.host_of(part))}:{port_of(self.listeners[part])}"

    def host_of(self, part: str) -> str:
        """Only the door may be opened to the outside."""
        return self.chosen.host if part == "gateway" else LOOPBACK

    def runtime_url(self, part: str) -> str:
        """The database as the running part sees it."""
        given = self.given.database_of(part)
        return given or self.secrets.ownership_of(part).runtime_url(self._database_address)

    def migrator_url(self, part: str) -> str | None:
        """The same as the owner of the tables; unknown when a server was named without its owner."""
        if self.given.database_of(part) is not None:
            return self.given.migrator_of(part)
        return self.secrets.ownership_of(part).migrator_url(self._database_address)

    # The order of things

    def _start_database(self, supervisor: Supervisor) -> dict[str, Any]:
        """Have the databases up and migrated; the applications are loaded while that goes on."""
        if self._embedded():
            self.cluster = self._new_cluster()
            supervisor.run_jobs([("make the database cluster", self._prepare_cluster)])
            supervisor.start(self._database(self.cluster))
        apps = self._load()
        if self.cluster is not None:
            supervisor.wait_until(
                lambda: self.cluster is not None and self.cluster.ready, READY_WITHIN
            )
            supervisor.run_jobs([("make databases and roles", self._provision)])
        supervisor.run_jobs(
            [
                (f"migrate the database of {part}", self._migration(part))
                for part in self.applications
            ]
        )
        supervisor.run_jobs([("let the callers in", lambda: self.bring_in(self))])
        return apps

    def _start_parts(self, supervisor: Supervisor, apps: dict[str, Any]) -> None:
        for part, app in apps.items():
            supervisor.start(self._serving(part, app))
        supervisor.run_jobs([("get every part ready", self._wait_for_readiness)], READY_WITHIN + 5)
        self.folder.write_json(self.folder.addresses, self._where())
        self._say(self._welcome())

    def _take_ports(self) -> None:
        for part in self.applications:
            self.listeners[part] = bind(
                self.host_of(part), self.given.port_of(part), f"{part.upper()}_PORT"
            )
        if self._embedded():
            wanted = self.chosen.database_port
            bind(LOOPBACK, wanted, "HUISHE_DATABASE_PORT").close()
            self.database_port = wanted or free_port()

    def _load(self) -> dict[str, Any]:
        """Import everything once. What is frozen before the fork stays shared by all children."""
        gc.disable()
        apps = {part: load(where) for part, where in self.applications.items()}
        gc.collect()
        gc.freeze()
        return apps

    # The database

    def _embedded(self) -> list[str]:
        """The parts whose database is ours to make: those not pointed at a server."""
        return [part for part in self.applications if self.given.database_of(part) is None]

    @property
    def _database_address(self) -> str:
        return f"{LOOPBACK}:{self.database_port}"

    def _new_cluster(self) -> Cluster:
        user = SystemUser.for_database(self.chosen.database_user)
        archive = self.chosen.archive and log_of_changes(self.chosen.archive)
        return Cluster(self.folder.postgres, self.database_port, user, archive=archive)

    def _prepare_cluster(self) -> None:
        try:
            self._new_cluster().prepare()
        except DatabaseDidNotStart as reason:
            raise SystemExit(str(reason)) from None

    def _database(self, cluster: Cluster) -> Program:
        return Program(
            "PostgreSQL",
            launch=lambda: cluster.launch().pid,
            ends_on=signal.SIGINT,
            last_words=cluster.last_words,
            trouble_passes=cluster.trouble_passes,
        )

    def _provision(self) -> None:
        asyncio.run(
            self._provision_all([self.secrets.ownership_of(part) for part in self._embedded()])
        )

    async def _provision_all(self, ownerships: list[Ownership]) -> None:
        cluster = self._new_cluster()
        superuser = await cluster.connect()
        provisioner = Provisioner(superuser)
        for owned in ownerships:
            await provisioner.provision(owned)
        await provisioner.close_the_rest()
        offset = self.chosen.seconds_ahead(datetime.now(UTC))
        if self.chosen.sandbox and offset is not None:
            await provisioner.set_clock(offset)
        await superuser.close()
        for owned in ownerships:
            if self.chosen.sandbox and owned.service == "gateway":
                in_its_own = await cluster.connect(owned.database)
                await Provisioner(in_its_own).let_move_the_clock(owned.runtime)
                await in_its_own.close()

    def _migration(self, part: str) -> Callable[[], None]:
        return lambda: self.migrate(self, part)

    # The processes

    def _serving(self, part: str, app: Any) -> Program:
        log = self.folder.log_of(part)

        def work() -> None:
            for other, listener in self.listeners.items():
                if other != part:
                    listener.close()
            self._become(part)
            serve(app, self.listeners[part])

        return Program(part, launch=lambda: fork(work, log), last_words=lambda: _tail(log))

    def _wait_for_readiness(self) -> None:
        """Ask every part until it says that it is ready."""
        deadline = time.monotonic() + READY_WITHIN
        waiting = dict.fromkeys(self.applications, "no answer")
        while waiting:
            for part in list(waiting):
                waiting[part] = _asked_whether_ready(self.address_of(part))
                if waiting[part] == "ready":
                    del waiting[part]
            if waiting and time.monotonic() > deadline:
                raise SystemExit("\n".join(f"{part}: {answer}" for part, answer in waiting.items()))
            time.sleep(0.01)

    # Settings and secrets

    def _settle_environments(self) -> None:
        """Work out each part's settings and write them down, for whoever runs a command by hand.

        What somebody set in our own environment stands; only the ports are those that we hold.
        """
        for part in self.applications:
            told = self.environment_of(part)
            chosen = {
                name: value if name.endswith("_PORT") else os.environ.get(name, value)
                for name, value in told.items()
            }
            self.environments[part] = chosen
            with private_file(self.folder.environment_of(part)) as file:
                file.writelines(f"{name}='{value}'\n" for name, value in chosen.items())

    def _become(self, part: str) -> None:
        """Take a part's settings, and forget those of the others and of every migrator."""
        for name in list(os.environ):
            others = any(name.startswith(f"{other.upper()}_") for other in PARTS if other != part)
            if others or name.endswith("_MIGRATOR_DATABASE_URL"):
                del os.environ[name]
        os.environ.update(self.environments[part])

    def environment_of(self, part: str) -> dict[str, str]:
        """A part's settings, each as the variable that tells it."""
        told = {
            "DATABASE_URL": self.runtime_url(part),
            "SANDBOX": "true" if self.chosen.sandbox else "false",
            "BIND_HOST": self.host_of(part),
            "PORT": str(port_of(self.listeners[part])),
            "SECRET_KEY": self.secrets.of(f"{part} key"),
        }
        told |= self._of_the_gateway() if part == "gateway" else self._of_a_service(part)
        return {f"{part.upper()}_{name}": value for name, value in told.items()}

    def _of_the_gateway(self) -> dict[str, str]:
        upstreams = {
            part: [self.address_of(part)] for part in self.applications if part != "gateway"
        }
        return {
            "PUBLIC_URL": self.address_of("gateway"),
            "KEY_DIRECTORY": str(self.folder.path / "gateway-keys"),
            "WITNESS_DIRECTORY": str(self.folder.path / "gateway-witness"),
            "UPSTREAMS": json.dumps(upstreams),
            "SECRET_KEY": self.secrets.of("gateway key"),
            **(WEBHOOKS_TO_ONESELF if self.chosen.sandbox and self._only_for_us else {}),
        }

    @property
    def _only_for_us(self) -> bool:
        """Whether nobody but this machine can call: then webhooks may come back to it."""
        return ipaddress.ip_address(self.chosen.host).is_loopback

    def _of_a_service(self, part: str) -> dict[str, str]:
        told = {
            "GATEWAY_URL": self.address_of("gateway"),
            "CLIENT_ID": part,
            "CLIENT_SECRET": self.secrets.of(f"{part} client"),
            "JOURNAL_KEY_DIRECTORY": str(self.folder.path / "journal-keys"),
        }
        if part == "procurement":
            told["RECEIPT_KEY_FILE"] = str(self.folder.path / "receipt-key.json")
            told["BID_SECRET"] = self.secrets.of("procurement bids")
        return told

    # What people see

    def _where(self) -> dict[str, str]:
        return {part: self.address_of(part) for part in self.applications}

    # A full disk must not end the supervisor, who is needed then: what it tells is a courtesy.

    def _note_processes(self, pids: dict[str, int]) -> None:
        with suppress(OSError):
            self.folder.write_json(self.folder.processes, pids)

    def _say(self, words: str) -> None:
        with suppress(OSError):
            print(words, flush=True)

    def _welcome(self) -> str:
        door = self.address_of("gateway")
        python = Path(sys.executable).parent / "python"
        token = (
            f"{_short(python)} -m deploy.local token --folder {_short(self.folder.path)} auditor"
        )
        return f"""
惠社 Huishe is ready at {door}

  documents    {door}/docs
  credentials  {_short(self.folder.credentials)}
  logs         {_short(self.folder.logs)}

Three calls to try first:

  curl {door}/status
  curl {door}/registry/v1/codelists
  curl -H "Authorization: Bearer $({token})" {door}/registry/v1/events

Ctrl-C stops everything.
"""


def _migrate(suite: Suite, part: str) -> None:
    """Bring a part's database to the newest state, unless its owner is not known to us."""
    owner = suite.migrator_url(part)
    runtime = make_url(suite.runtime_url(part)).username or ""
    if owner is not None and part == "gateway":
        gateway_migrations.upgrade(owner, runtime)
    elif owner is not None:
        migrations.upgrade(part, owner, runtime, sandbox=suite.chosen.sandbox)


def _bring_in(suite: Suite) -> None:
    """Let the services and the first callers in, and write down how they are known."""
    secrets = suite.secrets
    people = [
        with_secret(client, secrets.of(f"{client.client_id} caller"))
        for client in callers(sandbox=suite.chosen.sandbox)
    ]
    services = [
        service_client(part, suite.environments[part][f"{part.upper()}_CLIENT_SECRET"])
        for part in suite.applications
        if part != "gateway"
    ]
    mark = suite.folder.postgres / "callers" if suite.cluster is not None else None
    bring_in(suite.runtime_url("gateway"), services + people, mark)
    suite.folder.write_json(
        suite.folder.credentials, as_credentials(suite.address_of("gateway"), people)
    )


def _asked_whether_ready(address: str) -> str:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=2)
    try:
        connection.request("GET", "/health/ready")
        answer = connection.getresponse()
        text = answer.read(500).decode(errors="replace")
    except OSError as error:
        return str(error)
    finally:
        connection.close()
    return "ready" if answer.status == 200 else f"{answer.status} {text}"


def _short(path: Path) -> Path:
    """A path as people type it, from where they stand."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _reachable(host: str) -> str:
    """The address by which we reach what listens on every address."""
    return LOOPBACK if host == "0.0.0.0" else host


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-3000:] if log.exists() else ""
