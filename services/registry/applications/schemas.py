"""Founding applications over the wire."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.registry.applications.lifecycle import ApplicationState
from services.registry.applications.rules import RefusalGround
from services.registry.founding.rules import (
    Category,
    FounderKind,
    LegalForm,
    Material,
    Route,
    Tenure,
)
from services.registry.people.rules import Employment
from services.registry.people.schemas import (
    CertificateDraft,
    DegreeDraft,
    PartyMembership,
    ResidentNumber,
)
from services.registry.reference.schemas import Amount
from shared.codelists import ClientGroup, ServiceMethod
from shared.http import Line, Prose, Schema, View


class NameDraft(Schema):
    """行政区划 + 字号 + 行（事）业领域 + 组织形式."""

    division: Line = Field(examples=["惠济区"])
    trade_name: Line = Field(examples=["晨光"])
    field: Line = Field(examples=["社会工作服务"])
    form: Line = Field(examples=["中心"])


class SeatDraft(Schema):
    """The fixed seat (住所), with the right to use it."""

    division: Annotated[str, StringConstraints(pattern=r"^\d{9}$")]
    address: Line
    tenure: Tenure
    lease_until: date | None = None


class AssetDraft(Schema):
    """A part of the opening funds, with its giver."""

    source: Line
    founder_kind: FounderKind
    amount: Amount
    of_the_state: bool = False


class MaterialDraft(Schema):
    """A document that was handed in, named by the digest of its content."""

    kind: Material
    title: Line
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Body(StrEnum):
    COUNCIL = "council"
    """理事会"""
    SUPERVISORS = "supervisors"
    """监事会"""


class PersonDraft(Schema):
    """Somebody named in the application: as staff, in a body, or as its head (法定代表人)."""

    name: Line
    resident_id: ResidentNumber
    employment: Employment | None = None
    body: Body | None = None
    head: bool = False
    certificate: CertificateDraft | None = None
    degree: DegreeDraft | None = None
    party: PartyMembership | None = None


class ApplicationDraft(Schema):
    """What founders file. A draft may be incomplete; submission is judged whole."""

    route: Route = Route.DIRECT
    category: Category = Category.COMMUNITY_SERVICE
    legal_form: LegalForm = LegalForm.LEGAL_PERSON
    name: NameDraft | None = None
    purpose: Annotated[str, StringConstraints(max_length=5000)] = ""
    scope: Annotated[str, StringConstraints(max_length=5000)] = ""
    methods: list[ServiceMethod] = Field(default_factory=list, max_length=8)
    client_groups: list[ClientGroup] = Field(default_factory=list, max_length=7)
    seat: SeatDraft | None = None
    assets: list[AssetDraft] = Field(default_factory=list, max_length=100)
    people: list[PersonDraft] = Field(default_factory=list, max_length=300)
    materials: list[MaterialDraft] = Field(default_factory=list, max_length=50)
    supervising_unit: Line | None = None


class AssetView(View):
    source: str
    founder_kind: FounderKind
    amount: str
    of_the_state: bool


class MaterialView(View):
    kind: Material
    title: str
    sha256: str


class ApplicationView(View):
    """An application as it stands. Each term says when it ends; `*_provisional` that it may move."""

    id: UUID
    version: int
    state: ApplicationState
    route: Route
    category: Category
    legal_form: LegalForm
    name: str | None
    name_parts: dict[str, str] | None
    purpose: str
    scope: str
    methods: list[ServiceMethod]
    client_groups: list[ClientGroup]
    seat_division: str | None
    seat_address: str | None
    tenure: Tenure | None
    lease_until: date | None
    assets: list[AssetView]
    currency: str = "CNY"
    materials: list[MaterialView]
    supervising_unit: str | None
    residency_id: UUID | None
    received_on: date | None
    answer_due: date | None = Field(description="R-01: silence until then accepts")
    answer_provisional: bool
    told_missing: list[str] | None
    accepted_on: date | None
    accepted_by: str | None
    accepted_by_silence: bool
    decision_due: date | None = Field(description="R-02: sixty days from all valid documents")
    reviewed_by: str | None
    review_recommends: bool | None
    review_opinion: str | None
    decided_by: str | None
    decided_on: date | None
    grounds: list[RefusalGround]
    reasons: str | None
    certificate_due: date | None = Field(description="R-03: ten working days from the decision")
    certificate_provisional: bool
    credit_code: str | None
    certified_on: date | None


class PersonView(View):
    """A person of an application; the number is masked."""

    name: str
    resident_id: str
    employment: Employment | None
    body: Body | None
    head: bool
    certificate: CertificateDraft | None
    degree: DegreeDraft | None
    party_status: str | None


class Correction(Schema):
    """What is missing, told once (一次告知)."""

    missing: Annotated[list[Line], Field(max_length=50)]


class Review(Schema):
    """The reviewer's (审核) opinion for the one who decides."""

    recommends: bool
    opinion: Prose


class Approval(Schema):
    opinion: Prose | None = None


class RefusalDecision(Schema):
    """The reasons are told to the founders, with the grounds of the law if one applies."""

    grounds: list[RefusalGround] = Field(default_factory=list, max_length=5)
    reasons: Prose
