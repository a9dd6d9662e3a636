"""How long a grade is valid, from which day it counts, and which grade an agency has on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.evaluation.policy.figures import LAW, VALID_FOR


@dataclass(frozen=True, slots=True)
class Validity:
    """`counts_from` is the first day on which others may rely on the grade."""

    law: str
    valid_from: date
    valid_until: date
    counts_from: date


def validity(
    *, governed_on: date, decided_on: date, announced_on: date, counts_at_once: bool
) -> Validity:
    """The validity of a grade by the law under which its assessment began (E-09).

    Nobody can rely on a grade before it is announced. The revised measures start the term on the
    next 1 January and leave open whether the grade already counts in between: `counts_at_once`.
    """
    term = VALID_FOR.on(governed_on)(decided_on, announced_on)
    return Validity(
        law=LAW.on(governed_on),
        valid_from=term.first,
        valid_until=term.last,
        counts_from=announced_on if counts_at_once else max(term.first, announced_on),
    )


@dataclass(frozen=True, slots=True)
class Held:
    """The newest grade an agency was given."""

    valid_from: date
    valid_until: date
    cancelled_on: date | None = None


@dataclass(frozen=True, slots=True)
class Awarded:
    """A grade as it stands on the roll."""

    id: str
    announced_on: date
    counts_from: date
    valid_until: date
    cancelled_on: date | None = None

    def counts_on(self, day: date) -> bool:
        cancelled = self.cancelled_on is not None and self.cancelled_on <= day
        return self.counts_from <= day <= self.valid_until and not cancelled


def newest_that_counts(grades: Iterable[Awarded], day: date) -> Awarded | None:
    """Of the grades that have begun by the day, the one announced last, while it counts.

    A newer grade takes the place of an older one for good: when it is cancelled, nothing revives.
    """
    begun = [grade for grade in grades if grade.counts_from <= day]
    newest = max(begun, key=lambda grade: (grade.announced_on, grade.id), default=None)
    return newest if newest is not None and newest.counts_on(day) else None
