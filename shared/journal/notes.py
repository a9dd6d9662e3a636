"""Signed notes and checkpoints, as C2SP writes them (signed-note, tlog-checkpoint, tlog-cosignature).

A checkpoint is three lines: which log, how many entries, the root over them. Signatures follow
after an empty line, one for each key; a reader counts only those of keys it was told to trust. Any
tool that reads the format can check ours, and ours any other's.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.merkle import HASH_SIZE

LARGEST_NOTE = 16 * 1024
MOST_SIGNATURES = 64
LARGEST_SIZE = 2**62

PLAIN: Final = 0x01
COSIGNED: Final = 0x04
"""How a key signs: the note as it is, or the note under a witness's own time."""
Algorithm = Literal[0x01, 0x04]

_DASH = "— "
_NAME = re.compile(r"[^\s+\u0000-\u0020]{1,200}")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


class Malformed(ValueError):
    """Not a note, checkpoint or key as C2SP writes it; the message says which part."""


class Untrusted(ValueError):
    """No signature by a key that the reader was told to trust."""


def _decoded(text: str, what: str) -> bytes:
    """Strict base64: one spelling for each value."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed(f"{what}: not base64") from None
    if base64.b64encode(found).decode() != text:
        raise Malformed(f"{what}: not base64 in its one spelling")
    return found


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key that somebody trusts, with the name it signs under."""

    name: str
    public: bytes
    algorithm: Algorithm = PLAIN

    @property
    def id(self) -> bytes:
        told = self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public
        return hashlib.sha256(told).digest()[:4]

    @property
    def fingerprint(self) -> str:
        """For people to compare: SHA-256 of the public key in groups of four digits."""
        digits = hashlib.sha256(self.public).hexdigest()
        return " ".join(digits[n : n + 4] for n in range(0, 64, 4))

    def __str__(self) -> str:
        told = base64.b64encode(bytes([self.algorithm]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{told}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """`name+id+base64`, in one line; the id is checked."""
        name, _, rest = text.strip().partition("+")
        told_id, _, told = rest.partition("+")
        if not _NAME.fullmatch(name) or not told:
            raise Malformed("key: name+id+base64 is needed")
        raw = _decoded(told, "key")
        if len(raw) != 33 or raw[0] not in (PLAIN, COSIGNED):
            raise Malformed("key: an Ed25519 key is needed")
        key = cls(name, raw[1:], PLAIN if raw[0] == PLAIN else COSIGNED)
        if key.id.hex() != told_id:
            raise Malformed("key: the id is not that of this key")
        return key

    def verifies(self, text: str, signature: bytes) -> bool:
        """Whether the key signed this note text."""
        message = text.encode()
        if self.algorithm == COSIGNED:
            if len(signature) != 72:
                return False
            message = _cosigned(text, int.from_bytes(signature[:8], "big"))
            signature = signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and the name it signs under."""

    name: str
    key: Ed25519PrivateKey = field(repr=False)
    algorithm: Algorithm = PLAIN

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self.key.public_key().public_bytes_raw(), self.algorithm)

    def sign(self, text: str, *, at: int = 0) -> "Signature":
        """`at` is a witness's time in seconds since 1970; a log's signature has none."""
        if self.algorithm == COSIGNED:
            signature = at.to_bytes(8, "big") + self.key.sign(_cosigned(text, at))
        else:
            signature = self.key.sign(text.encode())
        return Signature(self.name, self.verifier.id, signature)


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.signature).decode()}"

    @classmethod
    def parse(cls, line: str) -> "Signature":
        name, _, told = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or not _NAME.fullmatch(name):
            raise Malformed("signature: a dash, a name and base64 are needed")
        raw = _decoded(told, "signature")
        if len(raw) < 5:
            raise Malformed("signature: too short")
        return cls(name, raw[:4], raw[4:])


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def __str__(self) -> str:
        return f"{self.text}\n" + "".join(f"{line}\n" for line in self.signatures)

    @classmethod
    def parse(cls, written: bytes | str) -> "Note":
        if len(written) > LARGEST_NOTE:
            raise Malformed("note: too large")
        try:
            text = written.decode() if isinstance(written, bytes) else written
        except UnicodeDecodeError:
            raise Malformed("note: not UTF-8") from None
        if re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text):
            raise Malformed("note: control characters")
        body, gap, below = text.rpartition("\n\n")
        if not gap or not below.endswith("\n"):
            raise Malformed("note: text, an empty line and signatures are needed")
        lines = below[:-1].split("\n")
        if len(lines) > MOST_SIGNATURES:
            raise Malformed("note: too many signatures")
        return cls(f"{body}\n", tuple(Signature.parse(line) for line in lines))

    def signed(self, signers: Iterable[Signer], *, at: int = 0) -> "Note":
        more = tuple(signer.sign(self.text, at=at) for signer in signers)
        return Note(self.text, self.signatures + more)

    def signed_by(self, key: VerifierKey) -> bool:
        """Whether a signature of this key is under it. One that does not fit is no signature."""
        return any(
            one.name == key.name and one.key_id == key.id and key.verifies(self.text, one.signature)
            for one in self.signatures
        )

    def require(self, trusted: Iterable[VerifierKey]) -> "Note":
        if not any(self.signed_by(key) for key in trusted):
            raise Untrusted("no signature by a trusted key")
        return self


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log said at one time: so many entries, this root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """From a note's text. Lines after the third are extensions, which we neither make nor read."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
            raise Malformed("checkpoint: origin, size and root are needed, a line each")
        origin, size, root = lines[:3]
        if not _NUMBER.fullmatch(size) or int(size) > LARGEST_SIZE:
            raise Malformed("checkpoint: the size is a number without leading zeros")
        found = _decoded(root, "checkpoint root")
        if len(found) != HASH_SIZE:
            raise Malformed("checkpoint: the root has 32 bytes")
        return cls(origin, int(size), found)

    @classmethod
    def opened(
        cls, note: Note, trusted: Iterable[VerifierKey], origin: str | None = None
    ) -> "Checkpoint":
        """Of a note that a trusted key signed, and of the log that was asked for."""
        found = cls.parse(note.require(trusted).text)
        if origin is not None and found.origin != origin:
            raise Untrusted(f"a checkpoint of {found.origin}, not of {origin}")
        return found
