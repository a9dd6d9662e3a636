"""Handing over the certificate: the agency comes onto the register with its founding staff."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.registry.agencies import queries as register
from services.registry.agencies.actions import Seat, register_agency
from services.registry.agencies.models import Agency
from services.registry.applications.models import Application, FoundingPerson
from services.registry.applications.queries import certificate_of, degree_of, people_of
from services.registry.certificates.rules import CERTIFICATE, Certificate
from services.registry.certificates.schemas import CertificateDetails
from services.registry.people.actions import Person, found_post, record_worker
from services.registry.people.rules import PartyStatus
from services.registry.people.schemas import PartyMembership
from shared.identifiers import CreditCode
from shared.money import Money
from shared.work import Work

FOUNDING_POST = "创办人员"


async def issue_certificate(
    work: Work, application: Application, details: CertificateDetails
) -> Application:
    """Hand over the certificate and put the agency on the register, with its founding staff.

    The credit code was given by the national system: it is checked and recorded, never coined.
    """
    code = CreditCode(details.credit_code)
    verdict = CERTIFICATE.judge(
        Certificate(
            kind=code.kind,
            division=code.division,
            code_taken=await register.code_taken(work.session, code),
            due=application.certificate_due or work.today,
            today=work.today,
        ),
        on=work.today,
    ).require()
    application.credit_code = str(code)
    application.certified_on = work.today
    work.move(application, "certify", because=verdict, credit_code=str(code))
    people = await people_of(work.session, application.id)
    agency = _agency(work, application, details, people)
    register_agency(
        work,
        agency,
        purpose=application.purpose,
        scope=application.scope,
        methods=application.methods,
        seats=[
            Seat(person.body, person.name, person.resident_id, person.resident_hash)
            for person in people
            if person.body
        ],
        because=verdict,
    )
    for person in people:
        if person.employment:
            worker = await record_worker(work, _person(person))
            found_post(work, worker, str(code), person.employment, FOUNDING_POST, work.today)
    return application


def _agency(
    work: Work,
    application: Application,
    details: CertificateDetails,
    people: Sequence[FoundingPerson],
) -> Agency:
    kept: dict[str, Any] = {
        field: getattr(application, field)
        for field in (
            "name",
            "category",
            "legal_form",
            "route",
            "supervising_unit",
            "seat_division",
            "seat_address",
        )
    }
    return Agency(
        owner_org=details.credit_code,
        credit_code=details.credit_code,
        opening_funds=Money.total(Money.parse(asset["amount"]) for asset in application.assets),
        head_name=next(person.name for person in people if person.head),
        registered_on=work.today,
        certificate_number=details.certificate_number,
        application_id=application.id,
        **kept,
    )


def _person(person: FoundingPerson) -> Person:
    party = None
    if person.party_status:
        since = person.party_full_since
        party = PartyMembership(
            status=PartyStatus(person.party_status),
            full_since=date.fromisoformat(since) if since else None,
        )
    return Person(
        person.name,
        person.resident_id,
        person.resident_hash,
        certificate_of(person),
        degree_of(person),
        party,
    )
