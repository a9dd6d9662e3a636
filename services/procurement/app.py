"""The procurement service, put together."""

from pathlib import Path

from services.procurement.awards.routes import router as awards
from services.procurement.awards.routes import tender_router as awards_of_tenders
from services.procurement.bids.routes import router as bids
from services.procurement.contracts.routes import contracts_router, payments_router
from services.procurement.custody.routes import router as custody
from services.procurement.deadlines import DEADLINES
from services.procurement.disclosure.routes import router as disclosure
from services.procurement.hot import HOT
from services.procurement.needs.routes import needs_router, projects_router
from services.procurement.openings.desk import opening_desks
from services.procurement.openings.routes import router as openings
from services.procurement.panels.routes import bids_router, panels_router, seats_router
from services.procurement.reactions import REACTIONS
from services.procurement.reviews.routes import router as reviews
from services.procurement.settings import settings
from services.procurement.suppliers.routes import consequences_router, suppliers_router
from services.procurement.tenders.routes import router as tenders
from services.procurement.watched import WATCHED
from shared.app import assemble
from shared.words import Text

app = assemble(
    "procurement",
    title=Text(zh="购买服务", en="Procurement"),
    description="Who gets the work: from the need to the last payment. "
    "政府购买社会工作服务：从需求到支付。",
    routers=[
        needs_router,
        projects_router,
        tenders,
        custody,
        bids,
        openings,
        bids_router,
        reviews,
        panels_router,
        seats_router,
        awards_of_tenders,
        awards,
        contracts_router,
        payments_router,
        suppliers_router,
        consequences_router,
        disclosure,
    ],
    settings=settings,
    hot=HOT,
    reactions=REACTIONS,
    deadlines=DEADLINES,
    watched=WATCHED,
    startup=opening_desks,
    examples=Path(__file__).with_name("examples.json"),
)
