"""机构登记 registry. Made from the committed contract by `make integration`; do not change it by hand."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from ..asking import Answer as Answered
from ..asking import Asking

AgencyState = Literal["registered", "suspended", "cancelled"]

ApplicationState = Literal[
    "draft",
    "submitted",
    "returned",
    "accepted",
    "reviewed",
    "approved",
    "refused",
    "certified",
    "withdrawn",
]

Body = Literal["council", "supervisors"]

Category = Literal["community_service", "other"]

CertificateLevel = Literal["assistant", "social_worker", "senior"]

ClientGroup = Literal[
    "older_people",
    "disabled_people",
    "young_people",
    "urban_migrants",
    "rural_left_behind",
    "people_in_special_difficulty",
    "disaster_victims",
]

Conclusion = Literal["pass", "basic", "fail"]

DegreeLevel = Literal["college", "bachelor", "master", "doctor"]

Employment = Literal["full_time", "long_term_part_time", "part_time"]

ErasureGround = Literal[
    "purpose-over", "retention-over", "consent-withdrawn", "unlawful", "other-law"
]

FounderKind = Literal[
    "social_work_school",
    "volunteer_organisation",
    "charity",
    "disability_rehabilitation",
    "special_education",
    "enterprise_or_institution",
    "donor_organisation",
    "donor_person",
]

InspectionState = Literal["called", "overdue", "filed", "concluded"]

LegalForm = Literal["legal_person", "partnership", "individual"]

Material = Literal[
    "application_letter",
    "seat_proof",
    "capital_verification",
    "head_identity",
    "charter_draft",
    "unit_consent",
]

PartyOrganisationKind = Literal["joint", "branch", "general_branch", "committee"]

PartyStatus = Literal["full", "probationary"]

PostState = Literal["held", "left"]

PostingState = Literal["serving", "ended"]

RefusalGround = Literal["unlawful_aims", "fraud", "no_need", "unfit_head", "barred_by_law"]

Route = Literal["direct", "dual"]

ServiceArea = Literal[
    "community_service",
    "disability_rehabilitation",
    "marriage_and_family",
    "educational_guidance",
    "care_of_older_people",
    "social_welfare",
    "social_assistance",
    "care_of_the_honoured",
    "population_and_health",
    "resource_linkage",
]

ServiceMethod = Literal[
    "hardship_relief",
    "mediation",
    "rights_protection",
    "humane_care",
    "counselling",
    "behaviour_correction",
    "relationship_adjustment",
    "resource_linkage",
]

SiteState = Literal["open", "closed"]

Tenure = Literal["owned", "leased", "lent"]


class AgencyView(TypedDict):
    """What the register says of an agency (R-04)."""

    cancelled_on: str | None
    category: str
    certificate_number: str
    credit_code: str
    currency: NotRequired[str]
    head_name: str
    id: str
    legal_form: str
    name: str
    opening_funds: str
    party_organisation: str | None
    party_organisation_since: str | None
    registered_on: str
    route: str
    seat_address: str
    seat_division: str
    state: AgencyState
    supervising_unit: str | None
    version: int


class ApplicationDraft(TypedDict):
    """What founders file. A draft may be incomplete; submission is judged whole."""

    assets: NotRequired[list[AssetDraft]]
    category: NotRequired[Category]
    client_groups: NotRequired[list[ClientGroup]]
    legal_form: NotRequired[LegalForm]
    materials: NotRequired[list[MaterialDraft]]
    methods: NotRequired[list[ServiceMethod]]
    name: NotRequired[NameDraft | None]
    people: NotRequired[list[PersonDraft]]
    purpose: NotRequired[str]
    route: NotRequired[Route]
    scope: NotRequired[str]
    seat: NotRequired[SeatDraft | None]
    supervising_unit: NotRequired[str | None]


class ApplicationView(TypedDict):
    """An application as it stands. Each term says when it ends; `*_provisional` that it may move."""

    accepted_by: str | None
    accepted_by_silence: bool
    accepted_on: str | None
    answer_due: str | None
    answer_provisional: bool
    assets: list[AssetView]
    category: Category
    certificate_due: str | None
    certificate_provisional: bool
    certified_on: str | None
    client_groups: list[ClientGroup]
    credit_code: str | None
    currency: NotRequired[str]
    decided_by: str | None
    decided_on: str | None
    decision_due: str | None
    grounds: list[RefusalGround]
    id: str
    lease_until: str | None
    legal_form: LegalForm
    materials: list[MaterialView]
    methods: list[ServiceMethod]
    name: str | None
    name_parts: dict[str, str] | None
    purpose: str
    reasons: str | None
    received_on: str | None
    residency_id: str | None
    review_opinion: str | None
    review_recommends: bool | None
    reviewed_by: str | None
    route: Route
    scope: str
    seat_address: str | None
    seat_division: str | None
    state: ApplicationState
    supervising_unit: str | None
    tenure: Tenure | None
    told_missing: list[str] | None
    version: int


class Approval(TypedDict):
    opinion: NotRequired[str | None]


class AssetDraft(TypedDict):
    """A part of the opening funds, with its giver."""

    amount: str
    founder_kind: FounderKind
    of_the_state: NotRequired[bool]
    source: str


class AssetView(TypedDict):
    amount: str
    founder_kind: FounderKind
    of_the_state: bool
    source: str


class BodiesDraft(TypedDict):
    """Both bodies as a whole: whoever is not named leaves."""

    council: list[GovernorDraft]
    supervisors: list[GovernorDraft]


class CalendarNotice(TypedDict):
    """The yearly notice of 国务院办公厅: days off by name, and weekends that are worked."""

    citation: str
    rest_days: list[NamedDay]
    working_weekends: list[str]
    year: int


class CalendarNoticeView(TypedDict):
    citation: str
    days: int
    workdays: int
    year: int


class Cancellation(TypedDict):
    """注销: the liquidation is over, and what was handed out has been taken in."""

    certificate_returned: bool
    liquidation_ended_on: str
    seal_returned: bool


class CertificateDetails(TypedDict):
    """The certificate; its credit code was given by the national system and is recorded here."""

    certificate_number: str
    credit_code: str


class CertificateDraft(TypedDict):
    """社会工作者职业水平证书."""

    level: CertificateLevel
    number: str
    obtained_on: str
    registered_until: NotRequired[str | None]


class CharterAmendment(TypedDict):
    """A change of the charter that the council resolved."""

    methods: list[ServiceMethod]
    purpose: str
    resolved_on: str
    scope: str


class CharterView(TypedDict):
    in_force_since: str
    methods: list[ServiceMethod]
    number: int
    purpose: str
    resolved_on: str | None
    scope: str


class ClockView(TypedDict):
    now: str
    sandbox: bool
    today: str


class CodelistView(TypedDict):
    """One of the policy's sixteen lists, with the clause that sets it up."""

    clause: dict[str, str]
    codes: list[CodeView]
    id: str
    name: dict[str, str]


class CommunityCoverage(TypedDict):
    """6.1(2): three rates, each with its own denominator."""

    communities: CommunityRate
    together: CommunityRate
    villages: CommunityRate


class CommunityRate(TypedDict):
    covered: int
    rate: str | None
    total: int


class ConclusionDraft(TypedDict):
    """合格 (pass), 基本合格 (basic) or 不合格 (fail); anything but a pass says why."""

    conclusion: Conclusion
    reasons: NotRequired[str]


class ConsistencyView(TypedDict):
    """The tree of `size` begins with that of `old`: PROOF of RFC 6962, 2.1.2. Hashes in hex."""

    old: int
    old_root: str
    path: list[str]
    root: str
    size: int


class Correction(TypedDict):
    """What is missing, told once (一次告知)."""

    missing: list[str]


class CoverView(TypedDict):
    agencies: list[str]
    code: str
    covered: bool
    name: str


class CoverageView(TypedDict):
    """Covered of in force; the rate is rounded down and null when nothing is in force."""

    covered: int
    divisions: list[CoverView]
    rate: str | None
    total: int


class DayView(TypedDict):
    date: str
    is_workday: bool
    name: str | None
    provisional: bool
    source: str


class DegreeDraft(TypedDict):
    """An education; only 本科 and above in social work count for 5.1(3)."""

    level: DegreeLevel
    number: str
    obtained_on: str
    school: str
    social_work: bool


class DistrictCoverage(TypedDict):
    """全覆盖 on a day: by the agencies' seats and by their service sites, told apart."""

    by_either: CoverageView
    by_seat: CoverageView
    by_site: CoverageView
    on: str
    workers_in: CommunityCoverage


class DivisionView(TypedDict):
    """One name of a division while it lasted; `until` is the first day it no longer held."""

    code: str
    day_confirmed: bool
    kind: str
    name: str
    note: str | None
    parent_code: str
    since: str | None
    source: str
    succeeded_by: str | None
    until: str | None


class DryRun(TypedDict):
    """What a dry run (`dry=true`) tells: what would have happened, for nothing did."""

    answer: Any
    dry: Literal[True]
    events: list[str]
    findings: list[dict[str, Any]]
    outcome: Literal["accepted", "refused"]
    status: int


class Erasure(TypedDict):
    """Whose detail goes, by which ground of 个人信息保护法 47, and the decision that orders it."""

    decision: str
    ground: ErasureGround
    subject: str
    subject_id: str


class ErasureView(TypedDict):
    """`entries` are the ids of the journal rows whose detail was erased."""

    decision: str
    entries: list[str]
    ground: ErasureGround
    subject: str
    subject_id: str


class FeedEntry(TypedDict):
    """One placed row. `event` is a CloudEvent; it is absent where the reader may not see it."""

    event: NotRequired[dict[str, Any] | None]
    leaf: str
    position: int


class FeedPage(TypedDict):
    """Entries in order, without gaps. Ask again with `after` = `next`."""

    full: bool
    items: list[FeedEntry]
    next: int


class GovernorDraft(TypedDict):
    name: str
    resident_id: str


class GovernorView(TypedDict):
    body: str
    name: str
    since: str
    until: str | None


class History(TypedDict):
    items: list[HistoryEntry]
    subject: str
    subject_id: str


class HistoryEntry(TypedDict):
    """One version of a subject. `detail` (facts, findings, after-state) is for auditors."""

    at: str
    detail: NotRequired[dict[str, Any] | None]
    event: dict[str, Any]
    id: str
    kind: str
    version: int


class InclusionView(TypedDict):
    """The leaf at this position is under this root: PATH of RFC 6962, 2.1.1. Hashes in hex."""

    leaf: str
    path: list[str]
    position: int
    root: str
    size: int


class InspectionResult(TypedDict):
    conclusion: Conclusion
    year: int


class InspectionView(TypedDict):
    concluded_on: str | None
    conclusion: Conclusion | None
    credit_code: str
    due_on: str
    filed_on: str | None
    first_reviewed_on: str | None
    id: str
    reasons: str | None
    state: InspectionState
    version: int
    year: int


class KeyView(TypedDict):
    """`key` is a C2SP verifier key: name+id+base64. Compare the fingerprint by another way."""

    fingerprint: str
    key: str


class KeysView(TypedDict):
    keys: list[KeyView]
    origin: str


class Leaving(TypedDict):
    """The first day on which the post is no longer held; today if absent."""

    ended_on: NotRequired[str | None]


class MaterialDraft(TypedDict):
    """A document that was handed in, named by the digest of its content."""

    kind: Material
    sha256: str
    title: str


class MaterialView(TypedDict):
    kind: Material
    sha256: str
    title: str


class Money(TypedDict):
    """An amount of money: exact, comparable, at most ten trillion yuan either way."""

    fen: int


class NameDraft(TypedDict):
    """行政区划 + 字号 + 行（事）业领域 + 组织形式."""

    division: str
    field: str
    form: str
    trade_name: str


class NamedDay(TypedDict):
    date: str
    name: str


class PageAgencyView(TypedDict):
    items: list[AgencyView]
    next: NotRequired[str | None]


class PageApplicationView(TypedDict):
    items: list[ApplicationView]
    next: NotRequired[str | None]


class PageDivisionView(TypedDict):
    items: list[DivisionView]
    next: NotRequired[str | None]


class PageInspectionView(TypedDict):
    items: list[InspectionView]
    next: NotRequired[str | None]


class PagePostingView(TypedDict):
    items: list[PostingView]
    next: NotRequired[str | None]


class PageSiteView(TypedDict):
    items: list[SiteView]
    next: NotRequired[str | None]


class PartyMembership(TypedDict):
    full_since: NotRequired[str | None]
    status: PartyStatus


class PartyOrganisationDraft(TypedDict):
    """4.5(1): the Party organisation of the agency, own or joint."""

    founded_on: str
    kind: PartyOrganisationKind


class PerformanceView(TypedDict):
    """A project's evaluation, with the event of evaluation's feed that told it."""

    cause_event: str
    cause_position: int
    concluded_on: str
    contract_id: str
    grade: str
    score: str | None
    stage: str


class PersonDraft(TypedDict):
    """Somebody named in the application: as staff, in a body, or as its head (法定代表人)."""

    body: NotRequired[Body | None]
    certificate: NotRequired[CertificateDraft | None]
    degree: NotRequired[DegreeDraft | None]
    employment: NotRequired[Employment | None]
    head: NotRequired[bool]
    name: str
    party: NotRequired[PartyMembership | None]
    resident_id: str


class PersonView(TypedDict):
    """A person of an application; the number is masked."""

    body: Body | None
    certificate: CertificateDraft | None
    degree: DegreeDraft | None
    employment: Employment | None
    head: bool
    name: str
    party_status: str | None
    resident_id: str


class PostDraft(TypedDict):
    """Somebody takes a post at the agency."""

    certificate: NotRequired[CertificateDraft | None]
    degree: NotRequired[DegreeDraft | None]
    employment: Employment
    name: str
    party: NotRequired[PartyMembership | None]
    resident_id: str
    started_on: str
    title: str


class PostView(TypedDict):
    credit_code: str
    employment: Employment
    ended_on: str | None
    id: str
    started_on: str
    state: PostState
    title: str
    version: int
    worker_id: str


class PostingDraft(TypedDict):
    """A worker of the agency serves one community (一社区一社工)."""

    community: str
    since: str
    worker_id: str


class PostingEnd(TypedDict):
    until: NotRequired[str | None]


class PostingView(TypedDict):
    community: str
    credit_code: str
    id: str
    since: str
    state: PostingState
    until: str | None
    version: int
    worker_id: str


class Problem(TypedDict):
    """RFC 9457 problem document. Titles, details, rules and remedies follow Accept-Language (zh, en)."""

    decision: NotRequired[str]
    detail: str
    errors: NotRequired[list[ProblemErrors]]
    findings: NotRequired[list[dict[str, Any]]]
    instance: str
    on: NotRequired[str]
    status: int
    title: str
    trace_id: str
    type: str


class ProblemErrors(TypedDict):
    pointer: str
    remedy: str
    rule: str


class QualificationDraft(TypedDict):
    """A certificate or an education obtained since; exactly one of the two."""

    certificate: NotRequired[CertificateDraft | None]
    degree: NotRequired[DegreeDraft | None]


class QualificationView(TypedDict):
    id: str
    issuer: str | None
    kind: str
    level: str
    number: str
    obtained_on: str
    registered_until: str | None
    social_work: bool


class Reached(TypedDict):
    """The business instant that the clock was moved to."""

    reached: str


class RefusalDecision(TypedDict):
    """The reasons are told to the founders, with the grounds of the law if one applies."""

    grounds: NotRequired[list[RefusalGround]]
    reasons: str


class ReportView(TypedDict):
    """The report as it was filed; amounts in yuan."""

    filed_on: str | None
    report: dict[str, Any] | None
    year: int


class Review(TypedDict):
    """The reviewer's (审核) opinion for the one who decides."""

    opinion: str
    recommends: bool


class SeatDraft(TypedDict):
    """The fixed seat (住所), with the right to use it."""

    address: str
    division: str
    lease_until: NotRequired[str | None]
    tenure: Tenure


class Settlement(TypedDict):
    """`quiet` is true when there was nothing to do: ask all services until all are quiet."""

    now: str
    quiet: bool


class SiteClosure(TypedDict):
    closed_on: NotRequired[str | None]
    reason: str


class SiteDraft(TypedDict):
    """A service site (服务站点). With a seal, an account or a legal status it would be a branch."""

    address: str
    areas: list[ServiceArea]
    community: NotRequired[str | None]
    division: str
    name: str
    opened_on: str
    own_account: NotRequired[bool]
    own_legal_status: NotRequired[bool]
    own_seal: NotRequired[bool]


class SiteView(TypedDict):
    address: str
    areas: list[ServiceArea]
    closed_on: str | None
    community: str | None
    credit_code: str
    division: str
    id: str
    name: str
    opened_on: str
    state: SiteState
    version: int


class StandingView(TypedDict):
    """What an agency was on a day, with every finding: rule, clause, reason and figures."""

    active: bool
    cancelled_on: str | None
    category: str
    credit_code: str
    findings: list[dict[str, Any]]
    full_time_staff: int
    inspections: list[InspectionResult]
    name: str
    on: str
    party_members: int
    performance: list[PerformanceView]
    qualified_staff: int
    registered: bool
    registered_on: str
    seat_division: str
    suspended: bool
    two_consecutive_passes: bool


class SuspensionOrder(TypedDict):
    """An order to stop work, with its ground; `since` is today if absent."""

    ground: str
    since: NotRequired[str | None]


class SuspensionView(TypedDict):
    ground: str
    since: str
    until: str | None


class WageReferenceDraft(TypedDict):
    """The average pay of on-post employees of a year, as it was published."""

    published_on: str
    source: str
    year: int
    yearly: str


class WageReferenceView(TypedDict):
    area: str
    currency: NotRequired[str]
    id: str
    published_on: str
    source: str
    year: int
    yearly: str


class WorkerView(TypedDict):
    """A worker of the agency, with the number masked."""

    employment: Employment
    ended_on: str | None
    name: str
    post_id: str
    qualifications: list[QualificationView]
    qualified: bool
    resident_id: str
    started_on: str
    title: str
    worker_id: str


class YearlyReport(TypedDict):
    """年检报告: what the agency did in the year, and with whose money."""

    activities: int
    clients_served: int
    expenditure: str
    first_reviewed_on: NotRequired[str | None]
    income: str
    income_from_purchase: str
    summary: str


CodeView = TypedDict(
    "CodeView",
    {
        "clause": "dict[str, str]",
        "code": "str",
        "from": "str",
        "name": "dict[str, str]",
        "to": "str | None",
    },
)

TermView = TypedDict(
    "TermView",
    {
        "ends_on": "str",
        "from": "str",
        "provisional": "bool",
        "provisional_days": "list[str]",
        "working_days": "int",
    },
)


class Registry:
    """机构登记: every operation of the service, named as in its contract."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def list_agencies(
        self,
        *,
        state: AgencyState | None = None,
        category: str | None = None,
        seat_division: str | None = None,
        name: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageAgencyView]:
        """List the agencies on the register, oldest entry first.

        `GET /registry/v1/agencies`
        """
        return self._asking.ask(
            "GET",
            "/registry/v1/agencies",
            query={
                "state": state,
                "category": category,
                "seat_division": seat_division,
                "name": name,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def read_agency(self, credit_code: str) -> Answered[AgencyView]:
        """Read what the register says of an agency.

        `GET /registry/v1/agencies/{credit_code}`
        """
        return self._asking.ask("GET", "/registry/v1/agencies/{}", (credit_code,))

    def list_bodies(self, credit_code: str) -> Answered[list[GovernorView]]:
        """List who sits in the council and among the supervisors today.

        `GET /registry/v1/agencies/{credit_code}/bodies`
        """
        return self._asking.ask("GET", "/registry/v1/agencies/{}/bodies", (credit_code,))

    def seat_bodies(
        self,
        credit_code: str,
        body: BodiesDraft,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[list[GovernorView]]:
        """Seat the council and the board of supervisors (4.3(3)).

        `POST /registry/v1/agencies/{credit_code}/bodies` 角色 roles: agency、registrar.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/agencies/{}/bodies",
            (credit_code,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def cancel_agency(
        self,
        credit_code: str,
        body: Cancellation,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[AgencyView]:
        """Take an agency off the register after its liquidation.

        `POST /registry/v1/agencies/{credit_code}/cancellation` 角色 roles: registrar.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/agencies/{}/cancellation",
            (credit_code,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def list_charters(self, credit_code: str) -> Answered[list[CharterView]]:
        """List every version of an agency's charter.

        `GET /registry/v1/agencies/{credit_code}/charters`
        """
        return self._asking.ask("GET", "/registry/v1/agencies/{}/charters", (credit_code,))

    def amend_charter(
        self,
        credit_code: str,
        body: CharterAmendment,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[CharterView]:
        """Approve a change of the charter that the council resolved.

        `POST /registry/v1/agencies/{credit_code}/charters` 角色 roles: registrar.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/agencies/{}/charters",
            (credit_code,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def record_party_organisation(
        self,
        credit_code: str,
        body: PartyOrganisationDraft,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[AgencyView]:
        """Record the Party organisation that covers the agency (4.5(1)).

        `POST /registry/v1/agencies/{credit_code}/party-organisation` 角色 roles: agency、registrar.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/agencies/{}/party-organisation",
            (credit_code,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def post_worker(
        self, credit_code: str, body: PostingDraft, *, idempotency_key: str | None = None
    ) -> Answered[PostingView]:
        """Post a worker of the agency to a community (6.1(2)).

        `POST /registry/v1/agencies/{credit_code}/postings` 角色 roles: agency、registrar.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/agencies/{}/postings",
            (credit_code,),
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def take_post(
        self, credit_code: str, body: PostDraft, *, idempotency_key: str | None = None
    ) -> Answered[PostView]:
        """Record that somebody takes a post at the agency.

        `POST /registry/v1/agencies/{credit_code}/posts` 角色 roles: agency、registrar.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/agencies/{}/posts",
            (credit_code,),
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def reinstate_agency(
        self, credit_code: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[AgencyView]:
        """Let a suspended agency work again.

        `POST /registry/v1/agencies/{credit_code}/reinstatement` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/agencies/{}/reinstatement",
            (credit_code,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def open_site(
        self, credit_code: str, body: SiteDraft, *, idempotency_key: str | None = None
    ) -> Answered[SiteView]:
        """Open a service site of the agency (3.3(3)).

        `POST /registry/v1/agencies/{credit_code}/sites` 角色 roles: agency、registrar.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/agencies/{}/sites",
            (credit_code,),
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def read_standing(self, credit_code: str, *, on: str | None = None) -> Answered[StandingView]:
        """Read an agency's standing on a day, explained: every rule asked, with clause and figures.

        `GET /registry/v1/agencies/{credit_code}/standing`
        """
        return self._asking.ask(
            "GET", "/registry/v1/agencies/{}/standing", (credit_code,), query={"on": on}
        )

    def suspend_agency(
        self,
        credit_code: str,
        body: SuspensionOrder,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[AgencyView]:
        """Order an agency to stop its work.

        `POST /registry/v1/agencies/{credit_code}/suspension` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/agencies/{}/suspension",
            (credit_code,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def list_suspensions(self, credit_code: str) -> Answered[list[SuspensionView]]:
        """List when an agency was suspended, and why.

        `GET /registry/v1/agencies/{credit_code}/suspensions`
        """
        return self._asking.ask("GET", "/registry/v1/agencies/{}/suspensions", (credit_code,))

    def list_workers(
        self, credit_code: str, *, on: str | None = None
    ) -> Answered[list[WorkerView]]:
        """List the people of an agency on a day, resident ids masked.

        `GET /registry/v1/agencies/{credit_code}/workers` 角色 roles: agency、registrar、supervisor.
        """
        return self._asking.ask(
            "GET", "/registry/v1/agencies/{}/workers", (credit_code,), query={"on": on}
        )

    def list_applications(
        self,
        *,
        state: ApplicationState | None = None,
        residency_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageApplicationView]:
        """List applications: founders see their own, the office sees all.

        `GET /registry/v1/applications` 角色 roles: agency、registrar、supervisor.
        """
        return self._asking.ask(
            "GET",
            "/registry/v1/applications",
            query={"state": state, "residency_id": residency_id, "limit": limit, "cursor": cursor},
        )

    def draft_application(
        self, body: ApplicationDraft, *, idempotency_key: str | None = None
    ) -> Answered[ApplicationView]:
        """Begin a founding application that only its founders and the office can see.

        `POST /registry/v1/applications` 角色 roles: agency.
        """
        return self._asking.ask(
            "POST", "/registry/v1/applications", body=body, keyed=True, key=idempotency_key
        )

    def read_application(self, application_id: str) -> Answered[ApplicationView]:
        """Read an application and its terms.

        `GET /registry/v1/applications/{application_id}` 角色 roles: agency、registrar、supervisor.
        """
        return self._asking.ask("GET", "/registry/v1/applications/{}", (application_id,))

    def change_application(
        self, application_id: str, body: ApplicationDraft, *, if_match: str
    ) -> Answered[ApplicationView]:
        """Replace what was filed, while it is a draft or was sent back.

        `PUT /registry/v1/applications/{application_id}` 角色 roles: agency.
        """
        return self._asking.ask(
            "PUT",
            "/registry/v1/applications/{}",
            (application_id,),
            headers={"if-match": if_match},
            body=body,
            again=False,
        )

    def accept_application(
        self, application_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[ApplicationView]:
        """Accept an application (受理、经办): its documents are complete.

        `POST /registry/v1/applications/{application_id}/acceptance` 角色 roles: registrar.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/applications/{}/acceptance",
            (application_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def approve_application(
        self,
        application_id: str,
        body: Approval,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[ApplicationView]:
        """Approve the founding (审批); by a third person.

        `POST /registry/v1/applications/{application_id}/approval` 角色 roles: registrar.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/applications/{}/approval",
            (application_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def issue_certificate(
        self,
        application_id: str,
        body: CertificateDetails,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[ApplicationView]:
        """Hand over the certificate with its credit code, and register the agency.

        `POST /registry/v1/applications/{application_id}/certificate` 角色 roles: registrar.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/applications/{}/certificate",
            (application_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def return_application(
        self,
        application_id: str,
        body: Correction,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[ApplicationView]:
        """Tell, once, what is missing, and send the application back (R-01).

        `POST /registry/v1/applications/{application_id}/correction` 角色 roles: registrar.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/applications/{}/correction",
            (application_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def list_founding_people(self, application_id: str) -> Answered[list[PersonView]]:
        """List the people named in an application, resident ids masked.

        `GET /registry/v1/applications/{application_id}/people` 角色 roles: agency、registrar、supervisor.
        """
        return self._asking.ask("GET", "/registry/v1/applications/{}/people", (application_id,))

    def refuse_application(
        self,
        application_id: str,
        body: RefusalDecision,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[ApplicationView]:
        """Refuse the founding, with its ground and reasons; by a third person.

        `POST /registry/v1/applications/{application_id}/refusal` 角色 roles: registrar.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/applications/{}/refusal",
            (application_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def review_application(
        self,
        application_id: str,
        body: Review,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[ApplicationView]:
        """Review an application (审核); not by the one who accepted it.

        `POST /registry/v1/applications/{application_id}/review` 角色 roles: registrar.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/applications/{}/review",
            (application_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def submit_application(
        self, application_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[ApplicationView]:
        """Submit an application: the conditions of 5.1 are judged on what was filed.

        `POST /registry/v1/applications/{application_id}/submission` 角色 roles: agency.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/applications/{}/submission",
            (application_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def withdraw_application(
        self, application_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[ApplicationView]:
        """Take an application back before it is decided.

        `POST /registry/v1/applications/{application_id}/withdrawal` 角色 roles: agency.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/applications/{}/withdrawal",
            (application_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def list_days(self, *, year: int) -> Answered[list[DayView]]:
        """List a year's days; days of a year whose notice is not loaded are provisional.

        `GET /registry/v1/calendar/days`
        """
        return self._asking.ask("GET", "/registry/v1/calendar/days", query={"year": year})

    def load_calendar_notice(
        self, body: CalendarNotice, *, idempotency_key: str | None = None
    ) -> Answered[CalendarNoticeView]:
        """Load a year's notice of days off; terms that guessed at the year are counted anew.

        `POST /registry/v1/calendar/notices` 角色 roles: administrator、registrar.
        """
        return self._asking.ask(
            "POST", "/registry/v1/calendar/notices", body=body, keyed=True, key=idempotency_key
        )

    def count_term(self, *, from_: str, working_days: int) -> Answered[TermView]:
        """Count a term in working days, and say which of its days nobody has published yet.

        `GET /registry/v1/calendar/terms`
        """
        return self._asking.ask(
            "GET",
            "/registry/v1/calendar/terms",
            query={"from": from_, "working_days": working_days},
        )

    def read_clock(self) -> Answered[ClockView]:
        """Read the business clock: the time that legal terms are counted in.

        `GET /registry/v1/clock`
        """
        return self._asking.ask("GET", "/registry/v1/clock")

    def settle_clock(self, body: Reached) -> Answered[Settlement]:
        """Work off every deadline that has come and every event told, up to the instant reached.

        `POST /registry/v1/clock/settlement` 角色 roles: administrator、service.
        """
        return self._asking.ask("POST", "/registry/v1/clock/settlement", body=body)

    def list_codelists(self) -> Answered[list[CodelistView]]:
        """List the policy's sixteen codelists, with names in two languages and clauses.

        `GET /registry/v1/codelists`
        """
        return self._asking.ask("GET", "/registry/v1/codelists")

    def read_codelist(self, codelist_id: str) -> Answered[CodelistView]:
        """Read one codelist.

        `GET /registry/v1/codelists/{codelist_id}`
        """
        return self._asking.ask("GET", "/registry/v1/codelists/{}", (codelist_id,))

    def read_coverage(self, *, on: str | None = None) -> Answered[DistrictCoverage]:
        """Read which towns and subdistricts have an active agency on a day (2.2(4)).

        `GET /registry/v1/coverage`
        """
        return self._asking.ask("GET", "/registry/v1/coverage", query={"on": on})

    def list_divisions(
        self,
        *,
        on: str | None = None,
        kind: Literal["district", "subdistrict", "town", "community", "village"] | None = None,
        parent: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageDivisionView]:
        """List the divisions of the district as they were on a day.

        `GET /registry/v1/divisions`
        """
        return self._asking.ask(
            "GET",
            "/registry/v1/divisions",
            query={"on": on, "kind": kind, "parent": parent, "limit": limit, "cursor": cursor},
        )

    def read_division(self, code: str) -> Answered[list[DivisionView]]:
        """Read every name a division has had, oldest first.

        `GET /registry/v1/divisions/{code}`
        """
        return self._asking.ask("GET", "/registry/v1/divisions/{}", (code,))

    def read_feed(
        self, *, after: int | None = None, limit: int | None = None, wait: float | None = None
    ) -> Answered[FeedPage]:
        """Read what happened, in order, after a position.

        `GET /registry/v1/events`
        """
        return self._asking.ask(
            "GET", "/registry/v1/events", query={"after": after, "limit": limit, "wait": wait}
        )

    def read_evidence(
        self, subject: str, subject_id: str, *, size: int | None = None
    ) -> Answered[bytes]:
        """Take away the evidence of one thing: its entries, proofs, checkpoint, keys, and a page on it.

        `GET /registry/v1/evidence/{subject}/{subject_id}`
        """
        return self._asking.ask(
            "GET",
            "/registry/v1/evidence/{}/{}",
            (
                subject,
                subject_id,
            ),
            query={"size": size},
            form_of_answer="bytes",
        )

    def read_history(
        self, subject: str, subject_id: str, *, version: int | None = None, on: str | None = None
    ) -> Answered[History]:
        """Read what became of one thing: every version, one version, or as it stood on a day.

        `GET /registry/v1/history/{subject}/{subject_id}`
        """
        return self._asking.ask(
            "GET",
            "/registry/v1/history/{}/{}",
            (
                subject,
                subject_id,
            ),
            query={"version": version, "on": on},
        )

    def list_inspections(
        self,
        *,
        credit_code: str | None = None,
        year: int | None = None,
        state: InspectionState | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageInspectionView]:
        """List annual inspections; their conclusions are announced here.

        `GET /registry/v1/inspections`
        """
        return self._asking.ask(
            "GET",
            "/registry/v1/inspections",
            query={
                "credit_code": credit_code,
                "year": year,
                "state": state,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def read_inspection(self, inspection_id: str) -> Answered[InspectionView]:
        """Read one annual inspection.

        `GET /registry/v1/inspections/{inspection_id}`
        """
        return self._asking.ask("GET", "/registry/v1/inspections/{}", (inspection_id,))

    def conclude_inspection(
        self,
        inspection_id: str,
        body: ConclusionDraft,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[InspectionView]:
        """Draw and announce the conclusion (R-17).

        `POST /registry/v1/inspections/{inspection_id}/conclusion` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/inspections/{}/conclusion",
            (inspection_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def read_report(self, inspection_id: str) -> Answered[ReportView]:
        """Read the report that was filed; it is the agency's and the office's.

        `GET /registry/v1/inspections/{inspection_id}/report` 角色 roles: agency、supervisor.
        """
        return self._asking.ask("GET", "/registry/v1/inspections/{}/report", (inspection_id,))

    def file_report(
        self,
        inspection_id: str,
        body: YearlyReport,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[InspectionView]:
        """File the report of the year (R-15).

        `POST /registry/v1/inspections/{inspection_id}/report` 角色 roles: agency.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/inspections/{}/report",
            (inspection_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def read_checkpoint(self, *, size: int | None = None) -> Answered[str]:
        """Read the newest signed checkpoint, or the one of a size.

        `GET /registry/v1/journal/checkpoint`
        """
        return self._asking.ask(
            "GET", "/registry/v1/journal/checkpoint", query={"size": size}, form_of_answer="text"
        )

    def prove_consistency(self, *, old: int, size: int | None = None) -> Answered[ConsistencyView]:
        """Prove that nothing was changed since a checkpoint: the later tree begins with the earlier.

        `GET /registry/v1/journal/consistency`
        """
        return self._asking.ask(
            "GET", "/registry/v1/journal/consistency", query={"old": old, "size": size}
        )

    def erase_detail(
        self, body: Erasure, *, idempotency_key: str | None = None
    ) -> Answered[ErasureView]:
        """Erase the private detail of a subject's entries, and journal that and why.

        `POST /registry/v1/journal/erasures` 角色 roles: administrator.
        """
        return self._asking.ask(
            "POST", "/registry/v1/journal/erasures", body=body, keyed=True, key=idempotency_key
        )

    def prove_inclusion(self, *, position: int, size: int | None = None) -> Answered[InclusionView]:
        """Prove that an entry stands at its position, in a tree of a size.

        `GET /registry/v1/journal/inclusion`
        """
        return self._asking.ask(
            "GET", "/registry/v1/journal/inclusion", query={"position": position, "size": size}
        )

    def read_journal_keys(self) -> Answered[KeysView]:
        """Read the public keys that sign this journal.

        `GET /registry/v1/journal/keys`
        """
        return self._asking.ask("GET", "/registry/v1/journal/keys")

    def list_postings(
        self,
        *,
        credit_code: str | None = None,
        community: str | None = None,
        state: PostingState | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PagePostingView]:
        """List community postings: an agency sees its own, officers see all.

        `GET /registry/v1/postings` 角色 roles: agency、registrar、street_officer、supervisor.
        """
        return self._asking.ask(
            "GET",
            "/registry/v1/postings",
            query={
                "credit_code": credit_code,
                "community": community,
                "state": state,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def read_posting(self, posting_id: str) -> Answered[PostingView]:
        """Read one community posting.

        `GET /registry/v1/postings/{posting_id}` 角色 roles: agency、registrar、street_officer、supervisor.
        """
        return self._asking.ask("GET", "/registry/v1/postings/{}", (posting_id,))

    def end_posting(
        self,
        posting_id: str,
        body: PostingEnd,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[PostingView]:
        """End a worker's service in a community.

        `POST /registry/v1/postings/{posting_id}/end` 角色 roles: agency、registrar.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/postings/{}/end",
            (posting_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def read_post(self, post_id: str) -> Answered[PostView]:
        """Read one post.

        `GET /registry/v1/posts/{post_id}` 角色 roles: agency、registrar、supervisor.
        """
        return self._asking.ask("GET", "/registry/v1/posts/{}", (post_id,))

    def leave_post(
        self, post_id: str, body: Leaving, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[PostView]:
        """End a post.

        `POST /registry/v1/posts/{post_id}/leaving` 角色 roles: agency、registrar.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/posts/{}/leaving",
            (post_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def add_qualification(
        self, post_id: str, body: QualificationDraft, *, idempotency_key: str | None = None
    ) -> Answered[PostView]:
        """Record a certificate or an education that the holder of a post has obtained.

        `POST /registry/v1/posts/{post_id}/qualifications` 角色 roles: agency、registrar.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/posts/{}/qualifications",
            (post_id,),
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def list_sites(
        self,
        *,
        credit_code: str | None = None,
        division: str | None = None,
        state: SiteState | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageSiteView]:
        """List service sites, oldest first.

        `GET /registry/v1/sites`
        """
        return self._asking.ask(
            "GET",
            "/registry/v1/sites",
            query={
                "credit_code": credit_code,
                "division": division,
                "state": state,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def read_site(self, site_id: str) -> Answered[SiteView]:
        """Read one service site.

        `GET /registry/v1/sites/{site_id}`
        """
        return self._asking.ask("GET", "/registry/v1/sites/{}", (site_id,))

    def close_site(
        self, site_id: str, body: SiteClosure, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[SiteView]:
        """Close a service site.

        `POST /registry/v1/sites/{site_id}/closure` 角色 roles: agency、registrar.
        """
        return self._asking.ask(
            "POST",
            "/registry/v1/sites/{}/closure",
            (site_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def list_wage_references(self) -> Answered[list[WageReferenceView]]:
        """List the average pay of on-post employees by year (3.2(8)).

        `GET /registry/v1/wage-references`
        """
        return self._asking.ask("GET", "/registry/v1/wage-references")

    def record_wage_reference(
        self, body: WageReferenceDraft, *, idempotency_key: str | None = None
    ) -> Answered[WageReferenceView]:
        """Record a year's average pay as it was published.

        `POST /registry/v1/wage-references` 角色 roles: registrar.
        """
        return self._asking.ask(
            "POST", "/registry/v1/wage-references", body=body, keyed=True, key=idempotency_key
        )
