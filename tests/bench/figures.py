"""What is made of measurements: medians, percentiles, ratios. Plain numbers in, plain numbers out."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from tests.bench.table import BY_NUMBER


@dataclass(frozen=True, slots=True)
class Round:
    """One stretch of load on one server."""

    rate: float
    """Answers a second."""
    p50_ms: float
    p99_ms: float
    cpu_us: float | None = None
    """CPU microseconds of the server for one answer."""


@dataclass(frozen=True, slots=True)
class Medians:
    """Several rounds as one: each figure its own median."""

    rate: float
    p50_ms: float
    p99_ms: float
    cpu_us: float | None
    rounds: int

    @classmethod
    def of(cls, rounds: Sequence[Round]) -> "Medians":
        known = [one.cpu_us for one in rounds if one.cpu_us is not None]
        return cls(
            rate=median(one.rate for one in rounds),
            p50_ms=median(one.p50_ms for one in rounds),
            p99_ms=median(one.p99_ms for one in rounds),
            cpu_us=median(known) if known else None,
            rounds=len(rounds),
        )


@dataclass(frozen=True, slots=True)
class Result:
    """A row of the report. `ratio` is what the bars are compared with; None when not measured.

    Where the table counts seconds or pages, `ratio` is that count, and `reference` a raw limit beside.
    """

    row: int
    ratio: float | None
    ours: float | None = None
    reference: float | None = None
    unit: str = ""
    how: str = ""
    """What was asked of whom, with which concurrency, pinned where."""
    why: str | None = None
    """Why it was not measured, and what to do."""
    concurrency: int | None = None
    rounds: int | None = None
    cpu_us: Mapping[str, float] = field(default_factory=dict)
    beside: Mapping[str, Any] = field(default_factory=dict)
    """Further figures of the same run."""

    @property
    def standing(self) -> str:
        return "not measured" if self.ratio is None else BY_NUMBER[self.row].standing(self.ratio)


def not_measured(row: int, why: str) -> Result:
    return Result(row, None, why=why)


def compared(
    row: int, ours: Medians, reference: Medians, *, how: str, concurrency: int, **beside: Any
) -> Result:
    """Ours beside the reference, by answers a second."""
    cpu = {"ours": ours.cpu_us, "reference": reference.cpu_us}
    return Result(
        row,
        ours.rate / reference.rate,
        ours.rate,
        reference.rate,
        "requests/s",
        how,
        concurrency=concurrency,
        rounds=min(ours.rounds, reference.rounds),
        cpu_us={name: value for name, value in cpu.items() if value is not None},
        beside=beside,
    )


def alternating(contenders: Mapping[str, Callable[[], Round]], rounds: int) -> dict[str, Medians]:
    """Each in turn, and the other way round every second time: drift meets all of them alike."""
    found: dict[str, list[Round]] = {name: [] for name in contenders}
    for turn in range(rounds):
        names = list(contenders) if turn % 2 == 0 else list(reversed(contenders))
        for name in names:
            found[name].append(contenders[name]())
    return {name: Medians.of(measured) for name, measured in found.items()}


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least so much of all is not above (nearest rank)."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("a percentile of nothing")
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def growth(before: float, after: float) -> float:
    """By which share something grew; 0 when it shrank."""
    return max(0.0, after / before - 1) if before else (0.0 if after <= 0 else math.inf)
