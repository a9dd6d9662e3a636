"""What the incubator asks of other services, and the part of the answers it relies on."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from pydantic import BaseModel
from sqlalchemy import func, select

from services.incubator.policy.figures import FIRST_CHECK_DAYS, HAND_OVER_DAYS
from shared.clients import ServiceClient, client
from shared.days import day_of
from shared.policy import Dated
from shared.runtime import runtime_of


class Term(BaseModel):
    """A term in working days, counted by the registry's calendar."""

    ends_on: date
    provisional: bool


class RegistryClient(ServiceClient):
    """Asks the registry, by way of the gateway."""

    async def term(self, start: date, working_days: int) -> Term:
        query = {"from": start, "working_days": working_days}
        return await self.get("/registry/v1/calendar/terms", Term, **query)


TheRegistry = Annotated[RegistryClient, Depends(client(RegistryClient))]


def _term_of(days: Dated[int]) -> Callable[[Request, RegistryClient], Awaitable[Term]]:
    """A dependency that counts so many working days from today, before any work is opened."""

    async def count(request: Request, registry: TheRegistry) -> Term:
        async with runtime_of(request).sessions() as session:
            now = (await session.execute(select(func.business_now()))).scalar_one()
        today = day_of(now)
        return await registry.term(today, days.on(today))

    return count


FirstCheckTerm = Annotated[Term, Depends(_term_of(FIRST_CHECK_DAYS))]
HandOverTerm = Annotated[Term, Depends(_term_of(HAND_OVER_DAYS))]
