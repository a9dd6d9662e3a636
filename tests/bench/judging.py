"""Row 14: every eligibility rule of the suite, asked of many agencies, on one core.

    python -m tests.bench.judging 100000      prints the seconds, and how many findings were made

Facts are gathered before the clock runs: what is measured is the judging and its explanation.
"""

import sys
import time
from collections.abc import Iterable, Iterator
from datetime import date

from services.evaluation.assessments.rules import APPLICATION, Candidacy
from services.evaluation.assessments.rules import Conclusion as Rated
from services.procurement.policy.codelists import Grade
from services.procurement.reviews.rules import QUALIFICATION, Bidder, Checked
from services.procurement.suppliers.lifecycle import ConsequenceKind
from services.procurement.suppliers.rules import TRACK_RECORD, Entry
from services.procurement.suppliers.rules import Record as Results
from services.registry.inspections.rules import Conclusion, Record
from services.registry.people.rules import Employment, Member, Roll
from services.registry.standing.rules import INSPECTIONS, PRESENCE, STAFF, Presence
from shared.money import Money
from tests.bench.figures import Result
from tests.bench.forms import Form
from tests.bench.machine import PINNING, SERVER
from tests.bench.started import module, said_by

ROWS = (14,)
DAY = date(2026, 9, 1)
CONCLUSIONS = (Conclusion.PASS, Conclusion.PASS, Conclusion.BASIC, Conclusion.FAIL)
BOOKS = (PRESENCE, STAFF, INSPECTIONS, APPLICATION, TRACK_RECORD, QUALIFICATION)


def measure(wanted: Iterable[int], form: Form) -> Iterator[Result]:
    count = 10_000 if form.quick else 100_000
    runs = [said_by(module(__name__, count), SERVER).split() for _ in range(form.rounds)]
    seconds = sorted(float(run[0]) for run in runs)[len(runs) // 2] * 100_000 / count
    rules = sum(len(book.rules) for book in BOOKS)
    yield Result(
        14,
        seconds,
        seconds,
        None,
        "s",
        f"{count} agencies of all kinds, {rules} rules in {len(BOOKS)} books (on the register, staff, "
        f"inspections, applying for a rating, track record, qualifying as a bidder), every finding "
        f"with its reason in both languages; {PINNING}",
        concurrency=1,
        rounds=form.rounds,
        cpu_us={"an agency": seconds / 100_000 * 1e6},
        beside={"rules": rules, "findings": int(runs[0][1])},
    )


def facts(number: int) -> tuple[Presence, Roll, Record, Candidacy, Results, Bidder]:
    """An agency of which there are many kinds: the number decides which one it is."""
    years = {2024: CONCLUSIONS[number % 4], 2025: CONCLUSIONS[number // 4 % 4]}
    registered = date(2015 + number % 11, 1 + number % 12, 1)
    suspended = number % 17 == 0
    presence = Presence(
        DAY,
        registered,
        date(2026, 5, 1) if number % 31 == 0 else None,
        date(2026, 8, 1) if suspended else None,
        number % 3,
        3,
    )
    members = tuple(
        Member(Employment.FULL_TIME, (number + n) % 3 == 0, n % 4 == 0, n == 5 and number % 7 == 0)
        for n in range(3 + number % 6)
    )
    rated = {year: Rated(conclusion.value) for year, conclusion in years.items()}
    entries = [
        Entry(ConsequenceKind.RENEWAL_GROUND, date(2026, 1, 1), None, "event-1"),
        *(
            [Entry(ConsequenceKind.PURCHASE_BAN, date(2026, 1, 1), date(2026, 12, 31), "event-2")]
            if number % 13 == 0
            else []
        ),
    ]
    results = Results(DAY, entries)
    bidder = Bidder(
        governed_by=date(2026, 8, 3),
        on=DAY,
        known=True,
        registered=presence.registered,
        suspended=suspended,
        category=("community_service", "elderly_care")[number % 2],
        legal_proof=None,
        grade=(None, Grade("3A"), Grade("4A"))[number % 3],
        required_grade=(None, Grade("3A"))[number % 2],
        credit_query="查询单1",
        credit_clean=number % 19 != 0,
        taxes_proof="完税证明" if number % 11 else None,
        conditions=[Checked("项目负责人持证", number % 5 != 0, "证书")],
        unchecked=[],
        price=Money(95_000_00 + number % 10_000_00),
        budget=Money(100_000_00),
        personnel=Money(57_000_00),
        record=results,
    )
    return (
        presence,
        Roll(DAY, members, number % 2 == 0),
        Record(DAY, years, frozenset()),
        Candidacy(DAY, registered, suspended, rated, None),
        results,
        bidder,
    )


def judge(count: int) -> tuple[float, int]:
    """Seconds and findings."""
    agencies = [facts(number) for number in range(count)]
    findings = 0
    began = time.perf_counter()
    for presence, roll, record, candidacy, results, bidder in agencies:
        for book, about in zip(
            BOOKS, (presence, roll, record, candidacy, results, bidder), strict=True
        ):
            findings += len(book.judge(about, on=DAY).findings)  # type: ignore[attr-defined]
    return time.perf_counter() - began, findings


if __name__ == "__main__":
    told = judge(int(sys.argv[1]))
    sys.stdout.write(f"{told[0]} {told[1]}\n")
