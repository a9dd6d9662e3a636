"""网关 gateway. Made from the committed contract by `make integration`; do not change it by hand."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from ..asking import Answer as Answered
from ..asking import Asking

Standing = Literal["unseen", "extended", "silent", "gone-back", "two-stories", "untrusted"]


class AttemptView(TypedDict):
    at: str
    ms: int
    reason: NotRequired[str | None]
    status: NotRequired[int | None]


class ClientKeyView(TypedDict):
    """A public key of a client."""

    kid: str
    thumbprint: str


class ClientRightsView(TypedDict):
    """The same with everything that its roles reach, from the contracts of the services."""

    changed_at: str
    client_id: str
    contracts_missing: list[str]
    disabled_at: str | None
    has_secret: bool
    keys: list[ClientKeyView]
    last_token_at: str | None
    mandates: list[MandateView]
    name: str
    operations: list[OperationView]
    org: str | None
    roles: list[RoleView]


class ClientView(TypedDict):
    """A client and what it may do; how it opens the door is not told."""

    changed_at: str
    client_id: str
    disabled_at: str | None
    has_secret: bool
    keys: list[ClientKeyView]
    last_token_at: str | None
    mandates: list[MandateView]
    name: str
    org: str | None
    roles: list[RoleView]


class ClientsView(TypedDict):
    """Clients by name."""

    items: list[ClientView]
    next: str | None


class ClockView(TypedDict):
    """Business time, and how far it is from the machine's."""

    now: str
    offset_seconds: int
    rounds: NotRequired[int | None]


class CompatAnswer(TypedDict):
    """The old form, and what a program needs beside it."""

    code: str
    data: Any
    etag: NotRequired[str | None]
    message: str
    replayed: NotRequired[bool | None]
    request_id: str
    retry_after: NotRequired[int | None]
    status: int
    trace_id: NotRequired[str | None]


class CompatCall(TypedDict):
    """What goes into the real request."""

    body: NotRequired[dict[str, Any] | None]
    idempotency_key: NotRequired[str | None]
    if_match: NotRequired[str | None]
    path: NotRequired[dict[str, Any]]
    query: NotRequired[dict[str, Any]]


class DeliveryView(TypedDict):
    """One event for one subscription."""

    attempts: int
    created_at: str
    due_at: NotRequired[str | None]
    finished_at: NotRequired[str | None]
    id: str
    kind: str
    ms: NotRequired[int | None]
    position: NotRequired[int | None]
    reason: NotRequired[str | None]
    service: NotRequired[str | None]
    state: Literal["waiting", "delivered", "dead"]
    status: NotRequired[int | None]
    subject: str
    tried: list[AttemptView]
    webhook_id: str
    words: NotRequired[WordsView | None]


class JournalStanding(TypedDict):
    """`size` and `root` are those of the newest checkpoint that was seen and believed."""

    detail: str
    looked_at: NotRequired[str | None]
    origin: NotRequired[str | None]
    root: NotRequired[str | None]
    size: NotRequired[int | None]
    standing: Standing


class KeySetView(TypedDict):
    """The keys that tokens are verified with (RFC 7517)."""

    keys: list[KeyView]


class KeyView(TypedDict):
    """One public key (RFC 8037)."""

    alg: str
    crv: str
    kid: str
    kty: str
    use: str
    x: str


class KindsView(TypedDict):
    """Service → the events it tells."""

    services: dict[str, list[str]]


class MandateView(TypedDict):
    """A recorded mandate; both days are included, in Asia/Shanghai."""

    document: str
    first_day: str
    in_force: bool
    last_day: str
    org: str
    roles: list[str]


class Move(TypedDict):
    """The instant to go to, RFC 3339 with an offset."""

    to: str


class OperationView(TypedDict):
    """An operation that the client's roles reach."""

    method: str
    operation: str
    path: str
    service: str


class PageDeliveryView(TypedDict):
    items: list[DeliveryView]
    next: NotRequired[str | None]


class PageSubscriptionView(TypedDict):
    items: list[SubscriptionView]
    next: NotRequired[str | None]


class Problem(TypedDict):
    """RFC 9457 problem document. Titles, details, rules and remedies follow Accept-Language (zh, en)."""

    decision: NotRequired[str]
    detail: str
    errors: NotRequired[list[ProblemErrors]]
    findings: NotRequired[list[dict[str, Any]]]
    instance: str
    on: NotRequired[str]
    status: int
    title: str
    trace_id: str
    type: str


class ProblemErrors(TypedDict):
    pointer: str
    remedy: str
    rule: str


class PublicKeyView(TypedDict):
    key: str
    kid: str


class PublicKeysView(TypedDict):
    """The gateway's keys for `v1a` signatures."""

    keys: list[PublicKeyView]


class ReplayOrder(TypedDict):
    """Everything of one feed after a position, once more."""

    after: int
    service: Literal["registry", "procurement", "evaluation", "incubator"]


class ReplayView(TypedDict):
    id: str
    position: int
    service: str
    until: int


class RevocationsView(TypedDict):
    """What was lately revoked, as long as anything that it voids could still live."""

    clients: dict[str, float]
    keys: list[str]
    tokens: list[str]


class RoleView(TypedDict):
    """A role, by its name in both languages."""

    en: str
    role: str
    zh: str


class Rotation(TypedDict):
    """How long the secret before goes on signing beside the new one."""

    overlap_hours: NotRequired[int]


class SecretView(TypedDict):
    """The only answer that shows the secret."""

    changed_at: str
    created_at: str
    description: NotRequired[str | None]
    earlier_until: NotRequired[str | None]
    id: str
    kinds: list[str]
    reason: NotRequired[str | None]
    secret: str
    services: list[str]
    state: Literal["active", "paused", "disabled"]
    subject: NotRequired[str | None]
    url: str
    version: int


class SubscriptionChange(TypedDict):
    """Only what is sent is changed. `state` pauses, or resumes what is paused or disabled."""

    description: NotRequired[str | None]
    kinds: NotRequired[list[str] | None]
    services: NotRequired[
        list[Literal["registry", "procurement", "evaluation", "incubator"]] | None
    ]
    state: NotRequired[Literal["active", "paused"] | None]
    subject: NotRequired[str | None]
    url: NotRequired[str | None]


class SubscriptionDraft(TypedDict):
    """What to tell, of whom, and where."""

    description: NotRequired[str | None]
    kinds: list[str]
    services: NotRequired[
        list[Literal["registry", "procurement", "evaluation", "incubator"]] | None
    ]
    subject: NotRequired[str | None]
    url: str


class SubscriptionView(TypedDict):
    changed_at: str
    created_at: str
    description: NotRequired[str | None]
    earlier_until: NotRequired[str | None]
    id: str
    kinds: list[str]
    reason: NotRequired[str | None]
    services: list[str]
    state: Literal["active", "paused", "disabled"]
    subject: NotRequired[str | None]
    url: str
    version: int


class TokenView(TypedDict):
    """An access token (RFC 6749 §5.1, RFC 8693 §2.2.1)."""

    access_token: str
    expires_in: int
    issued_token_type: NotRequired[str | None]
    token_type: NotRequired[Literal["Bearer"]]


class WitnessView(TypedDict):
    """`key` is the C2SP verifier key of this witness; compare its fingerprint by another way."""

    fingerprint: str
    journals: dict[str, JournalStanding]
    key: str


class WordsView(TypedDict):
    en: str
    zh: str


class RevokeTokenBody(TypedDict):
    client_assertion: NotRequired[str]
    client_assertion_type: NotRequired[
        Literal["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"]
    ]
    client_id: NotRequired[str]
    client_secret: NotRequired[str]
    token: str
    token_type_hint: NotRequired[str]


class IssueTokenBody(TypedDict):
    audience: NotRequired[str]
    client_assertion: NotRequired[str]
    client_assertion_type: NotRequired[
        Literal["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"]
    ]
    client_id: NotRequired[str]
    client_secret: NotRequired[str]
    grant_type: Literal["client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange"]
    requested_token_type: NotRequired[
        Literal[
            "urn:ietf:params:oauth:token-type:access_token", "urn:ietf:params:oauth:token-type:jwt"
        ]
    ]
    subject_token: NotRequired[str]
    subject_token_type: NotRequired[
        Literal[
            "urn:ietf:params:oauth:token-type:id_token",
            "urn:ietf:params:oauth:token-type:access_token",
            "urn:ietf:params:oauth:token-type:jwt",
        ]
    ]


class Gateway:
    """网关: every operation of the service, named as in its contract."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def index(self) -> Answered[dict[str, Any]]:
        """Index.

        `GET /`
        """
        return self._asking.ask("GET", "/")

    def authorization_server(self) -> Answered[dict[str, Any]]:
        """Authorization Server.

        `GET /.well-known/oauth-authorization-server`
        """
        return self._asking.ask("GET", "/.well-known/oauth-authorization-server")

    def list_clients(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Answered[ClientsView]:
        """List Clients.

        `GET /clients` 角色 roles: administrator.
        """
        return self._asking.ask("GET", "/clients", query={"limit": limit, "cursor": cursor})

    def read_client(self, client_id: str) -> Answered[ClientRightsView]:
        """Read Client.

        `GET /clients/{client_id}` 角色 roles: administrator.
        """
        return self._asking.ask("GET", "/clients/{}", (client_id,))

    def list_codelists(self) -> Answered[dict[str, Any]]:
        """List Codelists.

        `GET /codelists`
        """
        return self._asking.ask("GET", "/codelists")

    def read_codelist(self, name: str) -> Answered[dict[str, Any]]:
        """Read Codelist.

        `GET /codelists/{name}`
        """
        return self._asking.ask("GET", "/codelists/{}", (name,))

    def compat_call(
        self,
        name: str,
        body: CompatCall,
        *,
        x_compat_client: str,
        x_compat_algorithm: str,
        x_compat_timestamp: str,
        x_compat_nonce: str,
        x_compat_signature: str,
    ) -> Answered[CompatAnswer]:
        """Compat Call.

        `POST /compat/v1/{name}`
        """
        return self._asking.ask(
            "POST",
            "/compat/v1/{}",
            (name,),
            headers={
                "X-Compat-Client": x_compat_client,
                "X-Compat-Algorithm": x_compat_algorithm,
                "X-Compat-Timestamp": x_compat_timestamp,
                "X-Compat-Nonce": x_compat_nonce,
                "X-Compat-Signature": x_compat_signature,
            },
            body=body,
        )

    def live(self) -> Answered[dict[str, str]]:
        """Live.

        `GET /health/live`
        """
        return self._asking.ask("GET", "/health/live")

    def ready(self) -> Answered[Any]:
        """Ready.

        `GET /health/ready`
        """
        return self._asking.ask("GET", "/health/ready")

    def public_keys(self) -> Answered[KeySetView]:
        """Public Keys.

        `GET /oauth/jwks.json`
        """
        return self._asking.ask("GET", "/oauth/jwks.json")

    def read_revocations(self) -> Answered[RevocationsView]:
        """Read Revocations.

        `GET /oauth/revocations`
        """
        return self._asking.ask("GET", "/oauth/revocations")

    def revoke_token(self, body: RevokeTokenBody) -> Answered[None]:
        """Revoke Token.

        `POST /oauth/revoke`
        """
        return self._asking.ask("POST", "/oauth/revoke", form=body)

    def issue_token(self, body: IssueTokenBody) -> Answered[TokenView]:
        """Issue Token.

        `POST /oauth/token`
        """
        return self._asking.ask("POST", "/oauth/token", form=body)

    def merged_contract(self) -> Answered[Any]:
        """Merged Contract.

        `GET /openapi.json`
        """
        return self._asking.ask("GET", "/openapi.json")

    def list_problems(self) -> Answered[Any]:
        """List Problems.

        `GET /problems/`
        """
        return self._asking.ask("GET", "/problems/")

    def read_problem(self, kind: str) -> Answered[Any]:
        """Read Problem.

        `GET /problems/{kind}`
        """
        return self._asking.ask("GET", "/problems/{}", (kind,))

    def read_sandbox_clock(self) -> Answered[ClockView]:
        """Read Clock.

        `GET /sandbox/clock`
        """
        return self._asking.ask("GET", "/sandbox/clock")

    def move_sandbox_clock(self, body: Move) -> Answered[ClockView]:
        """Move Clock.

        `POST /sandbox/clock` 角色 roles: administrator.
        """
        return self._asking.ask("POST", "/sandbox/clock", body=body)

    def status(self) -> Answered[dict[str, Any]]:
        """Status.

        `GET /status`
        """
        return self._asking.ask("GET", "/status")

    def webhook_keys(self) -> Answered[PublicKeysView]:
        """Webhook Keys.

        `GET /webhooks/keys`
        """
        return self._asking.ask("GET", "/webhooks/keys")

    def webhook_kinds(self) -> Answered[KindsView]:
        """Webhook Kinds.

        `GET /webhooks/kinds`
        """
        return self._asking.ask("GET", "/webhooks/kinds")

    def list_subscriptions(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Answered[PageSubscriptionView]:
        """The caller's own subscriptions.

        `GET /webhooks/subscriptions` 角色 roles: administrator、agency、auditor、custodian、evaluator、finance、incubator_manager、industry_body、panellist、platform、procurement_agent、purchaser、registrar、service、street_officer、supervisor.
        """
        return self._asking.ask(
            "GET", "/webhooks/subscriptions", query={"limit": limit, "cursor": cursor}
        )

    def subscribe(
        self, body: SubscriptionDraft, *, idempotency_key: str | None = None
    ) -> Answered[SecretView]:
        """Be told of events by POST; the secret is shown once.

        `POST /webhooks/subscriptions` 角色 roles: administrator、agency、auditor、custodian、evaluator、finance、incubator_manager、industry_body、panellist、platform、procurement_agent、purchaser、registrar、service、street_officer、supervisor.
        """
        return self._asking.ask(
            "POST", "/webhooks/subscriptions", body=body, keyed=True, key=idempotency_key
        )

    def read_subscription(self, subscription_id: str) -> Answered[SubscriptionView]:
        """One of the caller's own subscriptions.

        `GET /webhooks/subscriptions/{subscription_id}` 角色 roles: administrator、agency、auditor、custodian、evaluator、finance、incubator_manager、industry_body、panellist、platform、procurement_agent、purchaser、registrar、service、street_officer、supervisor.
        """
        return self._asking.ask("GET", "/webhooks/subscriptions/{}", (subscription_id,))

    def change_subscription(
        self, subscription_id: str, body: SubscriptionChange, *, if_match: str
    ) -> Answered[SubscriptionView]:
        """Change where and what; pause, or resume what is paused or was disabled.

        `PATCH /webhooks/subscriptions/{subscription_id}` 角色 roles: administrator、agency、auditor、custodian、evaluator、finance、incubator_manager、industry_body、panellist、platform、procurement_agent、purchaser、registrar、service、street_officer、supervisor.
        """
        return self._asking.ask(
            "PATCH",
            "/webhooks/subscriptions/{}",
            (subscription_id,),
            headers={"if-match": if_match},
            body=body,
            again=False,
        )

    def unsubscribe(self, subscription_id: str, *, if_match: str) -> Answered[None]:
        """Be told no more; what waits is dropped, and the log with it.

        `DELETE /webhooks/subscriptions/{subscription_id}` 角色 roles: administrator、agency、auditor、custodian、evaluator、finance、incubator_manager、industry_body、panellist、platform、procurement_agent、purchaser、registrar、service、street_officer、supervisor.
        """
        return self._asking.ask(
            "DELETE",
            "/webhooks/subscriptions/{}",
            (subscription_id,),
            headers={"if-match": if_match},
            again=False,
        )

    def list_deliveries(
        self,
        subscription_id: str,
        *,
        state: Literal["waiting", "delivered", "dead"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answered[PageDeliveryView]:
        """What was sent, what waits, and what was given up; finished ones for thirty days.

        `GET /webhooks/subscriptions/{subscription_id}/deliveries` 角色 roles: administrator、agency、auditor、custodian、evaluator、finance、incubator_manager、industry_body、panellist、platform、procurement_agent、purchaser、registrar、service、street_officer、supervisor.
        """
        return self._asking.ask(
            "GET",
            "/webhooks/subscriptions/{}/deliveries",
            (subscription_id,),
            query={"state": state, "limit": limit, "cursor": cursor},
        )

    def read_delivery(self, subscription_id: str, delivery_id: str) -> Answered[DeliveryView]:
        """One delivery with every attempt.

        `GET /webhooks/subscriptions/{subscription_id}/deliveries/{delivery_id}` 角色 roles: administrator、agency、auditor、custodian、evaluator、finance、incubator_manager、industry_body、panellist、platform、procurement_agent、purchaser、registrar、service、street_officer、supervisor.
        """
        return self._asking.ask(
            "GET",
            "/webhooks/subscriptions/{}/deliveries/{}",
            (
                subscription_id,
                delivery_id,
            ),
        )

    def replay_delivery(
        self, subscription_id: str, delivery_id: str, *, idempotency_key: str | None = None
    ) -> Answered[DeliveryView]:
        """Send it again, delivered or dead, under its old webhook-id.

        `POST /webhooks/subscriptions/{subscription_id}/deliveries/{delivery_id}/replay` 角色 roles: administrator、agency、auditor、custodian、evaluator、finance、incubator_manager、industry_body、panellist、platform、procurement_agent、purchaser、registrar、service、street_officer、supervisor.
        """
        return self._asking.ask(
            "POST",
            "/webhooks/subscriptions/{}/deliveries/{}/replay",
            (
                subscription_id,
                delivery_id,
            ),
            keyed=True,
            key=idempotency_key,
        )

    def ping_subscription(
        self, subscription_id: str, *, idempotency_key: str | None = None
    ) -> Answered[DeliveryView]:
        """Send a signed test event on the usual way; the log tells what came of it.

        `POST /webhooks/subscriptions/{subscription_id}/ping` 角色 roles: administrator、agency、auditor、custodian、evaluator、finance、incubator_manager、industry_body、panellist、platform、procurement_agent、purchaser、registrar、service、street_officer、supervisor.
        """
        return self._asking.ask(
            "POST",
            "/webhooks/subscriptions/{}/ping",
            (subscription_id,),
            keyed=True,
            key=idempotency_key,
        )

    def replay_feed(
        self, subscription_id: str, body: ReplayOrder, *, idempotency_key: str | None = None
    ) -> Answered[ReplayView]:
        """Tell everything of one feed after a position again; each event keeps its webhook-id.

        `POST /webhooks/subscriptions/{subscription_id}/replays` 角色 roles: administrator、agency、auditor、custodian、evaluator、finance、incubator_manager、industry_body、panellist、platform、procurement_agent、purchaser、registrar、service、street_officer、supervisor.
        """
        return self._asking.ask(
            "POST",
            "/webhooks/subscriptions/{}/replays",
            (subscription_id,),
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def rotate_webhook_secret(
        self,
        subscription_id: str,
        body: Rotation,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> Answered[SecretView]:
        """Get another secret; for the overlap both sign every delivery.

        `POST /webhooks/subscriptions/{subscription_id}/secret` 角色 roles: administrator、agency、auditor、custodian、evaluator、finance、incubator_manager、industry_body、panellist、platform、procurement_agent、purchaser、registrar、service、street_officer、supervisor.
        """
        return self._asking.ask(
            "POST",
            "/webhooks/subscriptions/{}/secret",
            (subscription_id,),
            headers={"if-match": if_match},
            body=body,
            keyed=True,
            key=idempotency_key,
        )

    def read_witness(self) -> Answered[WitnessView]:
        """Read Witness.

        `GET /witness/`
        """
        return self._asking.ask("GET", "/witness/")

    def read_witnessed_checkpoint(self, journal: str) -> Answered[str]:
        """Read Witnessed Checkpoint.

        `GET /witness/{journal}/checkpoint`
        """
        return self._asking.ask("GET", "/witness/{}/checkpoint", (journal,), form_of_answer="text")
