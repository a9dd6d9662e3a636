"""Bodies that nobody in good faith sends to an endpoint that takes a JSON object."""

import gzip
import zlib
from dataclasses import dataclass

JSON = "application/json"
OBJECT = b'{"a":"b"}'


@dataclass(frozen=True, slots=True)
class Body:
    """`statuses` are what it may be answered with, whatever the operation."""

    name: str
    sent: bytes
    statuses: tuple[int, ...]
    media: str | None = JSON
    coding: str | None = None
    heavy: bool = False
    """Takes long to read: in the short form not every operation gets it."""

    @property
    def headers(self) -> dict[str, str]:
        told = {"content-type": self.media, "content-encoding": self.coding}
        return {name: value for name, value in told.items() if value is not None}


def value(written: bytes) -> bytes:
    return b'{"a":%b}' % written


def many_keys(count: int) -> bytes:
    return b"{" + b",".join(b'"%x":0' % n for n in range(count)) + b"}"


# Read whole and strictly before anything else is asked: each of these has one answer.
NO_JSON = {
    "half an object": b'{"a":',
    "an object and a half": b'{"a":1}{',
    "two objects": b"{}{}",
    "a comma at the end": b'{"a":1,}',
    "single quotes": b"{'a':1}",
    "no quotes": b"{a:1}",
    "a comment": b'{"a":1/*b*/}',
    "a number with a zero before": value(b"01"),
    "a number with a plus": value(b"+1"),
    "a number in hexadecimal": value(b"0x1"),
    "a number without its end": value(b"1."),
    "a raw NUL in a text": b'{"a":"b\x00"}',
    "a raw line end in a text": b'{"a":"b\n"}',
    "NUL before": b"\x00{}",
    "blanks alone": b"   ",
    "half an escape": value(b'"\\u12"'),
    "an unknown escape": value(b'"\\x41"'),
    "UTF-16 with its mark": '{"a":"b"}'.encode("utf-16"),
    "UTF-16 without": '{"a":"b"}'.encode("utf-16-le"),
    "UTF-16 the other way": '{"a":"b"}'.encode("utf-16-be"),
    "UTF-32": '{"a":"b"}'.encode("utf-32"),
    "a byte order mark": '{"a":"b"}'.encode("utf-8-sig"),
    "Latin-1": '{"a":"é"}'.encode("latin-1"),
    "GB 18030": '{"a":"惠社"}'.encode("gb18030"),
    "overlong UTF-8": b'{"a":"\xc0\xaf"}',
    "a surrogate in UTF-8": b'{"a":"\xed\xa0\x80"}',
    "compressed and silent about it": gzip.compress(OBJECT),
}
NO_VALUE = {
    "a key twice": b'{"a":1,"a":2}',
    "a key twice, spelled otherwise": b'{"a":1,"\\u0061":2}',
    "a key twice within": b'{"a":[{"b":1,"b":1}]}',
    "an empty key twice": b'{"":1,"":2}',
    "NaN": value(b"NaN"),
    "Infinity": value(b"Infinity"),
    "-Infinity": value(b"-Infinity"),
    "NaN alone": b"NaN",
    "a lone surrogate": value(b'"\\ud800"'),
    "a surrogate pair the wrong way": value(b'"\\udc00\\ud800"'),
    "a lone surrogate for a key": b'{"\\udfff":1}',
    "NUL": value(b'"a\\u0000b"'),
    "NUL in a key": b'{"a\\u0000":1}',
    "2^63": value(b"9223372036854775808"),
    "-2^63-1": value(b"-9223372036854775809"),
    "2^64": value(b"18446744073709551616"),
    "five thousand digits": value(b"9" * 5000),
    "1E+999999": value(b"1E+999999"),
    "-1e400": value(b"-1e400"),
    "a fraction of sixty digits": value(b"0." + b"1" * 60),
    "forty deep": b'{"a":' + b"[" * 40 + b"]" * 40 + b"}",
    "objects forty deep": b'{"a":' * 40 + b"1" + b"}" * 40,
}
HEAVY = {
    "10^5 keys": many_keys(100_000),
    "10^5 values": b'{"a":[' + b"0," * 99_999 + b"0]}",
    "10^4 deep": b"[" * 10_000 + b"]" * 10_000,
    "objects 10^4 deep": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "10^5 deep and unfinished": b"[" * 100_000,
}
OTHER_MEDIA = [
    "text/plain",
    "text/json",
    "application/xml",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/octet-stream",
    "application/jsonx",
    "application/json; charset=utf-16",
    "application/json; charset=latin-1",
    'application/json; charset="gbk"',
    "application/json, text/plain",
    "*/*",
    "json",
    "",
]
CODINGS = {
    "gzip": gzip.compress(OBJECT),
    "deflate": zlib.compress(OBJECT),
    "br": OBJECT,
    "zstd": OBJECT,
    "identity, gzip": gzip.compress(OBJECT),
    "GZIP": OBJECT,
    "cow": OBJECT,
}
# What is JSON, but not the object that is asked for: whoever lacks the thing itself is told that first.
NO_OBJECT = {
    "an array": b"[]",
    "an array of objects": b"[{}]",
    "a text": b'"a"',
    "a number": b"1",
    "true": b"true",
    "null": b"null",
    "an object of another kind": b'{"__proto__":{"a":1},"constructor":1}',
}

BODIES = [
    *(Body(name, sent, (400,)) for name, sent in NO_JSON.items()),
    *(Body(name, sent, (422,)) for name, sent in NO_VALUE.items()),
    *(Body(name, sent, (422,), heavy=True) for name, sent in HEAVY.items()),
    Body("more than a megabyte", value(b'"%b"' % (b"x" * 1_100_000)), (413,), heavy=True),
    *(Body(f"as {media or 'nothing'}", OBJECT, (415,), media or None) for media in OTHER_MEDIA),
    *(
        Body(f"{coding} for a coding", sent, (415,), JSON, coding)
        for coding, sent in CODINGS.items()
    ),
    *(Body(name, sent, (404, 409, 422, 428)) for name, sent in NO_OBJECT.items()),
    # Where every field may be left out, nothing at all is an empty object's equal.
    Body("nothing", b"", (404, 409, 422, 428)),
]
