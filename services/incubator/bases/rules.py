"""When a base may be founded, when it may admit, and what it may spend."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.incubator.bases.lifecycle import BaseState
from services.incubator.policy.clauses import BUDGETED, MANAGEMENT_SYSTEMS, ONE_BASE
from services.incubator.policy.figures import BASE_OPENED_BY, BASES_IN_DISTRICT, NEEDED_TO_ADMIT
from shared.codelists import BaseRuleSystem
from shared.money import Money
from shared.policy import Answer, Rulebook, breached, met, rule, warned
from shared.words import Text


@dataclass(frozen=True, slots=True)
class Founding:
    """What must be known to found a base; `standing` are the bases not closed."""

    on: date
    standing: int


@rule(ONE_BASE)
def the_only_base_of_the_district(founding: Founding) -> Answer:
    most = BASES_IN_DISTRICT.on(founding.on)
    if founding.standing >= most:
        return breached(
            Text(
                zh="全区已有 {standing} 个基地，应为 {most} 个",
                en="{standing} base stands; {most} is meant",
            ),
            standing=founding.standing,
            most=most,
        )
    return met(Text(zh="全区尚无基地", en="the district has no base yet"))


FOUNDING = Rulebook("founding a base", [the_only_base_of_the_district])


@dataclass(frozen=True, slots=True)
class Opening:
    """The day on which a base opens its doors."""

    on: date


@rule(ONE_BASE)
def opened_in_time(opening: Opening) -> Answer:
    by = BASE_OPENED_BY.on(opening.on)
    if opening.on > by:
        return warned(
            Text(zh="目标期限为 {by}，逾期启用", en="meant to stand by {by}; it opens late"), by=by
        )
    return met(Text(zh="在 {by} 前启用", en="it opens before {by}"), by=by)


OPENING = Rulebook("opening a base", [opened_in_time])


@dataclass(frozen=True, slots=True)
class Readiness:
    """What must be known of a base that wants to admit. `systems` have a document in force."""

    on: date
    state: str
    systems: frozenset[BaseRuleSystem]


@rule(MANAGEMENT_SYSTEMS)
def the_base_is_open(base: Readiness) -> Answer:
    if base.state != BaseState.OPEN:
        return breached(Text(zh="基地未启用", en="the base is not open"), state=str(base.state))
    return met(Text(zh="基地已启用", en="the base is open"))


@rule(MANAGEMENT_SYSTEMS)
def rules_for_admission_and_funds_are_in_force(base: Readiness) -> Answer:
    missing = [system for system in NEEDED_TO_ADMIT.on(base.on) if system not in base.systems]
    if missing:
        return breached(
            Text(zh="尚未施行：{zh}", en="not in force yet: {en}"),
            zh="、".join(system.label.zh for system in missing),
            en=", ".join(system.label.en for system in missing),
        )
    return met(
        Text(zh="准入和资金使用制度已施行", en="the rules of admission and funds are in force")
    )


@rule(MANAGEMENT_SYSTEMS)
def all_four_systems_are_in_force(base: Readiness) -> Answer:
    missing = [system for system in BaseRuleSystem if system not in base.systems]
    if missing:
        return warned(
            Text(zh="四项制度中尚缺：{zh}", en="of the four systems these are missing: {en}"),
            zh="、".join(system.label.zh for system in missing),
            en=", ".join(system.label.en for system in missing),
        )
    return met(Text(zh="四项制度均已施行", en="all four systems are in force"))


ADMITTING = Rulebook(
    "admitting start-ups",
    [
        the_base_is_open,
        rules_for_admission_and_funds_are_in_force,
        all_four_systems_are_in_force,
    ],
)


def in_force(documents: Mapping[BaseRuleSystem, list[date]], on: date) -> frozenset[BaseRuleSystem]:
    """The systems that have a document in force on the day."""
    return frozenset(
        system for system, since in documents.items() if any(day <= on for day in since)
    )


@dataclass(frozen=True, slots=True)
class Spending:
    """What must be known to spend from a budget line."""

    appropriation: Money
    spent: Money
    amount: Money


@rule(BUDGETED)
def within_the_appropriation(spending: Spending) -> Answer:
    left = spending.appropriation - spending.spent
    if spending.amount > left:
        return breached(
            Text(
                zh="该科目余额 {left} 元，不足以支出 {amount} 元",
                en="{left} yuan are left on the line; {amount} would exceed it",
            ),
            left=left,
            amount=spending.amount,
        )
    return met(
        Text(zh="支出后该科目余额 {left} 元", en="{left} yuan are left on the line"),
        left=left - spending.amount,
    )


SPENDING = Rulebook("spending from the base's budget", [within_the_appropriation])
