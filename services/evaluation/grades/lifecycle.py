"""What can happen to a grade that was awarded."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class GradeState(StrEnum):
    AWARDED = "awarded"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


S = GradeState

# fmt: off
GRADE = Lifecycle("grade", start=S.AWARDED, created="grade.awarded", moves=[
    #    move      from       to           by            event
    Move("expire", S.AWARDED, S.EXPIRED,   "calendar",   "grade.expired"),
    Move("cancel", S.AWARDED, S.CANCELLED, "supervisor", "grade.cancelled"),
])
# fmt: on
