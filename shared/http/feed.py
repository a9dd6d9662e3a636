"""Reading the journal: the feed from a position on, and the history of one subject.

Feed pages are joined from stored text by a statement over the driver: no object is built for a
row. An entry that the reader may not see is given as position and leaf only, so that the proof
holds for everybody.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request
from sqlalchemy import select
from starlette.responses import Response

from shared.database.session import driver_of
from shared.days import end_of
from shared.errors import NotFound
from shared.http.routes import TheActor, TheWork, WorkRoute, open_to_all
from shared.http.schemas import View
from shared.journal.rows import PUBLIC, journal
from shared.runtime import Runtime, runtime_of

router = APIRouter(tags=["journal"], route_class=WorkRoute)

MOST_WAIT_SECONDS = 25.0
MOST_ROWS = 1000
IMMUTABLE = "public, max-age=31536000, immutable"

_PAGE = f"""
SELECT p.position,
       '{{"position":' || p.position || ',"leaf":"' || encode(p.leaf, 'hex') || '"'
       || CASE WHEN $3 OR j.audience = '{PUBLIC}' THEN ',"event":' || j.public_text ELSE '' END
       || '}}' AS entry
FROM journal_position p JOIN journal j ON j.id = p.id
WHERE p.position > $1 ORDER BY p.position LIMIT $2
"""


class FeedEntry(View):
    """One placed row. `event` is a CloudEvent; it is absent where the reader may not see it."""

    position: int
    leaf: str
    event: dict[str, Any] | None = None


class FeedPage(View):
    """Entries in order, without gaps. Ask again with `after` = `next`."""

    items: list[FeedEntry]
    next: int
    full: bool


@router.get("/events", response_model=FeedPage)
@open_to_all
async def read_feed(
    request: Request,
    actor: TheActor,
    after: Annotated[int, Query(ge=0, le=2**62, description="The last position you have")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS, description="Rows a page")] = 100,
    wait: Annotated[
        float, Query(ge=0, le=MOST_WAIT_SECONDS, description="Seconds to wait for a first row")
    ] = 0,
) -> Response:
    """Read what happened, in order, after a position.

    CloudEvents 1.0. The leaf of an entry is SHA-256(0x00 ‖ RFC 8785 text of `event`). Full pages
    never change and may be cached for ever.
    """
    runtime = runtime_of(request)
    sees_all = actor.has("auditor")
    since = runtime.feed.turn
    rows = await _rows(runtime, after, limit, sees_all)
    if not rows and wait:
        await runtime.feed.wait(wait, since=since)
        rows = await _rows(runtime, after, limit, sees_all)
    items = ",".join([row["entry"] for row in rows])
    last = rows[-1]["position"] if rows else after
    full = len(rows) == limit
    body = f'{{"items":[{items}],"next":{last},"full":{"true" if full else "false"}}}'
    private = not actor.anonymous
    caching = IMMUTABLE if full and not private else "private, no-cache" if private else "no-cache"
    return Response(body, media_type="application/json", headers={"Cache-Control": caching})


async def _rows(runtime: Runtime, after: int, limit: int, sees_all: bool) -> Sequence[Any]:
    async with driver_of(runtime.engine) as connection:
        found: Sequence[Any] = await connection.fetch(_PAGE, after, limit, sees_all)
        return found


class HistoryEntry(View):
    """One version of a subject. `detail` (facts, findings, after-state) is for auditors."""

    id: UUID
    at: str
    kind: str
    version: int
    event: dict[str, Any]
    detail: dict[str, Any] | None = None


class History(View):
    subject: str
    subject_id: str
    items: list[HistoryEntry]


@router.get("/history/{subject}/{subject_id}", response_model=History)
@open_to_all
async def read_history(
    subject: str,
    subject_id: str,
    work: TheWork,
    version: Annotated[
        int | None, Query(ge=0, le=2**31 - 1, description="Only that version")
    ] = None,
    on: Annotated[date | None, Query(description="As it stood at the end of that day")] = None,
) -> History:
    """Read what became of one thing: every version, one version, or as it stood on a day."""
    statement = select(journal).where(
        journal.c.subject == subject, journal.c.subject_id == subject_id
    )
    sees_all = work.actor.has("auditor")
    if not sees_all:
        statement = statement.where(journal.c.audience == PUBLIC)
    if version is not None:
        statement = statement.where(journal.c.subject_version == version)
    if on is not None:
        statement = statement.where(journal.c.at <= end_of(on))
    rows = (await work.session.execute(statement.order_by(journal.c.seq))).all()
    if not rows:
        raise NotFound()
    if on is not None:
        rows = rows[-1:]
    return History(
        subject=subject,
        subject_id=subject_id,
        items=[_history_entry(row, sees_all) for row in rows],
    )


def _history_entry(row: Any, sees_all: bool) -> HistoryEntry:
    event = orjson.loads(row.public_text)
    return HistoryEntry(
        id=row.id,
        at=event["time"],
        kind=row.kind,
        version=row.subject_version,
        event=event,
        detail=orjson.loads(row.detail_text) if sees_all and row.detail_text else None,
    )
