from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.evaluation.database import Base
from services.evaluation.evaluators.lifecycle import EVALUATOR
from services.evaluation.evaluators.rules import Person, Tie, TieKind
from shared.actor import Actor
from shared.database.base import Aggregate


class Evaluator(Aggregate, Base):
    """A third-party body (第三方评估机构) and the experts it sends; it is owned by the body."""

    __tablename__ = "evaluator"
    __table_args__ = (
        Index(
            "uq_evaluator_credit_code",
            "credit_code",
            unique=True,
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index("ix_evaluator_kind_id", "kind", "id"),
    )
    lifecycle = EVALUATOR

    credit_code: Mapped[str] = mapped_column(String(18))
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(40))
    accredited_until: Mapped[date]
    basis: Mapped[str]
    ties: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    experts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)

    def changeable_by(self, actor: Actor) -> bool:
        return actor.has("supervisor") or actor.owns(self)

    def public(self) -> dict[str, Any]:
        return {"credit_code": self.credit_code, "name": self.name, "kind": self.kind}

    @property
    def declared_ties(self) -> tuple[Tie, ...]:
        return ties(self.ties)

    @property
    def people(self) -> list[Person]:
        return [Person(expert["name"], ties(expert["ties"])) for expert in self.experts]


def evaluates(actor: Actor, evaluator_org: str | None) -> bool:
    """Whether the actor comes from the body that evaluates, and comes as an evaluator.

    Such a body may be an agency too: as an agency it has no part in what it evaluates.
    """
    return actor.has("evaluator") and evaluator_org is not None and evaluator_org == actor.org


def ties(kept: Sequence[dict[str, Any]]) -> tuple[Tie, ...]:
    """Ties as they are kept, as the rules read them."""
    return tuple(
        Tie(
            tie["credit_code"],
            TieKind(tie["kind"]),
            date.fromisoformat(tie["until"]) if tie["until"] else None,
        )
        for tie in kept
    )
