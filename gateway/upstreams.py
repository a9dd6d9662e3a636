"""The services as the gateway knows them: addresses that share the work, and the watch over them.

Those that fail are left out, probed, and taken back. What is in flight is watched here: for time
that runs out, and for callers who leave. The sockets are in `connections.py`.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from gateway.connections import Address, Exchange
from gateway.failures import UNFINISHED, Silent, Stalled, TooSlow
from shared.errors import TooManyRequests

SWEEP_SECONDS = 0.1
WATCH_AFTER_SECONDS = 0.1
PROBE_PATIENCE_SECONDS = 2.0
UNHEARD_SECONDS = 0.1
"""How soon one that has not answered yet is asked again."""
UNFINISHED_SHARE = 0.4
MOST_UNFINISHED = 20


class Upstream:
    """A service: its copies share the work."""

    def __init__(self, name: str, addresses: list[Address]) -> None:
        self.name = name
        self.addresses = addresses
        self._turn = 0

    def address(self, *, after: Address | None = None) -> Address:
        """Of those that answer the one with the least to do; refused at once when none answers.

        Equals take turns: the search begins one further each time, and the first of the least wins.
        `after` has just failed and is asked again only when there is nobody else.
        """
        addresses = self.addresses
        if len(addresses) == 1 and not addresses[0].ejected:
            return addresses[0]
        self._turn += 1
        turned = (
            addresses[(self._turn + place) % len(addresses)] for place in range(len(addresses))
        )
        answering = [address for address in turned if not address.ejected]
        if not answering:
            raise Silent(self.name)
        return min(answering, key=lambda address: (address is after, address.busy))


class RetryBudget:
    """One retry for every ten requests, and ten in hand: a storm is not answered with a storm."""

    def __init__(self) -> None:
        self._saved = 10.0

    def request(self) -> None:
        if self._saved < 10.0:
            self._saved += 0.1

    def spend(self) -> bool:
        if self._saved < 1.0:
            return False
        self._saved -= 1.0
        return True


class Upstreams:
    """All services, and the watch over every exchange in flight.

    Timeouts and the watch for callers who leave are one sweep, ten times a second, over what is in
    flight: a timer or a task for each request would cost more than passing it on.
    """

    def __init__(
        self,
        addresses: dict[str, list[str]],
        *,
        connect_seconds: float,
        read_seconds: float,
        idle_seconds: float,
        connections_per_address: int,
    ) -> None:
        self._limit, self._idle_seconds = connections_per_address, idle_seconds
        self.services = {name: Upstream(name, []) for name in addresses}
        self.adopt(addresses)
        self.connect_seconds = connect_seconds
        self.budget = RetryBudget()
        self.in_flight: set[Exchange] = set()
        self._read_seconds = read_seconds
        self._unfinished = max(1, int(connections_per_address * UNFINISHED_SHARE))

    def adopt(self, addresses: Mapping[str, list[str]]) -> None:
        """Take other addresses for the services: those that stay keep what is known of them.

        One that is no longer named ends what it has under way and is begun nothing new.
        """
        for name, urls in addresses.items():
            upstream = self.services[name]
            known = {address.url: address for address in upstream.addresses}
            upstream.addresses = [
                known.get(url) or Address(name, url, self._limit, self._idle_seconds)
                for url in urls
            ]
            for url in known.keys() - set(urls):
                known[url].retire()

    @property
    def addresses(self) -> list[Address]:
        return [address for upstream in self.services.values() for address in upstream.addresses]

    def let_stream(self, exchange: Exchange) -> None:
        """Refuse a body that comes in pieces when too many are unfinished.

        Each holds a connection to the service until its end, and its sender chooses when that is.
        So one caller has few of them and a lane has a share: reads and short bodies always get by.
        """
        unfinished = [
            other.caller
            for other in self.in_flight
            if not other.sent and (other.name, other.lane) == (exchange.name, exchange.lane)
        ]
        if unfinished.count(exchange.caller) >= MOST_UNFINISHED:
            raise TooManyRequests(UNFINISHED, headers={"Retry-After": "1"})
        if len(unfinished) >= self._unfinished:
            raise Silent(exchange.name)

    async def begin(
        self,
        upstream: Upstream,
        exchange: Exchange,
        request: Callable[[bytes], bytes],
        *,
        safe: bool,
        head_only: bool = False,
        share: float = 1.0,
        sent_to: Address | None = None,
    ) -> Address:
        """Send the request and wait for the head of the answer.

        `share` is the lane's of the connections to one address. `request` writes the bytes for one address. Sent again, elsewhere if there is elsewhere, only
        when nothing was sent yet or nothing can have been done, and within the budget. It may have
        been `sent_to` one already (`send_at_once`).
        """
        if sent_to is None:
            self._admit(exchange)
        failed: Address | None = None
        while True:
            address = sent_to or upstream.address(after=failed)
            try:
                if sent_to is None:
                    connection = address.kept(share)
                    if connection is None:
                        connection = await address.connection(self.connect_seconds, share)
                    if exchange.failure is not None:
                        exchange.connection = connection
                        raise exchange.failure
                    connection.send(exchange, request(address.authority), head_only=head_only)
                await exchange.head()
            except Silent as silence:
                address.release(exchange)
                if silence.left:
                    address.failed(refused=False)
                if failed is not None or exchange.abandoned or (silence.left and not safe):
                    raise
                if not self.budget.spend():
                    raise
                failed, sent_to, exchange.failure = address, None, None
                exchange.headers.clear()
            except TooSlow as slow:
                if slow.silent:
                    address.failed(refused=False)
                raise
            else:
                address.answered()
                return address

    def send_at_once(
        self,
        upstream: Upstream,
        exchange: Exchange,
        request: Callable[[bytes], bytes],
        share: float,
    ) -> Address | None:
        """Send over a connection that is kept, if there is one: nobody has to wait for it."""
        address = upstream.address()
        connection = address.kept(share)
        if connection is None:
            return None
        self._admit(exchange)
        connection.send(exchange, request(address.authority), head_only=False)
        return address

    def _admit(self, exchange: Exchange) -> None:
        self.budget.request()
        self.in_flight.add(exchange)

    def end(self, address: Address | None, exchange: Exchange) -> None:
        """The exchange is over, well or not."""
        self.in_flight.discard(exchange)
        exchange.watch = exchange.on_news = (
            None  # it knows the exchange: a ring would wait for the collector
        )
        if exchange.watching is not None:
            exchange.watching.cancel()
        if exchange.connection is not None:
            (address or exchange.connection.address).release(exchange)

    async def keep_watch(self) -> None:
        """The sweep; runs as long as the gateway."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self.sweep(time.monotonic())

    def sweep(self, now: float) -> None:
        for exchange in list(self.in_flight):
            silent = now - exchange.heard >= self._read_seconds and not exchange.giving
            late = silent or now >= exchange.deadline
            if late and exchange.waits_for_caller:
                exchange.fail(Stalled())
            elif late:
                exchange.fail(TooSlow(exchange.name, silent=silent))
            elif exchange.watch is not None and now - exchange.begun >= WATCH_AFTER_SECONDS:
                exchange.watching = asyncio.create_task(exchange.watch())
                exchange.watch = None
        for address in self.addresses:
            address.close_stale()

    def close(self) -> None:
        for address in self.addresses:
            address.close()

    # Asking on the gateway's own behalf

    async def ask(
        self,
        address: Address,
        path: str,
        *,
        method: bytes = b"GET",
        body: bytes = b"",
        headers: Iterable[tuple[bytes, bytes]] = (),
        seconds: float = 5.0,
    ) -> tuple[int, bytes]:
        """One whole request to one address, ejected or not: probes, contracts, settlements."""
        exchange = Exchange(address.name, time.monotonic(), seconds)
        self.in_flight.add(exchange)
        lines = [b"%b %b HTTP/1.1\r\nhost: %b\r\n" % (method, path.encode(), address.authority)]
        lines += [b"%b: %b\r\n" % header for header in headers]
        if body or method != b"GET":
            lines.append(b"content-length: %d\r\n" % len(body))
        try:
            connection = await address.connection(min(seconds, self.connect_seconds))
            connection.send(exchange, b"".join([*lines, b"\r\n", body]), head_only=False)
            await exchange.head()
            parts = []
            while part := await exchange.more():
                parts.append(part)
            return exchange.status, b"".join(parts)
        finally:
            self.end(address, exchange)


async def probe_forever(
    upstreams: Upstreams, seconds: float, tell: Callable[[str, bool], Any]
) -> None:
    """Ask every address how it is; take back those that answer. `tell` hears of each change.

    Each has a round of its own: one that hangs must not keep the others from being asked.
    """

    async def keep_asking(address: Address) -> None:
        while not address.retired:
            # One that is out is asked with less patience, so that it is soon asked again.
            patience = seconds if address.ejected else PROBE_PATIENCE_SECONDS
            await probe(upstreams, address, tell, patience)
            unheard = address.answered_at is None  # both are just starting
            await asyncio.sleep(min(seconds, UNHEARD_SECONDS) if unheard else seconds)

    asked: set[Address] = set()
    async with asyncio.TaskGroup() as rounds:
        while True:  # another configuration may name others
            for address in set(upstreams.addresses) - asked:
                rounds.create_task(keep_asking(address))
            asked = set(upstreams.addresses)
            await asyncio.sleep(seconds)


async def probe(
    upstreams: Upstreams, address: Address, tell: Callable[[str, bool], Any], patience: float
) -> None:
    was_out = address.ejected
    try:
        status, _ = await upstreams.ask(address, "/health/ready", seconds=patience)
    except (Silent, TooSlow) as failure:
        address.ready = False
        if isinstance(failure, TooSlow) or failure.left:  # a refused connection noted itself
            address.failed(refused=False)
    else:
        address.ready, address.answered_at = status == 200, time.monotonic()
        address.answered()
    if address.ejected != was_out:
        tell(address.name, address.ejected)
