"""Who is qualified: asked of each bidder after the opening, by the purchaser."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.procurement.policy.clauses import (
    CLEAN_RECORD,
    COMMUNITY_SERVICE_AGENCIES,
    ENOUGH_BIDDERS,
    INDUSTRY_BODIES_MAY_BID,
    PERSONNEL_SHARE,
    QUALIFICATION_HEADS,
    REQUIRED_GRADE,
    RESULTS_FED_BACK,
    SUPPLIER_CONDITIONS,
    TAXES_AND_INSURANCE,
    WITHIN_BUDGET,
)
from services.procurement.policy.codelists import Grade
from services.procurement.suppliers.rules import Record, judge_ban, judge_good_results
from services.procurement.tenders.rules import judge_personnel_share
from shared.money import Money
from shared.policy import Answer, Rulebook, breached, met, not_applicable, rule, warned
from shared.words import Text


@dataclass(frozen=True, slots=True)
class Checked:
    """One condition of the tender as the purchaser found it, with the evidence."""

    title: str
    fulfilled: bool
    evidence: str


@dataclass(frozen=True, slots=True)
class Bidder:
    """What must be known to say whether a bidder is qualified."""

    governed_by: date
    on: date
    """The day of the deadline: what must be true is true on it."""
    known: bool
    registered: bool
    suspended: bool
    category: str | None
    legal_proof: str | None
    grade: Grade | None
    required_grade: Grade | None
    credit_query: str | None
    credit_clean: bool
    taxes_proof: str | None
    conditions: Sequence[Checked]
    unchecked: Sequence[str]
    price: Money
    budget: Money
    personnel: Money
    record: Record


REGISTERED = Text(zh="{on} 登记有效", en="registered and in good standing on {on}")
SUSPENDED = Text(zh="{on} 处于停止活动状态", en="suspended on {on}")
NOT_REGISTERED = Text(zh="{on} 登记无效", en="not validly registered on {on}")
PROVED = Text(
    zh="非本区登记，主体资格证明：{proof}",
    en="not on this register; legal standing proved by {proof}",
)
UNPROVED = Text(
    zh="本区登记机关无记录，且无主体资格证明",
    en="not on this register, and no legal standing is proved",
)


@rule(SUPPLIER_CONDITIONS)
def bears_civil_liability(bidder: Bidder) -> Answer:
    if not bidder.known:
        if bidder.legal_proof:
            return met(PROVED, proof=bidder.legal_proof)
        return breached(UNPROVED)
    if bidder.suspended:
        return breached(SUSPENDED, on=bidder.on)
    if not bidder.registered:
        return breached(NOT_REGISTERED, on=bidder.on)
    return met(REGISTERED, on=bidder.on)


COMMUNITY_SERVICE = "community_service"
RIGHT_KIND = Text(zh="属城乡社区服务类", en="an agency of urban and rural community service")
OTHER_KIND = Text(
    zh="非城乡社区服务类；可参加，购买比例另计",
    en="not of urban and rural community service: it may bid, and is counted apart",
)


@rule(COMMUNITY_SERVICE_AGENCIES)
def is_a_community_service_agency(bidder: Bidder) -> Answer:
    """Mainly, not only: others may bid, and are counted apart."""
    if bidder.category == COMMUNITY_SERVICE:
        return met(RIGHT_KIND)
    if bidder.category == INDUSTRY_BODY:
        return not_applicable(IS_INDUSTRY_BODY)
    return warned(OTHER_KIND, category=bidder.category)


INDUSTRY_BODY = "industry_body"
IS_INDUSTRY_BODY = Text(zh="社会工作行业组织，可以承接", en="an industry body, which may bid")
NO_INDUSTRY_BODY = Text(zh="非行业组织", en="not an industry body")


@rule(INDUSTRY_BODIES_MAY_BID)
def industry_bodies_are_welcome(bidder: Bidder) -> Answer:
    if bidder.category == INDUSTRY_BODY:
        return met(IS_INDUSTRY_BODY)
    return not_applicable(NO_INDUSTRY_BODY)


PAID = Text(zh="纳税与社保缴纳凭证：{proof}", en="taxes and social security: {proof}")
NOT_PAID = Text(
    zh="未提供纳税与社保缴纳凭证", en="no proof that taxes and social security are paid"
)


@rule(TAXES_AND_INSURANCE)
def pays_taxes_and_insurance(bidder: Bidder) -> Answer:
    return met(PAID, proof=bidder.taxes_proof) if bidder.taxes_proof else breached(NOT_PAID)


CLEAN = Text(zh="信用中国查询无重大违法记录（{query}）", en="no grave record found ({query})")
NOT_CLEAN = Text(
    zh="信用中国查询有重大违法记录（{query}）", en="a grave illegal record was found ({query})"
)
NOT_QUERIED = Text(zh="未记录信用查询", en="no credit query is recorded")


@rule(CLEAN_RECORD)
def has_a_clean_record(bidder: Bidder) -> Answer:
    if not bidder.credit_query:
        return breached(NOT_QUERIED)
    return (met if bidder.credit_clean else breached)(
        CLEAN if bidder.credit_clean else NOT_CLEAN, query=bidder.credit_query
    )


ALL_FULFILLED = Text(zh="{number} 项资格条件均符合", en="all {number} conditions are met")
UNFULFILLED = Text(zh="不符合资格条件：{items}", en="conditions not met: {items}")
UNCHECKED = Text(zh="尚未审查的资格条件：{items}", en="conditions that were not checked: {items}")


@rule(QUALIFICATION_HEADS)
def meets_the_conditions(bidder: Bidder) -> Answer:
    if bidder.unchecked:
        return breached(UNCHECKED, items="、".join(bidder.unchecked))
    failed = [checked.title for checked in bidder.conditions if not checked.fulfilled]
    if failed:
        return breached(UNFULFILLED, items="、".join(failed))
    return met(ALL_FULFILLED, number=len(bidder.conditions))


GRADE_HELD = Text(zh="评估等级 {held}，要求 {required}", en="graded {held}, {required} asked for")
GRADE_SHORT = Text(
    zh="评估等级 {held}，低于要求的 {required}", en="graded {held}, below the {required} asked for"
)
GRADE_NOT_ASKED = Text(zh="本项目不要求等级", en="no grade is asked for")


@rule(REQUIRED_GRADE)
def holds_the_grade(bidder: Bidder) -> Answer:
    required = bidder.required_grade
    if required is None:
        return not_applicable(GRADE_NOT_ASKED)
    held = bidder.grade.value if bidder.grade else "—"
    if bidder.grade is None or not bidder.grade.at_least(required):
        return breached(GRADE_SHORT, held=held, required=required.value)
    return met(GRADE_HELD, held=held, required=required.value)


FITS_BUDGET = Text(
    zh="报价 {price} 元，未超过预算 {budget} 元", en="{price} yuan, within the budget of {budget}"
)
OVER_BUDGET = Text(
    zh="报价 {price} 元，超过预算 {budget} 元", en="{price} yuan, above the budget of {budget}"
)


@rule(WITHIN_BUDGET)
def fits_the_budget(bidder: Bidder) -> Answer:
    fits = bidder.price <= bidder.budget
    return (met if fits else breached)(
        FITS_BUDGET if fits else OVER_BUDGET, price=bidder.price, budget=bidder.budget
    )


@rule(PERSONNEL_SHARE)
def pays_the_people(bidder: Bidder) -> Answer:
    """A price cut may not be taken from the people: the share is asked of the bid as well."""
    return judge_personnel_share(bidder.personnel, bidder.price, bidder.governed_by)


@rule(RESULTS_FED_BACK)
def is_not_barred(bidder: Bidder) -> Answer:
    return judge_ban(bidder.record)


@rule(RESULTS_FED_BACK)
def brings_good_results(bidder: Bidder) -> Answer:
    return judge_good_results(bidder.record)


QUALIFICATION = Rulebook(
    "qualifying a bidder",
    [
        bears_civil_liability,
        is_a_community_service_agency,
        industry_bodies_are_welcome,
        pays_taxes_and_insurance,
        has_a_clean_record,
        meets_the_conditions,
        holds_the_grade,
        fits_the_budget,
        pays_the_people,
        is_not_barred,
        brings_good_results,
    ],
)


@dataclass(frozen=True, slots=True)
class Field:
    """How many bidders are qualified, and how many the method needs."""

    qualified: int
    bidders: int
    needed: int


ENOUGH = Text(
    zh="{bidders} 家投标人中 {qualified} 家合格",
    en="{qualified} of {bidders} bidders are qualified",
)
TOO_FEW = Text(
    zh="{bidders} 家投标人中仅 {qualified} 家合格，不足 {needed} 家，予以废标",
    en="only {qualified} of {bidders} bidders are qualified, {needed} needed: the tender fails",
)


@rule(ENOUGH_BIDDERS)
def enough_are_qualified(field: Field) -> Answer:
    enough = field.qualified >= field.needed
    return (met if enough else breached)(
        ENOUGH if enough else TOO_FEW,
        qualified=field.qualified,
        bidders=field.bidders,
        needed=field.needed,
    )


CONTINUATION = Rulebook("going on to the evaluation", [enough_are_qualified])
