"""One strict reading of JSON before any validation.

By default a Python stack takes duplicate keys, NaN, lone surrogates, NUL, integers past 64 bits
and `1E+999999`, and some of them end as a 500 in the database. Here they are all refused.
"""

import json
import math
from typing import Any, NoReturn

from shared.errors import BadRequest, InvalidInput, TooLarge
from shared.words import Text

MAX_BYTES = 1_048_576
MAX_DEPTH = 32
MAX_VALUES = 50_000
INT64 = 2**63


class _Refused(ValueError):
    def __init__(self, rule: str, remedy: str) -> None:
        self.rule = rule
        self.remedy = remedy


def parse(body: bytes, *, limit: int = MAX_BYTES) -> Any:
    """The value of a UTF-8 JSON text; BadRequest, InvalidInput or TooLarge when it is not one."""
    if len(body) > limit:
        raise TooLarge(Text(zh=f"正文超过 {limit} 字节", en=f"the body is over {limit} bytes"))
    try:
        text = body.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_number,
        )
        _walk(value)
    except _Refused as refused:
        raise InvalidInput.at("", refused.rule, refused.remedy) from None
    except RecursionError:
        raise InvalidInput.at(
            "", f"at most {MAX_DEPTH} levels deep", "flatten the document"
        ) from None
    except ValueError:
        raise BadRequest(
            Text(zh="正文不是 UTF-8 的 JSON", en="the body is not JSON in UTF-8")
        ) from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Refused("a key may stand once in an object", "remove the duplicate key")
    return found


def _constant(_: str) -> NoReturn:
    raise _Refused("NaN and Infinity are not JSON", "send a finite number")


def _integer(text: str) -> int:
    if len(text) > 20 or not -INT64 <= (value := int(text)) < INT64:
        raise _Refused("an integer has at most 64 bits", "send a smaller number")
    return value


def _number(text: str) -> float:
    if len(text) > 40 or not math.isfinite(value := float(text)):
        raise _Refused("a number is finite and at most 40 characters", "send a smaller number")
    return value


def _walk(root: Any) -> None:
    """Depth, count and characters, without recursion."""
    waiting: list[tuple[Any, int]] = [(root, 1)]
    seen = 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if depth > MAX_DEPTH:
            raise _Refused(f"at most {MAX_DEPTH} levels deep", "flatten the document")
        if seen > MAX_VALUES:
            raise _Refused(f"at most {MAX_VALUES} values", "send less at once")
        if isinstance(value, dict):
            for key, item in value.items():
                _text(key)
                waiting.append((item, depth + 1))
        elif isinstance(value, list):
            waiting.extend((item, depth + 1) for item in value)
        elif isinstance(value, str):
            _text(value)


def _text(value: str) -> None:
    if "\x00" in value:
        raise _Refused("text has no NUL character", "remove U+0000")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise _Refused("text is well-formed Unicode", "remove the lone surrogate")
