"""The cryptographic suites. A suite's id is bound into every hash, key, seal and signature.

Suite A is here. Suite B (国密: SM2, SM4-GCM, SM3) fits behind the same interface.
"""

from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM
from cryptography.hazmat.primitives.hpke import Suite as Hpke
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.sealing.errors import Malformed, Reason

PROTOCOL = b"huishe-seal/1"
HASH_SIZE = 32
PRIVATE_SIZE = 32
PUBLIC_SIZE = 32
SIGNATURE_SIZE = 64
SEAL_OVERHEAD = 48
"""What a seal adds to its content: an ephemeral public key and a tag."""


class Suite(Protocol):
    """What a suite must do. Failures to open or verify are `None` or `False`; the caller, who
    knows what was being opened, names them."""

    @property
    def id(self) -> str: ...
    def hash(self, data: bytes) -> bytes: ...
    def mac(self, key: bytes, data: bytes) -> bytes: ...
    def derive(self, secret: bytes, info: bytes, size: int) -> bytes: ...
    def encrypt(self, key: bytes, nonce: bytes, content: bytes, bound: bytes) -> bytes: ...
    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes | None: ...
    def sealing_public(self, private: bytes) -> bytes: ...
    def seal(self, public: bytes, content: bytes, info: bytes) -> bytes: ...
    def unseal(self, private: bytes, sealed: bytes, info: bytes) -> bytes | None: ...
    def signing_public(self, private: bytes) -> bytes: ...
    def sign(self, private: bytes, message: bytes) -> bytes: ...
    def verifies(self, public: bytes, signature: bytes, message: bytes) -> bool: ...


class SuiteA:
    """X25519 HPKE (RFC 9180), HKDF and HMAC with SHA-256, AES-256-GCM, Ed25519."""

    id = "A"
    _hpke = Hpke(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

    def hash(self, data: bytes) -> bytes:
        digest = hashes.Hash(hashes.SHA256())
        digest.update(data)
        return digest.finalize()

    def mac(self, key: bytes, data: bytes) -> bytes:
        code = hmac.HMAC(key, hashes.SHA256())
        code.update(data)
        return code.finalize()

    def derive(self, secret: bytes, info: bytes, size: int) -> bytes:
        return HKDF(hashes.SHA256(), size, salt=None, info=info).derive(secret)

    def encrypt(self, key: bytes, nonce: bytes, content: bytes, bound: bytes) -> bytes:
        return AESGCM(key).encrypt(nonce, content, bound)

    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes | None:
        try:
            return AESGCM(key).decrypt(nonce, sealed, bound)
        except InvalidTag:
            return None

    def sealing_public(self, private: bytes) -> bytes:
        return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()

    def seal(self, public: bytes, content: bytes, info: bytes) -> bytes:
        try:
            return self._hpke.encrypt(content, X25519PublicKey.from_public_bytes(public), info)
        except ValueError as error:  # a point of small order gives no shared secret
            raise Malformed(Reason.INVALID_KEY, "public key", "not usable for sealing") from error

    def unseal(self, private: bytes, sealed: bytes, info: bytes) -> bytes | None:
        try:
            return self._hpke.decrypt(sealed, X25519PrivateKey.from_private_bytes(private), info)
        except (InvalidTag, ValueError):
            return None

    def signing_public(self, private: bytes) -> bytes:
        return _signer(private).public_key().public_bytes_raw()

    def sign(self, private: bytes, message: bytes) -> bytes:
        return _signer(private).sign(message)

    def verifies(self, public: bytes, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@lru_cache(maxsize=16)
def _signer(private: bytes) -> Ed25519PrivateKey:
    """Read once: it costs as much as a signature."""
    return Ed25519PrivateKey.from_private_bytes(private)


SUITE_A = SuiteA()
SUITES: dict[str, Suite] = {SUITE_A.id: SUITE_A}


def suite_named(name: str, where: str = "suite") -> Suite:
    if name not in SUITES:
        raise Malformed(Reason.UNKNOWN_SUITE, where, f"known: {', '.join(SUITES)}")
    return SUITES[name]


def binding(suite: Suite, label: str, *fields: bytes) -> bytes:
    """Everything that binds, one unambiguous byte string: each field carries its length."""
    parts = (PROTOCOL, suite.id.encode(), label.encode(), *fields)
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def digest(suite: Suite, label: str, *fields: bytes) -> bytes:
    """A hash for one purpose: the label keeps a hash made for one thing from serving another."""
    return suite.hash(binding(suite, label, *fields))


def key_id(suite: Suite, public: bytes) -> str:
    """The short name of a public key: half of its hash, in hexadecimal."""
    return digest(suite, "key-id", public)[:16].hex()
