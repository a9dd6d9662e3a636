"""Sites, postings and coverage over the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.registry.sites.lifecycle import PostingState, SiteState
from shared.codelists import ServiceArea
from shared.http import Line, Prose, Schema, View

TownCode = Annotated[str, StringConstraints(pattern=r"^\d{9}$")]
CommunityCode = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]


class SiteDraft(Schema):
    """A service site (服务站点). With a seal, an account or a legal status it would be a branch."""

    name: Line
    division: TownCode
    community: CommunityCode | None = None
    address: Line
    areas: Annotated[list[ServiceArea], Field(min_length=1, max_length=10)]
    opened_on: date
    own_seal: bool = False
    own_account: bool = False
    own_legal_status: bool = False


class SiteClosure(Schema):
    closed_on: date | None = Field(
        None, description="The first day without the site; today if absent"
    )
    reason: Prose


class SiteView(View):
    id: UUID
    version: int
    state: SiteState
    credit_code: str
    name: str
    division: str
    community: str | None
    address: str
    areas: list[ServiceArea]
    opened_on: date
    closed_on: date | None


class PostingDraft(Schema):
    """A worker of the agency serves one community (一社区一社工)."""

    worker_id: UUID
    community: CommunityCode
    since: date


class PostingEnd(Schema):
    until: date | None = Field(None, description="The first day not served; today if absent")


class PostingView(View):
    id: UUID
    version: int
    state: PostingState
    credit_code: str
    worker_id: UUID
    community: str
    since: date
    until: date | None


class CoverView(View):
    code: str
    name: str
    covered: bool
    agencies: list[str] = Field(description="Credit codes of the active agencies there")


class CoverageView(View):
    """Covered of in force; the rate is rounded down and null when nothing is in force."""

    covered: int
    total: int
    rate: str | None
    divisions: list[CoverView]


class CommunityRate(View):
    covered: int
    total: int
    rate: str | None


class CommunityCoverage(View):
    """6.1(2): three rates, each with its own denominator."""

    communities: CommunityRate
    villages: CommunityRate
    together: CommunityRate


class DistrictCoverage(View):
    """全覆盖 on a day: by the agencies' seats and by their service sites, told apart."""

    on: date
    by_seat: CoverageView
    by_site: CoverageView
    by_either: CoverageView
    workers_in: CommunityCoverage
