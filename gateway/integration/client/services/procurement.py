"""购买服务 procurement. Made from the committed contract by `make integration`; do not change it by hand."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from ..asking import Answer as Answered
from ..asking import Asking

AwardState = Literal["recommended", "confirmed", "announced", "refused", "contracted", "void"]

BudgetKind = Literal[
    "pay",
    "training",
    "social_insurance",
    "housing_fund",
    "accident_insurance",
    "activity",
    "materials",
    "management",
    "tax",
    "other",
]

ClientGroup = Literal[
    "older_people",
    "disabled_people",
    "young_people",
    "urban_migrants",
    "rural_left_behind",
    "people_in_special_difficulty",
    "disaster_victims",
]

ConsequenceKind = Literal[
    "payment_in_full",
    "payment_in_part",
    "payment_withheld",
    "renewal_ground",
    "correction",
    "purchase_ban",
]

ConsequenceState = Literal["imposed", "lifted"]

ContractState = Literal["drafted", "signed", "completed", "terminated", "dropped"]

ErasureGround = Literal[
    "purpose-over", "retention-over", "consent-withdrawn", "unlawful", "other-law"
]

Grade = Literal["5A", "4A", "3A", "2A", "1A"]

Ground = Literal["technical_complexity", "special_nature"]

Interest = Literal["employed", "governs", "controls", "kin", "other"]

KeyState = Literal["active", "retired"]

Measure = Literal[
    "staffing",
    "posts",
    "capacity_and_results",
    "service_plan",
    "price",
    "legal_standing",
    "evaluation_grade",
    "registered_capital",
    "total_assets",
    "income",
    "staff_number",
    "profit",
    "tax_paid",
    "regional_award",
    "ownership",
    "seat",
]

Method = Literal[
    "open_tender",
    "invited_tender",
    "competitive_consultation",
    "competitive_negotiation",
    "single_source",
]

NeedState = Literal["recorded", "adopted", "met", "withdrawn"]

Organ = Literal["purchaser", "finance", "supervision", "notary", "platform"]

PanelState = Literal["formed", "seated", "scored"]

PaymentState = Literal["held", "due", "withheld", "released"]

ProjectState = Literal["planned", "tendered", "contracted", "completed", "withdrawn"]

PurchasableMatter = Literal[
    "social_assistance",
    "care_and_placement",
    "older_and_disabled_people",
    "community_service",
    "social_welfare",
]

PurchaseKind = Literal["project", "post"]

Result = Literal["excellent", "good", "basic", "failed"]

ReviewState = Literal["concluded"]

RuralFocusGroup = Literal[
    "rural_disabled_people",
    "left_behind_children",
    "left_behind_older_people",
    "left_behind_women",
    "disaster_victims",
]

SeatState = Literal["drawn", "declared", "recused", "replaced"]

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

SheetState = Literal["sealed", "revealed"]

Stage = Literal["mid", "final"]

TenderState = Literal["draft", "published", "closed", "opened", "awarded", "failed", "cancelled"]


class AwardView(TypedDict):
    announced_on: str | None
    contract_due_on: str | None
    created_at: str
    credit_code: str | None
    currency: NotRequired[str]
    decided_on: str | None
    decision_due_on: str
    experts: list[str] | None
    id: str
    notice_due_on: str | None
    panel_id: str
    price: str | None
    provisional: bool
    ranking: list[PlaceView]
    recommended_on: str
    refusals: list[dict[str, Any]]
    report_due_on: str
    state: AwardState
    tender_id: str
    version: int


class BidStatusView(TypedDict):
    """What has come of the caller's own bid, and its receipt once it is lodged."""

    id: str
    parts: list[PartView]
    receipt: dict[str, Any] | None


class BidView(TypedDict):
    """A place to put the parts of a bid. The id is random and names no tender."""

    id: str


class BidderCheck(TypedDict):
    """What the purchaser found in a bidder's papers."""

    conditions: NotRequired[list[ConditionCheck]]
    credit_code: str
    credit_query: NotRequired[CreditQuery | None]
    legal_proof: NotRequired[str | None]
    taxes_and_insurance: NotRequired[str | None]


class BudgetChange(TypedDict):
    """A whole new budget in place of the old one."""

    budget_lines: list[BudgetLineDraft]


class BudgetLineDraft(TypedDict):
    """One line of a budget; whether it counts as personnel follows from its kind."""

    amount: str
    kind: BudgetKind
    purpose: str


class BudgetLineView(TypedDict):
    amount: str
    is_personnel: bool
    kind: BudgetKind
    number: int
    purpose: str


class Cancellation(TypedDict):
    reason: str


class CardDraft(TypedDict):
    """A custodian's public card, as `bidkit custodian init` writes it."""

    format: str
    key_id: str
    name: str
    sealing_key: str
    signing_key: str
    suite: str


class CauseView(TypedDict):
    """The event of the evaluation service that this follows from, and its place in its feed."""

    event: str
    position: int
    source: str


class ClockView(TypedDict):
    now: str
    sandbox: bool
    today: str


class ConditionCheck(TypedDict):
    """How a bidder stands to one condition of the tender, and what shows it."""

    code: str
    evidence: str
    fulfilled: bool


class ConditionDraft(TypedDict):
    """资格条件: a bidder meets it or not."""

    code: str
    measure: Measure
    title: str


class ConditionView(TypedDict):
    code: str
    measure: Measure
    title: str


class Confirmation(TypedDict):
    """The purchaser's decision; a draw only where several share the first place."""

    draw_reference: NotRequired[str | None]
    drawn: NotRequired[str | None]


class ConsequenceView(TypedDict):
    cause: CauseView
    concluded_on: str
    contract_id: str
    created_at: str
    credit_code: str
    id: str
    kind: ConsequenceKind
    lifted_because: str | None
    percent: int | None
    result: Result
    stage: Stage
    starts_on: str
    state: ConsequenceState
    table_confirmed: bool
    table_in_force_since: str
    until_on: str | None
    version: int


class ConsistencyView(TypedDict):
    """The tree of `size` begins with that of `old`: PROOF of RFC 6962, 2.1.2. Hashes in hex."""

    old: int
    old_root: str
    path: list[str]
    root: str
    size: int


class ContractDraft(TypedDict):
    """A contract with the winner; its price is the price that was bid."""

    award_id: str
    ends_on: str
    late_reason: NotRequired[str | None]
    milestones: list[MilestoneDraft]
    personnel: str
    starts_on: str


class ContractView(TypedDict):
    amount: str
    award_id: str
    created_at: str
    credit_code: str
    currency: NotRequired[str]
    ended_because: str | None
    ends_on: str
    filing_due_on: str | None
    id: str
    late_reason: str | None
    milestones: list[MilestoneView]
    personnel: str
    project_id: str
    publication_due_on: str | None
    signed_on: str | None
    starts_on: str
    state: ContractState
    tender_id: str
    title: str
    version: int


class Correction(TypedDict):
    """What shows that the shortcomings were corrected."""

    evidence: str


class CreditQuery(TypedDict):
    """The query of 信用中国 that the purchaser made, by its reference."""

    clean: bool
    queried_on: str
    reference: str


class CustodianDraft(TypedDict):
    card: CardDraft
    organ: Organ


class CustodianView(TypedDict):
    created_at: str
    id: str
    key_id: str
    name: str
    organ: Organ
    state: KeyState
    version: int


class Declaration(TypedDict):
    """Every interest in a bidder; an empty list says that there is none."""

    interests: list[DeclaredInterest]


class DeclaredInterest(TypedDict):
    credit_code: str
    interest: Interest
    remark: NotRequired[str | None]


class DrawRecord(TypedDict):
    """The record of the random draw, signed by the pool that made it."""

    document_sha256: str
    drawn_on: str
    pool: str
    reference: str
    signature: NotRequired[str | None]
    signed_by: str


class DryRun(TypedDict):
    """What a dry run (`dry=true`) tells: what would have happened, for nothing did."""

    answer: Any
    dry: Literal[True]
    events: list[str]
    findings: list[dict[str, Any]]
    outcome: Literal["accepted", "refused"]
    status: int


class Ending(TypedDict):
    reason: str


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


class FactorDraft(TypedDict):
    """评审因素: so many of the hundred points."""

    code: str
    measure: Measure
    points: int
    title: str


class FactorView(TypedDict):
    code: str
    measure: Measure
    points: int
    title: str


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


class KeyView(TypedDict):
    """`key` is a C2SP verifier key: name+id+base64. Compare the fingerprint by another way."""

    fingerprint: str
    key: str


class KeysView(TypedDict):
    keys: list[KeyView]
    origin: str


class Lifting(TypedDict):
    """Why a consequence no longer stands, after an objection."""

    reason: str


class MemberDraft(TypedDict):
    client_id: str
    expert: bool
    name: str
    organisation: str


class MilestoneDraft(TypedDict):
    """A part of the service that is paid for when it is due."""

    amount: str
    due_on: str
    stage: NotRequired[Stage | None]
    title: str


class MilestoneView(TypedDict):
    amount: str
    due_on: str
    number: int
    stage: Stage | None
    title: str


class MoneyInput(TypedDict):
    """An amount of money: exact, comparable, at most ten trillion yuan either way."""

    fen: int


class MoneyOutput(TypedDict):
    """An amount of money: exact, comparable, at most ten trillion yuan either way."""

    fen: int


class NeedDraft(TypedDict):
    """A need as a street officer found it."""

    client_group: ClientGroup
    description: str
    division: str
    found_on: str
    people: int
    rural_focus_group: NotRequired[RuralFocusGroup | None]
    service_area: NotRequired[ServiceArea | None]
    service_field: NotRequired[ServiceField | None]
    title: str


class NeedView(TypedDict):
    client_group: ClientGroup
    created_at: str
    description: str
    division: str
    found_on: str
    id: str
    people: int
    rural_focus_group: RuralFocusGroup | None
    service_area: ServiceArea | None
    service_field: ServiceField | None
    state: NeedState
    title: str
    version: int


class OpenedBidView(TypedDict):
    """A bid as it was read out (唱标)."""

    credit_code: str
    currency: NotRequired[str]
    name: str
    nonce: str
    personnel: str
    price: str
    technical_part: str


class OpeningView(TypedDict):
    """How far the opening of a tender has come; before it, nothing about the bids."""

    closing: dict[str, Any]
    opened_at: str | None
    released: list[str]
    session: dict[str, Any] | None
    tender_id: str


class PageAwardView(TypedDict):
    items: list[AwardView]
    next: NotRequired[str | None]


class PageContractView(TypedDict):
    items: list[ContractView]
    next: NotRequired[str | None]


class PageCustodianView(TypedDict):
    items: list[CustodianView]
    next: NotRequired[str | None]


class PageNeedView(TypedDict):
    items: list[NeedView]
    next: NotRequired[str | None]


class PagePaymentView(TypedDict):
    items: list[PaymentView]
    next: NotRequired[str | None]


class PageProjectView(TypedDict):
    items: list[ProjectView]
    next: NotRequired[str | None]


class PageReleaseEntry(TypedDict):
    items: list[ReleaseEntry]
    next: NotRequired[str | None]


class PageScoresheetView(TypedDict):
    items: list[ScoresheetView]
    next: NotRequired[str | None]


class PageSeatView(TypedDict):
    items: list[SeatView]
    next: NotRequired[str | None]


class PageSigningKeyView(TypedDict):
    items: list[SigningKeyView]
    next: NotRequired[str | None]


class PageTenderView(TypedDict):
    items: list[TenderView]
    next: NotRequired[str | None]


class PanelDraft(TypedDict):
    draw: DrawRecord
    members: list[MemberDraft]
    panel_source: NotRequired[Literal["external"]]
    tender_id: str


class PanelView(TypedDict):
    created_at: str
    draw: DrawRecord
    id: str
    source: str
    state: PanelState
    tender_id: str
    version: int


class PartView(TypedDict):
    """How much of one part has come. Send what is missing, from `received` on."""

    digest: str | None
    part: int
    received: int
    size: int


class PaymentApplication(TypedDict):
    """An instalment that the supplier asks for."""

    invoice: NotRequired[str | None]
    milestone: int


class PaymentOrder(TypedDict):
    """How the treasury carried the payment out."""

    external_reference: str


class PaymentView(TypedDict):
    amount: str
    cause_event: str | None
    cleared: str
    consequence_id: str | None
    contract_id: str
    correction: str | None
    created_at: str
    credit_code: str
    currency: NotRequired[str]
    id: str
    invoice: str | None
    milestone: int
    paid: str
    references: list[dict[str, Any]]
    stage: Stage | None
    state: PaymentState
    version: int


class PlaceView(TypedDict):
    """A place in the ranking, with every figure and reason it rests on."""

    credit_code: str
    facts: dict[str, Any]
    place: int
    price: str
    price_score: str
    priority: bool
    technical: str
    technical_exact: str
    tied_with: list[str]
    total: str
    total_exact: str
    verdict: dict[str, Any]


class PriorityView(TypedDict):
    """The tie-break as it is printed, with its basis."""

    clause: str
    text: TextView


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


class ProjectDraft(TypedDict):
    """What is to be bought, for which needs, for how much."""

    budget_lines: list[BudgetLineDraft]
    description: str
    matter: PurchasableMatter
    need_ids: list[str]
    posts: NotRequired[int | None]
    purchase_kind: PurchaseKind
    service_methods: list[ServiceMethod]
    title: str


class ProjectView(TypedDict):
    budget: str
    budget_lines: list[BudgetLineView]
    created_at: str
    currency: NotRequired[str]
    description: str
    id: str
    matter: PurchasableMatter
    need_ids: list[str]
    personnel: str
    posts: int | None
    purchase_kind: PurchaseKind
    service_methods: list[ServiceMethod]
    state: ProjectState
    title: str
    version: int


class QualificationView(TypedDict):
    credit_code: str
    facts: dict[str, Any]
    qualified: bool
    verdict: dict[str, Any]


class Reached(TypedDict):
    """The business instant that the clock was moved to."""

    reached: str


class Refusal(TypedDict):
    """The winner does not sign, or did not sign in time."""

    reason: str


class ReleaseEntry(TypedDict):
    """A release in the list; the document itself is in the package of its ocid."""

    event_id: str
    id: str
    ocid: str
    project_id: str
    tags: list[str]
    told_at: str


class ReleaseView(TypedDict):
    """That a release has been stored for the session."""

    custodian: str
    session: str


class RemarkDraft(TypedDict):
    """A bidder's word on the record, on the spot."""

    kind: Literal["confirmed", "objected"]
    text: NotRequired[str | None]


class RemarkView(TypedDict):
    credit_code: str
    kind: str
    made_at: str
    text: str | None


class Replacement(TypedDict):
    """Who takes the seat instead, by a further draw."""

    draw: DrawRecord
    member: MemberDraft


class ReviewDraft(TypedDict):
    """The purchaser's findings, one for each bidder of the opening."""

    bidders: list[BidderCheck]


class ReviewView(TypedDict):
    """Who is qualified and why, with the facts asked of registry and evaluation."""

    bidders: int
    created_at: str
    id: str
    qualifications: list[QualificationView]
    qualified: int
    state: ReviewState
    tender_id: str
    version: int


class RootReleaseView(TypedDict):
    session: str


class ScoreLine(TypedDict):
    credit_code: str
    factor: str
    points: str
    reason: NotRequired[str | None]


class ScoreView(TypedDict):
    credit_code: str
    factor: str
    points: str
    reason: str | None


class ScoresheetDraft(TypedDict):
    """Points for every qualified bidder and every factor but the price."""

    scores: list[ScoreLine]


class ScoresheetView(TypedDict):
    id: str
    lines: list[ScoreView]
    panel_id: str
    seat_id: str
    state: SheetState
    version: int


class SeatView(TypedDict):
    client_id: str
    expert: bool
    id: str
    interests: list[DeclaredInterest]
    name: str
    organisation: str
    panel_id: str
    state: SeatState
    version: int


class Settlement(TypedDict):
    """`quiet` is true when there was nothing to do: ask all services until all are quiet."""

    now: str
    quiet: bool


class SigningKeyDraft(TypedDict):
    """An agency's public signing key, as `bidkit bidder init` writes it."""

    format: str
    key_id: str
    public_key: str
    suite: str


class SigningKeyView(TypedDict):
    created_at: str
    id: str
    key_id: str
    public_key: str
    retired_at: str | None
    state: KeyState
    suite: str
    version: int


class TenderDraft(TypedDict):
    """A purchase as the purchasing office prepares it; the law is asked at its publication."""

    approval: NotRequired[str | None]
    bond: NotRequired[str | None]
    closes_at: str
    conditions: list[ConditionDraft]
    delegated: NotRequired[bool]
    description: str
    ends_on: str
    factors: NotRequired[list[FactorDraft]]
    fixed_price: NotRequired[bool]
    grade_review: NotRequired[str | None]
    ground: NotRequired[Ground | None]
    ground_reason: NotRequired[str | None]
    method: NotRequired[Method]
    minimum_bids: NotRequired[int]
    profile: NotRequired[Literal["bidder", "2-of-3", "3-of-5"]]
    project_id: str
    release_window_minutes: NotRequired[int]
    required_grade: NotRequired[Grade | None]
    stable: NotRequired[str | None]
    starts_on: str
    title: str


class TenderView(TypedDict):
    """What the law makes public of a tender; nothing about bidders."""

    approval: str | None
    bond: str | None
    budget: str
    closes_at: str
    conditions: list[ConditionView]
    currency: NotRequired[str]
    delegated: bool
    description: str
    ended_because: str | None
    ends_on: str
    factors: list[FactorView]
    fixed_price: bool
    grade_review: str | None
    ground: Ground | None
    ground_reason: str | None
    id: str
    method: Method
    minimum_bids: int
    personnel: str
    priority_rule: PriorityView | None
    profile: str
    project_id: str
    published_at: str | None
    published_on: str | None
    release_window_minutes: int
    required_grade: Grade | None
    seal_policy_hash: str | None
    stable: str | None
    starts_on: str
    state: TenderState
    title: str
    version: int


class TextView(TypedDict):
    en: str
    zh: str


class TrackRecordView(TypedDict):
    """What the evaluated results of a supplier mean on a day, and why."""

    consequences: list[ConsequenceView]
    credit_code: str
    good_results: int
    may_be_bought_from: bool
    on: str
    verdict: dict[str, Any]


class Procurement:
    """购买服务: every operation of the service, named as in its contract."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def list_awards(
        self,
        *,
        state: AwardState | None = None,
        tender_id: str | None = None,
        credit_code: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageAwardView]:
        """List the awards the caller may see.

        `GET /procurement/v1/awards`
        """
        return self._asking.ask(
            "GET",
            "/procurement/v1/awards",
            query={
                "state": state,
                "tender_id": tender_id,
                "credit_code": credit_code,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def read_award(self, award_id: str) -> Answered[AwardView]:
        """Read a ranking in which every place explains itself.

        `GET /procurement/v1/awards/{award_id}`
        """
        return self._asking.ask("GET", "/procurement/v1/awards/{}", (award_id,))

    def confirm_award(
        self,
        award_id: str,
        body: Confirmation,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[AwardView]:
        """Decide for the first in the order recommended.

        `POST /procurement/v1/awards/{award_id}/confirmation` 角色 roles: purchaser.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/awards/{}/confirmation",
            (award_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def announce_award(
        self, award_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[AwardView]:
        """Announce the result with the names of the experts.

        `POST /procurement/v1/awards/{award_id}/notice` 角色 roles: procurement_agent、purchaser.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/awards/{}/notice",
            (award_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def refuse_award(
        self, award_id: str, body: Refusal, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[AwardView]:
        """Record that the winner does not sign.

        `POST /procurement/v1/awards/{award_id}/refusal` 角色 roles: agency、purchaser.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/awards/{}/refusal",
            (award_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def pass_on_award(
        self,
        award_id: str,
        body: Confirmation,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[AwardView]:
        """Decide for the next in order after a refusal.

        `POST /procurement/v1/awards/{award_id}/succession` 角色 roles: purchaser.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/awards/{}/succession",
            (award_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def void_award(
        self, award_id: str, body: Refusal, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[AwardView]:
        """Start anew after a refusal: the tender fails.

        `POST /procurement/v1/awards/{award_id}/voiding` 角色 roles: purchaser.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/awards/{}/voiding",
            (award_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def begin_bid(self) -> Answered[BidView]:
        """Make a place for the parts of a bid.

        `POST /procurement/v1/bids` 角色 roles: agency.
        """
        return self._asking.ask("POST", "/procurement/v1/bids")

    def read_bid(self, bid_id: str) -> Answered[BidStatusView]:
        """Read how far the caller's own upload has come, and its receipt.

        `GET /procurement/v1/bids/{bid_id}` 角色 roles: agency.
        """
        return self._asking.ask("GET", "/procurement/v1/bids/{}", (bid_id,))

    def commit_bid(self, bid_id: str, body: dict[str, Any]) -> Answered[Any]:
        """Lodge a bid or take one back; the answer is the signed receipt.

        `POST /procurement/v1/bids/{bid_id}/commit` 角色 roles: agency.
        """
        return self._asking.ask("POST", "/procurement/v1/bids/{}/commit", (bid_id,), body=body)

    def upload_part(
        self,
        bid_id: str,
        part: int,
        content: bytes,
        *,
        content_digest: str,
        content_range: str | None = None,
    ) -> Answered[PartView]:
        """Upload a part, or a piece of one; the same piece again changes nothing.

        `PUT /procurement/v1/bids/{bid_id}/parts/{part}` 角色 roles: agency.
        """
        return self._asking.ask(
            "PUT",
            "/procurement/v1/bids/{}/parts/{}",
            (
                bid_id,
                part,
            ),
            headers={"content-digest": content_digest, "content-range": content_range},
            content=content,
        )

    def read_clock(self) -> Answered[ClockView]:
        """Read the business clock: the time that legal terms are counted in.

        `GET /procurement/v1/clock`
        """
        return self._asking.ask("GET", "/procurement/v1/clock")

    def settle_clock(self, body: Reached) -> Answered[Settlement]:
        """Work off every deadline that has come and every event told, up to the instant reached.

        `POST /procurement/v1/clock/settlement` 角色 roles: administrator、service.
        """
        return self._asking.ask("POST", "/procurement/v1/clock/settlement", body=body)

    def read_consequence(self, consequence_id: str) -> Answered[ConsequenceView]:
        """Read one consequence and its cause.

        `GET /procurement/v1/consequences/{consequence_id}`
        """
        return self._asking.ask("GET", "/procurement/v1/consequences/{}", (consequence_id,))

    def lift_consequence(
        self,
        consequence_id: str,
        body: Lifting,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[ConsequenceView]:
        """Lift a consequence after an objection was upheld.

        `POST /procurement/v1/consequences/{consequence_id}/lifting` 角色 roles: purchaser.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/consequences/{}/lifting",
            (consequence_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def list_contracts(
        self,
        *,
        state: ContractState | None = None,
        credit_code: str | None = None,
        tender_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageContractView]:
        """List the contracts the caller may see; signed ones are public.

        `GET /procurement/v1/contracts`
        """
        return self._asking.ask(
            "GET",
            "/procurement/v1/contracts",
            query={
                "state": state,
                "credit_code": credit_code,
                "tender_id": tender_id,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def draw_up_contract(
        self, body: ContractDraft, *, idempotency_key: str | None = None
    ) -> Answered[ContractView]:
        """Write down what was tendered and bid, for the winner to sign.

        `POST /procurement/v1/contracts` 角色 roles: procurement_agent、purchaser.
        """
        return self._asking.ask(
            "POST", "/procurement/v1/contracts", body=body, keyed=True, key=idempotency_key
        )

    def read_contract(self, contract_id: str) -> Answered[ContractView]:
        """Read one contract.

        `GET /procurement/v1/contracts/{contract_id}`
        """
        return self._asking.ask("GET", "/procurement/v1/contracts/{}", (contract_id,))

    def apply_for_payment(
        self,
        contract_id: str,
        body: PaymentApplication,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[PaymentView]:
        """Apply for the instalment of a milestone.

        `POST /procurement/v1/contracts/{contract_id}/payments` 角色 roles: agency.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/contracts/{}/payments",
            (contract_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def sign_contract(
        self, contract_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[ContractView]:
        """Sign as the winner.

        `POST /procurement/v1/contracts/{contract_id}/signature` 角色 roles: agency.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/contracts/{}/signature",
            (contract_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def terminate_contract(
        self,
        contract_id: str,
        body: Cancellation,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[ContractView]:
        """End a contract before its time.

        `POST /procurement/v1/contracts/{contract_id}/termination` 角色 roles: purchaser.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/contracts/{}/termination",
            (contract_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def drop_contract(
        self,
        contract_id: str,
        body: Cancellation,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[ContractView]:
        """Give up a contract that was not signed.

        `POST /procurement/v1/contracts/{contract_id}/withdrawal` 角色 roles: procurement_agent、purchaser.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/contracts/{}/withdrawal",
            (contract_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def list_custodians(
        self, *, state: KeyState | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Answered[PageCustodianView]:
        """List who holds shares of sealed bids.

        `GET /procurement/v1/custodians`
        """
        return self._asking.ask(
            "GET",
            "/procurement/v1/custodians",
            query={"state": state, "limit": limit, "cursor": cursor},
        )

    def register_custodian(
        self, body: CustodianDraft, *, idempotency_key: str | None = None
    ) -> Answered[CustodianView]:
        """Register an organ's public keys as a custodian of sealed bids.

        `POST /procurement/v1/custodians` 角色 roles: custodian.
        """
        return self._asking.ask(
            "POST", "/procurement/v1/custodians", body=body, keyed=True, key=idempotency_key
        )

    def read_custodian(self, custodian_id: str) -> Answered[CustodianView]:
        """Read one custodian.

        `GET /procurement/v1/custodians/{custodian_id}`
        """
        return self._asking.ask("GET", "/procurement/v1/custodians/{}", (custodian_id,))

    def retire_custodian(
        self, custodian_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[CustodianView]:
        """Take on no new tenders.

        `POST /procurement/v1/custodians/{custodian_id}/retirement` 角色 roles: custodian.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/custodians/{}/retirement",
            (custodian_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def read_feed(
        self, *, after: int | None = None, limit: int | None = None, wait: float | None = None
    ) -> Answered[FeedPage]:
        """Read what happened, in order, after a position.

        `GET /procurement/v1/events`
        """
        return self._asking.ask(
            "GET", "/procurement/v1/events", query={"after": after, "limit": limit, "wait": wait}
        )

    def read_evidence(
        self, subject: str, subject_id: str, *, size: int | None = None
    ) -> Answered[bytes]:
        """Take away the evidence of one thing: its entries, proofs, checkpoint, keys, and a page on it.

        `GET /procurement/v1/evidence/{subject}/{subject_id}`
        """
        return self._asking.ask(
            "GET",
            "/procurement/v1/evidence/{}/{}",
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

        `GET /procurement/v1/history/{subject}/{subject_id}`
        """
        return self._asking.ask(
            "GET",
            "/procurement/v1/history/{}/{}",
            (
                subject,
                subject_id,
            ),
            query={"version": version, "on": on},
        )

    def read_checkpoint(self, *, size: int | None = None) -> Answered[str]:
        """Read the newest signed checkpoint, or the one of a size.

        `GET /procurement/v1/journal/checkpoint`
        """
        return self._asking.ask(
            "GET", "/procurement/v1/journal/checkpoint", query={"size": size}, form_of_answer="text"
        )

    def prove_consistency(self, *, old: int, size: int | None = None) -> Answered[ConsistencyView]:
        """Prove that nothing was changed since a checkpoint: the later tree begins with the earlier.

        `GET /procurement/v1/journal/consistency`
        """
        return self._asking.ask(
            "GET", "/procurement/v1/journal/consistency", query={"old": old, "size": size}
        )

    def erase_detail(
        self, body: Erasure, *, idempotency_key: str | None = None
    ) -> Answered[ErasureView]:
        """Erase the private detail of a subject's entries, and journal that and why.

        `POST /procurement/v1/journal/erasures` 角色 roles: administrator.
        """
        return self._asking.ask(
            "POST", "/procurement/v1/journal/erasures", body=body, keyed=True, key=idempotency_key
        )

    def prove_inclusion(self, *, position: int, size: int | None = None) -> Answered[InclusionView]:
        """Prove that an entry stands at its position, in a tree of a size.

        `GET /procurement/v1/journal/inclusion`
        """
        return self._asking.ask(
            "GET", "/procurement/v1/journal/inclusion", query={"position": position, "size": size}
        )

    def read_journal_keys(self) -> Answered[KeysView]:
        """Read the public keys that sign this journal.

        `GET /procurement/v1/journal/keys`
        """
        return self._asking.ask("GET", "/procurement/v1/journal/keys")

    def list_needs(
        self,
        *,
        state: NeedState | None = None,
        division: str | None = None,
        client_group: ClientGroup | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageNeedView]:
        """List recorded needs.

        `GET /procurement/v1/needs`
        """
        return self._asking.ask(
            "GET",
            "/procurement/v1/needs",
            query={
                "state": state,
                "division": division,
                "client_group": client_group,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def record_need(
        self, body: NeedDraft, *, idempotency_key: str | None = None
    ) -> Answered[NeedView]:
        """Record what residents of an area lack.

        `POST /procurement/v1/needs` 角色 roles: street_officer.
        """
        return self._asking.ask(
            "POST", "/procurement/v1/needs", body=body, keyed=True, key=idempotency_key
        )

    def read_need(self, need_id: str) -> Answered[NeedView]:
        """Read one need.

        `GET /procurement/v1/needs/{need_id}`
        """
        return self._asking.ask("GET", "/procurement/v1/needs/{}", (need_id,))

    def withdraw_need(
        self, need_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[NeedView]:
        """Take back a need that nobody has taken up.

        `POST /procurement/v1/needs/{need_id}/withdrawal` 角色 roles: street_officer.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/needs/{}/withdrawal",
            (need_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def read_record(self, ocid: str, *, versioned: bool | None = None) -> Answered[dict[str, Any]]:
        """Read a contracting process as an OCDS record package: every release and their sum.

        `GET /procurement/v1/ocds/records/{ocid}`
        """
        return self._asking.ask(
            "GET", "/procurement/v1/ocds/records/{}", (ocid,), query={"versioned": versioned}
        )

    def list_releases(
        self,
        *,
        ocid: str | None = None,
        project_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageReleaseEntry]:
        """List the releases that were published, oldest first.

        `GET /procurement/v1/ocds/releases`
        """
        return self._asking.ask(
            "GET",
            "/procurement/v1/ocds/releases",
            query={"ocid": ocid, "project_id": project_id, "limit": limit, "cursor": cursor},
        )

    def read_releases(self, ocid: str) -> Answered[dict[str, Any]]:
        """Read every release of a contracting process, as an OCDS release package.

        `GET /procurement/v1/ocds/releases/{ocid}`
        """
        return self._asking.ask("GET", "/procurement/v1/ocds/releases/{}", (ocid,))

    def read_opening(self, tender_id: str) -> Answered[OpeningView]:
        """Read the root published at the deadline, and the session that opens the bids.

        `GET /procurement/v1/openings/{tender_id}`
        """
        return self._asking.ask("GET", "/procurement/v1/openings/{}", (tender_id,))

    def list_opened_bids(self, tender_id: str) -> Answered[list[OpenedBidView]]:
        """List the bids that were opened and read out; none before the opening.

        `GET /procurement/v1/openings/{tender_id}/bids`
        """
        return self._asking.ask("GET", "/procurement/v1/openings/{}/bids", (tender_id,))

    def read_technical_part(self, tender_id: str, credit_code: str) -> Answered[None]:
        """Read the technical part of an opened bid; a panellist where it sits.

        `GET /procurement/v1/openings/{tender_id}/bids/{credit_code}/technical` 角色 roles: panellist、procurement_agent、purchaser、supervisor.
        """
        return self._asking.ask(
            "GET",
            "/procurement/v1/openings/{}/bids/{}/technical",
            (
                tender_id,
                credit_code,
            ),
        )

    def read_bundle(self, tender_id: str) -> Answered[None]:
        """Download everything that lets an outsider check the opening offline.

        `GET /procurement/v1/openings/{tender_id}/bundle`
        """
        return self._asking.ask("GET", "/procurement/v1/openings/{}/bundle", (tender_id,))

    def read_lodged(self, tender_id: str) -> Answered[Any]:
        """Read what a custodian checks before it releases; only while its opening goes on.

        `GET /procurement/v1/openings/{tender_id}/lodged` 角色 roles: custodian.
        """
        return self._asking.ask("GET", "/procurement/v1/openings/{}/lodged", (tender_id,))

    def read_minutes(self, tender_id: str) -> Answered[Any]:
        """Read the signed record of the opening.

        `GET /procurement/v1/openings/{tender_id}/minutes`
        """
        return self._asking.ask("GET", "/procurement/v1/openings/{}/minutes", (tender_id,))

    def read_proof(self, tender_id: str, nonce: str) -> Answered[Any]:
        """Complete a receipt: prove that what it acknowledges is under the published root.

        `GET /procurement/v1/openings/{tender_id}/proofs/{nonce}`
        """
        return self._asking.ask(
            "GET",
            "/procurement/v1/openings/{}/proofs/{}",
            (
                tender_id,
                nonce,
            ),
        )

    def release_shares(
        self, tender_id: str, body: dict[str, Any], *, idempotency_key: str | None = None
    ) -> Answered[ReleaseView]:
        """Release a custodian's shares, re-sealed to the session.

        `POST /procurement/v1/openings/{tender_id}/releases` 角色 roles: custodian.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/openings/{}/releases",
            (tender_id,),
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def list_remarks(self, tender_id: str) -> Answered[list[RemarkView]]:
        """List what bidders said of the record.

        `GET /procurement/v1/openings/{tender_id}/remarks`
        """
        return self._asking.ask("GET", "/procurement/v1/openings/{}/remarks", (tender_id,))

    def remark_on_record(
        self, tender_id: str, body: RemarkDraft, *, idempotency_key: str | None = None
    ) -> Answered[RemarkView]:
        """Confirm the record of the opening, or object to it.

        `POST /procurement/v1/openings/{tender_id}/remarks` 角色 roles: agency.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/openings/{}/remarks",
            (tender_id,),
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def release_kept_root(
        self, tender_id: str, body: dict[str, Any], *, idempotency_key: str | None = None
    ) -> Answered[RootReleaseView]:
        """Release a bidder's own kept key to the session.

        `POST /procurement/v1/openings/{tender_id}/root-releases` 角色 roles: agency.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/openings/{}/root-releases",
            (tender_id,),
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def form_panel(
        self, body: PanelDraft, *, idempotency_key: str | None = None
    ) -> Answered[PanelView]:
        """Form the panel of a tender from a recorded random draw.

        `POST /procurement/v1/panels` 角色 roles: procurement_agent、purchaser.
        """
        return self._asking.ask(
            "POST", "/procurement/v1/panels", body=body, keyed=True, key=idempotency_key
        )

    def read_panel(self, panel_id: str) -> Answered[PanelView]:
        """Read how a panel stands.

        `GET /procurement/v1/panels/{panel_id}` 角色 roles: panellist、procurement_agent、purchaser.
        """
        return self._asking.ask("GET", "/procurement/v1/panels/{}", (panel_id,))

    def list_scoresheets(
        self, panel_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Answered[PageScoresheetView]:
        """List the scoresheets one may see: one's own, and all once all are in.

        `GET /procurement/v1/panels/{panel_id}/scoresheets` 角色 roles: panellist、procurement_agent、purchaser.
        """
        return self._asking.ask(
            "GET",
            "/procurement/v1/panels/{}/scoresheets",
            (panel_id,),
            query={"limit": limit, "cursor": cursor},
        )

    def hand_in_scores(
        self, panel_id: str, body: ScoresheetDraft, *, idempotency_key: str | None = None
    ) -> Answered[ScoresheetView]:
        """Hand in one's own scores, once and for all.

        `POST /procurement/v1/panels/{panel_id}/scoresheets` 角色 roles: panellist.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/panels/{}/scoresheets",
            (panel_id,),
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def seat_panel(
        self, panel_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[PanelView]:
        """Let the evaluation begin.

        `POST /procurement/v1/panels/{panel_id}/seating` 角色 roles: purchaser.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/panels/{}/seating",
            (panel_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def list_seats(
        self, panel_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Answered[PageSeatView]:
        """List the members; a panellist sees only its own seat.

        `GET /procurement/v1/panels/{panel_id}/seats` 角色 roles: panellist、procurement_agent、purchaser.
        """
        return self._asking.ask(
            "GET",
            "/procurement/v1/panels/{}/seats",
            (panel_id,),
            query={"limit": limit, "cursor": cursor},
        )

    def list_payments(
        self,
        *,
        state: PaymentState | None = None,
        contract_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PagePaymentView]:
        """List the payments the caller may see; released ones are public.

        `GET /procurement/v1/payments`
        """
        return self._asking.ask(
            "GET",
            "/procurement/v1/payments",
            query={"state": state, "contract_id": contract_id, "limit": limit, "cursor": cursor},
        )

    def read_payment(self, payment_id: str) -> Answered[PaymentView]:
        """Read one payment.

        `GET /procurement/v1/payments/{payment_id}`
        """
        return self._asking.ask("GET", "/procurement/v1/payments/{}", (payment_id,))

    def accept_correction(
        self,
        payment_id: str,
        body: Correction,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[PaymentView]:
        """Accept a correction, so that what was kept back falls due.

        `POST /procurement/v1/payments/{payment_id}/correction` 角色 roles: purchaser.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/payments/{}/correction",
            (payment_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def release_payment(
        self,
        payment_id: str,
        body: PaymentOrder,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[PaymentView]:
        """Pay out what is due and record the treasury's reference.

        `POST /procurement/v1/payments/{payment_id}/release` 角色 roles: finance.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/payments/{}/release",
            (payment_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def list_projects(
        self,
        *,
        state: ProjectState | None = None,
        need_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageProjectView]:
        """List planned purchases.

        `GET /procurement/v1/projects`
        """
        return self._asking.ask(
            "GET",
            "/procurement/v1/projects",
            query={"state": state, "need_id": need_id, "limit": limit, "cursor": cursor},
        )

    def plan_project(
        self, body: ProjectDraft, *, idempotency_key: str | None = None
    ) -> Answered[ProjectView]:
        """Plan a purchase that answers recorded needs.

        `POST /procurement/v1/projects` 角色 roles: procurement_agent、purchaser.
        """
        return self._asking.ask(
            "POST", "/procurement/v1/projects", body=body, keyed=True, key=idempotency_key
        )

    def read_project(self, project_id: str) -> Answered[ProjectView]:
        """Read one planned purchase.

        `GET /procurement/v1/projects/{project_id}`
        """
        return self._asking.ask("GET", "/procurement/v1/projects/{}", (project_id,))

    def change_budget(
        self, project_id: str, body: BudgetChange, *, if_match: str
    ) -> Answered[ProjectView]:
        """Replace the budget while no tender is out on it.

        `PUT /procurement/v1/projects/{project_id}/budget` 角色 roles: procurement_agent、purchaser.
        """
        return self._asking.ask(
            "PUT",
            "/procurement/v1/projects/{}/budget",
            (project_id,),
            headers={"if-match": if_match},
            body=body,
            again=False,
        )

    def withdraw_project(
        self, project_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[ProjectView]:
        """Give up a planned purchase.

        `POST /procurement/v1/projects/{project_id}/withdrawal` 角色 roles: procurement_agent、purchaser.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/projects/{}/withdrawal",
            (project_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def read_receipt_key(self) -> Answered[Any]:
        """Read the public key of receipts; compare it with the one you got by another way.

        `GET /procurement/v1/receipt-key`
        """
        return self._asking.ask("GET", "/procurement/v1/receipt-key")

    def read_seat(self, seat_id: str) -> Answered[SeatView]:
        """Read one seat.

        `GET /procurement/v1/seats/{seat_id}` 角色 roles: panellist、procurement_agent、purchaser.
        """
        return self._asking.ask("GET", "/procurement/v1/seats/{}", (seat_id,))

    def declare_interests(
        self, seat_id: str, body: Declaration, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[SeatView]:
        """Declare one's interests in the bidders; none is an empty list.

        `POST /procurement/v1/seats/{seat_id}/declaration` 角色 roles: panellist.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/seats/{}/declaration",
            (seat_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def replace_member(
        self, seat_id: str, body: Replacement, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[SeatView]:
        """Replace a member who steps aside by one newly drawn.

        `POST /procurement/v1/seats/{seat_id}/replacement` 角色 roles: procurement_agent、purchaser.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/seats/{}/replacement",
            (seat_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def list_signing_keys(
        self, *, state: KeyState | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Answered[PageSigningKeyView]:
        """List the caller's own keys.

        `GET /procurement/v1/signing-keys` 角色 roles: agency.
        """
        return self._asking.ask(
            "GET",
            "/procurement/v1/signing-keys",
            query={"state": state, "limit": limit, "cursor": cursor},
        )

    def register_signing_key(
        self, body: SigningKeyDraft, *, idempotency_key: str | None = None
    ) -> Answered[SigningKeyView]:
        """Register the key that the agency signs its bids with.

        `POST /procurement/v1/signing-keys` 角色 roles: agency.
        """
        return self._asking.ask(
            "POST", "/procurement/v1/signing-keys", body=body, keyed=True, key=idempotency_key
        )

    def read_signing_key(self, signing_key_id: str) -> Answered[SigningKeyView]:
        """Read one of the caller's own keys.

        `GET /procurement/v1/signing-keys/{signing_key_id}` 角色 roles: agency.
        """
        return self._asking.ask("GET", "/procurement/v1/signing-keys/{}", (signing_key_id,))

    def retire_signing_key(
        self, signing_key_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[SigningKeyView]:
        """Stop using a key.

        `POST /procurement/v1/signing-keys/{signing_key_id}/retirement` 角色 roles: agency.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/signing-keys/{}/retirement",
            (signing_key_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def read_track_record(
        self, credit_code: str, *, on: str | None = None
    ) -> Answered[TrackRecordView]:
        """Read what a supplier's evaluated results mean on a day, and why.

        `GET /procurement/v1/suppliers/{credit_code}/track-record`
        """
        return self._asking.ask(
            "GET", "/procurement/v1/suppliers/{}/track-record", (credit_code,), query={"on": on}
        )

    def list_tenders(
        self,
        *,
        state: TenderState | None = None,
        method: Method | None = None,
        project_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageTenderView]:
        """List the tenders the caller may see.

        `GET /procurement/v1/tenders`
        """
        return self._asking.ask(
            "GET",
            "/procurement/v1/tenders",
            query={
                "state": state,
                "method": method,
                "project_id": project_id,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def draft_tender(
        self, body: TenderDraft, *, idempotency_key: str | None = None
    ) -> Answered[TenderView]:
        """Start a tender that only the purchasing side can see.

        `POST /procurement/v1/tenders` 角色 roles: procurement_agent、purchaser.
        """
        return self._asking.ask(
            "POST", "/procurement/v1/tenders", body=body, keyed=True, key=idempotency_key
        )

    def read_tender(self, tender_id: str) -> Answered[TenderView]:
        """Read what the law makes public of a tender.

        `GET /procurement/v1/tenders/{tender_id}`
        """
        return self._asking.ask("GET", "/procurement/v1/tenders/{}", (tender_id,))

    def change_tender(
        self, tender_id: str, body: TenderDraft, *, if_match: str
    ) -> Answered[TenderView]:
        """Put a new document in place of a draft.

        `PUT /procurement/v1/tenders/{tender_id}` 角色 roles: procurement_agent、purchaser.
        """
        return self._asking.ask(
            "PUT",
            "/procurement/v1/tenders/{}",
            (tender_id,),
            headers={"if-match": if_match},
            body=body,
            again=False,
        )

    def recommend_award(
        self, tender_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[AwardView]:
        """Rank the qualified bids and hand the report to the purchaser.

        `POST /procurement/v1/tenders/{tender_id}/award` 角色 roles: procurement_agent、purchaser.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/tenders/{}/award",
            (tender_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def cancel_tender(
        self,
        tender_id: str,
        body: Cancellation,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[TenderView]:
        """Give the tender up; sealed bids then stay sealed for ever.

        `POST /procurement/v1/tenders/{tender_id}/cancellation` 角色 roles: purchaser.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/tenders/{}/cancellation",
            (tender_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def publish_tender(
        self, tender_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[TenderView]:
        """Open the tender to bidders and freeze its seal policy.

        `POST /procurement/v1/tenders/{tender_id}/publication` 角色 roles: purchaser.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/tenders/{}/publication",
            (tender_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def read_review(self, tender_id: str) -> Answered[ReviewView]:
        """Read who is qualified and the facts each verdict rests on; a bidder reads its own.

        `GET /procurement/v1/tenders/{tender_id}/review` 角色 roles: agency、procurement_agent、purchaser、service.
        """
        return self._asking.ask("GET", "/procurement/v1/tenders/{}/review", (tender_id,))

    def review_bidders(
        self,
        tender_id: str,
        body: ReviewDraft,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[ReviewView]:
        """Say of every bidder whether it is qualified, and why.

        `POST /procurement/v1/tenders/{tender_id}/review` 角色 roles: purchaser.
        """
        return self._asking.ask(
            "POST",
            "/procurement/v1/tenders/{}/review",
            (tender_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def read_seal_policy(self, tender_id: str) -> Answered[Any]:
        """Read the tender's seal policy: the very bytes whose hash the notice prints.

        `GET /procurement/v1/tenders/{tender_id}/seal-policy`
        """
        return self._asking.ask("GET", "/procurement/v1/tenders/{}/seal-policy", (tender_id,))
