"""What the validator finds wrong with a field, said in both languages.

The framework speaks English only, and some of its sentences repeat what was sent. So each kind of
finding has its own rule and remedy here; only the limits that our schemas set are filled in.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.errors import FieldError, NotWellFormed
from shared.words import Text

_SEE_CONTRACT = Text(
    zh="请查阅接口文档中该字段的说明", en="read in the contract what this field may be"
)
_CHOOSE = Text(zh="请选用所列取值之一", en="send one of these")
_SHORTEN = Text(zh="请缩短内容", en="shorten it")
_FILL_IN = Text(zh="请补充内容", en="write more, or leave the field out if it is optional")
_WRITE_DATE = Text(zh="请写成 2026-03-10 的形式", en="write it like 2026-03-10")
_WRITE_INSTANT = Text(
    zh="请写成 2026-03-10T09:00:00+08:00 的形式（RFC 3339）",
    en="write it like 2026-03-10T09:00:00+08:00 (RFC 3339)",
)
_WRITE_TIME = Text(zh="请写成 09:30:00 的形式", en="write it like 09:30:00")
_COPY_ID = Text(
    zh="请原样使用系统给出的编号", en="copy the id as the suite gave it, hyphens included"
)
_DIGITS_ONLY = Text(zh="请只写数字，如 12", en="write digits only, such as 12")
_NOT_TEXT = Text(
    zh="请去掉引号，以 JSON 数字提交", en="send a JSON number, without quotation marks"
)
_QUOTE = Text(zh="请加引号，以 JSON 字符串提交", en="send a JSON string, in quotation marks")
_IN_BRACKETS = Text(
    zh="请以方括号列出，只有一项也须如此", en="send it in square brackets, even a single item"
)
_IN_BRACES = Text(zh="请以花括号写明各字段", en="send its fields in braces, as the contract shows")
_TRUE_OR_FALSE = Text(zh="请提交 true 或 false，不加引号", en="send true or false, without quotes")

_OBJECT = (Text(zh="须为 JSON 对象", en="a JSON object"), _IN_BRACES)
_ARRAY = (Text(zh="须为 JSON 数组", en="a JSON array"), _IN_BRACKETS)
_NUMBER = (Text(zh="须为数字", en="a number"), _NOT_TEXT)
_DATE = (
    Text(zh="须为实际存在的日期（YYYY-MM-DD）", en="a day that exists, YYYY-MM-DD"),
    _WRITE_DATE,
)
_INSTANT = (
    Text(zh="须为带时区的日期和时间", en="a date and time with its offset from UTC"),
    _WRITE_INSTANT,
)
_UUID = (Text(zh="须为 UUID 格式的编号", en="an id in the form of a UUID"), _COPY_ID)
_BOOLEAN = (Text(zh="须为 true 或 false", en="true or false"), _TRUE_OR_FALSE)
_CODE = (Text(zh="须为下列代码之一：{allowed_zh}", en="one of: {allowed_en}"), _CHOOSE)
_DECIMAL = (
    Text(zh="须为十进制小数", en="a decimal number"),
    Text(zh="请写成如 87.50 的形式", en="write it like 87.50"),
)

SAYINGS: dict[str, tuple[Text, Text]] = {
    "missing": (
        Text(zh="此项为必填项", en="this field is required"),
        Text(zh="请补充此项", en="add it"),
    ),
    "extra_forbidden": (
        Text(zh="不接受接口文档以外的字段", en="unknown fields are refused"),
        Text(
            zh="请删除该字段，或在接口文档中核对其名称",
            en="remove it, or look up its name in the contract",
        ),
    ),
    "json_invalid": (
        Text(zh="正文须为 JSON", en="the body is JSON"),
        Text(zh="请更正 JSON 语法", en="mend its syntax"),
    ),
    "none_required": (
        Text(zh="此项须为空（null）", en="null and nothing else"),
        Text(zh="请提交 null 或删除此项", en="send null, or leave it out"),
    ),
    # texts
    "string_type": (Text(zh="须为字符串", en="a string"), _QUOTE),
    "string_unicode": (
        Text(zh="须为合法的 Unicode 文字", en="well-formed Unicode text"),
        Text(zh="请以 UTF-8 编码提交", en="send it in UTF-8"),
    ),
    "string_not_ascii": (
        Text(zh="只能含 ASCII 字符", en="ASCII characters only"),
        Text(zh="请改用半角字母、数字和符号", en="use plain letters, digits and signs"),
    ),
    "string_too_short": (
        Text(zh="不得少于 {min_length} 个字符", en="at least {min_length} characters"),
        _FILL_IN,
    ),
    "string_too_long": (
        Text(zh="不得超过 {max_length} 个字符", en="at most {max_length} characters"),
        _SHORTEN,
    ),
    "string_pattern_mismatch": (
        Text(zh="须符合格式：{shape_zh}", en="has this form: {shape_en}"),
        Text(
            zh="请按此格式更正，注意空格和全角字符",
            en="correct it to this form; look for blanks and full-width characters",
        ),
    ),
    # numbers
    "int_type": (Text(zh="须为整数", en="a whole number"), _NOT_TEXT),
    "int_from_float": (
        Text(zh="须为整数", en="a whole number"),
        Text(zh="请去掉小数部分", en="send it without a fraction"),
    ),
    "int_parsing": (Text(zh="须为整数", en="a whole number"), _DIGITS_ONLY),
    "int_parsing_size": (
        Text(zh="整数位数过多", en="a whole number with far fewer digits"),
        Text(zh="请提交较小的整数", en="send a smaller number"),
    ),
    "float_type": _NUMBER,
    "float_parsing": (_NUMBER[0], _DIGITS_ONLY),
    "finite_number": (
        Text(zh="须为有限的数", en="a finite number"),
        Text(zh="请提交普通数字，不用 NaN 或 Infinity", en="send a number, not NaN or Infinity"),
    ),
    "decimal_type": _DECIMAL,
    "decimal_parsing": _DECIMAL,
    "decimal_max_digits": (
        Text(zh="总位数不得超过 {max_digits} 位", en="at most {max_digits} digits in all"),
        _SHORTEN,
    ),
    "decimal_max_places": (
        Text(zh="小数不得超过 {decimal_places} 位", en="at most {decimal_places} decimal places"),
        Text(zh="请去掉多余的小数位", en="leave out the further places"),
    ),
    "decimal_whole_digits": (
        Text(
            zh="整数部分不得超过 {whole_digits} 位",
            en="at most {whole_digits} digits before the decimal point",
        ),
        Text(zh="请提交较小的数", en="send a smaller number"),
    ),
    "greater_than": (
        Text(zh="须大于 {gt}", en="more than {gt}"),
        Text(zh="请提交大于 {gt} 的值", en="send a value above {gt}"),
    ),
    "greater_than_equal": (
        Text(zh="不得小于 {ge}", en="not less than {ge}"),
        Text(zh="请提交 {ge} 或更大的值", en="send {ge} or more"),
    ),
    "less_than": (
        Text(zh="须小于 {lt}", en="less than {lt}"),
        Text(zh="请提交小于 {lt} 的值", en="send a value below {lt}"),
    ),
    "less_than_equal": (
        Text(zh="不得大于 {le}", en="not more than {le}"),
        Text(zh="请提交 {le} 或更小的值", en="send {le} or less"),
    ),
    "multiple_of": (
        Text(zh="须为 {multiple_of} 的倍数", en="a multiple of {multiple_of}"),
        Text(zh="请改为最接近的倍数", en="send the nearest multiple"),
    ),
    # codes, truth values, ids
    "enum": _CODE,
    "literal_error": _CODE,
    "union_tag_invalid": _CODE,
    "union_tag_not_found": (
        Text(zh="缺少说明类别的字段 {discriminator}", en="the field {discriminator} says the kind"),
        Text(zh="请补充该字段", en="add it"),
    ),
    "bool_type": _BOOLEAN,
    "bool_parsing": _BOOLEAN,
    "uuid_type": _UUID,
    "uuid_parsing": _UUID,
    "uuid_version": (
        Text(zh="须为第 {expected_version} 版 UUID", en="a UUID of version {expected_version}"),
        _COPY_ID,
    ),
    # days and instants
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": (
        Text(zh="须只有日期，不带时间", en="a day without a time"),
        _WRITE_DATE,
    ),
    "date_past": (
        Text(zh="须为过去的日期", en="a day in the past"),
        Text(zh="请提交今天以前的日期", en="send a day before today"),
    ),
    "date_future": (
        Text(zh="须为将来的日期", en="a day in the future"),
        Text(zh="请提交今天以后的日期", en="send a day after today"),
    ),
    "datetime_type": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_object_invalid": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    "timezone_aware": (
        Text(zh="时间须注明时区", en="a time carries its offset from UTC"),
        _WRITE_INSTANT,
    ),
    "timezone_naive": (
        Text(zh="时间不得带时区", en="a time without an offset"),
        Text(zh="请去掉末尾的时区", en="leave out the offset at its end"),
    ),
    "datetime_past": (
        Text(zh="须为过去的时间", en="an instant in the past"),
        Text(zh="请提交现在以前的时间", en="send an earlier instant"),
    ),
    "datetime_future": (
        Text(zh="须为将来的时间", en="an instant in the future"),
        Text(zh="请提交现在以后的时间", en="send a later instant"),
    ),
    "time_type": (Text(zh="须为时刻", en="a time of day"), _WRITE_TIME),
    "time_parsing": (Text(zh="须为时刻", en="a time of day"), _WRITE_TIME),
    "time_delta_type": (
        Text(zh="须为时长", en="a length of time"),
        Text(zh="请写成 P3D 的形式（ISO 8601）", en="write it like P3D (ISO 8601)"),
    ),
    "time_delta_parsing": (
        Text(zh="须为时长", en="a length of time"),
        Text(zh="请写成 P3D 的形式（ISO 8601）", en="write it like P3D (ISO 8601)"),
    ),
    # lists and objects
    "too_short": (
        Text(zh="不得少于 {min_length} 项", en="at least {min_length} items"),
        Text(zh="请补足各项", en="add what is missing"),
    ),
    "too_long": (
        Text(zh="不得超过 {max_length} 项", en="at most {max_length} items"),
        Text(zh="请减少项数或分次提交", en="send fewer, or send them in parts"),
    ),
    "list_type": _ARRAY,
    "tuple_type": _ARRAY,
    "set_type": _ARRAY,
    "frozen_set_type": _ARRAY,
    "iterable_type": _ARRAY,
    "dict_type": _OBJECT,
    "mapping_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dataclass_type": _OBJECT,
    "invalid_key": (
        Text(zh="对象的键须为字符串", en="the keys of an object are strings"),
        Text(zh="请为键加引号", en="put the keys in quotation marks"),
    ),
    "bytes_too_short": (
        Text(zh="不得少于 {min_length} 字节", en="at least {min_length} bytes"),
        _FILL_IN,
    ),
    "bytes_too_long": (
        Text(zh="不得超过 {max_length} 字节", en="at most {max_length} bytes"),
        _SHORTEN,
    ),
}
"""Rule and remedy of each kind of finding that a schema of the suite can bring about."""

ANY_OTHER = (
    Text(zh="取值不符合该字段的要求", en="the value is not what this field takes"),
    _SEE_CONTRACT,
)
NO_BODY = (
    Text(zh="请求须有正文", en="the request has a body"),
    Text(zh="请以 application/json 提交正文", en="send it as application/json"),
)

# The forms that our schemas ask for, in words; another form is shown as it is.
_SHAPES: list[tuple[re.Pattern[str], Text]] = [
    (
        re.compile(r"\^\[\^\\x00-\\x1f\\x7f\]\+\$"),
        Text(
            zh="一行文字，不含换行和控制字符", en="one line, no line breaks or control characters"
        ),
    ),
    (
        re.compile(r"\^\\d\{(?P<n>\d+)\}\$"),
        Text(zh="{n} 位数字", en="{n} digits"),
    ),
    (
        re.compile(r"\^\\d\{(?P<n>\d+),(?P<m>\d+)\}\$"),
        Text(zh="{n} 至 {m} 位数字", en="{n} to {m} digits"),
    ),
    (
        re.compile(r"\^(?P<start>\d+)\[0-9\]\{(?P<n>\d+)\}\$"),
        Text(zh="{start} 后接 {n} 位数字", en="{start} and {n} more digits"),
    ),
    (
        re.compile(r"\^(?P<start>\d+)\(\[0-9\]\{(?P<n>\d+)\}\|\[0-9\]\{(?P<m>\d+)\}\)\?\$"),
        Text(
            zh="{start}，或其后再接 {n} 位或 {m} 位数字",
            en="{start}, alone or with {n} or {m} more digits",
        ),
    ),
    (
        re.compile(r"\^\[0-9a-f\]\{(?P<n>\d+)\}\$"),
        Text(zh="{n} 位小写十六进制数字", en="{n} lower-case hexadecimal digits"),
    ),
    (
        re.compile(r"\^\[0-9A-Z\]\{(?P<n>\d+)\}\$"),
        Text(zh="{n} 位数字和大写字母", en="{n} digits and capital letters"),
    ),
    (
        re.compile(r"\^\[A-Za-z0-9\]\[A-Za-z0-9\._-\]\{0,(?P<n>\d+)\}\$"),
        Text(
            zh="以字母或数字开头，其后至多 {n} 个字母、数字、点、下划线或连字符",
            en="a letter or digit, then at most {n} letters, digits, dots, underscores or hyphens",
        ),
    ),
    (
        re.compile(r"\^\[a-z0-9\]\[a-z0-9_-\]\{0,(?P<n>\d+)\}\$"),
        Text(
            zh="以小写字母或数字开头，其后至多 {n} 个小写字母、数字、下划线或连字符",
            en="a small letter or digit, then at most {n} of these, underscores or hyphens",
        ),
    ),
    (
        re.compile(r"\^\(0\|\[1-9\]\[0-9\]\{0,(?P<n>\d+)\}\)\\\.\[0-9\]\{(?P<m>\d+)\}\$"),
        Text(zh="带 {m} 位小数的数，如 87.50", en="a number with {m} places, such as 87.50"),
    ),
]


def field_errors(findings: Iterable[Mapping[str, Any]]) -> list[FieldError]:
    """Every finding of the validator as pointer, rule and remedy."""
    return [_field_error(finding) for finding in findings]


def _field_error(finding: Mapping[str, Any]) -> FieldError:
    place = pointer(finding["loc"])
    kind = str(finding["type"])
    figures = finding.get("ctx") or {}
    told = figures.get("error")
    if isinstance(told, NotWellFormed):
        return FieldError(place, told.rule, told.remedy)
    if kind == "missing" and place == "":
        return FieldError(place, *NO_BODY)
    rule, remedy = SAYINGS.get(kind, ANY_OTHER)
    limits = _limits(figures)
    return FieldError(place, rule.filled(**limits), remedy.filled(**limits))


def _limits(figures: Mapping[str, Any]) -> dict[str, Any]:
    """What our own schema says: limits, allowed codes and forms; never what was sent."""
    limits = dict(figures)
    if (expected := figures.get("expected", figures.get("expected_tags"))) is not None:
        allowed = [code.strip("'") for code in re.split(r", | or ", str(expected))]
        limits |= {"allowed_zh": "、".join(allowed), "allowed_en": ", ".join(allowed)}
    if "pattern" in figures:
        shape = _shape(str(figures["pattern"]))
        limits |= {"shape_zh": shape.zh, "shape_en": shape.en}
    return limits


def _shape(pattern: str) -> Text:
    for known, words in _SHAPES:
        if found := known.fullmatch(pattern):
            return words.filled(**found.groupdict())
    return Text(zh=pattern, en=pattern)


def pointer(location: Sequence[Any]) -> str:
    """`("body", "staff", 0, "name")` → `/staff/0/name`; query and path parts keep their place."""
    parts = [str(part) for part in location]
    if parts and parts[0] == "body":
        parts = parts[1:]
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)
