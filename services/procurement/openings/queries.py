from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.procurement.openings.models import (
    ClosedTender,
    CustodianRelease,
    KeptRootRelease,
    OpenedBid,
    OpeningMinutes,
    OpeningRemark,
    OpeningSession,
    ShutBid,
)
from services.procurement.tenders.lifecycle import TenderState
from services.procurement.tenders.models import Tender


async def opened_bids(session: AsyncSession, tender_id: UUID) -> Sequence[OpenedBid]:
    """The bids of a tender that opened, by credit code; none before the opening."""
    statement = (
        select(OpenedBid).where(OpenedBid.tender_id == tender_id).order_by(OpenedBid.credit_code)
    )
    return (await session.scalars(statement)).all()


async def opened_bid(session: AsyncSession, tender_id: UUID, credit_code: str) -> OpenedBid | None:
    statement = select(OpenedBid).where(
        OpenedBid.tender_id == tender_id, OpenedBid.credit_code == credit_code
    )
    return await session.scalar(statement)


async def shut_bids(session: AsyncSession, tender_id: UUID) -> Sequence[ShutBid]:
    statement = select(ShutBid).where(ShutBid.tender_id == tender_id).order_by(ShutBid.nonce)
    return (await session.scalars(statement)).all()


async def due_to_close(session: AsyncSession, now: datetime) -> Sequence[UUID]:
    """Published tenders whose deadline has come, longest overdue first."""
    statement = (
        select(Tender.id)
        .where(Tender.state == TenderState.PUBLISHED, Tender.closes_at <= now)
        .order_by(Tender.closes_at, Tender.id)
    )
    return (await session.scalars(statement)).all()


async def due_to_open(session: AsyncSession, now: datetime) -> Sequence[UUID]:
    """Closed tenders whose bids are still sealed."""
    statement = (
        select(Tender.id)
        .where(Tender.state == TenderState.CLOSED, Tender.closes_at <= now)
        .order_by(Tender.closes_at, Tender.id)
    )
    return (await session.scalars(statement)).all()


async def closing_of(session: AsyncSession, tender_id: UUID) -> ClosedTender | None:
    return await session.get(ClosedTender, tender_id)


async def session_of(session: AsyncSession, tender_id: UUID) -> OpeningSession | None:
    """The newest session: the one that custodians release to."""
    statement = (
        select(OpeningSession)
        .where(OpeningSession.tender_id == tender_id)
        .order_by(OpeningSession.started_at.desc(), OpeningSession.id.desc())
        .limit(1)
    )
    return await session.scalar(statement)


async def releases_to(session: AsyncSession, session_id: UUID) -> Sequence[CustodianRelease]:
    statement = (
        select(CustodianRelease)
        .where(CustodianRelease.session_id == session_id)
        .order_by(CustodianRelease.custodian_key_id)
    )
    return (await session.scalars(statement)).all()


async def roots_released_to(session: AsyncSession, session_id: UUID) -> Sequence[KeptRootRelease]:
    statement = (
        select(KeptRootRelease)
        .where(KeptRootRelease.session_id == session_id)
        .order_by(KeptRootRelease.nonce)
    )
    return (await session.scalars(statement)).all()


async def minutes_of(session: AsyncSession, tender_id: UUID) -> OpeningMinutes | None:
    return await session.get(OpeningMinutes, tender_id)


async def remarks_on(session: AsyncSession, tender_id: UUID) -> Sequence[OpeningRemark]:
    statement = (
        select(OpeningRemark)
        .where(OpeningRemark.tender_id == tender_id)
        .order_by(OpeningRemark.credit_code)
    )
    return (await session.scalars(statement)).all()


async def release_of(
    session: AsyncSession, session_id: UUID, custodian_key_id: str
) -> CustodianRelease | None:
    statement = select(CustodianRelease).where(
        CustodianRelease.session_id == session_id,
        CustodianRelease.custodian_key_id == custodian_key_id,
    )
    return await session.scalar(statement)
