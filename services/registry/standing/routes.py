"""The question others ask: what may this agency do on this day, and why?"""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from services.registry.agencies.models import Agency
from services.registry.standing import actions
from services.registry.standing.schemas import StandingView
from shared.http import TheWork, WorkRoute, open_to_all, reading

router = APIRouter(tags=["standing"], route_class=WorkRoute)

TheAgency = Annotated[Agency, reading(Agency, "credit_code")]


@router.get("/agencies/{credit_code}/standing", response_model=StandingView)
@open_to_all
async def read_standing(
    agency: TheAgency,
    work: TheWork,
    on: Annotated[date | None, Query(description="As of this day; today if absent")] = None,
) -> StandingView:
    """Read an agency's standing on a day, explained: every rule asked, with clause and figures."""
    answer = await actions.standing_of(work, agency, on or work.today)
    work.shown = None  # made of many records: its ETag is of the answer, not of the agency
    return answer
