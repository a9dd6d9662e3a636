from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.days import (
    Calendar,
    CalendarDay,
    day_of,
    end_of,
    months_after,
    published_days,
    start_of,
    statutory_days,
    worked_out,
    year_by_notice,
    years_after,
)
from shared.errors import FigureUnconfirmed
from shared.policy import configure_drafts

CALENDAR = Calendar(published_days())
days = st.dates(date(2004, 1, 1), date(2030, 12, 31))
instants = st.timedeltas(timedelta(0), timedelta(days=40_000)).map(
    lambda since: datetime(1992, 1, 1, tzinfo=UTC) + since
)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 11, 22, 15, 59, 59, 999999, UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_the_legal_day_begins_at_midnight_in_shanghai(instant, day):
    assert day_of(instant) == day


@given(instants)
def test_an_instant_lies_within_its_legal_day(instant):
    day = day_of(instant)

    assert start_of(day) <= instant < end_of(day)


def test_an_instant_without_an_offset_has_no_day():
    with pytest.raises(ValueError, match="offset"):
        day_of(datetime(2026, 11, 22))  # noqa: DTZ001


@pytest.mark.parametrize(
    "day",
    [
        *[date(2026, m, d) for m, d in [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]],
        *[date(2025, m, d) for m, d in [(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)]],
    ],
)
def test_weekends_made_up_for_are_working_days(day):
    assert day.weekday() >= 5
    assert CALENDAR.works_on(day)


def test_the_published_years_name_their_source_and_every_day():
    table = published_days()

    assert (table[0].day, table[-1].day) == (date(2004, 1, 1), date(2026, 12, 31))
    assert len(table) == 8401
    assert not any(day.provisional for day in table)
    assert all("国务院办公厅" in day.source for day in table)
    assert CALENDAR.day(date(2026, 10, 1)).name == "国庆节"


@pytest.mark.parametrize(
    ("start", "working_days", "end"),
    [
        pytest.param(date(2026, 11, 20), 0, date(2026, 11, 20), id="no days: the day itself"),
        pytest.param(date(2026, 11, 20), 1, date(2026, 11, 23), id="over a weekend"),
        pytest.param(date(2026, 11, 21), 1, date(2026, 11, 23), id="begun on a rest day"),
        pytest.param(date(2026, 9, 30), 5, date(2026, 10, 13), id="over the October holidays"),
        pytest.param(date(2026, 2, 13), 1, date(2026, 2, 14), id="ends on a Saturday made up for"),
    ],
)
def test_the_day_of_the_event_is_day_zero(start, working_days, end):
    term = CALENDAR.term(start, working_days)

    assert term.ends_on == end
    assert not term.provisional


def test_thirty_working_days_begun_now_work_and_say_they_are_provisional():
    term = CALENDAR.term(date(2026, 11, 22), 30)

    assert term.ends_on == date(2027, 1, 4)
    assert term.provisional
    assert term.provisional_days == tuple(date(2027, 1, n) for n in (1, 2, 3, 4))


def test_a_term_is_counted_again_when_the_notice_is_loaded():
    notice = year_by_notice(
        2027,
        {date(2027, 1, n): "元旦" for n in (1, 2, 3, 4)},
        [],
        "国务院办公厅关于2027年部分节假日安排的通知",
    )

    term = Calendar((*published_days(), *notice)).term(date(2026, 11, 22), 30)

    assert term.ends_on == date(2027, 1, 5)
    assert not term.provisional


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        pytest.param(date(2026, 11, 2), 20, date(2026, 11, 23), id="Sunday runs to Monday"),
        pytest.param(date(2026, 11, 3), 20, date(2026, 11, 23), id="Monday stays"),
        pytest.param(date(2026, 9, 11), 20, date(2026, 10, 8), id="holidays run to their end"),
        pytest.param(date(2026, 9, 20), 20, date(2026, 10, 10), id="a Saturday made up for stays"),
    ],
)
def test_a_calendar_term_does_not_end_on_a_rest_day(start, length, end):
    term = CALENDAR.calendar_term(start, length)

    assert term.ends_on == end
    assert not term.provisional


def test_only_guessed_days_that_move_the_end_make_a_calendar_term_provisional():
    over_new_year = CALENDAR.calendar_term(date(2026, 12, 1), 60)

    assert over_new_year.ends_on == date(2027, 2, 1)
    assert over_new_year.provisional_days == (
        date(2027, 1, 30),
        date(2027, 1, 31),
        date(2027, 2, 1),
    )


def test_moving_the_end_off_a_rest_day_is_unconfirmed_law_and_refused_in_production():
    configure_drafts(usable=False, confirmed={})
    try:
        with pytest.raises(FigureUnconfirmed):
            CALENDAR.calendar_term(date(2026, 11, 2), 20)
        configure_drafts(usable=False, confirmed={"term_ends_on_working_day": "民法典第二百零三条"})
        assert CALENDAR.calendar_term(date(2026, 11, 2), 20).ends_on == date(2026, 11, 23)
    finally:
        configure_drafts(usable=True, confirmed={})


@given(days, st.integers(1, 120))
def test_a_term_holds_exactly_its_working_days_and_ends_on_one(start, working_days):
    term = CALENDAR.term(start, working_days)

    assert CALENDAR.works_on(term.ends_on)
    assert CALENDAR.working_days_between(start, term.ends_on) == working_days
    assert term.provisional is (term.ends_on.year > 2026)


@given(days, st.integers(1, 60), st.integers(1, 60))
def test_a_longer_term_ends_later_and_terms_can_be_joined(start, first, second):
    joined = CALENDAR.term(CALENDAR.term(start, first).ends_on, second).ends_on

    assert joined == CALENDAR.term(start, first + second).ends_on
    assert joined > CALENDAR.term(start, first).ends_on


@given(st.dates(date(2027, 1, 1), date(2045, 12, 31)))
def test_a_day_nobody_published_is_a_guess_that_says_so(day):
    guess = CALENDAR.day(day)

    assert guess.provisional
    assert guess.working is (day.weekday() < 5 and day not in statutory_days(day.year))


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_guess_knows_the_thirteen_statutory_days_of_the_published_years(year):
    guessed = statutory_days(year)

    assert len(guessed) == 13
    for day, name in guessed.items():
        assert not CALENDAR.works_on(day)
        # Where two festivals fall together the notice names the holiday by the longer one.
        assert CALENDAR.day(day).name in (name, "国庆节")


@pytest.mark.parametrize("year", range(2004, 2027))
def test_the_guess_finds_the_tomb_sweeping_day(year):
    (day,) = [day for day, name in statutory_days(year).items() if name == "清明节"]

    if year >= 2008:  # a day off since then
        assert not CALENDAR.works_on(day)


def test_far_beyond_the_list_of_the_moon_days_still_have_an_answer():
    assert worked_out(date(2099, 10, 1)).name == "国庆节"
    assert CALENDAR.term(date(2098, 12, 31), 30).provisional


def test_a_day_entered_as_provisional_stays_so():
    entered = CalendarDay(date(2027, 1, 5), False, "传闻", "未经通知", provisional=True)

    term = Calendar((*published_days(), entered)).term(date(2026, 12, 31), 2)

    assert term.ends_on == date(2027, 1, 6)
    assert entered.day in term.provisional_days


@pytest.mark.parametrize(
    ("rest", "worked"),
    [
        pytest.param([date(2028, 1, 1)], [], id="a day of another year"),
        pytest.param([date(2027, 1, 2)], [date(2027, 1, 2)], id="rest and work at once"),
        pytest.param([], [date(2027, 1, 4)], id="making up on a Monday"),
    ],
)
def test_a_notice_that_contradicts_itself_is_refused(rest, worked):
    with pytest.raises(ValueError, match="its own year"):
        year_by_notice(2027, dict.fromkeys(rest, "元旦"), worked, "通知")


@pytest.mark.parametrize("length", [-1, 10_001])
def test_a_term_has_a_possible_length(length):
    with pytest.raises(ValueError, match="days"):
        CALENDAR.term(date(2026, 11, 22), length)
    with pytest.raises(ValueError, match="days"):
        CALENDAR.calendar_term(date(2026, 11, 22), length)


def test_the_start_of_a_day_is_told_in_utc():
    assert start_of(date(2026, 11, 23)) == datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert end_of(date(2026, 11, 22)) - start_of(date(2026, 11, 22)) == timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 5, 6), 12, date(2027, 5, 6)),
        (date(2023, 12, 31), -6, date(2023, 6, 30)),
        (date(2024, 8, 31), -6, date(2024, 2, 29)),
        (date(2023, 1, 31), -1, date(2022, 12, 31)),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_last(day, months, expected):
    assert months_after(day, months) == expected


def test_a_year_from_29_february_ends_on_the_28th():
    assert years_after(date(2028, 2, 29), 1) == date(2029, 2, 28)
    assert years_after(date(2028, 2, 29), 4) == date(2032, 2, 29)


LAST_PUBLISHED = date(2026, 12, 31)
spans = st.integers(0, 90)
in_force = st.dates(date(2021, 1, 1), date(2030, 12, 31))  # 民法典 203


@given(days, spans)
def test_a_term_is_provisional_exactly_when_it_touches_days_that_nobody_published(start, length):
    term = CALENDAR.term(start, length)

    touched = [start + timedelta(days=n) for n in range(1, (term.ends_on - start).days + 1)]
    assert term.provisional_days == tuple(day for day in touched if day > LAST_PUBLISHED)


@given(in_force, st.integers(0, 40), spans)
def test_who_begins_later_never_ends_earlier(start, later, length):
    ends = [CALENDAR.term(begun, length).ends_on for begun in (start, start + timedelta(later))]
    in_days = [
        CALENDAR.calendar_term(begun, length).ends_on for begun in (start, start + timedelta(later))
    ]

    assert ends[0] <= ends[1] or length == 0
    assert in_days[0] <= in_days[1]
    assert start <= ends[0]


@given(days, days)
def test_working_days_between_are_counted_once_and_never_below_nothing(one, other):
    counted = CALENDAR.working_days_between(one, other)

    assert 0 <= counted <= max(0, (other - one).days)
    assert counted == 0 or CALENDAR.working_days_between(other, one) == 0
    if counted:
        assert CALENDAR.term(one, counted).ends_on <= other
        assert CALENDAR.term(one, counted + 1).ends_on > other


@given(in_force, spans)
def test_a_term_in_calendar_days_ends_on_the_first_working_day_from_its_last(start, length):
    term = CALENDAR.calendar_term(start, length)
    last = start + timedelta(days=length)

    assert term.ends_on >= last
    assert CALENDAR.works_on(term.ends_on)
    assert CALENDAR.working_days_between(last - timedelta(days=1), term.ends_on) == 1


@given(days, st.timedeltas(timedelta(hours=-14), timedelta(hours=14)))
def test_a_day_begins_at_one_instant_wherever_the_clock_hangs(day, offset):
    zone = timezone(timedelta(minutes=offset // timedelta(minutes=1)))
    first = start_of(day).astimezone(zone)

    assert day_of(first) == day
    assert day_of(first - timedelta(microseconds=1)) == day - timedelta(days=1)
    assert day_of(end_of(day).astimezone(zone)) == day + timedelta(days=1)
    assert end_of(day) == start_of(day + timedelta(days=1))


@given(days, st.integers(-240, 240))
def test_months_move_by_months_and_never_past_the_corresponding_day(day, months):
    moved = months_after(day, months)

    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day <= day.day
    assert moved.day == day.day or (moved + timedelta(days=1)).day == 1
