from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi import Path as InPath
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from services.procurement.disclosure import queries
from services.procurement.disclosure.actions import publisher_of
from services.procurement.disclosure.models import Release
from services.procurement.disclosure.packages import record_package, release_package
from services.procurement.disclosure.schemas import ReleaseEntry
from services.procurement.disclosure.values import moment
from shared.errors import NotFound
from shared.http import Page, ThePaging, TheWork, WorkRoute, open_to_all

router = APIRouter(prefix="/ocds", tags=["open data"], route_class=WorkRoute)

STANDARD = "https://standard.open-contracting.org/schema/1__1__5"

Ocid = Annotated[
    str, InPath(pattern=r"^ocds-[a-z0-9]{6}-[0-9a-f-]{36,40}$", description="Open Contracting id")
]


def _answer(what: str) -> dict[int | str, dict[str, Any]]:
    """How the contract describes a document whose shape the standard sets, not we."""
    schema = {"type": "object", "externalDocs": {"url": f"{STANDARD}/{what}.json"}}
    return {200: {"description": "OCDS 1.1.5", "content": {"application/json": {"schema": schema}}}}


@router.get("/releases", response_model=Page[ReleaseEntry])
@open_to_all
async def list_releases(
    paging: ThePaging,
    work: TheWork,
    ocid: Annotated[str | None, Query(max_length=80, description="Of one process")] = None,
    project_id: Annotated[UUID | None, Query(description="Of one project's processes")] = None,
) -> Page[ReleaseEntry]:
    """List the releases that were published, oldest first."""
    statement = queries.releases(ocid, project_id)
    return await paging.page(work.session, statement, Release.id, ReleaseEntry)


@router.get("/releases/{ocid}", responses=_answer("release-package-schema"))
@open_to_all
async def read_releases(ocid: Ocid, request: Request, work: TheWork) -> Response:
    """Read every release of a contracting process, as an OCDS release package."""
    found = await _published(work.session, ocid)
    package = release_package(
        publisher_of(work.settings),
        f"{work.settings.issuer}{request.url.path}",
        moment(found[-1].told_at),
        [release.document for release in found],
    )
    return Response(package, media_type="application/json")


@router.get("/records/{ocid}", responses=_answer("record-package-schema"))
@open_to_all
async def read_record(
    ocid: Ocid,
    request: Request,
    work: TheWork,
    versioned: Annotated[bool, Query(description="With the history of every field")] = False,
) -> Response:
    """Read a contracting process as an OCDS record package: every release and their sum."""
    found = await _published(work.session, ocid)
    package = record_package(
        publisher_of(work.settings),
        f"{work.settings.issuer}{request.url.path}",
        moment(found[-1].told_at),
        ocid,
        [release.document for release in found],
        versioned=versioned,
    )
    return Response(package, media_type="application/json")


async def _published(session: AsyncSession, ocid: str) -> Any:
    found = await queries.releases_of(session, ocid)
    if not found:
        raise NotFound()
    return found
