from collections.abc import Sequence
from uuid import UUID

from services.procurement.needs import queries
from services.procurement.needs.lifecycle import NeedState
from services.procurement.needs.models import Need, Project
from services.procurement.needs.rules import PLANNING, Plan
from services.procurement.needs.schemas import BudgetLineDraft, NeedDraft, ProjectDraft
from services.procurement.policy.figures import PERSONNEL_KINDS
from shared.errors import InvalidInput, NotFound
from shared.money import Money
from shared.words import Text
from shared.work import Work


def record_need(work: Work, draft: NeedDraft) -> Need:
    return work.add(Need(**draft.model_dump()))


def withdraw_need(work: Work, need: Need) -> Need:
    return work.move(need, "withdraw")


async def plan_project(work: Work, draft: ProjectDraft) -> Project:
    """Plan a purchase that answers recorded needs; they count as taken up from here on."""
    needs = await _needs(work, draft.need_ids)
    project = Project(
        title=draft.title,
        description=draft.description,
        purchase_kind=draft.purchase_kind,
        matter=draft.matter,
        service_methods=sorted(set(draft.service_methods)),
        need_ids=sorted(set(draft.need_ids)),
        posts=draft.posts,
    )
    _set_budget(work, project, draft.budget_lines)
    verdict = PLANNING.judge(
        Plan(
            on=work.today,
            need_states=[need.state for need in needs],
            matter=draft.matter,
            methods=draft.service_methods,
            kind=draft.purchase_kind,
            posts=draft.posts,
            budget=project.budget,
            personnel=project.personnel,
        ),
        on=work.today,
    )
    verdict.require()
    work.add(project, because=verdict)
    for need in needs:
        if need.state == NeedState.RECORDED:
            work.move(need, "adopt", project_id=project.id)
    return project


def change_budget(work: Work, project: Project, lines: Sequence[BudgetLineDraft]) -> Project:
    """Replace the budget, as long as no tender is out on it."""
    project.lifecycle.after(project.state, "tender")
    _set_budget(work, project, lines)
    return work.change(project, "project.budgeted")


def withdraw_project(work: Work, project: Project) -> Project:
    return work.move(project, "withdraw")


async def complete_project(work: Work, project_id: UUID) -> None:
    """The service was rendered and paid: the project is complete and its needs are met."""
    project = await queries.project_for_update(work.session, project_id)
    if project is None:
        raise NotFound()
    work.move(project, "complete")
    for need in await queries.needs_for_update(work.session, project.need_ids):
        if need.state == NeedState.ADOPTED:
            work.move(need, "meet", project_id=project.id)


async def _needs(work: Work, ids: Sequence[UUID]) -> Sequence[Need]:
    found = await queries.needs_for_update(work.session, list(ids))
    unknown = set(ids) - {need.id for need in found}
    if unknown:
        index = next(number for number, need_id in enumerate(ids) if need_id in unknown)
        raise InvalidInput.at(
            f"/need_ids/{index}",
            Text(zh="须为已登记的需求", en="names a recorded need"),
            Text(zh="请先登记该需求，或将其删去", en="record the need first, or leave it out"),
        )
    return found


def _set_budget(work: Work, project: Project, lines: Sequence[BudgetLineDraft]) -> None:
    personnel_kinds = PERSONNEL_KINDS.on(work.today)
    project.budget_lines = [
        {
            "number": number,
            "kind": line.kind.value,
            "purpose": line.purpose,
            "amount": str(line.amount),
            "is_personnel": line.kind in personnel_kinds,
        }
        for number, line in enumerate(lines, start=1)
    ]
    project.budget = Money.total(line.amount for line in lines)
    project.personnel = Money.total(line.amount for line in lines if line.kind in personnel_kinds)
