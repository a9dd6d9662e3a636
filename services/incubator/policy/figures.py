"""The figures of the incubator, each with the day it came into force.

`draft=True` marks what is only practice elsewhere: usable in a sandbox until an officer confirms it.
"""

from datetime import date

from services.incubator.policy.clauses import (
    EARLY_STAGE,
    HAND_OVER,
    MANAGEMENT_SYSTEMS,
    ONE_BASE,
    TENANCY_PERIOD,
)
from shared.codelists import ISSUED, BaseRuleSystem
from shared.policy import Dated

BASES_IN_DISTRICT = Dated(ONE_BASE, {ISSUED: 1}, name="incubator bases of the district")
BASE_OPENED_BY = Dated(ONE_BASE, {ISSUED: date(2020, 12, 31)}, name="day by which it opens")
NEEDED_TO_ADMIT = Dated(
    MANAGEMENT_SYSTEMS,
    {ISSUED: (BaseRuleSystem.ADMISSION, BaseRuleSystem.USE_OF_FUNDS)},
    name="rules without which nobody is admitted",
)
EARLY_STAGES = Dated(
    EARLY_STAGE,
    {ISSUED: ("sprouting", "starting")},
    name="stages in which support is given",
)
STAY_MONTHS = Dated(TENANCY_PERIOD, {ISSUED: 12}, name="months of a stay", draft=True)
FIRST_CHECK_DAYS = Dated(HAND_OVER, {ISSUED: 5}, name="working days to the first check", draft=True)
HAND_OVER_DAYS = Dated(HAND_OVER, {ISSUED: 15}, name="working days to hand over", draft=True)
