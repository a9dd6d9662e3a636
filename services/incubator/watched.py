"""What officers watch of the incubator; read by the worker into figures."""

from services.incubator.admissions.lifecycle import CandidateState, RoundState
from services.incubator.admissions.models import Candidate, Round
from services.incubator.bases.models import IncubatorBase
from services.incubator.funds.models import Fund, Grant
from services.incubator.residencies.lifecycle import ResidencyState
from services.incubator.residencies.models import Milestone, Residency
from services.incubator.venues.models import Allocation, Venue
from shared.watched import Due, Watched

IN_THE_BASE = (ResidencyState.SPROUTING, ResidencyState.STARTING, ResidencyState.GROWING)
TO_HAND_OVER = (ResidencyState.GRADUATED, ResidencyState.LEFT)

WATCHED = Watched(
    things=[IncubatorBase, Round, Candidate, Residency, Venue, Allocation, Fund, Grant],
    due=[
        Due("round.close", Round.closes_on, open=Round.state == RoundState.OPEN),
        Due(
            "candidate.check",
            Candidate.check_due,
            open=Candidate.state == CandidateState.SUBMITTED,
        ),
        Due("residency.end", Residency.ends_on, open=Residency.state.in_(IN_THE_BASE)),
        Due("residency.hand_over", Residency.hand_over_by, open=Residency.state.in_(TO_HAND_OVER)),
        Due("milestone.reach", Milestone.due_on, open=Milestone.reached_on.is_(None)),
    ],
)
