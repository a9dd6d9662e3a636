"""What can happen to a fund, and to a grant from it."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class FundState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class GrantState(StrEnum):
    PROPOSED = "proposed"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    REJECTED = "rejected"


F = FundState
G = GrantState

# fmt: off
FUND = Lifecycle("fund", start=F.OPEN, created="fund.opened", moves=[
    #    move     from    to        by         event
    Move("close", F.OPEN, F.CLOSED, "finance", "fund.closed"),
])

GRANT = Lifecycle("grant", start=G.PROPOSED, created="grant.proposed", moves=[
    #    move      from        to          by                   event
    Move("review",  G.PROPOSED, G.REVIEWED, "incubator_manager", "grant.reviewed"),
    Move("approve", G.REVIEWED, G.APPROVED, "finance",           "grant.approved"),
    Move("reject",  G.PROPOSED, G.REJECTED, "incubator_manager", "grant.rejected"),
    Move("reject",  G.REVIEWED, G.REJECTED, "finance",           "grant.rejected"),
])
# fmt: on

FUND_REPLENISHED = "fund.replenished"
FUND_DRAWN = "fund.drawn"
