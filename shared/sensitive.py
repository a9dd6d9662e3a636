"""Personal text: encrypted where it is stored, found by a keyed hash, shown masked.

SM4-GCM and HMAC-SM3 (国密), by keys derived from the service's secret key, which lives outside the
database and its backups. A sealed value starts with the id of its key, so a new key can be put
first while values under earlier ones stay readable.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_FORMAT = b"\x01"
_KEY_ID, _NONCE, _TAG = 4, 12, 16
_HEAD = len(_FORMAT) + _KEY_ID


class Unreadable(ValueError):
    """A sealed value that was damaged, or sealed by a key this process does not have."""


class NotConfigured(RuntimeError):
    """Personal text was handled before a key was set: never fall back to plain text."""


@dataclass(frozen=True, slots=True)
class _Key:
    """What is derived from one secret: its public id, and a key for each of the two duties."""

    id: bytes
    sealing: bytes = field(repr=False)
    searching: bytes = field(repr=False)

    @classmethod
    def derived_from(cls, secret: bytes) -> "_Key":
        def derive(purpose: bytes, length: int) -> bytes:
            return HKDF(hashes.SM3(), length, None, b"huishe/sensitive/1/" + purpose).derive(secret)

        return cls(derive(b"id", _KEY_ID), derive(b"seal", 16), derive(b"search", 32))


class Vault:
    """Seals with the first key, opens with any of them."""

    def __init__(self, secret: str, earlier: Sequence[str] = ()) -> None:
        self._current, *others = (_Key.derived_from(s.encode()) for s in (secret, *earlier))
        self._keys = {key.id: key for key in (*others, self._current)}

    def encrypt(self, text: str) -> bytes:
        return self.seal(text.encode())

    def decrypt(self, sealed: bytes) -> str:
        return self.unseal(sealed).decode()

    def seal(self, data: bytes) -> bytes:
        """Seal bytes; the same sealed twice look different."""
        head, nonce = _FORMAT + self._current.id, os.urandom(_NONCE)
        sealing = Cipher(algorithms.SM4(self._current.sealing), modes.GCM(nonce)).encryptor()
        sealing.authenticate_additional_data(head)
        return head + nonce + sealing.update(data) + sealing.finalize() + sealing.tag

    def unseal(self, sealed: bytes) -> bytes:
        head, rest = sealed[:_HEAD], sealed[_HEAD:]
        key = self._keys.get(head[len(_FORMAT) :])
        if head[: len(_FORMAT)] != _FORMAT or key is None or len(rest) < _NONCE + _TAG:
            raise Unreadable("not sealed by a key of this service")
        nonce, body, tag = rest[:_NONCE], rest[_NONCE:-_TAG], rest[-_TAG:]
        opening = Cipher(algorithms.SM4(key.sealing), modes.GCM(nonce, tag)).decryptor()
        opening.authenticate_additional_data(head)
        try:
            return opening.update(body) + opening.finalize()
        except InvalidTag:
            raise Unreadable("the sealed value was changed") from None

    def search_hash(self, place: str, text: str) -> bytes:
        """What to store and look up beside a sealed value; differs by `place` (table.column)."""
        mac = hmac.HMAC(self._current.searching, hashes.SM3())
        mac.update(place.encode() + b"\x00" + text.encode())
        return mac.finalize()


_vault: Vault | None = None


def configure(secret: str, earlier: Sequence[str] = ()) -> None:
    """Set at start-up from the settings, once per process."""
    global _vault
    _vault = Vault(secret, earlier)


def _configured() -> Vault:
    if _vault is None:
        raise NotConfigured("shared.sensitive.configure has not been called")
    return _vault


def encrypt(text: str) -> bytes:
    return _configured().encrypt(text)


def decrypt(sealed: bytes) -> str:
    return _configured().decrypt(sealed)


def seal(data: bytes) -> bytes:
    return _configured().seal(data)


def unseal(sealed: bytes) -> bytes:
    return _configured().unseal(sealed)


def search_hash(place: str, text: str) -> bytes:
    return _configured().search_hash(place, text)


def masked(text: str, *, first: int = 0, last: int = 0) -> str:
    """The text with all but its ends starred; never less than half of it is hidden."""
    shown = len(text) // 2
    first = min(first, shown)
    last = min(last, shown - first)
    hidden = len(text) - first - last
    return text[:first] + "*" * hidden + text[len(text) - last :]
