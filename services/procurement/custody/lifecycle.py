"""The two kinds of keys people register: those that open bids together, and those that sign them."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class KeyState(StrEnum):
    ACTIVE = "active"
    RETIRED = "retired"


S = KeyState

# fmt: off
CUSTODIAN = Lifecycle("custodian", start=S.ACTIVE, created="custodian.registered", moves=[
    #    move      from      to         by           event
    Move("retire", S.ACTIVE, S.RETIRED, "custodian", "custodian.retired"),
])

SIGNING_KEY = Lifecycle("signing_key", start=S.ACTIVE, created="signing_key.registered", moves=[
    #    move      from      to         by        event
    Move("retire", S.ACTIVE, S.RETIRED, "agency", "signing_key.retired"),
])
# fmt: on
