"""The annual inspection (年度检查) of one agency for one year."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class InspectionState(StrEnum):
    CALLED = "called"
    OVERDUE = "overdue"
    FILED = "filed"
    CONCLUDED = "concluded"


S = InspectionState

# fmt: off
INSPECTION = Lifecycle("inspection", start=S.CALLED, created="inspection.called", moves=[
    #    move        from       to           by            event
    Move("file",     S.CALLED,  S.FILED,     "agency",     "inspection.filed"),
    Move("miss",     S.CALLED,  S.OVERDUE,   "calendar",   "inspection.overdue"),
    Move("file",     S.OVERDUE, S.FILED,     "agency",     "inspection.filed"),
    Move("conclude", S.FILED,   S.CONCLUDED, "supervisor", "inspection.concluded"),
    Move("conclude", S.OVERDUE, S.CONCLUDED, "supervisor", "inspection.concluded"),
])
# fmt: on
