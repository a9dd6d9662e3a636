from datetime import date
from uuid import UUID

import orjson

from services.incubator.admissions.lifecycle import CandidateState
from services.incubator.admissions.models import Candidate, Round
from services.incubator.admissions.schemas import TenantKind
from services.incubator.clients import Term
from services.incubator.residencies import queries
from services.incubator.residencies.lifecycle import (
    FILE_KEPT,
    MILESTONE_REACHED,
    MILESTONE_SET,
    ResidencyState,
)
from services.incubator.residencies.models import Milestone, Residency
from services.incubator.residencies.rules import ADVANCE, BEGINNING, GRADUATION, Progress, Stay
from services.incubator.residencies.rules import Milestone as Goal
from services.incubator.residencies.schemas import (
    DossierView,
    FoundingFile,
    MilestoneDraft,
    ResidencyDraft,
)
from shared.database.base import new_id
from shared.errors import Conflict, InvalidInput, NotFound, NotWellFormed
from shared.identifiers import ResidentId
from shared.words import Text
from shared.work import Work

STAYING = (ResidencyState.SPROUTING, ResidencyState.STARTING, ResidencyState.GROWING)


async def begin_stay(work: Work, draft: ResidencyDraft) -> Residency:
    """Take in a chosen candidate; the stay belongs to whoever applied."""
    candidate = await work.session.get(Candidate, draft.candidate_id)
    if candidate is None or candidate.state != CandidateState.CHOSEN:
        raise InvalidInput.at(
            "/candidate_id",
            Text(zh="须为已入选的申请对象", en="names a chosen candidate"),
            Text(zh="请查看该批次的排名", en="see the round's ranking"),
        )
    round = await work.session.get_one(Round, candidate.round_id)
    verdict = BEGINNING.judge(Stay(work.today, draft.starts_on, draft.ends_on), on=work.today)
    verdict.require()
    residency = Residency(
        base_id=round.base_id,
        candidate_id=candidate.id,
        created_by=candidate.created_by,
        owner_org=candidate.owner_org,
        name=candidate.name,
        tenant_kind=candidate.tenant_kind,
        tenancy=draft.tenancy,
        client_groups=candidate.client_groups,
        service_fields=candidate.service_fields,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        hand_over_provisional=False,
        file=_nameless(FoundingFile()),
    )
    return work.add(residency, because=verdict)


def set_milestone(work: Work, residency: Residency, draft: MilestoneDraft) -> Residency:
    _still_here(residency)
    milestone = Milestone(id=new_id(), residency_id=residency.id, **dict(draft))
    work.add_row(milestone)
    return work.change(
        residency, MILESTONE_SET, milestone_id=milestone.id, stage=draft.stage, due_on=draft.due_on
    )


async def reach_milestone(
    work: Work, residency: Residency, milestone_id: UUID, proof: str
) -> Residency:
    _still_here(residency)
    milestone = await queries.milestone_by_id(work.session, residency.id, milestone_id)
    if milestone is None:
        raise NotFound()
    if milestone.reached_on is not None:
        raise Conflict(Text(zh="该目标已达成", en="the milestone was reached before"))
    milestone.reached_on, milestone.proof = work.today, proof
    return work.change(residency, MILESTONE_REACHED, milestone_id=milestone.id)


def keep_file(work: Work, residency: Residency, given: FoundingFile) -> Residency:
    """The start-up keeps its own founding file, as a whole, for as long as it stays."""
    _still_here(residency)
    residency.file = _nameless(given)
    people = given.model_dump(mode="json")["people"]
    for index, person in enumerate(people):
        person["resident_id"] = _resident_number(person["resident_id"], index, work.today)
    residency.people = orjson.dumps(people).decode() if people else None
    return work.change(residency, FILE_KEPT, missing=given.missing())


async def advance_residency(work: Work, residency: Residency) -> Residency:
    residency.lifecycle.after(residency.state, "advance")
    verdict = ADVANCE.judge(await _progress(work, residency), on=work.today)
    verdict.require()
    left = residency.state
    return work.move(residency, "advance", because=verdict, left_stage=left)


async def graduate(work: Work, residency: Residency, term: Term) -> Residency:
    """The start-up has hatched: its file is whole, and what it used is handed over in time."""
    residency.lifecycle.after(residency.state, "graduate")
    verdict = GRADUATION.judge(await _progress(work, residency), on=work.today)
    verdict.require()
    _end(work, residency, term, reason=None)
    return work.move(residency, "graduate", because=verdict, hand_over_by=term.ends_on)


def leave(work: Work, residency: Residency, term: Term, reason: str) -> Residency:
    _end(work, residency, term, reason)
    return work.move(residency, "leave", reason=reason, hand_over_by=term.ends_on)


def dossier(residency: Residency) -> DossierView:
    file = file_of(residency)
    return DossierView(
        residency_id=residency.id,
        client_id=residency.created_by,
        stage=residency.state,
        client_groups=residency.client_groups,
        service_fields=residency.service_fields,
        application=file,
        missing=file.missing(),
    )


def _resident_number(text: str, index: int, today: date) -> str:
    try:
        return ResidentId.parse(text, on=today).number
    except NotWellFormed as wrong:
        raise InvalidInput.at(f"/people/{index}/resident_id", wrong.rule, wrong.remedy) from None


def file_of(residency: Residency) -> FoundingFile:
    people = orjson.loads(residency.people) if residency.people else []
    return FoundingFile.model_validate({**residency.file, "people": people})


def _nameless(file: FoundingFile) -> dict[str, object]:
    plain = file.model_dump(mode="json")
    del plain["people"]
    return plain


async def _progress(work: Work, residency: Residency) -> Progress:
    goals = await queries.milestones(work.session, residency.id)
    return Progress(
        stage=residency.state,
        milestones=[Goal(g.title, g.reached_on) for g in goals if g.stage == residency.state],
        to_be_registered=residency.tenant_kind == TenantKind.TO_BE_REGISTERED,
        missing=file_of(residency).missing(),
    )


def _still_here(residency: Residency) -> None:
    if residency.state not in STAYING:
        raise Conflict(Text(zh="入驻已结束", en="the stay is over"))


def _end(work: Work, residency: Residency, term: Term, reason: str | None) -> None:
    residency.ended_on = work.today
    residency.end_reason = reason
    residency.hand_over_by = term.ends_on
    residency.hand_over_provisional = term.provisional
