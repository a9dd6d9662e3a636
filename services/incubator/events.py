"""The names of the events that the incubator tells: its public vocabulary."""

from services.incubator.admissions.lifecycle import (
    CANDIDATE,
    CANDIDATE_PLACED,
    CANDIDATE_SCORED,
    ROUND,
)
from services.incubator.bases.lifecycle import BASE, BUDGET_SET, EXPENSE_ENTERED, RULES_ADOPTED
from services.incubator.funds.lifecycle import FUND, FUND_DRAWN, FUND_REPLENISHED, GRANT
from services.incubator.residencies.lifecycle import (
    FILE_KEPT,
    MILESTONE_REACHED,
    MILESTONE_SET,
    RESIDENCY,
)
from services.incubator.venues.lifecycle import ALLOCATION, VENUE

LIFECYCLES = (BASE, VENUE, ALLOCATION, ROUND, CANDIDATE, RESIDENCY, FUND, GRANT)

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
