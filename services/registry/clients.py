"""What the registry asks of other services."""

from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.applications.schemas import ApplicationDraft
from shared.clients import ServiceClient


class Dossier(BaseModel):
    """The part of a start-up's file (档案) that a founding application is born from.

    Everything but the ids may be missing: the application is a draft, and its founders go on.
    """

    residency_id: UUID
    client_id: str = Field(min_length=1)
    application: ApplicationDraft = Field(default_factory=ApplicationDraft)


class IncubatorClient(ServiceClient):
    """Asks the incubator, by way of the gateway."""

    async def dossier_of(self, residency_id: str) -> Dossier:
        return await self.get(f"/incubator/v1/residencies/{residency_id}/dossier", Dossier)
