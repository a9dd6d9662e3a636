import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from services.procurement.bids import queries
from services.procurement.bids.models import Bid, BidCommit
from services.procurement.bids.queries import Reading
from services.procurement.bids.rules import ARRIVAL, Arrival, Counted, Lodged, count
from services.procurement.bids.schemas import BidStatusView, PartView
from services.procurement.custody.keys import ServiceKeys, service_keys
from services.procurement.tenders.lifecycle import TenderState
from services.procurement.tenders.models import Tender
from services.procurement.tenders.queries import tender_of
from shared.days import day_of
from shared.errors import Conflict, InvalidInput, NotFound
from shared.sealing.canonical import Fields, canonical, read_document
from shared.sealing.errors import SealingError
from shared.sealing.manifests import LARGEST_ENVELOPE, PARTS, Envelope, Withdrawal
from shared.sealing.parts import LARGEST_PART
from shared.sealing.receipts import Receipt, issue_receipt
from shared.words import Text
from shared.work import Work

COMMIT_FORMAT = "huishe-bid-commit/1"
_NOT_YET = datetime.max.replace(tzinfo=UTC)
"""When a commit was received the statement says that keeps it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of one part, with their place in it."""

    start: int
    total: int
    content: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Lodging:
    """What a commit asks for."""

    tender_id: UUID
    document: Envelope | Withdrawal


async def begin_bid(work: Work, org: str) -> Bid:
    """Make a place for the parts of a bid. Nothing says yet for which tender."""
    bid_id = uuid4()
    mark = service_keys(work.settings).submitter_mark(org, bid_id.bytes)
    bid = Bid(id=bid_id, submitter_mark=mark)
    work.add_row(bid)
    return bid


async def keep_piece(work: Work, org: str, bid_id: UUID, part: int, piece: Piece) -> PartView:
    """Keep a piece of a part; the same piece again changes nothing."""
    _check_piece(piece)
    connection = await work.hot()
    # Pieces of one bid come one after the other, or the last two could each miss the other.
    mark = await connection.fetchval(queries.LOCK_BID, bid_id)
    _require_own(work, org, bid_id, mark)
    kept = await connection.execute(
        queries.KEEP_PIECE, bid_id, part, piece.start, piece.total, piece.content
    )
    if kept == "INSERT 0 0":
        await _require_same(work, bid_id, part, piece)
    pieces = await connection.fetch(queries.PIECES, bid_id, part)
    at = 0
    for found in pieces:
        if found["total"] != piece.total or found["start"] < at:
            raise Conflict(
                Text(
                    zh="分片与已收到的不衔接，请重新开始一份投标",
                    en="the piece does not fit those that came before: begin a new bid",
                )
            )
        at = found["start"] + found["size"]
    received = sum(found["size"] for found in pieces)
    whole: bytes | None = None
    if received == piece.total:
        content = await queries.content_of(work.session, bid_id, part)
        whole = hashlib.sha256(content).digest()
        await connection.execute(queries.KEEP_PART, bid_id, part, len(content), whole)
    return PartView(
        part=part, size=piece.total, received=received, digest=whole.hex() if whole else None
    )


async def bid_status(work: Work, org: str, bid_id: UUID) -> BidStatusView:
    """How far an upload has come, and the receipt."""
    bid = await queries.bid_of(work.session, bid_id)
    _require_own(work, org, bid_id, bid.submitter_mark if bid else None)
    whole = {part.part: part.digest for part in await queries.parts_of(work.session, bid_id)}
    commit = await queries.commit_of(work.session, bid_id)
    return BidStatusView(
        id=bid_id,
        parts=[
            PartView(
                part=row.part,
                size=row.total,
                received=row.received,
                digest=whole[row.part].hex() if row.part in whole else None,
            )
            for row in await queries.received_of(work.session, bid_id)
        ],
        receipt=None if commit is None else _receipt_of(work, commit).as_dict(),
    )


def read_commit(body: bytes) -> Lodging:
    """The commit's own document, strictly: any byte that is not canonical is refused."""
    try:
        fields = read_document(body, "commit", largest=LARGEST_ENVELOPE)
        fields.format(COMMIT_FORMAT)
        tender_id = fields.uuid("tender")
        kind = fields.one_of("kind", ("bid", "withdrawal"))
        lodged = fields.fields("lodged")
        document = Envelope.read(lodged) if kind == "bid" else Withdrawal.read(lodged)
        fields.done()
    except SealingError as error:
        raise _invalid(error) from error
    return Lodging(tender_id, document)


async def commit_bid(work: Work, org: str, bid_id: UUID, lodging: Lodging) -> Receipt:
    """Lodge a bid, or take one back. One statement; the row that it keeps is the receipt.

    The same commit again gives the same receipt, also after the deadline.
    """
    keys = service_keys(work.settings)
    if isinstance(lodging.document, Withdrawal):
        await _require_withdrawable(work, org, lodging.tender_id, lodging.document)
    lodged = Lodged(bid_id, keys.bidder_mark(lodging.tender_id, org), _NOT_YET, lodging.document)
    named = lodged.hash
    reading = await queries.keep_commit(
        await work.hot(), *_values(keys, org, lodging, lodged, named)
    )
    if reading.received_at is None:
        return await _again_or_refuse(work, keys, org, lodging, lodged, reading)
    return _receipt(keys, lodged, named, reading.received_at)


async def lodge_bid(
    connection: Any, keys: ServiceKeys, org: str, bid_id: UUID, lodging: Lodging
) -> Receipt | None:
    """The same for a bid that is simply kept; for anything else None, and nothing was kept."""
    if isinstance(lodging.document, Withdrawal):
        return None
    lodged = Lodged(bid_id, keys.bidder_mark(lodging.tender_id, org), _NOT_YET, lodging.document)
    named = lodged.hash
    reading = await queries.keep_commit(connection, *_values(keys, org, lodging, lodged, named))
    received_at = reading.received_at
    return None if received_at is None else _receipt(keys, lodged, named, received_at)


def _receipt(keys: ServiceKeys, lodged: Lodged, named: bytes, received_at: datetime) -> Receipt:
    return issue_receipt(
        keys.receipt,
        kind=_kind(lodged.document),
        policy_hash=_policy_hash(lodged.document),
        nonce=lodged.nonce,
        manifest_hash=named,
        received_at=received_at,
    )


def _values(
    keys: ServiceKeys, org: str, lodging: Lodging, lodged: Lodged, named: bytes
) -> tuple[Any, ...]:
    """What the statement is given; `named` is the manifest's hash, worked out once."""
    document = lodging.document
    parts = document.manifest.parts if isinstance(document, Envelope) else ()
    return (
        lodging.tender_id,
        _policy_hash(document).hex(),
        lodged.nonce,
        named,
        lodged.bid_id,
        keys.submitter_mark(org, lodged.nonce),
        keys.tender_mark(lodging.tender_id, lodged.nonce),
        keys.lock(_record(lodging.tender_id, lodged), _bound(lodged.nonce, named)),
        [PARTS.index(part.name) + 1 for part in parts],
        [part.size for part in parts],
        [part.digest for part in parts],
        keys.submitter_mark(org, lodged.bid_id.bytes),
    )


async def _again_or_refuse(
    work: Work, keys: ServiceKeys, org: str, lodging: Lodging, lodged: Lodged, reading: Reading
) -> Receipt:
    """Nothing was kept: find out why, off the hot path."""
    bid = await queries.bid_of(work.session, lodged.bid_id)
    _require_own(work, org, lodged.bid_id, bid.submitter_mark if bid else None)
    known = await queries.commit_named(work.session, lodged.nonce, lodged.hash)
    if known is not None and hmac.compare_digest(
        known.submitter_mark, keys.submitter_mark(org, lodged.nonce)
    ):
        return _receipt_of(work, known)
    tender = await tender_of(work.session, lodging.tender_id)
    if tender is None or tender.published_at is None:
        raise NotFound()
    read_at = reading.read_at or reading.asked_at
    if read_at >= tender.closes_at:
        arrival = Arrival(read_at, tender.closes_at, isinstance(lodging.document, Withdrawal))
        ARRIVAL.judge(arrival, on=day_of(read_at)).require()
    if tender.state != TenderState.PUBLISHED:
        raise Conflict(Text(zh="该项目不接受投标", en="this tender takes no bids"))
    if tender.seal_policy_hash != _policy_hash(lodging.document).hex():
        raise InvalidInput.at(
            "/lodged/manifest/policy_hash",
            Text(
                zh="须为本项目现行密封规则的哈希值",
                en="the hash of the tender's present seal policy",
            ),
            Text(zh="请重新读取密封规则并重新密封", en="read the seal policy again and seal again"),
        )
    if await queries.commit_of(work.session, lodged.bid_id) is not None:
        raise Conflict(
            Text(
                zh="该编号已用于另一次递交，请新建",
                en="this id has been used for another commit: begin a new bid",
            )
        )
    raise Conflict(
        Text(
            zh="清单所列各部分尚未全部收到，或与清单不符",
            en="the parts listed in the manifest have not all come, or differ from it",
        )
    )


async def _require_withdrawable(
    work: Work, org: str, tender_id: UUID, withdrawal: Withdrawal
) -> None:
    """It names a bid of the caller in this tender, and shows the key to it."""
    keys = service_keys(work.settings)
    known = await queries.commit_of_manifest(work.session, withdrawal.withdraws)
    mark = known and keys.submitter_mark(org, known.nonce)
    if known is None or not mark or not hmac.compare_digest(known.submitter_mark, mark):
        raise NotFound()
    found = _unlocked(keys, known)
    try:
        if found is None or not isinstance(found[1].document, Envelope) or found[0] != tender_id:
            raise NotFound()
        withdrawal.require_lock(found[1].document.manifest)
    except SealingError as error:
        raise _invalid(error) from error


async def require_own_commit(work: Work, org: str, nonce: bytes) -> None:
    """That organisation lodged it; otherwise there is no such bid."""
    mark = await queries.submitter_mark_of(work.session, nonce)
    own = service_keys(work.settings).submitter_mark(org, nonce)
    if mark is None or not hmac.compare_digest(mark, own):
        raise NotFound()


async def counted_bids(work: Work, tender: Tender) -> Counted:
    """What counts at the deadline. Only with the bid secret can it be worked out."""
    keys = service_keys(work.settings)
    since = tender.published_at or tender.created_at
    found = []
    for nonce, hashed, mark in await queries.marks_between(work.session, since, tender.closes_at):
        if hmac.compare_digest(mark, keys.tender_mark(tender.id, nonce)):
            commit = await queries.commit_named(work.session, nonce, hashed)
            if commit is not None:
                found.append(_unlocked(keys, commit)[1])
    return count(found)


def receipt_for(work: Work, lodged: Lodged) -> Receipt:
    """The receipt that was given for a commit, byte for byte."""
    return _receipt(service_keys(work.settings), lodged, lodged.hash, lodged.received_at)


def _receipt_of(work: Work, commit: BidCommit) -> Receipt:
    return receipt_for(work, _unlocked(service_keys(work.settings), commit)[1])


def _record(tender_id: UUID, lodged: Lodged) -> bytes:
    return canonical(
        {
            "tender": str(tender_id),
            "bidder": lodged.bidder.hex(),
            "kind": _kind(lodged.document),
            "lodged": lodged.document.as_dict(),
        }
    )


def _unlocked(keys: ServiceKeys, commit: BidCommit) -> tuple[UUID, Lodged]:
    record = keys.unlock(commit.record, _bound(commit.nonce, commit.manifest_hash))
    fields = Fields(json.loads(record), "record")
    lodged = fields.fields("lodged")
    kind = fields.one_of("kind", ("bid", "withdrawal"))
    document = Envelope.read(lodged) if kind == "bid" else Withdrawal.read(lodged)
    bidder = fields.octets("bidder")
    return fields.uuid("tender"), Lodged(commit.bid_id, bidder, commit.received_at, document)


def _bound(nonce: bytes, manifest_hash: bytes) -> bytes:
    return nonce + manifest_hash


def _kind(document: Envelope | Withdrawal) -> str:
    return "bid" if isinstance(document, Envelope) else "withdrawal"


def _policy_hash(document: Envelope | Withdrawal) -> bytes:
    return document.manifest.policy_hash if isinstance(document, Envelope) else document.policy_hash


def _require_own(work: Work, org: str, bid_id: UUID, mark: bytes | None) -> None:
    """What is not the caller's is not there."""
    own = service_keys(work.settings).submitter_mark(org, bid_id.bytes)
    if mark is None or not hmac.compare_digest(mark, own):
        raise NotFound()


def _check_piece(piece: Piece) -> None:
    if piece.total > LARGEST_PART or piece.start + len(piece.content) > piece.total:
        raise InvalidInput.at(
            "/header/Content-Range",
            Text(
                zh=f"须在该部分之内，每部分最多 {LARGEST_PART} 字节",
                en=f"lies within the part, which is at most {LARGEST_PART} bytes",
            ),
            Text(zh="请写成 bytes START-END/TOTAL", en="send bytes START-END/TOTAL"),
        )
    if not piece.content:
        raise InvalidInput.at(
            "",
            Text(zh="分片不得为空", en="a piece is not empty"),
            Text(zh="请提交该部分的内容", en="send the bytes of the part"),
        )
    if hashlib.sha256(piece.content).digest() != piece.digest:
        raise InvalidInput.at(
            "/header/Content-Digest",
            Text(zh="须为本请求正文的 SHA-256", en="the SHA-256 of the bytes in this body"),
            Text(zh="请重新提交该分片", en="send the piece again"),
        )


async def _require_same(work: Work, bid_id: UUID, part: int, piece: Piece) -> None:
    connection = await work.hot()
    kept = await connection.fetchval(
        "SELECT content FROM bid_piece WHERE bid_id = $1 AND part = $2 AND start = $3",
        bid_id,
        part,
        piece.start,
    )
    if kept != piece.content:
        raise Conflict(
            Text(
                zh="此处已收到不同的内容，请重新开始一份投标",
                en="other bytes have come for this place: begin a new bid",
            )
        )


def _invalid(error: SealingError) -> InvalidInput:
    """Which field, by its pointer; the value itself is never echoed."""
    pointer = "/" + "/".join(error.where.replace("[", ".").replace("]", "").split(".")[1:])
    return InvalidInput.at(
        pointer if len(pointer) > 1 else "",
        error.told,
        Text(zh="请提交 bidkit 密封的内容，不作改动", en="send what bidkit sealed, unchanged"),
    )
