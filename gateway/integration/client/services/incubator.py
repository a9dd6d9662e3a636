"""孵化 incubator. Made from the committed contract by `make integration`; do not change it by hand."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from ..asking import Answer as Answered
from ..asking import Asking

AllocationState = Literal["held", "returned"]

BaseBudgetLine = Literal["daily_operation", "administration", "service_activities"]

BaseRuleSystem = Literal["admission", "working_mechanism", "staffing", "use_of_funds"]

BaseState = Literal["preparing", "open", "closed"]

Body = Literal["council", "supervisors"]

CandidateState = Literal["submitted", "checked", "turned_down", "withdrawn", "chosen", "not_chosen"]

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

FundState = Literal["open", "closed"]

GrantState = Literal["proposed", "reviewed", "approved", "rejected"]

Material = Literal[
    "application_letter",
    "seat_proof",
    "capital_verification",
    "head_identity",
    "charter_draft",
    "unit_consent",
]

ResidencyState = Literal["sprouting", "starting", "growing", "graduated", "left", "handed_over"]

RoundState = Literal["open", "closed", "ranked", "decided", "cancelled"]

RuralFocusGroup = Literal[
    "rural_disabled_people",
    "left_behind_children",
    "left_behind_older_people",
    "left_behind_women",
    "disaster_victims",
]

ServiceField = Literal[
    "marriage_and_family",
    "educational_guidance",
    "employment_help",
    "employee_support",
    "crime_prevention",
    "correction_and_guidance",
    "health_care",
    "population_services",
    "emergency_response",
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

Stage = Literal["sprouting", "starting", "growing"]

SupportInstrument = Literal[
    "project_funding", "subsidy_or_reward", "premises", "fee_waiver", "venture"
]

Tenancy = Literal["physical", "virtual"]

TenantKind = Literal["registered", "to_be_registered", "filed"]

Tenure = Literal["owned", "leased", "lent"]

VenueKind = Literal["office", "desk", "meeting_room", "equipment"]

VenueState = Literal["available", "withdrawn"]


class AllocationDraft(TypedDict):
    """Who gets the venue, from the first to the last day."""

    ends_on: str
    residency_id: str
    starts_on: str


class AllocationView(TypedDict):
    created_at: str
    ends_on: str
    id: str
    residency_id: str
    starts_on: str
    state: AllocationState
    venue_id: str
    version: int


class Appropriation(TypedDict):
    """Money that comes into the fund."""

    amount: str
    basis: str


class Asset(TypedDict):
    """A part of the opening funds (开办资金)."""

    amount: str
    founder_kind: FounderKind
    of_the_state: NotRequired[bool]
    source: str


class Attainment(TypedDict):
    """How it is known that the milestone was reached."""

    proof: str


class BaseDraft(TypedDict):
    """A base to be set up."""

    address: str
    division: str
    name: str


class BaseView(TypedDict):
    address: str
    created_at: str
    division: str
    id: str
    name: str
    opened_on: str | None
    state: BaseState
    version: int


class BudgetDraft(TypedDict):
    """The three lines of a year's budget, each once."""

    lines: list[BudgetLineDraft]


class BudgetLineDraft(TypedDict):
    appropriation: str
    line: BaseBudgetLine


class BudgetLineView(TypedDict):
    appropriation: str
    line: BaseBudgetLine
    spent: str


class BudgetView(TypedDict):
    currency: NotRequired[str]
    lines: list[BudgetLineView]
    year: int


class CandidateDraft(TypedDict):
    """A start-up and whom it serves. Lists that it serves nobody of stay empty."""

    client_groups: NotRequired[list[ClientGroup]]
    name: str
    plan: str
    rural_focus_groups: NotRequired[list[RuralFocusGroup]]
    service_fields: NotRequired[list[ServiceField]]
    tenant_kind: NotRequired[TenantKind]


class CandidateView(TypedDict):
    check_due: str
    check_due_provisional: bool
    check_note: str | None
    client_groups: list[ClientGroup]
    created_at: str
    explanation: dict[str, Any] | None
    id: str
    name: str
    place: int | None
    plan: str
    round_id: str
    rural_focus_groups: list[RuralFocusGroup]
    score: int | None
    service_fields: list[ServiceField]
    state: CandidateState
    tenant_kind: TenantKind
    version: int


class Certificate(TypedDict):
    level: CertificateLevel
    number: str
    obtained_on: str
    registered_until: NotRequired[str | None]


class Check(TypedDict):
    """The first check: whether the application is fit to be reviewed."""

    fit: bool
    note: str


class ClockView(TypedDict):
    now: str
    sandbox: bool
    today: str


class ConsistencyView(TypedDict):
    """The tree of `size` begins with that of `old`: PROOF of RFC 6962, 2.1.2. Hashes in hex."""

    old: int
    old_root: str
    path: list[str]
    root: str
    size: int


class Degree(TypedDict):
    level: DegreeLevel
    number: str
    obtained_on: str
    school: str
    social_work: bool


class Document(TypedDict):
    """A document, named by the digest of its content."""

    kind: Material
    sha256: str
    title: str


class DossierView(TypedDict):
    """A start-up's file (档案), from which its registration application is born."""

    application: FileView
    client_groups: list[ClientGroup]
    client_id: str
    missing: list[str]
    residency_id: str
    service_fields: list[ServiceField]
    stage: ResidencyState


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


class ExpenseDraft(TypedDict):
    """Money spent from a line."""

    amount: str
    line: BaseBudgetLine
    purpose: str
    reference: str
    year: int


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


class FilePerson(TypedDict):
    """As the registry wants a person; it checks every field again."""

    body: Body | None
    certificate: Certificate | None
    degree: Degree | None
    employment: Employment | None
    head: bool
    name: str
    resident_id: str


class FileView(TypedDict):
    """The founding file as it goes into an application."""

    assets: list[Asset]
    client_groups: list[ClientGroup]
    materials: list[Document]
    methods: list[ServiceMethod]
    name: NameParts | None
    people: list[FilePerson]
    purpose: str
    scope: str
    seat: Seat | None


class FoundingFile(TypedDict):
    """What a registration application needs, as far as it is known yet."""

    assets: NotRequired[list[Asset]]
    client_groups: NotRequired[list[ClientGroup]]
    materials: NotRequired[list[Document]]
    methods: NotRequired[list[ServiceMethod]]
    name: NotRequired[NameParts | None]
    people: NotRequired[list[FoundingPerson]]
    purpose: NotRequired[str]
    scope: NotRequired[str]
    seat: NotRequired[Seat | None]


class FoundingPerson(TypedDict):
    """Staff, a member of the council or of the supervisors, or the head (法定代表人)."""

    body: NotRequired[Body | None]
    certificate: NotRequired[Certificate | None]
    degree: NotRequired[Degree | None]
    employment: NotRequired[Employment | None]
    head: NotRequired[bool]
    name: str
    resident_id: str


class FundDraft(TypedDict):
    """A year's special fund."""

    basis: str
    name: str
    source: str
    year: int


class FundView(TypedDict):
    balance: str
    basis: str
    created_at: str
    currency: NotRequired[str]
    given: str
    id: str
    name: str
    source: str
    state: FundState
    version: int
    year: int


class GrantDraft(TypedDict):
    """Support to be given; help in kind is entered at its value in yuan."""

    basis: str
    fund_id: str
    instrument: SupportInstrument
    period_from: str
    period_until: str
    purpose: str
    residency_id: str
    value: str


class GrantView(TypedDict):
    approved_by: str | None
    basis: str
    created_at: str
    created_by: str
    currency: NotRequired[str]
    fund_id: str
    id: str
    instrument: SupportInstrument
    period_from: str
    period_until: str
    purpose: str
    rejected_because: str | None
    residency_id: str
    reviewed_by: str | None
    state: GrantState
    value: str
    version: int


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


class InstrumentTotal(TypedDict):
    cash: str
    instrument: SupportInstrument
    value: str


class KeyView(TypedDict):
    """`key` is a C2SP verifier key: name+id+base64. Compare the fingerprint by another way."""

    fingerprint: str
    key: str


class KeysView(TypedDict):
    keys: list[KeyView]
    origin: str


class Leaving(TypedDict):
    """Why the start-up leaves before it has hatched."""

    reason: str


class LedgerLineView(TypedDict):
    balance: str
    basis: str
    cash: str
    currency: NotRequired[str]
    entered_on: str
    grant_id: str | None
    id: str
    instrument: SupportInstrument | None
    number: int
    period_from: str | None
    period_until: str | None
    residency_id: str | None
    value: str


class MilestoneDraft(TypedDict):
    """What is to be reached in a stage."""

    due_on: str
    stage: Stage
    title: str


class MilestoneView(TypedDict):
    due_on: str
    id: str
    proof: str | None
    reached_on: str | None
    stage: Stage
    title: str


class MilestonesView(TypedDict):
    items: list[MilestoneView]


class MoneyInput(TypedDict):
    """An amount of money: exact, comparable, at most ten trillion yuan either way."""

    fen: int


class MoneyOutput(TypedDict):
    """An amount of money: exact, comparable, at most ten trillion yuan either way."""

    fen: int


class NameParts(TypedDict):
    """行政区划 + 字号 + 行（事）业领域 + 组织形式."""

    division: str
    field: str
    form: str
    trade_name: str


class PageAllocationView(TypedDict):
    items: list[AllocationView]
    next: NotRequired[str | None]


class PageBaseView(TypedDict):
    items: list[BaseView]
    next: NotRequired[str | None]


class PageCandidateView(TypedDict):
    items: list[CandidateView]
    next: NotRequired[str | None]


class PageFundView(TypedDict):
    items: list[FundView]
    next: NotRequired[str | None]


class PageGrantView(TypedDict):
    items: list[GrantView]
    next: NotRequired[str | None]


class PageLedgerLineView(TypedDict):
    items: list[LedgerLineView]
    next: NotRequired[str | None]


class PageResidencyView(TypedDict):
    items: list[ResidencyView]
    next: NotRequired[str | None]


class PageRoundView(TypedDict):
    items: list[RoundView]
    next: NotRequired[str | None]


class PageVenueView(TypedDict):
    items: list[VenueView]
    next: NotRequired[str | None]


class PanelScore(TypedDict):
    """The panel's score out of 100, with its opinion."""

    opinion: str
    score: int


class PlaceView(TypedDict):
    """A place in the ranking, explained."""

    candidate_id: str
    explanation: dict[str, Any]
    name: str
    place: int
    state: CandidateState


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


class RankingView(TypedDict):
    places: int
    ranking: list[PlaceView]
    round_id: str


class Reached(TypedDict):
    """The business instant that the clock was moved to."""

    reached: str


class Rejection(TypedDict):
    reason: str


class ResidencyDraft(TypedDict):
    """The stay of a chosen candidate."""

    candidate_id: str
    ends_on: str
    starts_on: str
    tenancy: Tenancy


class ResidencyView(TypedDict):
    base_id: str
    candidate_id: str
    client_groups: list[ClientGroup]
    created_at: str
    end_reason: str | None
    ended_on: str | None
    ends_on: str
    hand_over_by: str | None
    hand_over_provisional: bool
    id: str
    name: str
    service_fields: list[ServiceField]
    starts_on: str
    state: ResidencyState
    tenancy: Tenancy
    tenant_kind: TenantKind
    version: int


class RoundDraft(TypedDict):
    """A round of admission, open from today to the end of `closes_on`."""

    base_id: str
    closes_on: str
    places: int
    title: str


class RoundView(TypedDict):
    base_id: str
    closes_on: str
    created_at: str
    id: str
    opens_on: str
    places: int
    state: RoundState
    title: str
    version: int


class RuleDocumentDraft(TypedDict):
    """A version of one of the four management systems."""

    body: str
    in_force_from: str
    number: str
    system: BaseRuleSystem
    title: str


class RuleDocumentView(TypedDict):
    adopted_on: str
    body: str
    id: str
    in_force_from: str
    number: str
    system: BaseRuleSystem
    title: str


class RuleDocumentsView(TypedDict):
    """Every version of every system, and which are in force on the day asked for."""

    documents: list[RuleDocumentView]
    in_force: list[BaseRuleSystem]
    on: str


class Seat(TypedDict):
    """The fixed seat (住所)."""

    address: str
    division: str
    lease_until: NotRequired[str | None]
    tenure: Tenure


class Settlement(TypedDict):
    """`quiet` is true when there was nothing to do: ask all services until all are quiet."""

    now: str
    quiet: bool


class SupportView(TypedDict):
    """Everything a start-up was given, by every instrument and from every fund."""

    by_instrument: list[InstrumentTotal]
    cash: str
    currency: NotRequired[str]
    lines: list[LedgerLineView]
    residency_id: str
    value: str


class VenueDraft(TypedDict):
    """A venue of the base."""

    base_id: str
    capacity: int
    kind: VenueKind
    monthly_value: str
    name: str


class VenueView(TypedDict):
    base_id: str
    capacity: int
    created_at: str
    currency: NotRequired[str]
    id: str
    kind: VenueKind
    monthly_value: str
    name: str
    state: VenueState
    version: int


class Incubator:
    """孵化: every operation of the service, named as in its contract."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def list_allocations(
        self,
        *,
        venue_id: str | None = None,
        residency_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageAllocationView]:
        """List who has which venue when.

        `GET /incubator/v1/allocations`
        """
        return self._asking.ask(
            "GET",
            "/incubator/v1/allocations",
            query={
                "venue_id": venue_id,
                "residency_id": residency_id,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def read_allocation(self, allocation_id: str) -> Answered[AllocationView]:
        """Read one allocation.

        `GET /incubator/v1/allocations/{allocation_id}`
        """
        return self._asking.ask("GET", "/incubator/v1/allocations/{}", (allocation_id,))

    def return_venue(
        self, allocation_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[AllocationView]:
        """Take the venue back before the end of its allocation.

        `POST /incubator/v1/allocations/{allocation_id}/return` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/allocations/{}/return",
            (allocation_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def list_bases(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Answered[PageBaseView]:
        """List the bases, closed ones too.

        `GET /incubator/v1/bases`
        """
        return self._asking.ask(
            "GET", "/incubator/v1/bases", query={"limit": limit, "cursor": cursor}
        )

    def found_base(
        self, body: BaseDraft, *, idempotency_key: str | None = None
    ) -> Answered[BaseView]:
        """Set up the district's incubator base.

        `POST /incubator/v1/bases` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST", "/incubator/v1/bases", body=body, keyed=True, key=idempotency_key
        )

    def read_base(self, base_id: str) -> Answered[BaseView]:
        """Read one base.

        `GET /incubator/v1/bases/{base_id}`
        """
        return self._asking.ask("GET", "/incubator/v1/bases/{}", (base_id,))

    def read_budget(self, base_id: str, year: int) -> Answered[BudgetView]:
        """Read the year's budget: appropriated and spent, by line.

        `GET /incubator/v1/bases/{base_id}/budgets/{year}`
        """
        return self._asking.ask(
            "GET",
            "/incubator/v1/bases/{}/budgets/{}",
            (
                base_id,
                year,
            ),
        )

    def set_budget(
        self, base_id: str, year: int, body: BudgetDraft, *, if_match: str
    ) -> Answered[BaseView]:
        """Enter the year's appropriation for the three lines.

        `PUT /incubator/v1/bases/{base_id}/budgets/{year}` 角色 roles: finance.
        """
        return self._asking.ask(
            "PUT",
            "/incubator/v1/bases/{}/budgets/{}",
            (
                base_id,
                year,
            ),
            headers={"if-match": if_match},
            body=body,
            again=False,
        )

    def close_base(
        self, base_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[BaseView]:
        """Close the base.

        `POST /incubator/v1/bases/{base_id}/closure` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/bases/{}/closure",
            (base_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def enter_expense(
        self, base_id: str, body: ExpenseDraft, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[BaseView]:
        """Spend from a line of the base's budget.

        `POST /incubator/v1/bases/{base_id}/expenses` 角色 roles: finance、incubator_manager.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/bases/{}/expenses",
            (base_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def open_base(
        self, base_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[BaseView]:
        """Open the base.

        `POST /incubator/v1/bases/{base_id}/opening` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/bases/{}/opening",
            (base_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def list_rule_documents(
        self, base_id: str, *, on: str | None = None
    ) -> Answered[RuleDocumentsView]:
        """List the rule documents, and which systems are in force on a day; today when none is given.

        `GET /incubator/v1/bases/{base_id}/rule-documents`
        """
        return self._asking.ask(
            "GET", "/incubator/v1/bases/{}/rule-documents", (base_id,), query={"on": on}
        )

    def adopt_rules(
        self,
        base_id: str,
        body: RuleDocumentDraft,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[BaseView]:
        """Adopt a version of one of the four management systems.

        `POST /incubator/v1/bases/{base_id}/rule-documents` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/bases/{}/rule-documents",
            (base_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def list_candidates(
        self,
        *,
        round_id: str | None = None,
        state: CandidateState | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageCandidateView]:
        """List candidates: those chosen, and one's own.

        `GET /incubator/v1/candidates`
        """
        return self._asking.ask(
            "GET",
            "/incubator/v1/candidates",
            query={"round_id": round_id, "state": state, "limit": limit, "cursor": cursor},
        )

    def read_candidate(self, candidate_id: str) -> Answered[CandidateView]:
        """Read one candidate.

        `GET /incubator/v1/candidates/{candidate_id}`
        """
        return self._asking.ask("GET", "/incubator/v1/candidates/{}", (candidate_id,))

    def check_candidate(
        self, candidate_id: str, body: Check, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[CandidateView]:
        """Answer the first check.

        `POST /incubator/v1/candidates/{candidate_id}/check` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/candidates/{}/check",
            (candidate_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def score_candidate(
        self, candidate_id: str, body: PanelScore, *, if_match: str
    ) -> Answered[CandidateView]:
        """Enter the panel's score.

        `PUT /incubator/v1/candidates/{candidate_id}/score` 角色 roles: incubator_manager、panellist.
        """
        return self._asking.ask(
            "PUT",
            "/incubator/v1/candidates/{}/score",
            (candidate_id,),
            headers={"if-match": if_match},
            body=body,
            again=False,
        )

    def withdraw_candidate(
        self, candidate_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[CandidateView]:
        """Withdraw one's own application.

        `POST /incubator/v1/candidates/{candidate_id}/withdrawal` 角色 roles: agency.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/candidates/{}/withdrawal",
            (candidate_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def read_clock(self) -> Answered[ClockView]:
        """Read the business clock: the time that legal terms are counted in.

        `GET /incubator/v1/clock`
        """
        return self._asking.ask("GET", "/incubator/v1/clock")

    def settle_clock(self, body: Reached) -> Answered[Settlement]:
        """Work off every deadline that has come and every event told, up to the instant reached.

        `POST /incubator/v1/clock/settlement` 角色 roles: administrator、service.
        """
        return self._asking.ask("POST", "/incubator/v1/clock/settlement", body=body)

    def read_feed(
        self, *, after: int | None = None, limit: int | None = None, wait: float | None = None
    ) -> Answered[FeedPage]:
        """Read what happened, in order, after a position.

        `GET /incubator/v1/events`
        """
        return self._asking.ask(
            "GET", "/incubator/v1/events", query={"after": after, "limit": limit, "wait": wait}
        )

    def read_evidence(
        self, subject: str, subject_id: str, *, size: int | None = None
    ) -> Answered[bytes]:
        """Take away the evidence of one thing: its entries, proofs, checkpoint, keys, and a page on it.

        `GET /incubator/v1/evidence/{subject}/{subject_id}`
        """
        return self._asking.ask(
            "GET",
            "/incubator/v1/evidence/{}/{}",
            (
                subject,
                subject_id,
            ),
            query={"size": size},
            form_of_answer="bytes",
        )

    def list_funds(
        self, *, state: FundState | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Answered[PageFundView]:
        """List the special funds.

        `GET /incubator/v1/funds`
        """
        return self._asking.ask(
            "GET", "/incubator/v1/funds", query={"state": state, "limit": limit, "cursor": cursor}
        )

    def open_fund(
        self, body: FundDraft, *, idempotency_key: str | None = None
    ) -> Answered[FundView]:
        """Open a year's special fund.

        `POST /incubator/v1/funds` 角色 roles: finance.
        """
        return self._asking.ask(
            "POST", "/incubator/v1/funds", body=body, keyed=True, key=idempotency_key
        )

    def read_fund(self, fund_id: str) -> Answered[FundView]:
        """Read one fund with its balance.

        `GET /incubator/v1/funds/{fund_id}`
        """
        return self._asking.ask("GET", "/incubator/v1/funds/{}", (fund_id,))

    def replenish_fund(
        self,
        fund_id: str,
        body: Appropriation,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[FundView]:
        """Enter money that came into the fund.

        `POST /incubator/v1/funds/{fund_id}/appropriations` 角色 roles: finance.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/funds/{}/appropriations",
            (fund_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def close_fund(
        self, fund_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[FundView]:
        """Close the fund.

        `POST /incubator/v1/funds/{fund_id}/closure` 角色 roles: finance.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/funds/{}/closure",
            (fund_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def read_ledger(
        self, fund_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Answered[PageLedgerLineView]:
        """Read the fund's ledger, line by line.

        `GET /incubator/v1/funds/{fund_id}/ledger`
        """
        return self._asking.ask(
            "GET",
            "/incubator/v1/funds/{}/ledger",
            (fund_id,),
            query={"limit": limit, "cursor": cursor},
        )

    def list_grants(
        self,
        *,
        residency_id: str | None = None,
        state: GrantState | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageGrantView]:
        """List proposed and approved support.

        `GET /incubator/v1/grants` 角色 roles: finance、incubator_manager、supervisor.
        """
        return self._asking.ask(
            "GET",
            "/incubator/v1/grants",
            query={"residency_id": residency_id, "state": state, "limit": limit, "cursor": cursor},
        )

    def propose_grant(
        self, body: GrantDraft, *, idempotency_key: str | None = None
    ) -> Answered[GrantView]:
        """Propose support for a resident.

        `POST /incubator/v1/grants` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST", "/incubator/v1/grants", body=body, keyed=True, key=idempotency_key
        )

    def read_grant(self, grant_id: str) -> Answered[GrantView]:
        """Read one grant.

        `GET /incubator/v1/grants/{grant_id}` 角色 roles: finance、incubator_manager、supervisor.
        """
        return self._asking.ask("GET", "/incubator/v1/grants/{}", (grant_id,))

    def approve_grant(
        self, grant_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[GrantView]:
        """Approve it, as a third person; the ledger line is written at once.

        `POST /incubator/v1/grants/{grant_id}/approval` 角色 roles: finance.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/grants/{}/approval",
            (grant_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def reject_grant(
        self, grant_id: str, body: Rejection, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[GrantView]:
        """Reject it.

        `POST /incubator/v1/grants/{grant_id}/rejection` 角色 roles: finance、incubator_manager.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/grants/{}/rejection",
            (grant_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def review_grant(
        self, grant_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[GrantView]:
        """Review it, as somebody else than who proposed it.

        `POST /incubator/v1/grants/{grant_id}/review` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/grants/{}/review",
            (grant_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def read_history(
        self, subject: str, subject_id: str, *, version: int | None = None, on: str | None = None
    ) -> Answered[History]:
        """Read what became of one thing: every version, one version, or as it stood on a day.

        `GET /incubator/v1/history/{subject}/{subject_id}`
        """
        return self._asking.ask(
            "GET",
            "/incubator/v1/history/{}/{}",
            (
                subject,
                subject_id,
            ),
            query={"version": version, "on": on},
        )

    def read_checkpoint(self, *, size: int | None = None) -> Answered[str]:
        """Read the newest signed checkpoint, or the one of a size.

        `GET /incubator/v1/journal/checkpoint`
        """
        return self._asking.ask(
            "GET", "/incubator/v1/journal/checkpoint", query={"size": size}, form_of_answer="text"
        )

    def prove_consistency(self, *, old: int, size: int | None = None) -> Answered[ConsistencyView]:
        """Prove that nothing was changed since a checkpoint: the later tree begins with the earlier.

        `GET /incubator/v1/journal/consistency`
        """
        return self._asking.ask(
            "GET", "/incubator/v1/journal/consistency", query={"old": old, "size": size}
        )

    def erase_detail(
        self, body: Erasure, *, idempotency_key: str | None = None
    ) -> Answered[ErasureView]:
        """Erase the private detail of a subject's entries, and journal that and why.

        `POST /incubator/v1/journal/erasures` 角色 roles: administrator.
        """
        return self._asking.ask(
            "POST", "/incubator/v1/journal/erasures", body=body, keyed=True, key=idempotency_key
        )

    def prove_inclusion(self, *, position: int, size: int | None = None) -> Answered[InclusionView]:
        """Prove that an entry stands at its position, in a tree of a size.

        `GET /incubator/v1/journal/inclusion`
        """
        return self._asking.ask(
            "GET", "/incubator/v1/journal/inclusion", query={"position": position, "size": size}
        )

    def read_journal_keys(self) -> Answered[KeysView]:
        """Read the public keys that sign this journal.

        `GET /incubator/v1/journal/keys`
        """
        return self._asking.ask("GET", "/incubator/v1/journal/keys")

    def list_residencies(
        self,
        *,
        base_id: str | None = None,
        state: ResidencyState | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageResidencyView]:
        """List who stays or stayed in the base.

        `GET /incubator/v1/residencies`
        """
        return self._asking.ask(
            "GET",
            "/incubator/v1/residencies",
            query={"base_id": base_id, "state": state, "limit": limit, "cursor": cursor},
        )

    def begin_stay(
        self, body: ResidencyDraft, *, idempotency_key: str | None = None
    ) -> Answered[ResidencyView]:
        """Take in a chosen candidate.

        `POST /incubator/v1/residencies` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST", "/incubator/v1/residencies", body=body, keyed=True, key=idempotency_key
        )

    def read_residency(self, residency_id: str) -> Answered[ResidencyView]:
        """Read one stay.

        `GET /incubator/v1/residencies/{residency_id}`
        """
        return self._asking.ask("GET", "/incubator/v1/residencies/{}", (residency_id,))

    def advance_residency(
        self, residency_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[ResidencyView]:
        """Advance to the next stage, when every milestone of this one is reached.

        `POST /incubator/v1/residencies/{residency_id}/advancement` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/residencies/{}/advancement",
            (residency_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def leave(
        self, residency_id: str, body: Leaving, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[ResidencyView]:
        """End the stay before the start-up has hatched.

        `POST /incubator/v1/residencies/{residency_id}/departure` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/residencies/{}/departure",
            (residency_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def read_dossier(self, residency_id: str) -> Answered[DossierView]:
        """Read the start-up's file: for itself, and for the registry when it graduates.

        `GET /incubator/v1/residencies/{residency_id}/dossier` 角色 roles: agency、service.
        """
        return self._asking.ask("GET", "/incubator/v1/residencies/{}/dossier", (residency_id,))

    def keep_file(
        self, residency_id: str, body: FoundingFile, *, if_match: str
    ) -> Answered[ResidencyView]:
        """Keep one's founding file, as a whole.

        `PUT /incubator/v1/residencies/{residency_id}/file` 角色 roles: agency.
        """
        return self._asking.ask(
            "PUT",
            "/incubator/v1/residencies/{}/file",
            (residency_id,),
            headers={"if-match": if_match},
            body=body,
            again=False,
        )

    def graduate(
        self, residency_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[ResidencyView]:
        """Graduate the start-up; its registration application is born from its file.

        `POST /incubator/v1/residencies/{residency_id}/graduation` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/residencies/{}/graduation",
            (residency_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def hand_over(
        self, residency_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[ResidencyView]:
        """Confirm that everything was handed over; rooms become free.

        `POST /incubator/v1/residencies/{residency_id}/hand-over` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/residencies/{}/hand-over",
            (residency_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def list_milestones(self, residency_id: str) -> Answered[MilestonesView]:
        """List what is to be reached in each stage.

        `GET /incubator/v1/residencies/{residency_id}/milestones`
        """
        return self._asking.ask("GET", "/incubator/v1/residencies/{}/milestones", (residency_id,))

    def set_milestone(
        self,
        residency_id: str,
        body: MilestoneDraft,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[ResidencyView]:
        """Set a milestone for a stage.

        `POST /incubator/v1/residencies/{residency_id}/milestones` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/residencies/{}/milestones",
            (residency_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def reach_milestone(
        self,
        residency_id: str,
        milestone_id: str,
        body: Attainment,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[ResidencyView]:
        """Confirm that a milestone was reached.

        `POST /incubator/v1/residencies/{residency_id}/milestones/{milestone_id}/attainment` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/residencies/{}/milestones/{}/attainment",
            (
                residency_id,
                milestone_id,
            ),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def read_support(self, residency_id: str) -> Answered[SupportView]:
        """Read everything a start-up was given, by every instrument and from every fund.

        `GET /incubator/v1/residencies/{residency_id}/support`
        """
        return self._asking.ask("GET", "/incubator/v1/residencies/{}/support", (residency_id,))

    def list_rounds(
        self,
        *,
        base_id: str | None = None,
        state: RoundState | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageRoundView]:
        """List the rounds of admission.

        `GET /incubator/v1/rounds`
        """
        return self._asking.ask(
            "GET",
            "/incubator/v1/rounds",
            query={"base_id": base_id, "state": state, "limit": limit, "cursor": cursor},
        )

    def open_round(
        self, body: RoundDraft, *, idempotency_key: str | None = None
    ) -> Answered[RoundView]:
        """Open a round of admission, if the base's rules are in force.

        `POST /incubator/v1/rounds` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST", "/incubator/v1/rounds", body=body, keyed=True, key=idempotency_key
        )

    def read_round(self, round_id: str) -> Answered[RoundView]:
        """Read one round.

        `GET /incubator/v1/rounds/{round_id}`
        """
        return self._asking.ask("GET", "/incubator/v1/rounds/{}", (round_id,))

    def cancel_round(
        self, round_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[RoundView]:
        """Cancel the round.

        `POST /incubator/v1/rounds/{round_id}/cancellation` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/rounds/{}/cancellation",
            (round_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def apply_to_base(
        self, round_id: str, body: CandidateDraft, *, idempotency_key: str | None = None
    ) -> Answered[CandidateView]:
        """Apply to the base in an open round.

        `POST /incubator/v1/rounds/{round_id}/candidates` 角色 roles: agency.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/rounds/{}/candidates",
            (round_id,),
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def decide_round(
        self, round_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[RoundView]:
        """Choose in the order of the ranking.

        `POST /incubator/v1/rounds/{round_id}/decision` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/rounds/{}/decision",
            (round_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def read_ranking(self, round_id: str) -> Answered[RankingView]:
        """Read the ranking, each place explained; public once the round is decided.

        `GET /incubator/v1/rounds/{round_id}/ranking`
        """
        return self._asking.ask("GET", "/incubator/v1/rounds/{}/ranking", (round_id,))

    def rank_round(
        self, round_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[RoundView]:
        """Rank the candidates of a closed round.

        `POST /incubator/v1/rounds/{round_id}/ranking` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/rounds/{}/ranking",
            (round_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def list_venues(
        self,
        *,
        base_id: str | None = None,
        state: VenueState | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageVenueView]:
        """List the venues of a base.

        `GET /incubator/v1/venues`
        """
        return self._asking.ask(
            "GET",
            "/incubator/v1/venues",
            query={"base_id": base_id, "state": state, "limit": limit, "cursor": cursor},
        )

    def add_venue(
        self, body: VenueDraft, *, idempotency_key: str | None = None
    ) -> Answered[VenueView]:
        """Add a room, desk or piece of equipment.

        `POST /incubator/v1/venues` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST", "/incubator/v1/venues", body=body, keyed=True, key=idempotency_key
        )

    def read_venue(self, venue_id: str) -> Answered[VenueView]:
        """Read one venue.

        `GET /incubator/v1/venues/{venue_id}`
        """
        return self._asking.ask("GET", "/incubator/v1/venues/{}", (venue_id,))

    def allocate_venue(
        self, venue_id: str, body: AllocationDraft, *, idempotency_key: str | None = None
    ) -> Answered[AllocationView]:
        """Give the venue to a resident for some days; never to two at once.

        `POST /incubator/v1/venues/{venue_id}/allocations` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/venues/{}/allocations",
            (venue_id,),
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def withdraw_venue(
        self, venue_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[VenueView]:
        """Give the venue to nobody any more.

        `POST /incubator/v1/venues/{venue_id}/withdrawal` 角色 roles: incubator_manager.
        """
        return self._asking.ask(
            "POST",
            "/incubator/v1/venues/{}/withdrawal",
            (venue_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )
