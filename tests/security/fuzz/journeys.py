"""Journeys along the links between operations: what one call made is where the next one goes.

`schemathesis` finds the links in a contract by the names of things: what `POST /needs` answers is
the `{need_id}` of other paths. A journey follows a few of them, each step as somebody who may.
"""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, assume, seed, settings
from hypothesis.errors import FlakyStrategyDefinition
from schemathesis import Case
from schemathesis.core.transport import Response

from tests.security.fuzz.calls import Caller
from tests.security.fuzz.contracts import Operation, schema_of

LONGEST = 12
"""Steps of a journey."""
ROUND = 10
"""Journeys."""


@dataclass
class Travelled:
    """Which links were followed, and where something had been made before."""

    journeys: int = 0
    links: Counter[str] = field(default_factory=Counter)


def travel(part: str, journeys: int, start: int, caller: Caller, seen: Travelled) -> None:
    """So many journeys through one part, in rounds of a few.

    The suite remembers, so the same choices need not lead the same way again: Hypothesis ends a
    round when it notices, and the next one starts afresh.
    """
    machine = _machine(part, caller, seen)
    until = seen.journeys + journeys
    for number in range(start, start + journeys):
        if seen.journeys >= until:
            return
        machine.rule_order_seed = number
        with suppress(FlakyStrategyDefinition):
            seed(number)(machine).run(settings=_A_ROUND)


_A_ROUND = settings(
    max_examples=ROUND,
    stateful_step_count=LONGEST,
    phases=[Phase.generate],
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def _machine(part: str, caller: Caller, seen: Travelled) -> Any:
    schema = schema_of(part)
    found = [operation.ok() for operation in schema.get_all_operations()]
    operations = {one.label: Operation(part, one) for one in found}

    class Journey(schema.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            seen.journeys += 1
            self.chance = Random(seen.journeys)

        def step(self, input: Any) -> Any:
            if input.transition is not None and input.is_applied:
                seen.links[input.transition.id] += 1
            return super().step(input)

        def call(self, case: Case, **_: Any) -> Response:
            answer = caller.ask(operations[case.operation.label], case, self.chance)
            assume(answer is not None)
            return answer

        def validate_response(self, response: Response, case: Case, **_: Any) -> None:
            """Noted by the caller already, and a fault does not end the others' journeys."""

    return Journey
