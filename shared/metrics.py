"""Numbers about a process, by machine time. Made after the fork: each process counts for itself.

Labels are bounded: an operation is one of the contract's operationIds or `other`, a status is a
class, so that no caller can grow the number of series.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
OTHER = "other"

_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_STATUS_CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")


@dataclass(slots=True)
class _Series:
    """The children of one operation, looked up once."""

    answered: dict[str, Counter]
    seconds: Histogram


@dataclass(slots=True)
class Metrics:
    """What a service counts."""

    service: str
    registry: CollectorRegistry
    answers: Counter
    seconds: Histogram
    worker_failures: Counter
    worker_rounds: Gauge
    feed_position: Gauge
    feed_waiting: Gauge
    feed_heard: Gauge
    database_connections: Gauge
    journal_disputed: Gauge
    journal_faults: Gauge
    revocations_silent: Gauge
    _series: dict[str, _Series] = field(default_factory=dict)

    def know(self, operations: Collection[str]) -> None:
        """The operationIds of the contract; anything else is counted as `other`."""
        for operation in (*operations, OTHER):
            self._series[operation] = _Series(
                {s: self.answers.labels(operation, s) for s in _STATUS_CLASSES},
                self.seconds.labels(operation),
            )

    def answered(self, operation: str | None, status: int, seconds: float) -> None:
        """One request was answered."""
        series = self._series.get(operation or OTHER) or self._series[OTHER]
        in_class = series.answered.get(f"{status // 100}xx")
        if in_class is not None:
            in_class.inc()
        series.seconds.observe(seconds)

    def exposition(self) -> bytes:
        """The text that Prometheus reads."""
        return generate_latest(self.registry)


def make_metrics(service: str, operations: Collection[str] = ()) -> Metrics:
    """A registry of this process; call it after the fork."""
    registry = CollectorRegistry(auto_describe=True)
    ProcessCollector(registry=registry)

    def named(name: str) -> str:
        return f"huishe_{name}"

    Gauge(named("service_info"), "Which service this is", ["service"], registry=registry).labels(
        service
    ).set(1)
    metrics = Metrics(
        service=service,
        registry=registry,
        answers=Counter(
            named("answers"),
            "Answers by operation and class of status",
            ["operation", "status"],
            registry=registry,
        ),
        seconds=Histogram(
            named("answer_seconds"),
            "Seconds from request to answer",
            ["operation"],
            buckets=_BOUNDS,
            registry=registry,
        ),
        worker_failures=Counter(
            named("worker_failures"), "Failed rounds of the worker", ["part"], registry=registry
        ),
        worker_rounds=Gauge(
            named("worker_last_round_seconds"),
            "When a part of the worker last did its round well, in seconds since 1970",
            ["part"],
            registry=registry,
        ),
        feed_position=Gauge(
            named("feed_position"),
            "The newest position of the feed, as the worker sees it",
            ["service"],
            registry=registry,
        ),
        feed_waiting=Gauge(
            named("feed_waiting"),
            "Journal rows without a position yet, as the worker sees them",
            ["service"],
            registry=registry,
        ),
        feed_heard=Gauge(
            named("feed_heard_position"),
            "How far the worker has read the feed of another service",
            ["service", "source"],
            registry=registry,
        ),
        database_connections=Gauge(
            named("database_connections"),
            "Connections of this process's pool: in use, and the most there may be",
            ["which"],
            registry=registry,
        ),
        journal_disputed=Gauge(
            named("journal_disputed"),
            "1 while nothing is signed, because what is stored is not what was signed",
            ["service"],
            registry=registry,
        ),
        journal_faults=Gauge(
            named("journal_faults"),
            "Rows and positions that the last reading of the whole journal found changed or missing",
            ["service"],
            registry=registry,
        ),
        revocations_silent=Gauge(
            named("revocations_silent_seconds"),
            "Since when this process has not heard from the gateway what was revoked",
            registry=registry,
        ),
    )
    metrics.know(operations)
    return metrics
