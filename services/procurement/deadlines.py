"""Days that come, and the moves they make."""

from collections.abc import Sequence

from shared.worker import Deadline

DEADLINES: Sequence[Deadline] = []
