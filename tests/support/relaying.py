"""A relay in a process of its own: `python -m tests.support.relaying ADDRESS ORIGIN KEYS`, until it is killed."""

import asyncio
import sys
from pathlib import Path

import asyncpg

from shared.journal.identity import JournalIdentity
from shared.journal.positions import Relay


async def _for_ever(address: str, identity: JournalIdentity) -> None:
    connection, relay = await asyncpg.connect(address), Relay(identity)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        if not await relay.once(connection):
            await asyncio.sleep(0.002)


if __name__ == "__main__":
    asyncio.run(_for_ever(sys.argv[1], JournalIdentity(sys.argv[2], Path(sys.argv[3]))))
