"""A suite in which something has happened, and what is remembered of it.

The demonstration is played first. Every call that went well is kept: who called, with which path
and body. Calls of the fuzzing that go well are learned too, so later calls find fresh things.
"""

import base64
import io
import json
import re
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import requests
from rich.console import Console

from deploy.demo import chapters
from deploy.demo.__main__ import STARTS, set_stage
from deploy.demo.looking_around import look_around
from deploy.demo.narration import Narrator
from deploy.demo.recording import Operation as Recorded
from deploy.demo.recording import Recorder, operations_of
from deploy.demo.relay import relay
from deploy.demo.stage import Stage
from tests.security.fuzz.contracts import SERVICES, committed
from tests.support.configuration import unhurried
from tests.support.suite import RunningSuite, running_suite

Key = tuple[str, str]
"""A part and an operationId."""

LATEST = 40
"""So many calls of one operation are remembered beside those of the story."""
MOST_IDS = 20
"""So many ids are noted of one answer."""
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MEMBER = re.compile(r"/([a-z-]+)/{(\w+)}")


@dataclass(frozen=True)
class Remembered:
    """A call that went well."""

    caller: str | None
    path: Mapping[str, str]
    body: Any


class Memory(Recorder):
    """Hears the story, then the fuzzing."""

    def __init__(self, operations: list[Recorded]) -> None:
        super().__init__(operations)
        self.story: dict[Key, list[Remembered]] = defaultdict(list)
        self.latest: dict[Key, deque[Remembered]] = defaultdict(lambda: deque(maxlen=LATEST))
        self.ids: list[str] = []
        self.makers: dict[str, str] = {}
        self._known = {(operation.service, operation.name): operation for operation in operations}
        # What is made under `/agencies/{credit_code}/postings` is read under `/postings/{posting_id}`.
        self._members = {
            (operation.service, found[1]): found[2]
            for operation in operations
            for found in _MEMBER.finditer(operation.path)
        }

    def calls_of(self, key: Key) -> list[Remembered]:
        return [*self.story[key], *self.latest[key]]

    def knows(self, part: str, path: Mapping[str, str]) -> bool:
        """Whether a path leads to something that was met."""
        return all(
            value in self.seen[part, name] or value in self.makers for name, value in path.items()
        )

    def values_of(self, part: str, parameter: str) -> list[str]:
        return list(self.seen[part, parameter])

    def learn(self, key: Key, call: Remembered, answer: Any) -> None:
        self.latest[key].append(call)
        self._note_maker(call.caller, answer)
        if key in self._known and isinstance(answer, dict | list):
            self._notice(self._known[key], answer)

    def _notice(self, operation: Recorded, answer: Any) -> None:
        super()._notice(operation, answer)
        member = self._members.get((operation.service, operation.path.rpartition("/")[2]))
        if member is not None and isinstance(answer, dict) and isinstance(answer.get("id"), str):
            self.seen[operation.service, member][answer["id"]] = None
        self.ids += _ID.findall(json.dumps(answer))[:MOST_IDS]

    def _note_maker(self, caller: str | None, answer: Any) -> None:
        if caller is not None and isinstance(answer, dict) and isinstance(answer.get("id"), str):
            self.makers.setdefault(answer["id"], caller)

    def _take(self, operation: Recorded, response: httpx.Response) -> None:
        super()._take(operation, response)
        place = operation.pattern.fullmatch(response.request.url.path)
        if response.is_success and place is not None:
            call = Remembered(_caller(response.request), place.groupdict(), _body(response.request))
            self.story[operation.service, operation.name].append(call)


def _caller(request: httpx.Request) -> str | None:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not token:
        return None
    claims = token.split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(claims + "=="))["client_id"])


def _body(request: httpx.Request) -> Any:
    if "json" in request.headers.get("content-type", ""):
        return json.loads(request.content)
    return request.content or None


HOOK = {"url": "http://127.0.0.1:1/", "kinds": ["tender.*"]}
"""Nobody listens there."""
ABOUT_A_SUBSCRIPTION: dict[str, Any] = {
    "read_subscription": None,
    "change_subscription": {"description": "城市平台", "state": "active"},
    "unsubscribe": None,
    "rotate_webhook_secret": {"overlap_hours": 1},
    "ping_subscription": None,
    "list_deliveries": None,
    "replay_feed": {"service": "procurement", "after": 0},
}


@dataclass
class Town:
    """The suite, its callers and its past."""

    suite: RunningSuite
    stage: Stage
    memory: Memory
    today: date
    """In business; the fuzzing moves the clock by hours."""
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False

    def remember_what_nobody_asked(self) -> None:
        """Calls that go well and that the story has not: histories, and those of the gateway."""
        told = self.memory.story
        for (part, name), values in self.memory.seen.items():
            for subject, _, its_id in (value.partition("/") for value in values):
                if name == "subject" and its_id:
                    place = {"subject": subject, "subject_id": its_id}
                    told[part, "read_history"].append(Remembered(None, place, None))
        for problem in self.stage.http.get("/problems/").json()["items"]:
            place = {"kind": problem["kind"]}
            told["gateway", "read_problem"].append(Remembered(None, place, None))
        for who, secret in self.stage.credentials.items():
            form = {"grant_type": "client_credentials", "client_id": who, "client_secret": secret}
            told["gateway", "issue_token"].append(Remembered(None, {}, form))
        told["gateway", "subscribe"].append(Remembered("platform", {}, HOOK))
        for _ in range(3):
            self._remember_a_subscription()

    def _remember_a_subscription(self) -> None:
        """One with a delivery, and what may be asked about both."""
        place = {"subscription_id": self._post("/webhooks/subscriptions", HOOK)["id"]}
        ping = self._post(f"/webhooks/subscriptions/{place['subscription_id']}/ping", None)
        for name, body in ABOUT_A_SUBSCRIPTION.items():
            self.memory.story["gateway", name].append(Remembered("platform", place, body))
        place = {**place, "delivery_id": ping["id"]}
        for name in ("read_delivery", "replay_delivery"):
            self.memory.story["gateway", name].append(Remembered("platform", place, None))

    def _post(self, path: str, body: Any) -> dict[str, Any]:
        headers = {**self.bearer("platform"), "Idempotency-Key": str(uuid4())}
        door = self.suite.address_of("gateway")
        answer = self.session.post(f"{door}{path}", json=body, headers=headers, timeout=30)
        assert answer.ok, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def door_of(self, part: str, *, round_the_gateway: bool) -> str:
        return self.suite.address_of(part if round_the_gateway else "gateway")

    def bearer(self, caller: str | None) -> dict[str, str]:
        """A token that is renewed in time: a long run is longer than any token."""
        if caller is None:
            return {}
        return {"Authorization": f"Bearer {self.stage.caller(caller).token()}"}

    def somebody(self, roles: frozenset[str], chance: Random) -> str:
        """A caller with one of the roles; anybody when anybody may."""
        able = [who for who, has in self.stage.roles.items() if not roles or roles & set(has)]
        return chance.choice(able)


def recordable() -> list[Recorded]:
    """The services' operations as the recorder of the story knows them, by names with their service."""
    paths: dict[str, Any] = {}
    for service in SERVICES:
        for path, methods in committed(service)["paths"].items():
            paths[path] = {
                method: {**told, "operationId": f"{service}_{told['operationId']}"}
                for method, told in methods.items()
            }
    return operations_of({"paths": paths})


@contextmanager
def town_with_a_past(folder: Path) -> Iterator[Town]:
    begins = {"HUISHE_SANDBOX_STARTS": STARTS}
    with running_suite(folder, **begins, **unhurried()) as suite:
        (folder / "story").mkdir()
        stage = set_stage(folder / "story", suite.folder)
        stage.tell = Narrator(Console(file=io.StringIO()))
        memory = Memory(recordable())
        stage.let_hear(memory.hear)
        with closing(stage):
            with stage.client() as onward, relay(onward) as stage.front_door:
                chapters.play(stage)
            look_around(stage, memory)
            town = Town(suite, stage, memory, today=stage.now().date())
            town.remember_what_nobody_asked()
            with town.session:
                yield town
