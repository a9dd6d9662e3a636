"""Signatures by Standard Webhooks 1.0: `v1` (HMAC-SHA256) and `v1a` (Ed25519) over id.timestamp.body.

A subscription has a secret of its own (`whsec_…`), shown once. The gateway's own keys (`whpk_…` is
the public half) sign beside it: who wants to prove to a third party what was sent needs those.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.sensitive import Unreadable, Vault
from shared.signing_keys import key_files, make_first_key, read_key

SECRET_BYTES = 32
SECRET_PREFIX, PUBLIC_PREFIX = "whsec_", "whpk_"


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def draw_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def shown(secret: bytes) -> str:
    """A secret as its owner is told it."""
    return SECRET_PREFIX + _base64(secret)


def published(key: Ed25519PrivateKey) -> str:
    """The public half of a key as receivers are told it."""
    return PUBLIC_PREFIX + _base64(key.public_key().public_bytes_raw())


def signed_content(webhook_id: str, timestamp: int, body: bytes) -> bytes:
    return f"{webhook_id}.{timestamp}.".encode() + body


def by_secret(secret: bytes, content: bytes) -> str:
    return "v1," + _base64(hmac.digest(secret, content, hashlib.sha256))


def by_key(key: Ed25519PrivateKey, content: bytes) -> str:
    return "v1a," + _base64(key.sign(content))


def headers(
    webhook_id: str,
    at: datetime,
    body: bytes,
    *,
    own: Sequence[bytes],
    keys: Sequence[Ed25519PrivateKey],
) -> dict[str, str]:
    """The three headers of the standard; one signature for each secret and each key."""
    timestamp = int(at.timestamp())
    content = signed_content(webhook_id, timestamp, body)
    signatures = [by_secret(secret, content) for secret in own]
    signatures += [by_key(key, content) for key in keys]
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


@dataclass(slots=True)
class SecretSafe:
    """Secrets as the database keeps them: sealed, each to its subscription.

    The key is the gateway's own and outside the database, so a dump signs nothing; a sealed secret
    that is put into another row does not open.
    """

    vault: Vault = field(repr=False)

    def seal(self, subscription: UUID, secret: bytes) -> bytes:
        return self.vault.seal(subscription.bytes + secret)

    def unseal(self, subscription: UUID, sealed: bytes) -> bytes:
        opened = self.vault.unseal(sealed)
        if not hmac.compare_digest(opened[:16], subscription.bytes):
            raise Unreadable("the secret of another subscription")
        return opened[16:]


@dataclass(slots=True)
class WebhookKeys:
    """The gateway's own keys: files of `shared.signing_keys`. All of them sign.

    So a change is: add one, let receivers take it up, remove the old file.
    """

    directory: Path
    _keys: dict[str, Ed25519PrivateKey] = field(default_factory=dict, repr=False)

    def read(self) -> None:
        """Look at the folder again."""
        make_first_key(self.directory)
        found = key_files(self.directory)
        self._keys = {kid: self._keys.get(kid) or read_key(path) for kid, path in found.items()}

    @property
    def signing(self) -> list[Ed25519PrivateKey]:
        return list(self._keys.values())

    def published(self) -> list[dict[str, str]]:
        return [{"kid": kid, "key": published(key)} for kid, key in self._keys.items()]
