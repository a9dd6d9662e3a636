"""A gateway in a process of its own, for what counts descriptors or would starve the test's loop."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from gateway.app import Gateway
from gateway.server import uvicorn_options
from shared.database.embedded import dies_with_parent
from tests.support.configuration import changed, write
from tests.support.gateway import gateway_settings, listener
from tests.support.suite import ROOT

KEPT_SECONDS = 120


@dataclass(frozen=True)
class GatewayApart:
    port: int
    pid: int

    @property
    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))


@contextmanager
def gateway_apart(
    keys: Path, *, configuration: dict[str, Any], **settings: Any
) -> Iterator[GatewayApart]:
    """It begins with the thousand descriptors that a shell gives."""
    file = write(keys.with_name(f"{keys.name}.toml"), changed(**configuration))
    with listener() as listening:
        told = {"key_directory": str(keys), "configuration_file": str(file), **settings}
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(listening.fileno()), json.dumps(told)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            pass_fds=[listening.fileno()],
            preexec_fn=_modestly(dies_with_parent(signal.SIGTERM)),
        )
        try:
            yield GatewayApart(listening.getsockname()[1], process.pid)
        finally:
            process.terminate()
            process.wait(20)


def _modestly(promise: Callable[[], None]) -> Callable[[], None]:
    def begin() -> None:
        promise()
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (1024, most))

    return begin


def _serve(descriptor: int, settings: dict[str, Any]) -> None:
    listening = socket.socket(fileno=descriptor)
    listening.listen(2048)
    options = {**uvicorn_options(), "timeout_keep_alive": KEPT_SECONDS}
    config = uvicorn.Config(Gateway(gateway_settings(**settings)), **options)
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    _serve(int(sys.argv[1]), json.loads(sys.argv[2]))
