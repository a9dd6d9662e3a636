"""What is asked and told about clients."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client as it should be. Without a secret, one is drawn; unless it is to have none."""

    client_id: str
    name: str
    roles: tuple[str, ...]
    org: str | None = None
    secret: str | None = None
    keys: tuple[dict[str, Any], ...] = ()
    without_secret: bool = False


@dataclass(frozen=True, slots=True)
class NewMandate:
    """A mandate as its document says; both days included, in Asia/Shanghai."""

    client_id: str
    org: str
    roles: tuple[str, ...]
    first_day: date
    last_day: date
    document: str


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person of an identity provider, and whose rights the person is to use, from when to when."""

    issuer: str
    subject: str
    client_id: str
    first_day: date
    last_day: date


class TokenView(BaseModel):
    """An access token (RFC 6749 §5.1, RFC 8693 §2.2.1)."""

    model_config = ConfigDict(extra="forbid")

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int
    issued_token_type: str | None = Field(None, description="Of an exchange only (RFC 8693)")


class RevocationsView(BaseModel):
    """What was lately revoked, as long as anything that it voids could still live."""

    clients: dict[str, float] = Field(
        description="SHA-256 of a client's name (hex) → the moment, in seconds since 1970, before "
        "which its tokens are void"
    )
    tokens: list[str] = Field(description="`jti` of single tokens that are void")
    keys: list[str] = Field(
        description="`kid` of every key that counts; what others signed is void"
    )


class RoleView(BaseModel):
    """A role, by its name in both languages."""

    role: str
    zh: str
    en: str


class ClientKeyView(BaseModel):
    """A public key of a client."""

    kid: str
    thumbprint: str = Field(description="SHA-256 of the key (RFC 7638)")


class MandateView(BaseModel):
    """A recorded mandate; both days are included, in Asia/Shanghai."""

    org: str
    roles: list[str]
    first_day: date
    last_day: date
    document: str
    in_force: bool = Field(description="By the machine's clock, as tokens are")


class OperationView(BaseModel):
    """An operation that the client's roles reach."""

    service: str
    operation: str
    method: str
    path: str


class ClientView(BaseModel):
    """A client and what it may do; how it opens the door is not told."""

    client_id: str
    name: str
    roles: list[RoleView]
    org: str | None
    mandates: list[MandateView]
    keys: list[ClientKeyView]
    has_secret: bool
    disabled_at: datetime | None
    changed_at: datetime
    last_token_at: datetime | None = Field(
        description="To within seconds; null when never, and for agencies: it would tell when they bid"
    )


class ClientRightsView(ClientView):
    """The same with everything that its roles reach, from the contracts of the services."""

    operations: list[OperationView] = Field(
        description="What needs a role that the client has; what is open to everybody is left out"
    )
    contracts_missing: list[str] = Field(
        description="Services whose contract cannot be had just now: their operations are not told"
    )


class ClientsView(BaseModel):
    """Clients by name."""

    items: list[ClientView]
    next: str | None = Field(description="Send it as `after` for the clients that follow")


class KeyView(BaseModel):
    """One public key (RFC 8037)."""

    kty: str
    crv: str
    x: str
    kid: str
    use: str
    alg: str


class KeySetView(BaseModel):
    """The keys that tokens are verified with (RFC 7517)."""

    keys: list[KeyView]
