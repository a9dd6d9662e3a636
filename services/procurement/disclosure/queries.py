from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.procurement.awards.models import Award
from services.procurement.contracts.models import Contract, Payment
from services.procurement.disclosure.models import Release
from services.procurement.disclosure.process import State, Told
from services.procurement.disclosure.releases import RELEASES
from services.procurement.needs.models import Need, Project
from services.procurement.openings.models import OpenedBid
from services.procurement.openings.queries import opened_bids
from services.procurement.reviews.models import Qualification, Review
from services.procurement.suppliers.models import Consequence
from services.procurement.tenders.models import Tender
from shared.journal.rows import PUBLIC, journal, journal_position
from shared.records.cursors import position_of

DISCLOSED = "disclosure"
"""How far the journal has been disclosed is kept like the cursor of a feed."""

_TOLD = (
    select(journal, journal_position.c.position)
    .join(journal_position, journal_position.c.id == journal.c.id)
    .where(journal.c.audience == PUBLIC)
)


async def due_for_disclosure(session: AsyncSession, now: datetime) -> Sequence[UUID]:
    """Placed public events that call for a release and have none yet, in the order of the feed."""
    statement = (
        _TOLD.with_only_columns(journal.c.id)
        .where(
            journal_position.c.position > await position_of(session, DISCLOSED),
            journal.c.kind.in_(RELEASES),
        )
        .order_by(journal_position.c.position)
        .limit(100)
    )
    return (await session.scalars(statement)).all()


async def told_by(session: AsyncSession, event_id: UUID) -> Told:
    """The event, without the rows beside it."""
    row = (await session.execute(_TOLD.where(journal.c.id == event_id))).one()
    return _told(row, {})


async def project_behind(session: AsyncSession, told: Told) -> UUID | None:
    """The project whose process the event belongs to."""
    if told.subject == "project":
        return UUID(told.subject_id)
    tender_id = told.subject_id if told.subject == "tender" else told.after.get("tender_id")
    if tender_id is not None:
        of_tender = select(Tender.project_id).where(Tender.id == UUID(tender_id))
        return await session.scalar(of_tender)
    if contract_id := told.after.get("contract_id"):
        of_contract = select(Contract.project_id).where(Contract.id == UUID(contract_id))
        return await session.scalar(of_contract)
    return None


async def told_about(session: AsyncSession, project_id: UUID, until: Told) -> Sequence[Told]:
    """Everything told about a project and what came of it, up to and with one event."""
    tenders = (
        await session.scalars(select(Tender.id).where(Tender.project_id == project_id))
    ).all()
    subjects = {"project": [project_id], "tender": tenders}
    for name, model in (("review", Review), ("award", Award), ("contract", Contract)):
        found = await session.scalars(select(model.id).where(model.tender_id.in_(tenders)))
        subjects[name] = found.all()
    for name, child in (("payment", Payment), ("consequence", Consequence)):
        of_contracts = child.contract_id.in_(subjects["contract"])
        subjects[name] = (await session.scalars(select(child.id).where(of_contracts))).all()
    about = [
        and_(journal.c.subject == name, journal.c.subject_id.in_([str(one) for one in ids]))
        for name, ids in subjects.items()
    ]
    statement = _TOLD.where(or_(*about), journal_position.c.position <= until.position).order_by(
        journal_position.c.position
    )
    rows = (await session.execute(statement)).all()
    return [_told(row, await _beside(session, row)) for row in rows]


async def needs_of(session: AsyncSession, project_id: UUID) -> Sequence[State]:
    """The needs that the project answers; they do not change once it is planned."""
    needs = select(Project.need_ids).where(Project.id == project_id)
    ids = (await session.scalar(needs)) or []
    found = await session.scalars(select(Need).where(Need.id.in_(ids)).order_by(Need.id))
    return [{"title": n.title, "people": n.people, "division": n.division} for n in found]


async def releases_of(session: AsyncSession, ocid: str) -> Sequence[Release]:
    """The releases of one process, in the order of the events that they tell of."""
    statement = (
        select(Release)
        .join(journal_position, journal_position.c.id == Release.event_id)
        .where(Release.ocid == ocid)
        .order_by(journal_position.c.position)
    )
    return (await session.scalars(statement)).all()


def releases(ocid: str | None, project_id: UUID | None) -> Select[Release]:
    statement = select(Release)
    if ocid is not None:
        statement = statement.where(Release.ocid == ocid)
    if project_id is not None:
        statement = statement.where(Release.project_id == project_id)
    return statement


async def _beside(session: AsyncSession, row: Any) -> Mapping[str, Sequence[State]]:
    """What was written once and for all in the same transaction as the event."""
    if row.kind == "tender.opened":
        bids = await opened_bids(session, UUID(row.subject_id))
        return {"opened_bid": [_shown(bid) for bid in bids]}
    if row.kind == "review.concluded":
        statement = (
            select(Qualification)
            .where(Qualification.review_id == UUID(row.subject_id))
            .order_by(Qualification.credit_code)
        )
        found = await session.scalars(statement)
        return {
            "qualification": [
                {"credit_code": q.credit_code, "qualified": q.qualified} for q in found
            ]
        }
    return {}


def _told(row: Any, beside: Mapping[str, Sequence[State]]) -> Told:
    event = orjson.loads(row.public_text)
    detail = orjson.loads(row.detail_text) if row.detail_text else {}
    return Told(
        id=str(row.id),
        position=row.position,
        kind=row.kind,
        time=row.at,
        subject=row.subject,
        subject_id=row.subject_id,
        data=event["data"],
        after=detail.get("after", {}),
        rows=beside,
    )


def _shown(bid: OpenedBid) -> State:
    """What the opening read out, and nothing else of a bid."""
    return {
        "id": str(bid.bid_id),
        "received_at": orjson.loads(bid.receipt)["received_at"],
        "credit_code": bid.credit_code,
        "name": bid.name,
        "price": str(bid.price),
    }
