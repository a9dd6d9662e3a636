"""How a committee must be made up."""

from dataclasses import dataclass
from datetime import date

from services.evaluation.policy.clauses import COMMITTEE
from services.evaluation.policy.figures import COMMITTEE_SIZE, COMMITTEE_TERM_YEARS
from shared.days import years_after
from shared.policy import Answer, Rulebook, breached, met, rule
from shared.words import Text


@dataclass(frozen=True, slots=True)
class Seating:
    """What must be known to seat a committee."""

    members: int
    starts_on: date
    ends_on: date


@rule(COMMITTEE)
def of_the_right_size(seating: Seating) -> Answer:
    least, most = COMMITTEE_SIZE.on(seating.starts_on)
    if not least <= seating.members <= most:
        return breached(
            Text(
                zh="委员 {members} 人，应为 {least} 至 {most} 人",
                en="{members} members; {least} to {most} are needed",
            ),
            members=seating.members,
            least=least,
            most=most,
        )
    return met(Text(zh="委员 {members} 人", en="{members} members"), members=seating.members)


@rule(COMMITTEE)
def for_no_longer_than_its_term(seating: Seating) -> Answer:
    years = COMMITTEE_TERM_YEARS.on(seating.starts_on)
    if not seating.starts_on < seating.ends_on <= years_after(seating.starts_on, years):
        return breached(
            Text(zh="任期不得超过 {years} 年", en="a term lasts at most {years} years"), years=years
        )
    return met(Text(zh="任期至 {until}", en="seated until {until}"), until=seating.ends_on)


SEATING = Rulebook("seating a committee", [of_the_right_size, for_no_longer_than_its_term])
