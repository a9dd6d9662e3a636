"""One contracting process as far as it has been told: the events, and the state each left behind.

A process begins with a planned project. When its tender fails, the project goes back to the plan
and what follows is a new process under an ocid of its own that names the one before it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One public event of procurement. `after` is its subject's state behind it, column by column.

    `rows` holds what was written once and for all beside the event: the opened bids, say.
    """

    id: str
    position: int
    kind: str
    time: datetime
    subject: str
    subject_id: str
    data: State
    after: State
    rows: Mapping[str, Sequence[State]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Process:
    """What one ocid stands for, up to and with the newest event in it."""

    ocid: str
    before: str | None
    """The ocid of the attempt that failed, when this is another one."""
    told: Sequence[Told]
    needs: Sequence[State] = ()

    @property
    def newest(self) -> Told:
        return self.told[-1]

    def state_of(self, subject: str) -> State | None:
        """How the newest thing of that kind stands."""
        found = self.every(subject)
        return found[-1] if found else None

    def every(self, subject: str) -> Sequence[State]:
        """How every thing of that kind stands, in the order in which they were first told."""
        states: dict[str, State] = {}
        for told in self.told:
            if told.subject == subject:
                states[told.subject_id] = told.after
        return list(states.values())

    def thing(self, subject: str, subject_id: str) -> State | None:
        """How one thing stands."""
        found = (
            t.after
            for t in reversed(self.told)
            if (t.subject, t.subject_id) == (subject, subject_id)
        )
        return next(found, None)

    def first(self, kind: str) -> Told | None:
        return next((told for told in self.told if told.kind == kind), None)

    def last(self, kind: str) -> Told | None:
        return next((told for told in reversed(self.told) if told.kind == kind), None)

    def rows(self, name: str) -> Sequence[State]:
        """The rows of that name, from the newest event that brought any."""
        return next((told.rows[name] for told in reversed(self.told) if name in told.rows), ())


def process_of(
    told: Iterable[Told], newest: Told, *, prefix: str, project_id: str, needs: Sequence[State] = ()
) -> Process:
    """The process that `newest` belongs to, out of everything told about its project by then."""
    attempts = _attempts(told, newest)
    attempt = next(number for number, events in attempts.items() if newest in events)
    return Process(
        ocid_of(prefix, project_id, attempt),
        ocid_of(prefix, project_id, attempt - 1) if attempt > 1 else None,
        attempts[attempt],
        needs,
    )


def ocid_of(prefix: str, project_id: str, attempt: int) -> str:
    """The first process has the project's id; a later one says which attempt it is."""
    return f"{prefix}-{project_id}" + (f"-{attempt}" if attempt > 1 else "")


def _attempts(told: Iterable[Told], newest: Told) -> Mapping[int, list[Told]]:
    """The events by attempt, up to `newest`: a tender and all that hangs on it stay together."""
    attempts: dict[int, list[Told]] = {}
    of_thing: dict[str, int] = {}
    present = 1
    for event in sorted(told, key=lambda event: event.position):
        if event.position > newest.position:
            break
        attempt = _attempt_of(event, of_thing, present)
        of_thing[event.subject_id] = attempt
        attempts.setdefault(attempt, []).append(event)
        if event.kind == "project.returned":
            present += 1
    return attempts


def _attempt_of(event: Told, of_thing: Mapping[str, int], present: int) -> int:
    """The attempt of the thing itself, or of the tender or contract it hangs on."""
    if event.subject == "project":
        return present
    known = (
        event.subject_id,
        *(event.after.get(n) or event.data.get(n) for n in ("tender_id", "contract_id")),
    )
    return next((of_thing[str(thing)] for thing in known if str(thing) in of_thing), present)
