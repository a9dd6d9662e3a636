"""评估 evaluation. Made from the committed contract by `make integration`; do not change it by hand."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from ..asking import Answer as Answered
from ..asking import Asking

AssessmentState = Literal[
    "applied",
    "rejected",
    "withdrawn",
    "accepted",
    "assigned",
    "scored",
    "balloting",
    "decided",
    "noticed",
    "announced",
]

BodyKind = Literal["evaluation", "advisory", "supervision_training"]

Capacity = Literal["strategy", "projects", "resources", "innovation", "management"]

Choice = Literal["for", "against", "abstain", "stand_aside"]

Column = Literal["self", "expert", "recheck"]

CommitteeState = Literal["seated", "dissolved"]

Content = Literal[
    "foundations", "governance", "activity_and_integrity", "social_evaluation", "party_building"
]

ErasureGround = Literal[
    "purpose-over", "retention-over", "consent-withdrawn", "unlawful", "other-law"
]

EvaluatorState = Literal["accredited", "suspended", "withdrawn"]

Grade = Literal["5A", "4A", "3A", "2A", "1A"]

GradeState = Literal["awarded", "expired", "cancelled"]

Measure = Literal["judged", "satisfaction"]

Penalty = Literal["none", "light", "heavy"]

PerformanceState = Literal["opened", "assigned", "scored", "objected", "concluded"]

Result = Literal["excellent", "good", "basic", "failed"]

SchemeState = Literal["draft", "published", "retired"]

Stage = Literal["mid", "final"]

TieKind = Literal["employment", "council", "kin", "contract", "other_interest"]


class AssessmentDraft(TypedDict):
    """An agency asks to be rated under a published scheme."""

    scheme_id: str


class AssessmentView(TypedDict):
    agency_name: str
    announced_on: str | None
    applied_on: str
    committee_id: str | None
    created_at: str
    credit_code: str
    decided_on: str | None
    evaluator_id: str | None
    grade: Grade | None
    grade_id: str | None
    id: str
    marks: str | None
    notice_ends_on: str | None
    noticed_on: str | None
    proposed_grade: Grade | None
    scheme_id: str
    state: AssessmentState
    version: int


class AssignmentDraft(TypedDict):
    """Who evaluates the project, and by which items of 100 marks in all."""

    evaluator_id: str
    items: list[ItemDraft]


class BallotCalled(TypedDict):
    """The committee that votes."""

    committee_id: str


class BallotView(TypedDict):
    """A signed ballot: who said what, and what it comes to."""

    in_favour: int
    members: int
    present: int
    proposed_grade: Grade | None
    round: int
    votes: list[VoteView]


class Cancellation(TypedDict):
    """Why the grade is taken away."""

    reason: str


class ClockView(TypedDict):
    now: str
    sandbox: bool
    today: str


class CommitteeDraft(TypedDict):
    """A committee for one term."""

    ends_on: str
    members: list[PersonDraft]
    name: str
    starts_on: str


class CommitteeView(TypedDict):
    created_at: str
    ends_on: str
    id: str
    members: list[MemberView]
    name: str
    starts_on: str
    state: CommitteeState
    version: int


class ConsistencyView(TypedDict):
    """The tree of `size` begins with that of `old`: PROOF of RFC 6962, 2.1.2. Hashes in hex."""

    old: int
    old_root: str
    path: list[str]
    root: str
    size: int


class CreditRecord(TypedDict):
    """What the officer found in the public credit record."""

    checked_on: str
    penalty: Penalty
    penalty_unfinished: bool
    source: str
    under_investigation: bool


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


class EvaluatorAssigned(TypedDict):
    """The body that evaluates."""

    evaluator_id: str


class EvaluatorDraft(TypedDict):
    """A body to be accredited, and the basis on which it works."""

    accredited_until: str
    basis: str
    credit_code: str
    experts: list[PersonDraft]
    kind: BodyKind
    name: str
    ties: NotRequired[list[TieDraft]]


class EvaluatorView(TypedDict):
    accredited_until: str
    basis: str
    created_at: str
    credit_code: str
    experts: list[PersonView]
    id: str
    kind: BodyKind
    name: str
    state: EvaluatorState
    version: int


class ExpertSheet(TypedDict):
    """What the expert group found on its visit."""

    gates: NotRequired[list[GateFinding]]
    opinion: str
    scores: list[LeafScore]
    visited_on: str


class Experts(TypedDict):
    """The whole list of experts in place of the old one."""

    experts: list[PersonDraft]


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


class FirstLevelDraft(TypedDict):
    """An indicator of the first level, and which of the rated contents it is about."""

    children: list[SecondLevelDraft]
    code: str
    content: Content
    marks: str
    title: str


class GateDraft(TypedDict):
    """A condition without which no grade above `highest` is given."""

    code: str
    highest: Grade
    title: str


class GateFinding(TypedDict):
    """Whether the agency meets a gate of the scheme."""

    evidence: str
    gate: str
    met: bool


class GateFindingView(TypedDict):
    evidence: str
    gate: str
    met: bool


class GateView(TypedDict):
    code: str
    highest: Grade
    title: str


class GradeOnDay(TypedDict):
    """The grade of an agency on a day; everything is null when it has none that counts."""

    announced_on: str | None
    assessment_id: str | None
    counts_from: str | None
    credit_code: str
    decided_on: str | None
    grade: Grade | None
    law: str | None
    on: str
    valid_from: str | None
    valid_until: str | None


class GradeView(TypedDict):
    agency_name: str
    announced_on: str
    assessment_id: str
    cancelled_because: str | None
    cancelled_on: str | None
    counts_from: str
    created_at: str
    credit_code: str
    decided_on: str
    grade: Grade
    id: str
    law: str
    state: GradeState
    valid_from: str
    valid_until: str
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


class IndicatorView(TypedDict):
    capacity: NotRequired[Capacity | None]
    children: NotRequired[list[IndicatorView]]
    code: str
    content: NotRequired[Content | None]
    evidence: NotRequired[str | None]
    marks: str
    scoring: NotRequired[str | None]
    title: str


class ItemDraft(TypedDict):
    """One item of the project's score sheet; one, and only one, is scored by satisfaction."""

    code: str
    marks: str
    measure: NotRequired[Measure]
    title: str


class ItemScore(TypedDict):
    """The marks of one judged item, with what they rest on."""

    evidence: str
    item: str
    marks: str


class ItemScoreView(TypedDict):
    evidence: str
    item: str
    marks: str


class ItemView(TypedDict):
    code: str
    marks: str
    measure: Measure
    title: str


class KeyView(TypedDict):
    """`key` is a C2SP verifier key: name+id+base64. Compare the fingerprint by another way."""

    fingerprint: str
    key: str


class KeysView(TypedDict):
    keys: list[KeyView]
    origin: str


class LeafDraft(TypedDict):
    """An indicator of the last level: how it is scored, and on what evidence."""

    capacity: NotRequired[Capacity | None]
    code: str
    evidence: str
    marks: str
    scoring: str
    title: str


class LeafScore(TypedDict):
    """The marks of one leaf, with what they rest on."""

    evidence: str
    leaf: str
    marks: str


class LeafScoreView(TypedDict):
    evidence: str
    leaf: str
    marks: str


class LineDraft(TypedDict):
    """From so many marks up to the next higher line, that one excluded."""

    grade: Grade
    least: str


class LineView(TypedDict):
    grade: Grade
    least: str


class MemberView(TypedDict):
    client_id: str
    name: str


class ObjectionsView(TypedDict):
    items: list[ServicesEvaluationAssessmentsSchemasObjectionView]


class PageAssessmentView(TypedDict):
    items: list[AssessmentView]
    next: NotRequired[str | None]


class PageCommitteeView(TypedDict):
    items: list[CommitteeView]
    next: NotRequired[str | None]


class PageEvaluatorView(TypedDict):
    items: list[EvaluatorView]
    next: NotRequired[str | None]


class PageGradeView(TypedDict):
    items: list[GradeView]
    next: NotRequired[str | None]


class PagePerformanceView(TypedDict):
    items: list[PerformanceView]
    next: NotRequired[str | None]


class PageSchemeView(TypedDict):
    items: list[SchemeView]
    next: NotRequired[str | None]


class PerformanceView(TypedDict):
    amount: str
    concluded_on: str | None
    contract_id: str
    created_at: str
    credit_code: str
    currency: NotRequired[str]
    due_on: str
    ends_on: str
    evaluator_id: str | None
    id: str
    items: list[ItemView]
    judged: list[ItemScoreView]
    objection: ServicesEvaluationPerformanceSchemasObjectionView | None
    opinion: str | None
    result: Result | None
    score: str | None
    stage: Stage
    starts_on: str
    state: PerformanceState
    survey: SurveyView | None
    tender_id: str | None
    title: str
    version: int


class PersonDraft(TypedDict):
    """Somebody who judges, with every tie to an organisation that could be rated."""

    client_id: str
    name: str
    ties: NotRequired[list[TieDraft]]


class PersonView(TypedDict):
    """Names are public; ties are not."""

    name: str


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


class Reached(TypedDict):
    """The business instant that the clock was moved to."""

    reached: str


class Reason(TypedDict):
    """Why it is done."""

    reason: str


class SchemeDraft(TypedDict):
    """A scheme of 1000 marks in four levels of indicator."""

    edition: str
    gates: NotRequired[list[GateDraft]]
    lines: list[LineDraft]
    title: str
    tree: list[FirstLevelDraft]


class SchemeView(TypedDict):
    created_at: str
    digest: str | None
    edition: str
    gates: list[GateView]
    id: str
    lines: list[LineView]
    published_on: str | None
    state: SchemeState
    title: str
    tree: list[IndicatorView]
    version: int


class ScoringDraft(TypedDict):
    """The evaluator's marks, the survey and the opinion."""

    opinion: str
    scores: list[ItemScore]
    survey: SurveyDraft


class SecondLevelDraft(TypedDict):
    """An indicator of the second level."""

    children: list[ThirdLevelDraft]
    code: str
    marks: str
    title: str


class SelfSheet(TypedDict):
    """The agency's own scores, one for every leaf."""

    scores: list[LeafScore]


class Settlement(TypedDict):
    """`quiet` is true when there was nothing to do: ask all services until all are quiet."""

    now: str
    quiet: bool


class SheetView(TypedDict):
    """One column of the score sheet."""

    column: Column
    filled_on: str
    gates: NotRequired[list[GateFindingView]]
    opinion: NotRequired[str | None]
    scores: list[LeafScoreView]
    total: str
    visited_on: NotRequired[str | None]


class SheetsView(TypedDict):
    """The score sheet, column by column."""

    sheets: list[SheetView]


class SurveyDraft(TypedDict):
    """What clients said, as numbers of people; no names and no words of single clients."""

    asked: int
    dissatisfied: int
    held_from: str
    held_until: str
    neutral: int
    satisfied: int
    very_satisfied: int


class SurveyView(TypedDict):
    asked: int
    dissatisfied: int
    held_from: str
    held_until: str
    neutral: int
    satisfied: int
    very_satisfied: int


class ThirdLevelDraft(TypedDict):
    """An indicator of the third level, with its leaves."""

    children: list[LeafDraft]
    code: str
    marks: str
    title: str


class TieDraft(TypedDict):
    """A tie to an organisation; leave `until` out while it lasts."""

    credit_code: str
    kind: TieKind
    until: NotRequired[str | None]


class VoteDraft(TypedDict):
    """A member's signed vote on the proposed grade."""

    choice: Choice
    reason: NotRequired[str | None]


class VoteView(TypedDict):
    cast_at: str
    choice: Choice
    name: str
    reason: str | None


class ServicesEvaluationAssessmentsSchemasObjectionAnswer(TypedDict):
    """An objection that is upheld leads to a re-check."""

    answer: str
    upheld: bool


class ServicesEvaluationAssessmentsSchemasObjectionDraft(TypedDict):
    """What is held against the result."""

    grounds: str


class ServicesEvaluationAssessmentsSchemasObjectionView(TypedDict):
    answer: str | None
    answered_on: str | None
    decide_by: str
    grounds: str
    id: str
    raised_on: str
    upheld: bool | None


class ServicesEvaluationPerformanceSchemasObjectionAnswer(TypedDict):
    """Upheld, the evaluator scores again."""

    answer: str
    upheld: bool


class ServicesEvaluationPerformanceSchemasObjectionDraft(TypedDict):
    """What the agency holds against the score."""

    grounds: str


class ServicesEvaluationPerformanceSchemasObjectionView(TypedDict):
    answer: str | None
    answered_on: str | None
    grounds: str
    raised_on: str
    upheld: bool | None


class Evaluation:
    """评估: every operation of the service, named as in its contract."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def read_grade_on_day(self, credit_code: str, *, on: str | None = None) -> Answered[GradeOnDay]:
        """Read the grade that counts for an agency on a day; today when none is given.

        `GET /evaluation/v1/agencies/{credit_code}/grade`
        """
        return self._asking.ask(
            "GET", "/evaluation/v1/agencies/{}/grade", (credit_code,), query={"on": on}
        )

    def list_assessments(
        self,
        *,
        state: AssessmentState | None = None,
        credit_code: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageAssessmentView]:
        """List assessments: those on public notice or announced, and one's own.

        `GET /evaluation/v1/assessments`
        """
        return self._asking.ask(
            "GET",
            "/evaluation/v1/assessments",
            query={"state": state, "credit_code": credit_code, "limit": limit, "cursor": cursor},
        )

    def apply_for_rating(
        self, body: AssessmentDraft, *, idempotency_key: str | None = None
    ) -> Answered[AssessmentView]:
        """Apply to be rated; the registry is asked at this moment.

        `POST /evaluation/v1/assessments` 角色 roles: agency.
        """
        return self._asking.ask(
            "POST", "/evaluation/v1/assessments", body=body, keyed=True, key=idempotency_key
        )

    def read_assessment(self, assessment_id: str) -> Answered[AssessmentView]:
        """Read one assessment.

        `GET /evaluation/v1/assessments/{assessment_id}`
        """
        return self._asking.ask("GET", "/evaluation/v1/assessments/{}", (assessment_id,))

    def accept_application(
        self,
        assessment_id: str,
        body: CreditRecord,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[AssessmentView]:
        """Take the application in hand after a look at the credit record.

        `POST /evaluation/v1/assessments/{assessment_id}/acceptance` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/assessments/{}/acceptance",
            (assessment_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def announce_grade(
        self, assessment_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[AssessmentView]:
        """Announce the result and award the grade.

        `POST /evaluation/v1/assessments/{assessment_id}/announcement` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/assessments/{}/announcement",
            (assessment_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def assign_assessment(
        self,
        assessment_id: str,
        body: EvaluatorAssigned,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[AssessmentView]:
        """Give the assessment to an independent body.

        `POST /evaluation/v1/assessments/{assessment_id}/assignment` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/assessments/{}/assignment",
            (assessment_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def read_ballot(self, assessment_id: str) -> Answered[BallotView]:
        """Read the signed ballot.

        `GET /evaluation/v1/assessments/{assessment_id}/ballot` 角色 roles: panellist、supervisor.
        """
        return self._asking.ask("GET", "/evaluation/v1/assessments/{}/ballot", (assessment_id,))

    def call_ballot(
        self,
        assessment_id: str,
        body: BallotCalled,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[AssessmentView]:
        """Put the proposed grade to the committee.

        `POST /evaluation/v1/assessments/{assessment_id}/ballot` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/assessments/{}/ballot",
            (assessment_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def decide_grade(
        self, assessment_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[AssessmentView]:
        """Close the ballot: two thirds present, more than half of all members in favour.

        `POST /evaluation/v1/assessments/{assessment_id}/decision` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/assessments/{}/decision",
            (assessment_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def put_on_notice(
        self, assessment_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[AssessmentView]:
        """Put the result on public notice.

        `POST /evaluation/v1/assessments/{assessment_id}/notice` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/assessments/{}/notice",
            (assessment_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def list_objections(self, assessment_id: str) -> Answered[ObjectionsView]:
        """List what is held against the result.

        `GET /evaluation/v1/assessments/{assessment_id}/objections` 角色 roles: agency、panellist、supervisor.
        """
        return self._asking.ask("GET", "/evaluation/v1/assessments/{}/objections", (assessment_id,))

    def raise_objection(
        self,
        assessment_id: str,
        body: ServicesEvaluationAssessmentsSchemasObjectionDraft,
        *,
        idempotency_key: str | None = None,
    ) -> Answered[ServicesEvaluationAssessmentsSchemasObjectionView]:
        """Object to a result while it is on public notice.

        `POST /evaluation/v1/assessments/{assessment_id}/objections` 角色 roles: agency、industry_body、platform、street_officer.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/assessments/{}/objections",
            (assessment_id,),
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def answer_objection(
        self,
        assessment_id: str,
        objection_id: str,
        body: ServicesEvaluationAssessmentsSchemasObjectionAnswer,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[AssessmentView]:
        """Answer an objection; upheld, the experts look again.

        `POST /evaluation/v1/assessments/{assessment_id}/objections/{objection_id}/answer` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/assessments/{}/objections/{}/answer",
            (
                assessment_id,
                objection_id,
            ),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def reject_application(
        self, assessment_id: str, body: Reason, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[AssessmentView]:
        """Reject the application.

        `POST /evaluation/v1/assessments/{assessment_id}/rejection` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/assessments/{}/rejection",
            (assessment_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def return_to_experts(
        self, assessment_id: str, body: Reason, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[AssessmentView]:
        """Send a ballot that does not carry back to the experts.

        `POST /evaluation/v1/assessments/{assessment_id}/return` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/assessments/{}/return",
            (assessment_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def read_sheets(self, assessment_id: str) -> Answered[SheetsView]:
        """Read the score sheet, column by column.

        `GET /evaluation/v1/assessments/{assessment_id}/sheets` 角色 roles: agency、evaluator、panellist、supervisor.
        """
        return self._asking.ask("GET", "/evaluation/v1/assessments/{}/sheets", (assessment_id,))

    def score_agency(
        self, assessment_id: str, body: ExpertSheet, *, if_match: str
    ) -> Answered[AssessmentView]:
        """Fill the expert group's column after its visit, or the re-check.

        `PUT /evaluation/v1/assessments/{assessment_id}/sheets/expert` 角色 roles: evaluator.
        """
        return self._asking.ask(
            "PUT",
            "/evaluation/v1/assessments/{}/sheets/expert",
            (assessment_id,),
            headers={"if-match": if_match},
            body=body,
            again=False,
        )

    def score_itself(
        self, assessment_id: str, body: SelfSheet, *, if_match: str
    ) -> Answered[AssessmentView]:
        """Fill the agency's own column of the score sheet.

        `PUT /evaluation/v1/assessments/{assessment_id}/sheets/self` 角色 roles: agency.
        """
        return self._asking.ask(
            "PUT",
            "/evaluation/v1/assessments/{}/sheets/self",
            (assessment_id,),
            headers={"if-match": if_match},
            body=body,
            again=False,
        )

    def cast_vote(
        self, assessment_id: str, body: VoteDraft, *, idempotency_key: str | None = None
    ) -> Answered[AssessmentView]:
        """Cast one's signed vote as a member of the committee.

        `POST /evaluation/v1/assessments/{assessment_id}/votes` 角色 roles: panellist.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/assessments/{}/votes",
            (assessment_id,),
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def withdraw_application(
        self, assessment_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[AssessmentView]:
        """Withdraw one's own application.

        `POST /evaluation/v1/assessments/{assessment_id}/withdrawal` 角色 roles: agency.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/assessments/{}/withdrawal",
            (assessment_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def read_clock(self) -> Answered[ClockView]:
        """Read the business clock: the time that legal terms are counted in.

        `GET /evaluation/v1/clock`
        """
        return self._asking.ask("GET", "/evaluation/v1/clock")

    def settle_clock(self, body: Reached) -> Answered[Settlement]:
        """Work off every deadline that has come and every event told, up to the instant reached.

        `POST /evaluation/v1/clock/settlement` 角色 roles: administrator、service.
        """
        return self._asking.ask("POST", "/evaluation/v1/clock/settlement", body=body)

    def list_committees(
        self,
        *,
        state: CommitteeState | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageCommitteeView]:
        """List the evaluation committees; a panellist those it sits on.

        `GET /evaluation/v1/committees` 角色 roles: panellist、supervisor.
        """
        return self._asking.ask(
            "GET",
            "/evaluation/v1/committees",
            query={"state": state, "limit": limit, "cursor": cursor},
        )

    def seat_committee(
        self, body: CommitteeDraft, *, idempotency_key: str | None = None
    ) -> Answered[CommitteeView]:
        """Seat an evaluation committee for one term.

        `POST /evaluation/v1/committees` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST", "/evaluation/v1/committees", body=body, keyed=True, key=idempotency_key
        )

    def read_committee(self, committee_id: str) -> Answered[CommitteeView]:
        """Read one committee with its members.

        `GET /evaluation/v1/committees/{committee_id}` 角色 roles: panellist、supervisor.
        """
        return self._asking.ask("GET", "/evaluation/v1/committees/{}", (committee_id,))

    def dissolve_committee(
        self, committee_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[CommitteeView]:
        """Dissolve the committee; it takes no new ballots.

        `POST /evaluation/v1/committees/{committee_id}/dissolution` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/committees/{}/dissolution",
            (committee_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def list_evaluators(
        self,
        *,
        state: EvaluatorState | None = None,
        kind: BodyKind | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageEvaluatorView]:
        """List the bodies that evaluate, advise or train.

        `GET /evaluation/v1/evaluators`
        """
        return self._asking.ask(
            "GET",
            "/evaluation/v1/evaluators",
            query={"state": state, "kind": kind, "limit": limit, "cursor": cursor},
        )

    def accredit_evaluator(
        self, body: EvaluatorDraft, *, idempotency_key: str | None = None
    ) -> Answered[EvaluatorView]:
        """Accredit a third-party body with its experts and their ties.

        `POST /evaluation/v1/evaluators` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST", "/evaluation/v1/evaluators", body=body, keyed=True, key=idempotency_key
        )

    def read_evaluator(self, evaluator_id: str) -> Answered[EvaluatorView]:
        """Read one body.

        `GET /evaluation/v1/evaluators/{evaluator_id}`
        """
        return self._asking.ask("GET", "/evaluation/v1/evaluators/{}", (evaluator_id,))

    def name_experts(
        self, evaluator_id: str, body: Experts, *, if_match: str
    ) -> Answered[EvaluatorView]:
        """Replace the list of experts and the ties they declare.

        `PUT /evaluation/v1/evaluators/{evaluator_id}/experts` 角色 roles: evaluator、supervisor.
        """
        return self._asking.ask(
            "PUT",
            "/evaluation/v1/evaluators/{}/experts",
            (evaluator_id,),
            headers={"if-match": if_match},
            body=body,
            again=False,
        )

    def reinstate_evaluator(
        self, evaluator_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[EvaluatorView]:
        """Give the body work again.

        `POST /evaluation/v1/evaluators/{evaluator_id}/reinstatement` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/evaluators/{}/reinstatement",
            (evaluator_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def suspend_evaluator(
        self, evaluator_id: str, body: Reason, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[EvaluatorView]:
        """Give the body no new work for now.

        `POST /evaluation/v1/evaluators/{evaluator_id}/suspension` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/evaluators/{}/suspension",
            (evaluator_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def withdraw_evaluator(
        self, evaluator_id: str, body: Reason, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[EvaluatorView]:
        """Withdraw the accreditation.

        `POST /evaluation/v1/evaluators/{evaluator_id}/withdrawal` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/evaluators/{}/withdrawal",
            (evaluator_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def read_feed(
        self, *, after: int | None = None, limit: int | None = None, wait: float | None = None
    ) -> Answered[FeedPage]:
        """Read what happened, in order, after a position.

        `GET /evaluation/v1/events`
        """
        return self._asking.ask(
            "GET", "/evaluation/v1/events", query={"after": after, "limit": limit, "wait": wait}
        )

    def read_evidence(
        self, subject: str, subject_id: str, *, size: int | None = None
    ) -> Answered[bytes]:
        """Take away the evidence of one thing: its entries, proofs, checkpoint, keys, and a page on it.

        `GET /evaluation/v1/evidence/{subject}/{subject_id}`
        """
        return self._asking.ask(
            "GET",
            "/evaluation/v1/evidence/{}/{}",
            (
                subject,
                subject_id,
            ),
            query={"size": size},
            form_of_answer="bytes",
        )

    def list_grades(
        self,
        *,
        credit_code: str | None = None,
        grade: Grade | None = None,
        state: GradeState | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageGradeView]:
        """List the grades that were announced.

        `GET /evaluation/v1/grades`
        """
        return self._asking.ask(
            "GET",
            "/evaluation/v1/grades",
            query={
                "credit_code": credit_code,
                "grade": grade,
                "state": state,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def read_grade(self, grade_id: str) -> Answered[GradeView]:
        """Read one grade.

        `GET /evaluation/v1/grades/{grade_id}`
        """
        return self._asking.ask("GET", "/evaluation/v1/grades/{}", (grade_id,))

    def cancel_grade(
        self,
        grade_id: str,
        body: Cancellation,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[GradeView]:
        """Take a grade away.

        `POST /evaluation/v1/grades/{grade_id}/cancellation` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/grades/{}/cancellation",
            (grade_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def read_history(
        self, subject: str, subject_id: str, *, version: int | None = None, on: str | None = None
    ) -> Answered[History]:
        """Read what became of one thing: every version, one version, or as it stood on a day.

        `GET /evaluation/v1/history/{subject}/{subject_id}`
        """
        return self._asking.ask(
            "GET",
            "/evaluation/v1/history/{}/{}",
            (
                subject,
                subject_id,
            ),
            query={"version": version, "on": on},
        )

    def read_checkpoint(self, *, size: int | None = None) -> Answered[str]:
        """Read the newest signed checkpoint, or the one of a size.

        `GET /evaluation/v1/journal/checkpoint`
        """
        return self._asking.ask(
            "GET", "/evaluation/v1/journal/checkpoint", query={"size": size}, form_of_answer="text"
        )

    def prove_consistency(self, *, old: int, size: int | None = None) -> Answered[ConsistencyView]:
        """Prove that nothing was changed since a checkpoint: the later tree begins with the earlier.

        `GET /evaluation/v1/journal/consistency`
        """
        return self._asking.ask(
            "GET", "/evaluation/v1/journal/consistency", query={"old": old, "size": size}
        )

    def erase_detail(
        self, body: Erasure, *, idempotency_key: str | None = None
    ) -> Answered[ErasureView]:
        """Erase the private detail of a subject's entries, and journal that and why.

        `POST /evaluation/v1/journal/erasures` 角色 roles: administrator.
        """
        return self._asking.ask(
            "POST", "/evaluation/v1/journal/erasures", body=body, keyed=True, key=idempotency_key
        )

    def prove_inclusion(self, *, position: int, size: int | None = None) -> Answered[InclusionView]:
        """Prove that an entry stands at its position, in a tree of a size.

        `GET /evaluation/v1/journal/inclusion`
        """
        return self._asking.ask(
            "GET", "/evaluation/v1/journal/inclusion", query={"position": position, "size": size}
        )

    def read_journal_keys(self) -> Answered[KeysView]:
        """Read the public keys that sign this journal.

        `GET /evaluation/v1/journal/keys`
        """
        return self._asking.ask("GET", "/evaluation/v1/journal/keys")

    def list_performances(
        self,
        *,
        state: PerformanceState | None = None,
        contract_id: str | None = None,
        credit_code: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PagePerformanceView]:
        """List evaluations of projects: the concluded ones, and one's own.

        `GET /evaluation/v1/performances`
        """
        return self._asking.ask(
            "GET",
            "/evaluation/v1/performances",
            query={
                "state": state,
                "contract_id": contract_id,
                "credit_code": credit_code,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def read_performance(self, performance_id: str) -> Answered[PerformanceView]:
        """Read the evaluation of one stage of a project.

        `GET /evaluation/v1/performances/{performance_id}`
        """
        return self._asking.ask("GET", "/evaluation/v1/performances/{}", (performance_id,))

    def assign_performance(
        self,
        performance_id: str,
        body: AssignmentDraft,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[PerformanceView]:
        """Give the evaluation to an independent body, with the items it will score by.

        `POST /evaluation/v1/performances/{performance_id}/assignment` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/performances/{}/assignment",
            (performance_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def conclude_performance(
        self, performance_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[PerformanceView]:
        """Announce the result; payment and standing follow from it.

        `POST /evaluation/v1/performances/{performance_id}/conclusion` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/performances/{}/conclusion",
            (performance_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def object_to_score(
        self,
        performance_id: str,
        body: ServicesEvaluationPerformanceSchemasObjectionDraft,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[PerformanceView]:
        """Object to the score before it is announced.

        `POST /evaluation/v1/performances/{performance_id}/objection` 角色 roles: agency.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/performances/{}/objection",
            (performance_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def answer_performance_objection(
        self,
        performance_id: str,
        body: ServicesEvaluationPerformanceSchemasObjectionAnswer,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[PerformanceView]:
        """Answer the agency's objection.

        `POST /evaluation/v1/performances/{performance_id}/objection/answer` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/performances/{}/objection/answer",
            (performance_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def score_project(
        self,
        performance_id: str,
        body: ScoringDraft,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[PerformanceView]:
        """Score the project: judged items, and satisfaction from the survey's counts.

        `POST /evaluation/v1/performances/{performance_id}/score` 角色 roles: evaluator.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/performances/{}/score",
            (performance_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def list_schemes(
        self,
        *,
        state: SchemeState | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageSchemeView]:
        """List the schemes that agencies are or were rated by.

        `GET /evaluation/v1/schemes`
        """
        return self._asking.ask(
            "GET",
            "/evaluation/v1/schemes",
            query={"state": state, "limit": limit, "cursor": cursor},
        )

    def draft_scheme(
        self, body: SchemeDraft, *, idempotency_key: str | None = None
    ) -> Answered[SchemeView]:
        """Draft a scheme: its indicators, grade lines and gates.

        `POST /evaluation/v1/schemes` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST", "/evaluation/v1/schemes", body=body, keyed=True, key=idempotency_key
        )

    def read_scheme(self, scheme_id: str) -> Answered[SchemeView]:
        """Read one scheme with its whole tree.

        `GET /evaluation/v1/schemes/{scheme_id}`
        """
        return self._asking.ask("GET", "/evaluation/v1/schemes/{}", (scheme_id,))

    def rewrite_scheme(
        self, scheme_id: str, body: SchemeDraft, *, if_match: str
    ) -> Answered[SchemeView]:
        """Replace a draft as a whole.

        `PUT /evaluation/v1/schemes/{scheme_id}` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "PUT",
            "/evaluation/v1/schemes/{}",
            (scheme_id,),
            headers={"if-match": if_match},
            body=body,
            again=False,
        )

    def publish_scheme(
        self, scheme_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[SchemeView]:
        """Publish the scheme; from here on it never changes.

        `POST /evaluation/v1/schemes/{scheme_id}/publication` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/schemes/{}/publication",
            (scheme_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )

    def retire_scheme(
        self, scheme_id: str, *, if_match: str, idempotency_key: str | None = None
    ) -> Answered[SchemeView]:
        """Take no new applications under the scheme.

        `POST /evaluation/v1/schemes/{scheme_id}/retirement` 角色 roles: supervisor.
        """
        return self._asking.ask(
            "POST",
            "/evaluation/v1/schemes/{}/retirement",
            (scheme_id,),
            headers={"if-match": if_match},
            keyed=True,
            key=idempotency_key,
        )
