from typing import Any
from uuid import UUID

from shared.http import View
from shared.sealing.manifests import LARGEST_ENVELOPE

LARGEST_COMMIT = LARGEST_ENVELOPE
LARGEST_PIECE = 1024 * 1024


class BidView(View):
    """A place to put the parts of a bid. The id is random and names no tender."""

    id: UUID


class PartView(View):
    """How much of one part has come. Send what is missing, from `received` on."""

    part: int
    size: int
    received: int
    digest: str | None
    """SHA-256 of the whole, once it is here."""


class BidStatusView(View):
    """What has come of the caller's own bid, and its receipt once it is lodged."""

    id: UUID
    parts: list[PartView]
    receipt: dict[str, Any] | None
