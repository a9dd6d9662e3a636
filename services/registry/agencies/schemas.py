"""Agencies over the wire. The register is public; who sits in its bodies is shown by name only."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.registry.agencies.lifecycle import AgencyState
from shared.codelists import ServiceMethod
from shared.http import Line, MoneyText, Prose, Schema, View

ResidentNumber = Annotated[
    str,
    StringConstraints(min_length=15, max_length=18),
    Field(description="公民身份号码 (GB 11643): kept encrypted, shown masked"),
]


class AgencyView(View):
    """What the register says of an agency (R-04)."""

    id: UUID
    version: int
    credit_code: str
    name: str
    state: AgencyState
    category: str
    legal_form: str
    route: str
    supervising_unit: str | None
    seat_division: str
    seat_address: str
    opening_funds: MoneyText
    currency: str = "CNY"
    head_name: str
    registered_on: date
    certificate_number: str
    cancelled_on: date | None
    party_organisation: str | None
    party_organisation_since: date | None


class SuspensionOrder(Schema):
    """An order to stop work, with its ground; `since` is today if absent."""

    since: date | None = None
    ground: Prose


class SuspensionView(View):
    since: date
    until: date | None
    ground: str


class GovernorDraft(Schema):
    name: Line
    resident_id: ResidentNumber


class BodiesDraft(Schema):
    """Both bodies as a whole: whoever is not named leaves."""

    council: Annotated[list[GovernorDraft], Field(max_length=50)]
    supervisors: Annotated[list[GovernorDraft], Field(max_length=50)]


class GovernorView(View):
    body: str
    name: str
    since: date
    until: date | None


class CharterView(View):
    number: int
    purpose: str
    scope: str
    methods: list[ServiceMethod]
    resolved_on: date | None
    in_force_since: date


class CharterAmendment(Schema):
    """A change of the charter that the council resolved."""

    resolved_on: date
    purpose: Prose
    scope: Prose
    methods: Annotated[list[ServiceMethod], Field(min_length=1, max_length=8)]


class PartyOrganisationKind(StrEnum):
    JOINT = "joint"
    BRANCH = "branch"
    GENERAL_BRANCH = "general_branch"
    COMMITTEE = "committee"


class PartyOrganisationDraft(Schema):
    """4.5(1): the Party organisation of the agency, own or joint."""

    kind: PartyOrganisationKind
    founded_on: date


class Cancellation(Schema):
    """注销: the liquidation is over, and what was handed out has been taken in."""

    liquidation_ended_on: date
    certificate_returned: bool
    seal_returned: bool
