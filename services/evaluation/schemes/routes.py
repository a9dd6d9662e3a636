from typing import Annotated

from fastapi import APIRouter

from services.evaluation.schemes import actions, queries
from services.evaluation.schemes.lifecycle import SchemeState
from services.evaluation.schemes.models import Scheme
from services.evaluation.schemes.schemas import SchemeDraft, SchemeView
from shared.http import (
    Page,
    ThePaging,
    TheWork,
    WorkRoute,
    allow,
    changing,
    open_to_all,
    reading,
)

router = APIRouter(prefix="/schemes", tags=["schemes"], route_class=WorkRoute)

TheScheme = Annotated[Scheme, reading(Scheme, "scheme_id")]
ChangingScheme = Annotated[Scheme, changing(Scheme, "scheme_id")]


@router.post("", status_code=201, response_model=SchemeView)
@allow("supervisor")
async def draft_scheme(draft: SchemeDraft, work: TheWork) -> Scheme:
    """Draft a scheme: its indicators, grade lines and gates."""
    return actions.draft_scheme(work, draft)


@router.get("", response_model=Page[SchemeView])
@open_to_all
async def list_schemes(
    paging: ThePaging, work: TheWork, state: SchemeState | None = None
) -> Page[SchemeView]:
    """List the schemes that agencies are or were rated by."""
    return await paging.page(
        work.session, queries.schemes_seen_by(work.actor, state), Scheme.id, SchemeView
    )


@router.get("/{scheme_id}", response_model=SchemeView)
@open_to_all
async def read_scheme(scheme: TheScheme) -> Scheme:
    """Read one scheme with its whole tree."""
    return scheme


@router.put("/{scheme_id}", response_model=SchemeView)
@allow("supervisor")
async def rewrite_scheme(draft: SchemeDraft, scheme: ChangingScheme, work: TheWork) -> Scheme:
    """Replace a draft as a whole."""
    return actions.rewrite_scheme(work, scheme, draft)


@router.post("/{scheme_id}/publication", response_model=SchemeView)
@allow("supervisor")
async def publish_scheme(scheme: ChangingScheme, work: TheWork) -> Scheme:
    """Publish the scheme; from here on it never changes."""
    return actions.publish_scheme(work, scheme)


@router.post("/{scheme_id}/retirement", response_model=SchemeView)
@allow("supervisor")
async def retire_scheme(scheme: ChangingScheme, work: TheWork) -> Scheme:
    """Take no new applications under the scheme."""
    return actions.retire_scheme(work, scheme)
