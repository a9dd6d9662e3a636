from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.procurement.awards.lifecycle import AWARD, AwardState
from services.procurement.database import Base
from services.procurement.tenders.models import PREPARES
from shared.actor import Actor
from shared.database.base import Aggregate
from shared.money import Money

ANNOUNCED = (AwardState.ANNOUNCED, AwardState.REFUSED, AwardState.CONTRACTED, AwardState.VOID)


class Award(Aggregate, Base):
    """The panel's ranking and what the purchaser made of it (中标、成交结果)."""

    __tablename__ = "award"
    lifecycle = AWARD

    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tender.id"), unique=True)
    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panel.id"), unique=True)
    ranking: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    credit_code: Mapped[str | None] = mapped_column(String(18), index=True)
    price: Mapped[Money | None]
    """Of whoever stands first alone, as recommended; then of the one decided for."""

    report_due_on: Mapped[date]
    recommended_on: Mapped[date]
    decision_due_on: Mapped[date]
    decided_on: Mapped[date | None]
    decided_by: Mapped[str | None] = mapped_column(String(120))
    notice_due_on: Mapped[date | None]
    announced_on: Mapped[date | None]
    contract_due_on: Mapped[date | None]
    provisional: Mapped[bool]
    """Whether a due day above rests on days that no holiday notice covers yet."""
    experts: Mapped[list[str] | None] = mapped_column(JSONB)
    refusals: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)

    def visible_to(self, actor: Actor) -> bool:
        return self.announced_on is not None or actor.has(*PREPARES)

    def public(self) -> dict[str, Any]:
        """Who wins is told by the notice and not before it."""
        told: dict[str, Any] = {"tender_id": str(self.tender_id)}
        if self.state in ANNOUNCED:
            told |= {"credit_code": self.credit_code, "price": str(self.price)}
        return told
