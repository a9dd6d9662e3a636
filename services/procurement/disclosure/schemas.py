from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.http import View


class ReleaseEntry(View):
    """A release in the list; the document itself is in the package of its ocid."""

    id: UUID
    ocid: str
    project_id: UUID
    event_id: UUID
    told_at: datetime
    tags: Sequence[str]
