from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.procurement.database import Base


class Release(Base):
    """An OCDS release as it was published; inserted once and never changed."""

    __tablename__ = "release"
    __table_args__ = (
        Index("ix_release_ocid_id", "ocid", "id"),
        Index("ix_release_project_id_id", "project_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ocid: Mapped[str] = mapped_column(String(80))
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    event_id: Mapped[UUID] = mapped_column(unique=True)
    """The journal's event that it tells of."""
    told_at: Mapped[datetime]
    tags: Mapped[list[str]] = mapped_column(ARRAY(String(40)))
    document: Mapped[str]
    """The very text that is served: what was published stays as it was, byte for byte."""
