"""What can happen to a need (服务需求) and to the project (购买项目) that answers it."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class NeedState(StrEnum):
    RECORDED = "recorded"
    ADOPTED = "adopted"
    MET = "met"
    WITHDRAWN = "withdrawn"


N = NeedState

# fmt: off
NEED = Lifecycle("need", start=N.RECORDED, created="need.recorded", moves=[
    #    move        from        to           by                event
    Move("adopt",    N.RECORDED, N.ADOPTED,   "purchaser",      "need.adopted"),
    Move("withdraw", N.RECORDED, N.WITHDRAWN, "street_officer", "need.withdrawn"),
    Move("meet",     N.ADOPTED,  N.MET,       "finance",        "need.met"),
])
# fmt: on


class ProjectState(StrEnum):
    PLANNED = "planned"
    TENDERED = "tendered"
    CONTRACTED = "contracted"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


P = ProjectState

# While a tender is out, the budget stands still; a failed or cancelled tender gives it back.
# fmt: off
PROJECT = Lifecycle("project", start=P.PLANNED, created="project.planned", moves=[
    #    move        from          to            by           event
    Move("tender",   P.PLANNED,    P.TENDERED,   "purchaser", "project.tendered"),
    Move("withdraw", P.PLANNED,    P.WITHDRAWN,  "purchaser", "project.withdrawn"),
    Move("return",   P.TENDERED,   P.PLANNED,    "purchaser", "project.returned"),
    Move("contract", P.TENDERED,   P.CONTRACTED, "purchaser", "project.contracted"),
    Move("complete", P.CONTRACTED, P.COMPLETED,  "finance",   "project.completed"),
])
# fmt: on
