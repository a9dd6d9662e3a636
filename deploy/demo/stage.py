"""The stage of the demonstration: callers with their own tokens, one clock, and what came to be.

Every step goes through the gateway as the caller it belongs to. A step that does not come out as
it must raises `StepFailed`, which names it.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from deploy.demo.narration import Narrator

AGAIN_WITHIN_SECONDS = 20.0


class StepFailed(Exception):
    """A step that did not come out as it must."""


@dataclass
class Answer:
    """What came back, and under which version."""

    status: int
    body: Any
    headers: httpx.Headers

    @property
    def etag(self) -> str:
        return self.headers["etag"]

    def __getitem__(self, key: str) -> Any:
        return self.body[key]


@dataclass
class Caller:
    """One client of the gateway. Asking is narrated; looking up is not."""

    stage: "Stage"
    client_id: str
    label: str
    _token: str = ""
    _renew_at: float = 0.0

    def look(self, path: str, **query: Any) -> Answer:
        """Read without a word."""
        return self._send("GET", path, {"params": query} if query else {}, {200})

    def read(self, what: str, path: str, **query: Any) -> Answer:
        """Read, and tell that it was read."""
        self.stage.tell.asked(self.label, what, f"GET {path}")
        return self.look(path, **query)

    def ask(
        self,
        what: str,
        path: str,
        body: Any = None,
        *,
        on: Answer | None = None,
        method: str = "POST",
        expect: int | set[int] = frozenset({200, 201}),  # type: ignore[assignment]
    ) -> Answer:
        """Ask for a change, tell what was asked and what was found; `on` is what was read before."""
        self.stage.tell.asked(self.label, what, f"{method} {path}")
        answer = self._change(path, body, on=on, method=method, expect=expect)
        self._tell(answer)
        return answer

    def do(
        self, path: str, body: Any = None, *, on: Answer | None = None, method: str = "POST"
    ) -> Answer:
        """A change without a word: the small print of a step."""
        return self._change(path, body, on=on, method=method, expect={200, 201, 204})

    def try_out(
        self, what: str, path: str, body: Any = None, *, on: Answer | None = None
    ) -> Answer:
        """Ask dry: it is judged and rolled back, and every finding is told."""
        self.stage.tell.asked(self.label, f"{what}（试办 dry run）", f"POST {path}?dry=true")
        answer = self._change(f"{path}?dry=true", body, on=on, method="POST", expect={200})
        good = answer["outcome"] == "accepted"
        told = "would be accepted" if good else f"would be refused ({answer['status']})"
        self.stage.tell.answered(told, good=good)
        self.stage.tell.findings(answer["findings"], only_breaches=True)
        return answer

    def refused(
        self, what: str, path: str, body: Any = None, *, clause: str, on: Answer | None = None
    ) -> Answer:
        """Ask for what the rules refuse; the finding must name `clause`."""
        answer = self.ask(what, path, body, on=on, expect={409})
        breached = [
            finding["clause"]["number"]
            for finding in answer.body.get("findings", [])
            if finding["outcome"] == "breached"
        ]
        self.stage.must(clause in breached, f"the refusal names {clause}, it names {breached}")
        return answer

    def _tell(self, answer: Answer) -> None:
        tell = self.stage.tell
        if answer.status < 400:
            state = answer.body.get("state") if isinstance(answer.body, dict) else None
            tell.answered(f"{answer.status}" + (f" {state}" if state else ""))
            return
        tell.answered(
            f"{answer.status} {answer.body['title']}: {answer.body['detail']}", good=False
        )
        tell.findings(answer.body.get("findings", []), only_breaches=True)

    def _change(
        self, path: str, body: Any, *, on: Answer | None, method: str, expect: int | set[int]
    ) -> Answer:
        headers = {"idempotency-key": str(uuid4())} if method == "POST" else {}
        if on is not None:
            headers["if-match"] = on.etag
        options: dict[str, Any] = {"headers": headers}
        if isinstance(body, bytes):
            options["content"] = body
            headers["content-type"] = "application/octet-stream"
        elif body is not None:
            options["json"] = body
        return self._send(
            method, path, options, {expect} if isinstance(expect, int) else set(expect)
        )

    def _send(self, method: str, path: str, options: dict[str, Any], expect: set[int]) -> Answer:
        """Send, and send again while a part is restarting: writes carry their key, so it is safe."""
        until = time.monotonic() + AGAIN_WITHIN_SECONDS
        headers = {"authorization": f"Bearer {self.token()}", **options.pop("headers", {})}
        while True:
            response = self.stage.http.request(method, path, headers=headers, **options)
            if response.status_code != 503 or 503 in expect or time.monotonic() > until:
                break
            time.sleep(0.1)
        if response.status_code not in expect:
            raise StepFailed(
                f"{self.client_id}: {method} {path} was answered {response.status_code}, "
                f"not {sorted(expect)}: {response.text[:1500]}"
            )
        media = response.headers.get("content-type", "")
        body = response.json() if "json" in media else response.content
        return Answer(response.status_code, body, response.headers)

    def token(self) -> str:
        if self._renew_at <= time.monotonic():
            secret = self.stage.credentials[self.client_id]
            response = self.stage.http.post(
                "/oauth/token",
                data={"grant_type": "client_credentials"},
                auth=(self.client_id, secret),
            )
            if response.status_code != 200:
                raise StepFailed(f"{self.client_id} got no token: {response.text[:300]}")
            found = response.json()
            self._token = found["access_token"]
            self._renew_at = time.monotonic() + float(found["expires_in"]) - 60
        return self._token

    def forget_token(self) -> None:
        """After the gateway was told something new about this client."""
        self._renew_at = 0.0


@dataclass
class Stage:
    """`story` holds what later chapters need of earlier ones, by plain names.

    `front_door` is where other people's tools go in: the gateway, or a relay that leads to it.
    """

    gateway: str
    credentials: Mapping[str, str]
    labels: Mapping[str, str]
    roles: Mapping[str, list[str]]
    folder: Path
    suite_folder: Path
    tell: Narrator = field(default_factory=Narrator)
    story: dict[str, Any] = field(default_factory=dict)
    heard_by: list[Callable[[httpx.Response], None]] = field(default_factory=list)
    front_door: str = field(init=False)
    http: httpx.Client = field(init=False)
    _callers: dict[str, Caller] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.front_door = self.gateway
        self.http = self.client()

    def let_hear(self, hear: Callable[[httpx.Response], None]) -> None:
        """From now on, every answer to the stage's own callers is heard."""
        self.heard_by.append(hear)
        self.close()
        self.http = self.client()

    def close(self) -> None:
        self.http.close()

    def client(self) -> httpx.Client:
        """A way to the gateway."""
        return httpx.Client(
            base_url=self.gateway,
            timeout=60,
            trust_env=False,
            headers={"accept-language": "zh"},
            event_hooks={"response": self.heard_by},
        )

    def caller(self, client_id: str) -> Caller:
        if client_id not in self._callers:
            label = self.labels.get(client_id, client_id)
            self._callers[client_id] = Caller(self, client_id, label)
        return self._callers[client_id]

    def must(self, holds: bool, what: str) -> None:
        """What the step promises; without it the demonstration stops here."""
        if not holds:
            raise StepFailed(f"it must be that {what}")

    def now(self) -> datetime:
        """Business time."""
        return datetime.fromisoformat(self.http.get("/sandbox/clock").json()["now"])

    def move_to(self, moment: str) -> None:
        """Move the business clock of the whole suite, and wait until all have caught up."""
        self.tell.day(moment)
        self.caller("administrator").do("/sandbox/clock", {"to": moment})

    def until(self, what: str, check: Any, within: float = 20.0) -> Any:
        """Wait for something that another service was told of; the answer of `check`, once true."""
        deadline = time.monotonic() + within
        while True:
            found = check()
            if found:
                return found
            if time.monotonic() > deadline:
                raise StepFailed(f"it did not come about: {what}")
            time.sleep(0.05)

    def bind_organisations(self, codes: Mapping[str, str]) -> None:
        """Let the agencies' clients act for the credit codes on their certificates.

        This is the administrator's work at the gateway's own command line.
        """
        wanted = [
            {
                "client_id": client_id,
                "name": self.labels[client_id],
                "roles": self.roles[client_id],
                "org": code,
            }
            for client_id, code in codes.items()
        ]
        self.gateway_command("clients", "ensure", "-", told=json.dumps(wanted))
        for client_id in codes:
            self.caller(client_id).forget_token()
        self.tell.fact(
            "the administrator binds each client to its credit code 绑定统一社会信用代码"
        )

    def kill(self, part: str) -> None:
        """`kill -9` of one service, as a fault would: the supervisor brings it back."""
        pids = json.loads((self.suite_folder / "processes.json").read_text())
        os.kill(pids[part], signal.SIGKILL)
        self.tell.fact(f"kill -9 {part} ({pids[part]})：演示继续 the demonstration goes on")

    def gateway_command(self, *arguments: str, told: str = "") -> str:
        """`python -m gateway …` with the settings of the running suite."""
        settings = (self.suite_folder / "environment" / "gateway.env").read_text()
        kept = dict(line.split("=", 1) for line in settings.splitlines())
        done = subprocess.run(
            [sys.executable, "-m", "gateway", *arguments],
            env={**os.environ, **{name: value.strip("'") for name, value in kept.items()}},
            input=told,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise StepFailed(f"gateway {' '.join(arguments)}: {done.stderr[-1000:]}")
        return done.stdout.strip()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Name what is being played, so that a failure says where it was."""
        try:
            yield
        except StepFailed as failed:
            raise StepFailed(f"{name}: {failed}") from failed
        except Exception as broken:
            raise StepFailed(f"{name}: {type(broken).__name__}: {broken}") from broken
