"""What founders and the office do with an application.

The five conditions are judged on what was filed: at submission, and again at the approval. The law
of the day the application was received governs both (`received_on`).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from services.registry.applications import queries
from services.registry.applications.models import Application, FoundingPerson
from services.registry.applications.rules import (
    IN_TIME,
    REFUSAL,
    RETURN,
    STEP,
    Decision,
    Return,
    Step,
)
from services.registry.applications.schemas import (
    ApplicationDraft,
    Approval,
    Correction,
    PersonDraft,
    RefusalDecision,
    Review,
)
from services.registry.founding.rules import ACCEPTANCE, FOUNDING, SUBMISSION, Name
from services.registry.identity import resident_hash, resident_number
from services.registry.policy import figures
from services.registry.reference.queries import calendar
from shared.days import Term
from shared.errors import Conflict, InvalidInput
from shared.policy import Verdict
from shared.words import Text
from shared.work import Work

# ------------------------------------------------------------------ drafting


async def draft_application(
    work: Work, draft: ApplicationDraft, *, client: str | None = None, residency: UUID | None = None
) -> Application:
    """Begin an application that only its founders see. `client` owns it when it is born elsewhere."""
    application = Application(
        residency_id=residency,
        created_by=client,
        grounds=[],
        answer_provisional=False,
        accepted_by_silence=False,
        overdue_told=False,
        certificate_provisional=False,
    )
    _fill(application, draft)
    work.add(application)
    _name_people(work, application, draft.people)
    return application


async def change_draft(
    work: Work, application: Application, draft: ApplicationDraft
) -> Application:
    """Replace what was filed, while it is still the founders' to change."""
    if application.state not in ("draft", "returned"):
        raise Conflict(
            Text(
                zh="已提交的申请不能修改；退回补正后方可修改",
                en="a submitted application is not changed; only a draft, or one sent back, is",
            )
        )
    _fill(application, draft)
    await queries.forget_people(work.session, application)
    _name_people(work, application, draft.people)
    return work.change(application, "application.changed")


def _fill(application: Application, draft: ApplicationDraft) -> None:
    name, seat = draft.name, draft.seat
    application.route = draft.route.value
    application.category = draft.category.value
    application.legal_form = draft.legal_form.value
    application.name_parts = name.model_dump() if name else None
    application.name = Name(**name.model_dump()).whole if name else None
    application.purpose, application.scope = draft.purpose, draft.scope
    application.methods = [method.value for method in draft.methods]
    application.client_groups = [group.value for group in draft.client_groups]
    application.seat_division = seat.division if seat else None
    application.seat_address = seat.address if seat else None
    application.tenure = seat.tenure.value if seat else None
    application.lease_until = seat.lease_until if seat else None
    application.assets = [asset.model_dump(mode="json") for asset in draft.assets]
    application.materials = [material.model_dump(mode="json") for material in draft.materials]
    application.supervising_unit = draft.supervising_unit


def _name_people(work: Work, application: Application, people: Sequence[PersonDraft]) -> None:
    numbers = [
        resident_number(person.resident_id, work.today, f"/people/{index}")
        for index, person in enumerate(people)
    ]
    if len(set(numbers)) < len(numbers):
        raise InvalidInput.at(
            "/people",
            Text(
                zh="每人只列一次，任职和在理事会等机构中的职务一并填写",
                en="each person once, with employment and body together",
            ),
            Text(zh="请合并同一人的条目", en="join the entries of the same person"),
        )
    if sum(person.head for person in people) > 1:
        raise InvalidInput.at(
            "/people",
            Text(zh="法定代表人最多一人", en="at most one head (法定代表人)"),
            Text(zh="请只将一人标为法定代表人", en="mark one person as head"),
        )
    for person, number in zip(people, numbers, strict=True):
        work.add_row(_founding_person(application, person, number))


def _founding_person(application: Application, person: PersonDraft, number: str) -> FoundingPerson:
    party = person.party
    return FoundingPerson(
        application_id=application.id,
        name=person.name,
        resident_id=number,
        resident_hash=resident_hash(number),
        employment=person.employment.value if person.employment else None,
        body=person.body.value if person.body else None,
        head=person.head,
        certificate=person.certificate.model_dump(mode="json") if person.certificate else None,
        degree=person.degree.model_dump(mode="json") if person.degree else None,
        party_status=party.status.value if party else None,
        party_full_since=party.full_since.isoformat() if party and party.full_since else None,
    )


# ------------------------------------------------------------------ the founders file


async def submit_application(work: Work, application: Application) -> Application:
    """Hand the application in: judged whole, so a refusal lists everything that is wrong.

    Missing documents do not stop it: the office tells them once (R-01).
    """
    verdict = SUBMISSION.judge(
        await queries.founding_facts(work.session, application, on=work.today), on=work.today
    ).require()
    term = await _working_days(work, work.today, figures.DAYS_TO_TELL.on(work.today))
    application.received_on = work.today
    application.answer_due, application.answer_provisional = term.ends_on, term.provisional
    return work.move(
        application, "submit", because=verdict, received_on=work.today, answer_due=term.ends_on
    )


def withdraw_application(work: Work, application: Application) -> Application:
    """Take the application back before it is decided."""
    return work.move(application, "withdraw")


# ------------------------------------------------------------------ the office: 受理


async def return_application(
    work: Work, application: Application, correction: Correction
) -> Application:
    """Send the application back for what is missing: once, and within five working days."""
    verdict = RETURN.judge(
        Return(
            told_before=application.told_missing is not None,
            answer_due=application.answer_due or work.today,
            today=work.today,
            missing=tuple(correction.missing),
        ),
        on=_received(application, work),
    ).require()
    application.told_missing = list(correction.missing)
    return work.move(application, "return", because=verdict)


async def accept_application(work: Work, application: Application) -> Application:
    """Take the application in (受理, 经办): its documents are complete, the sixty days run."""
    on = _received(application, work)
    verdict = ACCEPTANCE.judge(
        await queries.founding_facts(work.session, application, on=on), on=on
    ).require()
    application.accepted_by = work.actor.client_id
    return _accepted(work, application, "accept", because=verdict, by_silence=False)


def accept_by_silence(work: Work, application: Application) -> Application:
    """Nothing was told in five working days: accepted as of the day of receipt (R-01)."""
    application.accepted_by_silence = True
    return _accepted(work, application, "lapse", because=None, by_silence=True)


def _accepted(
    work: Work, application: Application, move: str, *, because: Verdict | None, by_silence: bool
) -> Application:
    """The sixty days run from the receipt of all valid documents.

    They are counted as calendar days without the rest-day rule: whether that rule lengthens an
    office's own term is not settled, and the shorter reading keeps the office in time.
    """
    received = _received(application, work)
    application.accepted_on = received if by_silence else work.today
    application.decision_due = received + timedelta(days=figures.DAYS_TO_DECIDE.on(received))
    return work.move(
        application,
        move,
        because=because,
        by_silence=by_silence,
        decision_due=application.decision_due,
    )


# ------------------------------------------------------------------ the office: 审核, 审批


def review_application(work: Work, application: Application, review: Review) -> Application:
    """Give the reviewer's opinion (审核); not by the one who took the application in."""
    verdict = STEP.judge(
        Step(work.actor.client_id, _persons(application.accepted_by)), on=work.today
    ).require()
    application.reviewed_by = work.actor.client_id
    application.review_recommends = review.recommends
    application.review_opinion = review.opinion
    return work.move(application, "review", because=verdict, recommends=review.recommends)


async def approve_application(
    work: Work, application: Application, approval: Approval
) -> Application:
    """Approve the founding (审批) when every condition holds by the law of the day of receipt."""
    on = _received(application, work)
    verdict = _together(
        FOUNDING.judge(await queries.founding_facts(work.session, application, on=on), on=on),
        IN_TIME.judge(_decision(work, application), on=on),
        _by_a_third_person(work, application),
    ).require()
    term = await _working_days(work, work.today, figures.DAYS_TO_CERTIFY.on(work.today))
    _decided(work, application, approval.opinion)
    application.certificate_due = term.ends_on
    application.certificate_provisional = term.provisional
    return work.move(application, "approve", because=verdict, certificate_due=term.ends_on)


async def refuse_application(
    work: Work, application: Application, refusal: RefusalDecision
) -> Application:
    """Refuse the founding, on a ground of the law or for a condition not met, with reasons."""
    on = _received(application, work)
    conditions = FOUNDING.judge(
        await queries.founding_facts(work.session, application, on=on), on=on
    )
    decision = _decision(
        work,
        application,
        grounds=tuple(refusal.grounds),
        conditions_met=conditions.passed,
    )
    verdict = _together(
        REFUSAL.judge(decision, on=on), _by_a_third_person(work, application)
    ).require()
    _decided(work, application, refusal.reasons)
    application.grounds = [ground.value for ground in refusal.grounds]
    return work.move(application, "refuse", because=verdict, grounds=application.grounds)


def _together(first: Verdict, *others: Verdict) -> Verdict:
    """One verdict of several rulebooks, so that a refusal lists everything that is wrong."""
    findings = [finding for verdict in (first, *others) for finding in verdict.findings]
    return Verdict(first.rulebook, first.on, tuple(findings))


def _decision(
    work: Work,
    application: Application,
    *,
    grounds: tuple[str, ...] = (),
    conditions_met: bool = True,
) -> Decision:
    return Decision(
        today=work.today,
        due=application.decision_due or work.today,
        received=_received(application, work),
        grounds=grounds,
        conditions_met=conditions_met,
    )


def _by_a_third_person(work: Work, application: Application) -> Verdict:
    before = _persons(application.accepted_by, application.reviewed_by)
    return STEP.judge(Step(work.actor.client_id, before), on=work.today)


def _decided(work: Work, application: Application, reasons: str | None) -> None:
    application.decided_by = work.actor.client_id
    application.decided_on = work.today
    application.reasons = reasons


def _persons(*named: str | None) -> tuple[str, ...]:
    return tuple(person for person in named if person is not None)


def _received(application: Application, work: Work) -> date:
    return application.received_on or work.today


# ------------------------------------------------------------------ days that come


def tell_overdue(work: Work, application: Application) -> Application:
    """The sixty days are over without a decision: told once, to whoever supervises."""
    application.overdue_told = True
    return work.change(application, "application.overdue", decision_due=application.decision_due)


async def recount_terms(work: Work, application: Application) -> Application:
    """Count a term anew whose guessed days have been published; told only when it changed."""
    if application.state == "submitted" and application.received_on:
        days = figures.DAYS_TO_TELL.on(application.received_on)
        term = await _working_days(work, application.received_on, days)
        before = (application.answer_due, application.answer_provisional)
        application.answer_due, application.answer_provisional = term.ends_on, term.provisional
    elif application.state == "approved" and application.decided_on:
        days = figures.DAYS_TO_CERTIFY.on(application.decided_on)
        term = await _working_days(work, application.decided_on, days)
        before = (application.certificate_due, application.certificate_provisional)
        application.certificate_due = term.ends_on
        application.certificate_provisional = term.provisional
    else:
        return application
    if before == (term.ends_on, term.provisional):
        return application
    return work.change(
        application,
        "application.term-recounted",
        ends_on=term.ends_on,
        provisional=term.provisional,
    )


async def _working_days(work: Work, start: date, days: int) -> Term:
    return (await calendar(work.session, start, days)).term(start, days)
