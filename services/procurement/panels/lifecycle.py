"""What can happen to a panel (评审委员会), to a seat in it, and to a scoresheet."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class PanelState(StrEnum):
    FORMED = "formed"
    SEATED = "seated"
    SCORED = "scored"


P = PanelState

# fmt: off
PANEL = Lifecycle("panel", start=P.FORMED, created="panel.formed", moves=[
    #    move        from      to        by           event
    Move("seat",     P.FORMED, P.SEATED, "purchaser", "panel.seated"),
    Move("complete", P.SEATED, P.SCORED, "panellist", "panel.scored"),
])
# fmt: on


class SeatState(StrEnum):
    DRAWN = "drawn"
    DECLARED = "declared"
    RECUSED = "recused"
    REPLACED = "replaced"


T = SeatState

# A panellist learns who bid at the opening, and says then whether it must step aside.
# fmt: off
SEAT = Lifecycle("seat", start=T.DRAWN, created="seat.drawn", moves=[
    #    move       from        to          by           event
    Move("declare", T.DRAWN,    T.DECLARED, "panellist", "seat.declared"),
    Move("recuse",  T.DRAWN,    T.RECUSED,  "panellist", "seat.recused"),
    Move("replace", T.DRAWN,    T.REPLACED, "purchaser", "seat.replaced"),
    Move("replace", T.RECUSED,  T.REPLACED, "purchaser", "seat.replaced"),
])
# fmt: on


class SheetState(StrEnum):
    SEALED = "sealed"
    REVEALED = "revealed"


H = SheetState

# fmt: off
SCORESHEET = Lifecycle("scoresheet", start=H.SEALED, created="scoresheet.submitted", moves=[
    #    move      from      to          by           event
    Move("reveal", H.SEALED, H.REVEALED, "panellist", "scoresheet.revealed"),
])
# fmt: on
