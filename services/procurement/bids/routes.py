import base64
import binascii
import re
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.responses import JSONResponse

from services.procurement.bids import actions
from services.procurement.bids.actions import Piece
from services.procurement.bids.models import Bid
from services.procurement.bids.schemas import (
    LARGEST_COMMIT,
    LARGEST_PIECE,
    BidStatusView,
    BidView,
    PartView,
)
from services.procurement.custody.keys import service_keys
from shared.actor import Actor
from shared.errors import Forbidden, InvalidInput
from shared.http import TheWork, WorkRoute, allow, discreet, keyed_by_content, open_to_all, raw_body
from shared.runtime import runtime_of
from shared.sealing.manifests import PARTS
from shared.words import Text

router = APIRouter(tags=["bids"], route_class=WorkRoute)
# Every route under /bids is discreet here and has a lane without log or counters at the gateway.

_RANGE = re.compile(r"bytes (\d{1,12})-(\d{1,12})/(\d{1,12})")
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")

PartNumber = Annotated[
    int,
    Path(ge=1, le=len(PARTS), description=", ".join(f"{n}: {p}" for n, p in enumerate(PARTS, 1))),
]
_OCTETS = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_COMMIT = {
    "requestBody": {
        "required": True,
        "description": "Canonical JSON (RFC 8785) as bidkit makes it, at most 8 KB",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


@dataclass(frozen=True, slots=True)
class Bidder:
    org: str


async def _bidder_without_a_name(request: Request) -> Bidder:
    """Who bids, for the action alone: from here on the request has a pseudonym.

    Whatever is journalled of it, a refusal after the deadline too, cannot name the bidder.
    """
    errand = request.state.errand
    org = errand.actor.org
    if org is None:
        raise Forbidden(Text(zh="须以机构身份投标", en="one bids for an organisation"))
    keys = service_keys(runtime_of(request).settings)
    about = request.path_params
    salt = str(about.get("bid_id") or about.get("tender_id") or "")
    errand.actor = Actor(keys.pseudonym(org, salt), roles=errand.actor.roles)
    return Bidder(org)


TheBidder = Annotated[Bidder, Depends(_bidder_without_a_name)]


def _piece(content: bytes, content_range: str | None, content_digest: str) -> Piece:
    digest = _DIGEST.fullmatch(content_digest)
    if digest is None:
        raise InvalidInput.at(
            "/header/Content-Digest",
            Text(zh="须写成 sha-256=:BASE64:（RFC 9530）", en="sha-256=:BASE64: (RFC 9530)"),
            Text(zh="请提交该分片的 SHA-256", en="send the piece's SHA-256"),
        )
    try:
        decoded = base64.b64decode(digest[1], validate=True)
    except binascii.Error as error:
        raise InvalidInput.at(
            "/header/Content-Digest",
            Text(zh="须写成 sha-256=:BASE64:（RFC 9530）", en="sha-256=:BASE64: (RFC 9530)"),
            Text(zh="请提交该分片的 SHA-256", en="send the piece's SHA-256"),
        ) from error
    if content_range is None:
        return Piece(0, len(content), content, decoded)
    found = _RANGE.fullmatch(content_range)
    if found is None or int(found[2]) - int(found[1]) + 1 != len(content):
        raise InvalidInput.at(
            "/header/Content-Range",
            Text(
                zh="须写成 bytes START-END/TOTAL，长度与正文一致",
                en="bytes START-END/TOTAL, as long as the body",
            ),
            Text(
                zh="请填写这些字节在该部分中的位置", en="send the place of these bytes in the part"
            ),
        )
    return Piece(int(found[1]), int(found[3]), content, decoded)


@router.post("/bids", status_code=201, response_model=BidView)
@keyed_by_content
@discreet
@allow("agency")
async def begin_bid(bidder: TheBidder, work: TheWork) -> Bid:
    """Make a place for the parts of a bid."""
    return await actions.begin_bid(work, bidder.org)


@router.get("/bids/{bid_id}", response_model=BidStatusView)
@discreet
@allow("agency")
async def read_bid(bid_id: UUID, bidder: TheBidder, work: TheWork) -> BidStatusView:
    """Read how far the caller's own upload has come, and its receipt."""
    return await actions.bid_status(work, bidder.org, bid_id)


@router.put("/bids/{bid_id}/parts/{part}", response_model=PartView, openapi_extra=_OCTETS)
@raw_body(LARGEST_PIECE)
@discreet
@allow("agency")
async def upload_part(
    bid_id: UUID,
    part: PartNumber,
    request: Request,
    bidder: TheBidder,
    work: TheWork,
    content_digest: Annotated[str, Header(description="sha-256=:BASE64: of this body, RFC 9530")],
    content_range: Annotated[
        str | None, Header(description="bytes START-END/TOTAL; without it the body is the part")
    ] = None,
) -> PartView:
    """Upload a part, or a piece of one; the same piece again changes nothing."""
    piece = _piece(await request.body(), content_range, content_digest)
    return await actions.keep_piece(work, bidder.org, bid_id, part, piece)


@router.post("/bids/{bid_id}/commit", response_class=JSONResponse, openapi_extra=_COMMIT)
@keyed_by_content
@raw_body(LARGEST_COMMIT)
@discreet
@allow("agency")
async def commit_bid(bid_id: UUID, request: Request, bidder: TheBidder, work: TheWork) -> Response:
    """Lodge a bid or take one back; the answer is the signed receipt."""
    lodging = actions.read_commit(await request.body())
    receipt = await actions.commit_bid(work, bidder.org, bid_id, lodging)
    if work.dry:
        return Response()  # a receipt is proof for ever: it is given for what was kept alone
    return Response(receipt.encode(), media_type="application/json")


@router.get("/receipt-key", response_class=JSONResponse)
@open_to_all
async def read_receipt_key(request: Request) -> Response:
    """Read the public key of receipts; compare it with the one you got by another way."""
    key = service_keys(runtime_of(request).settings).receipt.verifying
    return Response(key.encode(), media_type="application/json")
