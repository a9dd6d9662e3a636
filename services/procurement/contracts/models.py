from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.procurement.contracts.lifecycle import (
    CONTRACT,
    PAYMENT,
    ContractState,
    PaymentState,
)
from services.procurement.database import Base
from services.procurement.tenders.models import PREPARES
from shared.actor import Actor
from shared.database.base import Aggregate
from shared.money import Money


class Contract(Aggregate, Base):
    """What purchaser and winner agreed on (政府购买服务合同). Its owner is the supplier."""

    __tablename__ = "contract"
    __table_args__ = (
        Index("ix_contract_credit_code_id", "credit_code", "id"),
        Index("ix_contract_award_id_state", "award_id", "state"),
    )
    lifecycle = CONTRACT

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"))
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    title: Mapped[str]
    credit_code: Mapped[str] = mapped_column(String(18))
    amount: Mapped[Money]
    personnel: Mapped[Money]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    milestones: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    signed_on: Mapped[date | None]
    late_reason: Mapped[str | None]
    publication_due_on: Mapped[date | None]
    filing_due_on: Mapped[date | None]
    ended_because: Mapped[str | None]

    def visible_to(self, actor: Actor) -> bool:
        public = self.state not in (ContractState.DRAFTED, ContractState.DROPPED)
        return public or self.changeable_by(actor)

    def changeable_by(self, actor: Actor) -> bool:
        return actor.has(*PREPARES) or actor.owns(self)

    def public(self) -> dict[str, Any]:
        return {
            "contract_id": str(self.id),
            "tender_id": str(self.tender_id),
            "credit_code": self.credit_code,
        }

    def milestone(self, number: int) -> dict[str, Any] | None:
        found = [m for m in self.milestones if m["number"] == number]
        return found[0] if found else None


class Payment(Aggregate, Base):
    """One instalment, from the application to the treasury's reference (支付)."""

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("contract_id", "milestone"),
        Index("ix_payment_state_id", "state", "id"),
    )
    lifecycle = PAYMENT

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"))
    credit_code: Mapped[str] = mapped_column(String(18), index=True)
    milestone: Mapped[int]
    stage: Mapped[str | None] = mapped_column(String(20))
    amount: Mapped[Money]
    cleared: Mapped[Money]
    """How much of it may be paid by now."""
    paid: Mapped[Money]
    invoice: Mapped[str | None]
    cause_event: Mapped[str | None] = mapped_column(String(80))
    """The event of the evaluation that cleared it or kept it back."""
    consequence_id: Mapped[UUID | None] = mapped_column(ForeignKey("consequence.id"))
    correction: Mapped[str | None]
    references: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """What the treasury answered to each payment order."""

    def visible_to(self, actor: Actor) -> bool:
        public = self.state == PaymentState.RELEASED
        return public or actor.has(*PREPARES) or actor.owns(self)

    def public(self) -> dict[str, Any]:
        """Until it is paid, what is owed to whom is between the parties."""
        named = {"payment_id": str(self.id), "contract_id": str(self.contract_id)}
        if self.state != PaymentState.RELEASED:
            return named
        return named | {
            "credit_code": self.credit_code,
            "milestone": self.milestone,
            "stage": self.stage,
            "amount": str(self.amount),
            "paid": str(self.paid),
            "cause": self.cause_event,
        }
