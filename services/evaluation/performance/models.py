from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.evaluation.database import Base
from services.evaluation.evaluators.models import evaluates
from services.evaluation.marks import written
from services.evaluation.performance.lifecycle import PERFORMANCE, PerformanceState
from services.evaluation.performance.rules import Item, Measure, Survey
from shared.actor import Actor
from shared.database.base import Aggregate
from shared.money import Money

OFFICES = ("supervisor", "purchaser", "finance", "auditor", "service")


class Performance(Aggregate, Base):
    """The evaluation of one stage of a purchased project (项目绩效评价); owned by the agency."""

    __tablename__ = "performance"
    __table_args__ = (
        UniqueConstraint("contract_id", "stage"),
        Index("ix_performance_credit_code_id", "credit_code", "id"),
        Index("ix_performance_evaluator_org_id", "evaluator_org", "id"),
    )
    lifecycle = PERFORMANCE

    contract_id: Mapped[UUID]
    tender_id: Mapped[UUID | None]
    credit_code: Mapped[str] = mapped_column(String(18))
    title: Mapped[str]
    amount: Mapped[Money]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    opened_on: Mapped[date]
    """Its law governs: the lines of a result never change under an evaluation that has begun."""
    stage: Mapped[str] = mapped_column(String(10))
    due_on: Mapped[date]
    evaluator_id: Mapped[UUID | None] = mapped_column(ForeignKey("evaluator.id"))
    evaluator_org: Mapped[str | None] = mapped_column(String(18))
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    judged: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    survey: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    opinion: Mapped[str | None]
    score: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    result: Mapped[str | None] = mapped_column(String(20))
    objection: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    concluded_on: Mapped[date | None]

    def visible_to(self, actor: Actor) -> bool:
        return self.state == PerformanceState.CONCLUDED or self.concerns(actor)

    def changeable_by(self, actor: Actor) -> bool:
        return self.concerns(actor)

    def concerns(self, actor: Actor) -> bool:
        return actor.has(*OFFICES) or actor.owns(self) or evaluates(actor, self.evaluator_org)

    def public(self) -> dict[str, Any]:
        return {
            "performance_id": self.id,
            "contract_id": self.contract_id,
            "credit_code": self.credit_code,
            "stage": self.stage,
        }

    @property
    def sheet(self) -> list[Item]:
        return [
            Item(item["code"], item["title"], Decimal(item["marks"]), Measure(item["measure"]))
            for item in self.items
        ]

    @property
    def written_score(self) -> str | None:
        return None if self.score is None else written(self.score)


def survey_of(kept: dict[str, Any]) -> Survey:
    return Survey(
        kept["asked"],
        kept["very_satisfied"],
        kept["satisfied"],
        kept["neutral"],
        kept["dissatisfied"],
    )
