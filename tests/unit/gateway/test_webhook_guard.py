"""Where a webhook may go: spelled how it may be, resolved to what it may be."""

import ipaddress
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.webhooks.guard import Guard, Refused, Unresolved
from shared.settings import SettingsRefused
from tests.support.gateway import gateway_settings

PUBLIC = Guard()

ADDRESSES_REFUSED = [
    *("0.0.0.0", "0.255.255.255", "10.0.0.1", "10.255.255.254", "100.64.0.1", "100.127.255.255"),
    *("127.0.0.1", "127.255.255.254", "169.254.0.1", "172.16.0.1", "172.31.255.254"),
    *("192.0.0.1", "192.0.0.192", "192.0.2.7", "192.88.99.1", "192.168.0.1", "192.168.255.255"),
    *("198.18.0.1", "198.19.255.255", "198.51.100.9", "203.0.113.200", "224.0.0.1"),
    *("239.255.255.255", "240.0.0.1", "255.255.255.255"),
    # Metadata of clouds
    *("169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "fd00:ec2::254"),
    # IPv6
    *("::", "::1", "fc00::1", "fdff::1", "fe80::1", "fec0::1", "ff02::1", "ff0e::1", "100::1"),
    *("2001:db8::1", "2001::1", "2001:2::1", "2001:20::1", "3fff::1", "5f00::1", "4000::1"),
    # An IPv4 address inside
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:192.168.1.1"),
    *("2002:7f00:1::", "2002:c0a8:101::1", "2002:808:808::1", "64:ff9b::7f00:1"),
    *("64:ff9b::a9fe:a9fe", "64:ff9b::a00:1", "64:ff9b:1::808:808", "::127.0.0.1", "::8.8.8.8"),
    *("fe80::1%eth0", "2606:4700::1111%1"),
]
ADDRESSES_ALLOWED = [
    *("1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0"),
    *("126.255.255.255", "128.0.0.1", "169.253.255.255", "172.15.255.255", "172.32.0.0"),
    *("192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255"),
    *("2400:3200::1", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808"),
]

URLS_REFUSED = [
    "",
    "https://",
    "https:///path",
    "https:receiver.example.org/",
    "//receiver.example.org/",
    "ftp://receiver.example.org/",
    "file:///etc/passwd",
    "gopher://receiver.example.org/",
    "HTTPS://receiver.example.org/",
    "http://receiver.example.org/",
    "https://receiver.example.org:80/",
    "https://receiver.example.org:22/",
    "https://receiver.example.org:8443/",
    "https://receiver.example.org:0/",
    "https://receiver.example.org:65536/",
    "https://receiver.example.org:/",
    # Credentials, fragments, and what readers disagree about
    "https://user@receiver.example.org/",
    "https://user:password@receiver.example.org/",
    "https://receiver.example.org@127.0.0.1/",
    "https://127.0.0.1\\@receiver.example.org/",
    "https://receiver.example.org\\@127.0.0.1/",
    "https://receiver.example.org#@127.0.0.1/",
    "https://receiver.example.org/#fragment",
    "https://receiver.example.org?query",
    "https://receiver.example.org/a b",
    "https://receiver.example.org/\r\nx-injected: 1",
    "https://receiver.example.org/\x00",
    "https://receiver.example.org\t/",
    " https://receiver.example.org/",
    "https://receiver.example.org/ ",
    "https://receiver.example.org/路径",
    "https://receiver%2eexample.org/",
    "https://receiver.example.org/" + "a" * 2000,
    # Names that are none, or are numbers to somebody
    "https://localhost/",
    "https://receiver/",
    "https://receiver.example.org./",
    "https://.receiver.example.org/",
    "https://receiver..example.org/",
    "https://-receiver.example.org/",
    "https://" + "a" * 64 + ".example.org/",
    "https://１２７.0.0.1/",
    "https://ⓛocalhost/",
    "https://127.1/",
    "https://127.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://017700000001/",
    "https://0177.0.0.1/",
    "https://127.0.0.01/",
    "https://0/",
    "https://127.0.0.0x1/",
    "https://receiver.example.1/",
    "https://1.1.1.1.1/",
    "https://256.1.1.1/",
    # Addresses as they are usually written
    "https://127.0.0.1/",
    "https://10.0.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.100.100.200/latest/meta-data/",
    "https://[::1]/",
    "https://[::]/",
    "https://[fd00:ec2::254]/",
    "https://[fe80::1%25eth0]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[2606:4700:0::1111]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[::1/",
    "https://::1/",
]
URLS_ALLOWED = [
    "https://receiver.example.org",
    "https://receiver.example.org/",
    "https://receiver.example.org:443/hooks/1?key=a%20b&c=d",
    "https://RECEIVER.example.org/",
    "https://xn--fiq228c.example.org/",
    "https://a-b_c.example.org/",
    "https://1.1.1.1/",
    "https://[2606:4700::1111]/",
]


def test_the_tables_are_long_enough_to_mean_something() -> None:
    assert len(set(ADDRESSES_REFUSED)) + len(set(URLS_REFUSED)) >= 110


@pytest.mark.parametrize("address", ADDRESSES_REFUSED)
def test_an_address_that_is_not_the_publics_is_refused(address: str) -> None:
    assert not PUBLIC.allows(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ADDRESSES_ALLOWED)
def test_the_neighbours_of_refused_networks_are_allowed(address: str) -> None:
    assert PUBLIC.allows(ipaddress.ip_address(address))


@given(st.ip_addresses())
def test_nothing_is_allowed_that_the_standard_library_knows_not_to_be_global(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if PUBLIC.allows(address):
        inner = getattr(address, "ipv4_mapped", None) or address
        assert inner.is_global
        assert not inner.is_multicast


@pytest.mark.parametrize("url", URLS_REFUSED)
def test_a_url_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        PUBLIC.target(url)


@pytest.mark.parametrize("url", URLS_ALLOWED)
def test_a_url_is_taken(url: str) -> None:
    target = PUBLIC.target(url)

    assert (target.scheme, target.port) == ("https", 443)
    assert target.host == target.host.lower()


@given(st.text(max_size=60))
def test_whatever_is_written_is_taken_or_refused(text: str) -> None:
    for url in (text, f"https://{text}", f"https://{text}/"):
        try:
            target = PUBLIC.target(url)
        except Refused:
            continue
        assert target.literal is None or PUBLIC.allows(target.literal)


def test_an_operator_names_further_networks_and_ports() -> None:
    guard = Guard(ports=(443, 8443), refused=[ipaddress.ip_network("11.0.0.0/8")])

    assert guard.target("https://receiver.example.org:8443/").port == 8443
    assert not guard.allows(ipaddress.ip_address("11.1.1.1"))
    assert not guard.allows(ipaddress.ip_address("::ffff:11.1.1.1"))


def test_a_sandbox_may_call_itself_and_nothing_beside() -> None:
    guard = Guard(plain_hosts=("127.0.0.1",), open_networks=[ipaddress.ip_network("127.0.0.0/8")])

    assert guard.target("http://127.0.0.1:49152/hook").port == 49152
    for url in ("http://127.0.0.2:80/", "http://10.0.0.1/", "http://receiver.example.org/"):
        with pytest.raises(Refused):
            guard.target(url)


def test_a_production_never_calls_into_its_own_net() -> None:
    with pytest.raises(SettingsRefused) as refused:
        gateway_settings(
            sandbox=False, webhook_plain_hosts=["127.0.0.1"], webhook_open_networks=["10.0.0.0/8"]
        )

    assert "GATEWAY_WEBHOOK_PLAIN_HOSTS" in str(refused.value)
    assert "GATEWAY_WEBHOOK_OPEN_NETWORKS" in str(refused.value)


# --- Names ---------------------------------------------------------------------------------------


def resolving(*answers: Sequence[str]) -> tuple[Guard, list[str]]:
    """A guard whose name has other addresses each time it is asked for."""
    told, asked = list(answers), []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return told.pop(0)

    return Guard(resolve=resolve), asked


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["8.8.8.8", "10.0.0.1"],
        ["10.0.0.1", "8.8.8.8"],
        ["2606:4700::1111", "::1"],
        ["8.8.8.8", "::ffff:169.254.169.254"],
        ["fe80::1%2"],
        ["not-an-address"],
    ],
)
async def test_one_bad_address_spoils_a_name(addresses: list[str]) -> None:
    guard, _ = resolving(addresses)

    with pytest.raises(Refused):
        await guard.addresses(guard.target("https://receiver.example.org/"))


async def test_a_name_is_judged_anew_each_time() -> None:
    guard, asked = resolving(["8.8.8.8"], ["169.254.169.254"])
    target = guard.target("https://receiver.example.org/")

    assert await guard.addresses(target) == [ipaddress.ip_address("8.8.8.8")]
    with pytest.raises(Refused):
        await guard.addresses(target)
    assert asked == ["receiver.example.org"] * 2


async def test_a_name_without_an_address_is_not_a_refusal() -> None:
    guard, _ = resolving([])

    with pytest.raises(Unresolved):
        await guard.addresses(guard.target("https://receiver.example.org/"))


def test_the_connection_is_told_the_address_and_the_receiver_its_name() -> None:
    target = PUBLIC.target("https://receiver.example.org/hook?key=1")

    assert target.at(ipaddress.ip_address("2606:4700::1111")) == (
        "https://[2606:4700::1111]:443/hook?key=1"
    )
    assert target.authority == "receiver.example.org"
