from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Numeric, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.evaluation.assessments.lifecycle import ASSESSMENT, AssessmentState
from services.evaluation.database import Base
from services.evaluation.evaluators.models import evaluates
from shared.actor import Actor
from shared.database.base import Aggregate

PUBLIC_STATES = (AssessmentState.NOTICED, AssessmentState.ANNOUNCED)
OFFICES = ("supervisor", "auditor", "service")


class Assessment(Aggregate, Base):
    """The grading of one agency (等级评估); owned by the agency. The law is that of `applied_on`."""

    __tablename__ = "assessment"
    __table_args__ = (
        Index(
            "uq_assessment_under_way",
            "credit_code",
            unique=True,
            postgresql_where=text("state NOT IN ('rejected', 'withdrawn', 'announced')"),
        ),
        Index("ix_assessment_credit_code_id", "credit_code", "id"),
        Index("ix_assessment_evaluator_org_id", "evaluator_org", "id"),
    )
    lifecycle = ASSESSMENT

    scheme_id: Mapped[UUID] = mapped_column(ForeignKey("scheme.id"))
    credit_code: Mapped[str] = mapped_column(String(18))
    agency_name: Mapped[str]
    applied_on: Mapped[date]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """What the registry said when the agency applied."""
    credit_record: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What the officer found in the public credit record on acceptance."""
    evaluator_id: Mapped[UUID | None] = mapped_column(ForeignKey("evaluator.id"))
    evaluator_org: Mapped[str | None] = mapped_column(String(18))
    sheets: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The columns of the score sheet: self, expert, recheck."""
    marks: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    proposed_grade: Mapped[str | None] = mapped_column(String(2))
    committee_id: Mapped[UUID | None] = mapped_column(ForeignKey("committee.id"))
    ballot_round: Mapped[int]
    grade: Mapped[str | None] = mapped_column(String(2))
    decided_on: Mapped[date | None]
    noticed_on: Mapped[date | None]
    notice_ends_on: Mapped[date | None]
    announced_on: Mapped[date | None]
    grade_id: Mapped[UUID | None]

    @property
    def on_notice(self) -> bool:
        return self.state in PUBLIC_STATES

    def visible_to(self, actor: Actor) -> bool:
        """A result on public notice is public; before that it is the parties' own.

        Of panellists it is those on its committee: `queries.has_part` looks who they are.
        """
        return self.on_notice or self.concerns(actor) or actor.has("panellist")

    def changeable_by(self, actor: Actor) -> bool:
        return self.concerns(actor)

    def concerns(self, actor: Actor) -> bool:
        """Whether the actor has a part in it: an office, the agency rated, the body that rates."""
        return actor.has(*OFFICES) or actor.owns(self) or evaluates(actor, self.evaluator_org)

    def public(self) -> dict[str, Any]:
        return {"credit_code": self.credit_code}


class Vote(Base):
    """One member's signed say in one ballot; cast once."""

    __tablename__ = "vote"
    __table_args__ = (UniqueConstraint("assessment_id", "round", "member"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    round: Mapped[int]
    member: Mapped[str] = mapped_column(String(120))
    name: Mapped[str]
    choice: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None]
    cast_at: Mapped[datetime]


class Objection(Base):
    """What somebody holds against a result on public notice, and the answer."""

    __tablename__ = "objection"
    __table_args__ = (Index("ix_objection_assessment_id_id", "assessment_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    raised_by: Mapped[str] = mapped_column(String(120))
    raised_for: Mapped[str | None] = mapped_column(String(18))
    grounds: Mapped[str]
    raised_on: Mapped[date]
    decide_by: Mapped[date]
    upheld: Mapped[bool | None]
    answer: Mapped[str | None]
    answered_on: Mapped[date | None]
