"""What can happen to an incubator base."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class BaseState(StrEnum):
    PREPARING = "preparing"
    OPEN = "open"
    CLOSED = "closed"


S = BaseState

# fmt: off
BASE = Lifecycle("base", start=S.PREPARING, created="base.founded", moves=[
    #    move     from         to        by                   event
    Move("open",  S.PREPARING, S.OPEN,   "incubator_manager", "base.opened"),
    Move("close", S.OPEN,      S.CLOSED, "incubator_manager", "base.closed"),
])
# fmt: on

RULES_ADOPTED = "base.rules_adopted"
BUDGET_SET = "base.budget_set"
EXPENSE_ENTERED = "base.expense_entered"
