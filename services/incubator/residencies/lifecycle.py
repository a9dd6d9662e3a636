"""What can happen to a stay: 萌芽 → 初创 → 成长 → 出壳, and the hand-over at its end."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class ResidencyState(StrEnum):
    SPROUTING = "sprouting"
    STARTING = "starting"
    GROWING = "growing"
    GRADUATED = "graduated"
    LEFT = "left"
    HANDED_OVER = "handed_over"


S = ResidencyState

# fmt: off
RESIDENCY = Lifecycle("residency", start=S.SPROUTING, created="residency.begun", moves=[
    #    move         from         to             by                   event
    Move("advance",   S.SPROUTING, S.STARTING,    "incubator_manager", "residency.advanced"),
    Move("advance",   S.STARTING,  S.GROWING,     "incubator_manager", "residency.advanced"),
    Move("graduate",  S.GROWING,   S.GRADUATED,   "incubator_manager", "residency.graduated"),
    Move("leave",     S.SPROUTING, S.LEFT,        "incubator_manager", "residency.left"),
    Move("leave",     S.STARTING,  S.LEFT,        "incubator_manager", "residency.left"),
    Move("leave",     S.GROWING,   S.LEFT,        "incubator_manager", "residency.left"),
    Move("hand_over", S.GRADUATED, S.HANDED_OVER, "incubator_manager", "residency.handed_over"),
    Move("hand_over", S.LEFT,      S.HANDED_OVER, "incubator_manager", "residency.handed_over"),
])
# fmt: on

MILESTONE_SET = "residency.milestone_set"
MILESTONE_REACHED = "residency.milestone_reached"
FILE_KEPT = "residency.file_kept"
