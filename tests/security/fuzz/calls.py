"""A call as it is drawn, made sensible as far as it is not wrong on purpose, and sent.

Calls made from a contract alone would nearly all end at the door: no such thing, no right, no key.
So most of them borrow from a call that went well: its caller with the thing it was about, and what
its body needs to be plausible. What was drawn to be wrong stays as it was drawn.
"""

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from random import Random
from typing import Any
from uuid import UUID

import requests
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation as In
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.security.fuzz.contracts import Operation
from tests.security.fuzz.ledger import Ledger
from tests.security.fuzz.town import Remembered, Town

POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
WITHIN = 30.0
LANGUAGES = ({}, {"Accept-Language": "zh"}, {"Accept-Language": "en;q=0.9, fr"})
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@st.composite
def drawn(draw: st.DrawFn, operation: Operation, mode: GenerationMode) -> tuple[Case, Random]:
    """A case of the contract, and the chance by which the rest of the call is chosen."""
    chance = draw(st.randoms(use_true_random=True))
    if mode is NEGATIVE and not operation.can_be_wrong:
        case = draw(operation.drawn.as_strategy(generation_mode=POSITIVE))
        case.query = {**case.query, draw(_NAMES): draw(st.text(max_size=20))}
        return case, chance
    return draw(operation.drawn.as_strategy(generation_mode=mode)), chance


_NAMES = st.from_regex(r"[a-z_]{1,30}", fullmatch=True)


def fuzz(
    operation: Operation,
    mode: GenerationMode,
    examples: int,
    start: int,
    do: Callable[[Case, Random], object],
) -> None:
    """`do` it with so many cases, the same ones for the same start.

    Nothing is shrunk: the suite remembers, so no call is the same twice.
    """

    @seed(start)
    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn(operation, mode))
    def each(call: tuple[Case, Random]) -> None:
        do(*call)

    each()


@dataclass
class Caller:
    """Asks the town, and notes what comes of it."""

    town: Town
    ledger: Ledger

    def asking(self, operation: Operation) -> Callable[[Case, Random], object]:
        return lambda case, chance: self.ask(operation, case, chance)

    def ask(self, operation: Operation, case: Case, chance: Random) -> Response | None:
        wrong = negated(case)
        kept = self._a_call_like_it(operation, chance)
        call = self._made(operation, case, wrong, kept, chance)
        who = self._who(operation, call, kept, chance)
        return self.send(operation, call, who, chance)

    def send(
        self, operation: Operation, call: Case, who: str | None, chance: Random
    ) -> Response | None:
        door = self.town.door_of(operation.part, round_the_gateway=chance.random() < 0.2)
        headers = {**self.town.bearer(who), **chance.choice(LANGUAGES)}
        try:
            answer = call.call(
                base_url=door, session=self.town.session, headers=headers, timeout=WITHIN
            )
        except requests.RequestException as silence:
            self.ledger.count(operation, 599)
            self.ledger.blame(operation, silence, 599)
            return None
        self.ledger.count(operation, answer.status_code)
        try:
            call.validate_response(answer, checks=CHECKS)
        except FailureGroup as found:
            self.ledger.blame(operation, found, answer.status_code)
        else:
            self._learn(operation, call, who, answer)
        return answer

    def _a_call_like_it(self, operation: Operation, chance: Random) -> Remembered | None:
        known = self.town.memory.calls_of(operation.key)
        return chance.choice(known) if known and chance.random() < 0.8 else None

    def _who(
        self, operation: Operation, call: Case, kept: Remembered | None, chance: Random
    ) -> str | None:
        """Nearly always somebody who may, and who knows the thing."""
        toss = chance.random()
        if toss < 0.03:
            return None
        if toss < 0.06:
            return self.town.somebody(frozenset(), chance)
        if kept is not None and kept.path == call.path_parameters:
            return kept.caller
        makers = [self.town.memory.makers.get(value) for value in call.path_parameters.values()]
        able = [who for who in makers if who and operation.roles & set(self.town.stage.roles[who])]
        return chance.choice(able) if able else self.town.somebody(operation.roles, chance)

    def _made(
        self,
        operation: Operation,
        case: Case,
        wrong: frozenset[In],
        kept: Remembered | None,
        chance: Random,
    ) -> Case:
        """A case of its own: what is not wrong on purpose is made sensible."""
        path, body = dict(case.path_parameters), case.body
        if In.PATH not in wrong:
            path = self._place(operation, path, kept, chance)
        if In.BODY not in wrong and isinstance(body, dict | list):
            body = self._plausible(operation, body, kept, chance)
        elif In.BODY not in wrong and kept is not None and isinstance(kept.body, bytes):
            body = kept.body
        query = dict(case.query)
        if In.QUERY not in wrong and "wait" in query:
            query["wait"] = 0  # nobody has to wait for what is not there
        headers = dict(case.headers)
        if In.HEADER not in wrong:
            headers = _usual_headers(headers, body, chance)
        return operation.drawn.Case(
            method=case.method,
            path_parameters=path,
            headers=headers,
            query=query,
            body=body,
            media_type=case.media_type,
        )

    def _place(
        self, operation: Operation, path: dict[str, Any], kept: Remembered | None, chance: Random
    ) -> dict[str, Any]:
        if path and self.town.memory.knows(operation.part, path):
            return path  # a journey goes where it was led
        if kept is not None:
            return dict(kept.path)
        known = {name: self.town.memory.values_of(operation.part, name) for name in path}
        return {
            name: chance.choice(known[name]) if known[name] and chance.random() < 0.7 else value
            for name, value in path.items()
        }

    def _plausible(
        self, operation: Operation, body: Any, kept: Remembered | None, chance: Random
    ) -> Any:
        body = self._of_this_town(body, chance, 0.7)
        if isinstance(body, dict) and kept is not None and isinstance(kept.body, dict):
            share = chance.choice((0.0, 0.1, 0.3, 1.0))
            drawn = {name: value for name, value in body.items() if chance.random() < share}
            if share < 1:
                body = {**self._of_this_town(kept.body, chance, chance.choice((0, 0.3))), **drawn}
        if operation.name in _INSTANTS:
            body = {**body, **self._an_instant_not_far(operation, chance)}
        return body

    def _of_this_town(self, value: Any, chance: Random, share: float) -> Any:
        """The same, with a share of its ids made real and of its days near today."""
        if isinstance(value, dict):
            return {name: self._of_this_town(item, chance, share) for name, item in value.items()}
        if isinstance(value, list):
            return [self._of_this_town(item, chance, share) for item in value]
        if isinstance(value, str) and chance.random() < share:
            if _ID.fullmatch(value):
                return chance.choice(self.town.memory.ids)
            if _DAY.fullmatch(value):
                return str(self.town.today + timedelta(days=chance.randint(-60, 60)))
        return value

    def _an_instant_not_far(self, operation: Operation, chance: Random) -> dict[str, str]:
        """The clock of the whole town moves by hours, and no service waits for a time to come."""
        now = self.town.stage.now()
        ahead = chance.randint(-1, 12) if operation.part == "gateway" else -1
        return {_INSTANTS[operation.name]: (now + timedelta(hours=ahead)).isoformat()}

    def _learn(self, operation: Operation, call: Case, who: str | None, answer: Response) -> None:
        if answer.status_code in (200, 201) and str(call.query.get("dry")).lower() != "true":
            body = call.body if isinstance(call.body, dict | list | bytes) else None
            told = answer.json() if "json" in str(answer.headers.get("content-type")) else None
            kept = Remembered(who, dict(call.path_parameters), body)
            self.town.memory.learn(operation.key, kept, told)


_INSTANTS = {"move_sandbox_clock": "to", "settle_clock": "reached"}


def negated(case: Case) -> frozenset[In]:
    """Which parts of the case are wrong on purpose."""
    if case.meta is None:
        return frozenset()
    return frozenset(place for place, made in case.meta.components.items() if made.mode is NEGATIVE)


def _usual_headers(drawn: dict[str, str], body: Any, chance: Random) -> dict[str, str]:
    """A fresh key and the newest version, nearly always; of bytes, all of them and their digest."""
    found = dict(drawn)
    if "If-Match" in found and chance.random() < 0.9:
        found["If-Match"] = "*"
    if chance.random() < 0.95:
        found["Idempotency-Key"] = str(UUID(int=chance.getrandbits(128)))
    if "content-digest" in found and isinstance(body, bytes) and chance.random() < 0.8:
        found.pop("content-range", None)
        found["content-digest"] = f"sha-256=:{b64encode(sha256(body).digest()).decode()}:"
    return found
