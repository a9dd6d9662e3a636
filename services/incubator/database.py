"""The incubator's own tables."""

from sqlalchemy.orm import DeclarativeBase

from shared.database.base import COLUMN_TYPES, service_metadata


class Base(DeclarativeBase):
    """Everything in the database `huishe_incubator`."""

    metadata = service_metadata()
    type_annotation_map = COLUMN_TYPES
