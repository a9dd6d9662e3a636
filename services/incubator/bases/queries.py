from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.incubator.bases.lifecycle import BaseState
from services.incubator.bases.models import BudgetLine, IncubatorBase, RuleDocument
from services.incubator.bases.rules import in_force
from shared.codelists import BaseBudgetLine, BaseRuleSystem


async def bases_standing(session: AsyncSession) -> int:
    """How many bases are not closed."""
    statement = select(func.count()).where(IncubatorBase.state != BaseState.CLOSED)
    return int(await session.scalar(statement) or 0)


async def base_by_id(session: AsyncSession, base_id: UUID) -> IncubatorBase | None:
    return await session.get(IncubatorBase, base_id)


async def rule_documents(session: AsyncSession, base_id: UUID) -> Sequence[RuleDocument]:
    """Every version, by system and age."""
    statement = (
        select(RuleDocument)
        .where(RuleDocument.base_id == base_id)
        .order_by(RuleDocument.system, RuleDocument.in_force_from)
    )
    return (await session.scalars(statement)).all()


async def systems_in_force(
    session: AsyncSession, base_id: UUID, on: date
) -> frozenset[BaseRuleSystem]:
    since: dict[BaseRuleSystem, list[date]] = {}
    for document in await rule_documents(session, base_id):
        since.setdefault(BaseRuleSystem(document.system), []).append(document.in_force_from)
    return in_force(since, on)


async def budget(session: AsyncSession, base_id: UUID, year: int) -> Sequence[BudgetLine]:
    statement = (
        select(BudgetLine)
        .where(BudgetLine.base_id == base_id, BudgetLine.year == year)
        .order_by(BudgetLine.line)
    )
    return (await session.scalars(statement)).all()


async def line_for_update(
    session: AsyncSession, base_id: UUID, year: int, line: BaseBudgetLine
) -> BudgetLine | None:
    statement = select(BudgetLine).where(
        BudgetLine.base_id == base_id, BudgetLine.year == year, BudgetLine.line == line
    )
    found: BudgetLine | None = await session.scalar(statement.with_for_update())
    return found


def bases() -> Select[tuple[IncubatorBase]]:
    """Every base, closed ones too."""
    return select(IncubatorBase)
