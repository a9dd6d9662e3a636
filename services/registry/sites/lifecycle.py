"""A service site (服务站点): a place where an agency works, never a branch."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class SiteState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


S = SiteState

# fmt: off
SITE = Lifecycle("site", start=S.OPEN, created="site.opened", moves=[
    #    move     from    to        by        event
    Move("close", S.OPEN, S.CLOSED, "agency", "site.closed"),
])
# fmt: on


class PostingState(StrEnum):
    SERVING = "serving"
    ENDED = "ended"


P = PostingState

# fmt: off
POSTING = Lifecycle("posting", start=P.SERVING, created="posting.begun", moves=[
    #    move   from       to       by        event
    Move("end", P.SERVING, P.ENDED, "agency", "posting.ended"),
])
# fmt: on
