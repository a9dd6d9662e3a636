"""The suite as bidders and custodians reach it: through the gateway, as a registered client."""

import base64
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx

ATTEMPTS = 5
PAUSE_SECONDS = 0.4
TOKEN_MARGIN_SECONDS = 30.0
GONE_FOR_NOW = (429, 502, 503, 504)


class Unreachable(Exception):
    """The suite did not answer. What was begun can be resumed."""


class Refused(Exception):
    """The suite answered with a problem document."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.problem = problem
        super().__init__(self.told)

    @property
    def told(self) -> str:
        """Title, detail, the clauses breached and the fields that were wrong."""
        lines = [f"{self.status} {self.problem.get('title', '')}: {self.problem.get('detail', '')}"]
        for finding in self.problem.get("findings", ()):
            if finding["outcome"] == "breached":
                clause = finding["clause"]
                reason = finding["reason"]["zh"]
                lines.append(f"  {clause['source']} {clause['number']}: {reason}")
        for error in self.problem.get("errors", ()):
            lines.append(f"  {error['pointer'] or '/'}: {error['rule']}; {error['remedy']}")
        return "\n".join(lines)


@dataclass
class Suite:
    """One client's way to the suite; every call is repeated safely while a part is away."""

    gateway: str
    client_id: str | None = None
    secret: str | None = None
    transport: httpx.BaseTransport | None = None
    """Another way to the gateway than the network."""
    _http: httpx.Client = field(init=False)
    _token: str = ""
    _renew_at: float = 0.0

    def __post_init__(self) -> None:
        self._http = httpx.Client(
            base_url=self.gateway,
            timeout=httpx.Timeout(60.0, connect=5.0),
            transport=self.transport,
        )

    def __enter__(self) -> "Suite":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str) -> Any:
        return self._call("GET", path).json()

    def get_bytes(self, path: str) -> bytes:
        return self._call("GET", path).content

    def post(self, path: str, body: Any = None) -> Any:
        """Under one Idempotency-Key for all attempts."""
        headers = {"Idempotency-Key": uuid4().hex}
        return self._call("POST", path, headers=headers, json=body).json()

    def post_document(self, path: str, document: bytes) -> bytes:
        """A canonical document, byte for byte."""
        headers = {"Idempotency-Key": uuid4().hex, "Content-Type": "application/json"}
        return self._call("POST", path, headers=headers, content=document).content

    def put_piece(self, path: str, piece: bytes, digest: bytes, start: int, total: int) -> Any:
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Digest": f"sha-256=:{base64.b64encode(digest).decode()}:",
            "Content-Range": f"bytes {start}-{start + len(piece) - 1}/{total}",
        }
        return self._call("PUT", path, headers=headers, content=piece).json()

    def sandbox_now(self) -> datetime:
        """Business time of a sandbox; a production suite has no such clock."""
        return datetime.fromisoformat(self.get("/sandbox/clock")["now"])

    def _call(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {**options.pop("headers", {}), **self._authorization()}
        return self._attempt(
            lambda: self._http.request(method, path, headers=headers, **options), path
        )

    def _authorization(self) -> dict[str, str]:
        if self.client_id is None or self.secret is None:
            return {}
        if time.monotonic() >= self._renew_at:
            self._fetch_token(self.client_id, self.secret)
        return {"Authorization": f"Bearer {self._token}"}

    def _fetch_token(self, client_id: str, secret: str) -> None:
        form = {"grant_type": "client_credentials"}
        answer = self._attempt(
            lambda: self._http.post("/oauth/token", data=form, auth=(client_id, secret)),
            "/oauth/token",
        ).json()
        self._token = str(answer["access_token"])
        lasts = float(answer["expires_in"]) - TOKEN_MARGIN_SECONDS
        self._renew_at = time.monotonic() + lasts

    def _attempt(self, send: Callable[[], httpx.Response], path: str) -> httpx.Response:
        """Every call here may be repeated: by its key, its content, or because it only reads."""
        problem = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(PAUSE_SECONDS * 2 ** (attempt - 1))
            try:
                response = send()
            except httpx.TransportError as error:
                problem = repr(error)
                continue
            if response.status_code in GONE_FOR_NOW:
                problem = str(response.status_code)
                continue
            if response.status_code >= 400:
                raise Refused(response.status_code, _problem(response))
            return response
        raise Unreachable(f"{path}: {problem}")


def _problem(response: httpx.Response) -> Mapping[str, Any]:
    try:
        found = response.json()
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"title": response.reason_phrase}
