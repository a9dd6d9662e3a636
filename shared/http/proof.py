"""The journal's proof over HTTP: checkpoints, proofs of both kinds, keys, and erasing personal detail.

Everything here is public and can be checked without us: RFC 6962 trees, C2SP checkpoints.
"""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlalchemy import select
from starlette.responses import Response

from shared.database.session import driver_of
from shared.errors import InvalidInput, NotFound
from shared.http.routes import TheWork, WorkRoute, allow, open_to_all
from shared.http.schemas import Line, Schema, View
from shared.journal import tree
from shared.journal.examination import ERASED
from shared.journal.rows import journal, journal_checkpoint
from shared.runtime import runtime_of
from shared.words import Text
from shared.work import Work

router = APIRouter(prefix="/journal", tags=["journal"], route_class=WorkRoute)

LARGEST = 2**62
MOST_ERASED = 10_000
Size = Annotated[
    int | None, Query(ge=1, le=LARGEST, description="Size of the tree; the newest when not given")
]


class KeyView(View):
    """`key` is a C2SP verifier key: name+id+base64. Compare the fingerprint by another way."""

    key: str
    fingerprint: str


class KeysView(View):
    origin: str
    keys: list[KeyView]


class InclusionView(View):
    """The leaf at this position is under this root: PATH of RFC 6962, 2.1.1. Hashes in hex."""

    position: int
    leaf: str
    size: int
    root: str
    path: list[str]


class ConsistencyView(View):
    """The tree of `size` begins with that of `old`: PROOF of RFC 6962, 2.1.2. Hashes in hex."""

    old: int
    old_root: str
    size: int
    root: str
    path: list[str]


@router.get(
    "/checkpoint",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
@open_to_all
async def read_checkpoint(request: Request, work: TheWork, size: Size = None) -> Response:
    """Read the newest signed checkpoint, or the one of a size.

    C2SP tlog-checkpoint: origin, size and root, signed (Ed25519) by every key of the journal. Keep
    it: with a checkpoint that you kept, nobody can change what came before it unseen.
    """
    runtime = runtime_of(request)
    kept = journal_checkpoint.c
    statement = select(kept.note).where(kept.origin == runtime.journal.origin)
    if size is not None:
        statement = statement.where(kept.size == size)
    note = await work.session.scalar(statement.order_by(kept.size.desc()).limit(1))
    if note is None:
        raise NotFound()
    return Response(note, media_type="text/plain", headers={"Cache-Control": "no-cache"})


@router.get("/keys", response_model=KeysView)
@open_to_all
async def read_journal_keys(request: Request) -> KeysView:
    """Read the public keys that sign this journal.

    Whom to trust is not learnt from here: compare the fingerprints with what you got by another way.
    """
    identity = runtime_of(request).journal
    keys = [KeyView(key=str(key), fingerprint=key.fingerprint) for key in identity.verifiers]
    return KeysView(origin=identity.origin, keys=keys)


@router.get("/inclusion", response_model=InclusionView)
@open_to_all
async def prove_inclusion(
    request: Request,
    position: Annotated[int, Query(ge=1, le=LARGEST, description="As the feed gives it, from 1")],
    size: Size = None,
) -> InclusionView:
    """Prove that an entry stands at its position, in a tree of a size."""
    async with driver_of(runtime_of(request).engine) as connection:
        found = await _bounded(connection, size)
        if position > found:
            raise _beyond("position", found)
        leaf = await tree.leaf_at(connection, position)
        path = await tree.prove_inclusion(connection, position - 1, found)
        root = await tree.root_at(connection, found)
    return InclusionView(
        position=position, leaf=leaf.hex(), size=found, root=root.hex(), path=_hex(path)
    )


@router.get("/consistency", response_model=ConsistencyView)
@open_to_all
async def prove_consistency(
    request: Request,
    old: Annotated[int, Query(ge=0, le=LARGEST, description="Size of the earlier tree")],
    size: Size = None,
) -> ConsistencyView:
    """Prove that nothing was changed since a checkpoint: the later tree begins with the earlier."""
    async with driver_of(runtime_of(request).engine) as connection:
        found = await _bounded(connection, size)
        if old > found:
            raise _beyond("old", found)
        path = await tree.prove_consistency(connection, old, found)
        old_root = await tree.root_at(connection, old)
        root = await tree.root_at(connection, found)
    return ConsistencyView(
        old=old, old_root=old_root.hex(), size=found, root=root.hex(), path=_hex(path)
    )


def _hex(path: list[bytes]) -> list[str]:
    return [step.hex() for step in path]


async def _bounded(connection: tree.Connection, size: int | None) -> int:
    """The size asked for, if the tree is that large by now."""
    newest = await tree.size_of(connection)
    if newest == 0:
        raise NotFound()
    if size is not None and size > newest:
        raise _beyond("size", newest)
    return size or newest


def _beyond(parameter: str, newest: int) -> InvalidInput:
    return InvalidInput.at(
        f"/query/{parameter}",
        Text(zh=f"不得超过日志现有的 {newest} 条", en=f"at most {newest}, the size of the journal"),
        Text(zh="请先读取最新检查点", en="read the newest checkpoint first"),
    )


# ---------------------------------------------------------------------- erasing personal detail


class ErasureGround(StrEnum):
    """When personal information has to be deleted: 个人信息保护法 47.

    草案: written after the article from memory; nobody has held it against the text yet.
    """

    PURPOSE_OVER = "purpose-over"  # 处理目的已实现、无法实现或者不再必要
    RETENTION_OVER = "retention-over"  # 停止提供服务，或者保存期限已届满
    CONSENT_WITHDRAWN = "consent-withdrawn"  # 个人撤回同意
    UNLAWFUL = "unlawful"  # 违反法律、行政法规或者违反约定
    OTHER_LAW = "other-law"  # 法律、行政法规规定的其他情形


class Erasure(Schema):
    """Whose detail goes, by which ground of 个人信息保护法 47, and the decision that orders it."""

    subject: Annotated[str, Field(pattern=r"^[a-z_]{1,80}$", examples=["worker"])]
    subject_id: Annotated[str, Field(min_length=1, max_length=80)]
    ground: ErasureGround
    decision: Line = Field(description="The written decision that orders it, by its number 文号")


class ErasureView(View):
    """`entries` are the ids of the journal rows whose detail was erased."""

    subject: str
    subject_id: str
    ground: ErasureGround
    decision: str
    entries: list[str]


@router.post("/erasures", status_code=201, response_model=ErasureView)
@allow("administrator")
async def erase_detail(erasure: Erasure, work: TheWork) -> ErasureView:
    """Erase the private detail of a subject's entries, and journal that and why.

    Detail and salt of every entry of the subject so far are deleted for good; what is public, its
    place and its proof stay. The entry that tells of the erasure names them, with ground and decision.
    """
    entries = await _with_detail(work, erasure)
    if not entries:
        raise NotFound()
    work.tell(
        erasure.subject,
        erasure.subject_id,
        ERASED,
        ground=erasure.ground.value,
        decision=erasure.decision,
        entries=entries,
    )
    driver = await work.hot()
    await driver.execute("SELECT journal_erase_detail($1::uuid[])", entries)
    return ErasureView(**erasure.model_dump(), entries=entries)


async def _with_detail(work: Work, erasure: Erasure) -> list[str]:
    found = await work.session.scalars(
        select(journal.c.id)
        .where(journal.c.subject == erasure.subject, journal.c.subject_id == erasure.subject_id)
        .where(journal.c.detail_text.is_not(None), journal.c.kind != ERASED)
        .order_by(journal.c.seq)
        .limit(MOST_ERASED)
    )
    return [str(row_id) for row_id in found]
