from datetime import date
from typing import Annotated

from fastapi import APIRouter

from services.procurement.suppliers import actions, queries
from services.procurement.suppliers.lifecycle import ConsequenceKind
from services.procurement.suppliers.models import Consequence
from services.procurement.suppliers.rules import TRACK_RECORD, Record
from services.procurement.suppliers.schemas import ConsequenceView, Lifting, TrackRecordView
from shared.http import CreditCode, TheWork, WorkRoute, allow, changing, open_to_all, reading

suppliers_router = APIRouter(prefix="/suppliers", tags=["suppliers"], route_class=WorkRoute)
consequences_router = APIRouter(prefix="/consequences", tags=["suppliers"], route_class=WorkRoute)

TheConsequence = Annotated[Consequence, reading(Consequence, "consequence_id")]
ChangingConsequence = Annotated[Consequence, changing(Consequence, "consequence_id")]


@suppliers_router.get("/{credit_code}/track-record", response_model=TrackRecordView)
@open_to_all
async def read_track_record(
    credit_code: CreditCode, work: TheWork, on: date | None = None
) -> TrackRecordView:
    """Read what a supplier's evaluated results mean on a day, and why."""
    day = on or work.today
    record = Record(day, await queries.record_of(work.session, credit_code))
    verdict = TRACK_RECORD.judge(record, on=day)
    return TrackRecordView(
        credit_code=credit_code,
        on=day,
        may_be_bought_from=verdict.passed,
        good_results=len(record.holding(ConsequenceKind.RENEWAL_GROUND)),
        verdict=verdict.as_dict(),
        consequences=[
            ConsequenceView.model_validate(found)
            for found in await queries.consequences_of(work.session, credit_code)
        ],
    )


@consequences_router.get("/{consequence_id}", response_model=ConsequenceView)
@open_to_all
async def read_consequence(consequence: TheConsequence) -> Consequence:
    """Read one consequence and its cause."""
    return consequence


@consequences_router.post("/{consequence_id}/lifting", response_model=ConsequenceView)
@allow("purchaser")
async def lift_consequence(
    lifting: Lifting, consequence: ChangingConsequence, work: TheWork
) -> Consequence:
    """Lift a consequence after an objection was upheld."""
    return actions.lift_consequence(work, consequence, lifting.reason)
