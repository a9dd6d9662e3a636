"""Who may be supported, by whose hands, and how much the fund can bear.

Money leaves the fund for three of the five instruments. Premises and waived fees cost it nothing,
and are entered at their value all the same: the ledger shows every yuan of help.
"""

from dataclasses import dataclass
from datetime import date

from services.incubator.policy.clauses import (
    EARLY_STAGE,
    INSTRUMENTS,
    SPECIAL_FUND,
    TWO_PEOPLE,
)
from services.incubator.policy.figures import EARLY_STAGES
from shared.codelists import SupportInstrument
from shared.money import ZERO, Money
from shared.policy import Answer, Rulebook, breached, met, rule
from shared.words import Text

IN_KIND = frozenset({SupportInstrument.PREMISES, SupportInstrument.FEE_WAIVER})


def cash_of(instrument: SupportInstrument, value: Money) -> Money:
    """What leaves the fund for support of that value."""
    return ZERO if instrument in IN_KIND else value


@dataclass(frozen=True, slots=True)
class Support:
    """What must be known to support a resident; the period counts both days."""

    on: date
    stage: str
    value: Money
    period_from: date
    period_until: date
    stay_from: date
    stay_until: date


@rule(EARLY_STAGE)
def the_start_up_is_in_an_early_stage(support: Support) -> Answer:
    early = EARLY_STAGES.on(support.on)
    if support.stage not in early:
        return breached(
            Text(
                zh="处于 {stage} 阶段，扶持限于启动和初期",
                en="its stage is {stage}; support is for the start and the early operation",
            ),
            stage=str(support.stage),
        )
    return met(Text(zh="处于初期阶段", en="it is in an early stage"), stage=str(support.stage))


@rule(INSTRUMENTS)
def the_support_has_a_value_and_a_period(support: Support) -> Answer:
    if support.value <= ZERO or not (
        support.stay_from <= support.period_from <= support.period_until <= support.stay_until
    ):
        return breached(
            Text(
                zh="扶持须有金额，期间在入驻期 {first} 至 {last} 内",
                en="support has a value, and a period within the stay from {first} to {last}",
            ),
            first=support.stay_from,
            last=support.stay_until,
        )
    return met(
        Text(zh="价值 {value} 元", en="worth {value} yuan"),
        value=support.value,
    )


PROPOSAL = Rulebook(
    "proposing support",
    [the_start_up_is_in_an_early_stage, the_support_has_a_value_and_a_period],
)


@dataclass(frozen=True, slots=True)
class Hands:
    """Who has had the grant in hand, in order; the last one acts now."""

    people: tuple[str, ...]


@rule(TWO_PEOPLE)
def by_different_people(hands: Hands) -> Answer:
    if len(set(hands.people)) != len(hands.people):
        return breached(
            Text(
                zh="经办、审核、审批须由不同人员办理",
                en="who proposes, who reviews and who approves are different people",
            )
        )
    return met(Text(zh="由不同人员办理", en="by different people"))


REVIEW = Rulebook("reviewing support", [by_different_people])


@dataclass(frozen=True, slots=True)
class Drawing:
    """What must be known to take money out of a fund."""

    balance: Money
    cash: Money
    fund_open: bool = True


@rule(SPECIAL_FUND)
def the_balance_stays_above_zero(drawing: Drawing) -> Answer:
    if not drawing.fund_open:
        return breached(Text(zh="专项资金已关闭", en="the fund is closed"))
    if drawing.cash > drawing.balance:
        return breached(
            Text(
                zh="专项资金余额 {balance} 元，不足以支付 {cash} 元",
                en="{balance} yuan are left in the fund, {cash} are needed",
            ),
            balance=drawing.balance,
            cash=drawing.cash,
        )
    return met(
        Text(zh="支付后余额 {left} 元", en="{left} yuan are left afterwards"),
        left=drawing.balance - drawing.cash,
    )


DRAWING = Rulebook("drawing on a fund", [the_balance_stays_above_zero])
