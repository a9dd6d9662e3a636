"""What officers watch of the registry; read by the worker into figures."""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.agencies.models import Agency
from services.registry.applications.lifecycle import ApplicationState
from services.registry.applications.models import Application
from services.registry.applications.queries import UNDECIDED
from services.registry.inspections.lifecycle import InspectionState
from services.registry.inspections.models import Inspection
from services.registry.people.models import Post, Worker
from services.registry.reference.queries import (
    COMMUNITIES,
    TOWNS,
    last_published_year,
    names_on,
    successors,
)
from services.registry.sites.models import Posting, Site
from services.registry.sites.queries import divisions_served, divisions_with_a_worker
from services.registry.sites.rules import cover
from shared.days import day_of
from shared.watched import Due, Figure, Watched


async def coverage(session: AsyncSession, now: datetime) -> Mapping[tuple[str, ...], float]:
    """全覆盖 and 一社区一社工, as `GET /coverage` says them of today."""
    today = day_of(now)
    handed_on = await successors(session, today)
    found: dict[tuple[str, ...], float] = {}

    async def tell(of: str, kinds: Sequence[str], served: Set[str]) -> None:
        names = await names_on(session, today, kinds)
        counted = cover(names, [(code, code) for code in served], handed_on)
        found[of, "covered"], found[of, "all"] = float(counted.covered), float(counted.total)

    await tell("towns", TOWNS, await divisions_served(session, today))
    with_a_worker = await divisions_with_a_worker(session, today)
    for of, kinds in (("communities", COMMUNITIES[:1]), ("villages", COMMUNITIES[1:])):
        await tell(of, kinds, with_a_worker)
    return found


async def calendar(session: AsyncSession, now: datetime) -> Mapping[tuple[str, ...], float]:
    year = await last_published_year(session)
    return {} if year is None else {(): float(year)}


WATCHED = Watched(
    things=[Agency, Application, Inspection, Site, Posting, Worker, Post],
    due=[
        Due(
            "application.answer",
            Application.answer_due,
            open=Application.state == ApplicationState.SUBMITTED,
        ),
        Due(
            "application.decide",
            Application.decision_due,
            open=Application.state.in_(UNDECIDED),
        ),
        Due(
            "application.certify",
            Application.certificate_due,
            open=Application.state == ApplicationState.APPROVED,
        ),
        Due(
            "inspection.file",
            Inspection.due_on,
            open=Inspection.state.in_([InspectionState.CALLED, InspectionState.OVERDUE]),
        ),
    ],
    figures=[
        Figure(
            "coverage_divisions",
            "Towns with an active agency's seat or site, communities and villages with a worker "
            "of one; and all there are",
            ("of", "which"),
            coverage,
        ),
        Figure(
            "calendar_last_published_year",
            "The last year whose working days are published to its end",
            (),
            calendar,
        ),
    ],
)
