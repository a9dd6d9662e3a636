"""The door's configuration: one file, validated whole, known by its digest.

It says what goes where, in which lane, how often, how large and how long (`configuration.toml` is the
one in use when no other is named). What a deployment is told once, its addresses and secrets, is in
`settings.py`; what an operator turns while callers are served is here.
"""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from gateway.compat import chosen
from gateway.compat.chosen import CompatRoute
from gateway.settings import Upstreams
from shared.words import Text

DEFAULT = Path(__file__).with_name("configuration.toml")
LARGEST_FILE = 1024 * 1024

LaneName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,29}$")]
PathPattern = Annotated[
    str, StringConstraints(pattern=r"^/[a-z]+/v1/(?:\*\*|[A-Za-z0-9_*./-]+)$", max_length=200)
]


class Part(BaseModel):
    """A table of the file: nothing unknown in it, and nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Callers(Part):
    burst_seconds: int = Field(ge=1, le=3600)
    anonymous_share: float = Field(gt=0, le=1)
    service_factor: float = Field(ge=1, le=1000)


class LaneLimits(Part):
    rate: float = Field(gt=0, le=1_000_000, description="Requests a second of one client")
    body_bytes: int = Field(ge=1024, le=2**30)
    total_seconds: float = Field(gt=0, le=3600)
    share: float = Field(gt=0, le=1, description="Of the connections to a service")
    discreet: bool = False


class Own(Part):
    reads: LaneName
    writes: LaneName
    tokens: LaneName


class Route(Part):
    service: str
    paths: list[PathPattern] = Field(min_length=1)
    reads: LaneName
    writes: LaneName
    cache: bool = False


class CacheLimits(Part):
    most_bytes: int = Field(ge=0, le=2**36)
    largest_bytes: int = Field(ge=0, le=2**28)


class Configuration(Part):
    """What one file says."""

    callers: Callers
    lanes: dict[LaneName, LaneLimits]
    own: Own
    routes: list[Route]
    cache: CacheLimits
    upstreams: Upstreams | None = None
    compat: list[CompatRoute] = []
    """Which routes the compat profile has, under which names."""
    digest: str = ""
    """SHA-256 of the file's bytes. Every journal row of a request names the one it came in under."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a configuration, where it stands, and why it matters."""

    where: str
    what: Text
    grave: bool
    """Whether it is refused for it; otherwise it is only doubtful."""

    def __str__(self) -> str:
        return f"{self.where}: {self.what.zh} {self.what.en}"


class ConfigurationRefused(ValueError):
    """A file that no gateway may follow; `findings` says all that is wrong with it."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__("\n".join(map(str, findings)))


def read(path: Path, *, addresses_given: bool = False) -> Configuration:
    """The configuration in a file, or everything that is wrong with it.

    `addresses_given` says whether the environment names the services' addresses already.
    """
    configuration = parsed(content_of(path))
    grave = [
        found for found in audit(configuration, addresses_given=addresses_given) if found.grave
    ]
    if grave:
        raise ConfigurationRefused(grave)
    return configuration


def parsed(content: bytes) -> Configuration:
    """What the bytes of a file say; its tables are in order, its sense is `audit`'s to judge."""
    try:
        said: dict[str, Any] = tomllib.loads(content.decode())
    except (ValueError, RecursionError) as error:
        raise ConfigurationRefused([_unreadable(error)]) from None
    try:
        return Configuration.model_validate({**said, "digest": hashlib.sha256(content).hexdigest()})
    except ValidationError as error:
        raise ConfigurationRefused([_of_field(fault) for fault in error.errors()]) from None


def content_of(path: Path) -> bytes:
    """The bytes of a file, if it can be read and is not larger than any configuration is."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ConfigurationRefused([_unreadable(error)]) from None
    if len(content) > LARGEST_FILE:
        raise ConfigurationRefused([_unreadable(ValueError("larger than 1 MiB"))])
    return content


def _unreadable(error: Exception) -> Finding:
    told = error.strerror if isinstance(error, OSError) else str(error)
    return Finding("file", Text(zh=f"文件无法读取（{told}）", en=f"cannot be read ({told})"), True)


def _of_field(fault: Any) -> Finding:
    where = ".".join(str(step) for step in fault["loc"]) or "file"
    return Finding(where, Text(zh=f"取值有误（{fault['msg']}）", en=str(fault["msg"])), True)


# --- What a configuration means, judged ----------------------------------------------------------


def audit(configuration: Configuration, *, addresses_given: bool = False) -> list[Finding]:
    """Everything to be said about a configuration whose tables are in order, the grave first."""
    found = [
        *_of_addresses(configuration, addresses_given),
        *_of_lanes(configuration),
        *_of_routes(configuration),
        *_of_bids(configuration),
        *_of_limits(configuration),
        *_of_compat(configuration),
    ]
    return sorted(found, key=lambda finding: not finding.grave)


def _of_addresses(configuration: Configuration, given: bool) -> list[Finding]:
    if configuration.upstreams is not None and given:
        what = Text(
            zh="GATEWAY_UPSTREAMS 已给出服务地址；请只保留一处",
            en="GATEWAY_UPSTREAMS names the addresses too: keep one of the two",
        )
        return [Finding("upstreams", what, True)]
    if configuration.upstreams is None:
        return []
    return [
        Finding(
            f"routes.{place}.service",
            Text(
                zh=f"服务 {route.service} 没有地址；请求只会得到 503",
                en=f"{route.service} has no address: requests would only get 503",
            ),
            True,
        )
        for place, route in enumerate(configuration.routes)
        if route.service not in configuration.upstreams
    ]


def _of_lanes(configuration: Configuration) -> list[Finding]:
    named = {
        f"own.{use}": getattr(configuration.own, use) for use in ("reads", "writes", "tokens")
    } | {
        f"routes.{place}.{use}": getattr(route, use)
        for place, route in enumerate(configuration.routes)
        for use in ("reads", "writes")
    }
    found = [
        Finding(where, Text(zh=f"没有车道 {lane}", en=f"there is no lane {lane}"), True)
        for where, lane in named.items()
        if lane not in configuration.lanes
    ]
    return found + [
        Finding(
            f"lanes.{lane}",
            Text(zh="没有路由使用该车道", en="no route uses this lane"),
            False,
        )
        for lane in configuration.lanes
        if lane not in named.values()
    ]


def _of_routes(configuration: Configuration) -> list[Finding]:
    found: list[Finding] = []
    earlier: list[str] = []
    for place, route in enumerate(configuration.routes):
        for path in route.paths:
            where = f"routes.{place}.paths"
            if path.split("/")[1] != route.service:
                what = Text(
                    zh=f"{path} 不属于服务 {route.service}：服务只认自己名下的路径",
                    en=f"{path} is not {route.service}'s: a service knows paths under its own name only",
                )
                found.append(Finding(where, what, True))
            if "**" in path[:-2] or not all(_whole(step) for step in path.split("/")[3:]):
                what = Text(
                    zh=f"{path}：* 须为完整的一段，** 只能在末尾",
                    en=f"{path}: `*` stands for a whole segment, `**` only at the end",
                )
                found.append(Finding(where, what, True))
            if any(covers(other, path) for other in earlier):
                what = Text(
                    zh=f"{path} 永远轮不到：前面的路由已包含它",
                    en=f"{path} is never reached: an earlier route has it already",
                )
                found.append(Finding(where, what, True))
        earlier += route.paths
    return found


def _whole(step: str) -> bool:
    return "*" not in step or step in ("*", "**")


def _of_bids(configuration: Configuration) -> list[Finding]:
    """What the secrecy of bids demands of any configuration."""
    lanes = configuration.lanes
    found: list[Finding] = []
    for path in ("/procurement/v1/bids", "/procurement/v1/bids/x/parts/1"):
        route = route_of(configuration, path)
        for used in {route.reads, route.writes} if route else ():
            if used in lanes and not lanes[used].discreet:
                what = Text(
                    zh=f"{path} 须走 discreet 车道：否则日志和指标会泄露谁在投标",
                    en=f"{path} needs a discreet lane: log and counters would tell who bids",
                )
                found.append(Finding(f"lanes.{used}.discreet", what, True))
    for name, lane in lanes.items():
        if lane.discreet and lane.share < max(other.share for other in lanes.values()):
            what = Text(
                zh="投标车道的份额须最大：过载时投标最后被拒",
                en="the lane of bids has the largest share: under overload bids are turned away last",
            )
            found.append(Finding(f"lanes.{name}.share", what, True))
    for place, route in enumerate(configuration.routes):
        if route.cache and route.reads in lanes and lanes[route.reads].discreet:
            what = Text(
                zh="discreet 车道不得缓存：缓存命中与否会泄露有无投标",
                en="nothing of a discreet lane is cached: a hit would tell that somebody asked",
            )
            found.append(Finding(f"routes.{place}.cache", what, True))
    return found


def _of_limits(configuration: Configuration) -> list[Finding]:
    found: list[Finding] = []
    callers = configuration.callers
    for name, lane in configuration.lanes.items():
        if lane.rate * callers.anonymous_share * callers.burst_seconds < 1:
            what = Text(
                zh="匿名调用方连一个请求都发不出",
                en="callers without a token could not send a single request at once",
            )
            found.append(Finding(f"lanes.{name}.rate", what, False))
        if lane.discreet and lane.total_seconds < 300:
            what = Text(
                zh="慢速网络在该时限内可能传不完一份投标文件",
                en="a slow line may not carry one part of a bid in that time",
            )
            found.append(Finding(f"lanes.{name}.total_seconds", what, False))
    cache = configuration.cache
    if cache.most_bytes < cache.largest_bytes:
        what = Text(
            zh="一份最大的答复就会挤出全部缓存", en="one largest answer would push out all others"
        )
        found.append(Finding("cache.most_bytes", what, False))
    return found


def _of_compat(configuration: Configuration) -> list[Finding]:
    def is_discreet(path: str) -> bool | None:
        route, lanes = route_of(configuration, path), configuration.lanes
        if route is None:
            return None
        return any(lanes[name].discreet for name in (route.reads, route.writes) if name in lanes)

    return [
        Finding(where, what, True)
        for where, what in chosen.faults(configuration.compat, is_discreet)
    ]


# --- Paths ---------------------------------------------------------------------------------------


def route_of(configuration: Configuration, path: str) -> Route | None:
    """The first route that a path fits."""
    for route in configuration.routes:
        if any(expression(pattern).fullmatch(path) for pattern in route.paths):
            return route
    return None


def expression(pattern: str) -> re.Pattern[str]:
    """`*` is one segment, `**` at the end all that follows, however deep."""
    written = re.escape(pattern).replace(r"\*\*", ".*").replace(r"\*", "[^/]+")
    return re.compile(written)


def covers(one: str, other: str) -> bool:
    """Whether every path that fits `other` fits `one` too."""
    ours, theirs = one.split("/"), other.split("/")
    for place, step in enumerate(ours):
        if step == "**":
            return place == len(ours) - 1 and len(theirs) > place
        if place >= len(theirs) or theirs[place] == "**":
            return False
        if step not in ("*", theirs[place]):
            return False
    return len(ours) == len(theirs)
