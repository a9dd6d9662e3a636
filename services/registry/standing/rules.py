"""What an agency is on a day: registered, active, staffed, inspected, and what its work was worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.registry.inspections.rules import Record, two_newest_inspections_passed
from services.registry.people.rules import (
    Roll,
    party_organisation_exists_when_due,
    registrations_current,
    third_of_staff_still_qualified,
)
from services.registry.policy.clauses import (
    LAWFUL_SUPERVISION,
    PERFORMANCE_FED_BACK,
    REGISTERED_ITEMS,
)
from shared.policy import (
    Answer,
    Finding,
    Outcome,
    Rulebook,
    breached,
    met,
    not_applicable,
    rule,
    warned,
)
from shared.words import Text


@dataclass(frozen=True, slots=True)
class Presence:
    """Where the agency stands on the register on the day."""

    on: date
    registered_on: date
    cancelled_on: date | None
    suspended_since: date | None
    failed_projects: int
    projects: int

    @property
    def registered(self) -> bool:
        """From the day of registration up to the day before cancellation."""
        return self.registered_on <= self.on and (
            self.cancelled_on is None or self.on < self.cancelled_on
        )


@rule(REGISTERED_ITEMS)
def on_the_register(presence: Presence) -> Answer:
    if presence.on < presence.registered_on:
        return breached(
            Text(zh="{since} 才登记", en="registered only on {since}"),
            since=presence.registered_on,
        )
    if not presence.registered:
        return breached(
            Text(zh="已于 {cancelled_on} 注销", en="cancelled on {cancelled_on}"),
            cancelled_on=presence.cancelled_on,
        )
    return met(
        Text(zh="{since} 登记，在册", en="on the register since {since}"),
        since=presence.registered_on,
    )


@rule(LAWFUL_SUPERVISION)
def not_suspended(presence: Presence) -> Answer:
    if presence.suspended_since is not None:
        return breached(
            Text(zh="自 {since} 起被停止活动", en="suspended since {since}"),
            since=presence.suspended_since,
        )
    return met(Text(zh="未被停止活动", en="not suspended"))


@rule(PERFORMANCE_FED_BACK)
def projects_did_not_fail(presence: Presence) -> Answer:
    """What a failed project costs is decided where work is bought; the standing tells it."""
    told = {"failed": presence.failed_projects, "projects": presence.projects}
    if presence.projects == 0:
        return not_applicable(
            Text(zh="尚无项目绩效评价结果", en="no project has been evaluated yet"), **told
        )
    if presence.failed_projects:
        return warned(
            Text(
                zh="{projects} 次绩效评价中 {failed} 次不合格",
                en="{failed} of {projects} evaluations of its projects were failed",
            ),
            **told,
        )
    return met(
        Text(
            zh="{projects} 次绩效评价均未不合格",
            en="none of {projects} evaluations of its projects was failed",
        ),
        **told,
    )


PRESENCE = Rulebook(
    "being active on a day", [on_the_register, not_suspended, projects_did_not_fail]
)
STAFF = Rulebook(
    "the staff on a day",
    [
        third_of_staff_still_qualified,
        registrations_current,
        party_organisation_exists_when_due,
    ],
)
INSPECTIONS = Rulebook("the inspections on a day", [two_newest_inspections_passed])


def explain(presence: Presence, roll: Roll, record: Record) -> Sequence[Finding]:
    """Every finding of the day, in the order a reader asks: registered, staffed, inspected."""
    on = presence.on
    return (
        *PRESENCE.judge(presence, on=on).findings,
        *STAFF.judge(roll, on=on).findings,
        *INSPECTIONS.judge(record, on=on).findings,
    )


def says_yes(findings: Sequence[Finding], name: str) -> bool:
    """Whether the rule of that name was asked and met."""
    return any(f.rule == name and f.outcome is Outcome.MET for f in findings)
