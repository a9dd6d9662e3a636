"""Who may be rated under which law, when a sheet is whole, when a ballot carries."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.assessments.rules import (
    ACCEPTANCE,
    ANNOUNCEMENT,
    APPLICATION,
    SCORES,
    Announcement,
    Candidacy,
    CleanRecord,
    Conclusion,
    Penalty,
    Sheet,
    newest_year_due,
)
from services.evaluation.committees.rules import BALLOT, VOTING, Ballot, Voice
from services.evaluation.grades.rules import Held
from shared.policy import Outcome

LAST_OLD_DAY = date(2026, 2, 28)
FIRST_NEW_DAY = date(2026, 3, 1)
PASSED = {2023: Conclusion.PASS, 2024: Conclusion.PASS}


def candidacy(**changed) -> Candidacy:
    usual = Candidacy(
        on=date(2025, 10, 9),
        registered_on=date(2023, 4, 20),
        suspended=False,
        inspections=PASSED,
        held=None,
    )
    return replace(usual, **changed)


def refused(found: Candidacy) -> list[str]:
    return [finding.rule for finding in APPLICATION.judge(found, on=found.on).breaches]


def test_an_agency_in_order_may_apply():
    assert refused(candidacy()) == []


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        pytest.param(date(2025, 4, 19), ["registered_long_enough"], id="a day short of two years"),
        pytest.param(date(2025, 4, 20), [], id="two years to the day"),
    ],
)
def test_an_agency_is_registered_for_two_years(on, expected):
    assert refused(candidacy(on=on)) == expected


def test_an_agency_that_is_not_registered_may_not_apply():
    assert refused(candidacy(registered_on=None)) == ["registered_long_enough"]


def test_a_leap_day_has_its_anniversary_at_the_end_of_february():
    born = date(2024, 2, 29)

    assert refused(candidacy(registered_on=born, on=date(2026, 2, 27))) == [
        "registered_long_enough"
    ]
    assert refused(candidacy(registered_on=born, on=date(2026, 2, 28))) == []


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        pytest.param(date(2026, 2, 28), ["free_to_be_rated"], id="old law: the grade still runs"),
        pytest.param(date(2026, 3, 1), [], id="new law: within the first four years"),
        pytest.param(date(2027, 3, 9), [], id="new law: the last day of the fourth year"),
        pytest.param(date(2027, 3, 10), ["free_to_be_rated"], id="new law: the fifth year"),
        pytest.param(date(2028, 3, 10), ["free_to_be_rated"], id="on its last day"),
        pytest.param(date(2028, 3, 11), [], id="the day after it is over"),
    ],
)
def test_re_rating_follows_the_law_of_the_day(on, expected):
    held = Held(date(2023, 3, 10), date(2028, 3, 10))
    years = dict.fromkeys(range(2018, 2028), Conclusion.PASS)
    found = candidacy(on=on, held=held, registered_on=date(2018, 1, 1), inspections=years)

    assert refused(found) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        pytest.param(date(2028, 10, 8), ["waited_after_a_cancelled_grade"], id="a day short"),
        pytest.param(date(2028, 10, 9), [], id="three years to the day"),
    ],
)
def test_a_cancelled_grade_bars_for_three_years(on, expected):
    held = Held(date(2025, 1, 1), date(2030, 1, 1), cancelled_on=date(2025, 10, 9))
    years = dict.fromkeys(range(2023, 2029), Conclusion.PASS)

    assert refused(candidacy(on=on, held=held, inspections=years)) == expected


@pytest.mark.parametrize(
    ("day", "year"),
    [
        pytest.param(date(2025, 5, 31), 2023, id="the last day to be inspected for 2024"),
        pytest.param(date(2025, 6, 1), 2024, id="from the day after, 2024 is due"),
    ],
)
def test_the_newest_year_due_turns_on_the_first_of_june(day, year):
    assert newest_year_due(day) == year


@pytest.mark.parametrize(
    ("inspections", "old_law", "new_law"),
    [
        pytest.param(
            {}, ["inspected_for_the_last_year"], ["inspected_for_the_last_year"], id="none"
        ),
        pytest.param(
            {2023: Conclusion.PASS, 2024: Conclusion.FAIL},
            ["did_not_fail_the_last_inspection"],
            [],
            id="failed last year",
        ),
        pytest.param(
            {2023: Conclusion.BASIC, 2024: Conclusion.BASIC},
            ["not_merely_basic_twice_running"],
            [],
            id="basic twice",
        ),
        pytest.param({2023: Conclusion.BASIC, 2024: Conclusion.PASS}, [], [], id="basic once"),
        pytest.param({2023: Conclusion.FAIL, 2024: Conclusion.BASIC}, [], [], id="failed before"),
    ],
)
def test_the_new_law_lifts_bars_of_the_old(inspections, old_law, new_law):
    # On both days the newest inspection due is that of 2024.
    assert refused(candidacy(on=LAST_OLD_DAY, inspections=inspections)) == old_law
    assert refused(candidacy(on=FIRST_NEW_DAY, inspections=inspections)) == new_law


def test_a_lifted_bar_is_told_all_the_same():
    failed = candidacy(on=FIRST_NEW_DAY, inspections={2023: Conclusion.PASS, 2024: Conclusion.FAIL})

    verdict = APPLICATION.judge(failed, on=failed.on)

    told = {finding.rule: finding for finding in verdict.findings}
    assert told["did_not_fail_the_last_inspection"].outcome is Outcome.NOT_APPLICABLE
    assert "2024" in told["did_not_fail_the_last_inspection"].reason.zh


def test_a_suspended_agency_may_not_apply_under_either_law():
    assert refused(candidacy(on=LAST_OLD_DAY, suspended=True)) == ["not_suspended"]
    assert refused(candidacy(on=FIRST_NEW_DAY, suspended=True)) == ["not_suspended"]


@pytest.mark.parametrize(
    ("penalty", "unfinished", "investigated", "old_law", "new_law"),
    [
        pytest.param(Penalty.NONE, False, False, [], [], id="clean"),
        pytest.param(Penalty.LIGHT, False, False, ["no_barring_penalty"], [], id="light"),
        pytest.param(
            Penalty.HEAVY, False, False, ["no_barring_penalty"], ["no_barring_penalty"], id="heavy"
        ),
        pytest.param(
            Penalty.NONE,
            True,
            False,
            ["no_unfinished_penalty"],
            ["no_unfinished_penalty"],
            id="unfinished",
        ),
        pytest.param(Penalty.NONE, False, True, ["not_under_investigation"], [], id="investigated"),
    ],
)
def test_the_credit_record_is_read_by_the_law_of_the_application(
    penalty, unfinished, investigated, old_law, new_law
):
    for day, expected in ((LAST_OLD_DAY, old_law), (FIRST_NEW_DAY, new_law)):
        record = CleanRecord(day, penalty, unfinished, investigated)
        found = [finding.rule for finding in ACCEPTANCE.judge(record, on=day).breaches]
        assert found == expected


FULL = {"1.1.1.1": Decimal(40), "1.1.1.2": Decimal(60)}


@pytest.mark.parametrize(
    ("given_marks", "expected"),
    [
        pytest.param({"1.1.1.1": "40", "1.1.1.2": "0"}, [], id="full and none"),
        pytest.param(
            {"1.1.1.1": "40.01", "1.1.1.2": "0"},
            ["within_the_marks_of_each_leaf"],
            id="a hundredth over",
        ),
        pytest.param({"1.1.1.1": "40"}, ["every_leaf_is_scored"], id="one missing"),
        pytest.param(
            {"1.1.1.1": "40", "1.1.1.2": "1", "9": "1"},
            ["every_leaf_is_scored"],
            id="one of another scheme",
        ),
    ],
)
def test_a_sheet_scores_every_leaf_within_its_marks(given_marks, expected):
    sheet = Sheet(FULL, {code: Decimal(marks) for code, marks in given_marks.items()})

    found = [finding.rule for finding in SCORES.judge(sheet, on=LAST_OLD_DAY).breaches]

    assert found == expected


QUORUM, MAJORITY = "enough_members_were_present", "carried_by_the_whole_committee"


@pytest.mark.parametrize(
    ("members", "present", "in_favour", "expected"),
    [
        pytest.param(9, 6, 5, [], id="exactly two thirds, one more than half"),
        pytest.param(9, 5, 5, [QUORUM], id="one short of two thirds"),
        pytest.param(7, 5, 4, [], id="seven: five is two thirds rounded up"),
        pytest.param(7, 4, 4, [QUORUM], id="seven: four is short"),
        pytest.param(8, 6, 4, [MAJORITY], id="exactly half is not more than half"),
        pytest.param(8, 6, 5, [], id="one more than half"),
        pytest.param(12, 8, 6, [MAJORITY], id="most of those present, half of all"),
        pytest.param(0, 0, 0, [QUORUM, MAJORITY], id="a committee of nobody"),
    ],
)
def test_a_ballot_needs_two_thirds_present_and_half_of_all(members, present, in_favour, expected):
    verdict = BALLOT.judge(Ballot(LAST_OLD_DAY, members, present, in_favour), on=LAST_OLD_DAY)

    assert [finding.rule for finding in verdict.breaches] == expected
    assert {finding.clause.number for finding in verdict.findings} == {"E-05"}


@given(st.integers(1, 25), st.data())
def test_a_ballot_carries_just_when_both_shares_are_reached(members, data):
    present = data.draw(st.integers(0, members))
    in_favour = data.draw(st.integers(0, present))

    verdict = BALLOT.judge(Ballot(LAST_OLD_DAY, members, present, in_favour), on=LAST_OLD_DAY)

    assert verdict.passed == (3 * present >= 2 * members and 2 * in_favour > members)


@given(st.integers(1, 25), st.data())
def test_one_more_vote_in_favour_never_undoes_a_ballot(members, data):
    present = data.draw(st.integers(0, members))
    in_favour = data.draw(st.integers(0, present))
    ballot = Ballot(LAST_OLD_DAY, members, present, in_favour)
    more = replace(ballot, present=min(members, present + 1), in_favour=in_favour + 1)

    if BALLOT.judge(ballot, on=LAST_OLD_DAY).passed and more.in_favour <= more.present:
        assert BALLOT.judge(more, on=LAST_OLD_DAY).passed


@pytest.mark.parametrize(
    ("barred", "aside", "passes"), [(False, False, True), (True, True, True), (True, False, False)]
)
def test_whoever_has_an_interest_stands_aside(barred, aside, passes):
    verdict = VOTING.judge(Voice("委员甲", barred=barred, stands_aside=aside), on=LAST_OLD_DAY)

    assert verdict.passed is passes


NOTICED = date(2025, 10, 9)


@pytest.mark.parametrize(
    ("days", "objections", "expected"),
    [
        pytest.param(7, 0, ["the_notice_is_over"], id="its last day"),
        pytest.param(8, 0, [], id="the day after"),
        pytest.param(8, 1, ["every_objection_is_decided"], id="an objection is open"),
    ],
)
def test_a_result_is_announced_after_its_notice_and_every_objection(days, objections, expected):
    result = Announcement(
        on=NOTICED + timedelta(days=days),
        applied_on=NOTICED,
        decided_on=NOTICED,
        noticed_on=NOTICED,
        open_objections=objections,
    )

    verdict = ANNOUNCEMENT.judge(result, on=NOTICED)

    assert [finding.rule for finding in verdict.breaches] == expected
    assert verdict.findings[-1].figures["last"] == date(2030, 10, 9)
