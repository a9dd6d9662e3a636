"""Days that come, and the moves they make."""

from services.incubator.admissions.actions import close_round
from services.incubator.admissions.queries import due_to_close
from shared.worker import Deadline

DEADLINES = [Deadline("close rounds", due=due_to_close, act=close_round)]
