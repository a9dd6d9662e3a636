"""The data dictionary: every field of every form, with its codelist, duty and clause.

One Markdown document a service for reading, one workbook of all for sorting and filtering.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter

from deploy.integration.contracts import NAMES_ZH, Contract, Schema, named, without_null
from deploy.integration.markdown import row, rows

TERMS = Path(__file__).with_name("terms.txt")
_CLAUSE = re.compile(r"惠民字〔\d+〕\d+号(?: [\w.]+(?:\(\d+\))?)?|《[^》]+》[^,;。)]*")
_FIELD_HEAD = (
    "服务 service",
    "表单 form",
    "字段 field",
    "中文名 name",
    "类型 type",
    "代码集 codelist",
    "必填 required",
    "说明 description",
    "条款 clause",
)
_CODE_HEAD = ("服务 service", "代码集 codelist", "代码 code", "中文 zh", "English", "条款 clause")
_HEAD = """# 数据字典：{zh} {part}

由 `make integration` 从接口契约生成，勿手改。全部服务合为一册的 Excel：[dictionary.xlsx](dictionary.xlsx)。
Made from the committed contract by `make integration`.

`字段[]` 是列表的每一项；`必填` 对请求是必须提交，对答复是必定给出；金额为两位小数的人民币元字符串；时刻为 RFC 3339 UTC，日期为 YYYY-MM-DD。

"""


@dataclass(frozen=True, slots=True)
class Field:
    """One row: a field where it stands in a form."""

    part: str
    form: str
    path: str
    zh: str
    kind: str
    codelist: str
    required: str
    description: str
    clause: str


@dataclass(frozen=True, slots=True)
class Code:
    """One row: a code of a codelist."""

    part: str
    codelist: str
    code: str
    zh: str
    en: str
    clause: str


@cache
def terms() -> Mapping[str, str]:
    """Name of a field → its Chinese name."""
    lines = TERMS.read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines if line and not line.startswith("#"))


class Unnamed(Exception):
    """Fields that have no Chinese name yet."""


def require_names(contracts: list[Contract]) -> None:
    """A dictionary for Chinese readers has no field without a name: say which are to be given one."""
    missing = {
        name
        for contract in contracts
        for name in _names_in(list(contract.schemas.values()))
        if name not in terms()
    }
    if missing:
        raise Unnamed(f"give them a Chinese name in {TERMS.name}: {', '.join(sorted(missing))}")


def _names_in(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield from node["properties"]
        for value in node.values():
            yield from _names_in(value)
    elif isinstance(node, list):
        for item in node:
            yield from _names_in(item)


def fields(contract: Contract) -> Iterator[Field]:
    """Every field of every form; forms within forms are followed unless they have a name of their own."""
    for form, schema in contract.schemas.items():
        yield from _fields_of(contract, form, "", schema)


def codes(contract: Contract) -> Iterator[Code]:
    for name, schema in contract.schemas.items():
        labels = schema.get("x-enum-labels", {})
        for code in schema.get("enum", ()):
            label = labels.get(code, {"zh": "", "en": ""})
            yield Code(contract.part, name, str(code), label["zh"], label["en"], _clause_of(schema))


def documents(contracts: list[Contract]) -> dict[str, str]:
    return {f"dictionary/{contract.part}.md": _document(contract) for contract in contracts}


def workbook(contracts: list[Contract]) -> bytes:
    """The same in two sheets, with a filter on every column."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    # The moment of making would make every making another.
    book.set_properties({"title": "惠社数据字典", "created": datetime(2026, 1, 1, tzinfo=UTC)})
    _sheet(book, "字段 fields", _FIELD_HEAD, [field for c in contracts for field in fields(c)])
    _sheet(book, "代码 codes", _CODE_HEAD, [code for c in contracts for code in codes(c)])
    book.close()
    return content.getvalue()


def _sheet(book: Any, name: str, head: tuple[str, ...], told: list[Any]) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1})
    sheet.write_row(0, 0, head, bold)
    for place, one in enumerate(told, start=1):
        sheet.write_row(place, 0, astuple(one))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(told), len(head) - 1)
    sheet.set_column(0, len(head) - 1, 22)


def _document(contract: Contract) -> str:
    told = [_HEAD.format(zh=NAMES_ZH[contract.part], part=contract.part)]
    by_form: dict[str, list[Field]] = {}
    for field in fields(contract):
        by_form.setdefault(field.form, []).append(field)
    for form, found in by_form.items():
        about = contract.schemas[form].get("description", "").replace("\n", " ")
        told.append(f"## {form}\n\n{about}\n\n")
        told.append(rows(_FIELD_HEAD[2:], [row(*astuple(field)[2:]) for field in found]) + "\n")
    told.append("## 代码集 Codelists\n\n")
    told.append(rows(_CODE_HEAD[1:], [row(*astuple(code)[1:]) for code in codes(contract)]))
    return "".join(told)


def _fields_of(contract: Contract, form: str, above: str, schema: Schema) -> Iterator[Field]:
    for name, said in schema.get("properties", {}).items():
        inner, nullable = without_null(said)
        plain, many = _of_list(inner)
        referred = contract.referred(plain)
        path = above + name + many
        yield Field(
            part=contract.part,
            form=form,
            path=path,
            zh=terms()[name],
            kind=_kind(plain, referred) + ("，可为 null" if nullable else ""),
            codelist=named(plain) or ""
            if "enum" in referred
            else "、".join(referred.get("enum", ())),
            required="是" if name in schema.get("required", ()) else "",
            description=_description(said, referred),
            clause=_clause_of(said) or _clause_of(referred),
        )
        if named(plain) is None:
            yield from _fields_of(contract, form, f"{path}.", plain)


def _of_list(schema: Schema) -> tuple[Schema, str]:
    """What a list is a list of, and a mark for each list around it."""
    marks = ""
    while schema.get("type") == "array":
        schema, marks = schema.get("items", {}), marks + "[]"
    return schema, marks


def _kind(plain: Schema, referred: Schema) -> str:
    """The type as a reader of tables wants it: with its format, bounds and form."""
    name = named(plain)
    if name and "enum" not in referred:
        return f"→ {name}"
    kind = str(referred.get("type", "")) or " / ".join(
        named(form) or str(form.get("type", "")) for form in referred.get("anyOf", ())
    )
    if "const" in referred:
        return f"固定值 {referred['const']}"
    if "format" in referred:
        kind += f"（{referred['format']}）"
    bounds = [
        f"{mark} {referred[key]}"
        for key, mark in (
            ("minLength", "长度 ≥"),
            ("maxLength", "长度 ≤"),
            ("minimum", "≥"),
            ("exclusiveMinimum", ">"),
            ("maximum", "≤"),
        )
        if key in referred
    ]
    return "，".join([kind or "任意", *bounds])


def _description(said: Schema, referred: Schema) -> str:
    text = str(said.get("description") or referred.get("description") or "")
    examples = said.get("examples") or referred.get("examples") or ()
    return " ".join([text, *(f"例 {example}" for example in examples[:1])]).strip()


def _clause_of(schema: Schema) -> str:
    return "；".join(_CLAUSE.findall(str(schema.get("description", ""))))
