"""When a tender may go public: the law of the day, method by method."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from services.procurement.policy.clauses import (
    BID_BOND,
    CONDITIONS_ARE_NO_FACTORS,
    CONTRACT_TERM,
    DRIVEN_BY_NEEDS,
    ENOUGH_BIDDERS,
    EQUAL_TREATMENT,
    LEAVING_OPEN_TENDER,
    NOTICE_PERIOD,
    OPEN_BY_DEFAULT,
    PERSONNEL_SHARE,
    PRICE_WEIGHT,
    PRIORITY,
    QUALIFICATION_HEADS,
    REQUIRED_GRADE,
    SCALE_IS_NO_CRITERION,
)
from services.procurement.policy.codelists import Grade, Ground, Measure, Method
from services.procurement.policy.figures import (
    DISCRIMINATING_MEASURES,
    LEAST_PERSONNEL_SHARE,
    LEAST_PRICE_WEIGHT,
    LONGEST_TERM_YEARS,
    METHOD_DEMANDS,
    MOST_BOND_PERCENT,
    MOST_PRICE_WEIGHT_IN_CONSULTATION,
    PRIORITY_TEST,
    SCALE_MEASURES,
    USUAL_TERM_YEARS,
    MethodDemands,
)
from services.procurement.policy.terms import spoken, term
from shared.money import Money, as_percent, share, share_is_at_least, share_is_at_most
from shared.policy import Answer, Rulebook, breached, met, not_applicable, rule
from shared.words import Text

FULL_SCORE = 100


@dataclass(frozen=True, slots=True)
class Criterion:
    """A condition of qualification or a factor of the score; `points` only for the latter."""

    code: str
    title: str
    measure: Measure
    points: int = 0


@dataclass(frozen=True, slots=True)
class Publication:
    """What must be known to decide whether a tender may go public."""

    method: Method
    ground: Ground | None
    ground_reason: str | None
    approval: str | None
    opens: date
    closes: date
    earliest_close: date | None
    """By the registry's calendar, when the method counts its notice in working days."""
    needs: int
    budget: Money
    personnel: Money
    conditions: Sequence[Criterion]
    factors: Sequence[Criterion]
    fixed_price: bool
    bond: Money | None
    starts: date
    ends: date
    stable: str | None
    delegated: bool
    required_grade: Grade | None
    grade_review: str | None
    minimum_bids: int

    @property
    def demands(self) -> MethodDemands:
        return METHOD_DEMANDS[self.method].on(self.opens)

    @property
    def price_points(self) -> int:
        return sum(f.points for f in self.factors if f.measure is Measure.PRICE)

    @property
    def criteria(self) -> Sequence[Criterion]:
        return (*self.conditions, *self.factors)


# --- money --------------------------------------------------------------------------------------

SHARE_REACHED = Text(
    zh="人员经费 {personnel} 元，占 {budget} 元的 {share}",
    en="personnel {personnel} of {budget} yuan is {share}",
)
SHARE_SHORT = Text(
    zh="人员经费 {personnel} 元，占 {budget} 元的 {share}，不足 {required}",
    en="personnel {personnel} of {budget} yuan is {share}, {required} needed",
)
NO_BUDGET = Text(zh="预算为零，无从计算比例", en="an empty budget proves no share")


def judge_personnel_share(personnel: Money, whole: Money, on: date) -> Answer:
    """3.2(9), to the fen: asked of the tender's budget, of each bid, and of the contract."""
    least: Fraction = LEAST_PERSONNEL_SHARE.on(on)
    if whole.fen <= 0:
        return breached(NO_BUDGET)
    reached = as_percent(share(personnel, whole))
    if share_is_at_least(personnel, whole, least):
        return met(SHARE_REACHED, personnel=personnel, budget=whole, share=reached)
    return breached(
        SHARE_SHORT, personnel=personnel, budget=whole, share=reached, required=as_percent(least)
    )


@rule(PERSONNEL_SHARE)
def pays_the_people(tender: Publication) -> Answer:
    return judge_personnel_share(tender.personnel, tender.budget, tender.opens)


NO_BOND = Text(zh="不收投标保证金", en="no bid bond is asked for")
BOND_FITS = Text(zh="投标保证金 {bond} 元", en="a bid bond of {bond} yuan")
BOND_TOO_HIGH = Text(
    zh="投标保证金 {bond} 元，超过预算 {budget} 元的 {percent}%",
    en="a bid bond of {bond} yuan is more than {percent} % of {budget}",
)


@rule(BID_BOND)
def bond_is_small(tender: Publication) -> Answer:
    if not tender.bond:
        return not_applicable(NO_BOND)
    percent = MOST_BOND_PERCENT.on(tender.opens)
    if not share_is_at_most(tender.bond, tender.budget, Fraction(percent, 100)):
        return breached(BOND_TOO_HIGH, bond=tender.bond, budget=tender.budget, percent=percent)
    return met(BOND_FITS, bond=tender.bond)


# --- time ---------------------------------------------------------------------------------------

LONG_ENOUGH = Text(
    zh="公告 {given} 日，至少 {required} 日", en="on offer for {given} days, at least {required}"
)
TOO_SHORT = Text(
    zh="自发出至截止 {given} 日，不足 {required} 日",
    en="on offer for {given} days, {required} needed",
)
WORKING_DAYS_LEFT = Text(
    zh="{closes} 截止，最早可为 {earliest}（{required} 个工作日）",
    en="closes on {closes}, the earliest being {earliest} ({required} working days)",
)
TOO_EARLY = Text(
    zh="{closes} 截止，早于 {earliest}（{required} 个工作日）",
    en="closes on {closes}, before {earliest} ({required} working days)",
)
TERM_UNKNOWN = Text(
    zh="工作日历未答，无法确认期限", en="the calendar of working days gave no answer"
)


@rule(NOTICE_PERIOD)
def advertised_long_enough(tender: Publication) -> Answer:
    demands = tender.demands
    required = demands.notice_days
    if demands.notice_in_working_days:
        if tender.earliest_close is None:
            return breached(TERM_UNKNOWN)
        answer = met if tender.closes >= tender.earliest_close else breached
        words = WORKING_DAYS_LEFT if answer is met else TOO_EARLY
        return answer(
            words, closes=tender.closes, earliest=tender.earliest_close, required=required
        )
    given = (tender.closes - tender.opens).days
    if given < required:
        return breached(TOO_SHORT, given=given, required=required)
    return met(LONG_ENOUGH, given=given, required=required)


TERM_FITS = Text(zh="合同期 {starts} 至 {ends}", en="the contract runs from {starts} to {ends}")
TERM_BACKWARDS = Text(
    zh="合同期 {starts} 至 {ends} 先后颠倒或早于投标截止",
    en="the contract from {starts} to {ends} ends before it starts, or starts before the deadline",
)
TERM_LONG = Text(
    zh="合同期超过 {years} 年，须说明内容固定、资金有保障、价格变化小",
    en="the contract runs beyond {years} year(s): say why content, money and price are stable",
)
TERM_TOO_LONG = Text(zh="合同期超过 {years} 年", en="the contract runs beyond {years} years")


@rule(CONTRACT_TERM)
def contract_is_not_too_long(tender: Publication) -> Answer:
    starts, ends = tender.starts, tender.ends
    if ends < starts or starts < tender.closes:
        return breached(TERM_BACKWARDS, starts=starts, ends=ends)
    longest = LONGEST_TERM_YEARS.on(tender.opens)
    if ends >= first_day_after(starts, longest):
        return breached(TERM_TOO_LONG, years=longest)
    usual = USUAL_TERM_YEARS.on(tender.opens)
    if ends >= first_day_after(starts, usual) and not tender.stable:
        return breached(TERM_LONG, years=usual)
    return met(TERM_FITS, starts=starts, ends=ends)


def first_day_after(day: date, years: int) -> date:
    """The day after a contract of so many years that runs from the beginning of `day`."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


# --- competition --------------------------------------------------------------------------------

OPEN_TO_ALL = Text(zh="{method} 面向所有供应商公开竞争", en="{method} is open to every supplier")
GROUND_RECORDED = Text(
    zh="{method} 不公开竞争，理由：{ground}：{why}",
    en="{method} is closed to some, on the ground of {ground}: {why}",
)
GROUND_MISSING = Text(
    zh="{method} 不公开竞争，须记录技术复杂或性质特殊的理由",
    en="{method} is closed to some: record technical complexity or special nature, and why",
)


@rule(OPEN_BY_DEFAULT)
def open_unless_grounded(tender: Publication) -> Answer:
    method = term(tender.method)
    if tender.demands.announced:
        return met(spoken(OPEN_TO_ALL, method=method), method=tender.method)
    if tender.ground is None or not tender.ground_reason:
        return breached(spoken(GROUND_MISSING, method=method), method=tender.method)
    return met(
        spoken(GROUND_RECORDED, method=method, ground=term(tender.ground)),
        method=tender.method,
        ground=tender.ground,
        why=tender.ground_reason,
    )


IS_OPEN_TENDER = Text(zh="采用公开招标", en="open tender is used")
APPROVED = Text(
    zh="采用其他方式的批准：{approval}", en="leaving open tender was approved: {approval}"
)
NO_APPROVAL = Text(
    zh="未采用公开招标；达到公开招标数额标准的须事先取得批准",
    en="open tender is not used; at or above its threshold that is approved beforehand",
)


@rule(LEAVING_OPEN_TENDER)
def approved_before_leaving_open_tender(tender: Publication) -> Answer:
    """The thresholds are set by the province and not confirmed here, so an officer judges the need."""
    if tender.method is Method.OPEN_TENDER:
        return met(IS_OPEN_TENDER)
    if tender.approval:
        return met(APPROVED, approval=tender.approval)
    return not_applicable(NO_APPROVAL)


ENOUGH_ASKED = Text(zh="至少 {minimum} 家投标方可开标", en="opened with at least {minimum} bids")
TOO_FEW_ASKED = Text(
    zh="开标所需家数 {minimum}，少于法定 {required}",
    en="{minimum} bids asked for, {required} by law",
)


@rule(ENOUGH_BIDDERS)
def asks_for_enough_bids(tender: Publication) -> Answer:
    required = tender.demands.least_suppliers
    if tender.minimum_bids < required:
        return breached(TOO_FEW_ASKED, minimum=tender.minimum_bids, required=required)
    return met(ENOUGH_ASKED, minimum=tender.minimum_bids)


LINKED = Text(zh="回应 {needs} 项需求", en="answers {needs} recorded needs")
NOT_LINKED = Text(zh="未关联任何需求", en="answers no recorded need")


@rule(DRIVEN_BY_NEEDS)
def answers_a_need(tender: Publication) -> Answer:
    return met(LINKED, needs=tender.needs) if tender.needs else breached(NOT_LINKED)


# --- conditions and factors ---------------------------------------------------------------------

APART = Text(zh="资格条件与评审因素互不重复", en="no item is both condition and factor")
BOTH = Text(
    zh="既是资格条件又是评审因素：{items}", en="both condition of qualification and factor: {items}"
)


@rule(CONDITIONS_ARE_NO_FACTORS)
def conditions_are_no_factors(tender: Publication) -> Answer:
    """The same item is known by its code or, however it is spaced and cased, by its title."""
    factors = {name for factor in tender.factors for name in _names(factor)}
    both = [c.title for c in tender.conditions if not factors.isdisjoint(_names(c))]
    return breached(BOTH, items="、".join(both)) if both else met(APART)


def _names(criterion: Criterion) -> set[tuple[str, str]]:
    title = "".join(unicodedata.normalize("NFKC", criterion.title).casefold().split())
    return {("code", criterion.code.casefold()), ("title", title)}


NO_SCALE = Text(zh="未设规模条件", en="no figure of scale is a criterion")
SCALE = Text(
    zh="规模条件不得作为资格要求或评审因素：{items}", en="figures of scale as criterion: {items}"
)


@rule(SCALE_IS_NO_CRITERION)
def scale_is_no_criterion(tender: Publication) -> Answer:
    barred = SCALE_MEASURES.on(tender.opens)
    found = [c.title for c in tender.criteria if c.measure in barred]
    return breached(SCALE, items="、".join(found)) if found else met(NO_SCALE)


EQUAL = Text(zh="未设差别待遇条件", en="no criterion treats suppliers unequally")
UNEQUAL = Text(
    zh="差别或歧视待遇的条件：{items}", en="criteria that treat suppliers unequally: {items}"
)


@rule(EQUAL_TREATMENT)
def suppliers_are_treated_alike(tender: Publication) -> Answer:
    barred = DISCRIMINATING_MEASURES.on(tender.opens)
    found = [c.title for c in tender.criteria if c.measure in barred]
    return breached(UNEQUAL, items="、".join(found)) if found else met(EQUAL)


HEADS_USED = Text(
    zh="依据人才配备、岗位设置、管理服务能力与成效：{items} 项",
    en="{items} items look at staffing, posts, or capacity and results",
)
HEADS_MISSING = Text(
    zh="资格条件与评审因素均未涉及人才配备、岗位设置、管理服务能力与成效",
    en="neither conditions nor factors look at staffing, posts, or capacity and results",
)
HEADS = frozenset({Measure.STAFFING, Measure.POSTS, Measure.CAPACITY_AND_RESULTS})


@rule(QUALIFICATION_HEADS)
def looks_at_what_counts(tender: Publication) -> Answer:
    found = [c for c in tender.criteria if c.measure in HEADS]
    return met(HEADS_USED, items=len(found)) if found else breached(HEADS_MISSING)


PRICE_LEFT_OUT = Text(
    zh="执行统一价格标准，价格不列为评审因素", en="a uniform price standard leaves price out"
)
NOT_SCORED = Text(zh="{method} 不评分", en="{method} is not scored")
POINTS_WRONG = Text(
    zh="评审因素共 {points} 分，应为 {required} 分",
    en="the factors add up to {points}, not {required}",
)
PRICE_FITS = Text(zh="价格分值 {price} 分", en="price weighs {price} points")
PRICE_TOO_LIGHT = Text(
    zh="价格分值 {price} 分，低于 {required} 分",
    en="price weighs {price} points, {required} needed",
)
PRICE_TOO_HEAVY = Text(
    zh="磋商的价格分值 {price} 分，高于 {most} 分",
    en="price weighs {price} points, at most {most} in a consultation",
)
ONE_PRICE = Text(zh="价格只能列为一个评审因素", en="price is one factor, not several")
FIXED_PRICE_SCORED = Text(
    zh="执行统一价格标准的项目不得对价格评分", en="a uniform price standard is not scored by price"
)


@rule(PRICE_WEIGHT)
def price_weighs_enough(tender: Publication) -> Answer:
    if not tender.demands.scored:
        return not_applicable(spoken(NOT_SCORED, method=term(tender.method)), method=tender.method)
    points = sum(factor.points for factor in tender.factors)
    if points != FULL_SCORE:
        return breached(POINTS_WRONG, points=points, required=FULL_SCORE)
    if sum(f.measure is Measure.PRICE for f in tender.factors) > 1:
        return breached(ONE_PRICE)
    price = tender.price_points
    if tender.fixed_price:
        return breached(FIXED_PRICE_SCORED) if price else not_applicable(PRICE_LEFT_OUT)
    least = LEAST_PRICE_WEIGHT.on(tender.opens)
    if price < least:
        return breached(PRICE_TOO_LIGHT, price=price, required=least)
    if tender.method is Method.COMPETITIVE_CONSULTATION:
        most = MOST_PRICE_WEIGHT_IN_CONSULTATION.on(tender.opens)
        if price > most:
            return breached(PRICE_TOO_HEAVY, price=price, most=most)
    return met(PRICE_FITS, price=price)


GRADE_STATED = Text(zh="授权或委托项目要求等级 {grade}", en="delegated work asks for {grade}")
GRADE_REVIEWED = Text(
    zh="要求等级 {grade}，已记录法律审查：{review}",
    en="{grade} is asked for, with a recorded legal review: {review}",
)
GRADE_MISSING = Text(
    zh="授权或委托项目须明确等级要求", en="delegated or authorised work states the grade it needs"
)
GRADE_UNREVIEWED = Text(
    zh="一般项目要求等级须有法律审查记录",
    en="an ordinary tender asks for a grade only after a recorded legal review",
)
GRADE_NOT_ASKED = Text(zh="不要求评估等级", en="no grade is asked for")


@rule(REQUIRED_GRADE)
def states_the_grade_it_needs(tender: Publication) -> Answer:
    grade = tender.required_grade
    if tender.delegated:
        return met(GRADE_STATED, grade=grade.value) if grade else breached(GRADE_MISSING)
    if grade is None:
        return not_applicable(GRADE_NOT_ASKED)
    if not tender.grade_review:
        return breached(GRADE_UNREVIEWED)
    return met(GRADE_REVIEWED, grade=grade.value, review=tender.grade_review)


# --- priority -----------------------------------------------------------------------------------

PRIORITY_PRINTED = Text(
    zh="得分与报价均相同时，投标截止日评估等级 {grade}（含）以上且最近连续 {passes} 年年度检查合格的机构优先；"
    "不加分",
    en="Where score and price are equal, an agency graded {grade} or better on the day of the "
    "deadline whose last {passes} annual inspections were passed goes first; it adds no points",
)


@rule(PRIORITY)
def prints_its_priority(tender: Publication) -> Answer:
    """Never a silent bonus: a tie-break after score and price, printed with its basis."""
    return met(printed_priority(tender.opens))


def printed_priority(on: date) -> Text:
    test = PRIORITY_TEST.on(on)
    return PRIORITY_PRINTED.filled(grade=test.least_grade.value, passes=test.passes_in_a_row)


PUBLICATION = Rulebook(
    "publishing a tender",
    [
        open_unless_grounded,
        approved_before_leaving_open_tender,
        answers_a_need,
        pays_the_people,
        advertised_long_enough,
        asks_for_enough_bids,
        contract_is_not_too_long,
        conditions_are_no_factors,
        scale_is_no_criterion,
        suppliers_are_treated_alike,
        looks_at_what_counts,
        price_weighs_enough,
        states_the_grade_it_needs,
        bond_is_small,
        prints_its_priority,
    ],
)
