"""Day reached → move. Each is idempotent and catches up after a stop."""

from uuid import UUID

from services.registry.agencies.models import Agency
from services.registry.applications import actions as applications
from services.registry.applications import queries as due
from services.registry.applications.models import Application
from services.registry.inspections import actions as inspections
from services.registry.inspections import queries as inspected
from services.registry.inspections.models import Inspection
from shared.work import Work
from shared.worker import Deadline


async def accept_by_silence(work: Work, application_id: UUID) -> None:
    """R-01: nothing told in five working days, so it is accepted from the day of receipt."""
    application = await work.session.get_one(Application, application_id, with_for_update=True)
    applications.accept_by_silence(work, application)


async def tell_overdue(work: Work, application_id: UUID) -> None:
    """R-02: sixty days without a decision."""
    application = await work.session.get_one(Application, application_id, with_for_update=True)
    if not application.overdue_told:
        applications.tell_overdue(work, application)


async def recount_terms(work: Work, application_id: UUID) -> None:
    """A notice was loaded for days that a term had guessed at."""
    application = await work.session.get_one(Application, application_id, with_for_update=True)
    await applications.recount_terms(work, application)


async def call_inspections(work: Work, agency_id: UUID) -> None:
    """R-15: a year has ended."""
    agency = await work.session.get_one(Agency, agency_id, with_for_update=True)
    await inspections.call_inspections(work, agency)


async def miss_report(work: Work, inspection_id: UUID) -> None:
    """R-15: the last day to file has passed."""
    inspection = await work.session.get_one(Inspection, inspection_id, with_for_update=True)
    inspections.miss_report(work, inspection)


DEADLINES = [
    Deadline("count provisional terms anew", due=due.terms_to_recount, act=recount_terms),
    Deadline("accept by silence", due=due.due_by_silence, act=accept_by_silence),
    Deadline("tell overdue decisions", due=due.overdue_decisions, act=tell_overdue),
    Deadline("call annual inspections", due=inspected.agencies_to_call, act=call_inspections),
    Deadline("miss yearly reports", due=inspected.reports_overdue, act=miss_report),
]
