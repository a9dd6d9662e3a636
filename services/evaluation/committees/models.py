from datetime import date
from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.evaluation.committees.lifecycle import COMMITTEE_LIFE
from services.evaluation.database import Base
from services.evaluation.evaluators.models import ties
from services.evaluation.evaluators.rules import Person
from shared.actor import Actor
from shared.database.base import Aggregate

OFFICES = ("supervisor", "auditor")


class Committee(Aggregate, Base):
    """An evaluation committee for one term. Members sign as the client that is named for them."""

    __tablename__ = "committee"
    lifecycle = COMMITTEE_LIFE

    name: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    members: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)

    def visible_to(self, actor: Actor) -> bool:
        return actor.has(*OFFICES) or self.member(actor.client_id) is not None

    def public(self) -> dict[str, Any]:
        return {"members": len(self.members), "ends_on": self.ends_on}

    def member(self, client_id: str) -> Person | None:
        """The member who signs as that client."""
        for member in self.members:
            if member["client_id"] == client_id:
                return Person(member["name"], ties(member["ties"]))
        return None
