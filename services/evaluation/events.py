"""The names of the events that evaluation tells: its public vocabulary."""

from services.evaluation.assessments.lifecycle import ASSESSMENT
from services.evaluation.committees.lifecycle import COMMITTEE_LIFE
from services.evaluation.evaluators.lifecycle import EVALUATOR
from services.evaluation.grades.lifecycle import GRADE
from services.evaluation.performance.lifecycle import PERFORMANCE
from services.evaluation.schemes.lifecycle import SCHEME

LIFECYCLES = (SCHEME, EVALUATOR, COMMITTEE_LIFE, ASSESSMENT, GRADE, PERFORMANCE)

SHEET_FILLED = "assessment.sheet_filled"
VOTE_CAST = "assessment.vote_cast"
OBJECTION_RAISED = "assessment.objection_raised"
OBJECTION_DISMISSED = "assessment.objection_dismissed"
EXPERTS_NAMED = "evaluator.experts_named"
SCHEME_REWRITTEN = "scheme.rewritten"

EVENTS = (
    *(event for lifecycle in LIFECYCLES for event in lifecycle.events),
    SHEET_FILLED,
    VOTE_CAST,
    OBJECTION_RAISED,
    OBJECTION_DISMISSED,
    EXPERTS_NAMED,
    SCHEME_REWRITTEN,
)
