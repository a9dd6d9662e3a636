"""What others wait for when they ask the registry: one statement each."""

from services.registry.agencies.models import Agency
from services.registry.agencies.schemas import AgencyView
from shared.http.hot import Hot, showing

HOT = [
    Hot("read_agency", "GET", "/registry/v1/agencies/", showing(Agency, AgencyView)),
]
