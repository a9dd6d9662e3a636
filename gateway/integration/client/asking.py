"""One request and what becomes of it: token, key, waiting, asking again, and the answer or refusal.

Whether a refusal may be asked again is told by its kind (errors.md), and by nothing else.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import quote
from uuid import uuid4

import httpx

from .kinds import AFTER_TOKEN, SAME

T = TypeVar("T")

Body = Literal["json", "text", "bytes"]

ATTEMPTS = 5
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
TOKEN_MARGIN_SECONDS = 30.0
PATIENCE = httpx.Timeout(40.0, connect=5.0)
"""Longer than the gateway waits for a service: its own answer says more than a time-out here."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What came back. `etag` goes into `if_match` of the next change."""

    body: T
    status: int
    headers: Mapping[str, str]

    @property
    def etag(self) -> str:
        return self.headers["etag"]

    @property
    def request_id(self) -> str:
        """What the operators find the request by."""
        return self.headers.get("x-request-id", "")

    @property
    def replayed(self) -> bool:
        """Whether this is the first answer again, to a key that was used before."""
        return self.headers.get("idempotent-replayed") == "true"


class Refused(Exception):
    """A problem document. `kind` is stable; `detail` is for people."""

    def __init__(self, status: int, problem: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        self.status = status
        self.problem = problem
        self.headers = headers
        super().__init__(f"{status} {self.kind}: {problem.get('detail', '')}")

    @property
    def kind(self) -> str:
        return str(self.problem.get("type", "")).rpartition("/")[2]

    @property
    def errors(self) -> list[dict[str, str]]:
        """For invalid input: pointer, rule and remedy of each field."""
        return list(self.problem.get("errors", ()))

    @property
    def findings(self) -> list[dict[str, Any]]:
        """For refusals by policy: every rule that was asked."""
        return list(self.problem.get("findings", ()))

    @property
    def trace_id(self) -> str:
        return str(self.problem.get("trace_id", ""))


class Unreachable(Exception):
    """No answer was had, however often it was asked; a write may have been done all the same."""


@dataclass
class Asking:
    """The connection to one gateway, as one client. Safe to share between threads for reading."""

    address: str
    client_id: str | None = None
    secret: str | None = field(default=None, repr=False)
    language: str = "zh"
    http: httpx.Client | None = None
    sleep: Callable[[float], None] = time.sleep
    _token: str = field(default="", repr=False)
    _renew_at: float = 0.0
    _dry: bool = False

    def __post_init__(self) -> None:
        self._http = self.http or httpx.Client(timeout=PATIENCE)

    def close(self) -> None:
        self._http.close()

    @contextmanager
    def rehearsing(self) -> Iterator[None]:
        """What is asked meanwhile is judged and rolled back (`dry=true`)."""
        self._dry = True
        try:
            yield
        finally:
            self._dry = False

    def ask(
        self,
        method: str,
        path: str,
        values: tuple[object, ...] = (),
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        content: bytes | None = None,
        form: Mapping[str, object] | None = None,
        headers: Mapping[str, Any] | None = None,
        keyed: bool = False,
        again: bool = True,
        key: str | None = None,
        form_of_answer: Body = "json",
    ) -> Answer[Any]:
        """Send it until there is an answer that stands. `again` says whether twice does no harm."""
        sent = {name: str(value) for name, value in (headers or {}).items() if value is not None}
        asked = {
            name: _written(value) for name, value in (query or {}).items() if value is not None
        }
        if self._dry and method != "GET":
            asked["dry"] = "true"
        elif keyed:
            sent["idempotency-key"] = key or str(uuid4())  # one for all attempts
        options: dict[str, Any] = {"params": asked}
        if body is not None:
            options["json"] = body
        if content is not None:
            options["content"] = content
            sent["content-type"] = "application/octet-stream"
        if form is not None:
            options["data"] = {name: str(value) for name, value in form.items()}
        target = self.address.rstrip("/") + path.format(*(quote(str(v), safe="") for v in values))
        response = self._until_it_stands(method, target, sent, options, again)
        return Answer(_read(response, form_of_answer), response.status_code, response.headers)

    def _until_it_stands(
        self, method: str, url: str, headers: dict[str, str], options: dict[str, Any], again: bool
    ) -> httpx.Response:
        for attempt in range(1, ATTEMPTS + 1):
            last = attempt == ATTEMPTS
            try:
                response = self._http.request(
                    method, url, headers={**self._who(), **headers}, **options
                )
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:  # nothing was sent
                if last:
                    raise Unreachable(str(error)) from error
                self.sleep(_wait(attempt, None))
                continue
            except httpx.TransportError as error:
                if last or not again:
                    raise Unreachable(str(error)) from error
                self.sleep(_wait(attempt, None))
                continue
            if response.is_success:
                return response
            refused = _refused(response)
            if refused.kind in AFTER_TOKEN and self._token and attempt == 1:
                self._renew_at = 0.0
                continue
            if last or refused.kind not in SAME or not (again or refused.status == 429):
                raise refused
            self.sleep(_wait(attempt, response.headers.get("retry-after")))
        raise AssertionError("the last attempt returns or raises")

    def _who(self) -> dict[str, str]:
        told = {"accept-language": self.language}
        if self.client_id is None:
            return told
        return {**told, "authorization": f"Bearer {self.token()}"}

    def token(self) -> str:
        """The access token, renewed half a minute before it ends."""
        if time.monotonic() >= self._renew_at:
            asker = Asking(self.address, language=self.language, http=self._http, sleep=self.sleep)
            found = asker._until_it_stands(
                "POST",
                self.address.rstrip("/") + "/oauth/token",
                {},
                {
                    "data": {"grant_type": "client_credentials"},
                    "auth": (self.client_id or "", self.secret or ""),
                },
                again=True,
            ).json()
            self._token = str(found["access_token"])
            self._renew_at = time.monotonic() + float(found["expires_in"]) - TOKEN_MARGIN_SECONDS
        return self._token


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _read(response: httpx.Response, form: Body) -> Any:
    if form == "bytes":
        return response.content
    if form == "text":
        return response.text
    return response.json() if response.content else None


def _refused(response: httpx.Response) -> Refused:
    """Also what is no problem document, from something that stands before the gateway."""
    try:
        problem = response.json()
    except ValueError:
        problem = {}
    told = problem if isinstance(problem, dict) else {}
    return Refused(response.status_code, told, response.headers)


def _wait(attempt: int, retry_after: str | None) -> float:
    """As long as we were told, else longer each time; never all of us at once."""
    if retry_after is not None and retry_after.isdigit():
        return min(float(retry_after), LONGEST_WAIT_SECONDS)
    longest = min(FIRST_WAIT_SECONDS * 2.0 ** (attempt - 1), LONGEST_WAIT_SECONDS)
    return longest * random.uniform(0.5, 1.0)
