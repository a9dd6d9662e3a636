"""How an application is handled: told once, three people, sixty days, five grounds of refusal."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.registry.policy import figures
from services.registry.policy.clauses import (
    DECIDED_IN_TIME,
    GROUNDS_OF_REFUSAL,
    THREE_PEOPLE,
    TOLD_ONCE,
)
from shared.policy import Answer, Rulebook, breached, met, rule, warned
from shared.words import Text


class RefusalGround(StrEnum):
    """R-09: the five grounds on which registration is refused."""

    UNLAWFUL_AIMS = "unlawful_aims"
    FRAUD = "fraud"
    NO_NEED = "no_need"
    UNFIT_HEAD = "unfit_head"
    BARRED_BY_LAW = "barred_by_law"


@dataclass(frozen=True, slots=True)
class Return:
    """Sending an application back for what is missing."""

    told_before: bool
    answer_due: date
    today: date
    missing: tuple[str, ...]


@rule(TOLD_ONCE)
def told_for_the_first_time(facts: Return) -> Answer:
    if facts.told_before:
        return breached(
            Text(
                zh="已一次告知过补正内容，不得再次退回",
                en="what was missing has been told once already",
            )
        )
    return met(Text(zh="首次告知", en="told for the first time"))


@rule(TOLD_ONCE)
def told_in_time(facts: Return) -> Answer:
    days = figures.DAYS_TO_TELL.on(facts.today)
    told = {"due": facts.answer_due, "days": days}
    if facts.today > facts.answer_due:
        return breached(
            Text(
                zh="{days} 个工作日的告知期限已于 {due} 届满，视为受理",
                en="the {days} working days to tell ended on {due}; the application counts as "
                "accepted",
            ),
            **told,
        )
    return met(
        Text(zh="在 {due} 前一次告知", en="told by {due}, within {days} working days"), **told
    )


@rule(TOLD_ONCE)
def says_what_is_missing(facts: Return) -> Answer:
    if not facts.missing:
        return breached(Text(zh="未列明须补正的内容", en="it does not say what is missing"))
    return met(
        Text(zh="列明 {count} 项", en="{count} things to be made good"), count=len(facts.missing)
    )


RETURN = Rulebook(
    "returning an application", [told_for_the_first_time, told_in_time, says_what_is_missing]
)


@dataclass(frozen=True, slots=True)
class Step:
    """One of the three steps 经办、审核、审批: who does it, and who did those before."""

    person: str
    before: tuple[str, ...]


@rule(THREE_PEOPLE)
def done_by_another_person(step: Step) -> Answer:
    if step.person in step.before:
        return breached(
            Text(
                zh="{person} 已办理前一环节，须由他人办理",
                en="{person} did an earlier step; another person must do this one",
            ),
            person=step.person,
        )
    return met(Text(zh="由另一人办理", en="done by another person"))


STEP = Rulebook("handling in three steps", [done_by_another_person])


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision on an application: when it was due, and why it is refused if it is."""

    today: date
    due: date
    received: date
    grounds: tuple[str, ...] = ()
    conditions_met: bool = True


@rule(DECIDED_IN_TIME)
def decided_in_sixty_days(decision: Decision) -> Answer:
    """A late decision is the office's fault, never a reason to leave it unmade."""
    days = figures.DAYS_TO_DECIDE.on(decision.received)
    told = {"days": days, "due": decision.due, "late": (decision.today - decision.due).days}
    if decision.today > decision.due:
        return warned(
            Text(
                zh="决定期限 {days} 日已于 {due} 届满，迟延 {late} 日",
                en="the decision was due on {due} ({days} days) and is {late} days late",
            ),
            **told,
        )
    return met(Text(zh="在 {due} 前作出决定", en="decided by {due}, within {days} days"), **told)


@rule(GROUNDS_OF_REFUSAL)
def refused_on_a_listed_ground(decision: Decision) -> Answer:
    if not decision.grounds and decision.conditions_met:
        return breached(
            Text(
                zh="各项条件均符合，且未列明法定理由，不得拒绝登记",
                en="every condition is met and no ground of the law is named",
            )
        )
    return met(
        Text(zh="有法定理由或条件不符", en="a ground of the law, or a condition not met"),
        grounds=list(decision.grounds),
    )


IN_TIME = Rulebook("deciding in time", [decided_in_sixty_days])
REFUSAL = Rulebook("refusing registration", [refused_on_a_listed_ground, decided_in_sixty_days])
