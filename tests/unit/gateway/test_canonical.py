"""One way to write a path; everything else is refused before routing."""

import pytest

from gateway.hosts import Hosts
from shared.errors import BadRequest
from shared.http.canonical import require_canonical

CANONICAL = [
    b"/",
    b"/registry/v1/agencies",
    b"/registry/v1/agencies/",
    b"/registry/v1/agencies/52410108MJF000001A/standing",
    b"/incubator/v1/residencies/0198a1b2-0000-7000-8000-000000000001",
    b"/registry/v1/divisions/%E6%83%A0%E6%B5%8E%E5%8C%BA",
    b"/a/...",
    b"/a/.well-known",
    b"/a/~b/c!$&'()*+,=:@d",
]

REFUSED = {
    "encoded dot": b"/registry/v1/%2e%2e/admin",
    "encoded capital dot": b"/registry/v1/%2E%2E/admin",
    "encoded slash": b"/registry/v1/agencies%2Fx",
    "encoded small slash": b"/registry/v1/agencies%2fx",
    "encoded backslash": b"/registry/v1/agencies%5Cx",
    "encoded letter": b"/registry/v1/%61gencies",
    "encoded digit": b"/registry/v%31/agencies",
    "encoded tilde": b"/registry/v1/%7Ea",
    "encoded percent": b"/registry/v1/%252e",
    "encoded NUL": b"/registry/v1/a%00",
    "encoded space": b"/registry/v1/a%20b",
    "encoded newline": b"/registry/v1/a%0D%0Ab",
    "encoded semicolon": b"/registry/v1/a%3Bb",
    "encoded question mark": b"/registry/v1/a%3Fb",
    "small hexadecimal": b"/registry/v1/%e6%83%a0",
    "half an escape": b"/registry/v1/%E6%8",
    "lone percent": b"/registry/v1/%",
    "not UTF-8": b"/registry/v1/%FF%FE",
    "overlong UTF-8": b"/registry/v1/%C0%AF",
    "surrogate": b"/registry/v1/%ED%A0%80",
    "two slashes": b"/registry//v1/agencies",
    "leading slashes": b"//registry/v1/agencies",
    "trailing slashes": b"/registry/v1/agencies//",
    "dot segment": b"/registry/v1/./agencies",
    "dot-dot segment": b"/registry/v1/../agencies",
    "dot-dot at the end": b"/registry/v1/..",
    "dot at the end": b"/registry/v1/.",
    "semicolon": b"/registry/v1/agencies;x=1",
    "backslash": b"/registry\\v1/agencies",
    "raw UTF-8": "/registry/v1/惠济".encode(),
    "raw space": b"/registry/v1/a b",
    "raw NUL": b"/registry/v1/a\x00",
    "fragment": b"/registry/v1/a#b",
    "no slash": b"registry/v1",
    "star": b"*",
    "empty": b"",
    "too long": b"/registry/v1/" + b"a" * 9000,
}


@pytest.mark.parametrize("path", CANONICAL)
def test_a_canonical_path_is_let_through(path):
    require_canonical(path, b"")


@pytest.mark.parametrize("path", REFUSED.values(), ids=REFUSED)
def test_another_spelling_is_refused(path):
    with pytest.raises(BadRequest):
        require_canonical(path, b"")


@pytest.mark.parametrize(
    ("query", "well_formed"),
    [
        (b"on=2026-03-02&after=10", True),
        (b"name=%E6%83%A0%e6%b5%8e&x[]=1", True),
        (b"next=/a/../b?c;d", True),
        (b"name=%zz", False),
        (b"name=%", False),
        ("name=惠".encode(), False),
        (b"a=b c", False),
        (b"a=\x00", False),
    ],
)
def test_a_query_is_written_in_the_characters_of_a_query(query, well_formed):
    if well_formed:
        require_canonical(b"/", query)
    else:
        with pytest.raises(BadRequest):
            require_canonical(b"/", query)


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        (b"127.0.0.1", True),
        (b"127.0.0.1:8080", True),
        (b"LOCALHOST:8080", True),
        (b"[::1]:8080", True),
        (b"[::1]", True),
        (b"evil.example", False),
        (b"localhost.evil.example", False),
        (b"localhost:80:80", False),
        (b"localhost:", False),
        (b"localhost:8080x", False),
        (b"user@localhost", False),
        (b"", False),
        (None, False),
    ],
)
def test_only_our_own_host_names_are_answered(host, ours):
    hosts = Hosts(["127.0.0.1", "localhost", "[::1]"])
    for _ in range(2):  # the second time from memory
        if ours:
            hosts.require_known(host)
        else:
            with pytest.raises(BadRequest):
                hosts.require_known(host)
