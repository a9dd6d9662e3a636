"""Service sites, community postings, and coverage."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from services.registry.agencies.models import Agency
from services.registry.sites import actions, queries
from services.registry.sites.lifecycle import PostingState, SiteState
from services.registry.sites.models import Posting, Site
from services.registry.sites.schemas import (
    DistrictCoverage,
    PostingDraft,
    PostingEnd,
    PostingView,
    SiteClosure,
    SiteDraft,
    SiteView,
)
from shared.errors import NotFound
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

router = APIRouter(tags=["sites"], route_class=WorkRoute)

TheAgency = Annotated[Agency, reading(Agency, "credit_code")]
TheSite = Annotated[Site, reading(Site, "site_id")]
ChangingSite = Annotated[Site, changing(Site, "site_id")]
ThePosting = Annotated[Posting, reading(Posting, "posting_id")]
ChangingPosting = Annotated[Posting, changing(Posting, "posting_id")]


@router.post("/agencies/{credit_code}/sites", status_code=201, response_model=SiteView)
@allow("agency", "registrar")
async def open_site(draft: SiteDraft, agency: TheAgency, work: TheWork) -> Site:
    """Open a service site of the agency (3.3(3))."""
    if not agency.changeable_by(work.actor):
        raise NotFound()
    return await actions.open_site(work, agency, draft)


@router.get("/sites", response_model=Page[SiteView])
@open_to_all
async def list_sites(
    paging: ThePaging,
    work: TheWork,
    credit_code: Annotated[str | None, Query(max_length=18)] = None,
    division: Annotated[str | None, Query(pattern=r"^\d{9}$")] = None,
    state: SiteState | None = None,
) -> Page[SiteView]:
    """List service sites, oldest first."""
    statement = queries.sites(credit_code=credit_code, division=division, state=state)
    return await paging.page(work.session, statement, Site.id, SiteView)


@router.get("/sites/{site_id}", response_model=SiteView)
@open_to_all
async def read_site(site: TheSite) -> Site:
    """Read one service site."""
    return site


@router.post("/sites/{site_id}/closure", response_model=SiteView)
@allow("agency", "registrar")
async def close_site(closure: SiteClosure, site: ChangingSite, work: TheWork) -> Site:
    """Close a service site."""
    return actions.close_site(work, site, closure)


@router.post("/agencies/{credit_code}/postings", status_code=201, response_model=PostingView)
@allow("agency", "registrar")
async def post_worker(draft: PostingDraft, agency: TheAgency, work: TheWork) -> Posting:
    """Post a worker of the agency to a community (6.1(2))."""
    if not agency.changeable_by(work.actor):
        raise NotFound()
    return await actions.post_worker(work, agency, draft)


@router.get("/postings", response_model=Page[PostingView])
@allow("agency", "registrar", "supervisor", "street_officer")
async def list_postings(
    paging: ThePaging,
    work: TheWork,
    credit_code: Annotated[str | None, Query(max_length=18)] = None,
    community: Annotated[str | None, Query(pattern=r"^\d{12}$")] = None,
    state: PostingState | None = None,
) -> Page[PostingView]:
    """List community postings: an agency sees its own, officers see all."""
    statement = queries.postings(
        work.actor, credit_code=credit_code, community=community, state=state
    )
    return await paging.page(work.session, statement, Posting.id, PostingView)


@router.get("/postings/{posting_id}", response_model=PostingView)
@allow("agency", "registrar", "supervisor", "street_officer")
async def read_posting(posting: ThePosting) -> Posting:
    """Read one community posting."""
    return posting


@router.post("/postings/{posting_id}/end", response_model=PostingView)
@allow("agency", "registrar")
async def end_posting(end: PostingEnd, posting: ChangingPosting, work: TheWork) -> Posting:
    """End a worker's service in a community."""
    return actions.end_posting(work, posting, end)


@router.get("/coverage", response_model=DistrictCoverage)
@open_to_all
async def read_coverage(
    work: TheWork,
    on: Annotated[date | None, Query(description="Coverage on this day; today if absent")] = None,
) -> DistrictCoverage:
    """Read which towns and subdistricts have an active agency on a day (2.2(4))."""
    return await actions.coverage_on(work, on or work.today)
