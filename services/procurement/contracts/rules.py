"""When a contract may be signed, an instalment applied for, and money paid out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.procurement.policy.clauses import (
    BY_CONTRACT,
    CONTRACT_TERM,
    PERSONNEL_SHARE,
    RESULTS_FED_BACK,
    SIGNED_IN_TIME,
    SUPERVISED,
)
from services.procurement.policy.codelists import Stage
from services.procurement.tenders.rules import judge_personnel_share
from shared.money import Money
from shared.policy import Answer, Rulebook, breached, met, not_applicable, rule, warned
from shared.words import Text


@dataclass(frozen=True, slots=True)
class Milestone:
    """A part of the service that is paid for; `stage` names the evaluation it waits for."""

    due: date
    amount: Money
    stage: Stage | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What must be known to draw up or sign a contract."""

    governed_by: date
    today: date
    price: Money
    personnel: Money
    milestones: Sequence[Milestone]
    starts: date
    ends: date
    tendered_start: date
    tendered_end: date
    due: date | None
    late_reason: str | None


AS_BID = Text(
    zh="各期合计 {total} 元，与中标价一致", en="the milestones add up to the price bid, {total}"
)
NOT_AS_BID = Text(
    zh="各期合计 {total} 元，中标价 {price} 元",
    en="the milestones add up to {total}, the price bid is {price}",
)


@rule(SIGNED_IN_TIME)
def costs_what_was_bid(agreement: Agreement) -> Answer:
    total = Money.total(milestone.amount for milestone in agreement.milestones)
    if total != agreement.price or any(m.amount.fen <= 0 for m in agreement.milestones):
        return breached(NOT_AS_BID, total=total, price=agreement.price)
    return met(AS_BID, total=total)


@rule(PERSONNEL_SHARE)
def pays_the_people(agreement: Agreement) -> Answer:
    return judge_personnel_share(agreement.personnel, agreement.price, agreement.governed_by)


TERM_AS_TENDERED = Text(
    zh="{starts} 至 {ends}，在公告的合同期内", en="{starts} to {ends}, as tendered"
)
TERM_LONGER = Text(
    zh="{starts} 至 {ends}，超出公告的 {from_} 至 {to}",
    en="{starts} to {ends} goes beyond the term tendered, {from_} to {to}",
)


@rule(CONTRACT_TERM)
def runs_as_tendered(agreement: Agreement) -> Answer:
    """It may begin later than planned, but it lasts no longer and does not begin before."""
    planned = agreement.tendered_end - agreement.tendered_start
    length = agreement.ends - agreement.starts
    if agreement.starts < agreement.tendered_start or length.days < 0 or length > planned:
        return breached(
            TERM_LONGER,
            starts=agreement.starts,
            ends=agreement.ends,
            from_=agreement.tendered_start,
            to=agreement.tendered_end,
        )
    return met(TERM_AS_TENDERED, starts=agreement.starts, ends=agreement.ends)


IN_TIME = Text(zh="应于 {due} 前签订", en="to be signed by {due}")
LATE = Text(
    zh="应于 {due} 前签订，已逾期且未说明原因", en="was to be signed by {due}; no reason is given"
)
LATE_WITH_REASON = Text(
    zh="应于 {due} 前签订，逾期原因：{why}", en="was to be signed by {due}; late because: {why}"
)
NOT_ANNOUNCED = Text(zh="结果尚未公告", en="the result is not announced")


@rule(SIGNED_IN_TIME)
def is_signed_in_time(agreement: Agreement) -> Answer:
    if agreement.due is None:
        return breached(NOT_ANNOUNCED)
    if agreement.today <= agreement.due:
        return met(IN_TIME, due=agreement.due)
    if agreement.late_reason:
        return warned(LATE_WITH_REASON, due=agreement.due, why=agreement.late_reason)
    return breached(LATE, due=agreement.due)


FED_BACK = Text(zh="{number} 期款项取决于绩效评价", en="{number} milestones wait for an evaluation")
NOT_FED_BACK = Text(
    zh="没有款项取决于末期评价，评价结果无从运用", en="no milestone waits for the final evaluation"
)


@rule(RESULTS_FED_BACK)
def payment_follows_results(agreement: Agreement) -> Answer:
    stages = [m.stage for m in agreement.milestones if m.stage is not None]
    if Stage.FINAL not in stages:
        return warned(NOT_FED_BACK)
    return met(FED_BACK, number=len(stages))


SIGNING = Rulebook(
    "signing a contract",
    [
        costs_what_was_bid,
        pays_the_people,
        runs_as_tendered,
        is_signed_in_time,
        payment_follows_results,
    ],
)


@dataclass(frozen=True, slots=True)
class Application:
    """What must be known when an instalment is applied for."""

    today: date
    due: date
    in_force: bool


DUE = Text(zh="该期于 {due} 到期", en="the milestone fell due on {due}")
NOT_DUE = Text(zh="该期于 {due} 到期，尚未到期", en="the milestone falls due on {due}")
NOT_IN_FORCE = Text(zh="合同未在履行中", en="the contract is not being carried out")


@rule(BY_CONTRACT)
def milestone_is_due(application: Application) -> Answer:
    if not application.in_force:
        return breached(NOT_IN_FORCE)
    if application.today < application.due:
        return breached(NOT_DUE, due=application.due)
    return met(DUE, due=application.due)


APPLYING = Rulebook("applying for an instalment", [milestone_is_due])


@dataclass(frozen=True, slots=True)
class Release:
    """What must be known before money is paid out."""

    releases: str
    releases_for: str | None
    applied: str
    supplier: str
    stage: Stage | None
    cleared: Money
    paid: Money
    cause: str | None
    """The event whose result cleared the instalment."""


BY_ANOTHER = Text(zh="支付人与申请人不同", en="paid out by somebody other than who applied")
BY_THE_SAME = Text(
    zh="支付人不得是申请人或承接单位", en="who applied, or works for the supplier, does not pay out"
)


@rule(SUPERVISED)
def released_by_another(release: Release) -> Answer:
    if release.releases == release.applied or release.releases_for == release.supplier:
        return breached(BY_THE_SAME)
    return met(BY_ANOTHER)


CLEARED = Text(
    zh="应付 {amount} 元，依据评价事件 {cause}",
    en="{amount} yuan is due by the result of event {cause}",
)
CLEARED_BY_CONTRACT = Text(zh="应付 {amount} 元，依合同", en="{amount} yuan is due by the contract")
NOTHING_DUE = Text(zh="没有应付款项", en="nothing is due")


@rule(RESULTS_FED_BACK)
def result_allows_it(release: Release) -> Answer:
    amount = release.cleared - release.paid
    if amount.fen <= 0:
        return breached(NOTHING_DUE)
    if release.stage is None:
        return not_applicable(CLEARED_BY_CONTRACT, amount=amount)
    return met(CLEARED, amount=amount, cause=release.cause or "—")


RELEASING = Rulebook("paying out an instalment", [released_by_another, result_allows_it])
