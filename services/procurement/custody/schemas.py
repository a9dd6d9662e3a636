from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.procurement.custody.lifecycle import KeyState
from shared.http import Line, Schema, View

PublicKey = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{64}$"),
    Field(description="A public key in lower-case hexadecimal"),
]
KeyId = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{32}$"),
    Field(description="The short name of a key: half of its hash, in hexadecimal"),
]


class Organ(StrEnum):
    """Organs with opposed interests that may hold a share."""

    PURCHASER = "purchaser"
    """采购人"""
    FINANCE = "finance"
    """财政监督"""
    SUPERVISION = "supervision"
    """纪检监察、审计"""
    NOTARY = "notary"
    """公证机构"""
    PLATFORM = "platform"
    """公共资源交易平台"""


class CardDraft(Schema):
    """A custodian's public card, as `bidkit custodian init` writes it."""

    format: Line
    suite: Line
    name: Line
    key_id: KeyId
    sealing_key: PublicKey
    signing_key: PublicKey


class CustodianDraft(Schema):
    organ: Organ
    card: CardDraft


class CustodianView(View):
    id: UUID
    version: int
    state: KeyState
    name: str
    organ: Organ
    key_id: str
    created_at: datetime


class SigningKeyDraft(Schema):
    """An agency's public signing key, as `bidkit bidder init` writes it."""

    format: Line
    suite: Line
    key_id: KeyId
    public_key: PublicKey


class SigningKeyView(View):
    id: UUID
    version: int
    state: KeyState
    key_id: str
    public_key: str
    suite: str
    created_at: datetime
    retired_at: datetime | None
