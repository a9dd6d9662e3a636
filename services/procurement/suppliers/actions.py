from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.procurement.policy.codelists import Result, Stage
from services.procurement.policy.figures import CONSEQUENCES
from services.procurement.suppliers import queries
from services.procurement.suppliers.models import Consequence
from services.procurement.suppliers.rules import outcomes_of
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Conclusion:
    """An evaluated result of a contract, with the event that told it."""

    contract_id: UUID
    credit_code: str
    performance_id: str
    stage: Stage
    result: Result
    concluded_on: date
    source: str
    event: str
    position: int


async def impose(work: Work, conclusion: Conclusion) -> Sequence[Consequence]:
    """Put on the supplier's record what follows; hearing the same conclusion again adds nothing."""
    if await queries.imposed_by(work.session, conclusion.event):
        return []
    since = CONSEQUENCES.since(conclusion.concluded_on)
    return [
        work.add(
            Consequence(
                owner_org=conclusion.credit_code,
                credit_code=conclusion.credit_code,
                contract_id=conclusion.contract_id,
                stage=conclusion.stage,
                result=conclusion.result,
                kind=outcome.kind,
                percent=outcome.percent,
                starts_on=outcome.starts,
                until_on=outcome.until,
                concluded_on=conclusion.concluded_on,
                performance_id=conclusion.performance_id,
                cause_source=conclusion.source,
                cause_event=conclusion.event,
                cause_position=conclusion.position,
                table_in_force_since=since,
                table_confirmed=not CONSEQUENCES.draft,
            )
        )
        for outcome in outcomes_of(conclusion.result, conclusion.concluded_on)
    ]


def lift_consequence(work: Work, consequence: Consequence, reason: str) -> Consequence:
    """An objection was upheld: the consequence stands no more, but stays on the record."""
    consequence.lifted_because = reason
    return work.move(consequence, "lift")
