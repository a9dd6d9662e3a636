"""Days that come, and the moves they make."""

from collections.abc import Sequence

from services.procurement.disclosure.actions import publish_release
from services.procurement.disclosure.queries import due_for_disclosure
from services.procurement.openings.queries import due_to_close
from services.procurement.openings.session import (
    close_at_the_deadline,
    hold_opening,
    openings_to_hold,
)
from shared.worker import Deadline

# What is told is disclosed last, when the moves of the round are in the journal.
DEADLINES: Sequence[Deadline] = [
    Deadline("close tenders", due=due_to_close, act=close_at_the_deadline),
    Deadline("open the bids of closed tenders", due=openings_to_hold, act=hold_opening),
    Deadline("publish OCDS releases", due=due_for_disclosure, act=publish_release, in_order=True),
]
