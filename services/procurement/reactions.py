"""Events heard from other services, and what procurement does about them."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from services.procurement.contracts.actions import feed_back
from services.procurement.policy.codelists import Result, Stage
from services.procurement.suppliers.actions import Conclusion
from shared.work import Work
from shared.worker import Event, Reactions


class PerformanceConcluded(BaseModel):
    """The part of evaluation's `performance.concluded` that procurement relies on."""

    performance_id: str
    contract_id: UUID
    credit_code: str
    stage: Stage
    result: Result
    concluded_on: date


async def on_performance_concluded(work: Work, event: Event) -> None:
    """The loop of 6.1(9): payment, renewal, correction and ban follow from the result."""
    told = PerformanceConcluded.model_validate(dict(event.data))
    await feed_back(
        work,
        Conclusion(
            contract_id=told.contract_id,
            credit_code=told.credit_code,
            performance_id=told.performance_id,
            stage=told.stage,
            result=told.result,
            concluded_on=told.concluded_on,
            source=event.source,
            event=event.id,
            position=event.position,
        ),
    )


REACTIONS: Reactions = {"evaluation": {"performance.concluded": on_performance_concluded}}
