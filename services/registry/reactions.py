"""Event heard → action."""

from datetime import date
from uuid import UUID

from pydantic import ValidationError

from services.registry.applications.actions import draft_application
from services.registry.applications.queries import born_from
from services.registry.applications.schemas import ApplicationDraft
from services.registry.clients import Dossier, IncubatorClient
from services.registry.standing.actions import copy_performance
from services.registry.standing.models import PerformanceResult
from shared.errors import InvalidInput
from shared.runtime import Runtime
from shared.words import Text
from shared.work import Work
from shared.worker import Event, Reactions, asking


async def on_performance_concluded(work: Work, event: Event) -> None:
    """6.1(9): what a project was worth enters the standing of who did it, with its cause."""
    told = event.data
    await copy_performance(
        work,
        PerformanceResult(
            performance_id=UUID(event.subject),
            credit_code=str(told["credit_code"]),
            contract_id=str(told["contract_id"]),
            stage=str(told["stage"]),
            grade=str(told["result"]),
            score=None if told.get("score") is None else str(told["score"]),
            concluded_on=date.fromisoformat(str(told["concluded_on"])),
            cause_event=event.id,
            cause_position=event.position,
        ),
    )


async def the_dossier(runtime: Runtime, event: Event) -> Dossier:
    return await IncubatorClient(runtime).dossier_of(event.subject)


@asking(the_dossier)
async def on_residency_graduated(work: Work, event: Event, dossier: Dossier) -> None:
    """A start-up leaves the base: its founding application is born from its file.

    A file that does not fit is refused, not waited for: the refusal is journalled, the feed goes on.
    """
    try:
        draft = ApplicationDraft.model_validate(dossier.application)
    except ValidationError as wrong:
        place = "/".join(str(part) for part in wrong.errors()[0]["loc"])
        raise InvalidInput.at(
            f"/application/{place}",
            Text(zh="材料须符合登记申请的格式", en="the file fits an application"),
            Text(zh="请更正材料", en="correct the file"),
        ) from None
    if await born_from(work.session, dossier.residency_id) is None:
        await draft_application(
            work, draft, client=dossier.client_id, residency=dossier.residency_id
        )


REACTIONS: Reactions = {
    "evaluation": {"performance.concluded": on_performance_concluded},
    "incubator": {"residency.graduated": on_residency_graduated},
}
