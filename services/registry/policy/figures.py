"""The registry's figures, each by the day it came into force.

Values that nobody has confirmed against the text are drafts (草案): usable in a sandbox, refused
in production until an officer confirms them with a citation.
"""

from datetime import date
from fractions import Fraction

from services.registry.policy import clauses
from shared.codelists import ISSUED
from shared.policy import Dated

LICENSING_LAW_DAY = date(2004, 7, 1)
REGISTRATION_RULES_DAY = date(1998, 10, 25)

DISTRICT = "410108"

QUALIFIED_SHARE = Dated(
    clauses.QUALIFIED_THIRD,
    {ISSUED: Fraction(1, 3)},
    name="qualified share of the full-time staff",
)
NON_STATE_SHARE = Dated(
    clauses.NON_STATE_ASSETS,
    {REGISTRATION_RULES_DAY: Fraction(2, 3)},
    name="non-state share of the assets",
)
USUAL_LEASE_DAYS = Dated(
    clauses.SEAT_AND_MEANS,
    {ISSUED: 365},
    name="usual days of lease left",
)
NAME_PARTS = Dated(
    clauses.PROPER_NAME,
    {ISSUED: (), date(2024, 5, 1): ("division", "trade_name", "field", "form")},
    name="parts of a name",
)
BARRED_IN_NAMES = Dated(
    clauses.PROPER_NAME,
    {ISSUED: (), date(2024, 5, 1): ("中国", "全国", "中华")},
    name="words barred in a name",
)
DAYS_TO_TELL = Dated(
    clauses.TOLD_ONCE,
    {LICENSING_LAW_DAY: 5},
    name="working days to tell what is missing",
)
DAYS_TO_DECIDE = Dated(
    clauses.DECIDED_IN_TIME,
    {REGISTRATION_RULES_DAY: 60},
    name="days to decide on founding",
)
DAYS_TO_CERTIFY = Dated(
    clauses.CERTIFICATE_IN_TIME,
    {LICENSING_LAW_DAY: 10},
    name="working days to hand over the certificate",
)
REQUIRED_MATERIALS = Dated(
    clauses.FILED_DOCUMENTS,
    {
        REGISTRATION_RULES_DAY: (
            "application_letter",
            "seat_proof",
            "capital_verification",
            "head_identity",
            "charter_draft",
        )
    },
    name="documents of an application",
    draft=True,
)
DAYS_TO_FILE_A_CHANGE = Dated(
    clauses.CHARTER_CHANGE_IN_TIME,
    {REGISTRATION_RULES_DAY: 30},
    name="days to apply for a change",
)
DAYS_TO_CANCEL = Dated(
    clauses.CANCELLED_AFTER_LIQUIDATION,
    {REGISTRATION_RULES_DAY: 15},
    name="days to apply for cancellation after the liquidation",
)
REPORT_DAY = Dated(
    clauses.INSPECTION_DUE,
    {REGISTRATION_RULES_DAY: (5, 31)},
    name="last day of the yearly report (month, day)",
)
MONTHS_TOO_YOUNG = Dated(
    clauses.TOO_YOUNG_TO_INSPECT,
    {REGISTRATION_RULES_DAY: 6},
    name="months after founding without inspection",
)
PASSES_RUNNING = Dated(
    clauses.TWO_PASSES,
    {ISSUED: 2},
    name="annual inspections passed running",
)
PARTY_MEMBERS = Dated(
    clauses.PARTY_ORGANISATION,
    {ISSUED: 3},
    name="full Party members that require an organisation",
)
COUNCIL_SEATS = Dated(
    clauses.COUNCIL_SIZE,
    {ISSUED: (3, 25)},
    name="fewest and most council members",
    draft=True,
)
