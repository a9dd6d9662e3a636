"""A suite whose five parts are one small application each, run as a program of its own.

The supervisor forks, so it is watched from outside, as an operator would.
"""

import os
import sys
from pathlib import Path
from typing import Any

from deploy.local.__main__ import reporting
from deploy.local.settings import PARTS, addresses, local_settings
from deploy.local.suite import Suite


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answers with the number of its process, or with the names of its settings."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    body = " ".join(sorted(os.environ)) if scope["path"] == "/settings" else str(os.getpid())
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body.encode()})


async def broken(scope: Any, receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "no key to sign with"})


def main(folder: Path, applications: dict[str, str]) -> int:
    suite = Suite(
        folder,
        local_settings(),
        addresses(),
        applications,
        migrate=lambda suite, part: None,
        bring_in=lambda suite: None,
    )
    return reporting(suite.run)


if __name__ == "__main__":
    parts = dict.fromkeys(PARTS, "little_suite:app")
    parts |= dict(argument.split("=") for argument in sys.argv[2:])
    sys.exit(main(Path(sys.argv[1]), parts))
