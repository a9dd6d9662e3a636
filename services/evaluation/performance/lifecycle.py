"""What can happen to the evaluation of a project's stage."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class PerformanceState(StrEnum):
    OPENED = "opened"
    ASSIGNED = "assigned"
    SCORED = "scored"
    OBJECTED = "objected"
    CONCLUDED = "concluded"


S = PerformanceState

# fmt: off
PERFORMANCE = Lifecycle("performance", start=S.OPENED, created="performance.opened", moves=[
    #    move        from        to           by            event
    Move("assign",   S.OPENED,   S.ASSIGNED,  "supervisor", "performance.assigned"),
    Move("score",    S.ASSIGNED, S.SCORED,    "evaluator",  "performance.scored"),
    Move("object",   S.SCORED,   S.OBJECTED,  "agency",     "performance.objected"),
    Move("uphold",   S.OBJECTED, S.ASSIGNED,  "supervisor", "performance.objection_upheld"),
    Move("dismiss",  S.OBJECTED, S.SCORED,    "supervisor", "performance.objection_dismissed"),
    Move("conclude", S.SCORED,   S.CONCLUDED, "supervisor", "performance.concluded"),
])
# fmt: on
