"""Reading a whole journal and saying what is wrong with it: rows in, faults out.

It trusts nothing that the journal says of itself. The tree is built anew from the leaves; every text,
detail and column is held against the hashes; each checkpoint on the way against the root at its size,
so a change is named by its row, or by the few positions between two checkpoints.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from shared.journal.notes import Checkpoint, Malformed, Note, Untrusted, VerifierKey
from shared.journal.rows import detail_hash, instant
from shared.merkle import Frontier, Node, leaf_hash

ERASED = "journal.detail_erased"


@dataclass(frozen=True, slots=True)
class Columns:
    """What stands beside the public text in the database, and must say the same."""

    id: UUID
    leaf: bytes
    kind: str
    subject: str
    subject_id: str
    version: int
    audience: str
    at: datetime
    actor: str
    detail_hash: bytes


@dataclass(slots=True)
class Row:
    """One position. What its source does not hold is None: a feed has no detail, and no columns."""

    position: int
    leaf: bytes
    id: str | None = None
    text: str | None = None
    detail: str | None = None
    salt: bytes | None = None
    """Empty when the detail was erased; None when the source does not carry details."""
    columns: Columns | None = None
    gone: bool = False
    """The position points to a row that is not there."""
    signed: str | None = None
    """The note of the checkpoint that ends here."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was signed; `first` to `last` are positions, 0 when none is known."""

    what: str
    first: int
    last: int
    row: str | None = None

    def __str__(self) -> str:
        if not self.first:
            return self.what
        place = f"position {self.first}"
        if self.last != self.first:
            place = f"positions {self.first} to {self.last}"
        return f"{place}{f' (row {self.row})' if self.row else ''}: {self.what}"


@dataclass(slots=True)
class Examination:
    """Takes the rows in order of their positions, then `finish`; what is wrong is in `faults`."""

    origin: str
    trusted: Sequence[VerifierKey]
    kept: Sequence[Checkpoint] = ()
    """Checkpoints that somebody else kept, their signatures checked."""
    faults: list[Fault] = field(default_factory=list)
    tree: Frontier = field(default_factory=Frontier)
    last: int = 0
    """The last position taken."""
    made: list[Node] = field(default_factory=list)
    """Nodes of the tree built anew, for who holds them against those that are kept."""
    agreed: int = 0
    """The size up to which what stands here is what was signed."""
    _torn: bool = False
    _erased: dict[str, int] = field(default_factory=dict)
    _told_erased: set[str] = field(default_factory=set)
    _kept: dict[int, list[bytes]] = field(init=False)

    def __post_init__(self) -> None:
        self._kept = {}
        for checkpoint in self.kept:
            self._kept.setdefault(checkpoint.size, []).append(checkpoint.root)

    def take(self, row: Row) -> None:
        expected = self.tree.size + 1
        self.last = row.position
        if row.position != expected and not self._torn:
            self._fault("missing", expected, row.position - 1)
            self._torn = True
        if row.gone:
            self._fault("the row of this position is gone", row.position, row=row.id)
        if row.text is not None:
            self._hold_against_hashes(row, row.text)
        self.made += self.tree.append(row.leaf)
        self._hold_against_checkpoints(row)

    def finish(self) -> list[Fault]:
        """The end was reached: what should have followed, and details that nobody accounted for."""
        size = self.tree.size
        longest = max(self._kept, default=0)
        if longest > size and not self._torn:
            self._fault(
                f"missing: the journal ends at {size}, and a checkpoint of {longest} was kept elsewhere",
                size + 1,
                longest,
            )
        elif size > self.agreed and not self._torn:
            self._fault("no checkpoint says what stands here", self.agreed + 1, size)
        for row_id in self._erased.keys() - self._told_erased:
            self._fault(
                "its detail is gone, and no row tells why", self._erased[row_id], row=row_id
            )
        return self.faults

    # ------------------------------------------------------------------ one row

    def _hold_against_hashes(self, row: Row, text: str) -> None:
        told_leaf = leaf_hash(text.encode())
        if told_leaf != row.leaf or (row.columns is not None and row.columns.leaf != told_leaf):
            self._fault("the text is not what was placed", row.position, row=row.id)
        try:
            event = orjson.loads(text)
            told_hash = bytes.fromhex(event["detailhash"])
            if event["type"] == ERASED:
                self._told_erased.update(event["data"]["entries"])
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            self._fault("the text is no journal entry", row.position, row=row.id)
            return
        detail: dict[str, Any] | None = None
        if row.detail is not None:
            if detail_hash(row.salt or b"", row.detail) != told_hash:
                self._fault(
                    "detail and salt are not those that were hashed", row.position, row=row.id
                )
            else:
                detail = orjson.loads(row.detail)
        elif row.salt is not None:
            self._erased[str(event["id"])] = row.position
        if row.columns is not None and (wrong := _differing(row.columns, event, detail)):
            told = "the columns do not say what the text says: " + ", ".join(wrong)
            self._fault(told, row.position, row=row.id)

    # ------------------------------------------------------------------ one checkpoint

    def _hold_against_checkpoints(self, row: Row) -> None:
        kept = self._kept.get(self.tree.size, [])
        if self._torn or (row.signed is None and not kept):
            return
        root = self.tree.root()
        if any(other != root for other in kept):
            self._tear("not what a checkpoint kept elsewhere says")
        elif row.signed is not None:
            self._hold_against_own(row.signed, root)
        elif kept:
            self.agreed = self.tree.size

    def _hold_against_own(self, written: str, root: bytes) -> None:
        """A root that agrees needs no signature: the last ones are checked, and imply it."""
        size = self.tree.size
        try:
            note = Note.parse(written)
            told = Checkpoint.parse(note.text)
            if (told.origin, told.size) != (self.origin, size):
                self._fault(f"its checkpoint speaks of {told.origin} at {told.size}", size)
            elif told.root == root:
                self.agreed = size
            else:
                note.require(self.trusted)
                self._tear("not what was signed")
        except (Malformed, Untrusted) as problem:
            self._fault(f"its checkpoint cannot be believed: {problem}", size)

    def _tear(self, what: str) -> None:
        self._fault(what, self.agreed + 1, self.tree.size)
        self._torn = True

    def _fault(self, what: str, first: int, last: int = 0, *, row: str | None = None) -> None:
        self.faults.append(Fault(what, first, last or first, row))


def _differing(
    columns: Columns, event: dict[str, Any], detail: dict[str, Any] | None
) -> Iterable[str]:
    """Names of the columns that say something else than the text and the detail."""
    told = {
        "id": (str(columns.id), event.get("id")),
        "kind": (columns.kind, event.get("type")),
        "subject": (f"{columns.subject}/{columns.subject_id}", event.get("subject")),
        "version": (columns.version, event.get("subjectversion")),
        "audience": (columns.audience, event.get("audience")),
        "at": (instant(columns.at), event.get("time")),
        "detail_hash": (columns.detail_hash.hex(), event.get("detailhash")),
    }
    actor = (detail or {}).get("actor")
    if isinstance(actor, dict):
        told["actor"] = (columns.actor, actor.get("client_id"))
    return [name for name, (column, text) in told.items() if column != text]
