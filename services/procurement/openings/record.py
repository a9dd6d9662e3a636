"""What an opening shows: root and session to all, and after it everything needed to check it."""

from typing import Any
from uuid import UUID

from services.procurement.bids.actions import counted_bids
from services.procurement.bids.queries import content_of
from services.procurement.custody.keys import service_keys
from services.procurement.openings import queries
from services.procurement.openings.lodged import closing_for, leaves_of, policy_for
from services.procurement.openings.models import OpenedBid, OpeningSession
from services.procurement.openings.schemas import OpeningView
from services.procurement.tenders.queries import tender_of
from shared.errors import NotFound
from shared.sealing import bids as sealing
from shared.sealing.bundles import make_bundle, pack
from shared.sealing.closings import ClosingLeaves
from shared.sealing.manifests import PARTS, Envelope
from shared.sealing.minutes import Minutes
from shared.sealing.sessions import Release, SessionStatement
from shared.work import Work


async def opening_view(work: Work, tender_id: UUID) -> OpeningView:
    """Root and session; never how many bids there are."""
    closing = await closing_for(work, tender_id)
    session = await queries.session_of(work.session, tender_id)
    minutes = await queries.minutes_of(work.session, tender_id)
    releases = await queries.releases_to(work.session, session.id) if session else []
    statement = SessionStatement.parse(session.statement.encode()) if session else None
    return OpeningView(
        tender_id=tender_id,
        closing=closing.as_dict(),
        session=statement.as_dict() if statement else None,
        released=[release.custodian_key_id for release in releases],
        opened_at=minutes.opened_at if minutes else None,
    )


async def inclusion_proof(work: Work, tender_id: UUID, nonce: bytes) -> dict[str, Any]:
    """What completes a receipt: the way from it to the published root."""
    closing = await closing_for(work, tender_id)
    leaves = await _leaves_under(work, tender_id)
    for receipt in leaves.receipts:
        if receipt.nonce == nonce:
            return {"closing": closing.as_dict(), "proof": leaves.proof_for(receipt).as_dict()}
    raise NotFound()


async def _leaves_under(work: Work, tender_id: UUID) -> ClosingLeaves:
    """As the minutes keep them; before the opening they are worked out again, and kept nowhere."""
    minutes = await queries.minutes_of(work.session, tender_id)
    if minutes is not None:
        return ClosingLeaves.parse(minutes.leaves.encode())
    tender = await tender_of(work.session, tender_id)
    if tender is None:
        raise NotFound()
    policy, _ = await policy_for(work, tender)
    return leaves_of(work, policy, await counted_bids(work, tender))


async def minutes_text(work: Work, tender_id: UUID) -> str:
    minutes = await queries.minutes_of(work.session, tender_id)
    if minutes is None:
        raise NotFound()
    return minutes.text


async def bundle_of(work: Work, tender_id: UUID) -> bytes:
    """Everything an outsider needs to check the opening; the same bytes every time."""
    minutes = await queries.minutes_of(work.session, tender_id)
    tender = await tender_of(work.session, tender_id)
    if minutes is None or tender is None:
        raise NotFound()
    session = await work.session.get(OpeningSession, minutes.session_id)
    if session is None:
        raise NotFound()
    record = Minutes.parse(minutes.text.encode())
    opened = await queries.opened_bids(work.session, tender_id)
    shut = await queries.shut_bids(work.session, tender_id)
    releases = await queries.releases_to(work.session, session.id)
    policy, _ = await policy_for(work, tender)
    envelopes = {row.nonce: Envelope.parse(row.envelope.encode()) for row in opened}
    envelopes |= {row.nonce: Envelope.parse(row.envelope.encode()) for row in shut}
    return pack(
        make_bundle(
            service_keys(work.settings).receipt,
            policy=policy,
            closing=await closing_for(work, tender_id),
            leaves=ClosingLeaves.parse(minutes.leaves.encode()),
            session=SessionStatement.parse(session.statement.encode()),
            releases={
                row.custodian_key_id: Release.parse(row.text.encode())
                for row in releases
                if row.custodian_key_id in record.custodians
            },
            minutes=record,
            envelopes=envelopes,
            part_keys={row.nonce: _part_keys(row) for row in opened},
            sealed_parts={
                row.nonce: {
                    name: await content_of(work.session, row.bid_id, number)
                    for number, name in enumerate(PARTS, start=1)
                }
                for row in opened
            },
        )
    )


async def technical_part(work: Work, tender_id: UUID, credit_code: str) -> bytes:
    """The technical part of an opened bid, decrypted from what was lodged."""
    bid = await queries.opened_bid(work.session, tender_id, credit_code)
    if bid is None:
        raise NotFound()
    manifest = Envelope.parse(bid.envelope.encode()).manifest
    sealed = await content_of(work.session, bid.bid_id, PARTS.index("technical") + 1)
    return sealing.open_part(manifest, "technical", sealed, _part_keys(bid)["technical"])


def _part_keys(bid: OpenedBid) -> dict[str, bytes]:
    return {name: bytes.fromhex(key) for name, key in bid.part_keys.items()}
