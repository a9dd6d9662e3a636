"""Who is asking, and for whom: what a verified token says, or nobody."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol


class Owned(Protocol):
    """Something that remembers who made it and for which organisation."""

    @property
    def created_by(self) -> str: ...
    @property
    def owner_org(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Mandate:
    """For whom a client may act, in which roles, on which legal days, and by which document.

    The gateway puts into a token what is in force by the machine's clock. A decision that is made
    on a day of business time asks for that day.
    """

    org: str
    roles: frozenset[str]
    first_day: date
    last_day: date
    document: str

    def covers(self, org: str, role: str, day: date) -> bool:
        return self.org == org and role in self.roles and self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the identity provider of `issuer` names them."""

    issuer: str
    subject: str


@dataclass(frozen=True, slots=True)
class Actor:
    """`client_id` names the account whose rights are used, `org` the credit code it acts for.

    When a person came by way of a platform, `person` is at the keyboard and `acting` is the
    platform whose hands the request came through; the rights are still those of `client_id`.
    """

    client_id: str
    org: str | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    mandates: tuple[Mandate, ...] = ()
    acting: str | None = None
    person: Person | None = None

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

    def mandate_for(self, org: str, role: str, day: date) -> Mandate | None:
        """The recorded mandate under which the actor may do this for another organisation."""
        return next((one for one in self.mandates if one.covers(org, role, day)), None)

    def told(self) -> dict[str, Any]:
        """What the journal says of the actor: who, for whom, and through whose hands."""
        found: dict[str, Any] = {
            "client_id": self.client_id,
            "org": self.org,
            "roles": sorted(self.roles),
        }
        if self.acting is not None:
            found["acting"] = self.acting
        if self.person is not None:
            found["person"] = {"issuer": self.person.issuer, "subject": self.person.subject}
        if self.mandates:
            found["mandates"] = sorted(
                {f"{mandate.org} {mandate.document}" for mandate in self.mandates}
            )
        return found


NOBODY = Actor("anonymous")
CALENDAR = Actor("calendar", roles=frozenset({"calendar"}))
"""Moves that happen because a day has come."""
