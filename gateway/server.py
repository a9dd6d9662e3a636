"""The server's side of the door."""

from typing import Any

from shared.http.server import StrictProtocol


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
        "timeout_graceful_shutdown": 5,
    }
