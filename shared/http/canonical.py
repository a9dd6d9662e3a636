"""One way to write a path. Whatever else could be read two ways is refused before routing.

A gateway and a service that read the same bytes differently are how doors are walked round, so
nothing is repaired here: no decoding, no joining of slashes, no resolving of dots. Gateway and
services ask the same function.
"""

import re

from shared.errors import BadRequest
from shared.words import Text

LONGEST_TARGET = 8192

# Percent-encoding is for what is not ASCII (a Chinese word in a path) and written in capitals.
_SEGMENT = rb"(?:[A-Za-z0-9\-._~!$&'()*+,=:@]|%[89A-F][0-9A-F])+"
_PATH = re.compile(rb"/(?:" + _SEGMENT + rb"/)*(?:" + _SEGMENT + rb")?")
_DOTS = re.compile(rb"/\.{1,2}(?:/|$)")
_QUERY = re.compile(rb"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?\[\]]|%[0-9A-Fa-f]{2})*")

NOT_CANONICAL = Text(
    zh="路径不是规范写法：不得含编码的斜杠或普通字符、连续斜杠、分号、反斜杠、点段",
    en="the path is not written canonically: no encoded slashes or plain characters, "
    "no double slashes, semicolons, backslashes or dot segments",
)
TOO_LONG = Text(zh="请求地址过长", en="the request target is too long")


def require_canonical(raw_path: bytes, query: bytes) -> None:
    """Refuse a path that has another spelling, and a query that is no query."""
    if len(raw_path) + len(query) > LONGEST_TARGET:
        raise BadRequest(TOO_LONG)
    if not _PATH.fullmatch(raw_path) or (b"/." in raw_path and _DOTS.search(raw_path)):
        raise BadRequest(NOT_CANONICAL)
    if b"%" in raw_path and not _is_utf8(raw_path):
        raise BadRequest(NOT_CANONICAL)
    if query and not _QUERY.fullmatch(query):
        raise BadRequest(NOT_CANONICAL)


def _is_utf8(raw_path: bytes) -> bool:
    plain = re.sub(rb"%([0-9A-F]{2})", lambda found: bytes([int(found[1], 16)]), raw_path)
    try:
        plain.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
