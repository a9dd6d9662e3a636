"""The evidence bundle of one subject, made while it is asked for."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy import select
from starlette.responses import Response

from shared.database.session import driver_of
from shared.errors import InvalidInput, NotFound
from shared.http.routes import TheWork, WorkRoute, open_to_all
from shared.journal import tree
from shared.journal.evidence import Bundle, ProvedEntry
from shared.journal.evidence_page import page_of
from shared.journal.notes import Note
from shared.journal.rows import PUBLIC, journal, journal_checkpoint, journal_position
from shared.runtime import Runtime, runtime_of
from shared.words import Text
from shared.work import Work

router = APIRouter(tags=["journal"], route_class=WorkRoute)

MOST_ENTRIES = 2000
Word = Annotated[str, Path(max_length=80)]


@router.get(
    "/evidence/{subject}/{subject_id}",
    response_class=Response,
    responses={
        200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
    },
)
@open_to_all
async def read_evidence(
    subject: Word,
    subject_id: Word,
    request: Request,
    work: TheWork,
    size: Annotated[
        int | None, Query(ge=1, le=2**62, description="Of a checkpoint; the newest when not given")
    ] = None,
) -> Response:
    """Take away the evidence of one thing: its entries, proofs, checkpoint, keys, and a page on it.

    A zip with what is proved in Chinese (`证明.html`). Auditors get restricted entries and the detail of
    each. `python -m shared.journal check` verifies it offline; 2,000 entries at most.
    """
    runtime = runtime_of(request)
    note, found = await _checkpoint(work, runtime, size)
    rows = await _entries(work, subject, subject_id, found)
    if not rows:
        raise NotFound()
    entries = await _proved(runtime, rows, found, whole=work.actor.has("auditor"))
    name = f"{subject}/{subject_id}"
    bundle = Bundle(runtime.service, name, note, runtime.journal.verifiers, entries)
    return Response(
        bundle.encode(page_of(bundle)),
        media_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="evidence-{found}.zip"',
            "Cache-Control": "private, no-cache",
        },
    )


async def _checkpoint(work: Work, runtime: Runtime, size: int | None) -> tuple[Note, int]:
    kept = journal_checkpoint.c
    statement = select(kept.note, kept.size).where(kept.origin == runtime.journal.origin)
    if size is not None:
        statement = statement.where(kept.size == size)
    found = (await work.session.execute(statement.order_by(kept.size.desc()).limit(1))).first()
    if found is None:
        raise NotFound()
    return Note.parse(found.note), found.size


async def _entries(work: Work, subject: str, subject_id: str, size: int) -> list[Any]:
    statement = (
        select(journal_position.c.position, journal)
        .join(journal, journal.c.id == journal_position.c.id)
        .where(journal.c.subject == subject, journal.c.subject_id == subject_id)
        .where(journal_position.c.position <= size)
    )
    if not work.actor.has("auditor"):
        statement = statement.where(journal.c.audience == PUBLIC)
    statement = statement.order_by(journal_position.c.position).limit(MOST_ENTRIES + 1)
    rows = list((await work.session.execute(statement)).all())
    if len(rows) > MOST_ENTRIES:
        raise InvalidInput.at(
            "/query/size",
            Text(
                zh=f"一个证据包至多 {MOST_ENTRIES} 条",
                en=f"at most {MOST_ENTRIES} entries a bundle",
            ),
            Text(zh="请选择较早的检查点", en="choose an earlier checkpoint"),
        )
    return rows


async def _proved(
    runtime: Runtime, rows: list[Any], size: int, *, whole: bool
) -> list[ProvedEntry]:
    async with driver_of(runtime.engine) as connection:
        return [
            ProvedEntry(
                row.position,
                row.public_text,
                await tree.prove_inclusion(connection, row.position - 1, size),
                row.detail_text if whole else None,
                row.salt if whole and row.detail_text else None,
            )
            for row in rows
        ]
