"""An evidence bundle: the entries of one subject, each with its proof, in one file to keep or hand on.

Whoever holds it can show, without us, that these entries stood in the journal when its checkpoint
was signed and were not changed since. Whom to trust does not come from the bundle: the reader brings
the journal's key, and best a checkpoint that somebody else kept.
"""

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import orjson

from shared.journal.notes import Checkpoint, Malformed, Note, Untrusted, VerifierKey
from shared.journal.rows import detail_hash
from shared.merkle import HASH_SIZE, leaf_hash, root_from

FORMAT = "huishe-evidence/1"
LARGEST_BUNDLE = 256 * 1024 * 1024
PAGE, CHECKPOINT, ENTRIES, KEYS, MANIFEST = (
    "证明.html",
    "checkpoint.txt",
    "entries.jsonl",
    "keys.txt",
    "manifest.json",
)
FILES = (PAGE, CHECKPOINT, ENTRIES, KEYS)
# Whatever `zipfile` raises for bytes that are no archive, or are cut off somewhere.
_NO_ARCHIVE = (
    zipfile.BadZipFile,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


class NotProved(Exception):
    """The bundle does not prove what it says; the message names the file and the place."""


@dataclass(frozen=True, slots=True)
class ProvedEntry:
    """One entry and the way from its leaf to the root of the bundle's checkpoint."""

    position: int
    text: str
    path: Sequence[bytes]
    detail: str | None = None
    """Facts, findings and state afterwards; absent for those who may not see it, or erased."""
    salt: bytes | None = None

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(self.text)
        return found

    def as_line(self) -> bytes:
        return orjson.dumps(
            {
                "position": self.position,
                "text": self.text,
                "path": [step.hex() for step in self.path],
                "detail": self.detail,
                "salt": None if self.salt is None else self.salt.hex(),
            },
            option=orjson.OPT_APPEND_NEWLINE,
        )


@dataclass(frozen=True, slots=True)
class Bundle:
    service: str
    subject: str
    """`tender/0199…`, as the entries say it."""
    note: Note
    keys: Sequence[VerifierKey]
    entries: Sequence[ProvedEntry]

    @property
    def checkpoint(self) -> Checkpoint:
        return Checkpoint.parse(self.note.text)

    def encode(self, page: str) -> bytes:
        """The bytes of the file: the same for the same entries and checkpoint."""
        files = {
            PAGE: page.encode(),
            CHECKPOINT: str(self.note).encode(),
            ENTRIES: b"".join(entry.as_line() for entry in self.entries),
            KEYS: "".join(f"{key}\n" for key in self.keys).encode(),
        }
        manifest = {
            "format": FORMAT,
            "service": self.service,
            "subject": self.subject,
            "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        }
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in {**files, MANIFEST: orjson.dumps(manifest)}.items():
                archive.writestr(zipfile.ZipInfo(name, _FIXED_TIME), data, zipfile.ZIP_DEFLATED)
        return packed.getvalue()


# ---------------------------------------------------------------------- checking one


def check(data: bytes, trusted: Sequence[VerifierKey], kept: Sequence[Checkpoint] = ()) -> Bundle:
    """Everything a bundle says, or NotProved. `kept` are checkpoints that the reader brings along."""
    files = _unpacked(data)
    manifest = _manifest(files)
    note = _note(files[CHECKPOINT], trusted)
    checkpoint = Checkpoint.parse(note.text)
    for other in kept:
        if other.origin != checkpoint.origin:
            raise NotProved(
                f"{CHECKPOINT}: of {checkpoint.origin}; the one kept is of {other.origin}"
            )
        if other.size == checkpoint.size and other.root != checkpoint.root:
            raise NotProved(f"{CHECKPOINT}: not the one that was kept, though of the same size")
    entries = [
        _entry(line, number, checkpoint, manifest["subject"])
        for number, line in enumerate(files[ENTRIES].splitlines(), 1)
    ]
    if not entries:
        raise NotProved(f"{ENTRIES}: empty")
    if any(a.position >= b.position for a, b in pairwise(entries)):
        raise NotProved(f"{ENTRIES}: not in the order of their positions")
    return Bundle(manifest["service"], manifest["subject"], note, _keys(files[KEYS]), entries)


def _unpacked(data: bytes) -> dict[str, bytes]:
    if len(data) > LARGEST_BUNDLE:
        raise NotProved("the bundle is too large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if sorted(info.filename for info in infos) != sorted([*FILES, MANIFEST]):
                raise NotProved("the bundle does not hold the files it should, and no others")
            if sum(info.file_size for info in infos) > LARGEST_BUNDLE:
                raise NotProved("the bundle is too large")
            return {info.filename: archive.read(info) for info in infos}
    except _NO_ARCHIVE as problem:
        raise NotProved(f"no bundle: {problem}") from None


def _manifest(files: dict[str, bytes]) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = orjson.loads(files[MANIFEST])
        told, named = manifest["files"], manifest["format"]
        texts = (manifest["service"], manifest["subject"])
        if not isinstance(told, dict) or not all(isinstance(text, str) for text in texts):
            raise TypeError
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise NotProved(f"{MANIFEST}: cannot be read") from None
    if named != FORMAT:
        raise NotProved(f"{MANIFEST}: another format")
    for name in FILES:
        if told.get(name) != hashlib.sha256(files[name]).hexdigest():
            raise NotProved(f"{name}: not the file that the manifest names")
    return manifest


def _note(data: bytes, trusted: Sequence[VerifierKey]) -> Note:
    try:
        note = Note.parse(data)
        Checkpoint.opened(note, trusted)
    except (Malformed, Untrusted) as problem:
        raise NotProved(f"{CHECKPOINT}: {problem}") from None
    return note


def _keys(data: bytes) -> list[VerifierKey]:
    try:
        return [VerifierKey.parse(line) for line in data.decode().splitlines()]
    except (Malformed, UnicodeDecodeError):
        raise NotProved(f"{KEYS}: cannot be read") from None


def _entry(line: bytes, number: int, checkpoint: Checkpoint, subject: str) -> ProvedEntry:
    where = f"{ENTRIES}, line {number}"
    try:
        told = orjson.loads(line)
        salt = told["salt"]
        entry = ProvedEntry(
            int(told["position"]),
            str(told["text"]),
            [bytes.fromhex(step) for step in told["path"]],
            told["detail"],
            None if salt is None else bytes.fromhex(salt),
        )
        if not isinstance(entry.detail, str | None):
            raise TypeError
        event = entry.event
        told_subject, told_detail = event["subject"], event["detailhash"]
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        raise NotProved(f"{where}: cannot be read") from None
    if any(len(step) != HASH_SIZE for step in entry.path):
        raise NotProved(f"{where}: cannot be read")
    leaf = leaf_hash(entry.text.encode())
    if root_from(leaf, entry.position - 1, checkpoint.size, entry.path) != checkpoint.root:
        raise NotProved(f"{where}: the entry is not at position {entry.position} of the checkpoint")
    if told_subject != subject:
        raise NotProved(f"{where}: it is about {told_subject}")
    if (
        entry.detail is not None
        and detail_hash(entry.salt or b"", entry.detail).hex() != told_detail
    ):
        raise NotProved(f"{where}: the detail is not the one that was hashed")
    return entry
