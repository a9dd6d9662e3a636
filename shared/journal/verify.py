"""Checking a whole journal against checkpoints that somebody else kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from shared.journal import sources
from shared.journal.examination import Examination
from shared.journal.notes import Checkpoint, VerifierKey


@dataclass(slots=True)
class Trust:
    """What the one who checks brings along: the log's name, its keys, and checkpoints kept elsewhere."""

    origin: str
    keys: Sequence[VerifierKey]
    kept: Sequence[Checkpoint]

    def examination(self) -> Examination:
        return Examination(self.origin, self.keys, self.kept)


@dataclass(slots=True)
class DatabaseReading:
    """A reading of a database from its first position to its last, some rows at a time."""

    trust: Trust
    examination: Examination = field(init=False)

    def __post_init__(self) -> None:
        self.examination = self.trust.examination()

    async def step(self, connection: sources.Connection, most: int = sources.PAGE) -> bool:
        """Read on; True when the end was reached and everything is told."""
        found = self.examination
        page = await sources.page_of_database(connection, self.trust.origin, found.last, most)
        for row in page:
            found.take(row)
        found.faults += await sources.faults_of_nodes(connection, found.made)
        found.made.clear()
        if len(page) == most:
            return False
        found.faults += await sources.faults_of_database(connection)
        found.finish()
        return True


async def verify_database(connection: sources.Connection, trust: Trust) -> Examination:
    reading = DatabaseReading(trust)
    while not await reading.step(connection):
        pass
    return reading.examination


def verify_export(path: Path, trust: Trust) -> Examination:
    examination = trust.examination()
    for row in sources.rows_of_export(path):
        examination.take(row)
        examination.made.clear()
    examination.finish()
    return examination


async def verify_feed(http: httpx.AsyncClient, service: str, trust: Trust) -> Examination:
    """Up to the longest checkpoint that was kept: what anybody can check without a database."""
    examination = trust.examination()
    longest = max(checkpoint.size for checkpoint in trust.kept)
    async for row in sources.rows_of_feed(http, service, longest):
        examination.take(row)
        examination.made.clear()
    examination.finish()
    return examination
