"""The short way: a read without a body, from bytes to bytes, when nobody has to wait.

Most requests are such: the service has a kept connection to spare, and its answer comes in one piece; or
the answer is kept here. They are finished in the callbacks of the two sockets, without a task and without
a message, which halves what the door costs. All that was decided about them is the same (`Door.enter`), and
as soon as one needs somebody to wait, for a second piece, a retry or a caller who reads slowly, it goes on
the usual way (`passage.py`), under the same exchange.
"""

from collections.abc import Callable

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from gateway.connections import Address, Exchange
from gateway.failures import Silent
from gateway.head import Header
from gateway.passage import Passage

_WITHOUT_LENGTH = (204, 304)


class Express:
    """One such request. `usual_way` sets it on the other track."""

    __slots__ = ("_address", "_cycle", "_exchange", "_passage", "_usual_way")

    def __init__(
        self, passage: Passage, cycle: RequestResponseCycle, usual_way: Callable[[], None]
    ) -> None:
        self._passage = passage
        self._cycle = cycle
        self._usual_way = usual_way
        self._exchange: Exchange | None = None
        self._address: Address | None = None

    def takes(self) -> bool:
        """Begin it here if that can be done; otherwise nothing has happened yet."""
        passage, way = self._passage, self._passage.way
        if passage.refusal is not None or way is None or way.service is None:
            return False
        if passage.scope["method"] != "GET" or passage.has_body or self._must_wait:
            return False
        if way.cached:
            key = passage.kept_under()
            if key is not None:
                kept = passage.door.cache.find(key, passage.begun)
                if kept is not None:
                    self._answer(*passage.again(kept, "hit"))
                return kept is not None
        return self._send(way.service, way.lane.share)

    @property
    def _must_wait(self) -> bool:
        """For a caller who takes nothing, or wants to be told to go on."""
        return self._cycle.flow.write_paused or self._cycle.waiting_for_100_continue

    def _send(self, service: str, share: float) -> bool:
        passage = self._passage
        upstreams, exchange = passage.door.upstreams, passage.exchange(service)
        exchange.watch = passage.watcher(exchange)
        exchange.on_news = self._news
        try:
            self._address = upstreams.send_at_once(
                upstreams.services[service],
                exchange,
                lambda authority: passage.written(authority, exchange),
                share,
            )
        except Silent:
            return False  # the usual way finds that out, too, and tells it
        if self._address is None:
            return False
        if passage.way is not None and passage.way.cached:
            passage.passes_by_cache()
        self._exchange = exchange
        return True

    def _news(self) -> None:
        """Something came over the service's connection, or it failed."""
        exchange, address = self._exchange, self._address
        if exchange is None or address is None:
            return
        passage = self._passage
        if exchange.failure is not None or not exchange.complete or self._must_wait:
            passage.under_way = exchange, address
            self._usual_way()
            return
        address.answered()
        status, headers, body = exchange.status, passage.answer_headers(exchange), exchange.taken()
        passage.door.upstreams.end(address, exchange)
        told = any(name == b"content-length" for name, _ in headers)
        if not told and status not in _WITHOUT_LENGTH:
            headers.append((b"content-length", b"%d" % len(body)))
        self._answer(status, headers, body)

    def _answer(self, status: int, headers: list[Header], body: bytes) -> None:
        """Write it whole, and let the next request of this connection come."""
        passage, cycle = self._passage, self._cycle
        if cycle.disconnected:
            passage.status = 499
        else:
            passage.sign(status, headers)
            lines = [STATUS_LINE[status]]
            for name, value in (*cycle.default_headers, *headers):
                lines += (name, b": ", value, b"\r\n")
            lines.append(b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n")
            lines.append(body)
            cycle.transport.write(b"".join(lines))
        passage.door.note(passage)
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            cycle.transport.close()
        cycle.on_response()
