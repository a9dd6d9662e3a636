"""What Prometheus reads of webhooks: numbers of all together, never by client or receiver."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway.webhooks.rules import Outcome


@dataclass(eq=False, slots=True)
class WebhookFigures(Collector):
    """Counters are of this process; what waits or was given up is counted in the database."""

    delivered: int = 0
    failed: int = 0
    given_up: int = 0
    waiting: int = 0
    dead: int = 0

    def note(self, outcome: Outcome, *, dead: bool) -> None:
        if outcome.delivered:
            self.delivered += 1
        else:
            self.failed += 1
            self.given_up += dead

    def measured(self, counts: Mapping[str, int]) -> None:
        self.waiting, self.dead = counts.get("waiting", 0), counts.get("dead", 0)

    def collect(self) -> Iterable[Metric]:
        yield GaugeMetricFamily(
            "huishe_gateway_webhooks_waiting", "Deliveries that wait", value=self.waiting
        )
        yield GaugeMetricFamily(
            "huishe_gateway_webhooks_dead", "Deliveries given up and kept", value=self.dead
        )
        for name, told, value in (
            ("delivered", "Deliveries that a receiver has taken", self.delivered),
            ("failed", "Attempts that failed", self.failed),
            ("given_up", "Deliveries that were given up", self.given_up),
        ):
            yield CounterMetricFamily(f"huishe_gateway_webhooks_{name}", told, value=value)
