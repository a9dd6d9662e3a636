"""Who counts as qualified staff and as a Party member on a day, and who may take a post."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.registry.agencies.rules import is_active
from services.registry.policy import figures
from services.registry.policy.clauses import (
    CERTIFICATE_REGISTERED,
    LAWFUL_SUPERVISION,
    PARTY_ORGANISATION,
    QUALIFIED_THIRD,
    TALENT_MOVES,
)
from shared.policy import Answer, Rulebook, breached, met, not_applicable, rule, warned
from shared.words import Text


class Employment(StrEnum):
    FULL_TIME = "full_time"
    """专职"""
    LONG_TERM_PART_TIME = "long_term_part_time"
    """长期兼职: counts for the Party organisation, never for 5.1(3)."""
    PART_TIME = "part_time"


class QualificationKind(StrEnum):
    CERTIFICATE = "certificate"
    """社会工作者职业水平证书"""
    DEGREE = "degree"
    """社会工作专业本科及以上学历"""


class CertificateLevel(StrEnum):
    ASSISTANT = "assistant"
    SOCIAL_WORKER = "social_worker"
    SENIOR = "senior"


class DegreeLevel(StrEnum):
    """GB/T 4658, as far as 5.1(3) asks: 本科 and above count."""

    COLLEGE = "college"
    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTOR = "doctor"


class PartyStatus(StrEnum):
    FULL = "full"
    """正式党员"""
    PROBATIONARY = "probationary"
    """预备党员: does not count."""


@dataclass(frozen=True, slots=True)
class Qualification:
    """A certificate, or an education; `social_work` says that its subject is social work."""

    kind: QualificationKind
    level: str
    social_work: bool
    obtained_on: date
    registered_until: date | None = None

    def counts_on(self, day: date) -> bool:
        """Obtained (取得) by the day. A lapsed registration does not take the certificate away."""
        if self.obtained_on > day:
            return False
        if self.kind is QualificationKind.CERTIFICATE:
            return True
        return self.social_work and self.level != DegreeLevel.COLLEGE

    def lapsed_on(self, day: date) -> bool:
        return self.registered_until is not None and self.registered_until < day


@dataclass(frozen=True, slots=True)
class Member:
    """One person at one agency on a day."""

    employment: Employment
    qualified: bool
    full_party_member: bool
    registration_lapsed: bool = False


@dataclass(frozen=True, slots=True)
class Roll:
    """Everybody at one agency on a day."""

    on: date
    members: tuple[Member, ...]
    party_organisation: bool

    @property
    def full_time(self) -> int:
        return sum(m.employment is Employment.FULL_TIME for m in self.members)

    @property
    def qualified(self) -> int:
        """Qualified among the full-time staff, each person once."""
        return sum(m.employment is Employment.FULL_TIME and m.qualified for m in self.members)

    @property
    def party_members(self) -> int:
        counted = (Employment.FULL_TIME, Employment.LONG_TERM_PART_TIME)
        return sum(m.full_party_member and m.employment in counted for m in self.members)


def any_counts(qualifications: Iterable[Qualification], day: date) -> bool:
    return any(qualification.counts_on(day) for qualification in qualifications)


@rule(QUALIFIED_THIRD)
def third_of_staff_still_qualified(roll: Roll) -> Answer:
    """A condition of founding; after it, falling below is told to whoever asks, not punished."""
    share = figures.QUALIFIED_SHARE.on(roll.on)
    told = {"full_time": roll.full_time, "qualified": roll.qualified}
    if roll.full_time == 0 or share.denominator * roll.qualified < share.numerator * roll.full_time:
        return warned(
            Text(
                zh="专职 {full_time} 人，取得资格 {qualified} 人，不足三分之一",
                en="{qualified} of {full_time} full-time staff are qualified, less than one third",
            ),
            **told,
        )
    return met(
        Text(
            zh="专职 {full_time} 人，取得资格 {qualified} 人，不少于三分之一",
            en="{qualified} of {full_time} full-time staff are qualified, at least one third",
        ),
        **told,
    )


@rule(CERTIFICATE_REGISTERED)
def registrations_current(roll: Roll) -> Answer:
    return registrations_kept(sum(member.registration_lapsed for member in roll.members))


def registrations_kept(lapsed: int) -> Answer:
    """Registration is a service to holders: a lapsed one disqualifies nobody."""
    if lapsed:
        return warned(
            Text(
                zh="{lapsed} 人的证书登记已过期，不影响资格",
                en="the registration of {lapsed} certificates has lapsed; they still qualify",
            ),
            lapsed=lapsed,
        )
    return met(Text(zh="证书登记均有效", en="no certificate's registration has lapsed"))


@rule(PARTY_ORGANISATION)
def party_organisation_exists_when_due(roll: Roll) -> Answer:
    """正式党员 only; full-time and long-term part-time staff both count."""
    least = figures.PARTY_MEMBERS.on(roll.on)
    told = {"members": roll.party_members, "least": least}
    if roll.party_members < least:
        return not_applicable(
            Text(
                zh="正式党员 {members} 人，不足 {least} 人",
                en="{members} full Party members, fewer than {least}",
            ),
            **told,
        )
    if not roll.party_organisation:
        return warned(
            Text(
                zh="正式党员 {members} 人，应建立党组织而未建立",
                en="{members} full Party members: a Party organisation is due and there is none",
            ),
            **told,
        )
    return met(
        Text(
            zh="正式党员 {members} 人，已建立党组织",
            en="{members} full Party members, and a Party organisation",
        ),
        **told,
    )


@dataclass(frozen=True, slots=True)
class Hiring:
    """A post about to be taken."""

    agency_active: bool
    here_already: bool
    full_time: bool
    full_time_elsewhere: int


@rule(LAWFUL_SUPERVISION)
def agency_may_hire(hiring: Hiring) -> Answer:
    return is_active(hiring.agency_active)


@rule(TALENT_MOVES)
def holds_no_post_here_yet(hiring: Hiring) -> Answer:
    if hiring.here_already:
        return breached(
            Text(zh="该人员已在本机构任职", en="the worker already holds a post at this agency")
        )
    return met(Text(zh="该人员尚未在本机构任职", en="the worker holds no post here yet"))


@rule(TALENT_MOVES)
def full_time_in_one_place(hiring: Hiring) -> Answer:
    """Full-time at two agencies would be counted in both thirds: the office should know."""
    if hiring.full_time and hiring.full_time_elsewhere:
        return warned(
            Text(
                zh="该人员同时在其他 {count} 家机构专职",
                en="the worker is also full-time at {count} other agencies",
            ),
            count=hiring.full_time_elsewhere,
        )
    return met(Text(zh="未在他处专职", en="not full-time elsewhere"))


HIRING = Rulebook(
    "taking a post", [agency_may_hire, holds_no_post_here_yet, full_time_in_one_place]
)
