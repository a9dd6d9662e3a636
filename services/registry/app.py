"""The registry's application: its routers, reactions and deadlines put together."""

from pathlib import Path

from services.registry.agencies import routes as agencies
from services.registry.applications import routes as applications
from services.registry.certificates import routes as certificates
from services.registry.deadlines import DEADLINES
from services.registry.hot import HOT
from services.registry.inspections import routes as inspections
from services.registry.people import routes as people
from services.registry.reactions import REACTIONS
from services.registry.reference import routes as reference
from services.registry.settings import settings
from services.registry.sites import routes as sites
from services.registry.standing import routes as standing
from services.registry.watched import WATCHED
from shared.app import assemble
from shared.words import Text

app = assemble(
    "registry",
    title=Text(zh="机构登记", en="Registry"),
    description="Who may act as a social-work agency (民办社会工作服务机构), and in what standing "
    "it is on any day: 惠民字〔2016〕62号, sections 3 to 5.",
    routers=[
        applications.router,
        certificates.router,
        agencies.router,
        standing.router,
        people.router,
        sites.router,
        inspections.router,
        reference.router,
    ],
    settings=settings,
    hot=HOT,
    reactions=REACTIONS,
    deadlines=DEADLINES,
    watched=WATCHED,
    examples=Path(__file__).with_name("examples.json"),
)
