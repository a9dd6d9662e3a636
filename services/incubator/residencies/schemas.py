"""Stays over the wire, and the founding file in the shape a registration application has."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.incubator.admissions.schemas import TenantKind
from services.incubator.residencies.lifecycle import ResidencyState
from services.incubator.residencies.rules import Tenancy
from services.incubator.wire import Amount, Day, Division
from shared.codelists import ClientGroup, ServiceField, ServiceMethod
from shared.http import Line, Schema, View


class Stage(StrEnum):
    """萌芽, 初创, 成长."""

    SPROUTING = "sprouting"
    STARTING = "starting"
    GROWING = "growing"


class ResidencyDraft(Schema):
    """The stay of a chosen candidate."""

    candidate_id: UUID
    tenancy: Tenancy
    starts_on: Day
    ends_on: Day


class MilestoneDraft(Schema):
    """What is to be reached in a stage."""

    stage: Stage
    title: Line
    due_on: Day


class Attainment(Schema):
    """How it is known that the milestone was reached."""

    proof: Line


class Leaving(Schema):
    """Why the start-up leaves before it has hatched."""

    reason: Line


class ResidencyView(View):
    id: UUID
    version: int
    state: ResidencyState
    base_id: UUID
    candidate_id: UUID
    name: str
    tenant_kind: TenantKind
    tenancy: Tenancy
    client_groups: Sequence[ClientGroup]
    service_fields: Sequence[ServiceField]
    starts_on: date
    ends_on: date
    ended_on: date | None
    end_reason: str | None
    hand_over_by: date | None
    hand_over_provisional: bool
    created_at: datetime


class MilestoneView(View):
    id: UUID
    stage: Stage
    title: str
    due_on: date
    reached_on: date | None
    proof: str | None


class MilestonesView(View):
    items: Sequence[MilestoneView]


# ------------------------------------------------------------------ the founding file (档案)


class Tenure(StrEnum):
    OWNED = "owned"
    LEASED = "leased"
    LENT = "lent"


class FounderKind(StrEnum):
    """3.3(2)."""

    SOCIAL_WORK_SCHOOL = "social_work_school"
    VOLUNTEER_ORGANISATION = "volunteer_organisation"
    CHARITY = "charity"
    DISABILITY_REHABILITATION = "disability_rehabilitation"
    SPECIAL_EDUCATION = "special_education"
    ENTERPRISE_OR_INSTITUTION = "enterprise_or_institution"
    DONOR_ORGANISATION = "donor_organisation"
    DONOR_PERSON = "donor_person"


class Employment(StrEnum):
    FULL_TIME = "full_time"
    LONG_TERM_PART_TIME = "long_term_part_time"
    PART_TIME = "part_time"


class Body(StrEnum):
    COUNCIL = "council"
    SUPERVISORS = "supervisors"


class CertificateLevel(StrEnum):
    ASSISTANT = "assistant"
    SOCIAL_WORKER = "social_worker"
    SENIOR = "senior"


class DegreeLevel(StrEnum):
    COLLEGE = "college"
    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTOR = "doctor"


class Material(StrEnum):
    APPLICATION_LETTER = "application_letter"
    SEAT_PROOF = "seat_proof"
    CAPITAL_VERIFICATION = "capital_verification"
    HEAD_IDENTITY = "head_identity"
    CHARTER_DRAFT = "charter_draft"
    UNIT_CONSENT = "unit_consent"


ResidentNumber = Annotated[
    str,
    StringConstraints(min_length=15, max_length=18),
    Field(description="公民身份号码 (GB 11643): kept encrypted"),
]


class NameParts(Schema):
    """行政区划 + 字号 + 行（事）业领域 + 组织形式."""

    division: Line
    trade_name: Line
    field: Line
    form: Line


class Seat(Schema):
    """The fixed seat (住所)."""

    division: Division
    address: Line
    tenure: Tenure
    lease_until: date | None = None


class Asset(Schema):
    """A part of the opening funds (开办资金)."""

    source: Line
    founder_kind: FounderKind
    amount: Amount
    of_the_state: bool = False


class Certificate(Schema):
    level: CertificateLevel
    number: Line
    obtained_on: date
    registered_until: date | None = None


class Degree(Schema):
    level: DegreeLevel
    social_work: bool
    number: Line
    school: Line
    obtained_on: date


class FoundingPerson(Schema):
    """Staff, a member of the council or of the supervisors, or the head (法定代表人)."""

    name: Line
    resident_id: ResidentNumber
    employment: Employment | None = None
    body: Body | None = None
    head: bool = False
    certificate: Certificate | None = None
    degree: Degree | None = None


class Document(Schema):
    """A document, named by the digest of its content."""

    kind: Material
    title: Line
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class FoundingFile(Schema):
    """What a registration application needs, as far as it is known yet."""

    name: NameParts | None = None
    purpose: Annotated[str, StringConstraints(max_length=5000)] = ""
    scope: Annotated[str, StringConstraints(max_length=5000)] = ""
    methods: list[ServiceMethod] = Field(default_factory=list, max_length=8)
    client_groups: list[ClientGroup] = Field(default_factory=list, max_length=7)
    seat: Seat | None = None
    assets: list[Asset] = Field(default_factory=list, max_length=100)
    people: list[FoundingPerson] = Field(default_factory=list, max_length=300)
    materials: list[Document] = Field(default_factory=list, max_length=50)

    def missing(self) -> list[str]:
        """What the file still lacks for an application that could be accepted."""
        wanted = {
            "name": self.name,
            "purpose": self.purpose,
            "scope": self.scope,
            "methods": self.methods,
            "seat": self.seat,
            "assets": self.assets,
            "people": self.people,
            "materials": self.materials,
        }
        return [field for field, value in wanted.items() if not value]


class FilePerson(View):
    """As the registry wants a person; it checks every field again."""

    name: str
    resident_id: str
    employment: Employment | None
    body: Body | None
    head: bool
    certificate: Certificate | None
    degree: Degree | None


class FileView(View):
    """The founding file as it goes into an application."""

    name: NameParts | None
    purpose: str
    scope: str
    methods: Sequence[ServiceMethod]
    client_groups: Sequence[ClientGroup]
    seat: Seat | None
    assets: Sequence[Asset]
    people: Sequence[FilePerson]
    materials: Sequence[Document]


class DossierView(View):
    """A start-up's file (档案), from which its registration application is born."""

    residency_id: UUID
    client_id: str
    stage: ResidencyState
    client_groups: Sequence[ClientGroup]
    service_fields: Sequence[ServiceField]
    application: FileView
    missing: Sequence[str]
