from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse

from services.procurement.bids.routes import TheBidder
from services.procurement.openings import actions, queries, record
from services.procurement.openings.models import OpeningRemark
from services.procurement.openings.schemas import (
    LARGEST_RELEASE,
    OpenedBidView,
    OpeningView,
    ReleaseView,
    RemarkDraft,
    RemarkView,
    RootReleaseView,
)
from shared.http import TheWork, WorkRoute, allow, discreet, open_to_all, raw_body
from shared.http.contract import problem_answers
from shared.sealing.canonical import canonical

router = APIRouter(prefix="/openings/{tender_id}", tags=["openings"], route_class=WorkRoute)

Nonce = Annotated[
    str, Path(pattern=r"^[0-9a-f]{32}$", description="The nonce that the receipt carries")
]
_DOCUMENT = {
    "requestBody": {
        "required": True,
        "description": "Canonical JSON (RFC 8785) as bidkit makes it",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


@router.get("", response_model=OpeningView)
@open_to_all
async def read_opening(tender_id: UUID, work: TheWork) -> OpeningView:
    """Read the root published at the deadline, and the session that opens the bids."""
    return await record.opening_view(work, tender_id)


@router.get("/lodged", response_class=JSONResponse, responses=problem_answers(409))
@allow("custodian")
async def read_lodged(tender_id: UUID, work: TheWork) -> Response:
    """Read what a custodian checks before it releases; only while its opening goes on."""
    return _canonical(await actions.lodged_for_custodian(work, tender_id))


@router.post("/releases", status_code=201, response_model=ReleaseView, openapi_extra=_DOCUMENT)
@raw_body(LARGEST_RELEASE)
@allow("custodian")
async def release_shares(tender_id: UUID, request: Request, work: TheWork) -> ReleaseView:
    """Release a custodian's shares, re-sealed to the session."""
    return await actions.keep_release(work, tender_id, await request.body())


@router.post(
    "/root-releases", status_code=201, response_model=RootReleaseView, openapi_extra=_DOCUMENT
)
@raw_body(LARGEST_RELEASE)
@discreet
@allow("agency")
async def release_kept_root(
    tender_id: UUID, request: Request, bidder: TheBidder, work: TheWork
) -> RootReleaseView:
    """Release a bidder's own kept key to the session."""
    session = await actions.keep_root_release(work, bidder.org, tender_id, await request.body())
    return RootReleaseView(session=session)


@router.get("/proofs/{nonce}", response_class=JSONResponse)
@discreet
@open_to_all
async def read_proof(tender_id: UUID, nonce: Nonce, work: TheWork) -> Response:
    """Complete a receipt: prove that what it acknowledges is under the published root."""
    return _canonical(await record.inclusion_proof(work, tender_id, bytes.fromhex(nonce)))


@router.get("/minutes", response_class=JSONResponse)
@open_to_all
async def read_minutes(tender_id: UUID, work: TheWork) -> Response:
    """Read the signed record of the opening."""
    text = await record.minutes_text(work, tender_id)
    return Response(text, media_type="application/json")


@router.get("/bids", response_model=list[OpenedBidView])
@open_to_all
async def list_opened_bids(tender_id: UUID, work: TheWork) -> list[OpenedBidView]:
    """List the bids that were opened and read out; none before the opening."""
    bids = await queries.opened_bids(work.session, tender_id)
    return [
        OpenedBidView(
            credit_code=bid.credit_code,
            name=bid.name,
            price=bid.price,
            personnel=bid.personnel,
            nonce=bid.nonce.hex(),
            technical_part=bid.technical_part,
        )
        for bid in bids
    ]


@router.get("/bundle", response_class=Response)
@open_to_all
async def read_bundle(tender_id: UUID, work: TheWork) -> Response:
    """Download everything that lets an outsider check the opening offline."""
    return Response(
        await record.bundle_of(work, tender_id),
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="opening-{tender_id}.zip"'},
    )


@router.post("/remarks", status_code=201, response_model=RemarkView)
@allow("agency")
async def remark_on_record(tender_id: UUID, draft: RemarkDraft, work: TheWork) -> OpeningRemark:
    """Confirm the record of the opening, or object to it."""
    return await actions.remark(work, tender_id, draft)


@router.get("/remarks", response_model=list[RemarkView])
@open_to_all
async def list_remarks(tender_id: UUID, work: TheWork) -> list[RemarkView]:
    """List what bidders said of the record."""
    remarks = await queries.remarks_on(work.session, tender_id)
    return [RemarkView.model_validate(remark) for remark in remarks]


def _canonical(value: dict[str, object]) -> Response:
    return Response(canonical(value), media_type="application/json")
