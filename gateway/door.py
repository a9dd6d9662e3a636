"""The data path: every request comes through here, and goes on to a service or is refused.

To be read from top to bottom. `Door.enter` reads the head (`head.py`), checks and admits: the functions
below it are its steps in their order. Then `express.py` takes what needs nobody to wait, from bytes to
bytes, and `passage.py` everything else. What no service owns goes to the gateway's own pages and endpoints
(`app.py`), behind the same checks.
"""

import time

import orjson

from gateway.access import AccessLog, Figures
from gateway.cache import Cache
from gateway.failures import Gone
from gateway.head import Header, Heads
from gateway.hosts import Hosts
from gateway.in_force import InForce
from gateway.limits import Limits
from gateway.passage import Application, Passage, Receive, Scope, Send, network, too_large
from gateway.routing import METHODS, Lane, Routes, Way
from gateway.settings import GatewaySettings
from gateway.tokens.verification import TokenDesk
from gateway.upstreams import Upstreams
from shared.errors import Refusal
from shared.http.canonical import require_canonical
from shared.http.problems import Broken, MethodNotAllowed, document
from shared.logging import get_logger
from shared.tokens import Caller
from shared.words import preferred_language

MOST_TARGETS = 4096
LONGEST_REMEMBERED = 256


class Door:
    """One per process, made when the loop runs."""

    def __init__(
        self,
        settings: GatewaySettings,
        *,
        in_force: InForce,
        desk: TokenDesk,
        limits: Limits,
        upstreams: Upstreams,
        cache: Cache,
        figures: Figures,
        access_log: AccessLog,
        own: Application,
    ) -> None:
        self.heads = Heads()
        self.in_force = in_force
        self.hosts = Hosts(settings.allowed_hosts)
        self.limits = limits
        self.desk = desk
        self.upstreams = upstreams
        self.cache = cache
        self.figures = figures
        self.access_log = access_log
        self.own = own
        self.patience = settings.read_seconds
        self._problem_base = settings.problem_base
        self._canonical: set[bytes] = set()
        self._log = get_logger("gateway.door")

    def enter(self, scope: Scope, receive: Receive, send: Send) -> Passage:
        """All that is decided before a byte goes on. Nothing here waits."""
        passage = Passage(self, scope, receive, send)
        try:
            self._check(passage)
        except Refusal as refusal:
            passage.refusal = refusal
        except Exception:
            self._log.exception("door.broken", request_id=passage.arrival.request_id.decode())
            passage.refusal = Broken()
        return passage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The rest of the way, when somebody has to wait; the server may have entered it already."""
        passage: Passage = scope.pop("huishe.passage", None) or self.enter(scope, receive, send)
        try:
            await passage.go()
        except Refusal as refusal:
            await passage.refuse(refusal)
        except Gone:
            passage.status = 499
        except Exception:
            self._log.exception("door.broken", request_id=passage.arrival.request_id.decode())
            await passage.refuse(Broken())
        finally:
            self.note(passage)

    def _check(self, passage: Passage) -> None:
        arrival, scope = passage.arrival, passage.scope
        passage.forward = self.heads.read(scope["headers"], arrival)
        self.hosts.require_known(arrival.host)
        self._require_canonical(scope)
        passage.path_is_known = True
        way = passage.way = self._way(passage.routes, scope)
        caller = passage.caller = self._caller(passage, way)
        passage.rate = self._admit(scope, caller, way.lane, passage.begun)
        if arrival.length is not None and arrival.length > way.lane.body_bytes:
            raise too_large(way.lane)

    def _require_canonical(self, scope: Scope) -> None:
        """A target once checked is remembered: the same ones are asked for again and again."""
        target = scope["huishe.target"]
        if target in self._canonical:
            return
        require_canonical(scope["raw_path"], scope["query_string"])
        if len(target) > LONGEST_REMEMBERED:
            return
        if len(self._canonical) >= MOST_TARGETS:
            self._canonical.clear()
        self._canonical.add(target)

    # 1. Where to, who, how often

    def _way(self, routes: Routes, scope: Scope) -> Way:
        method: str = scope["method"]
        if method not in METHODS:
            raise MethodNotAllowed()
        return routes.find(method, scope["raw_path"].decode("ascii"))

    def _caller(self, passage: Passage, way: Way) -> Caller | None:
        """A token is checked here when there is one; whether one is needed the service judges."""
        authorization = passage.arrival.authorization
        if authorization is None or passage.routes.is_for_tokens(way):
            return None  # at the token endpoint the header holds the client's secret
        return self.desk.caller(authorization, time.time())

    def _admit(self, scope: Scope, caller: Caller | None, lane: Lane, now: float) -> list[Header]:
        if caller is None:
            allowance, key = lane.of_anybody, network(scope)
        elif "service" in caller.roles:
            allowance, key = lane.of_services, caller.client_id
        else:
            allowance, key = lane.of_clients, caller.client_id
        return [self.limits.admit(key, allowance, now), allowance.policy]

    # 2. What is remembered

    def note(self, passage: Passage) -> None:
        """Into the log and the figures, but for the lane of bids."""
        way, status, scope = passage.way, passage.status, passage.scope
        seconds = time.monotonic() - passage.begun
        if way is not None and way.lane.discreet:
            self.figures.note_bid(status)
            return
        service = (way.service if way else None) or "gateway"
        lane = way.lane.name if way else "read"
        self.figures.tallies[service, lane].note(status, seconds)
        caller = passage.caller
        self.access_log.note(
            (
                time.time(),
                passage.arrival.request_id.decode(),
                caller.client_id if caller else self.access_log.pseudonym(network(scope)),
                scope["method"],
                scope["path"] if passage.path_is_known else "",
                status,
                seconds,
                service,
            )
        )

    def problem(self, refusal: Refusal, passage: Passage) -> tuple[bytes, str]:
        """A refusal as a problem document, and its language."""
        scope = passage.scope
        accepted = next((v for n, v in scope["headers"] if n == b"accept-language"), b"")
        language = preferred_language(accepted.decode("latin-1"))
        request_id = passage.arrival.request_id.decode()
        members = document(
            refusal,
            # What could not be read is not repeated.
            instance=scope["path"] if passage.path_is_known else f"urn:huishe:request:{request_id}",
            language=language,
            trace_id=passage.trace_id,
            base=self._problem_base,
        )
        return orjson.dumps(members), language
