"""How a command of the terminal works on the gateway's database, and how a refusal is told there."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.database import one_transaction
from gateway.settings import settings
from shared.errors import InvalidInput, Refusal

T = TypeVar("T")


def run(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """One transaction; what is refused ends the command with its reason in both languages."""

    async def worked() -> T:
        async with one_transaction(settings().database_url) as session:
            return await work(session)

    try:
        return asyncio.run(worked())
    except InvalidInput as invalid:
        faults = "\n".join(
            f"  {e.pointer}: {e.rule.zh}（{e.remedy.zh}）{e.rule.en} ({e.remedy.en})"
            for e in invalid.errors
        )
        raise SystemExit(f"{invalid}\n{faults}") from None
    except Refusal as refusal:
        raise SystemExit(str(refusal)) from None


def now() -> datetime:
    return datetime.now(UTC)
