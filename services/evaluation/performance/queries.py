from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.evaluation.performance.lifecycle import PerformanceState
from services.evaluation.performance.models import OFFICES, Performance
from shared.actor import Actor


async def stages_opened(session: AsyncSession, contract_id: UUID) -> set[str]:
    """The stages of a contract whose evaluation was opened."""
    statement = select(Performance.stage).where(Performance.contract_id == contract_id)
    return set((await session.scalars(statement)).all())


def performances_seen_by(
    actor: Actor,
    state: PerformanceState | None,
    contract_id: UUID | None,
    credit_code: str | None,
) -> Select[Performance]:
    """What is concluded, and what the actor has a part in."""
    statement = select(Performance)
    if not actor.has(*OFFICES):
        seen: list[ColumnElement[bool]] = [Performance.state == PerformanceState.CONCLUDED]
        if actor.org is not None:
            seen.append(Performance.owner_org == actor.org)
        if actor.org is not None and actor.has("evaluator"):
            seen.append(Performance.evaluator_org == actor.org)
        statement = statement.where(or_(*seen))
    if state is not None:
        statement = statement.where(Performance.state == state)
    if contract_id is not None:
        statement = statement.where(Performance.contract_id == contract_id)
    if credit_code is not None:
        statement = statement.where(Performance.credit_code == credit_code)
    return statement
