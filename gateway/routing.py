"""The table: which path goes to which service, in which lane, with which limits.

Made whole from one configuration and never changed: a request keeps the table it came in under, and
another configuration is another table.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from gateway.configuration import Callers, Configuration, LaneLimits, expression
from gateway.limits import Allowance

READS = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = READS | {"POST", "PUT", "PATCH", "DELETE"}
TOKENS = ("/oauth/token", "/oauth/revoke")
"""Here the `Authorization` header holds a client's secret, and no token of ours."""
MARK = b"x-huishe-configuration"


@dataclass(frozen=True, slots=True)
class Lane:
    """A class of requests that share limits: how many, how large, how long."""

    name: str
    body_bytes: int
    total_seconds: float
    share: float
    """Of the connections to a service, how many it may hold."""
    discreet: bool
    """Left out of the access log and of every counter: its numbers would tell who bid."""
    of_clients: Allowance
    of_anybody: Allowance
    of_services: Allowance

    @classmethod
    def of(cls, name: str, limits: LaneLimits, callers: Callers) -> "Lane":
        def allowance(share: float) -> Allowance:
            return Allowance.of(name, limits.rate * share, callers.burst_seconds)

        return cls(
            name,
            limits.body_bytes,
            limits.total_seconds,
            limits.share,
            limits.discreet,
            of_clients=allowance(1.0),
            of_anybody=allowance(callers.anonymous_share),
            of_services=allowance(callers.service_factor),
        )


@dataclass(frozen=True, slots=True)
class Way:
    """Where a request goes. `service` is None when the gateway answers itself."""

    service: str | None
    lane: Lane
    cached: bool = False


@dataclass(frozen=True, slots=True)
class _Branch:
    """One route under its service's prefix."""

    paths: re.Pattern[str] | None
    """None when it has every path under the prefix."""
    reads: Way
    writes: Way


class Routes:
    """Answers for every canonical path; what no service owns is the gateway's own to answer."""

    def __init__(self, configuration: Configuration, services: Collection[str]) -> None:
        lanes = {
            name: Lane.of(name, limits, configuration.callers)
            for name, limits in configuration.lanes.items()
        }
        self.lanes = tuple(lanes.values())
        self.mark = b"%b: %b\r\n" % (MARK, configuration.digest.encode())
        """The line by which a service learns under which configuration a request came in."""
        self._tokens = Way(None, lanes[configuration.own.tokens])
        self._own_reads = Way(None, lanes[configuration.own.reads])
        self._own_writes = Way(None, lanes[configuration.own.writes])
        self._branches: dict[str, list[_Branch]] = {}
        for route in configuration.routes:
            if route.service in services:
                prefix = f"/{route.service}/v1/"
                whole = f"{prefix}**" in route.paths
                branch = _Branch(
                    None if whole else _any_of(route.paths),
                    Way(route.service, lanes[route.reads], route.cache),
                    Way(route.service, lanes[route.writes]),
                )
                self._branches.setdefault(prefix, []).append(branch)

    def find(self, method: str, path: str) -> Way:
        end = path.find("/v1/", 1)
        for branch in self._branches.get(path[: end + 4], ()) if end > 0 else ():
            if branch.paths is None or branch.paths.fullmatch(path):
                return branch.reads if method in READS else branch.writes
        if path in TOKENS:
            return self._tokens
        return self._own_reads if method in READS else self._own_writes

    def is_for_tokens(self, way: Way) -> bool:
        """Whether the `Authorization` of its requests holds a client's secret and no token."""
        return way is self._tokens


def _any_of(paths: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(expression(path).pattern for path in paths))
