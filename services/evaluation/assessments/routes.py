from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.evaluation.assessments import actions, queries
from services.evaluation.assessments.lifecycle import AssessmentState
from services.evaluation.assessments.models import Assessment, Objection
from services.evaluation.assessments.schemas import (
    AssessmentDraft,
    AssessmentView,
    BallotCalled,
    BallotView,
    CreditRecord,
    EvaluatorAssigned,
    ExpertSheet,
    ObjectionAnswer,
    ObjectionDraft,
    ObjectionsView,
    ObjectionView,
    SelfSheet,
    SheetsView,
    SheetView,
    VoteDraft,
    VoteView,
)
from services.evaluation.clients import Standing, TheRegistry
from services.evaluation.evaluators.schemas import Reason
from shared.errors import Forbidden, NotFound
from shared.http import (
    CreditCode,
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
from shared.words import Text

router = APIRouter(prefix="/assessments", tags=["assessments"], route_class=WorkRoute)

AnyAssessment = Annotated[Assessment, reading(Assessment, "assessment_id")]
ChangingAssessment = Annotated[Assessment, changing(Assessment, "assessment_id")]


async def _as_seen(assessment: AnyAssessment, work: TheWork) -> Assessment:
    if not assessment.on_notice and not await queries.has_part(
        work.session, work.actor, assessment
    ):
        raise NotFound()
    return assessment


async def _with_a_part(assessment: AnyAssessment, work: TheWork) -> Assessment:
    """What is not shown to the public at any time."""
    if not await queries.has_part(work.session, work.actor, assessment):
        raise NotFound()
    return assessment


TheAssessment = Annotated[Assessment, Depends(_as_seen)]
OwnAssessment = Annotated[Assessment, Depends(_with_a_part)]


async def _own_standing(actor: TheActor, registry: TheRegistry) -> Standing:
    if actor.org is None:
        raise Forbidden(
            Text(zh="只有已登记的机构可以申请", en="only a registered agency may apply")
        )
    return await registry.standing_of(actor.org)


OwnStanding = Annotated[Standing, Depends(_own_standing)]


@router.post("", status_code=201, response_model=AssessmentView)
@allow("agency")
async def apply_for_rating(
    draft: AssessmentDraft, standing: OwnStanding, work: TheWork
) -> Assessment:
    """Apply to be rated; the registry is asked at this moment."""
    return await actions.apply_for_rating(work, draft, standing)


@router.get("", response_model=Page[AssessmentView])
@open_to_all
async def list_assessments(
    paging: ThePaging,
    work: TheWork,
    state: AssessmentState | None = None,
    credit_code: CreditCode | None = None,
) -> Page[AssessmentView]:
    """List assessments: those on public notice or announced, and one's own."""
    statement = queries.assessments_seen_by(work.actor, state, credit_code)
    return await paging.page(work.session, statement, Assessment.id, AssessmentView)


@router.get("/{assessment_id}", response_model=AssessmentView)
@open_to_all
async def read_assessment(assessment: TheAssessment) -> Assessment:
    """Read one assessment."""
    return assessment


@router.get("/{assessment_id}/sheets", response_model=SheetsView)
@allow("supervisor", "panellist", "agency", "evaluator")
async def read_sheets(assessment: OwnAssessment) -> SheetsView:
    """Read the score sheet, column by column."""
    return SheetsView(
        sheets=[SheetView(column=column, **sheet) for column, sheet in assessment.sheets.items()]
    )


@router.put("/{assessment_id}/sheets/self", response_model=AssessmentView)
@allow("agency")
async def score_itself(
    sheet: SelfSheet, assessment: ChangingAssessment, work: TheWork
) -> Assessment:
    """Fill the agency's own column of the score sheet."""
    return await actions.score_itself(work, assessment, sheet)


@router.put("/{assessment_id}/sheets/expert", response_model=AssessmentView)
@allow("evaluator")
async def score_agency(
    sheet: ExpertSheet, assessment: ChangingAssessment, work: TheWork
) -> Assessment:
    """Fill the expert group's column after its visit, or the re-check."""
    return await actions.score_agency(work, assessment, sheet)


@router.post("/{assessment_id}/acceptance", response_model=AssessmentView)
@allow("supervisor")
async def accept_application(
    record: CreditRecord, assessment: ChangingAssessment, work: TheWork
) -> Assessment:
    """Take the application in hand after a look at the credit record."""
    return actions.accept_application(work, assessment, record)


@router.post("/{assessment_id}/rejection", response_model=AssessmentView)
@allow("supervisor")
async def reject_application(
    change: Reason, assessment: ChangingAssessment, work: TheWork
) -> Assessment:
    """Reject the application."""
    return actions.reject_application(work, assessment, change.reason)


@router.post("/{assessment_id}/withdrawal", response_model=AssessmentView)
@allow("agency")
async def withdraw_application(assessment: ChangingAssessment, work: TheWork) -> Assessment:
    """Withdraw one's own application."""
    return actions.withdraw_application(work, assessment)


@router.post("/{assessment_id}/assignment", response_model=AssessmentView)
@allow("supervisor")
async def assign_assessment(
    change: EvaluatorAssigned, assessment: ChangingAssessment, work: TheWork
) -> Assessment:
    """Give the assessment to an independent body."""
    return await actions.assign_evaluator(work, assessment, change.evaluator_id)


@router.post("/{assessment_id}/ballot", response_model=AssessmentView)
@allow("supervisor")
async def call_ballot(
    change: BallotCalled, assessment: ChangingAssessment, work: TheWork
) -> Assessment:
    """Put the proposed grade to the committee."""
    return await actions.call_ballot(work, assessment, change.committee_id)


@router.get("/{assessment_id}/ballot", response_model=BallotView)
@allow("supervisor", "panellist")
async def read_ballot(assessment: OwnAssessment, work: TheWork) -> BallotView:
    """Read the signed ballot."""
    ballot = await actions.count_ballot(work, assessment)
    votes = await queries.votes(work.session, assessment)
    return BallotView(
        round=assessment.ballot_round,
        proposed_grade=assessment.proposed_grade,
        members=ballot.members,
        present=ballot.present,
        in_favour=ballot.in_favour,
        votes=[VoteView.model_validate(vote) for vote in votes],
    )


@router.post("/{assessment_id}/votes", status_code=201, response_model=AssessmentView)
@allow("panellist")
async def cast_vote(draft: VoteDraft, assessment: TheAssessment, work: TheWork) -> Assessment:
    """Cast one's signed vote as a member of the committee."""
    return await actions.cast_vote(work, assessment, draft)


@router.post("/{assessment_id}/decision", response_model=AssessmentView)
@allow("supervisor")
async def decide_grade(assessment: ChangingAssessment, work: TheWork) -> Assessment:
    """Close the ballot: two thirds present, more than half of all members in favour."""
    return await actions.decide_grade(work, assessment)


@router.post("/{assessment_id}/return", response_model=AssessmentView)
@allow("supervisor")
async def return_to_experts(
    change: Reason, assessment: ChangingAssessment, work: TheWork
) -> Assessment:
    """Send a ballot that does not carry back to the experts."""
    return actions.return_to_experts(work, assessment, change.reason)


@router.post("/{assessment_id}/notice", response_model=AssessmentView)
@allow("supervisor")
async def put_on_notice(assessment: ChangingAssessment, work: TheWork) -> Assessment:
    """Put the result on public notice."""
    return actions.put_on_notice(work, assessment)


@router.get("/{assessment_id}/objections", response_model=ObjectionsView)
@allow("supervisor", "panellist", "agency")
async def list_objections(assessment: OwnAssessment, work: TheWork) -> ObjectionsView:
    """List what is held against the result."""
    found = await queries.objections(work.session, assessment.id)
    return ObjectionsView(items=[ObjectionView.model_validate(one) for one in found])


@router.post("/{assessment_id}/objections", status_code=201, response_model=ObjectionView)
@allow("agency", "street_officer", "industry_body", "platform")
async def raise_objection(
    draft: ObjectionDraft, assessment: TheAssessment, work: TheWork
) -> Objection:
    """Object to a result while it is on public notice."""
    return await actions.raise_objection(work, assessment, draft.grounds)


@router.post("/{assessment_id}/objections/{objection_id}/answer", response_model=AssessmentView)
@allow("supervisor")
async def answer_objection(
    objection_id: UUID, answer: ObjectionAnswer, assessment: ChangingAssessment, work: TheWork
) -> Assessment:
    """Answer an objection; upheld, the experts look again."""
    return await actions.answer_objection(work, assessment, objection_id, answer)


@router.post("/{assessment_id}/announcement", response_model=AssessmentView)
@allow("supervisor")
async def announce_grade(assessment: ChangingAssessment, work: TheWork) -> Assessment:
    """Announce the result and award the grade."""
    return await actions.announce_grade(work, assessment)
