"""One JSON text per document (RFC 8785), and a reader that refuses every other spelling.

A document whose bytes are not its own canonical form is refused, so that no byte of it can change
unnoticed and its hash means one thing only.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import rfc8785

from shared.sealing.errors import Malformed, Reason

LARGEST_DOCUMENT = 16 * 1024 * 1024
LARGEST_INTEGER = 2**53 - 1
DEEPEST = 16

# ASCII: other scripts have digits too, and an instant has one spelling.
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z", re.ASCII)
_HEXADECIMAL = re.compile(r"(?:[0-9a-f]{2})*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def canonical(value: Any) -> bytes:
    """The RFC 8785 text of a value made of objects, lists, text, integers, booleans and null."""
    try:
        # Under ASCII keys the fast writer spells the same; a test compares the two.
        if _spelled_alike(value):
            return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        return rfc8785.dumps(value)
    except orjson.JSONEncodeError as error:
        raise Malformed(Reason.UNREADABLE, "document", "has no canonical form") from error
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise Malformed(Reason.UNREADABLE, "document", "has no canonical form") from error


def _spelled_alike(value: Any) -> bool:
    """Whether a value has one spelling for both writers: no floats, no exotic keys or types."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if kind is int:
        return bool(-LARGEST_INTEGER <= value <= LARGEST_INTEGER)
    if kind is dict:
        return all(
            type(key) is str and key.isascii() and _spelled_alike(item)
            for key, item in value.items()
        )
    if kind is list or kind is tuple:
        return all(map(_spelled_alike, value))
    return False


def instant_text(moment: datetime) -> str:
    """An instant to the microsecond, in UTC: `2026-04-10T01:00:00.000000Z`."""
    if moment.tzinfo is None:
        raise Malformed(Reason.WRONG_TYPE, "instant", "an instant must know its time zone")
    # Not strftime: it writes the years before 1000 with fewer digits than it reads.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_document(data: bytes, where: str, *, largest: int = LARGEST_DOCUMENT) -> "Fields":
    """Parse canonical JSON bytes holding one object."""
    return Fields(read_value(data, where, largest=largest), where)


def read_value(data: bytes, where: str, *, largest: int = LARGEST_DOCUMENT) -> Any:
    """Parse canonical JSON bytes; anything ambiguous is refused before it is looked at."""
    if len(data) > largest:
        raise Malformed(Reason.TOO_LARGE, where, f"more than {largest} bytes")
    try:
        text = data.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=_without_duplicates(where),
            parse_float=_refuse_number(where),
            parse_constant=_refuse_number(where),
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Malformed(Reason.UNREADABLE, where, "not UTF-8 JSON") from error
    except ValueError as error:  # an integer with thousands of digits
        raise Malformed(Reason.UNREADABLE, where, "not a usable number") from error
    _check_value(value, where, 0)
    if canonical(value) != data:
        raise Malformed(Reason.NOT_CANONICAL, where, "not the RFC 8785 form of itself")
    return value


def _without_duplicates(where: str) -> Any:
    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        built = dict(pairs)
        if len(built) != len(pairs):
            raise Malformed(Reason.DUPLICATE, where, "a key is given twice")
        return built

    return build


def _refuse_number(where: str) -> Any:
    def refuse(text: str) -> Any:
        raise Malformed(Reason.WRONG_TYPE, where, "only integers are used")

    return refuse


def _check_value(value: Any, where: str, depth: int) -> None:
    if depth > DEEPEST:
        raise Malformed(Reason.TOO_LARGE, where, "nested too deeply")
    if isinstance(value, str):
        if not value.isascii() and any(0xD800 <= ord(letter) <= 0xDFFF for letter in value):
            raise Malformed(Reason.UNREADABLE, where, "a lone surrogate")
    elif isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise Malformed(Reason.OUT_OF_RANGE, where, "an integer past 2^53")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            _check_value(key, where, depth + 1)
            _check_value(item, where, depth + 1)
    elif isinstance(value, Sequence):
        for item in value:
            _check_value(item, where, depth + 1)


class Fields:
    """One JSON object, read field by field. `done` refuses what nobody asked for."""

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise Malformed(Reason.WRONG_TYPE, where, "an object is needed")
        self.where = where
        self._value: dict[str, Any] = value
        self._left = set(value)

    def has(self, name: str) -> bool:
        return name in self._value

    def done(self) -> None:
        if self._left:
            raise Malformed(Reason.UNKNOWN_FIELD, f"{self.where}.{min(self._left)}")

    def take(self, name: str) -> Any:
        if name not in self._value:
            raise Malformed(Reason.MISSING_FIELD, f"{self.where}.{name}")
        self._left.discard(name)
        return self._value[name]

    def text(self, name: str, *, longest: int = 200) -> str:
        """One line of text, 1..`longest` characters."""
        value = self.take(name)
        if not isinstance(value, str):
            raise self._wrong(name, "text is needed")
        if not 1 <= len(value) <= longest or _CONTROL.search(value):
            raise self._out_of_range(name, f"one line of 1 to {longest} characters")
        return value

    def matching(self, name: str, pattern: str, meaning: str) -> str:
        value = self.text(name)
        if not re.fullmatch(pattern, value):
            raise self._out_of_range(name, meaning)
        return value

    def format(self, expected: str) -> None:
        """The `format` field: which document this is, in which version."""
        if self.take("format") != expected:
            raise Malformed(Reason.UNKNOWN_FORMAT, f"{self.where}.format", f"{expected} is needed")

    def one_of(self, name: str, choices: Sequence[str]) -> str:
        value = self.take(name)
        if value not in choices:
            raise self._out_of_range(name, f"one of {', '.join(choices)}")
        return str(value)

    def octets(self, name: str, size: int | None = None, *, longest: int = 4096) -> bytes:
        """Bytes in lower-case hexadecimal, of exactly `size` when it is given."""
        value = self.take(name)
        if not isinstance(value, str):
            raise self._wrong(name, "hexadecimal text is needed")
        if len(value) > 2 * longest or not _HEXADECIMAL.fullmatch(value):
            raise self._out_of_range(name, "lower-case hexadecimal is needed")
        if size is not None and len(value) != 2 * size:
            raise self._out_of_range(name, f"{size} bytes are needed")
        return bytes.fromhex(value)

    def integer(self, name: str, low: int, high: int) -> int:
        value = self.take(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(name, "an integer is needed")
        if not low <= value <= high:
            raise self._out_of_range(name, f"{low} to {high}")
        return value

    def instant(self, name: str) -> datetime:
        value = self.take(name)
        if not isinstance(value, str) or not _INSTANT.fullmatch(value):
            raise self._wrong(name, "an instant like 2026-04-10T01:00:00.000000Z is needed")
        try:
            return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
        except ValueError as error:
            raise self._out_of_range(name, "no such instant") from error

    def uuid(self, name: str) -> UUID:
        value = self.take(name)
        try:
            found = UUID(value) if isinstance(value, str) else None
        except ValueError:
            found = None
        if found is None or str(found) != value:
            raise self._wrong(name, "a UUID in lower case is needed")
        return found

    def fields(self, name: str) -> "Fields":
        return Fields(self.take(name), f"{self.where}.{name}")

    def many(self, name: str, *, most: int, least: int = 0) -> "list[Fields]":
        value = self.take(name)
        if not isinstance(value, list):
            raise self._wrong(name, "a list is needed")
        if not least <= len(value) <= most:
            raise self._out_of_range(name, f"{least} to {most} entries")
        return [Fields(item, f"{self.where}.{name}[{n}]") for n, item in enumerate(value)]

    def _wrong(self, name: str, detail: str) -> Malformed:
        return Malformed(Reason.WRONG_TYPE, f"{self.where}.{name}", detail)

    def _out_of_range(self, name: str, detail: str) -> Malformed:
        return Malformed(Reason.OUT_OF_RANGE, f"{self.where}.{name}", detail)
