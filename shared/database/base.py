"""What the tables of every service have in common.

class Base(DeclarativeBase):
    metadata = service_metadata()
    type_annotation_map = COLUMN_TYPES

class Tender(Aggregate, Base):
    __tablename__ = "tender"
    lifecycle = TENDER
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Date, DateTime, LargeBinary, MetaData, Select, String, Text, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import InstrumentedAttribute, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from shared import sensitive
from shared.actor import Actor
from shared.identifiers import new_id as uuid7
from shared.lifecycle import Lifecycle
from shared.money import Money

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def service_metadata() -> MetaData:
    """A fresh catalogue of tables with predictable constraint names."""
    return MetaData(naming_convention=NAMES)


def new_id() -> UUID:
    """A UUIDv7 by machine time: sortable, made before the flush."""
    return uuid7(datetime.now(UTC))


class MoneyColumn(TypeDecorator[Money]):
    """Integer fen in the database, `Money` in Python."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Money | None, dialect: Dialect) -> int | None:
        return None if value is None else value.fen

    def process_result_value(self, value: int | None, dialect: Dialect) -> Money | None:
        return None if value is None else Money(value)


class Sensitive(TypeDecorator[str]):
    """Personal text, encrypted in its column; the key lives outside the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect | None) -> bytes | None:
        return None if value is None else sensitive.encrypt(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else sensitive.decrypt(value)


COLUMN_TYPES: dict[Any, Any] = {
    UUID: Uuid(),
    datetime: DateTime(timezone=True),
    date: Date(),
    str: Text(),
    Money: MoneyColumn(),
    bytes: LargeBinary(),
}


class Aggregate:
    """A thing with a life of its own: an id, a version, a state from its lifecycle, an owner.

    All of them are set by `Work` in Python before the flush, so that an answer can be rendered
    before the commit. The version guards every update: whoever loses a race is told so.
    """

    lifecycle: ClassVar[Lifecycle]

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(40), index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(120))
    owner_org: Mapped[str | None] = mapped_column(String(18), index=True)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version, "version_id_generator": False}

    def visible_to(self, actor: Actor) -> bool:
        """Whether this exists for the actor at all; False is answered as "not found"."""
        return True

    def changeable_by(self, actor: Actor) -> bool:
        """Whether the actor may act on this one, its role aside; False is "not found"."""
        return True

    def withheld(self) -> frozenset[str]:
        """Columns that stay out of the journal's detail for now: auditors read it at any time."""
        return frozenset()

    def public(self) -> dict[str, Any]:
        """What every event of this aggregate tells beside its state: ids, and the least needed."""
        return {}


def matching(
    statement: Select[Any], wanted: Mapping[InstrumentedAttribute[Any], Any]
) -> Select[Any]:
    """The statement with each filter that was asked for; a filter of None was not."""
    for column, value in wanted.items():
        if value is not None:
            statement = statement.where(column == value)
    return statement
