"""Divisions with their history, the calendar, and reference wages."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.database import Base
from shared.database.base import new_id
from shared.money import Money


class Division(Base):
    """One name of one division while it lasted. A rename ends a row and begins another.

    `since` and `until` (exclusive) are empty where the record does not reach; `day_confirmed` is
    False where only a span of time is known, and `note` says which.
    """

    __tablename__ = "division"
    __table_args__ = (
        UniqueConstraint("code", "name"),
        Index("ix_division_parent_code_code", "parent_code", "code"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20))
    parent_code: Mapped[str] = mapped_column(String(12))
    since: Mapped[date | None]
    until: Mapped[date | None]
    day_confirmed: Mapped[bool]
    succeeded_by: Mapped[str | None] = mapped_column(String(12))
    source: Mapped[str]
    note: Mapped[str | None]


class CalendarRow(Base):
    """One published day. A day that is not here is worked out, and provisional."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column("date", primary_key=True)
    is_workday: Mapped[bool]
    name: Mapped[str | None]
    source: Mapped[str]


class WageReference(Base):
    """上年在岗职工平均工资: what a social worker's pay is compared with (3.2(8))."""

    __tablename__ = "wage_reference"
    __table_args__ = (UniqueConstraint("area", "year"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    area: Mapped[str] = mapped_column(String(6))
    year: Mapped[int]
    yearly: Mapped[Money]
    published_on: Mapped[date]
    source: Mapped[str]
