"""When a venue may be given to a resident."""

from dataclasses import dataclass
from datetime import date

from services.incubator.policy.clauses import INSTRUMENTS
from services.incubator.venues.lifecycle import VenueState
from shared.policy import Answer, Rulebook, breached, met, rule
from shared.words import Text


@dataclass(frozen=True, slots=True)
class Allotment:
    """What must be known to allocate a venue; `taken` says who has it then, if anybody."""

    venue_state: str
    physical: bool
    starts_on: date
    ends_on: date
    stay_starts_on: date
    stay_ends_on: date
    taken: bool


@rule(INSTRUMENTS)
def the_venue_is_free(allotment: Allotment) -> Answer:
    if allotment.venue_state != VenueState.AVAILABLE:
        return breached(Text(zh="该场所已停用", en="the venue is withdrawn"))
    if allotment.taken:
        return breached(
            Text(
                zh="该场所在 {first} 至 {last} 期间已有安排",
                en="the venue is taken between {first} and {last}",
            ),
            first=allotment.starts_on,
            last=allotment.ends_on,
        )
    return met(Text(zh="该场所空闲", en="the venue is free"))


@rule(INSTRUMENTS)
def within_a_physical_stay(allotment: Allotment) -> Answer:
    if not allotment.physical:
        return breached(Text(zh="虚拟入驻不安排场所", en="a virtual stay takes no room"))
    if not (
        allotment.stay_starts_on
        <= allotment.starts_on
        <= allotment.ends_on
        <= allotment.stay_ends_on
    ):
        return breached(
            Text(zh="超出入驻期 {first} 至 {last}", en="outside the stay from {first} to {last}"),
            first=allotment.stay_starts_on,
            last=allotment.stay_ends_on,
        )
    return met(Text(zh="在入驻期内", en="within the stay"))


ALLOTMENT = Rulebook("allocating a venue", [the_venue_is_free, within_a_physical_stay])
