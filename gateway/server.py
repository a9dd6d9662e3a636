"""The server's side of the door."""

import resource
from typing import Any

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from gateway.express import Express
from shared.http.server import StrictProtocol

MOST_DESCRIPTORS = 65_536


class DoorProtocol(StrictProtocol):
    """One connection of a caller. `Gateway.open` tells it what the settings say."""

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Where uvicorn would start a task for each request: many do without one (`express.py`)."""
        door = getattr(app, "door", None)
        if door is None:
            super()._start_asgi_task(cycle, app)
            return
        passage = door.enter(cycle.scope, cycle.receive, cycle.send)

        def usual_way() -> None:
            cycle.scope["huishe.passage"] = passage  # type: ignore[typeddict-unknown-key]
            super(DoorProtocol, self)._start_asgi_task(cycle, app)

        if not Express(passage, cycle, usual_way).takes():
            usual_way()


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
