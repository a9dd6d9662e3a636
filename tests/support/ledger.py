"""What clients of a running suite asked and were answered, whatever broke in between.

A clerk sends a write until it is answered, the same bytes under the same key every time, and puts
every answer down. What is written in the ledger is later held against database and journal
(`reconciled.py`): that, and nothing else, says whether an acknowledged write was lost or doubled.
"""

from __future__ import annotations

import random
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from tests.support.suite import RunningSuite

COME_BACK = frozenset({429, 503, 504, 507})
ANSWERED_WITHIN = 90.0
LONGEST_PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is 0 when the connection broke before the answer was there: nobody knows."""

    status: int
    body: bytes = b""
    replayed: bool = False
    why: str = ""

    @property
    def settles(self) -> bool:
        return self.status != 0 and self.status not in COME_BACK


@dataclass(slots=True)
class Asked:
    """One request with all its answers; the last one settles it."""

    service: str
    operation: str
    caller: str
    method: str
    path: str
    key: str | None
    body: Any
    subject: str = ""
    expected: int = 0
    """The version that the thing has when this has been done."""
    answers: list[Answer] = field(default_factory=list)
    subject_id: str = ""

    @property
    def last(self) -> Answer:
        return self.answers[-1]

    @property
    def acknowledged(self) -> list[Answer]:
        return [answer for answer in self.answers if 200 <= answer.status < 300]

    @property
    def unknown(self) -> bool:
        """Whether it may have been done by a request whose answer nobody saw."""
        return any(answer.status in (0, 503, 504, 507) for answer in self.answers[:-1])


@dataclass
class Ledger:
    """Shared by all clerks; appending to a list is atomic."""

    writes: list[Asked] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """What no client should ever see: a 500, a 503 that does not say when to come back …"""
    reads: Counter[int] = field(default_factory=Counter)
    closed: threading.Event = field(default_factory=threading.Event)

    @property
    def acknowledged(self) -> int:
        return sum(1 for asked in self.writes if asked.acknowledged)

    @property
    def refused_for_now(self) -> int:
        return sum(answer.status in COME_BACK for w in self.writes for answer in w.answers)

    @property
    def lost_answers(self) -> int:
        return sum(answer.status == 0 for w in self.writes for answer in w.answers)


class Clerk:
    """One client in one thread, with a random of its own."""

    def __init__(
        self, suite: RunningSuite, ledger: Ledger, seed: int, *, door: str | None = None
    ) -> None:
        self.suite = suite
        self.ledger = ledger
        self.random = random.Random(seed)
        self.http = httpx.Client(
            base_url=door or suite.address_of("gateway"), timeout=40, trust_env=False
        )
        self._tokens: dict[str, str] = {}

    def write(
        self, asked: Asked, *, version: int | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Ask until it is settled, always with the same bytes under the same key."""
        self.ledger.writes.append(asked)
        sent = dict(headers or {})
        if asked.key is not None:
            sent["idempotency-key"] = asked.key
        if version is not None:
            sent["if-match"] = f'"{version}"'
        deadline = time.monotonic() + ANSWERED_WITHIN
        while True:
            answer = self.once(asked, sent)
            asked.answers.append(answer)
            if answer.settles:
                return answer
            assert time.monotonic() < deadline, f"never answered: {asked.path} {answer}"
            time.sleep(self.random.uniform(0.02, LONGEST_PAUSE))

    def once(self, asked: Asked, headers: dict[str, str]) -> Answer:
        sent: dict[str, Any] = {"headers": {**self._bearer(asked.caller), **headers}}
        if isinstance(asked.body, bytes):
            sent["content"] = asked.body
            sent["headers"]["content-type"] = "application/json"
        elif asked.body is not None:
            sent["json"] = asked.body
        try:
            response = self.http.request(asked.method, asked.path, **sent)
        except httpx.TransportError as broken:
            return Answer(0, why=repr(broken))
        return self._noted(asked, response)

    def read(self, caller: str, path: str) -> httpx.Response | None:
        """A read is asked once; None when it was not answered."""
        try:
            response = self.http.get(path, headers=self._bearer(caller))
        except httpx.TransportError:
            self.ledger.reads[0] += 1
            return None
        self.ledger.reads[response.status_code] += 1
        if response.status_code == 401:
            self._tokens.pop(caller, None)
        self._check(path, response)
        return response

    def _noted(self, asked: Asked, response: httpx.Response) -> Answer:
        self._check(asked.path, response)
        status = response.status_code
        kind = "" if status < 400 else response.json()["type"].rsplit("/", 1)[1]
        if status == 401:  # tokens last ten minutes
            self._tokens.pop(asked.caller, None)
        if status == 401 or kind == "still-running":
            return Answer(429, response.content, why=kind)
        replayed = response.headers.get("idempotent-replayed") == "true"
        return Answer(status, response.content, replayed, kind)

    def _check(self, path: str, response: httpx.Response) -> None:
        """Whatever is not done is told as a problem, and one that passes says when to come back."""
        status = response.status_code
        if status < 400:
            return
        told = f"{path} {status} {response.text[:300]}"
        if response.headers.get("content-type") != "application/problem+json":
            self.ledger.faults.append(f"no problem document: {told}")
        if status in COME_BACK and "retry-after" not in response.headers:
            self.ledger.faults.append(f"no Retry-After: {told}")
        if status in (500, 502):
            self.ledger.faults.append(f"broken: {told}")

    def _bearer(self, caller: str) -> dict[str, str]:
        if caller not in self._tokens:
            self._tokens[caller] = self._fetch_token(caller)
        return {"authorization": f"Bearer {self._tokens[caller]}"}

    def _fetch_token(self, caller: str) -> str:
        deadline = time.monotonic() + ANSWERED_WITHIN
        while True:
            try:
                answer = self.suite.ask_for_token(caller)
                if answer.status_code == 200:
                    return str(answer.json()["access_token"])
                self._check("/oauth/token", answer)
            except httpx.TransportError:
                pass
            assert time.monotonic() < deadline, "no token can be had"
            time.sleep(self.random.uniform(0.05, LONGEST_PAUSE))


Day = Callable[[Clerk], None]
"""One errand of a clerk, from beginning to end."""


def pause_of(clerk: Clerk, most: float) -> None:
    """People think between two requests; without it the clients alone would fill the machine."""
    clerk.ledger.closed.wait(clerk.random.uniform(0, most))


@contextmanager
def clerks_at_work(
    suite: RunningSuite,
    errands: Sequence[Day],
    *,
    seed: int,
    clerks: int = 6,
    door: str | None = None,
    thinking: float = 0.05,
) -> Iterator[Ledger]:
    """Several clients at once until the block ends; then each finishes what it began."""
    ledger = Ledger()

    def work(number: int) -> None:
        clerk = Clerk(suite, ledger, seed * 1000 + number, door=door)
        try:
            with clerk.http:
                while not ledger.closed.is_set():
                    clerk.random.choice(errands)(clerk)
                    pause_of(clerk, thinking)
        except BaseException:
            ledger.faults.append(traceback.format_exc())

    threads = [threading.Thread(target=work, args=(n,), name=f"clerk-{n}") for n in range(clerks)]
    for thread in threads:
        thread.start()
    try:
        yield ledger
    finally:
        ledger.closed.set()
        for thread in threads:
            thread.join(ANSWERED_WITHIN + 60)
    assert not any(thread.is_alive() for thread in threads), "a client still waits for an answer"


def fresh_key() -> str:
    return str(uuid4())
