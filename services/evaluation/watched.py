"""What officers watch of evaluation; read by the worker into figures."""

from services.evaluation.assessments.lifecycle import AssessmentState
from services.evaluation.assessments.models import Assessment, Objection
from services.evaluation.committees.models import Committee
from services.evaluation.evaluators.models import Evaluator
from services.evaluation.grades.lifecycle import GradeState
from services.evaluation.grades.models import AwardedGrade
from services.evaluation.performance.lifecycle import PerformanceState
from services.evaluation.performance.models import Performance
from services.evaluation.schemes.models import Scheme
from shared.watched import Due, Watched

WATCHED = Watched(
    things=[Assessment, AwardedGrade, Performance, Scheme, Evaluator, Committee],
    due=[
        Due(
            "assessment.announce",
            Assessment.notice_ends_on,
            open=Assessment.state == AssessmentState.NOTICED,
        ),
        Due("objection.answer", Objection.decide_by, open=Objection.upheld.is_(None)),
        Due(
            "performance.conclude",
            Performance.due_on,
            open=Performance.state.in_(
                [state for state in PerformanceState if state != PerformanceState.CONCLUDED]
            ),
        ),
        Due(
            "grade.expire", AwardedGrade.valid_until, open=AwardedGrade.state == GradeState.AWARDED
        ),
    ],
)
