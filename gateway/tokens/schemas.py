"""What is asked and told about clients."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client as it should be. Without a secret, one is drawn."""

    client_id: str
    name: str
    roles: tuple[str, ...]
    org: str | None = None
    secret: str | None = None


class TokenView(BaseModel):
    """An access token (RFC 6749 §5.1)."""

    model_config = ConfigDict(extra="forbid")

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int


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
