"""What can happen to an evaluation committee."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class CommitteeState(StrEnum):
    SEATED = "seated"
    DISSOLVED = "dissolved"


S = CommitteeState

# fmt: off
COMMITTEE_LIFE = Lifecycle("committee", start=S.SEATED, created="committee.seated", moves=[
    #    move        from      to           by            event
    Move("dissolve", S.SEATED, S.DISSOLVED, "supervisor", "committee.dissolved"),
])
# fmt: on
