"""Answering what an agency was on a day, and taking in what others found out about it."""

from collections.abc import Sequence
from datetime import date

from services.registry.agencies.models import Agency
from services.registry.agencies.queries import agency_of, suspension_on
from services.registry.inspections.queries import as_record, record_on
from services.registry.inspections.rules import Record
from services.registry.people.queries import member, members_on
from services.registry.people.rules import Roll
from services.registry.standing import queries
from services.registry.standing.models import PerformanceResult
from services.registry.standing.queries import Dossier
from services.registry.standing.rules import Presence, explain, says_yes
from services.registry.standing.schemas import InspectionResult, PerformanceView, StandingView
from shared.work import Work

FAILED = "failed"


async def standing_of(work: Work, agency: Agency, on: date) -> StandingView:
    """The agency as the records' own dates show it on the day: past days can be asked for."""
    session, code = work.session, agency.credit_code
    suspension = await suspension_on(session, agency.id, on)
    performance = await queries.performance_until(session, code, on)
    presence = _presence(agency, on, suspension.since if suspension else None, performance)
    roll = Roll(on, await members_on(session, code, on), _party_organisation_on(agency, on))
    record = await record_on(session, code, on)
    return _explained(agency, presence, roll, record, performance)


def standing_from(found: Dossier) -> StandingView:
    """The same of today, from what one statement read."""
    on, agency = found.on, found.agency
    presence = _presence(agency, on, found.suspended_since, found.performance)
    members = tuple(member(person, person, held, on) for person, held in found.staff)
    roll = Roll(on, members, _party_organisation_on(agency, on))
    return _explained(agency, presence, roll, as_record(found.inspections, on), found.performance)


def _presence(
    agency: Agency,
    on: date,
    suspended_since: date | None,
    performance: Sequence[PerformanceResult],
) -> Presence:
    return Presence(
        on=on,
        registered_on=agency.registered_on,
        cancelled_on=agency.cancelled_on,
        suspended_since=suspended_since,
        failed_projects=sum(result.grade == FAILED for result in performance),
        projects=len(performance),
    )


def _party_organisation_on(agency: Agency, on: date) -> bool:
    founded = agency.party_organisation_since
    return founded is not None and founded <= on


def _explained(
    agency: Agency,
    presence: Presence,
    roll: Roll,
    record: Record,
    performance: Sequence[PerformanceResult],
) -> StandingView:
    findings = explain(presence, roll, record)
    suspended = presence.suspended_since is not None
    return StandingView(
        credit_code=agency.credit_code,
        name=agency.name,
        on=presence.on,
        registered=presence.registered,
        suspended=suspended,
        active=presence.registered and not suspended,
        category=agency.category,
        registered_on=agency.registered_on,
        cancelled_on=agency.cancelled_on,
        seat_division=agency.seat_division,
        two_consecutive_passes=says_yes(findings, "two_newest_inspections_passed"),
        inspections=[
            InspectionResult(year=year, conclusion=conclusion)
            for year, conclusion in sorted(record.conclusions.items())
        ],
        full_time_staff=roll.full_time,
        qualified_staff=roll.qualified,
        party_members=roll.party_members,
        performance=[PerformanceView.model_validate(result) for result in performance],
        findings=[finding.as_dict() for finding in findings],
    )


async def copy_performance(work: Work, result: PerformanceResult) -> None:
    """Keep a project's evaluation with the agency it is about; heard twice it is kept once."""
    if await work.session.get(PerformanceResult, result.performance_id) is not None:
        return
    agency = await agency_of(work.session, result.credit_code)
    if agency is None:
        return  # a supplier that is no agency of this register: an industry body, a company
    work.add_row(result)
    work.change(
        agency,
        "agency.performance-recorded",
        contract_id=result.contract_id,
        stage=result.stage,
        grade=result.grade,
        concluded_on=result.concluded_on,
        cause_event=result.cause_event,
    )
