from uuid import UUID

from services.incubator.admissions import queries
from services.incubator.admissions.lifecycle import (
    CANDIDATE_PLACED,
    CANDIDATE_SCORED,
    CandidateState,
    RoundState,
)
from services.incubator.admissions.models import Candidate, Round
from services.incubator.admissions.rules import rank
from services.incubator.admissions.schemas import CandidateDraft, Check, PanelScore, RoundDraft
from services.incubator.bases.actions import ready_to_admit
from services.incubator.clients import Term
from shared.errors import Conflict, InvalidInput, NotFound
from shared.words import Text
from shared.work import Work


async def open_round(work: Work, draft: RoundDraft) -> Round:
    if draft.closes_on <= work.today:
        raise InvalidInput.at(
            "/closes_on",
            Text(zh="须在今天之后", en="lies after today"),
            Text(zh="请留出申请时间", en="leave time to apply"),
        )
    verdict = await ready_to_admit(work, draft.base_id)
    return work.add(Round(**dict(draft), opens_on=work.today), because=verdict)


async def close_round(work: Work, round_id: UUID) -> None:
    """The calendar's move: nobody applies after the last day."""
    found = await work.session.get_one(Round, round_id, with_for_update=True)
    if found.state == RoundState.OPEN and found.closes_on < work.today:
        work.move(found, "close")


def cancel_round(work: Work, round: Round) -> Round:
    return work.move(round, "cancel")


def apply_to_base(work: Work, round: Round, draft: CandidateDraft, term: Term) -> Candidate:
    """Apply in an open round; the first check is owed within the term."""
    if round.state != RoundState.OPEN or work.today > round.closes_on:
        raise Conflict(Text(zh="本批次不在受理期内", en="the round takes no applications"))
    work.shown = None  # the answer is about the candidate, not about the round
    plain = draft.model_dump(mode="json")
    return work.add(
        Candidate(
            round_id=round.id,
            check_due=term.ends_on,
            check_due_provisional=term.provisional,
            **plain,
        )
    )


def withdraw_candidate(work: Work, candidate: Candidate) -> Candidate:
    if not work.actor.owns(candidate):
        raise NotFound()
    return work.move(candidate, "withdraw")


def check_candidate(work: Work, candidate: Candidate, check: Check) -> Candidate:
    candidate.check_note = check.note
    return work.move(candidate, "check" if check.fit else "turn_down")


def score_candidate(work: Work, candidate: Candidate, given: PanelScore) -> Candidate:
    """Until the round is ranked the panel may correct itself."""
    if candidate.state != CandidateState.CHECKED or candidate.place is not None:
        raise Conflict(Text(zh="当前不能评分", en="the candidate cannot be scored now"))
    candidate.score, candidate.opinion = given.score, given.opinion
    return work.change(candidate, CANDIDATE_SCORED)


async def rank_round(work: Work, round: Round) -> Round:
    """Give every checked candidate its place, with the reason for it."""
    round.lifecycle.after(round.state, "rank")
    candidates = await queries.candidates_of(work.session, round.id)
    checked = {str(c.id): c for c in candidates if c.state == CandidateState.CHECKED}
    waiting = [c for c in candidates if c.state == CandidateState.SUBMITTED]
    if waiting or any(candidate.score is None for candidate in checked.values()):
        raise Conflict(
            Text(zh="尚有申请未初审或未评分", en="a candidate is not checked or not scored yet")
        )
    work.move(round, "rank", candidates=len(checked))
    for place in rank((c.as_entrant() for c in checked.values()), on=round.opens_on):
        candidate = checked[place.entrant.id]
        candidate.place, candidate.explanation = place.number, place.as_dict()
        work.change(
            candidate, CANDIDATE_PLACED, because=place.verdict, place=place.number, of=place.of
        )
    return round


async def decide_round(work: Work, round: Round) -> Round:
    """Choose as many as there are places, in the order of the ranking."""
    verdict = await ready_to_admit(work, round.base_id)
    work.move(round, "decide", because=verdict)
    for candidate in await queries.candidates_of(work.session, round.id):
        if candidate.state == CandidateState.CHECKED and candidate.place is not None:
            move = "choose" if candidate.place <= round.places else "pass_over"
            work.move(candidate, move, place=candidate.place)
    return round
