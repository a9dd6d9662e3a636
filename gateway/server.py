"""The server's side of the door."""

import resource
from typing import Any

from shared.http.server import StrictProtocol

MOST_DESCRIPTORS = 65_536


class DoorProtocol(StrictProtocol):
    """One connection of a caller. `Gateway.open` tells it what the settings say."""


def uvicorn_options() -> dict[str, Any]:
    """How uvicorn is to serve the gateway, whoever starts it."""
    return {
        "http": DoorProtocol,
        "loop": "uvloop",
        "ws": "none",
        "lifespan": "on",
        "access_log": False,
        "server_header": False,
        "proxy_headers": False,
        "log_config": None,
        "timeout_keep_alive": 30,
        "timeout_graceful_shutdown": 30,
    }


def hold_many_connections() -> None:
    """As many as the system lets us have, not the thousand that a shell begins with."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_DESCRIPTORS if most == resource.RLIM_INFINITY else most
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
