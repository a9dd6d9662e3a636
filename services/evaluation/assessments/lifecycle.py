"""What can happen on the way to a grade."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class AssessmentState(StrEnum):
    APPLIED = "applied"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    SCORED = "scored"
    BALLOTING = "balloting"
    DECIDED = "decided"
    NOTICED = "noticed"
    ANNOUNCED = "announced"


S = AssessmentState

# fmt: off
ASSESSMENT = Lifecycle("assessment", start=S.APPLIED, created="assessment.applied", moves=[
    #    move        from         to           by            event
    Move("accept",   S.APPLIED,   S.ACCEPTED,  "supervisor", "assessment.accepted"),
    Move("reject",   S.APPLIED,   S.REJECTED,  "supervisor", "assessment.rejected"),
    Move("withdraw", S.APPLIED,   S.WITHDRAWN, "agency",     "assessment.withdrawn"),
    Move("withdraw", S.ACCEPTED,  S.WITHDRAWN, "agency",     "assessment.withdrawn"),
    Move("assign",   S.ACCEPTED,  S.ASSIGNED,  "supervisor", "assessment.assigned"),
    Move("assign",   S.ASSIGNED,  S.ASSIGNED,  "supervisor", "assessment.assigned"),
    Move("score",    S.ASSIGNED,  S.SCORED,    "evaluator",  "assessment.scored"),
    Move("ballot",   S.SCORED,    S.BALLOTING, "supervisor", "assessment.balloting"),
    Move("return",   S.BALLOTING, S.ASSIGNED,  "supervisor", "assessment.returned"),
    Move("decide",   S.BALLOTING, S.DECIDED,   "supervisor", "assessment.decided"),
    Move("notice",   S.DECIDED,   S.NOTICED,   "supervisor", "assessment.noticed"),
    Move("recheck",  S.NOTICED,   S.ASSIGNED,  "supervisor", "assessment.rechecked"),
    Move("announce", S.NOTICED,   S.ANNOUNCED, "supervisor", "assessment.announced"),
])
# fmt: on

SHEET_FILLED = "assessment.sheet_filled"
VOTE_CAST = "assessment.vote_cast"
OBJECTION_RAISED = "assessment.objection_raised"
OBJECTION_DISMISSED = "assessment.objection_dismissed"
