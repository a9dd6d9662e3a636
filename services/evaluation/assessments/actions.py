"""Rating an agency: it applies, is scored, balloted on, put on notice, and its grade announced."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.evaluation.assessments import queries
from services.evaluation.assessments.lifecycle import (
    OBJECTION_DISMISSED,
    OBJECTION_RAISED,
    SHEET_FILLED,
    VOTE_CAST,
    AssessmentState,
)
from services.evaluation.assessments.models import Assessment, Objection, Vote
from services.evaluation.assessments.rules import (
    ACCEPTANCE,
    ANNOUNCEMENT,
    APPLICATION,
    SCORES,
    Announcement,
    Candidacy,
    CleanRecord,
    Sheet,
    notice_ends_on,
)
from services.evaluation.assessments.schemas import (
    AssessmentDraft,
    Choice,
    Column,
    CreditRecord,
    ExpertSheet,
    LeafScore,
    ObjectionAnswer,
    SelfSheet,
    VoteDraft,
)
from services.evaluation.clients import Standing
from services.evaluation.committees.lifecycle import CommitteeState
from services.evaluation.committees.queries import committee_by_id
from services.evaluation.committees.rules import BALLOT, VOTING, Ballot, Voice
from services.evaluation.evaluators.actions import independent_evaluator
from services.evaluation.evaluators.rules import barred
from services.evaluation.grades.actions import Award, award_grade
from services.evaluation.grades.queries import last_held
from services.evaluation.marks import Grade, capped, grade_by_marks, written
from services.evaluation.policy.figures import RECHECK_DAYS
from services.evaluation.schemes.lifecycle import SchemeState
from services.evaluation.schemes.models import Scheme
from shared.database.base import new_id
from shared.errors import Conflict, Forbidden, InvalidInput, NotFound
from shared.policy import Verdict
from shared.words import Text
from shared.work import Work


async def apply_for_rating(work: Work, draft: AssessmentDraft, standing: Standing) -> Assessment:
    """The agency applies. What the registry said at this moment is kept with the verdict."""
    scheme = await work.session.get(Scheme, draft.scheme_id)
    if scheme is None or scheme.state != SchemeState.PUBLISHED:
        raise InvalidInput.at(
            "/scheme_id",
            Text(zh="须为已公布的评估方案", en="names a published scheme"),
            Text(zh="请从 /schemes 中选择", en="choose one from /schemes"),
        )
    if await queries.under_way(work.session, standing.credit_code):
        raise Conflict(Text(zh="该机构已有评估正在进行", en="the agency is being rated already"))
    verdict = APPLICATION.judge(
        Candidacy(
            on=work.today,
            registered_on=standing.registered_on if standing.registered else None,
            suspended=standing.suspended,
            inspections={found.year: found.conclusion for found in standing.inspections},
            held=await last_held(work.session, standing.credit_code),
        ),
        on=work.today,
    )
    verdict.require()
    assessment = Assessment(
        scheme_id=scheme.id,
        credit_code=standing.credit_code,
        agency_name=standing.name,
        owner_org=standing.credit_code,
        applied_on=work.today,
        facts=standing.model_dump(mode="json"),
        sheets={},
        ballot_round=0,
    )
    return work.add(assessment, because=verdict, scheme_id=scheme.id)


async def score_itself(work: Work, assessment: Assessment, sheet: SelfSheet) -> Assessment:
    """The agency's own column; open until a body has been assigned."""
    if assessment.state not in (AssessmentState.APPLIED, AssessmentState.ACCEPTED):
        raise Conflict(Text(zh="自评已截止", en="the self-score is closed"))
    verdict = await _judge_scores(work, assessment, sheet.scores)
    _fill(work, assessment, Column.SELF, sheet.model_dump(mode="json"))
    return work.change(assessment, SHEET_FILLED, because=verdict, column=Column.SELF)


def accept_application(work: Work, assessment: Assessment, record: CreditRecord) -> Assessment:
    """Take the application in hand, after a look at the public credit record."""
    if Column.SELF not in assessment.sheets:
        raise Conflict(Text(zh="尚未提交自评", en="the agency has not scored itself"))
    verdict = ACCEPTANCE.judge(
        CleanRecord(
            on=assessment.applied_on,
            penalty=record.penalty,
            penalty_unfinished=record.penalty_unfinished,
            under_investigation=record.under_investigation,
        ),
        on=assessment.applied_on,
    )
    verdict.require()
    assessment.credit_record = record.model_dump(mode="json")
    return work.move(assessment, "accept", because=verdict)


def reject_application(work: Work, assessment: Assessment, reason: str) -> Assessment:
    return work.move(assessment, "reject", reason=reason)


def withdraw_application(work: Work, assessment: Assessment) -> Assessment:
    return work.move(assessment, "withdraw")


async def assign_evaluator(work: Work, assessment: Assessment, evaluator_id: UUID) -> Assessment:
    evaluator, verdict = await independent_evaluator(work, evaluator_id, assessment.credit_code)
    assessment.evaluator_id = evaluator.id
    assessment.evaluator_org = evaluator.credit_code
    return work.move(assessment, "assign", because=verdict, evaluator=evaluator.credit_code)


async def score_agency(work: Work, assessment: Assessment, sheet: ExpertSheet) -> Assessment:
    """The expert group's scores, or its re-check; the grade they come to is proposed."""
    if assessment.evaluator_org != work.actor.org:
        raise NotFound()
    assessment.lifecycle.after(assessment.state, "score")
    if not assessment.applied_on <= sheet.visited_on <= work.today:
        raise InvalidInput.at(
            "/visited_on",
            Text(zh="须在申请日与今天之间", en="lies between the application and today"),
            Text(zh="请填写实地考察的日期", en="give the day of the visit"),
        )
    scheme = await _scheme(work, assessment)
    verdict = await _judge_scores(work, assessment, sheet.scores)
    found = {finding.gate: finding.met for finding in sheet.gates}
    if set(found) != {gate.code for gate in scheme.grade_gates}:
        raise InvalidInput.at(
            "/gates",
            Text(zh="方案的每项门槛条件须各列一次", en="names every gate of the scheme once"),
            Text(zh="请逐项说明是否满足", en="say of each whether it is met"),
        )
    column = Column.RECHECK if Column.EXPERT in assessment.sheets else Column.EXPERT
    _fill(work, assessment, column, sheet.model_dump(mode="json"))
    assessment.marks = sum((score.marks for score in sheet.scores), Decimal(0))
    missed = [gate for gate in scheme.grade_gates if not found[gate.code]]
    proposed = capped(grade_by_marks(assessment.marks, scheme.grade_lines), missed)
    assessment.proposed_grade = proposed.value if proposed else None
    return work.move(assessment, "score", because=verdict)


async def call_ballot(work: Work, assessment: Assessment, committee_id: UUID) -> Assessment:
    """Put the proposed grade to the committee."""
    if assessment.proposed_grade is None:
        raise Conflict(
            Text(
                zh="得分未达到任何等级",
                en="the marks reach no grade; nothing can be put to the vote",
            )
        )
    committee = await committee_by_id(work.session, committee_id)
    seated = committee is not None and committee.state == CommitteeState.SEATED
    if (
        committee is None
        or not seated
        or not committee.starts_on <= work.today <= committee.ends_on
    ):
        raise InvalidInput.at(
            "/committee_id",
            Text(zh="须为任期内的评估委员会", en="names a committee within its term"),
            Text(zh="请先组建评估委员会", en="seat a committee first"),
        )
    assessment.committee_id = committee.id
    assessment.ballot_round += 1
    return work.move(assessment, "ballot", members=len(committee.members))


async def cast_vote(work: Work, assessment: Assessment, draft: VoteDraft) -> Assessment:
    """A member signs as the client named for them; the assessment is held so that no vote is late."""
    await queries.held(work.session, assessment)
    if assessment.state != AssessmentState.BALLOTING or assessment.committee_id is None:
        raise Conflict(Text(zh="当前没有表决", en="no ballot is open"))
    committee = await committee_by_id(work.session, assessment.committee_id)
    member = committee.member(work.actor.client_id) if committee else None
    if member is None:
        raise Forbidden(Text(zh="不是该评估委员会委员", en="not a member of this committee"))
    if await queries.vote_of(work.session, assessment, work.actor.client_id):
        raise Conflict(Text(zh="已表决", en="this member has voted"))
    verdict = VOTING.judge(
        Voice(
            member.name,
            barred=barred(member, assessment.credit_code, work.today),
            stands_aside=draft.choice is Choice.STAND_ASIDE,
        ),
        on=work.today,
    )
    verdict.require()
    work.add_row(
        Vote(
            id=new_id(),
            assessment_id=assessment.id,
            round=assessment.ballot_round,
            member=work.actor.client_id,
            name=member.name,
            choice=draft.choice,
            reason=draft.reason,
            cast_at=work.now,
        )
    )
    work.tell(
        "assessment",
        assessment.id,
        VOTE_CAST,
        version=assessment.version,
        audience="restricted",
        because=verdict,
        choice=draft.choice,
    )
    return assessment


async def decide_grade(work: Work, assessment: Assessment) -> Assessment:
    """Close the ballot when it carries; until then members may still vote."""
    ballot = await count_ballot(work, assessment)
    verdict = BALLOT.judge(ballot, on=assessment.applied_on)
    verdict.require()
    assessment.grade = assessment.proposed_grade
    assessment.decided_on = work.today
    return work.move(assessment, "decide", because=verdict, grade=assessment.grade)


def return_to_experts(work: Work, assessment: Assessment, reason: str) -> Assessment:
    """A ballot that does not carry goes back for another look."""
    return work.move(assessment, "return", reason=reason)


def put_on_notice(work: Work, assessment: Assessment) -> Assessment:
    assessment.noticed_on = work.today
    assessment.notice_ends_on = notice_ends_on(work.today)
    return work.move(
        assessment, "notice", grade=assessment.grade, notice_ends_on=assessment.notice_ends_on
    )


async def raise_objection(work: Work, assessment: Assessment, grounds: str) -> Objection:
    await queries.held(work.session, assessment)
    ends_on = assessment.notice_ends_on
    if assessment.state != AssessmentState.NOTICED or ends_on is None or work.today > ends_on:
        raise Conflict(
            Text(zh="异议须在公示期内提出", en="objections are raised within the public notice")
        )
    objection = Objection(
        id=new_id(),
        assessment_id=assessment.id,
        raised_by=work.actor.client_id,
        raised_for=work.actor.org,
        grounds=grounds,
        raised_on=work.today,
        decide_by=work.today + timedelta(days=RECHECK_DAYS.on(assessment.applied_on)),
    )
    work.add_row(objection)
    work.tell(
        "assessment",
        assessment.id,
        OBJECTION_RAISED,
        version=assessment.version,
        objection_id=objection.id,
        decide_by=objection.decide_by,
    )
    return objection


async def answer_objection(
    work: Work, assessment: Assessment, objection_id: UUID, answer: ObjectionAnswer
) -> Assessment:
    """Dismissed, the result stands; upheld, the experts look again and a new ballot follows."""
    objection = await queries.objection_by_id(work.session, assessment.id, objection_id)
    if objection is None:
        raise NotFound()
    if objection.answered_on is not None:
        raise Conflict(Text(zh="该异议已答复", en="the objection was answered"))
    objection.upheld = answer.upheld
    objection.answer = answer.answer
    objection.answered_on = work.today
    if not answer.upheld:
        return work.change(assessment, OBJECTION_DISMISSED, objection_id=objection.id)
    assessment.grade = assessment.proposed_grade = None
    assessment.decided_on = assessment.noticed_on = assessment.notice_ends_on = None
    return work.move(assessment, "recheck", objection_id=objection.id)


async def announce_grade(work: Work, assessment: Assessment) -> Assessment:
    """Make the result final and award the grade, valid by the law of the application."""
    noticed_on, decided_on = assessment.noticed_on, assessment.decided_on
    assessment.lifecycle.after(assessment.state, "announce")
    if noticed_on is None or decided_on is None:
        raise Conflict(Text(zh="尚未公示", en="not on public notice yet"))
    verdict = ANNOUNCEMENT.judge(
        Announcement(
            on=work.today,
            applied_on=assessment.applied_on,
            decided_on=decided_on,
            noticed_on=noticed_on,
            open_objections=await queries.open_objections(work.session, assessment.id),
        ),
        on=assessment.applied_on,
    )
    verdict.require()
    assessment.announced_on = work.today
    award = Award(
        credit_code=assessment.credit_code,
        agency_name=assessment.agency_name,
        grade=Grade(assessment.grade or ""),
        assessment_id=assessment.id,
        applied_on=assessment.applied_on,
        decided_on=decided_on,
    )
    grade = award_grade(work, award, because=verdict)
    assessment.grade_id = grade.id
    return work.move(assessment, "announce", because=verdict, grade=grade.grade)


async def count_ballot(work: Work, assessment: Assessment) -> Ballot:
    """Who is present, and who is in favour: an abstention is present, standing aside is not."""
    committee = assessment.committee_id and await committee_by_id(
        work.session, assessment.committee_id
    )
    votes = await queries.votes(work.session, assessment)
    return Ballot(
        on=assessment.applied_on,
        members=len(committee.members) if committee else 0,
        present=sum(vote.choice != Choice.STAND_ASIDE for vote in votes),
        in_favour=sum(vote.choice == Choice.FOR for vote in votes),
    )


async def _scheme(work: Work, assessment: Assessment) -> Scheme:
    return await work.session.get_one(Scheme, assessment.scheme_id)


async def _judge_scores(work: Work, assessment: Assessment, scores: Sequence[LeafScore]) -> Verdict:
    given = {score.leaf: score.marks for score in scores}
    if len(given) != len(scores):
        raise InvalidInput.at(
            "/scores",
            Text(zh="每个末级指标只评一次分", en="scores each leaf once"),
            Text(zh="请删除重复项", en="remove the duplicate"),
        )
    scheme = await _scheme(work, assessment)
    verdict = SCORES.judge(Sheet(scheme.leaf_marks, given), on=assessment.applied_on)
    return verdict.require()


def _fill(work: Work, assessment: Assessment, column: Column, sheet: dict[str, Any]) -> None:
    """A new dictionary, so that the change is seen."""
    total = sum((Decimal(score["marks"]) for score in sheet["scores"]), Decimal(0))
    filled = {**sheet, "filled_on": work.today.isoformat(), "total": written(total)}
    assessment.sheets = {**assessment.sheets, column.value: filled}
