"""What was lately revoked: told by the gateway, heeded at its door and by every service.

Clients appear as digests of their names: the document is public, so that a service needs no token
to hear that one is void. An entry is dropped when nothing that it voids can still live.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol

from shared.jwts import Malformed, moment

MOST_ENTRIES = 100_000


class Named(Protocol):
    """The part of a verified token that a revocation can be about."""

    @property
    def client_id(self) -> str: ...
    @property
    def acting(self) -> str | None: ...
    @property
    def issued(self) -> float: ...
    @property
    def token_id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Revocations:
    """Client → the moment before which its tokens are void; single tokens; the keys that count."""

    clients: Mapping[str, float] = field(default_factory=dict)
    tokens: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, clients: Mapping[str, float], tokens: frozenset[str], keys: frozenset[str]
    ) -> "Revocations":
        return cls({named(client): at for client, at in clients.items()}, tokens, keys)

    @classmethod
    def told_by(cls, document: Any) -> "Revocations":
        """What a document says; `Malformed` when it is none."""
        if not isinstance(document, dict):
            raise Malformed("no document of revocations")
        clients, tokens, keys = (document.get(name) for name in ("clients", "tokens", "keys"))
        if not isinstance(clients, dict) or len(clients) > MOST_ENTRIES:
            raise Malformed("no document of revocations")
        return cls({name: moment(clients, name) for name in clients}, _names(tokens), _names(keys))

    def document(self) -> dict[str, Any]:
        return {
            "clients": dict(sorted(self.clients.items())),
            "tokens": sorted(self.tokens),
            "keys": sorted(self.keys),
        }

    def voids(self, token: Named) -> bool:
        """Whether the token, or what it was issued on, was revoked: the account or the platform."""
        if token.token_id in self.tokens:
            return True
        if not self.clients:
            return False
        names = [token.client_id] if token.acting is None else [token.client_id, token.acting]
        return any(token.issued < self.clients.get(named(name), 0.0) for name in names)


def named(client_id: str) -> str:
    """A client as the document knows it."""
    return sha256(client_id.encode()).hexdigest()


def _names(found: Any) -> frozenset[str]:
    if not isinstance(found, list) or len(found) > MOST_ENTRIES:
        raise Malformed("no document of revocations")
    if not all(isinstance(one, str) for one in found):
        raise Malformed("no document of revocations")
    return frozenset(found)
