"""Where a webhook may go: never into the bureau's own net, whatever a name says of itself.

An address is judged when it is used, not when it is told: each attempt resolves the name here,
refuses it when *any* of its addresses is refused, and connects to one that was judged. A name that
says one thing to the guard and another to the connection (DNS rebinding) gains nothing, because the
connection never asks for the name again.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from shared.words import Text

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Name and port → addresses, as the system knows them; OSError when there are none."""

LONGEST_URL = 2000

# The special-purpose registries of IANA (RFC 6890 and its successors), and what clouds put beside.
REFUSED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT; metadata of one cloud
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's own service, on an address that looks public
        "169.254.0.0/16",  # link-local; metadata of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; metadata of one cloud
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and the broadcast address
    )
)
GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
"""All that is handed out. Loopback, unique local, link-local, multicast and the rest lie outside."""
REFUSED_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address inside, reached by whatever relay is near
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

_HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*"
)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<rest>/[!$&'()*+,./0-9:;=?@A-Z_a-z~%-]*)?"
)

WRITTEN = Text(
    zh="须为规范的 https 地址：主机名、可选端口和路径，不含用户名、片段或特殊字符",
    en="a plain https address: host, maybe port and path; no credentials, fragment or odd characters",
)
HTTPS_ONLY = Text(zh="须使用 https", en="https is needed")
PORTS_ONLY = Text(zh="端口不允许；可用：{ports}", en="a port that is allowed: {ports}")
HOST_NAME = Text(
    zh="主机须为完整域名或规范书写的公网地址",
    en="the host is a full domain name, or a public address in its usual spelling",
)
ADDRESS = Text(
    zh="不得指向内网、回环、链路本地、组播、保留或云元数据地址",
    en="no private, loopback, link-local, multicast, reserved or metadata address",
)


class Refused(ValueError):
    """Not a place that webhooks are sent to."""

    def __init__(self, rule: Text) -> None:
        self.rule = rule
        super().__init__(rule.en)


class Unresolved(ValueError):
    """The name has no address now."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL in its parts. `host` is lower case; an address stands without brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def literal(self) -> IpAddress | None:
        try:
            return ipaddress.ip_address(self.host)
        except ValueError:
            return None

    @property
    def authority(self) -> str:
        """What the `Host` header says."""
        usual = {"https": 443, "http": 80}[self.scheme] == self.port
        return _bracketed(self.host) if usual else f"{_bracketed(self.host)}:{self.port}"

    def at(self, address: IpAddress) -> str:
        """The URL that leads to one address, whatever the name says by now."""
        return f"{self.scheme}://{_bracketed(str(address))}:{self.port}{self.path}"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


async def ask_the_system(host: str, port: int) -> Sequence[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[4][0]) for address in found]


@dataclass(frozen=True, slots=True)
class Guard:
    """What is allowed here. Plain hosts and open networks are a sandbox's: it may call itself."""

    ports: Sequence[int] = (443,)
    refused: Sequence[IpNetwork] = ()
    """Networks of the operator's own that look public."""
    plain_hosts: Sequence[str] = ()
    """Hosts that may be called by http, on any port."""
    open_networks: Sequence[IpNetwork] = ()
    resolve: Resolve = field(default=ask_the_system, repr=False)

    def target(self, url: str) -> Target:
        """The parts of a URL that may be subscribed; `Refused` with the rule it breaks."""
        found = _URL.fullmatch(url) if len(url) <= LONGEST_URL else None
        if found is None or not _read_alike(url, found):
            raise Refused(WRITTEN)
        scheme, host = found["scheme"], found["host"].lower().strip("[]")
        target = Target(
            scheme,
            host,
            int(found["port"] or {"https": 443, "http": 80}[scheme]),
            found["rest"] or "/",
        )
        self._check_host(target)
        if host not in self.plain_hosts:
            if scheme != "https":
                raise Refused(HTTPS_ONLY)
            if target.port not in self.ports:
                raise Refused(PORTS_ONLY.filled(ports=", ".join(map(str, self.ports))))
        if not 0 < target.port < 65536:
            raise Refused(WRITTEN)
        return target

    def _check_host(self, target: Target) -> None:
        literal = target.literal
        if literal is not None:
            # One spelling for one address: what is compared, shown and called must be the same.
            if str(literal) != target.host:
                raise Refused(HOST_NAME)
            self.check(literal)
        elif target.host not in self.plain_hosts and not _is_full_name(target.host):
            raise Refused(HOST_NAME)

    def check(self, address: IpAddress) -> None:
        if not self.allows(address):
            raise Refused(ADDRESS)

    def allows(self, address: IpAddress) -> bool:
        """Whether one address may be called."""
        if getattr(address, "scope_id", None):
            return False
        if any(address in network for network in self.open_networks):
            return True
        if any(address in network for network in self.refused):
            return False
        if isinstance(address, ipaddress.IPv4Address):
            return not any(address in network for network in REFUSED_V4)
        if address in MAPPED or address in NAT64:  # the address inside is where it goes
            return self.allows(ipaddress.IPv4Address(address.packed[12:]))
        return address in GLOBAL_V6 and not any(address in network for network in REFUSED_V6)

    async def addresses(self, target: Target) -> list[IpAddress]:
        """Where the target is now; every address was judged. One bad address spoils the name."""
        literal = target.literal
        if literal is not None:
            found = [literal]
        else:
            try:
                told = await self.resolve(target.host, target.port)
                found = [ipaddress.ip_address(text) for text in dict.fromkeys(told)]
            except (OSError, UnicodeError) as problem:
                raise Unresolved(target.host) from problem
            except ValueError:
                raise Refused(ADDRESS) from None
        if not found:
            raise Unresolved(target.host)
        for address in found:
            self.check(address)
        return found


def _read_alike(url: str, found: "re.Match[str]") -> bool:
    """Whether the standard library reads the same host and port from it as we do."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    named = found["host"].lower().strip("[]")
    return parts.hostname == named and port == (int(found["port"]) if found["port"] else None)


def _is_full_name(host: str) -> bool:
    """A name with a dot that cannot be read as a number by anybody: 0x7f.1, 017700000001, 127.1."""
    last = host.rpartition(".")[2]
    return "." in host and bool(_HOST.fullmatch(host)) and not _NUMBER.fullmatch(last)
