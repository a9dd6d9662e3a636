"""Who may evaluate whom: independence of the body, recusal of each person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.evaluation.evaluators.lifecycle import EvaluatorState
from services.evaluation.policy.clauses import EVALUATION_BODIES, RECUSAL, THIRD_PARTY
from services.evaluation.policy.figures import RECUSAL_YEARS
from shared.days import years_after
from shared.policy import Answer, Rulebook, breached, met, rule
from shared.words import Text


class TieKind(StrEnum):
    """How somebody is bound to an organisation."""

    EMPLOYMENT = "employment"
    COUNCIL = "council"
    KIN = "kin"
    CONTRACT = "contract"
    OTHER_INTEREST = "other_interest"


class BodyKind(StrEnum):
    """评估, 咨询服务, 督导培训 (6.1(11)); only the first may evaluate."""

    EVALUATION = "evaluation"
    ADVISORY = "advisory"
    SUPERVISION_TRAINING = "supervision_training"


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie to an organisation; `until` is the day it ended, none while it lasts."""

    credit_code: str
    kind: TieKind
    until: date | None = None

    def bars(self, credit_code: str, on: date, years: int) -> bool:
        """Whether it keeps its holder from judging that organisation on that day.

        Work for the body bars for some years after it ended; other ties while they last.
        """
        if self.credit_code != credit_code:
            return False
        if self.until is None or on <= self.until:
            return True
        worked_there = self.kind in (TieKind.EMPLOYMENT, TieKind.COUNCIL)
        return worked_there and on < years_after(self.until, years)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who judges, with the ties they declared."""

    name: str
    ties: tuple[Tie, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """What must be known to let a body evaluate an agency."""

    on: date
    credit_code: str
    body_code: str
    body_state: str
    body_kind: BodyKind
    accredited_until: date
    body_ties: Sequence[Tie]
    people: Sequence[Person]


@rule(EVALUATION_BODIES)
def an_accredited_evaluation_body(case: Assignment) -> Answer:
    if case.body_kind is not BodyKind.EVALUATION:
        return breached(
            Text(zh="该机构不是评估机构", en="the body is not one for evaluation"),
            kind=case.body_kind,
        )
    if case.body_state != EvaluatorState.ACCREDITED or case.on > case.accredited_until:
        return breached(
            Text(zh="资格至 {until}，当前状态 {state}", en="accredited until {until}, now {state}"),
            until=case.accredited_until,
            state=str(case.body_state),
        )
    return met(
        Text(zh="资格有效至 {until}", en="accredited until {until}"), until=case.accredited_until
    )


@rule(THIRD_PARTY)
def a_third_party(case: Assignment) -> Answer:
    if case.body_code == case.credit_code:
        return breached(Text(zh="不得评估本机构", en="nobody evaluates itself"))
    years = RECUSAL_YEARS.on(case.on)
    if any(tie.bars(case.credit_code, case.on, years) for tie in case.body_ties):
        return breached(
            Text(
                zh="评估机构与被评估组织有利害关系",
                en="the body has an interest in the rated agency",
            )
        )
    return met(Text(zh="与被评估组织无利害关系", en="no interest in the rated agency"))


@rule(RECUSAL)
def somebody_is_free_to_judge(case: Assignment) -> Answer:
    years = RECUSAL_YEARS.on(case.on)
    free = [person.name for person in case.people if not barred(person, case.credit_code, case.on)]
    if not free:
        return breached(
            Text(
                zh="没有可参与的专家：均有利害关系或离开不满 {years} 年",
                en="no expert is free: each has an interest or left less than {years} years ago",
            ),
            years=years,
        )
    return met(
        Text(zh="{count} 名专家可参与", en="{count} experts are free to judge"),
        count=len(free),
        stand_aside=[person.name for person in case.people if person.name not in free],
    )


def barred(person: Person, credit_code: str, on: date) -> bool:
    """Whether the person must stand aside (回避) from judging that agency."""
    years = RECUSAL_YEARS.on(on)
    return any(tie.bars(credit_code, on, years) for tie in person.ties)


ASSIGNMENT = Rulebook(
    "assigning an evaluator",
    [an_accredited_evaluation_body, a_third_party, somebody_is_free_to_judge],
)
