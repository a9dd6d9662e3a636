"""The calendar's part: close at the deadline, hold the session, open when enough was released."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.procurement.bids.actions import counted_bids, receipt_for
from services.procurement.bids.queries import content_of
from services.procurement.bids.rules import Counted, Lodged
from services.procurement.custody.keys import service_keys
from services.procurement.custody.queries import signed_for
from services.procurement.openings import queries
from services.procurement.openings.desk import Desk, desk_of, desks_held, leave_desk, take_desk
from services.procurement.openings.lodged import closing_for, envelope_of, leaves_of, policy_for
from services.procurement.openings.models import (
    ClosedTender,
    OpenedBid,
    OpeningMinutes,
    OpeningSession,
    ShutBid,
)
from services.procurement.openings.rules import OPENING, SEAL, Opening, Seal
from services.procurement.tenders.actions import close_tender, fail_tender, open_tender
from services.procurement.tenders.lifecycle import TenderState
from services.procurement.tenders.models import Tender
from services.procurement.tenders.queries import tender_for_update
from shared.database.base import new_id
from shared.errors import Conflict
from shared.money import Money
from shared.sealing import bids as sealing
from shared.sealing.closings import sign_closing
from shared.sealing.errors import Reason, SealingError
from shared.sealing.manifests import PARTS
from shared.sealing.minutes import (
    Entry,
    SupersededEntry,
    entry_for,
    sign_minutes,
)
from shared.sealing.openings import Fault, gather_released, open_or_say_why
from shared.sealing.openings import ShutBid as Shut
from shared.sealing.policies import SealPolicy
from shared.sealing.receipts import Receipt
from shared.sealing.sessions import (
    Release,
    RootRelease,
    SessionStatement,
    sign_session,
)
from shared.words import Text
from shared.work import Work

Outcome = sealing.OpenedBid | Shut
Act = Callable[[Work, UUID], Awaitable[None]]
A_TICK = timedelta(microseconds=1)


def _for_this_tender_only(act: Act) -> Act:
    """What cannot be read of one tender is refused and told; the deadlines of others go on."""

    @wraps(act)
    async def contained(work: Work, tender_id: UUID) -> None:
        try:
            await act(work, tender_id)
        except SealingError as error:
            raise Conflict(
                Text(
                    zh=f"无法读取已封存内容：{error}", en=f"what was sealed cannot be read: {error}"
                )
            ) from error

    return contained


@_for_this_tender_only
async def close_at_the_deadline(work: Work, tender_id: UUID) -> None:
    """Take no more bids, and put the root over those that count into the journal.

    Commits hold the tender's row shared until they are kept, so once it is locked here every bid
    that was taken can be seen, and none can follow.
    """
    tender = await tender_for_update(work.session, tender_id)
    if tender is None or tender.state != TenderState.PUBLISHED or work.now < tender.closes_at:
        return
    policy, policy_id = await policy_for(work, tender)
    counted = await counted_bids(work, tender)
    leaves = leaves_of(work, policy, counted)
    closing = sign_closing(service_keys(work.settings).receipt, policy, leaves, work.now)
    work.add_row(
        ClosedTender(
            tender_id=tender.id,
            policy_id=policy_id,
            root=closing.root.hex(),
            statement=closing.encode().decode(),
            closed_at=work.now,
        )
    )
    close_tender(work, tender, root=closing.root.hex(), closing=closing.as_dict())
    facts = Opening(work.now, tender.closes_at, len(counted.bids), tender.minimum_bids)
    verdict = OPENING.judge(facts, on=tender.published_on or work.today)
    if not verdict.passed:
        await fail_tender(work, tender, verdict)


async def openings_to_hold(session: AsyncSession, now: datetime) -> Sequence[UUID]:
    """Closed tenders, and those whose session is still held here though they are closed no more."""
    closed = await queries.due_to_open(session, now)
    return [*closed, *(held for held in desks_held() if held not in closed)]


@_for_this_tender_only
async def hold_opening(work: Work, tender_id: UUID) -> None:
    """Begin the opening session of a closed tender, or go on with it; open when enough released."""
    tender = await tender_for_update(work.session, tender_id)
    if tender is None or tender.state != TenderState.CLOSED:
        await leave_desk(tender_id)
        return
    desk = desk_of(tender_id)
    session = await work.session.get(OpeningSession, desk.session_id) if desk else None
    if desk is None or session is None:
        await _begin_session(work, tender)
        return
    await _go_on(work, tender, desk, SessionStatement.parse(session.statement.encode()))


async def _begin_session(work: Work, tender: Tender) -> None:
    desk = await take_desk(work.settings.database_url, tender.id)
    if desk is None:
        return
    closing = await closing_for(work, tender.id)
    keys = service_keys(work.settings)
    public = keys.receipt.suite.sealing_public(desk.private)
    # Each step of an opening is signed to be after the one before it, and custodians are shown the
    # newest session: also when the clock was put back, or stands still, in a sandbox.
    before = await queries.session_of(work.session, tender.id)
    earliest = closing.closed_at if before is None else before.started_at + A_TICK
    started = max(work.now, earliest)
    statement = sign_session(keys.receipt, closing, desk.session_id, public, started)
    work.add_row(
        OpeningSession(
            id=desk.session_id,
            tender_id=tender.id,
            statement=statement.encode().decode(),
            started_at=started,
        )
    )
    work.tell(
        "opening",
        tender.id,
        "opening.session_begun",
        tender_id=tender.id,
        session=statement.as_dict(),
    )


async def _go_on(work: Work, tender: Tender, desk: Desk, session: SessionStatement) -> None:
    """Try to open whenever something new was released; at the window's end record what there is."""
    stored = await queries.releases_to(work.session, session.session)
    kept = await queries.roots_released_to(work.session, session.session)
    policy, _ = await policy_for(work, tender)
    over = work.now >= session.started_at + timedelta(minutes=policy.release_window_minutes)
    enough = len(stored) >= policy.threshold > 0 or bool(kept)
    if not over and (not enough or desk.tried == len(stored) + len(kept)):
        return
    releases = [Release.parse(row.text.encode()) for row in stored]
    roots = [RootRelease.parse(row.text.encode()) for row in kept]
    counted = await counted_bids(work, tender)
    outcomes = [
        await _open_one(work, tender, policy, session, desk, bid, releases, roots)
        for bid in counted.bids
    ]
    waiting = any(isinstance(outcome, Shut) and not outcome.final for outcome in outcomes)
    if waiting and not over:
        desk.tried = len(stored) + len(kept)
        return
    # The desk is left when the tender is seen to be opened: until this is committed its key is needed.
    await _record(work, tender, policy, session, counted, outcomes, releases)


async def _open_one(
    work: Work,
    tender: Tender,
    policy: SealPolicy,
    session: SessionStatement,
    desk: Desk,
    lodged: Lodged,
    releases: list[Release],
    roots: list[RootRelease],
) -> Outcome:
    envelope = envelope_of(lodged)
    parts = {
        name: await content_of(work.session, lodged.bid_id, number)
        for number, name in enumerate(PARTS, start=1)
    }
    released = gather_released(policy, session, desk.private, envelope.manifest, releases, roots)
    outcome = open_or_say_why(policy, envelope, parts, released)
    if isinstance(outcome, Shut):
        return outcome
    return await _of_the_bidder(work, tender, lodged, outcome)


async def _of_the_bidder(
    work: Work, tender: Tender, lodged: Lodged, opened: sealing.OpenedBid
) -> Outcome:
    """Who is named inside is who lodged it, and signed with its registered key."""
    code = opened.price.credit_code
    if service_keys(work.settings).bidder_mark(tender.id, code) != lodged.bidder:
        return Shut(Reason.IDENTITY, "price form.credit_code", Fault.BIDDER, final=True)
    public = opened.signer.public.hex()
    if not await signed_for(work.session, public, code, lodged.received_at):
        return Shut(Reason.UNTRUSTED_KEY, "statement.signing_key", Fault.BIDDER, final=True)
    return opened


async def _record(
    work: Work,
    tender: Tender,
    policy: SealPolicy,
    session: SessionStatement,
    counted: Counted,
    outcomes: list[Outcome],
    releases: list[Release],
) -> None:
    """Write down what opened and what stayed shut, sign the minutes, and tell of it."""
    entries: list[Entry] = []
    opened_at = max(work.now, session.started_at)
    for lodged, outcome in zip(counted.bids, outcomes, strict=True):
        receipt = receipt_for(work, lodged)
        entries.append(entry_for(receipt, outcome))
        _keep_outcome(work, tender, lodged, receipt, outcome, opened_at)
    minutes = sign_minutes(
        service_keys(work.settings).receipt,
        session,
        opened_at,
        custodians=tuple(release.custodian for release in releases),
        bids=tuple(entries),
        superseded=tuple(
            SupersededEntry(receipt_for(work, old), new.hash) for old, new in counted.superseded
        ),
    )
    work.add_row(
        OpeningMinutes(
            tender_id=tender.id,
            session_id=session.session,
            text=minutes.encode().decode(),
            leaves=leaves_of(work, policy, counted).encode().decode(),
            opened_at=opened_at,
        )
    )
    opened = sum(not isinstance(outcome, Shut) for outcome in outcomes)
    open_tender(
        work,
        tender,
        root=session.root.hex(),
        minutes_hash=policy.suite.hash(minutes.encode()).hex(),
        opened=opened,
        shut=len(outcomes) - opened,
    )


def _keep_outcome(
    work: Work,
    tender: Tender,
    lodged: Lodged,
    receipt: Receipt,
    outcome: Outcome,
    opened_at: datetime,
) -> None:
    told: dict[str, Any] = {
        "tender_id": tender.id,
        "nonce": lodged.nonce.hex(),
        "manifest_hash": lodged.hash.hex(),
        "received_at": lodged.received_at,
    }
    common = {
        "id": new_id(),
        "tender_id": tender.id,
        "bid_id": lodged.bid_id,
        "nonce": lodged.nonce,
        "receipt": receipt.encode().decode(),
        "envelope": envelope_of(lodged).encode().decode(),
    }
    if isinstance(outcome, Shut):
        seal = Seal(outcome.reason.value, outcome.where, outcome.fault.value)
        verdict = SEAL.judge(seal, on=tender.published_on or work.today)
        told |= {"reason": outcome.reason.value, "fault": outcome.fault.value}
        work.add_row(
            ShutBid(
                **common,
                reason=outcome.reason.value,
                where_=outcome.where,
                fault=outcome.fault.value,
            )
        )
        work.tell(
            "bid",
            lodged.nonce.hex(),
            "bid.stayed_shut",
            because=verdict,
            where=outcome.where,
            **told,
        )
        return
    read_out: dict[str, Any] = {
        "credit_code": outcome.price.credit_code,
        "name": outcome.price.name,
        "price": Money(outcome.price.price),
        "personnel": Money(outcome.price.personnel),
    }
    work.add_row(
        OpenedBid(
            **common,
            **read_out,
            signatory=outcome.identity.signatory,
            part_keys={name: key.hex() for name, key in outcome.part_keys.items()},
            opened_at=opened_at,
        )
    )
    verdict = SEAL.judge(Seal(), on=tender.published_on or work.today)
    work.tell("bid", lodged.nonce.hex(), "bid.opened", because=verdict, **read_out, **told)
