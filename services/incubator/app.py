"""The incubator service, put together."""

from pathlib import Path

from services.incubator.admissions.routes import candidates_router
from services.incubator.admissions.routes import router as rounds
from services.incubator.bases.routes import router as bases
from services.incubator.deadlines import DEADLINES
from services.incubator.funds.routes import grants_router, support_router
from services.incubator.funds.routes import router as funds
from services.incubator.reactions import REACTIONS
from services.incubator.residencies.routes import router as residencies
from services.incubator.settings import settings
from services.incubator.venues.routes import allocations_router, handover_router
from services.incubator.venues.routes import router as venues
from services.incubator.watched import WATCHED
from shared.app import assemble
from shared.words import Text

app = assemble(
    "incubator",
    title=Text(zh="孵化", en="Incubator"),
    description="How new agencies grow: the base, its rooms and funds, and those who stay there. "
    "孵化基地、场所、专项资金与入驻机构。",
    routers=[
        bases,
        venues,
        allocations_router,
        rounds,
        candidates_router,
        residencies,
        handover_router,
        funds,
        grants_router,
        support_router,
    ],
    settings=settings,
    reactions=REACTIONS,
    deadlines=DEADLINES,
    watched=WATCHED,
    examples=Path(__file__).with_name("examples.json"),
)
