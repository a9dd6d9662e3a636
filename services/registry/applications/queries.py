"""Reading applications, and finding those whose day has come."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.agencies import queries as register
from services.registry.applications.lifecycle import ApplicationState as S
from services.registry.applications.models import OFFICE, Application, FoundingPerson
from services.registry.applications.schemas import Body
from services.registry.founding.rules import (
    Asset,
    Category,
    Founding,
    LegalForm,
    Name,
    Route,
    Staff,
    Tenure,
)
from services.registry.people.rules import Employment, Qualification, QualificationKind
from services.registry.people.schemas import CertificateDraft, DegreeDraft
from services.registry.reference.models import CalendarRow
from services.registry.reference.queries import TOWNS, division_on
from shared.actor import Actor
from shared.database.base import matching
from shared.days import day_of
from shared.money import Money

UNDECIDED = (S.ACCEPTED, S.REVIEWED)


async def people_of(session: AsyncSession, application_id: UUID) -> Sequence[FoundingPerson]:
    """In the order they were filed."""
    statement = (
        select(FoundingPerson)
        .where(FoundingPerson.application_id == application_id)
        .order_by(FoundingPerson.id)
    )
    return (await session.scalars(statement)).all()


def owned_by(actor: Actor) -> ColumnElement[bool]:
    """The organisation's own; or, filed before there was an organisation, the client's own."""
    founders = and_(Application.owner_org.is_(None), Application.created_by == actor.client_id)
    return founders if actor.org is None else or_(founders, Application.owner_org == actor.org)


async def born_from(session: AsyncSession, residency_id: UUID) -> Application | None:
    return await session.scalar(select(Application).where(Application.residency_id == residency_id))


async def name_applied_for(session: AsyncSession, name: str, application_id: UUID) -> bool:
    """Whether another application already approved, and waiting for its certificate, has the name."""
    other = exists().where(
        Application.name == name,
        Application.id != application_id,
        Application.state == S.APPROVED,
    )
    return bool(await session.scalar(select(other)))


async def founding_facts(session: AsyncSession, application: Application, *, on: date) -> Founding:
    """Everything the conditions ask, from what was filed and from the register."""
    people = await people_of(session, application.id)
    name = Name(**application.name_parts) if application.name_parts else None
    taken = name is not None and (
        await register.name_taken(session, name.whole)
        or await name_applied_for(session, name.whole, application.id)
    )
    seat = application.seat_division
    town = await division_on(session, seat, on) if seat else None
    return Founding(
        on=on,
        route=Route(application.route),
        unit_consents=bool(application.supervising_unit)
        and any(m["kind"] == "unit_consent" for m in application.materials),
        category=Category(application.category),
        legal_form=LegalForm(application.legal_form),
        name=name,
        name_taken=taken,
        purpose=application.purpose,
        scope=application.scope,
        methods=tuple(application.methods),
        council=_members(people, Body.COUNCIL),
        supervisors=_members(people, Body.SUPERVISORS),
        head_named=any(person.head for person in people),
        staff=tuple(_staff(person, on) for person in people if person.employment),
        seat_in_district=town is not None and town.kind in TOWNS,
        tenure=Tenure(application.tenure) if application.tenure else None,
        lease_until=application.lease_until,
        assets=tuple(
            Asset(Money.parse(asset["amount"]), asset["of_the_state"])
            for asset in application.assets
        ),
        materials=frozenset(material["kind"] for material in application.materials),
    )


def _members(people: Sequence[FoundingPerson], body: Body) -> frozenset[str]:
    return frozenset(p.resident_hash.hex() for p in people if p.body == body)


def _staff(person: FoundingPerson, on: date) -> Staff:
    held = _qualifications(person)
    return Staff(
        full_time=person.employment == Employment.FULL_TIME,
        certificate=any(q.kind is QualificationKind.CERTIFICATE and q.counts_on(on) for q in held),
        degree=any(q.kind is QualificationKind.DEGREE and q.counts_on(on) for q in held),
        registration_lapsed=any(q.lapsed_on(on) for q in held),
    )


def _qualifications(person: FoundingPerson) -> list[Qualification]:
    certificate, degree = certificate_of(person), degree_of(person)
    found = []
    if certificate:
        found.append(
            Qualification(
                QualificationKind.CERTIFICATE,
                certificate.level,
                True,
                certificate.obtained_on,
                certificate.registered_until,
            )
        )
    if degree:
        found.append(
            Qualification(
                QualificationKind.DEGREE, degree.level, degree.social_work, degree.obtained_on
            )
        )
    return found


def certificate_of(person: FoundingPerson) -> CertificateDraft | None:
    return CertificateDraft.model_validate(person.certificate) if person.certificate else None


def degree_of(person: FoundingPerson) -> DegreeDraft | None:
    return DegreeDraft.model_validate(person.degree) if person.degree else None


async def due_by_silence(session: AsyncSession, now: datetime) -> Sequence[UUID]:
    """Submitted, and nothing told within the five working days."""
    statement = select(Application.id).where(
        Application.state == S.SUBMITTED, Application.answer_due < day_of(now)
    )
    return (await session.scalars(statement.order_by(Application.answer_due))).all()


async def overdue_decisions(session: AsyncSession, now: datetime) -> Sequence[UUID]:
    """Undecided past their sixty days, and not told yet."""
    statement = select(Application.id).where(
        Application.state.in_(UNDECIDED),
        Application.decision_due < day_of(now),
        Application.overdue_told.is_(False),
    )
    return (await session.scalars(statement.order_by(Application.decision_due))).all()


async def terms_to_recount(session: AsyncSession, now: datetime) -> Sequence[UUID]:
    """Running terms that guessed at days which have been published since."""
    published = select(func.max(CalendarRow.day)).scalar_subquery()
    statement = select(Application.id).where(
        or_(
            and_(
                Application.state == S.SUBMITTED,
                Application.answer_provisional,
                Application.answer_due <= published,
            ),
            and_(
                Application.state == S.APPROVED,
                Application.certificate_provisional,
                Application.certificate_due <= published,
            ),
        )
    )
    return (await session.scalars(statement.order_by(Application.id))).all()


def applications(
    actor: Actor, *, state: S | None, residency_id: UUID | None
) -> Select[tuple[Application]]:
    """Applications, by what was asked for: founders see their own, the office sees all."""
    statement = select(Application)
    if not actor.has(*OFFICE):
        statement = statement.where(owned_by(actor))
    wanted = {Application.state: state, Application.residency_id: residency_id}
    return matching(statement, wanted)


async def forget_people(session: AsyncSession, application: Application) -> None:
    """Drop everybody named in the application, before it names them anew."""
    await session.execute(
        delete(FoundingPerson).where(FoundingPerson.application_id == application.id)
    )
