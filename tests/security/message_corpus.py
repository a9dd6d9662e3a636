"""Messages that two readers could read differently, as bytes, each with what must come of it.

`<id>` stands for the name of the case, so that what arrives behind the gateway is known again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

H = b"Host: localhost\r\n"
GET = b"GET /registry/v1/<id> HTTP/1.1\r\n" + H
POST = b"POST /registry/v1/<id> HTTP/1.1\r\n" + H
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
SECOND = b"GET /registry/v1/<id>/second HTTP/1.1\r\n" + H + b"\r\n"
BODY = b"hi"
CODE = re.compile(rb"c\d{3}")


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent, and what comes of it.

    `status` is that of the first answer, None when there is none but a closed connection;
    `passed` how many requests a service gets; `ends` whether the connection ends with it.
    """

    name: str
    sent: bytes
    status: int | None
    passed: int = 0
    answers: int = 1
    interim: int = 0
    ends: bool = True
    body: bytes = b""
    at_the_door: bool = False
    """A rule of the gateway alone: services believe a token and nothing else."""
    head_only: bool = False

    @property
    def code(self) -> str:
        """The name in the path, by which a service knows it again."""
        found = CODE.search(self.sent)
        return found[0].decode() if found else "c-none"


def refused(name: str, sent: bytes, status: int = 400, **more: object) -> Message:
    return Message(name, sent, status, **more)  # type: ignore[arg-type]


def passed(name: str, sent: bytes, body: bytes = b"", **more: object) -> Message:
    told = {"passed": 1, "ends": False, **more}
    return Message(name, sent, 200, body=body, **told)  # type: ignore[arg-type]


def silent(name: str, sent: bytes) -> Message:
    """Not yet a request: it is waited for as long as the settings say, and then hung up on."""
    return Message(name, sent, None, answers=0)


def with_length(*lines: bytes) -> bytes:
    return POST + b"".join(b"%b\r\n" % line for line in lines) + b"\r\n" + BODY


def with_coding(*lines: bytes) -> bytes:
    return POST + b"".join(b"%b\r\n" % line for line in lines) + b"\r\n2\r\nhi\r\n0\r\n\r\n"


def lengths() -> Iterator[Message]:
    length = b"Content-Length: "
    yield refused("the same twice", with_length(length + b"2", length + b"2"))
    yield refused("two that differ", with_length(length + b"2", length + b"3"))
    yield refused("the longer first", with_length(length + b"30", length + b"2"))
    yield refused("the same in two cases", with_length(length + b"2", b"content-length: 2"))
    for value in (
        *(
            b"2, 2",
            b"2,3",
            b"2;",
            b"2 2",
            b"2 ",
            b"+2",
            b"-2",
            b"-0",
            b"0x2",
            b"2.0",
            b"2e0",
            b"two",
        ),
        *(b"", b"\xd9\xa2", b"9" * 23, b"18446744073709551618", b"'2'", b'"2"', b"2_0", b"\x0b2"),
    ):
        yield refused(f"a length of {value!r}", with_length(length + value))
    yield refused("a length in other digits", with_length(length + "２".encode()))
    yield refused(
        "more than there may be", with_length(length + b"999999999999999"), 413, at_the_door=True
    )
    yield passed("a length with zeroes before it", with_length(length + b"02"), BODY)
    yield passed("a tab before the length", with_length(b"Content-Length:\t2"), BODY)
    yield passed("no space before the length", with_length(b"Content-Length:2"), BODY)
    yield passed("a length of nothing", POST + b"Content-Length: 0\r\n\r\n")
    yield passed("no length and no body", POST + b"\r\n")
    yield passed("a body with a read", GET + b"Content-Length: 2\r\n\r\nhi", BODY)
    yield refused(
        "a name with an underscore",
        with_length(b"Content_Length: 40", length + b"2"),
        at_the_door=True,
    )


def codings() -> Iterator[Message]:
    coding = b"Transfer-Encoding: "
    yield refused("length, then chunks", with_coding(b"Content-Length: 2", coding + b"chunked"))
    yield refused("chunks, then length", with_coding(coding + b"chunked", b"Content-Length: 2"))
    yield refused("no length, with chunks", with_coding(coding + b"chunked", b"Content-Length: 0"))
    yield refused("chunks in two lines", with_coding(coding + b"chunked", coding + b"chunked"))
    yield refused("identity, then chunks", with_coding(coding + b"identity", coding + b"chunked"))
    yield refused("chunks, then identity", with_coding(coding + b"chunked", coding + b"identity"))
    yield refused("a space before the colon", with_coding(b"Transfer-Encoding : chunked"))
    yield refused("a folded coding", with_coding(b"Transfer-Encoding:\r\n chunked"))
    yield refused("a coding folded with a tab", with_coding(b"Transfer-Encoding:\r\n\tchunked"))
    yield refused("a coding behind a bare end", with_coding(b"X-A: 1\nTransfer-Encoding: chunked"))
    for value in (
        *(b"identity", b"xchunked", b"chunkedx", b"chunked;q=1", b'"chunked"', b"chunk", b"cow"),
        *(b"chunked, identity", b"chunked, chunked", b"gzip, chunked", b"chunked,", b",chunked"),
        *(
            b"",
            b"\x0bchunked",
            b"\x00chunked",
            b"chunked\x0c",
            b"chun ked",
            b"chunked\xa0",
            b"gzip",
        ),
    ):
        yield refused(f"a coding of {value!r}", with_coding(coding + value))
    old = POST.replace(b"HTTP/1.1", b"HTTP/1.0") + b"Transfer-Encoding: chunked\r\n\r\n"
    yield refused("chunks in HTTP/1.0", old + b"2\r\nhi\r\n0\r\n\r\n")
    yield passed("capitals", with_coding(b"TRANSFER-ENCODING: CHUNKED"), BODY)
    yield passed("no space", with_coding(b"Transfer-Encoding:chunked"), BODY)
    read = GET + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
    yield passed("chunks with a read", read, BODY)
    yield refused("an underscore", with_coding(b"Transfer_Encoding: chunked"), at_the_door=True)


def chunks() -> Iterator[Message]:
    for name, written in {
        "less than nothing": b"-1\r\nhi\r\n0\r\n\r\n",
        "past 64 bits": b"FFFFFFFFFFFFFFFFF\r\nhi\r\n0\r\n\r\n",
        "just past 64 bits": b"10000000000000002\r\nhi\r\n0\r\n\r\n",
        "with 0x": b"0x2\r\nhi\r\n0\r\n\r\n",
        "with a plus": b"+2\r\nhi\r\n0\r\n\r\n",
        "with an underscore": b"0_2\r\nhi\r\n0\r\n\r\n",
        "with a space before": b" 2\r\nhi\r\n0\r\n\r\n",
        "with a space behind": b"2 \r\nhi\r\n0\r\n\r\n",
        "with a tab behind": b"2\t\r\nhi\r\n0\r\n\r\n",
        "of no digits": b"\r\nhi\r\n0\r\n\r\n",
        "of letters": b"zz\r\nhi\r\n0\r\n\r\n",
        "ended by a bare LF": b"2\nhi\r\n0\r\n\r\n",
        "ended by a bare CR": b"2\rhi\r\n0\r\n\r\n",
        "an extension ended by LF": b"2;a=b\nhi\r\n0\r\n\r\n",
        "an extension with CR": b"2;a\rb\r\nhi\r\n0\r\n\r\n",
        "an extension with NUL": b"2;a\x00\r\nhi\r\n0\r\n\r\n",
        "longer than it says": b"2\r\nhigh\r\n0\r\n\r\n",
        "shorter than it says": b"4\r\nhi\r\n0\r\n\r\nx",
        "with nothing behind it": b"2\r\nhi0\r\n\r\n",
        "with a bare LF behind it": b"2\r\nhi\n0\r\n\r\n",
        "bare LF throughout": b"2\nhi\n0\n\n",
        "the last ended by LF": b"2\r\nhi\r\n0\n\n",
        "broken after a good one": b"2\r\nhi\r\nxyz\r\n",
        "a trailer without a colon": b"2\r\nhi\r\n0\r\nX-T\r\n\r\n",
        "a trailer with a space": b"2\r\nhi\r\n0\r\nX T: 1\r\n\r\n",
        "a length in the trailer": b"2\r\nhi\r\n0\r\nContent-Length: 3\r\n\r\n",
        "chunks in the trailer": b"2\r\nhi\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n",
    }.items():
        yield refused(f"a chunk {name}", CHUNKED + written)
    # A service may answer 404 before so much is here.
    long = b"a" * 400_000
    yield refused("an extension without end", CHUNKED + b"2;" + long, 431, at_the_door=True)
    yield refused("trailers without end", CHUNKED + b"0\r\nX-T: " + long, 431, at_the_door=True)
    yield passed("zeroes before", CHUNKED + b"0002\r\nhi\r\n000\r\n\r\n", BODY)
    yield passed("capitals", CHUNKED + b"A\r\n0123456789\r\n0\r\n\r\n", b"0123456789")
    yield passed("an extension", CHUNKED + b"2;a=b\r\nhi\r\n0\r\n\r\n", BODY)
    yield passed("a quoted extension", CHUNKED + b'2;a="b"\r\nhi\r\n0\r\n\r\n', BODY)
    yield passed("no chunk but the last", CHUNKED + b"0\r\n\r\n")
    for trailer in (
        *(
            b"X-T: 1",
            b"Authorization: Bearer x",
            b"Host: evil.example",
            b"X-Forwarded-For: 1.2.3.4",
        ),
        *(b"Idempotency-Key: 0123456789", b"If-Match: *", b"Connection: close"),
    ):
        sent = CHUNKED + b"2\r\nhi\r\n0\r\n" + trailer + b"\r\n\r\n"
        ends = trailer.startswith(b"Connection")  # harmless: the parser heeds it
        yield passed(f"a trailer {trailer.decode()}", sent, BODY, ends=ends)


def lines() -> Iterator[Message]:
    first = GET.split(b"\r\n")[0]
    yield refused("bare LF throughout", (GET + b"\r\n").replace(b"\r\n", b"\n"))
    yield refused("bare LF behind the first line", first + b"\n" + H + b"\r\n")
    yield refused("bare LF behind a header", GET[:-2] + b"\nX-A: 1\r\n\r\n")
    yield refused("bare LF at the end", GET + b"\n")
    yield refused("bare LF at the end of the last header", GET + b"X-A: 1\r\n\n")
    yield refused("a header behind a bare LF", GET + b"X-A: 1\nX-B: 2\r\n\r\n")
    yield refused("a header behind a bare CR", GET + b"X-A: 1\rX-B: 2\r\n\r\n")
    yield refused("CR twice", GET + b"X-A: 1\r\r\n\r\n")
    yield refused("bare CR at the end", GET + b"\rX")
    yield refused("a folded header", GET + b"X-A: 1\r\n 2\r\n\r\n")
    yield refused("a header folded with a tab", GET + b"X-A: 1\r\n\t2\r\n\r\n")
    yield refused("a fold before the first", first + b"\r\n " + H + b"\r\n")
    for byte in (0x00, 0x01, 0x08, 0x0B, 0x0C, 0x1B, 0x7F):
        yield refused(f"byte {byte:02x} in a value", GET + b"X-A: a%cb\r\n\r\n" % byte)
        yield refused(f"byte {byte:02x} in a name", GET + b"X%cA: 1\r\n\r\n" % byte)
    for name in (
        *(b"", b" ", b"X A", b"X-A ", b" X-A", b"\tX-A", b"X\tA", b"X(A)", b'X"A"', b"X/A", b"X@A"),
        *(
            b"X[A]",
            b"X{A}",
            b"X,A",
            b"X;A",
            b"X=A",
            b"X<A>",
            b"X?A",
            b"X\\A",
            "惠".encode(),
            b"\xa0X",
        ),
    ):
        yield refused(f"a name {name!r}", GET + name + b": 1\r\n\r\n")
    yield refused("no colon", GET + b"X-A\r\n\r\n")
    yield passed("an empty value", GET + b"X-A:\r\nX-B: 1\r\n\r\n")
    yield passed("a value with a tab", GET + b"X-A: a\tb\r\n\r\n")
    yield passed("a value beyond ASCII", GET + "X-A: 惠".encode() + b"\r\n\r\n")
    yield passed("a line before the first", b"\r\n" + GET + b"\r\n")


def first_lines() -> Iterator[Message]:
    def line(written: bytes) -> bytes:
        return written + b"\r\n" + H + b"\r\n"

    path = b"/registry/v1/<id>"
    for version in (
        *(b"HTTP/0.9", b"HTTP/1.2", b"HTTP/2.0", b"HTTP/3.0", b"HTTP/9.9", b"HTTP/1", b"HTTP/11"),
        *(
            b"HTTP/01.1",
            b"HTTP/1.10",
            b"HTTP/1.1 ",
            b"HTTP/1.1x",
            b"HTTP /1.1",
            b"http/1.1",
            b"Http/1.1",
        ),
        *(
            b"HTTP/1,1",
            b"HTTP/-1.1",
            b"HTTP/1.1\t",
            b"HTTPS/1.1",
            b"ICE/1.0",
            b"SPDY/3.1",
            b"HTTP/\x001.1",
        ),
    ):
        yield refused(f"version {version!r}", line(b"GET " + path + b" " + version))
    for method in (
        *(
            b"get",
            b"Get",
            b"post",
            b"GE T",
            b"FOO",
            b"",
            b"GET\t",
            b"G\x00T",
            b"GET:",
            b"PRI",
            b"PLAY",
        ),
        *(b"GETGET", b"\xc7ET", b"A" * 9000),
    ):
        yield refused(f"method {method[:12]!r}", line(method + b" " + path + b" HTTP/1.1"))
    for method in (
        b"TRACE",
        b"PROPFIND",
        b"PURGE",
        b"M-SEARCH",
        b"SOURCE",
        b"LOCK",
        b"MKCOL",
        b"LINK",
    ):
        sent = line(method + b" " + path + b" HTTP/1.1")
        yield refused(f"method {method.decode()}", sent, 405, ends=False)
    yield refused("CONNECT to a path", line(b"CONNECT " + path + b" HTTP/1.1"), 405)
    yield refused("CONNECT to a host", line(b"CONNECT localhost:22 HTTP/1.1"))
    yield refused(
        "CONNECT with a body",
        line(b"CONNECT " + path + b" HTTP/1.1")[:-2] + b"Content-Length: 2\r\n\r\nhi",
    )
    yield refused("HTTP/0.9", b"GET /registry/v1/<id>\r\n\r\n")
    yield refused(
        "a preface of HTTP/2",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00",
    )
    yield refused("the beginning of TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
    yield refused("the beginning of SSH", b"SSH-2.0-OpenSSH_9.6\r\n")
    yield refused(
        "a header of a proxy protocol", b"PROXY TCP4 1.2.3.4 1.2.3.5 1 2\r\n" + GET + b"\r\n"
    )
    yield refused("its binary form", b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c" + GET + b"\r\n")
    yield refused("an answer for a request", b"HTTP/1.1 200 OK\r\n\r\n")
    yield refused("tabs between", line(b"GET\t" + path + b"\tHTTP/1.1"))
    yield refused("a space before the method", b" " + GET + b"\r\n")
    yield refused("a space in the path", line(b"GET " + path + b" x HTTP/1.1"))
    yield silent("nothing at all", b"")
    yield silent("a first line without end", b"GET /registry/v1/<id> HTTP/1.1")
    yield silent("half a head", GET + b"X-A: 1")
    yield silent("a head without its last line", GET)
    yield passed("HTTP/1.0", line(b"GET " + path + b" HTTP/1.0"), ends=True)
    yield passed("HEAD", line(b"HEAD " + path + b" HTTP/1.1"), head_only=True)
    yield passed("OPTIONS", line(b"OPTIONS " + path + b" HTTP/1.1"))


def sizes() -> Iterator[Message]:
    yield refused(
        "a long path",
        b"GET /registry/v1/<id>" + b"a" * 9000 + b" HTTP/1.1\r\n" + H + b"\r\n",
        ends=False,
    )
    yield refused(
        "a very long path",
        b"GET /registry/v1/<id>" + b"a" * 200_000 + b" HTTP/1.1\r\n" + H + b"\r\n",
        431,
    )
    yield refused("a path without end", b"GET /registry/v1/<id>" + b"a" * 200_000, 431)
    yield refused("a header of 70 KB", GET + b"X-A: " + b"a" * 70_000 + b"\r\n\r\n", 431)
    yield refused("a header without end", GET + b"X-A: " + b"a" * 200_000, 431)
    yield refused("a name without end", GET + b"X" * 200_000, 431)
    yield refused("300 headers", GET + b"a: b\r\n" * 300 + b"\r\n", 431)
    yield refused("12,000 headers", GET + b"a:b\r\n" * 12_000 + b"\r\n", 431)
    yield refused("headers without end", GET + b"a: b\r\n" * 40_000, 431)
    yield passed("200 headers", GET + b"".join(b"X-%d: b\r\n" % n for n in range(200)) + b"\r\n")
    yield passed("a header of 40 KB", GET + b"X-A: " + b"a" * 40_000 + b"\r\n\r\n")


def hosts() -> Iterator[Message]:
    def host(*names: bytes) -> bytes:
        lines = b"".join(b"Host: %b\r\n" % name for name in names)
        return b"GET /registry/v1/<id> HTTP/1.1\r\n" + lines + b"\r\n"

    for name in (
        *(b"evil.example", b"localhost.evil.example", b"localhost.", b".localhost", b"", b"127.1"),
        *(
            b"localhost@evil.example",
            b"evil@localhost",
            b"localhost/x",
            b"localhost#x",
            b"localhost?x",
        ),
        *(b"localhost,evil.example", b"localhost evil.example", b"localhost:", b"localhost:80:80"),
        *(
            b"localhost:8 0",
            b"localhost:-1",
            b"localhost:999999",
            b"0x7f000001",
            b"2130706433",
            b"0",
        ),
        *(
            b"[::ffff:127.0.0.1]",
            b"[::1",
            b"::1",
            b"localhost\\x",
            b"localhost%00",
            b"http://localhost",
        ),
    ):
        yield refused(f"host {name!r}", host(name), ends=False, at_the_door=True)
    yield refused("no host", host(), ends=False, at_the_door=True)
    yield refused("two hosts", host(b"localhost", b"evil.example"), ends=False, at_the_door=True)
    yield refused("the same twice", host(b"localhost", b"localhost"), ends=False, at_the_door=True)
    lower = host(b"localhost").replace(b"\r\n\r\n", b"\r\nhost: evil.example\r\n\r\n")
    yield refused("two in two cases", lower, ends=False, at_the_door=True)
    for name in (b"localhost", b"LOCALHOST", b"localhost:8080", b"127.0.0.1", b"[::1]:80"):
        yield passed(f"our name {name.decode()}", host(name), at_the_door=True)


def identities() -> Iterator[Message]:
    for name in (
        *("X-Huishe-Roles", "x-huishe-client", "X-HUISHE-ORG", "X_Huishe_Roles", "X-Huishe_Roles"),
        *("X_HUISHE_CLIENT", "X.Huishe.Roles", "X-Client-Id", "X_Client_Id", "X-Forwarded-For"),
        *(
            "X_Forwarded_For",
            "X-Forwarded_For",
            "X.Forwarded.For",
            "X-Forwarded",
            "X-Forwarded-Host",
        ),
        *("X-Forwarded-Proto", "X-Forwarded-Prefix", "X-Forwarded-User", "Forwarded", "X-Real-IP"),
        *("X_Real_IP", "True-Client-IP", "CF-Connecting-IP", "X-Cluster-Client-IP", "Remote-User"),
        *(
            "REMOTE_USER",
            "Remote-Addr",
            "X-Remote-User",
            "X-Authenticated-User",
            "X-Auth-Request-User",
        ),
        *(
            "X-SSL-Client-DN",
            "X-User",
            "X-Roles",
            "X-Original-URL",
            "X_Original_URL",
            "X-Rewrite-URL",
        ),
        *("X-HTTP-Method-Override", "X_HTTP_Method_Override", "X-HTTP-Method", "X-Method-Override"),
    ):
        sent = GET + name.encode() + b": administrator\r\n\r\n"
        yield refused(f"{name} of the caller's own", sent, ends=False, at_the_door=True)
    twice = GET + b"Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n"
    yield refused("two tokens", twice, ends=False, at_the_door=True)
    two = GET + b"Authorization: Bearer a\r\nauthorization: Bearer b\r\n\r\n"
    yield refused("two tokens in two cases", two, ends=False, at_the_door=True)
    lookalike = GET + b"Authorization_: Bearer a\r\n\r\n"
    yield passed("a name like Authorization", lookalike, at_the_door=True)
    named = GET + b"Connection: Authorization\r\nX-A: 1\r\n\r\n"
    yield passed("a token named for one hop only", named, at_the_door=True)
    body = POST + b"X-Forwarded-For: 1.2.3.4\r\nContent-Length: 2\r\n\r\nhi"
    yield refused("an identity and a body", body, at_the_door=True)
    hidden = POST + b"X-Real-IP: 1\r\nContent-Length: %d\r\n\r\n" % len(SECOND) + SECOND
    yield refused("an identity and a request in its body", hidden, at_the_door=True)


def others() -> Iterator[Message]:
    """Other protocols, expectations, several requests on one connection."""
    upgrade = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
    socket = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    yield passed("an upgrade to HTTP/2", GET + upgrade + b"\r\n", ends=True)
    yield passed("an upgrade to a web socket", GET + socket + b"\r\n", ends=True)
    yield passed("an upgrade with a request behind", GET + upgrade + b"\r\n" + SECOND, ends=True)
    yield passed("an upgrade that is not asked for", GET + b"Upgrade: h2c\r\n\r\n")
    length = b"Content-Length: %d\r\n\r\n" % len(SECOND)
    yield refused("an upgrade with a body", POST + upgrade + b"Content-Length: 2\r\n\r\nhi")
    yield refused("an upgrade with a request for a body", POST + upgrade + length + SECOND)
    chunked = b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
    yield refused("an upgrade with chunks", POST + upgrade + chunked)
    late = POST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi"
    yield passed("an expectation", late, BODY, interim=1)
    yield passed(
        "an expectation in capitals",
        late.replace(b"100-continue", b"100-CONTINUE"),
        BODY,
        interim=1,
    )
    yield passed("another expectation", late.replace(b"100-continue", b"cake"), BODY)
    yield passed("two expectations", late.replace(b"100-continue", b"100-continue, cake"), BODY)
    yield passed(
        "an expectation in HTTP/1.0", late.replace(b"HTTP/1.1", b"HTTP/1.0"), BODY, ends=True
    )
    doubtful = late.replace(b"Content-Length: 2", b"Content-Length: 2\r\nContent-Length: 3")
    yield refused("an expectation and two lengths", doubtful)
    yield passed("close, and bytes behind", GET + b"Connection: close\r\n\r\n" + SECOND, ends=True)
    yield passed(
        "close after a body",
        POST + b"Connection: close\r\nContent-Length: 2\r\n\r\nhi" + SECOND,
        BODY,
        ends=True,
    )
    yield passed("two requests", GET + b"\r\n" + SECOND, passed=2, answers=2)
    yield passed(
        "a body and a request",
        POST + b"Content-Length: 2\r\n\r\nhi" + SECOND,
        BODY,
        passed=2,
        answers=2,
    )
    yield passed(
        "chunks and a request",
        CHUNKED + b"2\r\nhi\r\n0\r\n\r\n" + SECOND,
        BODY,
        passed=2,
        answers=2,
    )
    yield passed("a request for a body", POST + length + SECOND, SECOND)
    inner = CHUNKED + b"%x\r\n%b\r\n0\r\n\r\n" % (len(SECOND), SECOND)
    yield passed("a request in a chunk", inner, SECOND)
    yield passed("a request, then rubbish", GET + b"\r\n" + b"\x00\x01rubbish\r\n\r\n", ends=True)
    yield passed(
        "a request, then two lengths",
        GET + b"\r\n" + with_length(b"Content-Length: 2", b"Content-Length: 3"),
        ends=True,
    )
    half = GET + b"\r\n" + SECOND[:20]
    yield passed("a request, then half of one", half, ends=True, at_the_door=True)
    yield passed(
        "a body longer than it says", POST + b"Content-Length: 2\r\n\r\nhigh", BODY, ends=True
    )
    read = GET + b"Content-Length: 0\r\n\r\n" + SECOND
    yield passed("a read without a body, then a request", read, passed=2, answers=2)
    smuggled = POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG" + SECOND
    yield refused("chunks that end before the length", smuggled)
    other = (
        POST
        + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nZ\r\n0\r\n\r\n"
        + SECOND
    )
    yield refused("a length that ends before the chunks", other)
    stalls = POST + b"Content-Length: 20\r\n\r\n"
    yield refused("a body that does not come", stalls, 408, at_the_door=True)
    yield refused("a body that stops", stalls + b"half", 408, at_the_door=True)
    yield refused("chunks that stop", CHUNKED + b"2\r\nhi\r\n", 408, at_the_door=True)
    yield refused("a chunk that stops", CHUNKED + b"20\r\nhi", 408, at_the_door=True)


GROUPS = {
    "lengths": lengths,
    "codings": codings,
    "chunks": chunks,
    "lines and names": lines,
    "first lines": first_lines,
    "sizes": sizes,
    "hosts": hosts,
    "identities": identities,
    "other protocols and several requests": others,
}


def messages(group: str) -> list[Message]:
    """The messages of a group, each with a name of its own written into it."""
    before = 0
    for name, made in GROUPS.items():
        found = [_named(message, before + n) for n, message in enumerate(made())]
        if name == group:
            return found
        before += len(found)
    raise KeyError(group)


def _named(message: Message, number: int) -> Message:
    """As long as the placeholder: lengths were counted with that."""
    name = b"c%03d" % number
    written = message.sent.replace(b"<id>", name)
    return replace(message, sent=written, body=message.body.replace(b"<id>", name))
