"""What a project needs before money is planned for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.procurement.needs.lifecycle import NeedState
from services.procurement.policy.clauses import (
    DRIVEN_BY_NEEDS,
    PERSONNEL_SHARE,
    PROJECTS_AND_POSTS,
    PURCHASABLE_MATTERS,
    SERVICE_METHODS,
)
from services.procurement.policy.codelists import PurchaseKind
from services.procurement.policy.terms import spoken
from shared.codelists import PurchasableMatter, ServiceMethod
from shared.money import ZERO, Money
from shared.policy import Answer, Rulebook, breached, met, rule
from shared.words import Text

LINKED = Text(zh="回应 {needs} 项已登记的需求", en="answers {needs} recorded needs")
NOT_LINKED = Text(zh="未关联任何需求", en="answers no recorded need")
ANSWERED_ALREADY = Text(
    zh="{closed} 项需求已满足或已撤回", en="{closed} of the needs are met or withdrawn already"
)
POSTS_SAID = Text(zh="购买岗位 {posts} 个", en="{posts} posts are bought")
IS_A_PROJECT = Text(zh="购买项目，不设岗位数", en="a project is bought, not posts")
POSTS_MISSING = Text(zh="购买岗位须写明岗位数", en="a purchase of posts says how many")
POSTS_TOO_MANY = Text(zh="购买项目不写岗位数", en="a purchase of a project names no posts")
NOTHING_PLANNED = Text(zh="预算为零", en="the budget is empty")
PLANNED = Text(
    zh="预算 {budget} 元，其中人员经费 {personnel} 元",
    en="budget {budget} yuan, of which for personnel {personnel}",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What must be known to plan a project."""

    on: date
    need_states: Sequence[str]
    matter: PurchasableMatter
    methods: Sequence[ServiceMethod]
    kind: PurchaseKind
    posts: int | None
    budget: Money
    personnel: Money


@rule(DRIVEN_BY_NEEDS)
def answers_a_need(plan: Plan) -> Answer:
    closed = sum(s in (NeedState.MET, NeedState.WITHDRAWN) for s in plan.need_states)
    if not plan.need_states:
        return breached(NOT_LINKED)
    if closed:
        return breached(ANSWERED_ALREADY, closed=closed)
    return met(LINKED, needs=len(plan.need_states))


MATTER_FITS = Text(zh="购买事项：{matter}", en="the matter bought: {matter}")
MATTER_ENDED = Text(
    zh="{matter} 不在当日的购买目录内", en="{matter} is not in the catalogue of the day"
)


@rule(PURCHASABLE_MATTERS)
def matter_may_be_bought(plan: Plan) -> Answer:
    in_force = plan.matter.in_force_on(plan.on)
    words = spoken(MATTER_FITS if in_force else MATTER_ENDED, matter=plan.matter.label)
    return (met if in_force else breached)(words, matter=plan.matter.value)


METHODS_USED = Text(zh="运用 {number} 种专业方法", en="uses {number} of the eight methods")
NO_METHOD = Text(zh="未写明专业方法", en="names none of the eight methods")


@rule(SERVICE_METHODS)
def uses_a_service_method(plan: Plan) -> Answer:
    used = [method for method in plan.methods if method.in_force_on(plan.on)]
    return met(METHODS_USED, number=len(used)) if used else breached(NO_METHOD)


@rule(PROJECTS_AND_POSTS)
def says_how_many_posts(plan: Plan) -> Answer:
    if plan.kind is PurchaseKind.POST:
        return met(POSTS_SAID, posts=plan.posts) if plan.posts else breached(POSTS_MISSING)
    return breached(POSTS_TOO_MANY) if plan.posts else met(IS_A_PROJECT)


@rule(PERSONNEL_SHARE)
def has_a_budget(plan: Plan) -> Answer:
    """The share itself is asked when the tender goes public: a plan may still be short of it."""
    if plan.budget <= ZERO:
        return breached(NOTHING_PLANNED)
    return met(PLANNED, budget=plan.budget, personnel=plan.personnel)


PLANNING = Rulebook(
    "planning a project",
    [
        answers_a_need,
        matter_may_be_bought,
        uses_a_service_method,
        says_how_many_posts,
        has_a_budget,
    ],
)
