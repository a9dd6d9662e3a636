"""The names of the events that evaluation tells: its public vocabulary."""

from services.evaluation.assessments.lifecycle import (
    ASSESSMENT,
    OBJECTION_DISMISSED,
    OBJECTION_RAISED,
    SHEET_FILLED,
    VOTE_CAST,
)
from services.evaluation.committees.lifecycle import COMMITTEE_LIFE
from services.evaluation.evaluators.lifecycle import EVALUATOR, EXPERTS_NAMED
from services.evaluation.grades.lifecycle import GRADE
from services.evaluation.performance.lifecycle import PERFORMANCE
from services.evaluation.schemes.lifecycle import SCHEME, SCHEME_REWRITTEN

LIFECYCLES = (SCHEME, EVALUATOR, COMMITTEE_LIFE, ASSESSMENT, GRADE, PERFORMANCE)

EVENTS = (
    *(event for lifecycle in LIFECYCLES for event in lifecycle.events),
    SHEET_FILLED,
    VOTE_CAST,
    OBJECTION_RAISED,
    OBJECTION_DISMISSED,
    EXPERTS_NAMED,
    SCHEME_REWRITTEN,
)
