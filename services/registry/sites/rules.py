"""Service sites that are not branches, workers in communities, and what is covered on a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from services.registry.agencies.rules import is_active
from services.registry.policy.clauses import (
    LAWFUL_SUPERVISION,
    NO_BRANCHES,
    ONE_WORKER_PER_COMMUNITY,
)
from services.registry.policy.terms import listed
from shared.money import as_percent
from shared.policy import Answer, Rulebook, breached, met, rule, warned
from shared.words import Text


@dataclass(frozen=True, slots=True)
class Opening:
    """A site about to be opened (3.3(3)); the three marks would make it a branch."""

    on: date
    agency_active: bool
    own_seal: bool
    own_account: bool
    own_legal_status: bool
    division_in_force: bool
    community_in_division: bool


@rule(NO_BRANCHES)
def site_is_no_branch(site: Opening) -> Answer:
    marks = [
        mark for mark in ("own_seal", "own_account", "own_legal_status") if getattr(site, mark)
    ]
    if marks:
        named = listed(marks)
        return breached(
            Text(
                zh=f"站点有{named.zh}，即为分支机构，不得设立",
                en=f"with {named.en} it would be a branch, and branches are barred",
            ),
            marks=marks,
        )
    return met(
        Text(
            zh="站点无印章、账户和法人资格",
            en="the site has no seal, account or legal status of its own",
        )
    )


@rule(LAWFUL_SUPERVISION)
def agency_is_active(site: Opening) -> Answer:
    return is_active(site.agency_active)


@rule(ONE_WORKER_PER_COMMUNITY)
def place_is_on_the_map(site: Opening) -> Answer:
    if not site.division_in_force:
        return breached(
            Text(
                zh="该镇（街道）当日不在本区区划之内",
                en="no such town or subdistrict is in force on that day",
            )
        )
    if not site.community_in_division:
        return breached(
            Text(
                zh="社区（村）不属于该镇（街道）",
                en="the community does not belong to that town or subdistrict",
            )
        )
    return met(Text(zh="区划属实", en="the place is in force on that day"))


OPENING = Rulebook(
    "opening a service site", [site_is_no_branch, agency_is_active, place_is_on_the_map]
)


@dataclass(frozen=True, slots=True)
class Placement:
    """A worker about to be posted to a community (一社区一社工)."""

    employed: bool
    community_in_force: bool
    elsewhere: int


@rule(ONE_WORKER_PER_COMMUNITY)
def worker_is_employed(placement: Placement) -> Answer:
    if not placement.employed:
        return breached(
            Text(
                zh="该人员当日不在本机构任职",
                en="the worker holds no post at this agency on that day",
            )
        )
    return met(Text(zh="人员在本机构任职", en="the worker holds a post at this agency"))


@rule(ONE_WORKER_PER_COMMUNITY)
def community_is_on_the_map(placement: Placement) -> Answer:
    if not placement.community_in_force:
        return breached(
            Text(zh="没有这个社区（村）", en="no such community or village is in force")
        )
    return met(Text(zh="社区（村）属实", en="the community is in force"))


@rule(ONE_WORKER_PER_COMMUNITY)
def worker_serves_one_community(placement: Placement) -> Answer:
    """Shown, not refused: one worker in two communities is no breach of the policy's words."""
    if placement.elsewhere:
        return warned(
            Text(
                zh="该人员同时派驻其他 {elsewhere} 个社区（村）",
                en="the worker is also posted to {elsewhere} other communities",
            ),
            elsewhere=placement.elsewhere,
        )
    return met(Text(zh="仅派驻一个社区（村）", en="the worker serves one community"))


PLACEMENT = Rulebook(
    "posting a worker to a community",
    [worker_is_employed, community_is_on_the_map, worker_serves_one_community],
)


@dataclass(frozen=True, slots=True)
class Cover:
    """Who covers one division on the day."""

    code: str
    name: str
    agencies: tuple[str, ...]

    @property
    def covered(self) -> bool:
        return bool(self.agencies)


@dataclass(frozen=True, slots=True)
class Coverage:
    """全覆盖: divisions with at least one active agency, of the divisions in force on the day."""

    divisions: tuple[Cover, ...]

    @property
    def covered(self) -> int:
        return sum(division.covered for division in self.divisions)

    @property
    def total(self) -> int:
        return len(self.divisions)

    @property
    def rate(self) -> str | None:
        """As text, rounded down; None when there is no division to cover."""
        return as_percent(Fraction(self.covered, self.total)) if self.total else None


def cover(
    in_force: Mapping[str, str],
    present: Iterable[tuple[str, str]],
    successors: Mapping[str, str],
) -> Coverage:
    """Count who is where: `present` pairs a division's code with an agency active in it.

    A division that was merged into another hands its agencies on, so that coverage does not fall
    when the map changes; a division that is not in force on the day is in neither number.
    """
    found: dict[str, set[str]] = {code: set() for code in in_force}
    for recorded, agency in present:
        code = _today(recorded, successors)
        if code in found:
            found[code].add(agency)
    return Coverage(
        tuple(
            Cover(code, name, tuple(sorted(found[code]))) for code, name in sorted(in_force.items())
        )
    )


def _today(code: str, successors: Mapping[str, str]) -> str:
    seen = {code}
    while (following := successors.get(code)) is not None and following not in seen:
        seen.add(following)
        code = following
    return code
