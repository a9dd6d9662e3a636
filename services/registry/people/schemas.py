"""Workers and posts over the wire; resident ids are shown masked."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.registry.people.lifecycle import PostState
from services.registry.people.rules import (
    CertificateLevel,
    DegreeLevel,
    Employment,
    PartyStatus,
)
from shared.http import Line, Schema, View

ResidentNumber = Annotated[
    str,
    StringConstraints(min_length=15, max_length=18),
    Field(description="公民身份号码 (GB 11643): kept encrypted, shown masked"),
]


class CertificateDraft(Schema):
    """社会工作者职业水平证书."""

    level: CertificateLevel
    number: Line
    obtained_on: date
    registered_until: date | None = Field(None, description="A lapsed registration is a warning")


class DegreeDraft(Schema):
    """An education; only 本科 and above in social work count for 5.1(3)."""

    level: DegreeLevel
    social_work: bool = Field(description="Whether its subject is social work (社会工作专业)")
    number: Line
    school: Line
    obtained_on: date


class PartyMembership(Schema):
    status: PartyStatus
    full_since: date | None = Field(None, description="Since when a full member (正式党员)")


class PostDraft(Schema):
    """Somebody takes a post at the agency."""

    name: Line
    resident_id: ResidentNumber
    employment: Employment
    title: Line
    started_on: date
    certificate: CertificateDraft | None = None
    degree: DegreeDraft | None = None
    party: PartyMembership | None = None


class Leaving(Schema):
    """The first day on which the post is no longer held; today if absent."""

    ended_on: date | None = None


class QualificationDraft(Schema):
    """A certificate or an education obtained since; exactly one of the two."""

    certificate: CertificateDraft | None = None
    degree: DegreeDraft | None = None


class PostView(View):
    id: UUID
    version: int
    state: PostState
    credit_code: str
    worker_id: UUID
    employment: Employment
    title: str
    started_on: date
    ended_on: date | None


class WorkerView(View):
    """A worker of the agency, with the number masked."""

    worker_id: UUID
    post_id: UUID
    name: str
    resident_id: str
    employment: Employment
    title: str
    started_on: date
    ended_on: date | None
    qualified: bool
    qualifications: list["QualificationView"]


class QualificationView(View):
    id: UUID
    kind: str
    level: str
    number: str
    issuer: str | None
    social_work: bool
    obtained_on: date
    registered_until: date | None
