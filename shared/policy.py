"""Rules as plain functions that cite their clause, and verdicts that explain themselves.

A `Clause` says where a demand is written. A `Dated` figure says what number the clause set on
which day. A rule takes gathered facts and answers; a `Rulebook` asks every rule and returns a
`Verdict` with a finding for each, so that a refusal lists everything that is wrong. The figures a
rule looked up are noted in its finding by themselves, with the day they came into force.

Figures that nobody has confirmed against the text of the law are *drafts* (草案): usable in a
sandbox, refused in production until an officer confirms them with a citation.
"""

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

from shared.errors import FieldError, FigureUnconfirmed, InvalidInput, PolicyRefused
from shared.words import Text

F = TypeVar("F")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Clause:
    """A place in a policy or law: the source's own name, its number, and what it demands."""

    source: str
    number: str
    demand: Text

    def __str__(self) -> str:
        return f"{self.source} {self.number}"


class Outcome(StrEnum):
    MET = "met"
    BREACHED = "breached"
    WARNING = "warning"
    """Nothing is refused, but a person should know."""
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one rule says about the facts."""

    outcome: Outcome
    reason: Text
    figures: Mapping[str, Any] = field(default_factory=dict)


def met(reason: Text, **figures: Any) -> Answer:
    return Answer(Outcome.MET, reason.filled(**figures), figures)


def breached(reason: Text, **figures: Any) -> Answer:
    return Answer(Outcome.BREACHED, reason.filled(**figures), figures)


def warned(reason: Text, **figures: Any) -> Answer:
    return Answer(Outcome.WARNING, reason.filled(**figures), figures)


def not_applicable(reason: Text, **figures: Any) -> Answer:
    return Answer(Outcome.NOT_APPLICABLE, reason.filled(**figures), figures)


@dataclass(frozen=True, slots=True)
class Basis:
    """A figure that a rule looked up: its value, since when it is in force, and whether it is sure."""

    clause: Clause
    name: str
    value: Any
    since: date
    draft: bool
    citation: str | None


class FigureNotInForce(InvalidInput):
    """The clause had no figure on that day: no law of ours decides what was so long ago."""

    def __init__(self, name: str, clause: Clause, first: date) -> None:
        rule = Text(
            zh=f"{name}（{clause}）自 {first} 起方有规定",
            en=f"{name} ({clause}) holds from {first}",
        )
        remedy = Text(zh="请提交该日或之后的日期", en="send that day or a later one")
        super().__init__([FieldError("", rule, remedy)])


@dataclass(slots=True)
class _Drafts:
    """Whether draft figures may be used in this process, and which were confirmed by whom."""

    usable: bool = True
    confirmed: Mapping[str, str] = field(default_factory=dict)


_drafts = _Drafts()
_looked_up: ContextVar[list[Basis] | None] = ContextVar("looked_up", default=None)


def configure_drafts(*, usable: bool, confirmed: Mapping[str, str]) -> None:
    """Set at start-up from the settings: drafts are usable in a sandbox only.

    `confirmed` maps a figure's name to the citation by which an officer confirmed it.
    """
    _drafts.usable = usable
    _drafts.confirmed = dict(confirmed)


class Dated(Generic[V]):
    """A figure by the day it came into force. `draft=True` marks a value nobody has confirmed."""

    def __init__(
        self, clause: Clause, values: Mapping[date, V], *, name: str, draft: bool = False
    ) -> None:
        self.clause = clause
        self.name = name
        self.draft = draft
        self._values = sorted(values.items())

    def since(self, day: date) -> date:
        """The day from which the figure in force on `day` applies."""
        return self._in_force(day)[0]

    def on(self, day: date) -> V:
        """The figure in force on `day`; the finding being made notes that it was used."""
        since, value = self._in_force(day)
        citation = _drafts.confirmed.get(self.name)
        draft = self.draft and citation is None
        if draft and not _drafts.usable:
            raise FigureUnconfirmed(
                Text(
                    zh=f"{self.name}（{self.clause}）为草案：须由经办人注明依据后方可使用",
                    en=f"{self.name} ({self.clause}) is a draft: confirm it with a citation first",
                )
            )
        used = _looked_up.get()
        if used is not None:
            used.append(Basis(self.clause, self.name, value, since, draft, citation))
        return value

    def versions(self) -> Sequence[tuple[date, V]]:
        return tuple(self._values)

    def _in_force(self, day: date) -> tuple[date, V]:
        for since, value in reversed(self._values):
            if since <= day:
                return since, value
        raise FigureNotInForce(self.name, self.clause, self._values[0][0])


@dataclass(frozen=True, slots=True)
class Rule(Generic[F]):
    """A function from facts to an answer, with the clause it puts into effect."""

    clause: Clause
    name: str
    question: Callable[[F], Answer]

    def __call__(self, facts: F) -> Answer:
        return self.question(facts)


def rule(clause: Clause) -> Callable[[Callable[[F], Answer]], Rule[F]]:
    """Mark a function as the rule that carries out `clause`; its name is true when it is met."""

    def mark(question: Callable[[F], Answer]) -> Rule[F]:
        return Rule(clause, question.__name__, question)

    return mark


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found, with the clause, the reason and the figures it rests on."""

    rule: str
    clause: Clause
    outcome: Outcome
    reason: Text
    figures: Mapping[str, Any]
    basis: tuple[Basis, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "clause": {
                "source": self.clause.source,
                "number": self.clause.number,
                "demand": self.clause.demand.both(),
            },
            "outcome": self.outcome.value,
            "reason": self.reason.both(),
            "figures": {name: plain(value) for name, value in self.figures.items()},
            "basis": [
                {
                    "figure": b.name,
                    "value": plain(b.value),
                    "in_force_since": b.since.isoformat(),
                    "unconfirmed": b.draft,
                    "citation": b.citation or str(b.clause),
                }
                for b in self.basis
            ],
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """Every finding of a rulebook on the day whose law governs."""

    rulebook: str
    on: date
    findings: tuple[Finding, ...]

    @property
    def breaches(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.outcome is Outcome.BREACHED)

    @property
    def passed(self) -> bool:
        return not self.breaches

    def require(self) -> "Verdict":
        """Refuse, with every finding, when any rule is breached."""
        if not self.passed:
            raise PolicyRefused(self)
        return self

    def as_dict(self) -> dict[str, Any]:
        return {
            "rulebook": self.rulebook,
            "on": self.on.isoformat(),
            "passed": self.passed,
            "findings": [finding.as_dict() for finding in self.findings],
        }


class Rulebook(Generic[F]):
    """The rules asked for one kind of decision, in the order they are told."""

    def __init__(self, decision: str, rules: Sequence[Rule[F]]) -> None:
        self.decision = decision
        self.rules = tuple(rules)

    def judge(self, facts: F, *, on: date) -> Verdict:
        """Ask every rule. `on` is the governing day, kept with the verdict."""
        return Verdict(self.decision, on, tuple(self._ask(rule, facts) for rule in self.rules))

    def _ask(self, rule: Rule[F], facts: F) -> Finding:
        used: list[Basis] = []
        token = _looked_up.set(used)
        try:
            answer = rule(facts)
        finally:
            _looked_up.reset(token)
        return Finding(
            rule.name, rule.clause, answer.outcome, answer.reason, answer.figures, tuple(used)
        )


def plain(value: Any) -> Any:
    """A value as JSON can carry it exactly: no floats made, dates and decimals as text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, Text):
        return value.both()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence | set | frozenset):
        return [plain(item) for item in value]
    if callable(value):
        return getattr(value, "__name__", str(value))
    return str(value)
