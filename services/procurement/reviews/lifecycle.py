"""The qualification review (资格审查): concluded once, after the opening."""

from enum import StrEnum

from shared.lifecycle import Lifecycle


class ReviewState(StrEnum):
    CONCLUDED = "concluded"


REVIEW = Lifecycle("review", start=ReviewState.CONCLUDED, created="review.concluded", moves=[])
