"""The registry's own catalogue of tables."""

from typing import Any, ClassVar

from sqlalchemy.orm import DeclarativeBase

from shared.database.base import COLUMN_TYPES, service_metadata


class Base(DeclarativeBase):
    metadata = service_metadata()
    type_annotation_map: ClassVar[dict[Any, Any]] = COLUMN_TYPES
