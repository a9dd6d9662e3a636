"""The figures of evaluation, each with the day it came into force.

The measures of 2011 (民政部令第39号) govern what began by 2026-02-28, the revised measures what began
from 2026-03-01. Where the revised text was not seen to change a figure, the older one stands.
`draft=True` marks a value that no text confirms: usable in a sandbox only.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from services.evaluation.policy.clauses import (
    AFTER_THE_RATING,
    COMMITTEE,
    INSPECTION_DAY,
    MAY_APPLY,
    NOT_RATED,
    OBJECTION,
    PROJECT_SCORE,
    PUBLIC_NOTICE,
    RECUSAL,
    SCORE_SHEET,
    VALIDITY,
    VOTE,
)
from services.evaluation.policy.validity import (
    Term,
    five_years_from_decision,
    until_the_fifth_31_december,
)
from shared.codelists import ISSUED
from shared.policy import Dated

MEASURES_OF_2011 = date(2011, 3, 1)
MEASURES_OF_2026 = date(2026, 3, 1)

LAW = Dated(
    VALIDITY,
    {
        MEASURES_OF_2011: "民政部令第39号（2011）",
        MEASURES_OF_2026: "社会组织评估管理办法（2026年修订）",
    },
    name="measures in force",
)


class Rerating(StrEnum):
    """When an agency that holds a grade may ask for another."""

    AFTER_EXPIRY = "after_expiry"
    FIRST_FOUR_YEARS = "first_four_years"


class Bar(StrEnum):
    """A reason for which an agency is not rated (E-03)."""

    NOT_INSPECTED = "not_inspected"
    FAILED_INSPECTION = "failed_inspection"
    BASIC_TWICE = "basic_twice"
    LIGHT_PENALTY = "light_penalty"
    HEAVY_PENALTY = "heavy_penalty"
    PENALTY_UNFINISHED = "penalty_unfinished"
    UNDER_INVESTIGATION = "under_investigation"


MINIMUM_YEARS = Dated(MAY_APPLY, {MEASURES_OF_2011: 2}, name="years since registration")
RERATING = Dated(
    MAY_APPLY,
    {MEASURES_OF_2011: Rerating.AFTER_EXPIRY, MEASURES_OF_2026: Rerating.FIRST_FOUR_YEARS},
    name="when a rated agency may apply again",
)
BARS = Dated(
    NOT_RATED,
    {
        MEASURES_OF_2011: frozenset(Bar),
        MEASURES_OF_2026: frozenset({Bar.NOT_INSPECTED, Bar.HEAVY_PENALTY, Bar.PENALTY_UNFINISHED}),
    },
    name="bars to a rating",
)
INSPECTED_BY = Dated(
    INSPECTION_DAY, {date(1998, 10, 25): (5, 31)}, name="month and day of the inspection"
)
VALID_FOR: Dated[Callable[[date, date], Term]] = Dated(
    VALIDITY,
    {
        MEASURES_OF_2011: five_years_from_decision,
        MEASURES_OF_2026: until_the_fifth_31_december,
    },
    name="validity of a grade",
)
QUORUM = Dated(VOTE, {MEASURES_OF_2011: Fraction(2, 3)}, name="share of members present")
MAJORITY = Dated(VOTE, {MEASURES_OF_2011: Fraction(1, 2)}, name="share of all members to exceed")
RECHECK_DAYS = Dated(OBJECTION, {MEASURES_OF_2011: 15}, name="days to decide an objection")
RECUSAL_YEARS = Dated(RECUSAL, {MEASURES_OF_2011: 2}, name="years since leaving the rated body")
COMMITTEE_TERM_YEARS = Dated(COMMITTEE, {MEASURES_OF_2011: 5}, name="term of the committee")
FULL_MARKS = Dated(SCORE_SHEET, {MEASURES_OF_2011: Decimal(1000)}, name="full marks of a rating")
LEVELS = Dated(SCORE_SHEET, {MEASURES_OF_2011: 4}, name="levels of indicator")
PROJECT_MARKS = Dated(PROJECT_SCORE, {ISSUED: Decimal(100)}, name="full marks of a project")

COMMITTEE_SIZE = Dated(
    COMMITTEE, {MEASURES_OF_2011: (7, 25)}, name="size of the committee", draft=True
)
NOTICE_DAYS = Dated(PUBLIC_NOTICE, {MEASURES_OF_2011: 7}, name="days of public notice", draft=True)
WAIT_AFTER_CANCELLATION = Dated(
    AFTER_THE_RATING, {MEASURES_OF_2011: 3}, name="years to wait after cancellation", draft=True
)
PROJECT_LINES = Dated(
    PROJECT_SCORE,
    {
        ISSUED: {
            "excellent": Decimal(90),
            "good": Decimal(80),
            "basic": Decimal(60),
            "failed": Decimal(0),
        }
    },
    name="lines of a project's result",
    draft=True,
)
