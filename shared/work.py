"""One unit of work: who, when, in which transaction, and what was done.

Actions get a `Work`, make moves and changes through it, and never see the journal, the receipt or
the commit: whoever opened the work writes those (`shared.http.errand`, `shared.worker`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession

from shared.actor import Actor
from shared.database.base import Aggregate, Sensitive, new_id
from shared.days import day_of
from shared.journal.rows import PUBLIC, Entry, journal, row
from shared.policy import Verdict, plain

A = TypeVar("A", bound=Aggregate)


@dataclass(slots=True)
class _Told:
    """An entry still to be written; the aggregate's after-state is read at the very end."""

    kind: str
    subject: str
    subject_id: str
    version: int
    public: Mapping[str, Any]
    audience: str
    because: Verdict | None
    detail: Mapping[str, Any]
    aggregate: Aggregate | None = None


@dataclass(slots=True)
class Work:
    """`now` is business time (UTC), `today` its day in Asia/Shanghai; one of each per work."""

    service: str
    session: AsyncSession
    actor: Actor
    now: datetime
    operation: str
    dry: bool = False
    request_id: str | None = None
    configuration: str | None = None
    """SHA-256 of the gateway's configuration that the request came in under; None round the gateway."""
    settings: Any = None
    shown: Aggregate | None = None
    """The aggregate that the answer is about: its version is the ETag."""
    _told: list[_Told] = field(default_factory=list)
    _raised: set[UUID] = field(default_factory=set)

    @property
    def today(self) -> date:
        return day_of(self.now)

    def add(self, aggregate: A, *, because: Verdict | None = None, **public: Any) -> A:
        """Give the aggregate its id, first version, state and owner, and tell of its birth."""
        lifecycle = aggregate.lifecycle
        aggregate.id = aggregate.id or new_id()
        aggregate.version = 1
        aggregate.state = aggregate.state or lifecycle.start.value
        aggregate.created_at = self.now
        aggregate.created_by = aggregate.created_by or self.actor.client_id
        if aggregate.owner_org is None:
            aggregate.owner_org = self.actor.org
        self._raised.add(aggregate.id)
        self.session.add(aggregate)
        self.shown = self.shown or aggregate
        self._tell(aggregate, lifecycle.created, because, public)
        return aggregate

    def move(self, aggregate: A, name: str, *, because: Verdict | None = None, **public: Any) -> A:
        """Make the move of that name, if its lifecycle has it from the present state."""
        move = aggregate.lifecycle.after(aggregate.state, name)
        aggregate.state = move.target.value
        return self.change(aggregate, move.event, because=because, **public)

    def change(
        self, aggregate: A, event: str, *, because: Verdict | None = None, **public: Any
    ) -> A:
        """A change without a move: the version grows once per work, and it is told."""
        if aggregate.id not in self._raised:
            aggregate.version += 1
            self._raised.add(aggregate.id)
        self.shown = self.shown or aggregate
        self._tell(aggregate, event, because, public)
        return aggregate

    def tell(
        self,
        subject: str,
        subject_id: str | UUID,
        kind: str,
        *,
        version: int = 0,
        audience: str = PUBLIC,
        because: Verdict | None = None,
        detail: Mapping[str, Any] | None = None,
        **public: Any,
    ) -> None:
        """Journal something that is not a change of one aggregate."""
        self._told.append(
            _Told(kind, subject, str(subject_id), version, public, audience, because, detail or {})
        )

    def add_row(self, child: Any) -> None:
        """Keep a row that belongs to an aggregate."""
        self.session.add(child)

    async def hot(self) -> "asyncpg.Connection[Any]":
        """The driver's own connection, inside this work's transaction, after a flush.

        The work opened its transaction with a statement through SQLAlchemy, so BEGIN has been
        sent; a raw statement before that would survive a rollback.
        """
        await self.session.flush()
        connection = await self.session.connection()
        raw = await connection.get_raw_connection()
        driver: asyncpg.Connection[Any] = raw.driver_connection  # type: ignore[assignment]
        return driver

    @property
    def events(self) -> list[str]:
        return [told.kind for told in self._told]

    @property
    def verdicts(self) -> list[Verdict]:
        return [told.because for told in self._told if told.because is not None]

    async def write_down(self) -> None:
        """Flush the changes and write their journal rows; the commit is the opener's."""
        name = self.actor.client_id
        rows = [row(self.service, self._entry(t), actor=name, at=self.now) for t in self._told]
        await self.session.flush()
        if rows:
            await self.session.execute(journal.insert(), rows)
        self._told.clear()

    def _tell(
        self,
        aggregate: Aggregate,
        kind: str,
        because: Verdict | None,
        public: Mapping[str, Any],
    ) -> None:
        self._told.append(
            _Told(
                kind,
                aggregate.lifecycle.subject,
                str(aggregate.id),
                aggregate.version,
                {"state": aggregate.state, **public},
                PUBLIC,
                because,
                {},
                aggregate,
            )
        )

    def _entry(self, told: _Told) -> Entry:
        detail: dict[str, Any] = {
            "actor": self.actor.told(),
            "operation": self.operation,
            "request_id": self.request_id,
            "gateway_configuration": self.configuration,
            **told.detail,
        }
        public = dict(told.public)
        if told.because is not None:
            detail["verdict"] = told.because.as_dict()
        if told.aggregate is not None:
            public = {**told.aggregate.public(), **public}
            detail["after"] = snapshot(told.aggregate)
        return Entry(
            told.kind, told.subject, told.subject_id, told.version, public, detail, told.audience
        )


def snapshot(aggregate: Aggregate) -> dict[str, Any]:
    """Every column as it stands now; personal columns as their ciphertext."""
    state = inspect(aggregate)
    withheld = aggregate.withheld()
    columns: dict[str, Any] = {}
    for attribute in state.mapper.column_attrs:
        if attribute.key in withheld:
            continue
        value = getattr(aggregate, attribute.key)
        kind = attribute.columns[0].type
        if isinstance(kind, Sensitive):
            sealed = kind.process_bind_param(value, None)
            columns[attribute.key] = None if sealed is None else {"sealed": sealed.hex()}
        elif isinstance(value, bytes):
            columns[attribute.key] = value.hex()
        else:
            columns[attribute.key] = plain(value)
    return columns
