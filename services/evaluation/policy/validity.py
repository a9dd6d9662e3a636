"""The two ways a grade's validity has been counted."""

from dataclasses import dataclass
from datetime import date

from shared.days import years_after


@dataclass(frozen=True, slots=True)
class Term:
    """From the first to the last day, both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def five_years_from_decision(decided: date, announced: date) -> Term:
    """The day of the decision is day 0, so the corresponding day still belongs to the term."""
    return Term(decided, years_after(decided, 5))


def until_the_fifth_31_december(decided: date, announced: date) -> Term:
    return Term(date(announced.year + 1, 1, 1), date(announced.year + 5, 12, 31))
