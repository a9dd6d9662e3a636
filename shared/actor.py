"""Who is asking: what a verified token says, or nobody."""

from dataclasses import dataclass, field
from typing import Protocol


class Owned(Protocol):
    """Something that remembers who made it and for which organisation."""

    @property
    def created_by(self) -> str: ...
    @property
    def owner_org(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Actor:
    """`client_id` names the calling software or process, `org` the credit code it acts for."""

    client_id: str
    org: str | None = None
    roles: frozenset[str] = field(default_factory=frozenset)

    @property
    def anonymous(self) -> bool:
        return not self.roles

    def has(self, *roles: str) -> bool:
        """Whether the actor holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)

    def owns(self, thing: Owned) -> bool:
        """Its organisation's thing; or, made before there was an organisation, its own."""
        if thing.owner_org is not None:
            return thing.owner_org == self.org
        return not self.anonymous and thing.created_by == self.client_id


NOBODY = Actor("anonymous")
CALENDAR = Actor("calendar", roles=frozenset({"calendar"}))
"""Moves that happen because a day has come."""
