"""What can happen to a round of admission, and to a candidate in it."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class RoundState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    RANKED = "ranked"
    DECIDED = "decided"
    CANCELLED = "cancelled"


class CandidateState(StrEnum):
    SUBMITTED = "submitted"
    CHECKED = "checked"
    TURNED_DOWN = "turned_down"
    WITHDRAWN = "withdrawn"
    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"


R = RoundState
C = CandidateState

# fmt: off
ROUND = Lifecycle("round", start=R.OPEN, created="round.opened", moves=[
    #    move      from      to           by                   event
    Move("close",  R.OPEN,   R.CLOSED,    "calendar",          "round.closed"),
    Move("rank",   R.CLOSED, R.RANKED,    "incubator_manager", "round.ranked"),
    Move("decide", R.RANKED, R.DECIDED,   "incubator_manager", "round.decided"),
    Move("cancel", R.OPEN,   R.CANCELLED, "incubator_manager", "round.cancelled"),
    Move("cancel", R.CLOSED, R.CANCELLED, "incubator_manager", "round.cancelled"),
])

CANDIDATE = Lifecycle("candidate", start=C.SUBMITTED, created="candidate.submitted", moves=[
    #    move         from         to             by                   event
    Move("check",     C.SUBMITTED, C.CHECKED,     "incubator_manager", "candidate.checked"),
    Move("turn_down", C.SUBMITTED, C.TURNED_DOWN, "incubator_manager", "candidate.turned_down"),
    Move("withdraw",  C.SUBMITTED, C.WITHDRAWN,   "agency",            "candidate.withdrawn"),
    Move("withdraw",  C.CHECKED,   C.WITHDRAWN,   "agency",            "candidate.withdrawn"),
    Move("choose",    C.CHECKED,   C.CHOSEN,      "incubator_manager", "candidate.chosen"),
    Move("pass_over", C.CHECKED,   C.NOT_CHOSEN,  "incubator_manager", "candidate.not_chosen"),
])
# fmt: on

CANDIDATE_SCORED = "candidate.scored"
CANDIDATE_PLACED = "candidate.placed"
