from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.procurement.needs import actions, queries
from services.procurement.needs.lifecycle import NeedState, ProjectState
from services.procurement.needs.models import Need, Project
from services.procurement.needs.schemas import (
    BudgetChange,
    DivisionCode,
    NeedDraft,
    NeedView,
    ProjectDraft,
    ProjectView,
)
from shared.codelists import ClientGroup
from shared.http import (
    Page,
    ThePaging,
    TheWork,
    WorkRoute,
    allow,
    changing,
    open_to_all,
    reading,
)

needs_router = APIRouter(prefix="/needs", tags=["needs"], route_class=WorkRoute)
projects_router = APIRouter(prefix="/projects", tags=["needs"], route_class=WorkRoute)

TheNeed = Annotated[Need, reading(Need, "need_id")]
ChangingNeed = Annotated[Need, changing(Need, "need_id")]
TheProject = Annotated[Project, reading(Project, "project_id")]
ChangingProject = Annotated[Project, changing(Project, "project_id")]

BUYERS = ("purchaser", "procurement_agent")


@needs_router.post("", status_code=201, response_model=NeedView)
@allow("street_officer")
async def record_need(draft: NeedDraft, work: TheWork) -> Need:
    """Record what residents of an area lack."""
    return actions.record_need(work, draft)


@needs_router.get("", response_model=Page[NeedView])
@open_to_all
async def list_needs(
    paging: ThePaging,
    work: TheWork,
    state: NeedState | None = None,
    division: DivisionCode | None = None,
    client_group: ClientGroup | None = None,
) -> Page[NeedView]:
    """List recorded needs."""
    return await paging.page(
        work.session, queries.needs(state, division, client_group), Need.id, NeedView
    )


@needs_router.get("/{need_id}", response_model=NeedView)
@open_to_all
async def read_need(need: TheNeed) -> Need:
    """Read one need."""
    return need


@needs_router.post("/{need_id}/withdrawal", response_model=NeedView)
@allow("street_officer")
async def withdraw_need(need: ChangingNeed, work: TheWork) -> Need:
    """Take back a need that nobody has taken up."""
    return actions.withdraw_need(work, need)


@projects_router.post("", status_code=201, response_model=ProjectView)
@allow(*BUYERS)
async def plan_project(draft: ProjectDraft, work: TheWork) -> Project:
    """Plan a purchase that answers recorded needs."""
    return await actions.plan_project(work, draft)


@projects_router.get("", response_model=Page[ProjectView])
@open_to_all
async def list_projects(
    paging: ThePaging,
    work: TheWork,
    state: ProjectState | None = None,
    need_id: UUID | None = None,
) -> Page[ProjectView]:
    """List planned purchases."""
    return await paging.page(
        work.session, queries.projects(state, need_id), Project.id, ProjectView
    )


@projects_router.get("/{project_id}", response_model=ProjectView)
@open_to_all
async def read_project(project: TheProject) -> Project:
    """Read one planned purchase."""
    return project


@projects_router.put("/{project_id}/budget", response_model=ProjectView)
@allow(*BUYERS)
async def change_budget(change: BudgetChange, project: ChangingProject, work: TheWork) -> Project:
    """Replace the budget while no tender is out on it."""
    return actions.change_budget(work, project, change.budget_lines)


@projects_router.post("/{project_id}/withdrawal", response_model=ProjectView)
@allow(*BUYERS)
async def withdraw_project(project: ChangingProject, work: TheWork) -> Project:
    """Give up a planned purchase."""
    return actions.withdraw_project(work, project)
