"""Who a journal is, outside its database: its name, its keys, and the newest checkpoint it signed.

All three lie in one folder that no backup of the database holds. Every key in it signs every
checkpoint, so a key is changed without a gap: add one, let verifiers know it, retire the old one.
The newest checkpoint is kept beside them, so an older backup restored by mistake is noticed.
"""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from shared.journal.notes import Checkpoint, Malformed, Note, Signer, Untrusted, VerifierKey
from shared.signing_keys import key_files, make_first_key, read_key

KEEP_SECONDS = 0.5
"""How often the newest checkpoint is written down at most: a file for each batch would be many."""


@dataclass(slots=True)
class JournalIdentity:
    """`origin` names the log in every checkpoint; `folder` holds its keys."""

    origin: str
    folder: Path
    _signers: tuple[Signer, ...] = ()
    _folder_as_of: int = -1
    _kept_at: float = field(default=float("-inf"))

    def signers(self) -> tuple[Signer, ...]:
        """Every key in the folder; the first is made when there is none."""
        if not self._signers:
            make_first_key(self.folder)
        as_of = self.folder.stat().st_mtime_ns
        if as_of != self._folder_as_of:
            keys = [read_key(path) for path in key_files(self.folder).values()]
            self._signers = tuple(Signer(self.origin, key) for key in keys)
            self._folder_as_of = as_of
        return self._signers

    @property
    def verifiers(self) -> list[VerifierKey]:
        return [signer.verifier for signer in self.signers()]

    def sign(self, size: int, root: bytes) -> Note:
        return Note(Checkpoint(self.origin, size, root).text).signed(self.signers())

    # ------------------------------------------------------------------ the newest one signed

    @property
    def _newest(self) -> Path:
        # Named after the log: a journal that begins anew under another name has signed nothing yet.
        return self.folder.parent / f"{self.origin.replace('/', '_')}.checkpoint"

    def newest_signed(self) -> Checkpoint | None:
        """What was kept last; a file that cannot be read is told, not passed over."""
        try:
            written = self._newest.read_bytes()
        except FileNotFoundError:
            return None
        return Checkpoint.opened(Note.parse(written), self.verifiers, self.origin)

    def keep(self, note: Note, size: int) -> bool:
        """Write down the newest checkpoint, never an older over a newer one; False: not yet."""
        now = time.monotonic()
        if now - self._kept_at < KEEP_SECONDS:
            return False
        self._kept_at = now
        try:
            kept = self.newest_signed()
        except (Malformed, Untrusted):
            return True  # somebody changed it: it stays, and the next start says so
        if kept is not None and kept.size >= size:
            return True
        part = self._newest.with_name(f".{self._newest.name}.{os.getpid()}")
        try:
            part.write_text(str(note))
            part.replace(self._newest)
        except OSError:  # a full disk must not stop the relay; it is tried again
            return False
        return True


def identity_of(service: str, settings: Any) -> JournalIdentity:
    """As the service's settings say."""
    host = urlsplit(settings.issuer).hostname or ""
    origin = settings.journal_origin or f"{host}/{service}"
    return JournalIdentity(origin, settings.journal_key_directory / service)
