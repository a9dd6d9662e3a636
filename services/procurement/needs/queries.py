from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.procurement.needs.lifecycle import NeedState, ProjectState
from services.procurement.needs.models import Need, Project


async def needs_for_update(session: AsyncSession, ids: Sequence[UUID]) -> Sequence[Need]:
    """The needs of those ids, held until the work is done; the order keeps two works from a deadlock."""
    statement = select(Need).where(Need.id.in_(ids)).order_by(Need.id).with_for_update()
    return (await session.scalars(statement)).all()


async def project_for_update(session: AsyncSession, project_id: UUID) -> Project | None:
    return await session.get(Project, project_id, with_for_update=True)


def needs(state: NeedState | None, division: str | None, client_group: str | None) -> Select[Need]:
    return select(Need).where(
        *_asked(
            (state is not None, Need.state == state),
            (division is not None, Need.division == division),
            (client_group is not None, Need.client_group == client_group),
        )
    )


def projects(state: ProjectState | None, need_id: UUID | None) -> Select[Project]:
    return select(Project).where(
        *_asked(
            (state is not None, Project.state == state),
            (need_id is not None, Project.need_ids.contains([need_id])),
        )
    )


def _asked(*filters: tuple[bool, ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    return [condition for asked, condition in filters if asked]
