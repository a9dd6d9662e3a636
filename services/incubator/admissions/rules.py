"""How candidates are ranked: the policy's two lists first, then the panel, then who came first.

The lists are a key to rank by and no bar: whoever serves other people may be chosen too. Ticking
more boxes of one list helps nobody; what counts is whether each list is met.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.incubator.policy.clauses import PRIORITY_FIELDS, PRIORITY_FIRST, PRIORITY_GROUPS
from shared.codelists import ClientGroup, ServiceField
from shared.policy import Answer, Outcome, Rulebook, Verdict, met, not_applicable, rule
from shared.words import Text


@dataclass(frozen=True, slots=True)
class Entrant:
    """What must be known of a candidate to rank it; `score` is the panel's, out of 100."""

    id: str
    name: str
    client_groups: Sequence[ClientGroup]
    service_fields: Sequence[ServiceField]
    score: int
    applied_at: datetime


@rule(PRIORITY_GROUPS)
def serves_a_priority_group(entrant: Entrant) -> Answer:
    if not entrant.client_groups:
        return not_applicable(
            Text(
                zh="不在七类重点服务对象之列，不影响入选资格", en="none of the seven groups; no bar"
            )
        )
    return met(
        Text(zh="重点服务对象：{zh}", en="priority groups: {en}"),
        zh="、".join(group.label.zh for group in entrant.client_groups),
        en=", ".join(group.label.en for group in entrant.client_groups),
    )


@rule(PRIORITY_FIELDS)
def works_in_a_priority_field(entrant: Entrant) -> Answer:
    if not entrant.service_fields:
        return not_applicable(
            Text(
                zh="不在九个重点服务领域之列，不影响入选资格", en="none of the nine fields; no bar"
            )
        )
    return met(
        Text(zh="重点服务领域：{zh}", en="priority fields: {en}"),
        zh="、".join(field.label.zh for field in entrant.service_fields),
        en=", ".join(field.label.en for field in entrant.service_fields),
    )


PRIORITY = Rulebook("ranking a start-up", [serves_a_priority_group, works_in_a_priority_field])


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate's place in the ranking, and why it is not the next one's."""

    number: int
    of: int
    entrant: Entrant
    lists_met: int
    verdict: Verdict
    reason: Text

    def as_dict(self) -> dict[str, Any]:
        return {
            "place": self.number,
            "of": self.of,
            "lists_met": self.lists_met,
            "panel_score": self.entrant.score,
            "applied_at": self.entrant.applied_at.isoformat(),
            "reason": self.reason.both(),
            "basis": {"source": PRIORITY_FIRST.source, "number": PRIORITY_FIRST.number},
            "findings": self.verdict.as_dict()["findings"],
        }


@dataclass(frozen=True, slots=True)
class _Standing:
    entrant: Entrant
    verdict: Verdict
    lists_met: int

    @property
    def key(self) -> tuple[int, int, datetime, str]:
        return (-self.lists_met, -self.entrant.score, self.entrant.applied_at, self.entrant.id)


def rank(entrants: Iterable[Entrant], *, on: date) -> list[Place]:
    """Every candidate's place, best first; each explains itself."""
    standing = sorted((_standing(entrant, on) for entrant in entrants), key=lambda one: one.key)
    return [
        Place(
            number,
            len(standing),
            one.entrant,
            one.lists_met,
            one.verdict,
            _ahead_because(one, next(iter(standing[number:]), None)),
        )
        for number, one in enumerate(standing, start=1)
    ]


def _standing(entrant: Entrant, on: date) -> _Standing:
    verdict = PRIORITY.judge(entrant, on=on)
    lists_met = sum(finding.outcome is Outcome.MET for finding in verdict.findings)
    return _Standing(entrant, verdict, lists_met)


def _ahead_because(one: _Standing, behind: _Standing | None) -> Text:
    if behind is None:
        return Text(
            zh="满足 {lists} 项重点清单，评审 {score} 分；其后无人",
            en="meets {lists} of the two lists, panel {score}; nobody follows",
        ).filled(lists=one.lists_met, score=one.entrant.score)
    if one.lists_met != behind.lists_met:
        return Text(
            zh="满足 {mine} 项重点清单，后一位满足 {theirs} 项",
            en="meets {mine} of the two lists, the next {theirs}",
        ).filled(mine=one.lists_met, theirs=behind.lists_met)
    if one.entrant.score != behind.entrant.score:
        return Text(
            zh="重点清单相同，评审 {mine} 分，后一位 {theirs} 分",
            en="alike by the lists; panel {mine}, the next {theirs}",
        ).filled(mine=one.entrant.score, theirs=behind.entrant.score)
    return Text(
        zh="重点清单和评审得分均相同，申请在先", en="alike by lists and panel; applied first"
    )
