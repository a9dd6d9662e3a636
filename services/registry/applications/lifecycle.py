"""From the founders' draft to the certificate (受理、审查、核准、发证)."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    REFUSED = "refused"
    CERTIFIED = "certified"
    WITHDRAWN = "withdrawn"


S = ApplicationState

# fmt: off
APPLICATION = Lifecycle("application", start=S.DRAFT, created="application.drafted", moves=[
    #    move         from         to           by           event
    Move("submit",    S.DRAFT,     S.SUBMITTED, "agency",    "application.submitted"),
    Move("return",    S.SUBMITTED, S.RETURNED,  "registrar", "application.returned"),
    Move("submit",    S.RETURNED,  S.SUBMITTED, "agency",    "application.submitted"),
    Move("accept",    S.SUBMITTED, S.ACCEPTED,  "registrar", "application.accepted"),
    Move("lapse",     S.SUBMITTED, S.ACCEPTED,  "calendar",  "application.accepted"),
    Move("review",    S.ACCEPTED,  S.REVIEWED,  "registrar", "application.reviewed"),
    Move("approve",   S.REVIEWED,  S.APPROVED,  "registrar", "application.approved"),
    Move("refuse",    S.REVIEWED,  S.REFUSED,   "registrar", "application.refused"),
    Move("certify",   S.APPROVED,  S.CERTIFIED, "registrar", "application.certified"),
    Move("withdraw",  S.DRAFT,     S.WITHDRAWN, "agency",    "application.withdrawn"),
    Move("withdraw",  S.SUBMITTED, S.WITHDRAWN, "agency",    "application.withdrawn"),
    Move("withdraw",  S.RETURNED,  S.WITHDRAWN, "agency",    "application.withdrawn"),
    Move("withdraw",  S.ACCEPTED,  S.WITHDRAWN, "agency",    "application.withdrawn"),
])
# fmt: on
