"""One table per aggregate: which move leads from which state to which, by whom, told as what.

If a move is not in the table it cannot happen. The drawing in a README is made from the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.errors import MoveNotAllowed
from shared.words import Text


@dataclass(frozen=True, slots=True)
class Move:
    """`name` is the verb, `by` the role (or `calendar`) that makes it, `event` what is told."""

    name: str
    source: StrEnum
    target: StrEnum
    by: str
    event: str


class Lifecycle:
    """The states and moves of one kind of aggregate. `created` is the event told at its birth."""

    def __init__(
        self, subject: str, *, start: StrEnum, created: str, moves: Sequence[Move]
    ) -> None:
        self.subject = subject
        self.start = start
        self.created = created
        self.moves = tuple(moves)

    def after(self, state: StrEnum | str, name: str) -> Move:
        """The move `name` from `state`; refused, with what is possible instead, when there is none."""
        for move in self.moves:
            if move.source == state and move.name == name:
                return move
        possible = sorted({m.name for m in self.moves if m.source == state})
        raise MoveNotAllowed(
            Text(
                zh=f"状态为 {state} 的 {self.subject} 不能 {name}；可以：{'、'.join(possible) or '无'}",
                en=f"a {self.subject} that is {state} cannot {name}; "
                f"possible: {', '.join(possible) or 'nothing'}",
            )
        )

    @property
    def states(self) -> tuple[StrEnum, ...]:
        """Every state, in the order the table first names it."""
        named = [self.start, *(s for move in self.moves for s in (move.source, move.target))]
        return tuple(dict.fromkeys(named))

    @property
    def events(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([self.created, *(move.event for move in self.moves)]))

    def faults(self) -> list[str]:
        """What is unsound: two targets for one move, a state that cannot be reached."""
        found = []
        seen: dict[tuple[str, str], str] = {}
        for move in self.moves:
            key = (move.source.value, move.name)
            if key in seen:
                found.append(f"{self.subject}: {key} is in the table twice")
            seen[key] = move.target.value
        reached = {self.start}
        while grown := {m.target for m in self.moves if m.source in reached} - reached:
            reached |= grown
        found += [f"{self.subject}: {s} is never reached" for s in self.states if s not in reached]
        return found

    def drawing(self) -> str:
        """A Mermaid state diagram, as it stands in the README of the service."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.start.value}: {self.created}"]
        lines += [
            f"    {m.source.value} --> {m.target.value}: {m.name} ({m.by}) / {m.event}"
            for m in self.moves
        ]
        leaving = {move.source for move in self.moves}
        lines += [f"    {s.value} --> [*]" for s in self.states if s not in leaving]
        return "\n".join(lines)
