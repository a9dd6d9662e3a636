"""What a child of the supervisor does: serve one application on a socket bound before the fork."""

import importlib
import socket
from typing import Any

import uvicorn

from shared.http.server import StrictProtocol

BACKLOG = 2048


class PortTaken(Exception):
    """Somebody else listens there; the message names the setting that chooses another port."""


def bind(host: str, port: int, setting: str) -> socket.socket:
    """Take a port now, in the parent: a child that is started again finds its callers waiting."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except PermissionError:
        raise PortTaken(
            f"Port {port} needs rights that we lack: choose another with {setting}"
        ) from None
    except OSError as error:
        raise PortTaken(
            f"Port {port} on {host} cannot be taken ({error.strerror}): another program may use it. "
            f"Choose another with {setting}, for example {setting}={port + 10000 if port < 50000 else 0}"
        ) from None
    return listener


def port_of(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


def load(application: str) -> Any:
    """Import `package.module:name`."""
    module, name = application.split(":")
    return getattr(importlib.import_module(module), name)


def serve(app: Any, listener: socket.socket) -> None:
    """Serve until told to end, then finish what was begun."""
    config = uvicorn.Config(
        app,
        loop="uvloop",
        # An application may bring the protocol that its requests are read with.
        http=getattr(app, "http_protocol", StrictProtocol),
        ws="none",
        lifespan="on",
        access_log=False,
        server_header=False,
        log_config=None,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)
    server.run(sockets=[listener])
    if not server.started:
        raise SystemExit(3)
