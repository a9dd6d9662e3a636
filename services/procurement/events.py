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

EVENTS = (
    *(event for lifecycle in LIFECYCLES for event in lifecycle.events),
    "project.budgeted",
    "tender.changed",
    "seal_policy.frozen",
    "release.published",
    "opening.session_begun",
    "opening.shares_released",
    "opening.confirmed",
    "opening.objected",
    "bid.opened",
    "bid.stayed_shut",
)
