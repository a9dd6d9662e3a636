"""What goes over the wire about subscriptions and deliveries."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from gateway.webhooks.guard import LONGEST_URL
from shared.http.schemas import Line, Schema, View

MOST_KINDS = 50

Url = Annotated[
    str,
    StringConstraints(min_length=10, max_length=LONGEST_URL),
    Field(
        description="https, a public host, an allowed port; judged again at every delivery",
        examples=["https://receiver.example/huishe"],
    ),
]
Kind = Annotated[
    str,
    StringConstraints(max_length=120, pattern=r"^(\*|[a-z_-]+(\.[a-z_-]+)*(\.\*)?)$"),
    Field(examples=["tender.published", "tender.*", "*"]),
]
Kinds = Annotated[
    list[Kind],
    Field(
        min_length=1, max_length=MOST_KINDS, description="Kinds of event, or prefixes before `.*`"
    ),
]
ServiceName = Literal["registry", "procurement", "evaluation", "incubator"]
Services = Annotated[
    list[ServiceName], Field(min_length=1, max_length=4, description="Whose feeds; all when absent")
]
Subject = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=r"^[!-~]+$"),
    Field(
        description="Only events about this thing, or whose public body names it: a credit code, an id",
        examples=["52410108MJ0000018R"],
    ),
]


class SubscriptionDraft(Schema):
    """What to tell, of whom, and where."""

    url: Url
    kinds: Kinds
    services: Services | None = None
    subject: Subject | None = None
    description: Line | None = None


class SubscriptionChange(Schema):
    """Only what is sent is changed. `state` pauses, or resumes what is paused or disabled."""

    url: Url | None = None
    kinds: Kinds | None = None
    services: Services | None = None
    subject: Subject | None = None
    description: Line | None = None
    state: Literal["active", "paused"] | None = None


class SubscriptionView(View):
    id: UUID
    version: int
    url: str
    kinds: list[str]
    services: list[str]
    subject: str | None = None
    description: str | None = None
    state: Literal["active", "paused", "disabled"]
    reason: str | None = Field(None, description="Why it was disabled")
    earlier_until: datetime | None = Field(
        None, description="Until then deliveries are signed with the secret before, too"
    )
    created_at: datetime
    changed_at: datetime


class SecretView(SubscriptionView):
    """The only answer that shows the secret."""

    secret: str = Field(
        description="Signs every delivery (Standard Webhooks, v1). It is shown once",
        examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="],
    )


class Rotation(Schema):
    """How long the secret before goes on signing beside the new one."""

    overlap_hours: Annotated[int, Field(ge=0, le=168)] = 24


class AttemptView(View):
    at: datetime
    status: int | None = None
    ms: int
    reason: str | None = None


class WordsView(View):
    zh: str
    en: str


class DeliveryView(View):
    """One event for one subscription."""

    id: UUID
    webhook_id: str = Field(
        description="The same at every attempt: whoever knows it has it already"
    )
    service: str | None = None
    position: int | None = Field(None, description="In the feed of the service")
    kind: str
    subject: str
    state: Literal["waiting", "delivered", "dead"]
    attempts: int
    due_at: datetime | None = Field(None, description="Of one that waits; absent: at once")
    status: int | None = Field(None, description="What was answered last")
    ms: int | None = None
    reason: str | None = Field(None, description="Why the last attempt failed")
    words: WordsView | None = Field(None, description="The same for people")
    tried: list[AttemptView]
    created_at: datetime
    finished_at: datetime | None = None


class ReplayOrder(Schema):
    """Everything of one feed after a position, once more."""

    service: ServiceName
    after: Annotated[int, Field(ge=0, le=2**62, description="The last position that you have")]


class ReplayView(View):
    id: UUID
    service: str
    position: int
    until: int = Field(description="What comes later is told anyway")


class PublicKeyView(View):
    kid: str
    key: str = Field(examples=["whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="])


class PublicKeysView(View):
    """The gateway's keys for `v1a` signatures."""

    keys: list[PublicKeyView]


class KindsView(View):
    """Service → the events it tells."""

    services: dict[str, list[str]]


def as_body(view: View, **more: Any) -> dict[str, Any]:
    """A view's fields, with others beside."""
    return {**view.model_dump(), **more}
