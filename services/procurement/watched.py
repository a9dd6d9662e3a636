"""What officers watch of procurement; read by the worker into figures.

Nothing here may move when a bid is lodged, and no key that a bidder gets ready is counted: who bids,
and how many there are, is nobody's business before the opening.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.procurement.awards.lifecycle import AwardState
from services.procurement.awards.models import Award
from services.procurement.contracts.models import Contract, Payment
from services.procurement.custody.models import Custodian
from services.procurement.custody.queries import custodians_standing
from services.procurement.needs.models import Need, Project
from services.procurement.suppliers.models import Consequence
from services.procurement.tenders.lifecycle import TenderState
from services.procurement.tenders.models import Tender
from services.procurement.tenders.queries import custody_of_sealed
from shared.sealing.policies import PROFILES
from shared.watched import Due, Figure, Watched


async def custody(session: AsyncSession, now: datetime) -> Mapping[tuple[str, ...], float]:
    """Who stands ready; what the strictest seal needs; how many the worst-off seal can still lose."""
    found: dict[tuple[str, ...], float] = {
        ("standing",): float(await custodians_standing(session)),
        ("needed",): 0.0,
    }
    sealed = [(PROFILES[profile][0], left) for profile, left in await custody_of_sealed(session)]
    if sealed:
        found["needed",] = float(max(needed for needed, _ in sealed))
        found["spare",] = float(min(left - needed for needed, left in sealed))
    return found


WATCHED = Watched(
    things=[Need, Project, Tender, Custodian, Award, Contract, Payment, Consequence],
    due=[
        Due("tender.close", Tender.closes_at, open=Tender.state == TenderState.PUBLISHED),
        Due("award.decide", Award.decision_due_on, open=Award.state == AwardState.RECOMMENDED),
        Due("award.announce", Award.notice_due_on, open=Award.state == AwardState.CONFIRMED),
        Due("award.sign", Award.contract_due_on, open=Award.state == AwardState.ANNOUNCED),
    ],
    figures=[
        Figure(
            "custodians",
            "Custodians that stand ready, how many the strictest seal not opened yet needs, and "
            "how many of its own the worst-off of those seals can lose and still be opened",
            ("which",),
            custody,
        ),
    ],
)
