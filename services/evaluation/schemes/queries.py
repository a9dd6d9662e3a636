from sqlalchemy import Select, select

from services.evaluation.schemes.lifecycle import SchemeState
from services.evaluation.schemes.models import Scheme
from shared.actor import Actor


def schemes_seen_by(actor: Actor, state: SchemeState | None) -> Select[Scheme]:
    """Drafts are for the supervising officers only."""
    statement = select(Scheme)
    if not actor.has("supervisor", "auditor"):
        statement = statement.where(Scheme.state != SchemeState.DRAFT)
    return statement if state is None else statement.where(Scheme.state == state)
