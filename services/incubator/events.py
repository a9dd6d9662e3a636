"""The names of the events that the incubator tells: its public vocabulary."""

from services.incubator.admissions.lifecycle import CANDIDATE, ROUND
from services.incubator.bases.lifecycle import BASE
from services.incubator.funds.lifecycle import FUND, GRANT
from services.incubator.residencies.lifecycle import RESIDENCY
from services.incubator.venues.lifecycle import ALLOCATION, VENUE

LIFECYCLES = (BASE, VENUE, ALLOCATION, ROUND, CANDIDATE, RESIDENCY, FUND, GRANT)

RULES_ADOPTED = "base.rules_adopted"
BUDGET_SET = "base.budget_set"
EXPENSE_ENTERED = "base.expense_entered"
CANDIDATE_SCORED = "candidate.scored"
CANDIDATE_PLACED = "candidate.placed"
MILESTONE_SET = "residency.milestone_set"
MILESTONE_REACHED = "residency.milestone_reached"
FILE_KEPT = "residency.file_kept"
FUND_REPLENISHED = "fund.replenished"
FUND_DRAWN = "fund.drawn"

EVENTS = (
    *(event for lifecycle in LIFECYCLES for event in lifecycle.events),
    RULES_ADOPTED,
    BUDGET_SET,
    EXPENSE_ENTERED,
    CANDIDATE_SCORED,
    CANDIDATE_PLACED,
    MILESTONE_SET,
    MILESTONE_REACHED,
    FILE_KEPT,
    FUND_REPLENISHED,
    FUND_DRAWN,
)
