"""Calling, filing and concluding annual inspections."""

from services.registry.agencies.models import Agency
from services.registry.inspections import queries
from services.registry.inspections.models import Inspection
from services.registry.inspections.rules import (
    CONCLUSION,
    FILING,
    Concluding,
    Filing,
    report_due,
)
from services.registry.inspections.schemas import ConclusionDraft, YearlyReport
from shared.work import Work


async def call_inspections(work: Work, agency: Agency) -> list[Inspection]:
    """Call the agency to every inspection it owes: one a year, and after a stop all at once."""
    return [
        work.add(
            Inspection(
                owner_org=agency.credit_code,
                credit_code=agency.credit_code,
                year=year,
                due_on=report_due(year),
            )
        )
        for year in await queries.years_to_call(work.session, agency, work.today)
    ]


def file_report(
    work: Work, inspection: Inspection, agency: Agency, report: YearlyReport
) -> Inspection:
    """File the report of the year; a late one is taken in, and told."""
    verdict = FILING.judge(
        Filing(
            today=work.today,
            year=inspection.year,
            registered_on=agency.registered_on,
            cancelled_on=agency.cancelled_on,
            dual=agency.route == "dual",
            first_reviewed_on=report.first_reviewed_on,
        ),
        on=work.today,
    ).require()
    inspection.report = report.model_dump(mode="json", exclude={"first_reviewed_on"})
    inspection.first_reviewed_on = report.first_reviewed_on
    inspection.filed_on = work.today
    return work.move(inspection, "file", because=verdict, filed_on=work.today)


def conclude_inspection(work: Work, inspection: Inspection, draft: ConclusionDraft) -> Inspection:
    """Draw the conclusion of the year and announce it: the event is the announcement."""
    verdict = CONCLUSION.judge(
        Concluding(
            conclusion=draft.conclusion,
            reasons=draft.reasons,
            filed=inspection.filed_on is not None,
        ),
        on=work.today,
    ).require()
    inspection.conclusion = draft.conclusion.value
    inspection.reasons = draft.reasons or None
    inspection.concluded_on = work.today
    return work.move(inspection, "conclude", because=verdict, concluded_on=work.today)


def miss_report(work: Work, inspection: Inspection) -> Inspection:
    """The last day to file has passed without a report."""
    return work.move(inspection, "miss")
