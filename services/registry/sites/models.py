"""Service sites and the workers posted to communities."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.database import Base
from services.registry.sites.lifecycle import POSTING, SITE
from shared.actor import Actor
from shared.database.base import Aggregate


class Site(Aggregate, Base):
    """服务站点: where an agency works. Sites are public."""

    __tablename__ = "site"
    __table_args__ = (
        Index("ix_site_credit_code_id", "credit_code", "id"),
        Index("ix_site_division_id", "division", "id"),
    )
    lifecycle = SITE

    credit_code: Mapped[str] = mapped_column(String(18))
    name: Mapped[str] = mapped_column(String(200))
    division: Mapped[str] = mapped_column(String(9))
    community: Mapped[str | None] = mapped_column(String(12))
    address: Mapped[str]
    areas: Mapped[list[str]] = mapped_column(JSONB)
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]

    def changeable_by(self, actor: Actor) -> bool:
        return actor.has("registrar") or actor.owns(self)

    def public(self) -> dict[str, Any]:
        return {
            "credit_code": self.credit_code,
            "division": self.division,
            "community": self.community,
            "opened_on": self.opened_on,
        }


class Posting(Aggregate, Base):
    """A worker who serves one community (一社区一社工), from a day up to, and without, another."""

    __tablename__ = "posting"
    __table_args__ = (
        Index("ix_posting_credit_code_id", "credit_code", "id"),
        Index("ix_posting_community_id", "community", "id"),
    )
    lifecycle = POSTING

    credit_code: Mapped[str] = mapped_column(String(18))
    worker_id: Mapped[UUID] = mapped_column(index=True)
    community: Mapped[str] = mapped_column(String(12))
    since: Mapped[date]
    until: Mapped[date | None]

    def visible_to(self, actor: Actor) -> bool:
        office = ("registrar", "supervisor", "street_officer", "auditor")
        return actor.has(*office) or actor.owns(self)

    def changeable_by(self, actor: Actor) -> bool:
        return actor.has("registrar") or actor.owns(self)

    def public(self) -> dict[str, Any]:
        return {"credit_code": self.credit_code, "community": self.community, "since": self.since}
