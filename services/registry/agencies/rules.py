"""What the register asks of an agency's bodies, its charter, its suspension and its end."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from services.registry.policy import figures
from services.registry.policy.clauses import (
    CANCELLED_AFTER_LIQUIDATION,
    CHARTER_CHANGE_IN_TIME,
    COUNCIL_SIZE,
    LAWFUL_SUPERVISION,
    PROPER_NAME_AND_STRUCTURE,
    SEPARATE_BODIES,
)
from shared.policy import Answer, Rulebook, breached, met, rule, warned
from shared.words import Text


def is_active(active: bool) -> Answer:
    """Whether an agency may take on people and places: on the register that day, not suspended."""
    if not active:
        return breached(
            Text(
                zh="机构当日未在册或被停止活动",
                en="the agency is not registered, or is suspended, on that day",
            )
        )
    return met(Text(zh="机构当日在册", en="the agency is active on that day"))


def keep_apart(council: Collection[str], supervisors: Collection[str]) -> Answer:
    both = len(set(council) & set(supervisors))
    if both:
        return breached(
            Text(zh="{both} 人同时任理事和监事", en="{both} sit in both council and supervisors"),
            both=both,
        )
    return met(Text(zh="理事与监事互不兼任", en="nobody sits in both bodies"))


@dataclass(frozen=True, slots=True)
class Bodies:
    """The council (理事会) and the board of supervisors (监事会), people named by keyed hash."""

    on: date
    council: tuple[str, ...]
    supervisors: tuple[str, ...]


@rule(SEPARATE_BODIES)
def both_bodies_exist(bodies: Bodies) -> Answer:
    counts = {"council": len(bodies.council), "supervisors": len(bodies.supervisors)}
    if not all(counts.values()):
        return breached(
            Text(
                zh="理事 {council} 人、监事 {supervisors} 人，两者均不得空缺",
                en="{council} council members and {supervisors} supervisors: neither may be empty",
            ),
            **counts,
        )
    return met(
        Text(
            zh="理事 {council} 人、监事 {supervisors} 人",
            en="{council} council members and {supervisors} supervisors",
        ),
        **counts,
    )


@rule(SEPARATE_BODIES)
def nobody_sits_in_both(bodies: Bodies) -> Answer:
    return keep_apart(bodies.council, bodies.supervisors)


@rule(SEPARATE_BODIES)
def nobody_sits_twice(bodies: Bodies) -> Answer:
    twice = sum(len(body) - len(set(body)) for body in (bodies.council, bodies.supervisors))
    if twice:
        return breached(
            Text(zh="{twice} 人重复列名", en="{twice} are named twice in one body"), twice=twice
        )
    return met(Text(zh="无人重复列名", en="nobody is named twice"))


@rule(COUNCIL_SIZE)
def council_of_usual_size(bodies: Bodies) -> Answer:
    """The model charter's numbers: a council outside them is told, not refused."""
    fewest, most = figures.COUNCIL_SEATS.on(bodies.on)
    count = len(bodies.council)
    told = {"count": count, "fewest": fewest, "most": most}
    if not fewest <= count <= most or count % 2 == 0:
        return warned(
            Text(
                zh="理事 {count} 人；示范文本为 {fewest} 至 {most} 人的奇数",
                en="{count} council members; the model charter has an odd number, {fewest} to "
                "{most}",
            ),
            **told,
        )
    return met(Text(zh="理事 {count} 人", en="{count} council members"), **told)


BODIES = Rulebook(
    "seating council and supervisors",
    [both_bodies_exist, nobody_sits_in_both, nobody_sits_twice, council_of_usual_size],
)


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change of the charter, resolved by the council and applied for."""

    today: date
    resolved_on: date
    purpose: str
    scope: str
    methods: tuple[str, ...]


@rule(CHARTER_CHANGE_IN_TIME)
def applied_for_in_thirty_days(amendment: Amendment) -> Answer:
    days = figures.DAYS_TO_FILE_A_CHANGE.on(amendment.resolved_on)
    passed = (amendment.today - amendment.resolved_on).days
    told = {"passed": passed, "days": days}
    if passed < 0:
        return breached(
            Text(zh="决议日期晚于今日", en="the resolution is dated in the future"), **told
        )
    if passed > days:
        return breached(
            Text(
                zh="决议已过 {passed} 日，超过 {days} 日",
                en="the resolution is {passed} days old; a change is applied for within {days}",
            ),
            **told,
        )
    return met(Text(zh="决议后 {passed} 日申请", en="{passed} days after the resolution"), **told)


@rule(PROPER_NAME_AND_STRUCTURE)
def charter_still_says_what_and_how(amendment: Amendment) -> Answer:
    if not (amendment.purpose.strip() and amendment.scope.strip() and amendment.methods):
        return breached(
            Text(
                zh="修改后的章程须写明宗旨、范围和方式",
                en="the amended charter must state purpose, scope and methods",
            )
        )
    return met(Text(zh="宗旨、范围和方式俱全", en="purpose, scope and methods are stated"))


AMENDMENT = Rulebook(
    "amending a charter", [applied_for_in_thirty_days, charter_still_says_what_and_how]
)


@dataclass(frozen=True, slots=True)
class Interruption:
    """A suspension ordered by the supervising office."""

    today: date
    since: date
    registered_on: date
    last_ended_on: date | None
    ground: str


@rule(LAWFUL_SUPERVISION)
def suspension_has_its_day_and_ground(interruption: Interruption) -> Answer:
    earliest = max(interruption.registered_on, interruption.last_ended_on or date.min)
    if not interruption.ground.strip():
        return breached(Text(zh="未写明理由", en="no ground is given"))
    if not earliest <= interruption.since <= interruption.today:
        return breached(
            Text(
                zh="生效日须在 {earliest} 至 {today} 之间",
                en="it takes effect between {earliest} and {today}",
            ),
            earliest=earliest,
            today=interruption.today,
        )
    return met(
        Text(zh="自 {since} 起停止活动", en="suspended from {since}"), since=interruption.since
    )


SUSPENSION = Rulebook("suspending an agency", [suspension_has_its_day_and_ground])


@dataclass(frozen=True, slots=True)
class Ending:
    """What must be known to take an agency off the register (注销)."""

    today: date
    liquidation_ended_on: date
    certificate_returned: bool
    seal_returned: bool


@rule(CANCELLED_AFTER_LIQUIDATION)
def liquidated_first(ending: Ending) -> Answer:
    days = figures.DAYS_TO_CANCEL.on(ending.today)
    passed = (ending.today - ending.liquidation_ended_on).days
    told = {"passed": passed, "days": days}
    if passed < 0:
        return breached(Text(zh="清算尚未结束", en="the liquidation is not over"), **told)
    if passed > days:
        return warned(
            Text(
                zh="清算结束已 {passed} 日，应在 {days} 日内申请注销",
                en="the liquidation ended {passed} days ago; {days} are given to apply",
            ),
            **told,
        )
    return met(
        Text(zh="清算结束后 {passed} 日申请", en="{passed} days after the liquidation"), **told
    )


@rule(CANCELLED_AFTER_LIQUIDATION)
def papers_taken_in(ending: Ending) -> Answer:
    if not (ending.certificate_returned and ending.seal_returned):
        return breached(
            Text(zh="登记证书、印章尚未收缴", en="certificate and seal are not taken in yet")
        )
    return met(Text(zh="登记证书、印章已收缴", en="certificate and seal are taken in"))


CANCELLATION = Rulebook("cancelling a registration", [liquidated_first, papers_taken_in])
