"""What follows from an evaluated result, and what a supplier's record says on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.procurement.policy.clauses import RESULTS_FED_BACK
from services.procurement.policy.codelists import Result
from services.procurement.policy.figures import CONSEQUENCES
from services.procurement.suppliers.lifecycle import ConsequenceKind as Kind
from shared.policy import Answer, Rulebook, breached, met, not_applicable, rule
from shared.words import Text

FULL = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing that follows from a result. `until` is empty when it has no end."""

    kind: Kind
    percent: int | None
    starts: date
    until: date | None = None


def outcomes_of(result: Result, concluded: date) -> Sequence[Outcome]:
    """By the table in force on the day of the conclusion; a ban covers the next calendar year."""
    following = CONSEQUENCES.on(concluded)[result]
    payment = Outcome(
        _payment_kind(following.payment_percent), following.payment_percent, concluded
    )
    others = {
        Outcome(Kind.RENEWAL_GROUND, None, concluded): following.renewal,
        Outcome(Kind.CORRECTION, None, concluded): following.correction,
        _next_year_ban(concluded): following.barred_next_year,
    }
    return [payment, *(outcome for outcome, follows in others.items() if follows)]


def _payment_kind(percent: int) -> Kind:
    if percent == FULL:
        return Kind.PAYMENT_IN_FULL
    return Kind.PAYMENT_IN_PART if percent else Kind.PAYMENT_WITHHELD


def _next_year_ban(concluded: date) -> Outcome:
    year = concluded.year + 1
    return Outcome(Kind.PURCHASE_BAN, None, date(year, 1, 1), date(year, 12, 31))


@dataclass(frozen=True, slots=True)
class Entry:
    """One consequence of a supplier's record, as far as a decision needs it."""

    kind: Kind
    starts: date
    until: date | None
    cause: str
    """The event of the evaluation that it follows from."""

    def holds_on(self, day: date) -> bool:
        return self.starts <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Record:
    """What is on a supplier's record, and the day that it is read for."""

    on: date
    entries: Sequence[Entry]

    def holding(self, kind: Kind) -> Sequence[Entry]:
        return [entry for entry in self.entries if entry.kind is kind and entry.holds_on(self.on)]


NO_BAN = Text(zh="没有有效的承接禁令", en="no ban is in force")
BANNED = Text(
    zh="绩效评价不合格，{starts} 至 {until} 不得承接（依据事件 {cause}）",
    en="barred from {starts} to {until} after a failed evaluation (event {cause})",
)
NO_RESULTS = Text(zh="尚无优良的履约评价", en="no excellent or good results yet")
GOOD_RESULTS = Text(
    zh="履约评价优良 {times} 次（依据事件 {causes}），可作为续约与优先依据",
    en="{times} excellent or good results (events {causes}): a ground for renewal",
)


def judge_ban(record: Record) -> Answer:
    """6.1(9), asked of every bidder and shown in the track record."""
    bans = record.holding(Kind.PURCHASE_BAN)
    if not bans:
        return met(NO_BAN)
    ban = bans[0]
    return breached(BANNED, starts=ban.starts, until=ban.until, cause=ban.cause)


def judge_good_results(record: Record) -> Answer:
    good = record.holding(Kind.RENEWAL_GROUND)
    if not good:
        return not_applicable(NO_RESULTS)
    return met(GOOD_RESULTS, times=len(good), causes="、".join(entry.cause for entry in good))


@rule(RESULTS_FED_BACK)
def may_be_bought_from(record: Record) -> Answer:
    return judge_ban(record)


@rule(RESULTS_FED_BACK)
def has_good_results(record: Record) -> Answer:
    return judge_good_results(record)


TRACK_RECORD = Rulebook("reading a track record", [may_be_bought_from, has_good_results])
