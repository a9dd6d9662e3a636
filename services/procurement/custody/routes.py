from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from services.procurement.custody import actions, queries
from services.procurement.custody.lifecycle import KeyState
from services.procurement.custody.models import Custodian, SigningKey
from services.procurement.custody.schemas import (
    CustodianDraft,
    CustodianView,
    SigningKeyDraft,
    SigningKeyView,
)
from shared.errors import NotFound
from shared.http import (
    Page,
    TheActor,
    ThePaging,
    TheWork,
    WorkRoute,
    allow,
    changing,
    open_to_all,
    reading,
)

router = APIRouter(tags=["custody"], route_class=WorkRoute)

TheCustodian = Annotated[Custodian, reading(Custodian, "custodian_id")]
ChangingCustodian = Annotated[Custodian, changing(Custodian, "custodian_id")]
TheSigningKey = Annotated[SigningKey, reading(SigningKey, "signing_key_id")]
ChangingSigningKey = Annotated[SigningKey, changing(SigningKey, "signing_key_id")]


@router.post("/custodians", status_code=201, response_model=CustodianView)
@allow("custodian")
async def register_custodian(draft: CustodianDraft, work: TheWork) -> Custodian:
    """Register an organ's public keys as a custodian of sealed bids."""
    return actions.register_custodian(work, draft)


@router.get("/custodians", response_model=Page[CustodianView])
@open_to_all
async def list_custodians(
    paging: ThePaging, work: TheWork, state: KeyState | None = None
) -> Page[CustodianView]:
    """List who holds shares of sealed bids."""
    return await paging.page(work.session, queries.custodians(state), Custodian.id, CustodianView)


@router.get("/custodians/{custodian_id}", response_model=CustodianView)
@open_to_all
async def read_custodian(custodian: TheCustodian) -> Custodian:
    """Read one custodian."""
    return custodian


@router.post("/custodians/{custodian_id}/retirement", response_model=CustodianView)
@allow("custodian")
async def retire_custodian(custodian: ChangingCustodian, work: TheWork) -> Custodian:
    """Take on no new tenders."""
    return actions.retire_custodian(work, custodian)


@router.post("/signing-keys", status_code=201, response_model=SigningKeyView)
@allow("agency")
async def register_signing_key(draft: SigningKeyDraft, work: TheWork) -> SigningKey:
    """Register the key that the agency signs its bids with."""
    return actions.register_signing_key(work, draft)


@router.get("/signing-keys", response_model=Page[SigningKeyView])
@allow("agency")
async def list_signing_keys(
    paging: ThePaging, actor: TheActor, work: TheWork, state: KeyState | None = None
) -> Page[SigningKeyView]:
    """List the caller's own keys."""
    statement = queries.signing_keys(actor, state)
    return await paging.page(work.session, statement, SigningKey.id, SigningKeyView)


@router.get("/signing-keys/{signing_key_id}", response_model=SigningKeyView)
@allow("agency")
async def read_signing_key(key: TheSigningKey) -> SigningKey:
    """Read one of the caller's own keys."""
    return key


@router.post("/signing-keys/{signing_key_id}/retirement", response_model=SigningKeyView)
@allow("agency")
async def retire_signing_key(key: ChangingSigningKey, work: TheWork) -> SigningKey:
    """Stop using a key."""
    return actions.retire_signing_key(work, key)


@router.get("/tenders/{tender_id}/seal-policy", response_class=JSONResponse)
@open_to_all
async def read_seal_policy(tender_id: UUID, work: TheWork) -> Response:
    """Read the tender's seal policy: the very bytes whose hash the notice prints."""
    policy = await queries.policy_of(work.session, tender_id)
    if policy is None:
        raise NotFound()
    return Response(policy.text, media_type="application/json")
