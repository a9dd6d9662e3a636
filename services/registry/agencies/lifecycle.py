"""An agency on the register."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class AgencyState(StrEnum):
    REGISTERED = "registered"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


S = AgencyState

# fmt: off
AGENCY = Lifecycle("agency", start=S.REGISTERED, created="agency.registered", moves=[
    #    move         from          to            by            event
    Move("suspend",   S.REGISTERED, S.SUSPENDED,  "supervisor", "agency.suspended"),
    Move("reinstate", S.SUSPENDED,  S.REGISTERED, "supervisor", "agency.reinstated"),
    Move("cancel",    S.REGISTERED, S.CANCELLED,  "registrar",  "agency.cancelled"),
    Move("cancel",    S.SUSPENDED,  S.CANCELLED,  "registrar",  "agency.cancelled"),
])
# fmt: on
