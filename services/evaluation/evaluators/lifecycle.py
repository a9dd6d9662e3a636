"""What can happen to an evaluating body."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class EvaluatorState(StrEnum):
    ACCREDITED = "accredited"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


S = EvaluatorState

# fmt: off
EVALUATOR = Lifecycle("evaluator", start=S.ACCREDITED, created="evaluator.accredited", moves=[
    #    move         from          to            by            event
    Move("suspend",   S.ACCREDITED, S.SUSPENDED,  "supervisor", "evaluator.suspended"),
    Move("reinstate", S.SUSPENDED,  S.ACCREDITED, "supervisor", "evaluator.reinstated"),
    Move("withdraw",  S.ACCREDITED, S.WITHDRAWN,  "supervisor", "evaluator.withdrawn"),
    Move("withdraw",  S.SUSPENDED,  S.WITHDRAWN,  "supervisor", "evaluator.withdrawn"),
])
# fmt: on

EXPERTS_NAMED = "evaluator.experts_named"
