"""What others wait for when they ask the registry: one statement each."""

from services.registry.agencies.models import Agency
from services.registry.agencies.schemas import AgencyView
from services.registry.standing.actions import standing_from
from services.registry.standing.queries import dossier_of
from shared.http.hot import Answer, Asked, Hot, by_content, showing


async def read_standing(asked: Asked) -> Answer | None:
    """Today's standing: judged as ever, of facts that were read at once."""
    found = await dossier_of(asked.connection, asked.word)
    return None if found is None else by_content(standing_from(found))


AGENCIES = "/registry/v1/agencies/"
HOT = [
    Hot("read_agency", "GET", AGENCIES, showing(Agency, AgencyView)),
    Hot("read_standing", "GET", AGENCIES, read_standing, after="/standing"),
]
