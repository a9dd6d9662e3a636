from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import policy
from shared.errors import FigureUnconfirmed, PolicyRefused
from shared.policy import (
    Answer,
    Clause,
    Dated,
    FigureNotInForce,
    Rulebook,
    breached,
    met,
    rule,
    warned,
)
from shared.words import Text

NOTICE = Clause("政府采购法", "35", Text(zh="不少于二十日", en="At least twenty days"))
NOTICE_DAYS = Dated(NOTICE, {date(2003, 1, 1): 20, date(2030, 1, 1): 25}, name="NOTICE_DAYS")
GUESSED = Dated(NOTICE, {date(2003, 1, 1): 7}, name="GUESSED", draft=True)
SAID = Text(zh="公告 {given} 日", en="advertised for {given} days")


@dataclass(frozen=True, slots=True)
class Notice:
    day: date
    given: int


@rule(NOTICE)
def long_enough(notice: Notice) -> Answer:
    required = NOTICE_DAYS.on(notice.day)
    if notice.given < required:
        return breached(SAID, given=notice.given, required=required)
    return met(SAID, given=notice.given)


@rule(NOTICE)
def not_boring(notice: Notice) -> Answer:
    return warned(SAID, given=notice.given)


BOOK = Rulebook("publishing", [long_enough, not_boring])


@pytest.mark.parametrize(
    ("day", "given", "passed"),
    [
        pytest.param(date(2029, 12, 31), 20, True, id="enough on the old law's last day"),
        pytest.param(date(2029, 12, 31), 19, False, id="a day short"),
        pytest.param(date(2030, 1, 1), 24, False, id="the new law from its first day"),
        pytest.param(date(2030, 1, 1), 25, True, id="enough for the new law"),
    ],
)
def test_the_law_of_the_day_decides(day, given, passed):
    assert BOOK.judge(Notice(day, given), on=day).passed is passed


def test_a_finding_notes_the_figure_it_used_and_since_when_it_is_in_force():
    verdict = BOOK.judge(Notice(date(2026, 1, 1), 19), on=date(2026, 1, 1))

    finding = verdict.as_dict()["findings"][0]
    assert finding["basis"][0] == {
        "figure": "NOTICE_DAYS",
        "value": 20,
        "in_force_since": "2003-01-01",
        "unconfirmed": False,
        "citation": "政府采购法 35",
    }
    assert finding["figures"] == {"given": 19, "required": 20}
    assert finding["reason"] == {"zh": "公告 19 日", "en": "advertised for 19 days"}


def test_a_refusal_lists_every_finding_and_a_warning_refuses_nothing():
    verdict = BOOK.judge(Notice(date(2026, 1, 1), 19), on=date(2026, 1, 1))

    with pytest.raises(PolicyRefused) as refused:
        verdict.require()
    assert [f.outcome for f in refused.value.verdict.findings] == ["breached", "warning"]
    assert BOOK.judge(Notice(date(2026, 1, 1), 20), on=date(2026, 1, 1)).require().passed


def test_a_draft_figure_is_refused_in_production_until_it_is_confirmed():
    try:
        policy.configure_drafts(usable=False, confirmed={})
        with pytest.raises(FigureUnconfirmed):
            GUESSED.on(date(2026, 1, 1))
        policy.configure_drafts(usable=False, confirmed={"GUESSED": "某令第 3 条"})
        assert GUESSED.on(date(2026, 1, 1)) == 7
    finally:
        policy.configure_drafts(usable=True, confirmed={})


def test_a_figure_before_its_time_is_a_refusal_and_not_a_guess():
    with pytest.raises(FigureNotInForce) as refused:
        NOTICE_DAYS.on(date(2002, 12, 31))

    assert "2003-01-01" in refused.value.errors[0].rule.en


@given(st.dates(min_value=date(2003, 1, 1)))
def test_every_later_day_has_one_figure(day):
    assert NOTICE_DAYS.on(day) == (25 if day >= date(2030, 1, 1) else 20)
    assert NOTICE_DAYS.since(day) <= day


def test_verdicts_carry_exact_values_only():
    assert policy.plain({"a": Decimal("87.50"), "b": date(2026, 1, 1), "c": (1, None, True)}) == {
        "a": "87.50",
        "b": "2026-01-01",
        "c": [1, None, True],
    }
