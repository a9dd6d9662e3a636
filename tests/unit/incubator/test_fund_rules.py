"""Five instruments, three people, one balance."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.incubator.funds.rules import (
    DRAWING,
    PROPOSAL,
    REVIEW,
    Drawing,
    Hands,
    Support,
    cash_of,
)
from services.incubator.residencies.lifecycle import ResidencyState
from shared.codelists import SupportInstrument
from shared.money import ZERO, Money

DAY = date(2026, 5, 20)
SUPPORT = Support(
    on=DAY,
    stage=ResidencyState.SPROUTING,
    value=Money(1),
    period_from=date(2026, 5, 20),
    period_until=date(2027, 5, 19),
    stay_from=date(2026, 5, 20),
    stay_until=date(2027, 5, 19),
)
EARLY, VALUED = "the_start_up_is_in_an_early_stage", "the_support_has_a_value_and_a_period"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({}, [], id="one fen for the whole stay"),
        pytest.param({"stage": ResidencyState.STARTING}, [], id="初创"),
        pytest.param({"stage": ResidencyState.GROWING}, [EARLY], id="成长 is past the start"),
        pytest.param({"stage": ResidencyState.GRADUATED}, [EARLY], id="hatched"),
        pytest.param({"value": ZERO}, [VALUED], id="nothing"),
        pytest.param({"period_until": date(2027, 5, 20)}, [VALUED], id="a day past the stay"),
        pytest.param({"period_until": date(2026, 5, 19)}, [VALUED], id="over before it begins"),
    ],
)
def test_support_is_for_the_early_stages_of_a_stay(changed, expected):
    verdict = PROPOSAL.judge(replace(SUPPORT, **changed), on=DAY)

    assert [finding.rule for finding in verdict.breaches] == expected


@pytest.mark.parametrize(
    ("people", "passes"),
    [
        (("a", "b", "c"), True),
        (("a", "a"), False),
        (("a", "b", "a"), False),
        (("a", "b", "b"), False),
        (("a", "b"), True),
    ],
)
def test_three_different_people_have_a_grant_in_hand(people, passes):
    assert REVIEW.judge(Hands(people), on=DAY).passed is passes


@pytest.mark.parametrize(
    ("instrument", "cash"),
    [
        ("project_funding", 500),
        ("subsidy_or_reward", 500),
        ("venture", 500),
        ("premises", 0),
        ("fee_waiver", 0),
    ],
)
def test_premises_and_waived_fees_cost_the_fund_nothing(instrument, cash):
    assert cash_of(SupportInstrument(instrument), Money(500)) == Money(cash)


@pytest.mark.parametrize(
    ("balance", "cash", "is_open", "passes"),
    [
        pytest.param(100, 100, True, True, id="to the last fen"),
        pytest.param(100, 101, True, False, id="one fen over"),
        pytest.param(0, 0, True, True, id="help in kind from an empty fund"),
        pytest.param(100, 1, False, False, id="a closed fund"),
    ],
)
def test_a_fund_bears_what_it_has(balance, cash, is_open, passes):
    verdict = DRAWING.judge(Drawing(Money(balance), Money(cash), is_open), on=DAY)

    assert verdict.passed is passes


lines = st.tuples(st.sampled_from([None, *SupportInstrument]), st.integers(1, 10**9))


@given(st.lists(lines, max_size=40))
def test_whatever_is_asked_of_a_ledger_its_balance_never_sinks_below_zero(asked):
    balance, written = ZERO, []
    for instrument, fen in asked:
        value = Money(fen)
        if instrument is None:
            balance += value
            written.append(value)
            continue
        cash = cash_of(instrument, value)
        if DRAWING.judge(Drawing(balance, cash), on=DAY).passed:
            balance -= cash
            written.append(-cash)
        assert balance >= ZERO

    assert balance == Money.total(written)
