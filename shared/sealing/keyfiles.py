"""Private keys under a passphrase, as they lie on the machine of a bidder or custodian."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from shared.sealing.canonical import Fields, canonical, read_document
from shared.sealing.errors import Malformed, Reason, WrongPassphrase
from shared.sealing.policies import CustodianCard
from shared.sealing.sessions import CustodianKey
from shared.sealing.shares import ROOT_SIZE
from shared.sealing.signing import SigningKey, suite_of
from shared.sealing.suites import PRIVATE_SIZE, Suite, binding

KEY_FILE_FORMAT = "huishe-key-file/1"
SALT_SIZE = 16
GCM_NONCE_SIZE = 12
SCRYPT_COST = 2**15
SCRYPT_BLOCK = 8
LARGEST_KEY_FILE = 64 * 1024
SHORTEST_PASSPHRASE = 8


@dataclass(frozen=True, slots=True)
class OpenedKeyFile:
    suite: Suite
    use: str
    name: str
    secret: bytes

    def __repr__(self) -> str:
        return f"OpenedKeyFile({self.use}, {self.name})"


def lock_secret(
    suite: Suite,
    use: str,
    name: str,
    secret: bytes,
    passphrase: str,
    *,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> bytes:
    """A key file: the secret encrypted under scrypt of the passphrase."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Malformed(
            Reason.PASSPHRASE, "passphrase", f"at least {SHORTEST_PASSPHRASE} characters"
        )
    _name(Fields({"name": name}, "key file"))  # a file that cannot be read is a key that is lost
    salt, nonce = random(SALT_SIZE), random(GCM_NONCE_SIZE)
    bound = _bound(suite, use, name, salt)
    sealed = suite.encrypt(_stretched(passphrase, salt), nonce, secret, bound)
    return canonical(
        {
            "format": KEY_FILE_FORMAT,
            "suite": suite.id,
            "use": use,
            "name": name,
            "salt": salt.hex(),
            "nonce": nonce.hex(),
            "sealed": sealed.hex(),
        }
    )


def unlock_secret(data: bytes, use: str, passphrase: str) -> OpenedKeyFile:
    fields = read_document(data, "key file", largest=LARGEST_KEY_FILE)
    fields.format(KEY_FILE_FORMAT)
    suite = suite_of(fields)
    fields.one_of("use", [use])
    name = _name(fields)
    salt = fields.octets("salt", SALT_SIZE)
    nonce = fields.octets("nonce", GCM_NONCE_SIZE)
    sealed = fields.octets("sealed")
    fields.done()
    bound = _bound(suite, use, name, salt)
    secret = suite.decrypt(_stretched(passphrase, salt), nonce, sealed, bound)
    if secret is None:
        raise WrongPassphrase(Reason.PASSPHRASE, "key file", "wrong passphrase or changed file")
    return OpenedKeyFile(suite, use, name, secret)


def lock_custodian(key: CustodianKey, passphrase: str) -> bytes:
    secret = key.sealing_private + key.signing_private
    return lock_secret(key.suite, "custodian", key.name, secret, passphrase)


def unlock_custodian(data: bytes, passphrase: str) -> CustodianKey:
    opened = unlock_secret(data, "custodian", passphrase)
    _require_size(opened, 2 * PRIVATE_SIZE)
    return CustodianKey(
        opened.suite, opened.name, opened.secret[:PRIVATE_SIZE], opened.secret[PRIVATE_SIZE:]
    )


def lock_signing(key: SigningKey, name: str, passphrase: str) -> bytes:
    return lock_secret(key.suite, "signing", name, key.private, passphrase)


def unlock_signing(data: bytes, passphrase: str) -> SigningKey:
    opened = unlock_secret(data, "signing", passphrase)
    _require_size(opened, PRIVATE_SIZE)
    return SigningKey(opened.suite, opened.secret)


def lock_root(suite: Suite, nonce: bytes, root: bytes, passphrase: str) -> bytes:
    """The bidder's kept root: its second way to open its own bid, and its way to withdraw it."""
    return lock_secret(suite, "root", nonce.hex(), root, passphrase)


def unlock_root(data: bytes, passphrase: str) -> bytes:
    opened = unlock_secret(data, "root", passphrase)
    _require_size(opened, ROOT_SIZE)
    return opened.secret


def new_custodian_key(
    suite: Suite, name: str, *, random: Callable[[int], bytes] = secrets.token_bytes
) -> CustodianKey:
    key = CustodianKey(suite, name, random(PRIVATE_SIZE), random(PRIVATE_SIZE))
    CustodianCard.parse(key.card.encode())  # the name must be one that a policy can carry
    return key


def new_signing_key(
    suite: Suite, *, random: Callable[[int], bytes] = secrets.token_bytes
) -> SigningKey:
    return SigningKey(suite, random(PRIVATE_SIZE))


def _name(fields: Fields) -> str:
    return fields.text("name")


def _require_size(opened: OpenedKeyFile, size: int) -> None:
    if len(opened.secret) != size:
        raise Malformed(Reason.INVALID_KEY, "key file", f"{size} bytes are needed")


def _bound(suite: Suite, use: str, name: str, salt: bytes) -> bytes:
    return binding(suite, "key-file", use.encode(), name.encode(), salt)


def _stretched(passphrase: str, salt: bytes) -> bytes:
    kdf = Scrypt(salt, length=32, n=SCRYPT_COST, r=SCRYPT_BLOCK, p=1)
    return kdf.derive(passphrase.encode("utf-8", "surrogatepass"))
