"""The keys that tokens are signed with: files of `shared.signing_keys`.

A new key is published for a while before it signs, because others keep the set of
public keys; it goes on being published after its successor signs, until somebody removes the file.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey

from shared.signing_keys import STAMP, key_files


def _made_at(kid: str) -> float:
    return datetime.strptime(kid.partition("-")[0], STAMP).replace(tzinfo=UTC).timestamp()


class KeyRing:
    """The keys in the folder, as last read."""

    def __init__(self, directory: Path, settling_seconds: float) -> None:
        self._directory = directory
        self._settling = settling_seconds
        self._keys: dict[str, OKPKey] = {}

    def read(self) -> bool:
        """Look at the folder again; tells whether anything has changed."""
        found = key_files(self._directory)
        if found.keys() == self._keys.keys():
            return False
        self._keys = {
            kid: self._keys.get(kid) or OKPKey.import_key(path.read_bytes(), {"kid": kid})
            for kid, path in found.items()
        }
        return True

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def kids(self) -> list[str]:
        return list(self._keys)

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
