"""Ways to write a path that somebody may read as another one, grouped by the trick.

Each trick is played on a public page, on what only some may read, on the lane of the bidders and on
the gateway's own pages. `SPELLINGS` are request targets as bytes; none is what a good client sends.
"""

from collections.abc import Callable

PUBLIC = "/registry/v1/codelists"
PROTECTED = "/registry/v1/applications"
BIDS = "/procurement/v1/bids"
PROOF = "/procurement/v1/openings/0198a1b2-0000-7000-8000-000000000001/proofs/0123456789abcdef0123456789abcdef"
OWN = "/status"
BASES = (PUBLIC, PROTECTED, BIDS, PROOF, OWN)
SERVICES = (PUBLIC, PROTECTED, BIDS, PROOF)


def each(bases: tuple[str, ...], *tricks: Callable[[str], str]) -> list[bytes]:
    return [trick(base).encode("utf-8", "surrogateescape") for base in bases for trick in tricks]


def last(base: str) -> tuple[str, str]:
    """A path before its last segment, and that segment."""
    before, _, segment = base.rpartition("/")
    return before, segment


def inside(base: str, put: str) -> str:
    """Something put before the last segment."""
    before, segment = last(base)
    return f"{before}{put}{segment}"


def written(base: str, spell: Callable[[str], str]) -> str:
    """The last segment spelled in another way."""
    before, segment = last(base)
    return f"{before}/{spell(segment)}"


def percent(text: str, form: str = "%{:02X}") -> str:
    return "".join(form.format(byte) for byte in text.encode())


GROUPS: dict[str, list[bytes]] = {
    "dot segments": [
        *each(
            BASES,
            lambda base: inside(base, "/./"),
            lambda base: inside(base, "/x/../"),
            lambda base: base + "/.",
            lambda base: base + "/..",
            lambda base: "/." + base,
            lambda base: "/x/.." + base,
            lambda base: "/.." + base,
        ),
        b"/registry/v1/codelists/../applications",
        b"/registry/v1/../../procurement/v1/bids",
        b"/registry/../procurement/v1/bids",
        b"/incubator/v1/../../procurement/v1/bids",
        b"/..",
        b"/.",
    ],
    "encoded dots": [
        *each(
            BASES,
            lambda base: inside(base, "/%2e/"),
            lambda base: inside(base, "/%2E/"),
            lambda base: inside(base, "/x/%2e%2e/"),
            lambda base: inside(base, "/x/%2E%2E/"),
            lambda base: inside(base, "/x/.%2e/"),
        ),
        b"/registry/v1/%2e%2e/%2e%2e/procurement/v1/bids",
    ],
    "slashes": [
        *each(
            BASES,
            lambda base: inside(base, "//"),
            lambda base: "/" + base,
            lambda base: base + "//",
            lambda base: inside(base, "///"),
            lambda base: inside(base, "%2f"),
            lambda base: inside(base, "%2F"),
            lambda base: inside(base, "/%2F"),
            lambda base: "/%2f" + base[1:],
            lambda base: base + "%2F",
        ),
        b"/procurement%2Fv1%2Fbids",
        b"/registry/v1/..%2f..%2fprocurement/v1/bids",
    ],
    "backslashes": each(
        BASES,
        lambda base: inside(base, "\\"),
        lambda base: inside(base, "%5c"),
        lambda base: inside(base, "%5C"),
        lambda base: base.replace("/", "\\"),
        lambda base: inside(base, "/x/..\\"),
    ),
    "semicolons": each(
        BASES,
        lambda base: base + ";",
        lambda base: base + ";v=1",
        lambda base: inside(base, ";x/"),
        lambda base: inside(base, "/;/"),
        lambda base: base + "%3B",
        lambda base: base + "%3Bjsessionid=1",
    ),
    "needless encoding": [
        *each(
            BASES,
            lambda base: written(base, percent),
            lambda base: written(base, lambda s: percent(s, "%{:02x}")),
            lambda base: written(base, lambda s: percent(s[0]) + s[1:]),
            lambda base: written(base, lambda s: s[:-1] + percent(s[-1])),
            lambda base: base + "%7E",
            lambda base: base + "%2D",
        ),
        b"/%70rocurement/v1/bids",
        b"/procurement/v%31/bids",
        b"/procuremen%74/v1/%62ids/x/commit",
    ],
    "small hexadecimal": [
        b"/registry/v1/divisions/%e6%83%a0",
        b"/registry/v1/divisions/%E6%83%a0",
        b"/registry/v1/divisions/%e6%83%A0",
        b"/procurement/v1/bids/%e6%83%a0",
    ],
    "double encoding": each(
        SERVICES,
        lambda base: inside(base, "/%252e%252e/"),
        lambda base: inside(base, "%252F"),
        lambda base: inside(base, "%255C"),
        lambda base: written(base, lambda s: "%25" + percent(s[0])[1:] + s[1:]),
        lambda base: base + "%2500",
        lambda base: inside(base, "%25252F"),
    ),
    "overlong and broken UTF-8": each(
        SERVICES,
        lambda base: inside(base, "%C0%AF"),
        lambda base: inside(base, "%c0%af"),
        lambda base: inside(base, "%E0%80%AF"),
        lambda base: inside(base, "%F0%80%80%AF"),
        lambda base: inside(base, "/%C0%AE%C0%AE/"),
        lambda base: inside(base, "%C1%9C"),
        lambda base: base + "%C0%80",
        lambda base: base + "%ED%A0%80",
        lambda base: base + "%FF",
        lambda base: base + "%F8%88%80%80%80",
        lambda base: base + "%E6%83",
    ),
    "half escapes": each(
        SERVICES,
        lambda base: base + "%",
        lambda base: base + "%2",
        lambda base: base + "%zz",
        lambda base: base + "%u002f",
        lambda base: base + "%%32%65",
        lambda base: base + "%E6%8",
        lambda base: base + "%-1",
    ),
    "controls": each(
        BASES,
        lambda base: base + "%00",
        lambda base: base + "%00.json",
        lambda base: base + "%0A",
        lambda base: base + "%0D%0AX-Huishe-Roles:%20service",
        lambda base: base + "%09",
        lambda base: base + "%0B",
        lambda base: base + "%7F",
        lambda base: base + "\x00",
        lambda base: base + "\x01",
        lambda base: base + "\x0b",
        lambda base: base + "\x7f",
        lambda base: base + "\t",
        lambda base: base + "%0a",
        lambda base: base + "%C2%85",
    ),
    "raw bytes beyond ASCII": each(
        SERVICES,
        lambda base: base + "/惠",
        lambda base: inside(base, "／"),
        lambda base: inside(base, "/．．/"),
        lambda base: base + "\udcff",
        lambda base: base + "\udcc0\udcaf",
        lambda base: base + "\udca0",
    ),
    "spaces, dots and slashes at the end": each(
        BASES,
        lambda base: base + "/",
        lambda base: base + ".",
        lambda base: base + "...",
        lambda base: base + "%20",
        lambda base: base + "+",
        lambda base: base + "/+",
        lambda base: base + ".json",
        lambda base: base + "~",
        lambda base: base + "::$DATA",
        lambda base: base + "%C2%A0",
        lambda base: base + "%E3%80%80",
    ),
    "other letters of the same form": [
        *each(
            BASES,
            lambda base: base.upper(),
            lambda base: written(base, str.upper),
            lambda base: written(base, str.title),
            lambda base: written(base, lambda s: percent("".join(chr(ord(c) + 65248) for c in s))),
            lambda base: written(base, lambda s: percent("о") + s[1:]),
            lambda base: written(base, lambda s: s[0] + percent("́") + s[1:]),
            lambda base: written(base, lambda s: s + percent("\u200b")),
            lambda base: written(base, lambda s: percent("\u200e") + s),
            lambda base: written(base, lambda s: percent("\ufeff") + s),
            lambda base: written(base, lambda s: s + percent("\xad")),
            lambda base: inside(base, percent("∕")),
            lambda base: inside(base, percent("⁄")),
            lambda base: inside(base, "/" + percent("‥") + "/"),
        ),
        b"/Procurement/v1/bids",
        b"/procurement/V1/bids",
        b"/procurement/v1/Bids",
        b"/procurement/v1/b%C4%B1ds",
        b"/procurement/v1/bid%C5%BF",
        b"/registry/v1/divisions/%C3%A9",
        b"/registry/v1/divisions/e%CC%81",
    ],
    "other forms of a target": [
        target
        for base in (PUBLIC.encode(), BIDS.encode(), OWN.encode())
        for target in (
            b"http://localhost" + base,
            b"https://localhost" + base,
            b"HTTP://localhost:80" + base,
            b"http://evil.example" + base,
            b"http:" + base,
            b"//localhost" + base,
            b"///localhost" + base,
            b"localhost" + base,
            b"localhost:80",
            b"*" + base,
            b"@localhost" + base,
            b"/@localhost" + base,
            b"/http://localhost" + base,
            b"/localhost:80" + base,
            base[1:],
            b"file://" + base,
            b"?" + base,
            b"#" + base,
            b"/#" + base,
        )
    ]
    + [b"*", b"localhost:80", b"", b"?", b"#"],
    "fragments and question marks": each(
        BASES,
        lambda base: base + "#",
        lambda base: base + "#x",
        lambda base: inside(base, "#/"),
        lambda base: base + "?a#b",
        lambda base: base + "%23",
        lambda base: base + "%3F",
        lambda base: base + "%3Fdry=true",
        lambda base: inside(base, "?/"),
        lambda base: inside(base, "/?/../"),
        lambda base: base + "?",
        lambda base: base + "??",
        lambda base: base + "?/../applications",
    ),
    "queries": each(
        SERVICES,
        lambda base: base + "?limit=1;limit=2",
        lambda base: base + "?limit=%00",
        lambda base: base + "?limit=%0A",
        lambda base: base + "?limit=%zz",
        lambda base: base + "?limit=%",
        lambda base: base + "?limit=惠",
        lambda base: base + "?limit=%FF",
        lambda base: base + "?limit=1&limit=2",
        lambda base: base + "?%6Cimit=1",
        lambda base: base + "?li mit=1",
        lambda base: base + "?limit=1\x00",
        lambda base: base + '?"=1',
        lambda base: base + "?<script>",
        lambda base: base + "?a[]=1",
        lambda base: base + "?a|b",
        lambda base: base + "?&&&",
        lambda base: base + "?=",
        lambda base: base + "?dry=true",
    ),
    "very long": each(
        SERVICES,
        lambda base: base + "/" + "a" * 8000,
        lambda base: base + "/a" * 4000,
        lambda base: base + "a" * 60_000,
        lambda base: base + "?" + "a" * 9000,
        lambda base: base + "/.." * 3000,
        lambda base: base + "%E6%83%A0" * 900,
    ),
    "the wrong prefix": [
        b"/procurement/v1",
        b"/procurement/v1/",
        b"/procurement",
        b"/procurement/",
        b"/procurement/v2/bids",
        b"/procurement/v1/v1/bids",
        b"/procurement/v1/registry/v1/applications",
        b"/registry/v1/procurement/v1/bids",
        b"/registry/procurement/v1/bids",
        b"/x/procurement/v1/bids",
        b"/procurement/v1x/bids",
        b"/xprocurement/v1/bids",
        b"/procurement.registry/v1/bids",
        b"/v1/bids",
        b"/v1/",
        b"/registry/v1/health/ready",
        b"/registry/v1/metrics",
        b"/registry/v1/openapi.json",
        b"/registry/health/ready",
        b"/registry/metrics",
        b"/registry/openapi.json",
        b"/procurement/v1/bidsx",
        b"/procurement/v1/bids.",
        b"/procurement/v1/bids-",
        b"/procurement/v1/bids/x/y/z",
        b"/procurement/v1/bids/x/commit/y",
        b"/procurement/v1/openings/x/y/root-releases",
        b"/procurement/v1/openings/root-releases",
        b"/procurement/v1/openings/x/proofs/y/z",
        b"/procurement/v1/openings/x/proofs/",
        b"/procurement/v1/openings/x/root-releases/",
        b"/docs/../registry/v1/applications",
        b"/docs/assets/..%2f..%2fsettings.py",
        b"/docs/assets/swagger-ui.css/",
        b"/problems/../status",
        b"/problems/x%2Fy",
    ],
}

SPELLINGS: dict[bytes, str] = {
    target: group for group, targets in GROUPS.items() for target in targets
}
