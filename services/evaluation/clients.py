"""What evaluation asks of other services, and the part of the answers it relies on."""

from datetime import date
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel

from services.evaluation.assessments.rules import Conclusion
from shared.clients import ServiceClient, client


class Inspection(BaseModel):
    year: int
    conclusion: Conclusion


class Standing(BaseModel):
    """What the registry says of an agency on a day."""

    credit_code: str
    name: str
    on: date
    registered: bool
    suspended: bool
    registered_on: date | None
    inspections: list[Inspection]


class RegistryClient(ServiceClient):
    """Asks the registry, by way of the gateway."""

    async def standing_of(self, credit_code: str) -> Standing:
        """As of the business day on which it is asked, which the answer names."""
        return await self.get(f"/registry/v1/agencies/{credit_code}/standing", Standing)


TheRegistry = Annotated[RegistryClient, Depends(client(RegistryClient))]
