"""What can happen to a venue, and to its allocation to a resident."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class VenueState(StrEnum):
    AVAILABLE = "available"
    WITHDRAWN = "withdrawn"


class AllocationState(StrEnum):
    HELD = "held"
    RETURNED = "returned"


# fmt: off
VENUE = Lifecycle("venue", start=VenueState.AVAILABLE, created="venue.added", moves=[
    #    move        from                  to                    by                   event
    Move("withdraw", VenueState.AVAILABLE, VenueState.WITHDRAWN, "incubator_manager", "venue.withdrawn"),
])

ALLOCATION = Lifecycle("allocation", start=AllocationState.HELD, created="allocation.made", moves=[
    #    move      from                  to                        by                   event
    Move("return", AllocationState.HELD, AllocationState.RETURNED, "incubator_manager", "allocation.returned"),
])
# fmt: on
