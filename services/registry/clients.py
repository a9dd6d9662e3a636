"""What the registry asks of other services."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from shared.clients import ServiceClient


class Dossier(BaseModel):
    """The part of a start-up's file (档案) that a founding application is born from.

    `application` has the shape of `ApplicationDraft`, as far as the start-up filled it in.
    """

    residency_id: UUID
    client_id: str = Field(min_length=1)
    application: dict[str, Any] = Field(default_factory=dict)


class IncubatorClient(ServiceClient):
    """Asks the incubator, by way of the gateway."""

    async def dossier_of(self, residency_id: str) -> Dossier:
        return await self.get(f"/incubator/v1/residencies/{residency_id}/dossier", Dossier)
