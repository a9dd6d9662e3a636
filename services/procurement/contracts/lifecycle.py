"""What can happen to a contract (合同) and to a payment under it (支付)."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class ContractState(StrEnum):
    DRAFTED = "drafted"
    SIGNED = "signed"
    COMPLETED = "completed"
    TERMINATED = "terminated"
    DROPPED = "dropped"


C = ContractState

# fmt: off
CONTRACT = Lifecycle("contract", start=C.DRAFTED, created="contract.drafted", moves=[
    #    move         from       to            by           event
    Move("sign",      C.DRAFTED, C.SIGNED,     "agency",    "contract.signed"),
    Move("drop",      C.DRAFTED, C.DROPPED,    "purchaser", "contract.dropped"),
    Move("complete",  C.SIGNED,  C.COMPLETED,  "finance",   "contract.completed"),
    Move("terminate", C.SIGNED,  C.TERMINATED, "purchaser", "contract.terminated"),
])
# fmt: on


class PaymentState(StrEnum):
    HELD = "held"
    DUE = "due"
    WITHHELD = "withheld"
    RELEASED = "released"


P = PaymentState

# An instalment is held until the evaluation of its stage is concluded. What is kept back falls due
# when the correction is accepted.
# fmt: off
PAYMENT = Lifecycle("payment", start=P.HELD, created="payment.applied", moves=[
    #    move       from        to          by           event
    Move("clear",   P.HELD,     P.DUE,      "service",   "payment.cleared"),
    Move("withhold", P.HELD,    P.WITHHELD, "service",   "payment.withheld"),
    Move("release", P.DUE,      P.RELEASED, "finance",   "payment.released"),
    Move("resume",  P.WITHHELD, P.DUE,      "purchaser", "payment.resumed"),
    Move("resume",  P.RELEASED, P.DUE,      "purchaser", "payment.resumed"),
])
# fmt: on
