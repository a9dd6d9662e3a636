"""What can happen to a tender (采购项目), from the draft to the award."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class TenderState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"
    OPENED = "opened"
    AWARDED = "awarded"
    FAILED = "failed"
    CANCELLED = "cancelled"


S = TenderState

# The calendar closes at the deadline; the opening session of custody opens; a tender fails before
# the opening for too few bids, after it for too few qualified bidders, and after the award when
# every candidate has refused.
# fmt: off
TENDER = Lifecycle("tender", start=S.DRAFT, created="tender.drafted", moves=[
    #    move       from         to           by            event
    Move("publish", S.DRAFT,     S.PUBLISHED, "purchaser",  "tender.published"),
    Move("cancel",  S.DRAFT,     S.CANCELLED, "purchaser",  "tender.cancelled"),
    Move("close",   S.PUBLISHED, S.CLOSED,    "calendar",   "tender.closed"),
    Move("cancel",  S.PUBLISHED, S.CANCELLED, "purchaser",  "tender.cancelled"),
    Move("open",    S.CLOSED,    S.OPENED,    "calendar",   "tender.opened"),
    Move("fail",    S.CLOSED,    S.FAILED,    "calendar",   "tender.failed"),
    Move("cancel",  S.CLOSED,    S.CANCELLED, "purchaser",  "tender.cancelled"),
    Move("award",   S.OPENED,    S.AWARDED,   "purchaser",  "tender.awarded"),
    Move("fail",    S.OPENED,    S.FAILED,    "purchaser",  "tender.failed"),
    Move("cancel",  S.OPENED,    S.CANCELLED, "purchaser",  "tender.cancelled"),
    Move("fail",    S.AWARDED,   S.FAILED,    "purchaser",  "tender.failed"),
])
# fmt: on
