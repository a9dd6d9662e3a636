"""The whole suite as its users have it: every process real, the gateway the only door."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import asyncpg
import httpx

from deploy.local.settings import PARTS
from shared.database.embedded import dies_with_parent

ROOT = Path(__file__).parents[2]
FREE_PORTS = {f"{part.upper()}_PORT": "0" for part in PARTS} | {"HUISHE_DATABASE_PORT": "0"}
STARTS = "2026-03-02T09:00:00+08:00"
READY_WITHIN = 90.0

_TABLES = """SELECT table_name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"""


def eventually(true: Callable[[], bool], what: str, within: float = 10.0) -> float:
    """Wait until something has come about; the seconds it took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < within, f"within {within:.0f} s: {what}"
        time.sleep(0.05)
    return time.monotonic() - began


def gone(pid: int) -> bool:
    """Whether no such process runs; one that nobody has collected yet is as good as gone."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


def processes_in(folder: Path) -> list[int]:
    """Whoever was started for a folder, or works in it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            told = (process / "cmdline").read_bytes() + os.readlink(process / "cwd").encode()
            if str(folder).encode() in told and not gone(int(process.name)):
                found.append(int(process.name))
    return found


def children_of(parent: int) -> list[int]:
    """Whoever was started by a process and still runs or was not collected yet."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            ppid = int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if ppid == parent:
                found.append(int(process.name))
    return found


@dataclass
class RunningSuite:
    """Five processes and their database in one folder."""

    folder: Path
    http: httpx.Client = field(init=False)
    _tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    """Each with the moment from which another is fetched: long forms outlast them."""

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.address_of("gateway"), timeout=20, trust_env=False)

    @cached_property
    def addresses(self) -> dict[str, str]:
        return dict(json.loads((self.folder / "addresses.json").read_text()))

    @cached_property
    def _credentials(self) -> dict[str, dict[str, Any]]:
        return dict(json.loads((self.folder / "credentials.json").read_text())["clients"])

    def address_of(self, part: str) -> str:
        return self.addresses[part]

    def pid_of(self, name: str) -> int:
        return int(json.loads((self.folder / "processes.json").read_text())[name])

    # Asking

    def ask(
        self,
        caller: str | None,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        """One request through the gateway, with a key of its own if it is to write."""
        sent = {**self.bearer(caller), "idempotency-key": str(uuid4()), **(headers or {})}
        if method == "GET":
            del sent["idempotency-key"]
        if body is not None:
            more["json"] = body
        return self.http.request(method, path, headers=sent, **more)

    def bearer(self, caller: str | None) -> dict[str, str]:
        return {} if caller is None else {"authorization": f"Bearer {self.token_of(caller)}"}

    def token_of(self, caller: str) -> str:
        token, until = self._tokens.get(caller, ("", 0.0))
        if time.monotonic() >= until:
            answer = self.ask_for_token(caller)
            assert answer.status_code == 200, answer.text
            token = answer.json()["access_token"]
            self._tokens[caller] = token, time.monotonic() + answer.json()["expires_in"] / 2
        return token

    @property
    def tokens(self) -> dict[str, str]:
        """What was fetched for each caller last."""
        return {caller: token for caller, (token, _) in self._tokens.items()}

    def ask_for_token(self, caller: str) -> httpx.Response:
        return self.http.post(
            "/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=(caller, self._credentials[caller]["secret"]),
        )

    def raw(self, request: bytes) -> bytes:
        """Bytes in, bytes out, for what no HTTP client would send."""
        host, port = self.address_of("gateway").removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
        return answer

    # What is kept

    def kept_by(self, service: str) -> dict[str, int]:
        """How many rows each table of a service has, as its own role sees them."""
        return asyncio.run(self._count(self._database_of(service)))

    async def _count(self, address: str) -> dict[str, int]:
        connection = await asyncpg.connect(address)
        try:
            tables = [row[0] for row in await connection.fetch(_TABLES)]
            counts = (f'SELECT $${name}$$, count(*) FROM "{name}"' for name in tables)
            rows = await connection.fetch(" UNION ALL ".join(counts))
            return {row[0]: row[1] for row in rows}
        finally:
            await connection.close()

    def _database_of(self, service: str) -> str:
        told = (self.folder / "environment" / f"{service}.env").read_text().splitlines()
        settings = dict(line.split("=", 1) for line in told)
        address = settings[f"{service.upper()}_DATABASE_URL"].strip("'")
        return address.replace("postgresql+asyncpg://", "postgresql://", 1)

    def superuser_url(self, database: str) -> str:
        """With every right, for whoever plays the attacker."""
        password = (self.folder / "postgres" / "superuser.password").read_text().strip()
        address = self._database_of("registry").rsplit("@", 1)[1].split("/")[0]
        return f"postgresql://postgres:{quote(password, safe='')}@{address}/{database}"

    def starts_of_the_database(self) -> int:
        """How often it has become ready."""
        log = (self.folder / "postgres" / "postgres.log").read_text()
        return log.count("ready to accept connections")

    # Faults

    def kill(self, name: str) -> int:
        """`kill -9`; the process that was."""
        pid = self.pid_of(name)
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: gone(pid), f"{name} is gone")
        return pid

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """A process that is there and does nothing: nobody starts it again."""
        pid = self.pid_of(name)
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)


@contextmanager
def running_suite(
    folder: Path, *, through: Sequence[str] = (), **settings: str
) -> Iterator[RunningSuite]:
    """A sandbox on free ports; it ends with us, whatever happens to us.

    `through` is a command that starts it and then is no more, with mounts of its own perhaps: its
    files are looked at as it sees them.
    """
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [*through, sys.executable, "-m", "deploy.local", "up", "--folder", str(folder / "run")],
            cwd=ROOT,
            env={**os.environ, **FREE_PORTS, "HUISHE_SANDBOX_STARTS": STARTS, **settings},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )
        try:
            run = Path(f"/proc/{process.pid}/root{folder}/run") if through else folder / "run"
            addresses = run / "addresses.json"
            eventually(
                lambda: addresses.exists() or process.poll() is not None, "ready", READY_WITHIN
            )
            assert process.poll() is None, (folder / "said").read_text()
            suite = RunningSuite(run)
            with suite.http:
                yield suite
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(30)
            process.kill()
            process.wait()
