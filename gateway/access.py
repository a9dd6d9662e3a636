"""The access log and the gateway's own numbers: noted in memory, written a few times a second.

Nothing secret is noted: no query, no token (not even one that strayed into a path), and a caller's
network address only as a keyed hash.
Bids are not noted at all. Who bid and how many must show in no line and no counter, so their lane
has one coarse figure: whether it is well.
"""

import asyncio
import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

import orjson
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from gateway.cache import Cache
from gateway.compat.desk import CompatDesk
from gateway.in_force import InForce
from gateway.upstreams import Upstreams
from shared.journal.witness import DISPUTED, Witness
from shared.logging import without_secrets

FLUSH_SECONDS = 0.1
MOST_LINES = 20_000
_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_LANE_REMEMBERS = 20

Line = tuple[float, str, str, str, str, int, float, str]


class AccessLog:
    """Lines kept as tuples, written as JSON in one go by a thread."""

    def __init__(self, secret_key: str, descriptor: int | None) -> None:
        self._key = hashlib.blake2b(secret_key.encode(), digest_size=32).digest()
        self._descriptor = descriptor
        self._lines: list[Line] = []
        self._dropped = 0

    def pseudonym(self, address: str) -> str:
        """An address as the log knows it: the same caller again, but not where it lives."""
        return hashlib.blake2b(address.encode(), key=self._key, digest_size=8).hexdigest()

    def note(self, line: Line) -> None:
        if self._descriptor is None:
            return
        if len(self._lines) >= MOST_LINES:
            self._dropped += 1  # a log that cannot be written must not fill the memory
        else:
            self._lines.append(line)

    def flush(self) -> None:
        """Write what was noted, here and now."""
        self._write(self._taken())

    async def keep_flushing(self) -> None:
        """The lines are made here: another thread that made them would only take turns with this one."""
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            if self._lines:
                await asyncio.to_thread(self._write, self._taken())

    def _taken(self) -> list[bytes]:
        lines, self._lines = self._lines, []
        return [_json_line(line) for line in lines]

    def _write(self, lines: list[bytes]) -> None:
        if not lines or self._descriptor is None:
            return
        written, dropped = b"".join(lines), self._dropped
        if dropped:
            told = orjson.dumps({"event": "access.dropped", "lines": dropped})
            written = b"\n%b\n%b" % (told, written)  # the last line may have been cut off
        view = memoryview(written)
        try:
            while view:
                view = view[os.write(self._descriptor, view) :]
        except OSError:  # a full disk: what cannot be written is counted, and told when it can be
            self._dropped += len(lines)
        else:
            self._dropped -= dropped


def _json_line(line: Line) -> bytes:
    at, request_id, caller, method, path, status, seconds, service = line
    return orjson.dumps(
        {
            "time": datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds"),
            "event": "access",
            "service": "gateway",
            "request_id": request_id,
            "caller": caller,
            "method": method,
            "path": without_secrets(path),
            "status": status,
            "ms": round(seconds * 1000, 2),
            "upstream": service,
        },
        option=orjson.OPT_APPEND_NEWLINE,
    )


class Tally:
    """Counts of one service in one lane, as plain numbers of this process."""

    __slots__ = ("buckets", "by_class", "seconds")

    def __init__(self) -> None:
        self.by_class = [0] * 6
        self.buckets = [0] * (len(_BOUNDS) + 1)
        self.seconds = 0.0

    def note(self, status: int, seconds: float) -> None:
        self.by_class[status // 100] += 1
        self.seconds += seconds
        place = 0
        for bound in _BOUNDS:
            if seconds <= bound:
                break
            place += 1
        self.buckets[place] += 1


class Figures(Collector):
    """What Prometheus reads. Series are those of services and lanes: nobody outside can add one."""

    def __init__(
        self,
        services: Iterable[str],
        upstreams: Upstreams,
        witness: Witness,
        in_force: InForce,
        cache: Cache,
        compat: CompatDesk,
    ) -> None:
        self._upstreams = upstreams
        self._in_force = in_force
        self._cache = cache
        self._compat = compat
        self._witness = witness
        self.tallies: defaultdict[tuple[str, str], Tally] = defaultdict(Tally)
        for service in (*services, "gateway"):
            for lane in ("read", "write", "token"):
                self.tallies[service, lane] = Tally()
        self._bids_went_wrong = [False] * _LANE_REMEMBERS
        self._bids_turn = 0
        self.registry = CollectorRegistry()
        self.registry.register(self)
        ProcessCollector(registry=self.registry)

    def note_bid(self, status: int) -> None:
        """Remember how the last few went, not how many there were."""
        self._bids_turn = (self._bids_turn + 1) % _LANE_REMEMBERS
        self._bids_went_wrong[self._bids_turn] = status >= 500

    @property
    def bids_lane_is_well(self) -> bool:
        return sum(self._bids_went_wrong) * 2 < _LANE_REMEMBERS

    def exposition(self) -> bytes:
        return generate_latest(self.registry)

    def collect(self) -> Iterable[Metric]:
        answers = CounterMetricFamily(
            "huishe_gateway_answers",
            "Answers by service, lane and class of status",
            labels=["service", "lane", "status"],
        )
        seconds = HistogramMetricFamily(
            "huishe_gateway_answer_seconds",
            "Seconds from request to answer",
            labels=["service", "lane"],
        )
        for (service, lane), tally in list(self.tallies.items()):
            for hundred in range(1, 6):
                answers.add_metric([service, lane, f"{hundred}xx"], tally.by_class[hundred])
            seconds.add_metric([service, lane], _cumulated(tally.buckets), tally.seconds)
        yield answers
        yield seconds
        admitted = GaugeMetricFamily(
            "huishe_gateway_upstream_admitted",
            "Whether an address of a service is sent requests",
            labels=["service", "address"],
        )
        for upstream in self._upstreams.services.values():
            for address in upstream.addresses:
                admitted.add_metric(
                    [upstream.name, address.authority.decode()], 0.0 if address.ejected else 1.0
                )
        yield admitted
        disputed = GaugeMetricFamily(
            "huishe_gateway_journal_disputed",
            "1 when a journal's newest checkpoint is not an extension of the last one seen",
            labels=["service"],
        )
        for name in self._upstreams.services:
            disputed.add_metric([name], float(self._witness.seen(name).standing in DISPUTED))
        yield disputed
        witnessed = GaugeMetricFamily(
            "huishe_gateway_journal_witnessed_size",
            "How many entries the newest checkpoint holds that the gateway has seen of a journal",
            labels=["service"],
        )
        for name in self._upstreams.services:
            checkpoint = self._witness.seen(name).checkpoint
            if checkpoint is not None:
                witnessed.add_metric([name], checkpoint.size)
        yield witnessed
        in_flight = GaugeMetricFamily(
            "huishe_gateway_in_flight",
            "Exchanges under way with a service; those about sealed bids are not counted",
            labels=["service", "lane"],
        )
        under_way = Counter((one.name, one.lane) for one in self._upstreams.in_flight)
        for service, lane in list(self.tallies):
            in_flight.add_metric([service, lane], under_way[service, lane])
        yield in_flight
        lookups = CounterMetricFamily(
            "huishe_gateway_cache_lookups",
            "Reads of routes whose answers may be kept, by what became of them",
            labels=["outcome"],
        )
        for outcome, count in self._cache.outcomes.items():
            lookups.add_metric([outcome], count)
        yield lookups
        signed = CounterMetricFamily(
            "huishe_gateway_compat_calls",
            "Signed calls of the compat profile, by what became of them",
            labels=["outcome"],
        )
        for outcome, count in self._compat.outcomes.items():
            signed.add_metric([outcome], count)
        yield signed
        yield GaugeMetricFamily(
            "huishe_gateway_cache_bytes", "What the kept answers take", value=self._cache.size
        )
        yield GaugeMetricFamily(
            "huishe_gateway_configuration_refused",
            "1 while the configuration file on disk is not in order, so that an older one stays",
            value=float(bool(self._in_force.refused)),
        )
        yield GaugeMetricFamily(
            "huishe_gateway_configuration_since_timestamp_seconds",
            "When the configuration in force was taken up",
            value=self._in_force.since.timestamp(),
        )
        yield GaugeMetricFamily(
            "huishe_gateway_bids_lane_well",
            "Whether the lane of sealed bids is well; its only figure",
            value=float(self.bids_lane_is_well),
        )


def _cumulated(buckets: list[int]) -> list[tuple[str, float]]:
    total, found = 0, []
    for bound, count in zip([*map(str, _BOUNDS), "+Inf"], buckets, strict=True):
        total += count
        found.append((bound, float(total)))
    return found
