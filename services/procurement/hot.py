"""What everybody waits for at procurement: one statement each."""

from uuid import UUID

from services.procurement.bids.actions import lodge_bid, read_commit
from services.procurement.bids.schemas import LARGEST_COMMIT
from services.procurement.custody.keys import service_keys
from services.procurement.tenders.models import Tender
from services.procurement.tenders.schemas import TenderView
from shared.http.hot import Answer, Asked, Hot, showing


async def commit_bid(asked: Asked) -> Answer | None:
    """The last minute before a deadline: one statement keeps the bid, and its row is the receipt.

    A withdrawal, a commit that came before, one that is late or refused: all that is looked into by
    the ordinary endpoint, which may be asked again because a commit is named by its own content.
    """
    org = asked.actor.org
    if org is None or not asked.actor.has("agency") or asked.runtime.journal_dispute is not None:
        return None
    try:
        bid_id = UUID(asked.word)
    except ValueError:
        return None
    receipt = await lodge_bid(
        asked.connection,
        service_keys(asked.runtime.settings),
        org,
        bid_id,
        read_commit(asked.body),
    )
    return None if receipt is None else Answer(receipt.encode())


HOT = [
    Hot("read_tender", "GET", "/procurement/v1/tenders/", showing(Tender, TenderView)),
    Hot(
        "commit_bid",
        "POST",
        "/procurement/v1/bids/",
        commit_bid,
        after="/commit",
        largest=LARGEST_COMMIT,
        discreet=True,
    ),
]
