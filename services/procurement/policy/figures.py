"""The amounts, days and ratios of the clauses, each with the day it came into force.

`draft=True` marks a figure that nobody has confirmed against the text of the law yet (草案):
usable in a sandbox, refused in production until an officer confirms it with a citation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from services.procurement.policy import clauses
from services.procurement.policy.codelists import BudgetKind, Grade, Measure, Method, Result
from shared.codelists import ISSUED
from shared.money import Money
from shared.policy import Dated

LAW_BEGAN = date(2003, 1, 1)
REGULATION_BEGAN = date(2015, 3, 1)
ORDER_87_BEGAN = date(2017, 10, 1)
ORDER_102_BEGAN = date(2020, 3, 1)
CONSULTATION_BEGAN = date(2014, 12, 31)
ORDER_74_BEGAN = date(2014, 2, 1)


LEAST_PERSONNEL_SHARE = Dated(
    clauses.PERSONNEL_SHARE, {ISSUED: Fraction(3, 5)}, name="least_personnel_share"
)
# The clause names pay, training and social insurance "等": by its sense the housing fund and
# accident insurance, which an employer owes its staff, are counted as well.
PERSONNEL_KINDS = Dated(
    clauses.PERSONNEL_SHARE,
    {
        ISSUED: (
            BudgetKind.PAY,
            BudgetKind.TRAINING,
            BudgetKind.SOCIAL_INSURANCE,
            BudgetKind.HOUSING_FUND,
            BudgetKind.ACCIDENT_INSURANCE,
        )
    },
    name="personnel_kinds",
)


@dataclass(frozen=True, slots=True)
class MethodDemands:
    """What a method of purchase demands of the tender document and of the review."""

    announced: bool
    """Open to everybody who reads the notice: what 6.1(6) calls open competition."""
    notice_days: int
    notice_in_working_days: bool
    least_suppliers: int
    scored: bool
    """Reviewed by scores (综合评分法); otherwise the lowest price that meets the needs wins."""
    least_panel: int


METHOD_DEMANDS: Mapping[Method, Dated[MethodDemands]] = {
    Method.OPEN_TENDER: Dated(
        clauses.NOTICE_PERIOD,
        {LAW_BEGAN: MethodDemands(True, 20, False, 3, True, 5)},
        name="demands_of_open_tender",
    ),
    Method.INVITED_TENDER: Dated(
        clauses.INVITED_AT_RANDOM,
        {LAW_BEGAN: MethodDemands(False, 20, False, 3, True, 5)},
        name="demands_of_invited_tender",
    ),
    Method.COMPETITIVE_CONSULTATION: Dated(
        clauses.CONSULTATION_PERIOD,
        {CONSULTATION_BEGAN: MethodDemands(True, 10, False, 3, True, 3)},
        name="demands_of_consultation",
        draft=True,
    ),
    Method.COMPETITIVE_NEGOTIATION: Dated(
        clauses.NEGOTIATION_PERIOD,
        {ORDER_74_BEGAN: MethodDemands(True, 3, True, 3, False, 3)},
        name="demands_of_negotiation",
        draft=True,
    ),
    Method.SINGLE_SOURCE: Dated(
        clauses.SINGLE_SOURCE_NOTICE,
        {REGULATION_BEGAN: MethodDemands(False, 5, True, 1, False, 3)},
        name="demands_of_single_source",
    ),
}

LEAST_PRICE_WEIGHT = Dated(
    clauses.PRICE_WEIGHT, {ORDER_87_BEGAN: 10}, name="least_price_weight", draft=True
)
MOST_PRICE_WEIGHT_IN_CONSULTATION = Dated(
    clauses.CONSULTATION_WEIGHT,
    {CONSULTATION_BEGAN: 30},
    name="most_price_weight_in_consultation",
    draft=True,
)
SCALE_MEASURES = Dated(
    clauses.SCALE_IS_NO_CRITERION,
    {
        ORDER_87_BEGAN: (
            Measure.REGISTERED_CAPITAL,
            Measure.TOTAL_ASSETS,
            Measure.INCOME,
            Measure.STAFF_NUMBER,
            Measure.PROFIT,
            Measure.TAX_PAID,
        )
    },
    name="scale_measures",
    draft=True,
)
DISCRIMINATING_MEASURES = Dated(
    clauses.EQUAL_TREATMENT,
    {REGULATION_BEGAN: (Measure.REGIONAL_AWARD, Measure.OWNERSHIP, Measure.SEAT)},
    name="discriminating_measures",
)
MOST_BOND_PERCENT = Dated(clauses.BID_BOND, {REGULATION_BEGAN: 2}, name="most_bond_percent")
USUAL_TERM_YEARS = Dated(clauses.CONTRACT_TERM, {ORDER_102_BEGAN: 1}, name="usual_term_years")
LONGEST_TERM_YEARS = Dated(clauses.CONTRACT_TERM, {ORDER_102_BEGAN: 3}, name="longest_term_years")


@dataclass(frozen=True, slots=True)
class PriorityTest:
    """Who has the priority of 6.1(7)."""

    least_grade: Grade
    passes_in_a_row: int


PRIORITY_TEST = Dated(clauses.PRIORITY, {ISSUED: PriorityTest(Grade.A3, 2)}, name="priority_test")


@dataclass(frozen=True, slots=True)
class PanelDemands:
    """How a panel is made up."""

    least: int
    least_of_large: int
    large_from: Money
    least_experts: Fraction


PANEL_DEMANDS = Dated(
    clauses.PANEL_COMPOSITION,
    {ORDER_87_BEGAN: PanelDemands(5, 7, Money(10_000_000_00), Fraction(2, 3))},
    name="panel_demands",
    draft=True,
)

REPORT_WORKING_DAYS = Dated(
    clauses.REPORT_IN_TIME, {REGULATION_BEGAN: 2}, name="report_working_days"
)
DECISION_WORKING_DAYS = Dated(
    clauses.REPORT_IN_TIME, {REGULATION_BEGAN: 5}, name="decision_working_days"
)
NOTICE_WORKING_DAYS = Dated(
    clauses.REPORT_IN_TIME, {REGULATION_BEGAN: 2}, name="notice_working_days"
)
SIGNING_DAYS = Dated(clauses.SIGNED_IN_TIME, {LAW_BEGAN: 30}, name="signing_days")
CONTRACT_NOTICE_WORKING_DAYS = Dated(
    clauses.CONTRACT_PUBLISHED, {REGULATION_BEGAN: 2}, name="contract_notice_working_days"
)
CONTRACT_FILING_WORKING_DAYS = Dated(
    clauses.CONTRACT_FILED, {LAW_BEGAN: 7}, name="contract_filing_working_days"
)


@dataclass(frozen=True, slots=True)
class Following:
    """What follows from an evaluated result: the loop of 6.1(9)."""

    payment_percent: int
    """The part of the instalment that is paid at once; the rest waits for the correction."""
    renewal: bool
    """Counts as a ground for renewal and a good record at the next purchase."""
    correction: bool
    barred_next_year: bool


CONSEQUENCES = Dated(
    clauses.RESULTS_FED_BACK,
    {
        ISSUED: {
            Result.EXCELLENT: Following(
                100, renewal=True, correction=False, barred_next_year=False
            ),
            Result.GOOD: Following(100, renewal=True, correction=False, barred_next_year=False),
            Result.BASIC: Following(70, renewal=False, correction=True, barred_next_year=False),
            Result.FAILED: Following(0, renewal=False, correction=True, barred_next_year=True),
        }
    },
    name="consequences",
    draft=True,
)
