"""What can happen to an award (中标、成交), from the panel's report to the contract."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class AwardState(StrEnum):
    RECOMMENDED = "recommended"
    CONFIRMED = "confirmed"
    ANNOUNCED = "announced"
    REFUSED = "refused"
    CONTRACTED = "contracted"
    VOID = "void"


S = AwardState

# A winner who refuses makes room for the next candidate in order; without one the award is void.
# fmt: off
AWARD = Lifecycle("award", start=S.RECOMMENDED, created="award.recommended", moves=[
    #    move        from           to            by           event
    Move("confirm",  S.RECOMMENDED, S.CONFIRMED,  "purchaser", "award.confirmed"),
    Move("announce", S.CONFIRMED,   S.ANNOUNCED,  "purchaser", "award.announced"),
    Move("refuse",   S.ANNOUNCED,   S.REFUSED,    "agency",    "award.refused"),
    Move("pass_on",  S.REFUSED,     S.CONFIRMED,  "purchaser", "award.passed_on"),
    Move("void",     S.REFUSED,     S.VOID,       "purchaser", "award.voided"),
    Move("contract", S.ANNOUNCED,   S.CONTRACTED, "agency",    "award.contracted"),
])
# fmt: on
