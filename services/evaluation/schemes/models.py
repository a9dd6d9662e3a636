from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.evaluation.database import Base
from services.evaluation.marks import Gate, Grade, Line
from services.evaluation.schemes.lifecycle import SCHEME, SchemeState
from services.evaluation.schemes.rules import Capacity, Content, Indicator
from shared.actor import Actor
from shared.database.base import Aggregate


class Scheme(Aggregate, Base):
    """What agencies are rated by (评估方案). Its tree is one document, always read whole."""

    __tablename__ = "scheme"
    lifecycle = SCHEME

    title: Mapped[str]
    edition: Mapped[str] = mapped_column(String(40))
    tree: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    gates: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    published_on: Mapped[date | None]
    digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of what was published: shows that a published version never changed."""

    def visible_to(self, actor: Actor) -> bool:
        return self.state != SchemeState.DRAFT or actor.has("supervisor", "auditor")

    def public(self) -> dict[str, Any]:
        return {"title": self.title, "edition": self.edition, "digest": self.digest}

    @property
    def indicators(self) -> list[Indicator]:
        return [_indicator(node) for node in self.tree]

    @property
    def leaf_marks(self) -> dict[str, Decimal]:
        """The full marks of every leaf, by its code."""
        return {leaf.code: leaf.marks for top in self.indicators for _, leaf in top.leaves()}

    @property
    def grade_lines(self) -> list[Line]:
        return [Line(Grade(line["grade"]), Decimal(line["least"])) for line in self.lines]

    @property
    def grade_gates(self) -> list[Gate]:
        return [Gate(gate["code"], gate["title"], Grade(gate["highest"])) for gate in self.gates]


def _indicator(node: dict[str, Any]) -> Indicator:
    """As it is kept: what a level does not have is not there."""
    return Indicator(
        code=node["code"],
        title=node["title"],
        marks=Decimal(node["marks"]),
        children=tuple(_indicator(child) for child in node.get("children", [])),
        content=Content(node["content"]) if node.get("content") else None,
        capacity=Capacity(node["capacity"]) if node.get("capacity") else None,
        scoring=node.get("scoring"),
        evidence=node.get("evidence"),
    )
