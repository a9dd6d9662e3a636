"""The table: which prefix goes to which service, in which class, with which limits."""

import re
from dataclasses import dataclass

from gateway.settings import GatewaySettings

READS = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = READS | {"POST", "PUT", "PATCH", "DELETE"}
# What bidders alone do: uploading, committing, asking for a proof, opening with their own key.
BIDS = re.compile(r"/procurement/v1/(?:bids(?:/.*)?|openings/[^/]+/(?:root-releases|proofs/[^/]+))")
TOKENS = ("/oauth/token", "/oauth/revoke")
"""Here the `Authorization` header holds a client's secret, and no token of ours."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A class of requests that share limits: how many, how large, how long."""

    name: str
    rate: float
    """Requests a second of one client."""
    body_bytes: int
    total_seconds: float
    discreet: bool = False
    """Left out of the access log and of every counter: its numbers would tell who bid."""


@dataclass(frozen=True, slots=True)
class Way:
    """Where a request goes. `service` is None when the gateway answers itself."""

    service: str | None
    lane: Lane


class Routes:
    """Answers for every canonical path; what no service owns is the gateway's own to answer."""

    def __init__(self, settings: GatewaySettings) -> None:
        body, total = settings.body_bytes, settings.total_seconds
        reads = Lane("read", settings.read_rate, body, total)
        writes = Lane("write", settings.write_rate, body, total)
        tokens = Lane("token", settings.token_rate, 16384, total)
        # A deadline must not be lost to a neighbour's load: bids queue with nobody else.
        bids = Lane(
            "bids", settings.bid_rate, settings.upload_bytes, settings.upload_seconds, discreet=True
        )
        self.lanes = (reads, writes, tokens, bids)
        self.tokens = tokens
        self._services = {
            f"/{service}/v1/": (Way(service, reads), Way(service, writes))
            for service in settings.upstreams
        }
        self._own = (Way(None, reads), Way(None, writes))
        self._tokens = Way(None, tokens)
        self._bids = Way("procurement", bids) if "procurement" in settings.upstreams else None

    def find(self, method: str, path: str) -> Way:
        end = path.find("/v1/", 1)
        ways = self._services.get(path[: end + 4]) if end > 0 else None
        if ways is None:
            return self._tokens if path in TOKENS else self._own[method not in READS]
        if self._bids and ways[0].service == "procurement" and BIDS.fullmatch(path):
            return self._bids
        return ways[method not in READS]
