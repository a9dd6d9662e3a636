"""Signing keys: files outside the database and its backups, one for each key.

A file is named `<kid>.pem` and a kid begins with the moment the key was made, so the folder tells
its own history. A new key is published for a while before it signs, because others keep the set of
public keys; it goes on being published after its successor signs, until somebody removes the file.
"""

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import OKPKey

_STAMP = "%Y%m%dT%H%M%SZ"


def make_key(directory: Path, now: datetime) -> str:
    """Add a key to the folder; returns its kid."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    kid = f"{now.astimezone(UTC):{_STAMP}}-{secrets.token_hex(4)}"
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    draft = directory / f".{kid}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(directory / f"{kid}.pem")
    return kid


def retire_key(directory: Path, kid: str) -> None:
    """Stop publishing a key; whatever it signed is void from then on."""
    (directory / f"{kid}.pem").unlink()


def _made_at(kid: str) -> float:
    return datetime.strptime(kid.partition("-")[0], _STAMP).replace(tzinfo=UTC).timestamp()


class KeyRing:
    """The keys in the folder, as last read."""

    def __init__(self, directory: Path, settling_seconds: float) -> None:
        self._directory = directory
        self._settling = settling_seconds
        self._keys: dict[str, OKPKey] = {}

    def read(self) -> bool:
        """Look at the folder again; tells whether anything has changed."""
        found = {path.stem: path for path in sorted(self._directory.glob("[0-9]*.pem"))}
        if found.keys() == self._keys.keys():
            return False
        self._keys = {
            kid: self._keys.get(kid) or OKPKey.import_key(path.read_bytes(), {"kid": kid})
            for kid, path in found.items()
        }
        return True

    def __len__(self) -> int:
        return len(self._keys)

    def named(self, kid: object) -> OKPKey | None:
        return self._keys.get(kid) if isinstance(kid, str) else None

    def signing(self, now: float) -> tuple[str, OKPKey]:
        """The newest key that has been public long enough; the oldest when none has."""
        settled = [kid for kid in self._keys if _made_at(kid) <= now - self._settling]
        kid = max(settled) if settled else min(self._keys)
        return kid, self._keys[kid]

    def published(self) -> dict[str, Any]:
        """The JSON Web Key Set."""
        return {
            "keys": [
                {**key.as_dict(private=False), "kid": kid, "use": "sig", "alg": "Ed25519"}
                for kid, key in sorted(self._keys.items())
            ]
        }
