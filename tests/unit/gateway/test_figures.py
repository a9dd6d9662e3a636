"""What the gateway tells of itself: who is busy, how far it saw the journals, and nothing of bids."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from gateway.access import Figures
from gateway.cache import Cache
from gateway.configuration import CacheLimits
from gateway.connections import Exchange
from shared.journal.witness import Seen

SERVICES = ("registry", "procurement")


class Watching:
    """A witness that has seen eight entries of the registry and nothing of procurement."""

    def seen(self, name: str) -> SimpleNamespace:
        seen = Seen()
        checkpoint = SimpleNamespace(size=8) if name == "registry" else None
        return SimpleNamespace(standing=seen.standing, checkpoint=checkpoint)


@pytest.fixture
def upstreams() -> SimpleNamespace:
    named = {name: SimpleNamespace(name=name, addresses=[]) for name in SERVICES}
    return SimpleNamespace(services=named, in_flight=set())


@pytest.fixture
def figures(upstreams: SimpleNamespace) -> Figures:
    in_force = SimpleNamespace(refused=[], since=datetime.now(UTC))
    cache = Cache(CacheLimits(most_bytes=0, largest_bytes=0))
    compat = SimpleNamespace(outcomes={})
    return Figures(SERVICES, upstreams, Watching(), in_force, cache, compat)  # type: ignore[arg-type]


def exchange(service: str, lane: str) -> Exchange:
    return Exchange(service, 0.0, 5.0, lane=lane)


def test_what_is_under_way_is_told_by_service_and_lane(figures, upstreams):
    upstreams.in_flight |= {exchange("registry", "read"), exchange("registry", "read")}
    upstreams.in_flight.add(exchange("procurement", "write"))

    told = figures.exposition().decode()

    assert 'huishe_gateway_in_flight{lane="read",service="registry"} 2.0' in told
    assert 'huishe_gateway_in_flight{lane="write",service="procurement"} 1.0' in told
    assert 'huishe_gateway_in_flight{lane="token",service="gateway"} 0.0' in told


def test_a_sealed_bid_under_way_shows_in_no_figure(figures, upstreams):
    before = [line for line in figures.exposition().splitlines() if line.startswith(b"huishe_")]
    upstreams.in_flight.add(exchange("procurement", "bids"))

    after = [line for line in figures.exposition().splitlines() if line.startswith(b"huishe_")]

    assert after == before


def test_how_far_a_journal_was_seen_is_told_once_it_was_seen(figures):
    told = figures.exposition().decode()

    assert 'huishe_gateway_journal_witnessed_size{service="registry"} 8.0' in told
    assert 'witnessed_size{service="procurement"}' not in told
