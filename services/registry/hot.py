"""What others wait for when they ask the registry: answered in one statement each."""

from services.registry.agencies.models import Agency
from services.registry.agencies.schemas import AgencyView
from shared.http.hot import HotRead, aggregate

HOT = [
    HotRead("read_agency", "/registry/v1/agencies/", aggregate(Agency, AgencyView)),
]
