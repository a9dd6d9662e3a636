from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.evaluation.evaluators.lifecycle import EvaluatorState
from services.evaluation.evaluators.models import Evaluator


async def evaluator_by_id(session: AsyncSession, evaluator_id: UUID) -> Evaluator | None:
    return await session.get(Evaluator, evaluator_id)


def evaluators(state: EvaluatorState | None, kind: str | None) -> Select[Evaluator]:
    statement = select(Evaluator)
    if state is not None:
        statement = statement.where(Evaluator.state == state)
    if kind is not None:
        statement = statement.where(Evaluator.kind == kind)
    return statement
