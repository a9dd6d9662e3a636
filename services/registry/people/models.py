"""Workers, what they are qualified by, and the posts they hold."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.registry.database import Base
from services.registry.people.lifecycle import POST, WORKER
from shared.actor import Actor
from shared.database.base import Aggregate, Sensitive, new_id


class Worker(Aggregate, Base):
    """A person who works at agencies. The record is the person's own and survives every employer."""

    __tablename__ = "worker"
    lifecycle = WORKER

    name: Mapped[str] = mapped_column(Sensitive)
    resident_id: Mapped[str] = mapped_column(Sensitive)
    resident_hash: Mapped[bytes] = mapped_column(unique=True)
    party_status: Mapped[str | None] = mapped_column(Sensitive)
    party_full_since: Mapped[str | None] = mapped_column(Sensitive)


class HeldQualification(Base):
    """A certificate (职业水平证书) or an education (学历) that a worker has obtained."""

    __tablename__ = "qualification"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    worker_id: Mapped[UUID] = mapped_column(ForeignKey("worker.id"), index=True)
    worker: Mapped[Worker] = relationship(lazy="raise")
    kind: Mapped[str] = mapped_column(String(20))
    level: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(100))
    issuer: Mapped[str | None] = mapped_column(String(200))
    social_work: Mapped[bool]
    obtained_on: Mapped[date]
    registered_until: Mapped[date | None]


class Post(Aggregate, Base):
    """One worker at one agency, from a day up to, and without, another."""

    __tablename__ = "post"
    __table_args__ = (Index("ix_post_credit_code_id", "credit_code", "id"),)
    lifecycle = POST

    worker_id: Mapped[UUID] = mapped_column(ForeignKey("worker.id"), index=True)
    worker: Mapped[Worker] = relationship(lazy="raise")
    credit_code: Mapped[str] = mapped_column(String(18))
    employment: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(100))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]

    def visible_to(self, actor: Actor) -> bool:
        return actor.has("registrar", "supervisor", "auditor") or actor.owns(self)

    def changeable_by(self, actor: Actor) -> bool:
        return actor.has("registrar") or actor.owns(self)

    def public(self) -> dict[str, Any]:
        return {"credit_code": self.credit_code, "employment": self.employment}
