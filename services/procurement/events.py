"""The names of the events that procurement tells: its public vocabulary."""

from services.procurement.awards.lifecycle import AWARD
from services.procurement.contracts.lifecycle import CONTRACT, PAYMENT
from services.procurement.custody.lifecycle import CUSTODIAN, SIGNING_KEY
from services.procurement.needs.lifecycle import NEED, PROJECT
from services.procurement.panels.lifecycle import PANEL, SCORESHEET, SEAT
from services.procurement.reviews.lifecycle import REVIEW
from services.procurement.suppliers.lifecycle import CONSEQUENCE
from services.procurement.tenders.lifecycle import TENDER

LIFECYCLES = (
    NEED,
    PROJECT,
    TENDER,
    CUSTODIAN,
    SIGNING_KEY,
    REVIEW,
    PANEL,
    SEAT,
    SCORESHEET,
    AWARD,
    CONTRACT,
    PAYMENT,
    CONSEQUENCE,
)

PROJECT_BUDGETED = "project.budgeted"
TENDER_CHANGED = "tender.changed"
SEAL_POLICY_FROZEN = "seal_policy.frozen"
RELEASE_PUBLISHED = "release.published"
OPENING_SESSION_BEGUN = "opening.session_begun"
OPENING_SHARES_RELEASED = "opening.shares_released"
OPENING_CONFIRMED = "opening.confirmed"
OPENING_OBJECTED = "opening.objected"
BID_OPENED = "bid.opened"
BID_STAYED_SHUT = "bid.stayed_shut"

EVENTS = (
    *(event for lifecycle in LIFECYCLES for event in lifecycle.events),
    PROJECT_BUDGETED,
    TENDER_CHANGED,
    SEAL_POLICY_FROZEN,
    RELEASE_PUBLISHED,
    OPENING_SESSION_BEGUN,
    OPENING_SHARES_RELEASED,
    OPENING_CONFIRMED,
    OPENING_OBJECTED,
    BID_OPENED,
    BID_STAYED_SHUT,
)
