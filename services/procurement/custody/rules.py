"""Who may hold the seal of a tender together."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.procurement.policy.seals import BIDDERS_KEPT_SECRET, KEPT_UNOPENED
from shared.policy import Answer, Rulebook, breached, met, not_applicable, rule
from shared.words import Text

ENOUGH = Text(zh="保管人 {found} 个，需 {needed} 个", en="{found} custodians of {needed} needed")
NOT_ENOUGH = Text(
    zh="可用保管人 {found} 个，方案“{profile}”需 {needed} 个，须先登记",
    en="{found} custodians stand ready, profile {profile} needs {needed}: register them first",
)
NO_CUSTODIANS = Text(zh="投标人自持密钥", en="each bidder keeps its own key")
OPPOSED = Text(zh="保管人分属不同机构：{organs}", en="each from another organ: {organs}")
ONE_INTEREST = Text(
    zh="保管人须分属利益相对的不同机构，现有：{organs}",
    en="custodians come from organs with opposed interests, found: {organs}",
)


@dataclass(frozen=True, slots=True)
class Custody:
    """Who would hold the shares of a tender's bids."""

    profile: str
    needed: int
    organs: Sequence[str]


@rule(KEPT_UNOPENED)
def enough_custodians_hold_the_seal(custody: Custody) -> Answer:
    if custody.needed == 0:
        return not_applicable(NO_CUSTODIANS)
    found = len(custody.organs)
    if found < custody.needed:
        return breached(NOT_ENOUGH, found=found, needed=custody.needed, profile=custody.profile)
    return met(ENOUGH, found=found, needed=custody.needed)


@rule(BIDDERS_KEPT_SECRET)
def custodians_have_opposed_interests(custody: Custody) -> Answer:
    if custody.needed == 0:
        return not_applicable(NO_CUSTODIANS)
    organs = "、".join(custody.organs) or "-"
    if len(set(custody.organs)) < len(custody.organs):
        return breached(ONE_INTEREST, organs=organs)
    return met(OPPOSED, organs=organs)


CUSTODY = Rulebook(
    "freezing a seal policy",
    [enough_custodians_hold_the_seal, custodians_have_opposed_interests],
)
