"""One strict reading of JSON before any validation.

By default a Python stack takes duplicate keys, NaN, lone surrogates, NUL, integers past 64 bits
and `1E+999999`, and some of them end as a 500 in the database. Here they are all refused.
"""

import json
import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

from shared.errors import BadRequest, FieldError, InvalidInput, TooLarge
from shared.http.validation import pointer
from shared.words import Text

MAX_BYTES = 1_048_576
MAX_DEPTH = 32
MAX_VALUES = 50_000
INT64 = 2**63


@dataclass(frozen=True, slots=True)
class _Fault:
    """Stands where something may not be; `within` says in which member of its object."""

    rule: Text
    remedy: Text
    within: tuple[str, ...] = ()


NUL = _Fault(
    Text(zh="文字不得含空字符（NUL）", en="text has no NUL character"),
    Text(zh="请删除 U+0000", en="remove U+0000"),
)
LONE_SURROGATE = _Fault(
    Text(zh="文字须为合法的 Unicode", en="text is well-formed Unicode"),
    Text(zh="请删除不成对的代理字符", en="remove the lone surrogate"),
)
NOT_A_NUMBER = _Fault(
    Text(zh="NaN 和 Infinity 不是 JSON", en="NaN and Infinity are not JSON"),
    Text(zh="请提交有限的数", en="send a finite number"),
)
LONG_INTEGER = _Fault(
    Text(zh="整数不得超过 64 位二进制", en="an integer has at most 64 bits"),
    Text(zh="请提交较小的数", en="send a smaller number"),
)
LONG_NUMBER = _Fault(
    Text(zh="数字须有限，且不超过 40 个字符", en="a number is finite and at most 40 characters"),
    Text(zh="请提交较小的数", en="send a smaller number"),
)
DEEP = _Fault(
    Text(zh=f"嵌套不得超过 {MAX_DEPTH} 层", en=f"at most {MAX_DEPTH} levels deep"),
    Text(zh="请减少嵌套层次", en="flatten the document"),
)
MANY = _Fault(
    Text(zh=f"总共不得超过 {MAX_VALUES} 个值", en=f"at most {MAX_VALUES} values"),
    Text(zh="请分次提交", en="send less at once"),
)


def parse(body: bytes, *, limit: int = MAX_BYTES) -> Any:
    """The value of a UTF-8 JSON text; BadRequest, InvalidInput or TooLarge when it is not one."""
    if len(body) > limit:
        raise TooLarge(Text(zh=f"正文超过 {limit} 字节", en=f"the body is over {limit} bytes"))
    try:
        text = body.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=lambda _: NOT_A_NUMBER,
            parse_int=_integer,
            parse_float=_number,
        )
    except RecursionError:
        raise InvalidInput.at("", DEEP.rule, DEEP.remedy) from None
    except ValueError:
        raise BadRequest(
            Text(zh="正文不是 UTF-8 的 JSON", en="the body is not JSON in UTF-8")
        ) from None
    fault = _first_fault(value)
    if fault is not None:
        raise InvalidInput([fault])
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Fault:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
    within = () if _fault_of(twice) else (twice,)
    return _Fault(
        Text(zh="同一对象中键不得重复", en="a key may stand once in an object"),
        Text(zh="请删除重复的键", en="remove the duplicate key"),
        within,
    )


def _integer(text: str) -> int | _Fault:
    if len(text) > 20 or not -INT64 <= (value := int(text)) < INT64:
        return LONG_INTEGER
    return value


def _number(text: str) -> float | _Fault:
    if len(text) > 40 or not math.isfinite(value := float(text)):
        return LONG_NUMBER
    return value


def _first_fault(root: Any) -> FieldError | None:
    """Something that may not be there, and where; without recursion."""
    waiting: list[tuple[Any, tuple[str | int, ...]]] = [(root, ())]
    seen = 0
    while waiting:
        value, path = waiting.pop()
        seen += 1
        fault = _fault_of(value)
        if len(path) >= MAX_DEPTH:
            fault = DEEP
        elif seen > MAX_VALUES:
            fault, path = MANY, ()
        if fault is not None:
            return FieldError(pointer(("body", *path, *fault.within)), fault.rule, fault.remedy)
        if isinstance(value, dict):
            for key, item in value.items():
                # What is wrong with a key itself is told of its object.
                told = _fault_of(key)
                waiting.append((item, (*path, key)) if told is None else (told, path))
        elif isinstance(value, list):
            waiting.extend((item, (*path, n)) for n, item in enumerate(value))
    return None


def _fault_of(value: Any) -> _Fault | None:
    if isinstance(value, _Fault):
        return value
    if not isinstance(value, str):
        return None
    if "\x00" in value:
        return NUL
    try:
        value.encode()
    except UnicodeEncodeError:
        return LONE_SURROGATE
    return None
