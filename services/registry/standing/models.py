"""What other services found out about an agency, copied from their feeds."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.database import Base


class PerformanceResult(Base):
    """A project's evaluation, with the event that told it: the cause of every consequence."""

    __tablename__ = "performance_result"
    __table_args__ = (
        Index("ix_performance_result_credit_code_concluded_on", "credit_code", "concluded_on"),
    )

    performance_id: Mapped[UUID] = mapped_column(primary_key=True)
    credit_code: Mapped[str] = mapped_column(String(18))
    contract_id: Mapped[str] = mapped_column(String(64))
    stage: Mapped[str] = mapped_column(String(20))
    grade: Mapped[str] = mapped_column(String(40))
    score: Mapped[str | None] = mapped_column(String(20))
    concluded_on: Mapped[date]
    cause_event: Mapped[str] = mapped_column(String(64))
    cause_position: Mapped[int] = mapped_column(BigInteger)
