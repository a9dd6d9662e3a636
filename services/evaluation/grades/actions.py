from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.evaluation.grades import queries
from services.evaluation.grades.lifecycle import GradeState
from services.evaluation.grades.models import AwardedGrade
from services.evaluation.grades.rules import newest_that_counts, validity
from services.evaluation.grades.schemas import GradeOnDay
from services.evaluation.marks import Grade
from shared.policy import Verdict
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Award:
    """What an assessment came to."""

    credit_code: str
    agency_name: str
    grade: Grade
    assessment_id: UUID
    applied_on: date
    decided_on: date


def award_grade(work: Work, award: Award, *, because: Verdict) -> AwardedGrade:
    """Enter the announced grade on the roll, with its term by the law of the application."""
    term = validity(
        governed_on=award.applied_on,
        decided_on=award.decided_on,
        announced_on=work.today,
        counts_at_once=work.settings.grade_counts_at_once,
    )
    grade = AwardedGrade(
        credit_code=award.credit_code,
        agency_name=award.agency_name,
        grade=award.grade,
        assessment_id=award.assessment_id,
        owner_org=award.credit_code,
        law=term.law,
        governed_on=award.applied_on,
        decided_on=award.decided_on,
        announced_on=work.today,
        valid_from=term.valid_from,
        valid_until=term.valid_until,
        counts_from=term.counts_from,
    )
    return work.add(grade, because=because)


async def grade_on(work: Work, credit_code: str, on: date) -> GradeOnDay:
    """The grade that others may rely on that day."""
    held = {
        grade.as_awarded(): grade for grade in await queries.grades_of(work.session, credit_code)
    }
    found = newest_that_counts(held, on)
    grade = held[found] if found else None
    return GradeOnDay(
        credit_code=credit_code,
        on=on,
        grade=Grade(grade.grade) if grade else None,
        valid_from=grade and grade.valid_from,
        valid_until=grade and grade.valid_until,
        counts_from=grade and grade.counts_from,
        law=grade and grade.law,
        decided_on=grade and grade.decided_on,
        announced_on=grade and grade.announced_on,
        assessment_id=grade and grade.assessment_id,
    )


def cancel_grade(work: Work, grade: AwardedGrade, reason: str) -> AwardedGrade:
    """Take the grade away from today on; what it counted for before stays as it was."""
    grade.cancelled_on = work.today
    grade.cancelled_because = reason
    return work.move(grade, "cancel", cancelled_on=work.today)


async def expire_grade(work: Work, grade_id: UUID) -> None:
    grade = await work.session.get_one(AwardedGrade, grade_id, with_for_update=True)
    if grade.state == GradeState.AWARDED and grade.valid_until < work.today:
        work.move(grade, "expire")
