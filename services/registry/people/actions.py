"""Taking and leaving posts, and becoming qualified."""

from dataclasses import dataclass
from datetime import date

from services.registry.agencies.models import Agency
from services.registry.agencies.queries import active_agency
from services.registry.identity import resident_hash, resident_number
from services.registry.people import queries
from services.registry.people.models import HeldQualification, Post, Worker
from services.registry.people.rules import HIRING, Employment, Hiring, QualificationKind
from services.registry.people.schemas import (
    CertificateDraft,
    DegreeDraft,
    Leaving,
    PartyMembership,
    PostDraft,
    QualificationDraft,
)
from shared.errors import InvalidInput
from shared.words import Text
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who comes onto the register, checked already."""

    name: str
    resident_id: str
    resident_hash: bytes
    certificate: CertificateDraft | None
    degree: DegreeDraft | None
    party: PartyMembership | None


async def take_post(work: Work, agency: Agency, draft: PostDraft) -> Post:
    """Take somebody on; the person's own record is found again, or begun."""
    number = resident_number(draft.resident_id, work.today, "")
    person = Person(
        draft.name, number, resident_hash(number), draft.certificate, draft.degree, draft.party
    )
    known = await queries.worker_for_update(work.session, person.resident_hash)
    code, day = agency.credit_code, draft.started_on
    if day > work.today:
        raise InvalidInput.at(
            "/started_on",
            Text(zh="不得晚于今天", en="not in the future"),
            Text(zh="请在任职开始时再登记", en="record the post when it begins"),
        )
    here = known is not None and await queries.holds_post(work.session, known.id, code, day)
    elsewhere = (
        0 if known is None else await queries.full_time_elsewhere(work.session, known.id, code, day)
    )
    verdict = HIRING.judge(
        Hiring(
            agency_active=await active_agency(work.session, code, day) is not None,
            here_already=here,
            full_time=draft.employment is Employment.FULL_TIME,
            full_time_elsewhere=elsewhere,
        ),
        on=day,
    ).require()
    post = Post(
        owner_org=code,
        credit_code=code,
        worker_id=(await record_worker(work, person)).id,
        employment=draft.employment,
        title=draft.title,
        started_on=day,
    )
    work.shown = None  # the answer is about the post, not the agency it was asked at
    return work.add(post, because=verdict)


async def record_worker(work: Work, person: Person) -> Worker:
    """The person's record, begun if there is none; qualifications not known yet are added."""
    worker = await queries.worker_by_hash(work.session, person.resident_hash)
    if worker is None:
        worker = Worker(
            name=person.name,
            resident_id=person.resident_id,
            resident_hash=person.resident_hash,
        )
        _note_party(worker, person.party)
        shown = work.shown
        work.add(worker)
        work.shown = shown
    elif person.party is not None:
        _note_party(worker, person.party)
        work.change(worker, "worker.updated")
    known = await queries.qualifications_of(work.session, [worker.id])
    numbers = {(q.kind, q.number) for q in known.get(worker.id, ())}
    for held in _held(worker, person.certificate, person.degree):
        if (held.kind, held.number) not in numbers:
            work.add_row(held)
    return worker


def _note_party(worker: Worker, party: PartyMembership | None) -> None:
    if party is not None:
        worker.party_status = party.status.value
        worker.party_full_since = party.full_since.isoformat() if party.full_since else None


def _held(
    worker: Worker, certificate: CertificateDraft | None, degree: DegreeDraft | None
) -> list[HeldQualification]:
    found = []
    if certificate is not None:
        found.append(
            HeldQualification(
                worker_id=worker.id,
                kind=QualificationKind.CERTIFICATE,
                level=certificate.level,
                number=certificate.number,
                social_work=True,
                obtained_on=certificate.obtained_on,
                registered_until=certificate.registered_until,
            )
        )
    if degree is not None:
        found.append(
            HeldQualification(
                worker_id=worker.id,
                kind=QualificationKind.DEGREE,
                level=degree.level,
                number=degree.number,
                issuer=degree.school,
                social_work=degree.social_work,
                obtained_on=degree.obtained_on,
            )
        )
    return found


def found_post(
    work: Work, worker: Worker, credit_code: str, employment: str, title: str, day: date
) -> Post:
    """A post of the founding staff: held from the day the agency stands on the register."""
    return work.add(
        Post(
            owner_org=credit_code,
            credit_code=credit_code,
            worker_id=worker.id,
            employment=employment,
            title=title,
            started_on=day,
        )
    )


def leave_post(work: Work, post: Post, leaving: Leaving) -> Post:
    """End a post; the person's record stays."""
    ended = leaving.ended_on or work.today
    if not post.started_on < ended <= work.today:
        raise InvalidInput.at(
            "/ended_on",
            Text(zh="须在开始日之后，且不得晚于今天", en="after the first day, not in the future"),
            Text(zh="请填写离职后的第一天", en="send the first day without post"),
        )
    post.ended_on = ended
    return work.move(post, "leave", ended_on=ended)


async def add_qualification(work: Work, post: Post, draft: QualificationDraft) -> Worker:
    """Record what a worker has obtained since."""
    if (draft.certificate is None) == (draft.degree is None):
        raise InvalidInput.at(
            "",
            Text(zh="资格证书与学历须且只能填一项", en="exactly one of certificate and degree"),
            Text(zh="请只提交其中一项", en="send one of the two"),
        )
    worker = await work.session.get_one(Worker, post.worker_id)
    for held in _held(worker, draft.certificate, draft.degree):
        work.add_row(held)
        work.change(worker, "worker.qualified", kind=held.kind, level=held.level)
    return worker
