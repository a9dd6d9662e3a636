"""A long journal, as a service writes it but many rows at once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from shared.journal.rows import Entry, row

COLUMNS = [
    "id",
    "at",
    "actor",
    "kind",
    "subject",
    "subject_id",
    "subject_version",
    "audience",
    "public_text",
    "detail_text",
    "detail_hash",
    "salt",
    "leaf",
]
BATCH = 20_000


async def fill(
    connection: "asyncpg.Connection[Any]", service: str, since: datetime, count: int
) -> None:
    """So many rows more, one for each second; the relay gives them their places."""
    for first in range(0, count, BATCH):
        rows = journal_rows(service, since, range(first, min(count, first + BATCH)))
        await connection.copy_records_to_table("journal", records=rows, columns=COLUMNS)


def journal_rows(service: str, since: datetime, numbers: range) -> Iterator[tuple[object, ...]]:
    for number in numbers:
        entry = Entry(
            "lamp.seen",
            "lamp",
            str(UUID(int=number)),
            1,
            {"state": "lit", "number": number},
            {"actor": {"client_id": "clerk"}, "operation": "see_lamp", "note": "看见了灯" * 10},
        )
        made = row(service, entry, actor="clerk", at=since + timedelta(seconds=number))
        yield tuple(made[column] for column in COLUMNS)
