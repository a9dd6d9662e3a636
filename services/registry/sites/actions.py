"""Opening and closing sites, posting workers, and counting what is covered."""

from datetime import date

from services.registry.agencies.models import Agency
from services.registry.agencies.queries import active_agency, active_on
from services.registry.people.queries import holds_post
from services.registry.reference.queries import (
    COMMUNITIES,
    TOWNS,
    division_on,
    names_on,
    successors,
)
from services.registry.sites import queries
from services.registry.sites.models import Posting, Site
from services.registry.sites.rules import (
    OPENING,
    PLACEMENT,
    Coverage,
    Opening,
    Placement,
    cover,
)
from services.registry.sites.schemas import (
    CommunityCoverage,
    CommunityRate,
    CoverageView,
    DistrictCoverage,
    PostingDraft,
    PostingEnd,
    SiteClosure,
    SiteDraft,
)
from shared.errors import InvalidInput
from shared.words import Text
from shared.work import Work


async def open_site(work: Work, agency: Agency, draft: SiteDraft) -> Site:
    """Open a service site; with a seal, an account or a legal status it would be a branch."""
    day = draft.opened_on
    if day > work.today:
        raise InvalidInput.at(
            "/opened_on",
            Text(zh="不得晚于今天", en="not in the future"),
            Text(zh="请在站点启用时再登记", en="record the site when it opens"),
        )
    town = await division_on(work.session, draft.division, day)
    community = draft.community and await division_on(work.session, draft.community, day)
    verdict = OPENING.judge(
        Opening(
            on=day,
            agency_active=await active_agency(work.session, agency.credit_code, day) is not None,
            own_seal=draft.own_seal,
            own_account=draft.own_account,
            own_legal_status=draft.own_legal_status,
            division_in_force=town is not None and town.kind in TOWNS,
            community_in_division=draft.community is None
            or bool(community and community.parent_code == draft.division),
        ),
        on=day,
    ).require()
    kept = draft.model_dump(exclude={"own_seal", "own_account", "own_legal_status", "areas"})
    site = Site(
        owner_org=agency.credit_code,
        credit_code=agency.credit_code,
        areas=[area.value for area in draft.areas],
        **kept,
    )
    work.shown = None  # the answer is about the site, not the agency it was asked at
    return work.add(site, because=verdict)


def close_site(work: Work, site: Site, closure: SiteClosure) -> Site:
    """Close a site for good; a new one is a new site."""
    closed = closure.closed_on or work.today
    if not site.opened_on <= closed <= work.today:
        raise InvalidInput.at(
            "/closed_on",
            Text(zh="不得早于启用日，也不得晚于今天", en="not before it opened, not in the future"),
            Text(zh="请填写站点停用的第一天", en="send the first day without it"),
        )
    site.closed_on = closed
    return work.move(site, "close", closed_on=closed)


async def post_worker(work: Work, agency: Agency, draft: PostingDraft) -> Posting:
    """Post one of the agency's workers to a community."""
    day = draft.since
    if day > work.today:
        raise InvalidInput.at(
            "/since",
            Text(zh="不得晚于今天", en="not in the future"),
            Text(zh="请在派驻开始时再登记", en="record the posting when it begins"),
        )
    place = await division_on(work.session, draft.community, day)
    employed = await holds_post(work.session, draft.worker_id, agency.credit_code, day)
    # Where somebody else's worker serves is no business of this agency.
    elsewhere = employed and await queries.other_postings(
        work.session, draft.worker_id, draft.community, day
    )
    verdict = PLACEMENT.judge(
        Placement(
            employed=employed,
            community_in_force=place is not None and place.kind in COMMUNITIES,
            elsewhere=int(elsewhere),
        ),
        on=day,
    ).require()
    posting = Posting(
        owner_org=agency.credit_code, credit_code=agency.credit_code, **draft.model_dump()
    )
    work.shown = None  # the answer is about the posting, not the agency it was asked at
    return work.add(posting, because=verdict)


def end_posting(work: Work, posting: Posting, end: PostingEnd) -> Posting:
    """End a worker's service in a community."""
    until = end.until or work.today
    if not posting.since < until <= work.today:
        raise InvalidInput.at(
            "/until",
            Text(zh="须在开始日之后，且不得晚于今天", en="after the first day, not in the future"),
            Text(zh="请填写不再服务的第一天", en="send the first day not served"),
        )
    posting.until = until
    return work.move(posting, "end", until=until)


async def coverage_on(work: Work, on: date) -> DistrictCoverage:
    """What is covered on a day, by seat and by site, among the divisions in force on that day."""
    session = work.session
    towns = await names_on(session, on, TOWNS)
    handed_on = await successors(session, on)
    active = {agency.credit_code: agency for agency in await active_on(session, on)}
    seats = [(agency.seat_division, code) for code, agency in active.items()]
    sites = [
        (site.division, site.credit_code)
        for site in await queries.sites_on(session, on)
        if site.credit_code in active
    ]
    return DistrictCoverage(
        on=on,
        by_seat=_view(cover(towns, seats, handed_on)),
        by_site=_view(cover(towns, sites, handed_on)),
        by_either=_view(cover(towns, [*seats, *sites], handed_on)),
        workers_in=await _workers_in(work, on, set(active)),
    )


async def _workers_in(work: Work, on: date, active: set[str]) -> CommunityCoverage:
    handed_on = await successors(work.session, on)
    served = [
        (posting.community, posting.credit_code)
        for posting in await queries.postings_on(work.session, on)
        if posting.credit_code in active
    ]
    rates = {}
    for name, kinds in (
        ("communities", ("community",)),
        ("villages", ("village",)),
        ("together", COMMUNITIES),
    ):
        counted = cover(await names_on(work.session, on, kinds), served, handed_on)
        rates[name] = CommunityRate.model_validate(counted)
    return CommunityCoverage(**rates)


def _view(coverage: Coverage) -> CoverageView:
    return CoverageView.model_validate(coverage)
