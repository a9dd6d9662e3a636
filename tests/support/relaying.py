"""A relay in a process of its own: `python -m tests.support.relaying ADDRESS`, until it is killed."""

import asyncio
import sys

import asyncpg

from shared.journal.positions import relay_once


async def place(connection: asyncpg.Connection) -> int:
    """Everything that the tests know of how rows get their places."""
    return await relay_once(connection)


async def _for_ever(address: str) -> None:
    connection = await asyncpg.connect(address)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        if not await place(connection):
            await asyncio.sleep(0.002)


if __name__ == "__main__":
    asyncio.run(_for_ever(sys.argv[1]))
