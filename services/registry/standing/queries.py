"""Reading what the standing of an agency rests on."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.standing.models import PerformanceResult


async def performance_until(
    session: AsyncSession, credit_code: str, on: date
) -> Sequence[PerformanceResult]:
    """Evaluations concluded by the day, oldest first."""
    statement = (
        select(PerformanceResult)
        .where(PerformanceResult.credit_code == credit_code, PerformanceResult.concluded_on <= on)
        .order_by(PerformanceResult.concluded_on, PerformanceResult.performance_id)
    )
    return (await session.scalars(statement)).all()
