"""What follows from a result: the loop of 6.1(9)."""

from datetime import date

import pytest

from services.procurement.policy.codelists import Result
from services.procurement.policy.figures import CONSEQUENCES
from services.procurement.suppliers.lifecycle import ConsequenceKind as Kind
from services.procurement.suppliers.rules import TRACK_RECORD, Entry, Record, outcomes_of

CONCLUDED = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("result", "percent", "kinds"),
    [
        (Result.EXCELLENT, 100, [Kind.PAYMENT_IN_FULL, Kind.RENEWAL_GROUND]),
        (Result.GOOD, 100, [Kind.PAYMENT_IN_FULL, Kind.RENEWAL_GROUND]),
        (Result.BASIC, 70, [Kind.PAYMENT_IN_PART, Kind.CORRECTION]),
        (Result.FAILED, 0, [Kind.PAYMENT_WITHHELD, Kind.CORRECTION, Kind.PURCHASE_BAN]),
    ],
)
def test_each_result_has_its_consequences(result, percent, kinds):
    outcomes = outcomes_of(result, CONCLUDED)

    assert [outcome.kind for outcome in outcomes] == kinds
    assert outcomes[0].percent == percent


def test_a_failed_result_bars_the_whole_next_year():
    (ban,) = [o for o in outcomes_of(Result.FAILED, CONCLUDED) if o.kind is Kind.PURCHASE_BAN]

    assert (ban.starts, ban.until) == (date(2027, 1, 1), date(2027, 12, 31))


def test_the_table_is_a_draft_until_an_officer_confirms_it():
    assert CONSEQUENCES.draft
    assert set(CONSEQUENCES.on(CONCLUDED)) == set(Result)


@pytest.mark.parametrize(
    ("day", "barred"),
    [
        pytest.param(date(2026, 12, 31), False, id="the day before"),
        pytest.param(date(2027, 1, 1), True, id="the first day"),
        pytest.param(date(2027, 12, 31), True, id="the last day"),
        pytest.param(date(2028, 1, 1), False, id="the day after"),
    ],
)
def test_a_track_record_is_read_for_a_day(day, barred):
    ban = Entry(Kind.PURCHASE_BAN, date(2027, 1, 1), date(2027, 12, 31), "event-1")
    verdict = TRACK_RECORD.judge(Record(day, [ban]), on=day)

    assert verdict.passed is not barred
