"""How long is measured: the whole form for a figure, the quick one for trying a change."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    rounds: int
    seconds: float
    """Of load in a round."""
    quick: bool


WHOLE = Form(rounds=5, seconds=4, quick=False)
QUICK = Form(rounds=2, seconds=2, quick=True)
