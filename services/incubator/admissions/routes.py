from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.incubator.admissions import actions, queries
from services.incubator.admissions.lifecycle import CandidateState, RoundState
from services.incubator.admissions.models import OFFICES, Candidate, Round
from services.incubator.admissions.schemas import (
    CandidateDraft,
    CandidateView,
    Check,
    PanelScore,
    PlaceView,
    RankingView,
    RoundDraft,
    RoundView,
)
from services.incubator.clients import FirstCheckTerm
from shared.errors import NotFound
from shared.http import (
    Page,
    ThePaging,
    TheWork,
    WorkRoute,
    allow,
    changing,
    open_to_all,
    reading,
)

router = APIRouter(prefix="/rounds", tags=["admissions"], route_class=WorkRoute)
candidates_router = APIRouter(prefix="/candidates", tags=["admissions"], route_class=WorkRoute)

TheRound = Annotated[Round, reading(Round, "round_id")]
ChangingRound = Annotated[Round, changing(Round, "round_id")]
TheCandidate = Annotated[Candidate, reading(Candidate, "candidate_id")]
ChangingCandidate = Annotated[Candidate, changing(Candidate, "candidate_id")]


@router.post("", status_code=201, response_model=RoundView)
@allow("incubator_manager")
async def open_round(draft: RoundDraft, work: TheWork) -> Round:
    """Open a round of admission, if the base's rules are in force."""
    return await actions.open_round(work, draft)


@router.get("", response_model=Page[RoundView])
@open_to_all
async def list_rounds(
    paging: ThePaging,
    work: TheWork,
    base_id: UUID | None = None,
    state: RoundState | None = None,
) -> Page[RoundView]:
    """List the rounds of admission."""
    return await paging.page(work.session, queries.rounds(base_id, state), Round.id, RoundView)


@router.get("/{round_id}", response_model=RoundView)
@open_to_all
async def read_round(round: TheRound) -> Round:
    """Read one round."""
    return round


@router.post("/{round_id}/candidates", status_code=201, response_model=CandidateView)
@allow("agency")
async def apply_to_base(
    draft: CandidateDraft, term: FirstCheckTerm, round: TheRound, work: TheWork
) -> Candidate:
    """Apply to the base in an open round."""
    return actions.apply_to_base(work, round, draft, term)


@router.post("/{round_id}/ranking", response_model=RoundView)
@allow("incubator_manager")
async def rank_round(round: ChangingRound, work: TheWork) -> Round:
    """Rank the candidates of a closed round."""
    return await actions.rank_round(work, round)


@router.get("/{round_id}/ranking", response_model=RankingView)
@open_to_all
async def read_ranking(round: TheRound, work: TheWork) -> RankingView:
    """Read the ranking, each place explained; public once the round is decided."""
    if round.state != RoundState.DECIDED and not work.actor.has(*OFFICES):
        raise NotFound()
    found = await queries.ranking_of(work.session, round.id)
    return RankingView(
        round_id=round.id,
        places=round.places,
        ranking=[
            PlaceView(
                place=candidate.place,
                candidate_id=candidate.id,
                name=candidate.name,
                state=candidate.state,
                explanation=candidate.explanation,
            )
            for candidate in found
        ],
    )


@router.post("/{round_id}/decision", response_model=RoundView)
@allow("incubator_manager")
async def decide_round(round: ChangingRound, work: TheWork) -> Round:
    """Choose in the order of the ranking."""
    return await actions.decide_round(work, round)


@router.post("/{round_id}/cancellation", response_model=RoundView)
@allow("incubator_manager")
async def cancel_round(round: ChangingRound, work: TheWork) -> Round:
    """Cancel the round."""
    return actions.cancel_round(work, round)


@candidates_router.get("", response_model=Page[CandidateView])
@open_to_all
async def list_candidates(
    paging: ThePaging,
    work: TheWork,
    round_id: UUID | None = None,
    state: CandidateState | None = None,
) -> Page[CandidateView]:
    """List candidates: those chosen, and one's own."""
    statement = queries.candidates_seen_by(work.actor, round_id, state)
    return await paging.page(work.session, statement, Candidate.id, CandidateView)


@candidates_router.get("/{candidate_id}", response_model=CandidateView)
@open_to_all
async def read_candidate(candidate: TheCandidate) -> Candidate:
    """Read one candidate."""
    return candidate


@candidates_router.post("/{candidate_id}/withdrawal", response_model=CandidateView)
@allow("agency")
async def withdraw_candidate(candidate: ChangingCandidate, work: TheWork) -> Candidate:
    """Withdraw one's own application."""
    return actions.withdraw_candidate(work, candidate)


@candidates_router.post("/{candidate_id}/check", response_model=CandidateView)
@allow("incubator_manager")
async def check_candidate(check: Check, candidate: ChangingCandidate, work: TheWork) -> Candidate:
    """Answer the first check."""
    return actions.check_candidate(work, candidate, check)


@candidates_router.put("/{candidate_id}/score", response_model=CandidateView)
@allow("incubator_manager", "panellist")
async def score_candidate(
    given: PanelScore, candidate: ChangingCandidate, work: TheWork
) -> Candidate:
    """Enter the panel's score."""
    return actions.score_candidate(work, candidate, given)
