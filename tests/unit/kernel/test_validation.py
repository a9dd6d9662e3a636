import importlib
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core._pydantic_core import list_all_errors

from shared.errors import InvalidInput, NotWellFormed
from shared.http import Schema
from shared.http.problems import document
from shared.http.validation import ANY_OTHER, SAYINGS, field_errors
from shared.identifiers import CreditCode, ResidentId
from shared.money import Money
from shared.words import Text
from tests.architecture.house import SERVICES

CHINESE = re.compile("[\u4e00-\u9fff]")
KINDS = {error["type"]: error.get("example_context") or {} for error in list_all_errors()}
SENT = "zq17"
"""Stands in everything that is sent, and may stand in nothing that is answered."""
ODD = [
    None,
    True,
    -1,
    2**62,
    1.5,
    "",
    SENT,
    SENT * 2000,
    "9999-99-99",
    [],
    [SENT],
    {},
    {SENT: SENT},
]


def schemas() -> list[type[Schema]]:
    for service in SERVICES:
        importlib.import_module(f"services.{service}.app")
    found, waiting = [], [Schema]
    while waiting:
        for schema in waiting.pop().__subclasses__():
            waiting.append(schema)
            if schema.__module__.startswith("services."):
                found.append(schema)
    return sorted(found, key=lambda schema: f"{schema.__module__}.{schema.__name__}")


def findings(schema: type[Schema], value: object) -> list[dict]:
    try:
        schema.model_validate(value)
    except ValidationError as wrong:
        return wrong.errors()
    return []


def in_both(text: Text) -> bool:
    return bool(CHINESE.search(text.zh)) and bool(text.en) and not CHINESE.search(text.en)


@pytest.mark.parametrize("kind", [*SAYINGS, "a kind that nobody has heard of"])
def test_every_kind_of_finding_has_its_rule_and_remedy_in_both_languages(kind):
    [told] = field_errors([{"type": kind, "loc": ("body", "a"), "ctx": KINDS.get(kind, {})}])

    assert in_both(told.rule)
    assert in_both(told.remedy)
    assert "{" not in told.rule.zh + told.rule.en + told.remedy.zh + told.remedy.en


def test_no_kind_is_made_up():
    assert set(SAYINGS) <= set(KINDS)


@pytest.mark.parametrize("schema", schemas(), ids=lambda schema: schema.__name__)
def test_what_a_schema_refuses_is_told_in_words_of_its_own(schema):
    sent = [*ODD, *({name: value} for name in schema.model_fields for value in ODD)]
    told = [found for value in sent for found in findings(schema, value)]

    assert told
    for error in field_errors(told):
        assert in_both(error.rule), error
        assert in_both(error.remedy), error
        assert error.rule != ANY_OTHER[0], error
        said = error.rule.zh + error.rule.en + error.remedy.zh + error.remedy.en
        assert SENT not in said, error


@given(
    st.sampled_from(schemas()),
    st.data(),
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
        ),
        max_leaves=6,
    ),
)
def test_a_problem_in_chinese_is_chinese_throughout(schema, data, value):
    name = data.draw(st.sampled_from(sorted(schema.model_fields)))
    invalid = InvalidInput(field_errors(findings(schema, {name: value})))

    said = document(invalid, instance="/", language="zh", trace_id="")

    for error in said["errors"]:
        assert CHINESE.search(error["rule"])
        assert CHINESE.search(error["remedy"])


@pytest.mark.parametrize(
    ("kind", "limits", "zh", "en"),
    [
        ("string_too_long", {"max_length": 200}, "不得超过 200 个字符", "at most 200 characters"),
        ("greater_than_equal", {"ge": 1}, "不得小于 1", "not less than 1"),
        ("enum", {"expected": "'a', 'b' or 'c'"}, "须为下列代码之一：a、b、c", "one of: a, b, c"),
        ("literal_error", {"expected": "1 or 2"}, "须为下列代码之一：1、2", "one of: 1, 2"),
        (
            "less_than_equal",
            {"le": date(2100, 12, 31)},
            "不得大于 2100-12-31",
            "not more than 2100-12-31",
        ),
        (
            "string_pattern_mismatch",
            {"pattern": r"^\d{9}$"},
            "须符合格式：9 位数字",
            "has this form: 9 digits",
        ),
        (
            "string_pattern_mismatch",
            {"pattern": "^x+$"},
            "须符合格式：^x+$",
            "has this form: ^x+$",
        ),
    ],
)
def test_limits_and_allowed_codes_are_filled_in(kind, limits, zh, en):
    [told] = field_errors([{"type": kind, "loc": ("body", "a"), "ctx": limits}])

    assert told.rule == Text(zh=zh, en=en)


def test_the_words_of_a_library_are_not_passed_on():
    found = {"type": "value_error", "loc": ("body", "a"), "ctx": {"error": ValueError(SENT)}}

    [told] = field_errors([found])

    assert (told.rule, told.remedy) == ANY_OTHER


def test_a_body_that_is_not_there_is_asked_for():
    [told] = field_errors([{"type": "missing", "loc": ("body",), "ctx": None}])

    assert (told.pointer, told.rule.en) == ("", "the request has a body")


def broken_codes() -> list[NotWellFormed]:
    wrong = []
    for parse, texts in [
        (CreditCode.parse, ["", "5" * 99, "5241A108MJ0000018R", "52410108MJ000001XR"]),
        (lambda text: ResidentId.parse(text, on=date(2026, 1, 1)), ["1", "0" * 18, "4" * 18]),
        (Money.parse, ["1", "1.5", "1,000.00"]),
    ]:
        for text in texts:
            with pytest.raises(NotWellFormed) as refused:
                parse(text)
            wrong.append(refused.value)
    return wrong


@pytest.mark.parametrize("wrong", broken_codes(), ids=str)
def test_a_code_that_is_none_is_told_in_both_languages(wrong):
    assert in_both(wrong.rule)
    assert in_both(wrong.remedy)
