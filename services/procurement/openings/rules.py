"""When the seals of a tender may be broken."""

from dataclasses import dataclass
from datetime import datetime

from services.procurement.policy.clauses import ENOUGH_BIDDERS
from services.procurement.policy.seals import OPENED_AT_THE_DEADLINE, SEAL_CHECKED_FIRST
from shared.policy import Answer, Rulebook, breached, met, rule
from shared.sealing.canonical import instant_text
from shared.words import Text

ENOUGH = Text(zh="递交的投标不少于 {needed} 份", en="at least {needed} bids were lodged")
# How many there were is not told: they were never opened.
TOO_FEW = Text(
    zh="截止时递交的投标不足 {needed} 份，不得开标，应予废标",
    en="fewer than {needed} bids were lodged: there is no opening, the tender fails",
)
REACHED = Text(zh="已到开标时间 {deadline}", en="the time of opening, {deadline}, is reached")
NOT_REACHED = Text(zh="未到开标时间 {deadline}", en="the time of opening is {deadline}")


@dataclass(frozen=True, slots=True)
class Opening:
    """What must be known before a share is asked for."""

    now: datetime
    deadline: datetime
    lodged: int
    minimum: int


@rule(OPENED_AT_THE_DEADLINE)
def the_deadline_has_passed(opening: Opening) -> Answer:
    deadline = instant_text(opening.deadline)
    if opening.now < opening.deadline:
        return breached(NOT_REACHED, deadline=deadline)
    return met(REACHED, deadline=deadline)


@rule(ENOUGH_BIDDERS)
def enough_bids_were_lodged(opening: Opening) -> Answer:
    if opening.lodged < opening.minimum:
        return breached(TOO_FEW, needed=opening.minimum)
    return met(ENOUGH, needed=opening.minimum)


OPENING = Rulebook("opening the bids", [the_deadline_has_passed, enough_bids_were_lodged])

WHOLE = Text(zh="密封完好，当众拆封、宣读", en="the seal is whole; opened and read out")
BROKEN = Text(
    zh="未能拆封：{found}（{where}），责任：{fault}",
    en="it stayed shut: {found} at {where}; by the fault of: {fault}",
)


@dataclass(frozen=True, slots=True)
class Seal:
    """What was found when a bid's seal, manifest and signature were checked."""

    reason: str | None = None
    where: str = ""
    fault: str = ""


@rule(SEAL_CHECKED_FIRST)
def the_seal_is_whole(seal: Seal) -> Answer:
    if seal.reason is None:
        return met(WHOLE)
    return breached(BROKEN, found=seal.reason, where=seal.where, fault=seal.fault)


SEAL = Rulebook("breaking the seal of a bid", [the_seal_is_whole])
