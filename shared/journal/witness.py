"""A witness: it keeps what every journal signed, and alarms when one is not an extension of the last.

It needs no trust in whoever keeps the journal. Two checkpoints of one log must be one story: the
longer one begins with the shorter, which the log itself has to prove. What a witness holds are files,
not rows of a database that could be put back to yesterday together with the journal.

For each log `<name>.`
    trusted      its keys, one a line: written at the first contact, or put there beforehand
    checkpoint   the newest one seen, with the witness's own signature under it
    history      one line of JSON now and then, to look things up in later years
    disputes     one line of JSON for each contradiction, with both checkpoints as evidence
"""

import asyncio
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import orjson

from shared.errors import Unavailable
from shared.journal.notes import (
    COSIGNED,
    Checkpoint,
    Malformed,
    Note,
    Signer,
    Untrusted,
    VerifierKey,
)
from shared.logging import get_logger
from shared.merkle import extends
from shared.signing_keys import key_files, make_first_key, read_key

HISTORY_SECONDS = 600
log = get_logger("witness")


class Standing(StrEnum):
    """How a journal stands with its witness."""

    UNSEEN = "unseen"
    EXTENDED = "extended"
    SILENT = "silent"
    """Not asked successfully just now; what was seen before still counts."""
    GONE_BACK = "gone-back"
    """It shows less than it signed before: an older backup, or its end was cut off."""
    TWO_STORIES = "two-stories"
    """It signed two checkpoints that cannot both be true."""
    UNTRUSTED = "untrusted"
    """What it shows is not signed by a key that is trusted, or is no checkpoint."""


DISPUTED = frozenset({Standing.GONE_BACK, Standing.TWO_STORIES, Standing.UNTRUSTED})


class Log(Protocol):
    """A journal as its witness asks it. Silence is `Unavailable`."""

    name: str

    async def checkpoint(self) -> bytes | None:
        """The newest one as it was signed; None when there is none."""

    async def consistency(self, old: int, size: int) -> Sequence[bytes] | None:
        """The proof between two sizes; None when the log cannot give one."""

    async def keys(self) -> Sequence[VerifierKey]:
        """What the log says of its own keys: believed once, at the first contact."""


@dataclass(slots=True)
class Seen:
    """One log as it stands now."""

    standing: Standing = Standing.UNSEEN
    note: Note | None = None
    detail: str = ""
    seen_at: datetime | None = None
    _told: object = None

    @property
    def checkpoint(self) -> Checkpoint | None:
        return None if self.note is None else Checkpoint.parse(self.note.text)


@dataclass(slots=True)
class Witness:
    """What one witness holds. `name` is what it signs under."""

    name: str
    folder: Path
    _seen: dict[str, Seen] = field(default_factory=dict)
    _signer: Signer | None = None
    _history_at: dict[str, float] = field(default_factory=dict)

    @property
    def signer(self) -> Signer:
        if self._signer is None:
            keys = self.folder / "keys"
            make_first_key(keys)
            newest = list(key_files(keys).values())[-1]
            self._signer = Signer(self.name, read_key(newest), COSIGNED)
        return self._signer

    def seen(self, log_name: str) -> Seen:
        """What is known of a log, from the files when this process has not looked yet."""
        if log_name not in self._seen:
            found = Seen()
            with suppress(FileNotFoundError):
                found.note = Note.parse(self._file(log_name, "checkpoint").read_bytes())
                found.standing = Standing.SILENT
                Checkpoint.parse(found.note.text)
            self._seen[log_name] = found
        return self._seen[log_name]

    async def look(self, journal: Log) -> Seen:
        """Ask a log for its newest checkpoint and hold it against the last one seen."""
        seen = self.seen(journal.name)
        try:
            written = await journal.checkpoint()
            if written is None:
                return self._nothing_shown(journal.name, seen)
            return await self._hold(journal, seen, Note.parse(written))
        except Unavailable:
            if seen.standing == Standing.EXTENDED:
                seen.standing = Standing.SILENT
            return seen
        except (Malformed, Untrusted) as problem:
            return self._dispute(journal.name, Standing.UNTRUSTED, str(problem), None)

    async def compare(self, journal: Log, other: str, written: bytes) -> Seen:
        """Hold what another witness saw against what we saw: both must be one story."""
        seen = self.seen(journal.name)
        ours = seen.checkpoint
        try:
            note = Note.parse(written)
            theirs = Checkpoint.opened(note, self.trusted(journal.name))
            if ours is None or await self._one_story(journal, ours, theirs):
                return seen
        except Unavailable:
            return seen
        except (Malformed, Untrusted) as problem:
            log.warning("witness.other_unreadable", other=other, problem=str(problem))
            return seen
        told = f"the witness {other} was shown another history"
        return self._dispute(journal.name, Standing.TWO_STORIES, told, note)

    def trusted(self, log_name: str) -> list[VerifierKey]:
        """Whose signature counts for this log."""
        try:
            lines = self._file(log_name, "trusted").read_text().splitlines()
        except FileNotFoundError:
            return []
        return [VerifierKey.parse(line) for line in lines if line.strip()]

    # ------------------------------------------------------------------ one checkpoint

    async def _hold(self, journal: Log, seen: Seen, note: Note) -> Seen:
        if note.text == (seen.note.text if seen.note else None):
            return self._extended(journal.name, seen)
        trusted = await self._trusted_or_first(journal, note)
        shown = Checkpoint.opened(note, trusted)
        kept = seen.checkpoint
        if kept is not None and shown.origin == kept.origin and shown.size < kept.size:
            told = f"it shows {shown.size} entries and signed {kept.size} before"
            return self._dispute(journal.name, Standing.GONE_BACK, told, note)
        if kept is not None and not await self._one_story(journal, kept, shown):
            told = f"{shown.size} entries do not begin with the {kept.size} that were seen"
            return self._dispute(journal.name, Standing.TWO_STORIES, told, note)
        seen.note = note.signed([self.signer], at=int(time.time()))
        await asyncio.to_thread(self._keep, journal.name, seen.note)
        return self._extended(journal.name, seen)

    async def _one_story(self, journal: Log, one: Checkpoint, two: Checkpoint) -> bool:
        if one.origin != two.origin:
            return False
        older, newer = sorted((one, two), key=lambda checkpoint: checkpoint.size)
        if older.size == newer.size:
            return older.root == newer.root
        path = await journal.consistency(older.size, newer.size)
        return path is not None and extends(older.size, older.root, newer.size, newer.root, path)

    async def _trusted_or_first(self, journal: Log, note: Note) -> list[VerifierKey]:
        """The trusted keys; those of a first contact; and new ones that a trusted one signs beside."""
        trusted = self.trusted(journal.name)
        if trusted and not any(note.signed_by(key) for key in trusted):
            return trusted
        known = {key.id for key in trusted}
        if trusted and all(signature.key_id in known for signature in note.signatures):
            return trusted
        new = [key for key in await journal.keys() if note.signed_by(key) and key not in trusted]
        if new:
            trusted += new
            self._write(journal.name, "trusted", "".join(f"{key}\n" for key in trusted))
            log.warning("witness.trusts", log=journal.name, keys=[str(key) for key in new])
        return trusted

    # ------------------------------------------------------------------ what is told and kept

    def _nothing_shown(self, log_name: str, seen: Seen) -> Seen:
        if seen.note is None:
            seen.standing = Standing.UNSEEN
            return seen
        told = "it shows no checkpoint and signed before"
        return self._dispute(log_name, Standing.GONE_BACK, told, None)

    def _extended(self, log_name: str, seen: Seen) -> Seen:
        if seen.standing in DISPUTED:
            log.warning("witness.settled", log=log_name, was=seen.standing.value)
        seen.standing, seen.detail, seen.seen_at = Standing.EXTENDED, "", datetime.now(UTC)
        return seen

    def _dispute(self, log_name: str, standing: Standing, told: str, shown: Note | None) -> Seen:
        """Alarm, and put both sides away; the same again is not written again."""
        seen = self.seen(log_name)
        what = (standing, shown.text if shown else told)
        if seen.standing != standing or seen._told != what:
            seen._told = what
            log.error("witness.dispute", log=log_name, standing=standing.value, detail=told)
            self._append(
                log_name,
                "disputes",
                {
                    "standing": standing.value,
                    "detail": told,
                    "kept": None if seen.note is None else str(seen.note),
                    "shown": None if shown is None else str(shown),
                },
            )
        seen.standing, seen.detail, seen.seen_at = standing, told, datetime.now(UTC)
        return seen

    def _keep(self, log_name: str, note: Note) -> None:
        self._write(log_name, "checkpoint", str(note))
        now = time.monotonic()
        if now - self._history_at.get(log_name, float("-inf")) >= HISTORY_SECONDS:
            self._history_at[log_name] = now
            self._append(log_name, "history", {"checkpoint": str(note)})

    def _file(self, log_name: str, kind: str) -> Path:
        return self.folder / f"{log_name}.{kind}"

    def _write(self, log_name: str, kind: str, text: str) -> None:
        """The whole file or none of it, on the disk before anybody relies on it."""
        file = self._file(log_name, kind)
        part = file.with_name(f".{file.name}.{os.getpid()}")
        self.folder.mkdir(parents=True, exist_ok=True)
        with part.open("w") as writing:
            writing.write(text)
            writing.flush()
            os.fsync(writing.fileno())
        part.replace(file)

    def _append(self, log_name: str, kind: str, told: dict[str, object]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        line = orjson.dumps({"at": datetime.now(UTC), **told}, option=orjson.OPT_APPEND_NEWLINE)
        with self._file(log_name, kind).open("ab") as writing:
            writing.write(line)
            writing.flush()
            os.fsync(writing.fileno())
