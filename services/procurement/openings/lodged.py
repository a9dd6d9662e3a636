"""What was lodged under one root, as every step of an opening looks at it."""

from uuid import UUID

from services.procurement.bids.actions import receipt_for
from services.procurement.bids.rules import Counted, Lodged
from services.procurement.custody.keys import service_keys
from services.procurement.custody.queries import policy_of
from services.procurement.openings import queries
from services.procurement.tenders.models import Tender
from shared.errors import NotFound
from shared.sealing.closings import Closing, ClosingLeaves, gather_leaves
from shared.sealing.manifests import Envelope
from shared.sealing.policies import SealPolicy
from shared.work import Work


def envelope_of(lodged: Lodged) -> Envelope:
    assert isinstance(lodged.document, Envelope)  # only bids are counted
    return lodged.document


def leaves_of(work: Work, policy: SealPolicy, counted: Counted) -> ClosingLeaves:
    """The counted receipts among blanks that are the same each time."""
    keys = service_keys(work.settings)
    drawn = 0

    def blank(size: int) -> bytes:
        nonlocal drawn
        drawn += 1
        return keys.blank(policy.tender, drawn)[:size]

    receipts = [receipt_for(work, bid) for bid in counted.bids]
    return gather_leaves(policy.suite, receipts, random=blank)


async def policy_for(work: Work, tender: Tender) -> tuple[SealPolicy, UUID]:
    frozen = await policy_of(work.session, tender.id)
    if frozen is None:
        raise NotFound()
    return frozen.policy, frozen.id


async def closing_for(work: Work, tender_id: UUID) -> Closing:
    closed = await queries.closing_of(work.session, tender_id)
    if closed is None:
        raise NotFound()
    return Closing.parse(closed.statement.encode())
