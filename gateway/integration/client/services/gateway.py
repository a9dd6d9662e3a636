"""网关 gateway. Made from the committed contract by `make integration`; do not change it by hand."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from ..asking import Answer as Answered
from ..asking import Asking

Standing = Literal["unseen", "extended", "silent", "gone-back", "two-stories", "untrusted"]


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


class Move(TypedDict):
    """The instant to go to, RFC 3339 with an offset."""

    to: str


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


class TokenView(TypedDict):
    """An access token (RFC 6749 §5.1)."""

    access_token: str
    expires_in: int
    token_type: NotRequired[Literal["Bearer"]]


class WitnessView(TypedDict):
    """`key` is the C2SP verifier key of this witness; compare its fingerprint by another way."""

    fingerprint: str
    journals: dict[str, JournalStanding]
    key: str


class IssueTokenBody(TypedDict):
    client_id: NotRequired[str]
    client_secret: NotRequired[str]
    grant_type: Literal["client_credentials"]


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
