"""How a committee must be made up, who may vote in it, and when its ballot carries."""

from dataclasses import dataclass
from datetime import date

from services.evaluation.policy.clauses import COMMITTEE, RECUSAL, VOTE
from services.evaluation.policy.figures import (
    COMMITTEE_SIZE,
    COMMITTEE_TERM_YEARS,
    MAJORITY,
    QUORUM,
)
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


@dataclass(frozen=True, slots=True)
class Ballot:
    """A signed ballot: whoever abstains is present, whoever stands aside is not."""

    on: date
    members: int
    present: int
    in_favour: int


@rule(VOTE)
def enough_members_were_present(ballot: Ballot) -> Answer:
    share = QUORUM.on(ballot.on)
    needed = _at_least(share.numerator * ballot.members, share.denominator)
    if ballot.members == 0 or ballot.present < needed:
        return breached(
            Text(
                zh="全体委员 {members} 人，出席 {present} 人，至少须 {needed} 人",
                en="{present} of {members} members were present, {needed} are needed",
            ),
            members=ballot.members,
            present=ballot.present,
            needed=needed,
        )
    return met(
        Text(
            zh="全体委员 {members} 人，出席 {present} 人",
            en="{present} of {members} members were present",
        ),
        members=ballot.members,
        present=ballot.present,
    )


@rule(VOTE)
def carried_by_the_whole_committee(ballot: Ballot) -> Answer:
    """The majority is of all members, whether they came or not."""
    share = MAJORITY.on(ballot.on)
    needed = share.numerator * ballot.members // share.denominator + 1
    if ballot.in_favour < needed:
        return breached(
            Text(
                zh="赞成 {in_favour} 票，全体委员 {members} 人须 {needed} 票",
                en="{in_favour} in favour; {needed} of all {members} members are needed",
            ),
            in_favour=ballot.in_favour,
            members=ballot.members,
            needed=needed,
        )
    return met(
        Text(
            zh="赞成 {in_favour} 票，超过全体委员 {members} 人的半数",
            en="{in_favour} in favour, more than half of all {members} members",
        ),
        in_favour=ballot.in_favour,
        members=ballot.members,
    )


def _at_least(whole: int, parts: int) -> int:
    """A share of people, rounded up to a whole person."""
    return -(-whole // parts)


BALLOT = Rulebook("deciding a grade", [enough_members_were_present, carried_by_the_whole_committee])


@dataclass(frozen=True, slots=True)
class Voice:
    """One member's say in the ballot."""

    member: str
    barred: bool
    stands_aside: bool


@rule(RECUSAL)
def votes_without_an_interest(voice: Voice) -> Answer:
    if voice.barred and not voice.stands_aside:
        return breached(
            Text(
                zh="{member} 与被评估组织有利害关系，应当回避",
                en="{member} has an interest in the rated agency and must stand aside",
            ),
            member=voice.member,
        )
    return met(
        Text(zh="{member} 无须回避或已回避", en="{member} is free or stands aside"),
        member=voice.member,
    )


VOTING = Rulebook("voting on a grade", [votes_without_an_interest])
