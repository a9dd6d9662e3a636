from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.procurement.custody.lifecycle import CUSTODIAN, SIGNING_KEY
from services.procurement.database import Base
from shared.actor import Actor
from shared.database.base import Aggregate
from shared.sealing.policies import CustodianCard, SealPolicy


class Custodian(Aggregate, Base):
    """An organ that holds shares of sealed bids (保管人). Its private keys never come here."""

    __tablename__ = "custodian"
    __table_args__ = (Index("ix_custodian_state_id", "state", "id"),)
    lifecycle = CUSTODIAN

    name: Mapped[str]
    organ: Mapped[str] = mapped_column(String(40))
    key_id: Mapped[str] = mapped_column(String(32), unique=True)
    card_text: Mapped[str]
    """Its public keys, as the canonical document that policies carry."""

    @property
    def card(self) -> CustodianCard:
        return CustodianCard.parse(self.card_text.encode())

    def changeable_by(self, actor: Actor) -> bool:
        return self.created_by == actor.client_id

    def public(self) -> dict[str, str]:
        return {"name": self.name, "organ": self.organ, "key_id": self.key_id}


class SigningKey(Aggregate, Base):
    """The key an agency signs its bids with (投标签名密钥).

    Nothing of it is told to others: that somebody gets ready to bid is nobody's business.
    """

    __tablename__ = "signing_key"
    __table_args__ = (Index("ix_signing_key_owner_org_id", "owner_org", "id"),)
    lifecycle = SIGNING_KEY

    key_id: Mapped[str] = mapped_column(String(32), unique=True)
    public_key: Mapped[str] = mapped_column(String(64), unique=True)
    suite: Mapped[str] = mapped_column(String(8))
    retired_at: Mapped[datetime | None]

    def visible_to(self, actor: Actor) -> bool:
        return actor.owns(self) or actor.has("auditor")

    def changeable_by(self, actor: Actor) -> bool:
        return actor.owns(self)


class FrozenPolicy(Base):
    """The seal policy of a tender (封存规则), frozen when it was published; never changed."""

    __tablename__ = "seal_policy"
    __table_args__ = (UniqueConstraint("tender_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    tender_id: Mapped[UUID]
    version: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    text: Mapped[str]
    """The canonical document: what is hashed, and what bidders get."""
    frozen_at: Mapped[datetime]

    @property
    def policy(self) -> SealPolicy:
        return SealPolicy.parse(self.text.encode())


class PolicyCustodian(Base):
    """Which custodian holds which share under a policy."""

    __tablename__ = "seal_policy_custodian"

    policy_id: Mapped[UUID] = mapped_column(ForeignKey("seal_policy.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    custodian_id: Mapped[UUID] = mapped_column(ForeignKey("custodian.id"), index=True)
