from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.procurement.database import Base
from services.procurement.suppliers.lifecycle import CONSEQUENCE
from shared.database.base import Aggregate


class Consequence(Aggregate, Base):
    """What follows for a supplier from one evaluated result; it names the event that caused it."""

    __tablename__ = "consequence"
    __table_args__ = (
        # The same conclusion heard twice imposes nothing twice.
        UniqueConstraint("cause_event", "kind"),
        Index("ix_consequence_credit_code_id", "credit_code", "id"),
    )
    lifecycle = CONSEQUENCE

    credit_code: Mapped[str] = mapped_column(String(18))
    contract_id: Mapped[UUID] = mapped_column(index=True)
    stage: Mapped[str] = mapped_column(String(20))
    result: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(40))
    percent: Mapped[int | None]
    starts_on: Mapped[date]
    until_on: Mapped[date | None]
    concluded_on: Mapped[date]
    performance_id: Mapped[str] = mapped_column(String(80))
    cause_source: Mapped[str] = mapped_column(String(40))
    cause_event: Mapped[str] = mapped_column(String(80))
    cause_position: Mapped[int]
    table_in_force_since: Mapped[date]
    table_confirmed: Mapped[bool]
    lifted_because: Mapped[str | None]

    def public(self) -> dict[str, Any]:
        return {
            "contract_id": str(self.contract_id),
            "credit_code": self.credit_code,
            "kind": self.kind,
            "stage": self.stage,
            "result": self.result,
            "starts_on": self.starts_on.isoformat(),
            "until_on": self.until_on.isoformat() if self.until_on else None,
            "cause": self.cause,
        }

    @property
    def cause(self) -> dict[str, Any]:
        return {
            "source": self.cause_source,
            "event": self.cause_event,
            "position": self.cause_position,
        }
