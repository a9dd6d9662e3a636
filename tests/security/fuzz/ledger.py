"""What was asked and what came of it, counted."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from schemathesis.core.failures import Failure, FailureGroup, ServerError
from schemathesis.openapi.checks import UndefinedStatusCode

from tests.security.fuzz.contracts import Operation
from tests.security.fuzz.town import Key
from tests.support.forms import Figure

REACHED = {200, 201, 304, 409, 412}
"""The action ran, or was refused by rule or by state: the door, the role and the form were passed."""
MOST_TOLD = 25
BROKEN = "5xx"
UNDOCUMENTED = "undocumented status"


@dataclass(frozen=True)
class Fault:
    """What an answer had that no contract has."""

    operation: str
    kind: str
    told: str

    def __str__(self) -> str:
        return f"{self.operation}: {self.kind}\n{self.told}"


@dataclass
class Ledger:
    """Calls by operation and status, and every fault once for each operation and kind."""

    statuses: dict[Key, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    kinds: Counter[str] = field(default_factory=Counter)
    faults: dict[tuple[str, str], Fault] = field(default_factory=dict)

    def count(self, operation: Operation, status: int) -> None:
        self.statuses[operation.key][status] += 1

    def blame(self, operation: Operation, found: FailureGroup | Exception, status: int) -> None:
        failures: Iterable[BaseException] = (
            found.exceptions if isinstance(found, FailureGroup) else [found]
        )
        for failure in failures:
            if isinstance(failure, UndefinedStatusCode) and status >= 500:
                continue  # told as broken already
            kind = f"{_kind(failure)} {status}".strip()
            self.kinds[_kind(failure)] += 1
            fault = Fault(operation.label, kind, f"{failure}\n{found}"[:1500])
            self.faults.setdefault((operation.label, kind), fault)

    @property
    def calls(self) -> int:
        return sum(found.total() for found in self.statuses.values())

    @property
    def by_class(self) -> dict[str, int]:
        found = sum(self.statuses.values(), Counter())
        classes: Counter[str] = Counter()
        for status, times in found.items():
            classes[f"{status // 100}xx"] += times
        return dict(sorted(classes.items()))

    @property
    def reached(self) -> float:
        """The share of calls that came to the action itself."""
        there = sum(
            times
            for found in self.statuses.values()
            for status, times in found.items()
            if status in REACHED
        )
        return round(there / max(1, self.calls), 3)

    def never_reached(self) -> list[str]:
        return [
            f"{part}: {name}"
            for (part, name), found in self.statuses.items()
            if not REACHED & set(found)
        ]

    @property
    def fewest(self) -> int:
        return min(found.total() for found in self.statuses.values())

    def tell(self, figure: Figure, seconds: float) -> None:
        figure("operations", len(self.statuses))
        figure("calls", self.calls)
        figure("calls_per_second", round(self.calls / seconds, 1))
        figure("fewest_calls_of_an_operation", self.fewest)
        figure("answered", self.by_class)
        figure("5xx", self.kinds[BROKEN])
        figure("undocumented_statuses", self.kinds[UNDOCUMENTED])
        others = self.kinds.total() - self.kinds[BROKEN] - self.kinds[UNDOCUMENTED]
        figure("other_breaches_of_contract", others)
        figure("share_that_reached_the_action", self.reached)
        figure("operations_whose_action_was_never_reached", len(self.never_reached()))

    def told(self) -> str:
        shown = list(self.faults.values())[:MOST_TOLD]
        return f"{len(self.faults)} faults\n" + "\n\n".join(map(str, shown))


def _kind(failure: BaseException) -> str:
    match failure:
        case ServerError():
            return BROKEN
        case UndefinedStatusCode():
            return UNDOCUMENTED
        case Failure():
            return failure.title
    return type(failure).__name__
