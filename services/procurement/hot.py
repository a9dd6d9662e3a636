"""What others wait for when they ask procurement: answered in one statement each."""

from services.procurement.tenders.models import Tender
from services.procurement.tenders.schemas import TenderView
from shared.http.hot import HotRead, aggregate

HOT = [
    HotRead("read_tender", "/procurement/v1/tenders/", aggregate(Tender, TenderView)),
]
