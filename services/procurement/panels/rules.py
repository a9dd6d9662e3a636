"""Who may sit on a panel, when it may begin, and what a scoresheet must hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.procurement.policy.clauses import (
    ENOUGH_BIDDERS,
    PANEL_COMPOSITION,
    RANDOM_DRAW,
    RECUSAL,
)
from services.procurement.policy.codelists import Method
from services.procurement.policy.figures import METHOD_DEMANDS, PANEL_DEMANDS
from shared.money import Money
from shared.policy import Answer, Rulebook, breached, met, rule, warned
from shared.words import Text


@dataclass(frozen=True, slots=True)
class Member:
    """One who sits: an expert drawn from the pool, or the purchaser's representative."""

    client_id: str
    expert: bool


@dataclass(frozen=True, slots=True)
class Composition:
    """What must be known to form a panel."""

    governed_by: date
    method: Method
    budget: Money
    members: Sequence[Member]
    draw_reference: str | None
    draw_genuine: bool | None
    """Whether the pool signed the record; None when no key of the pool is set to check it by."""
    buyers: frozenset[str]
    """Who prepared, published and forms: none of them may sit."""
    custodians: frozenset[str]


SIZE_FITS = Text(
    zh="{members} 人，其中专家 {experts} 人", en="{members} members, {experts} of them experts"
)
EVEN = Text(zh="{members} 人，应为单数", en="{members} members, an odd number is needed")
TOO_SMALL = Text(zh="{members} 人，不足 {least} 人", en="{members} members, {least} needed")
TOO_FEW_EXPERTS = Text(
    zh="专家 {experts} 人，不足 {members} 人的三分之二",
    en="{experts} of {members} are experts, two thirds needed",
)


@rule(PANEL_COMPOSITION)
def is_made_up_lawfully(panel: Composition) -> Answer:
    demands = PANEL_DEMANDS.on(panel.governed_by)
    least = METHOD_DEMANDS[panel.method].on(panel.governed_by).least_panel
    if panel.budget >= demands.large_from:
        least = max(least, demands.least_of_large)
    members = len(panel.members)
    experts = sum(member.expert for member in panel.members)
    if members < least:
        return breached(TOO_SMALL, members=members, least=least)
    if members % 2 == 0:
        return breached(EVEN, members=members)
    share = demands.least_experts
    if experts * share.denominator < share.numerator * members:
        return breached(TOO_FEW_EXPERTS, members=members, experts=experts)
    return met(SIZE_FITS, members=members, experts=experts)


DRAWN = Text(
    zh="抽取记录 {reference}，专家库签名有效",
    en="drawn at random, record {reference}, signed by the pool",
)
UNCHECKED = Text(
    zh="抽取记录 {reference}；未设置专家库公钥，签名未核验",
    en="drawn at random, record {reference}; its signature is not checked: no key of the pool is set",
)
NOT_SIGNED = Text(
    zh="抽取记录 {reference} 的签名无效或缺失", en="record {reference} is not signed by the pool"
)
NOT_DRAWN = Text(zh="无专家抽取记录", en="there is no record of a random draw")


@rule(RANDOM_DRAW)
def experts_were_drawn(panel: Composition) -> Answer:
    reference = panel.draw_reference
    if not reference:
        return breached(NOT_DRAWN)
    if panel.draw_genuine is None:
        return warned(UNCHECKED, reference=reference)
    return (met if panel.draw_genuine else breached)(
        DRAWN if panel.draw_genuine else NOT_SIGNED, reference=reference
    )


APART = Text(zh="成员与采购经办人、密钥保管人互不兼任", en="no member buys or keeps keys here")
BUYS_AS_WELL = Text(
    zh="{number} 名成员同时经办本项目采购或保管密钥",
    en="{number} of the members also buy or keep keys for this tender",
)


@rule(RECUSAL)
def members_hold_no_other_part(panel: Composition) -> Answer:
    others = panel.buyers | panel.custodians
    both = sum(member.client_id in others for member in panel.members)
    return breached(BUYS_AS_WELL, number=both) if both else met(APART)


COMPOSITION = Rulebook(
    "forming a panel", [is_made_up_lawfully, experts_were_drawn, members_hold_no_other_part]
)


@dataclass(frozen=True, slots=True)
class Sitting:
    """What must be known before a panel begins: the composition once more, and its declarations."""

    composition: Composition
    undeclared: int
    recused: int
    qualified: int


NO_INTEREST = Text(zh="全体成员已声明无利害关系", en="every member declared to have no interest")
NOT_ALL_DECLARED = Text(
    zh="{undeclared} 名成员尚未声明", en="{undeclared} members have not declared yet"
)
STILL_RECUSED = Text(
    zh="{recused} 名成员应回避，须先替换",
    en="{recused} members must step aside: replace them first",
)


@rule(RECUSAL)
def nobody_has_an_interest(sitting: Sitting) -> Answer:
    if sitting.recused:
        return breached(STILL_RECUSED, recused=sitting.recused)
    if sitting.undeclared:
        return breached(NOT_ALL_DECLARED, undeclared=sitting.undeclared)
    return met(NO_INTEREST)


@rule(PANEL_COMPOSITION)
def is_still_made_up_lawfully(sitting: Sitting) -> Answer:
    return is_made_up_lawfully(sitting.composition)


REVIEWED = Text(zh="资格审查已完成，{qualified} 家合格", en="{qualified} bidders are qualified")
NOT_REVIEWED = Text(zh="资格审查尚未完成", en="the qualification review is not concluded")


@rule(ENOUGH_BIDDERS)
def bidders_are_qualified(sitting: Sitting) -> Answer:
    if not sitting.qualified:
        return breached(NOT_REVIEWED)
    return met(REVIEWED, qualified=sitting.qualified)


SEATING = Rulebook(
    "beginning the evaluation",
    [nobody_has_an_interest, is_still_made_up_lawfully, bidders_are_qualified],
)
