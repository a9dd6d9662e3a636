"""The Python client's modules: one method an operation, one TypedDict a form.

Own, and not a kept generator: what those make of 287 operations is some 900 files of classes that
copy every answer, and none of them knows of keys, versions and dry runs. This is one file a service,
and what is hard is written by hand in `asking.py`.
"""

import keyword
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deploy.integration.contracts import NAMES_ZH, Contract, Operation, Schema, named, without_null
from deploy.integration.problems import kinds
from shared.errors import Retry

_MADE = "Made from the committed contract by `make integration`; do not change it by hand."
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_OWN_HEADERS = {"if-match", "idempotency-key", "if-none-match"}
_BODIES = {"application/json": "json", "text/plain": "text"}


def modules(contracts: Sequence[Contract]) -> dict[str, str]:
    """Each with its text in the one format."""
    texts = {
        f"client/services/{contract.part}.py": Module(contract).text() for contract in contracts
    }
    texts["client/services/__init__.py"] = f'"""A module for each service. {_MADE}"""\n'
    texts["client/kinds.py"] = _kinds()
    return {name: _formatted(text) for name, text in texts.items()}


def _formatted(text: str) -> str:
    ruff = [sys.executable, "-m", "ruff"]
    sorted_ = subprocess.run(
        [*ruff, "check", "--select", "I", "--fix", "--quiet", "-"],
        input=text, capture_output=True, text=True, check=True,
    )  # fmt: skip
    done = subprocess.run(
        [*ruff, "format", "--quiet", "-"],
        input=sorted_.stdout, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def _kinds() -> str:
    def those(retry: Retry) -> str:
        return repr(sorted(kind.kind for kind in kinds() if kind.retry is retry))

    return (
        f'"""Which kinds of problems may be asked again (errors.md). {_MADE}"""\n\n'
        f"SAME = frozenset({those(Retry.SAME)})\n"
        '"""The very same request, in time and under the same key."""\n\n'
        f"AFTER_TOKEN = frozenset({those(Retry.AFTER_TOKEN)})\n"
        '"""The same with another token."""\n'
    )


@dataclass
class Module:
    """One service's forms and operations, as Python."""

    contract: Contract
    _forms: dict[str, str] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    """The text of an unnamed form → the name it got."""

    def text(self) -> str:
        part = self.contract.part
        for name, schema in self.contract.schemas.items():
            self._define(_class_name(name), schema)
        methods = "\n".join(self._method(operation) for operation in self.contract.operations)
        forms = "\n\n".join(sorted(self._forms.values(), key=_needs_others))
        return (
            f'"""{NAMES_ZH[part]} {part}. {_MADE}"""\n\n'
            "from __future__ import annotations\n\nfrom typing import Any, Literal, NotRequired, TypedDict\n\n"
            "from ..asking import Answer as Answered\nfrom ..asking import Asking\n\n\n"
            f"{forms}\n\n\n"
            f"class {part.capitalize()}:\n"
            f'    """{NAMES_ZH[part]}: every operation of the service, named as in its contract."""\n\n'
            "    def __init__(self, asking: Asking) -> None:\n"
            "        self._asking = asking\n\n"
            f"{methods}"
        )

    # Forms

    def _define(self, name: str, schema: Schema) -> None:
        if "enum" in schema:
            self._forms[name] = f"{name} = {_literal(schema['enum'])}"
        elif "properties" in schema:
            self._forms[name] = ""  # its place, before the forms within it
            self._forms[name] = self._typed_dict(name, schema)
        else:
            self._forms[name] = f"{name} = {self._type(schema, name)}"

    def _typed_dict(self, name: str, schema: Schema) -> str:
        required = set(schema.get("required", ()))
        told = {
            key: self._type(said, f"{name}{_class_name(key)}")
            if key in required
            else f"NotRequired[{self._type(said, f'{name}{_class_name(key)}')}]"
            for key, said in schema["properties"].items()
        }
        if all(key.isidentifier() and not keyword.iskeyword(key) for key in told):
            about = _docstring(schema.get("description", ""))
            lines = "".join(f"    {key}: {kind}\n" for key, kind in told.items())
            return f"class {name}(TypedDict):\n{about}{lines}"
        pairs = ", ".join(f'"{key}": {kind!r}' for key, kind in told.items())
        return f'{name} = TypedDict("{name}", {{{pairs}}})'

    def _type(self, schema: Schema, hint: str) -> str:
        plain, nullable = without_null(schema)
        found = self._plain_type(plain, hint)
        return f"{found} | None" if nullable and found != "Any" else found

    def _plain_type(self, schema: Schema, hint: str) -> str:
        if name := named(schema):
            return _class_name(name)
        if "enum" in schema:
            return _literal(schema["enum"])
        if "const" in schema:
            return _literal([schema["const"]])
        if "anyOf" in schema:
            forms = (self._type(form, f"{hint}{n}") for n, form in enumerate(schema["anyOf"], 1))
            return " | ".join(dict.fromkeys(forms))
        if "properties" in schema:
            return self._of_unnamed(schema, hint)
        match schema.get("type"):
            case "array":
                return f"list[{self._type(schema.get('items', {}), hint)}]"
            case "object":
                values = schema.get("additionalProperties")
                inner = self._type(values, hint) if isinstance(values, dict) else "Any"
                return f"dict[str, {inner}]"
            case str() as kind:
                return _PLAIN[kind]
        return "Any"

    def _of_unnamed(self, schema: Schema, hint: str) -> str:
        """The name of a form that is written out where it is used: its title, when it is free."""
        text = repr(schema)
        if text not in self._names:
            title = str(schema.get("title", hint))
            for name, form in self.contract.schemas.items():
                if _untitled(form) == _untitled(schema):
                    return _class_name(name)
            taken = {*self._forms, *map(_class_name, self.contract.schemas)}
            name = self._names[text] = hint if _class_name(title) in taken else _class_name(title)
            self._define(name, schema)
        return self._names[text]

    # Operations

    def _method(self, operation: Operation) -> str:
        call = _Call(self, operation)
        return (
            f"    def {operation.name}({', '.join(call.signature)}) -> Answered[{call.answer}]:\n"
            f"{_docstring(call.about, indent=8)}"
            f"        return self._asking.ask({', '.join(call.arguments)})\n"
        )


@dataclass
class _Call:
    """One operation as a signature and the arguments that it hands on."""

    module: Module
    operation: Operation

    @property
    def about(self) -> str:
        roles = "、".join(self.operation.roles)
        who = "" if self.operation.is_open else f" 角色 roles: {roles or '任何客户端 any client'}."
        path = f"`{self.operation.method.upper()} {self.operation.path}`"
        gone = " 即将停用 deprecated." if self.operation.told.get("deprecated") else ""
        return f"{self.operation.summary.rstrip('.')}.\n\n{path}{who}{gone}"

    @property
    def signature(self) -> list[str]:
        found = ["self", *(f"{_argument(p['name'])}: {self._kind(p)}" for p in self._path)]
        body = self.operation.body
        if body and body[0] == "application/octet-stream":
            found.append("content: bytes")
        elif body:
            hint = f"{_class_name(self.operation.name)}Body"
            found.append(f"body: {self.module._type(body[1]['schema'], hint)}")
        rest = [f"{_argument(p['name'])}: {self._optional(p)}" for p in self._named]
        if self.operation.takes("If-Match"):
            rest.insert(0, "if_match: str")
        if self.operation.takes("Idempotency-Key"):
            rest.append("idempotency_key: str | None = None")
        return found + (["*", *sorted(rest, key=lambda one: "=" in one)] if rest else [])

    @property
    def arguments(self) -> list[str]:
        operation = self.operation
        found = [f'"{operation.method.upper()}"', f'"{_template(operation.path)}"']
        if self._path:
            found.append(f"({''.join(_argument(p['name']) + ', ' for p in self._path)})")
        query = [p for p in self._named if p["in"] == "query"]
        if query:
            found.append(f"query={_mapping(query)}")
        headers = [p for p in self._named if p["in"] == "header"]
        told = [*(f'"{p["name"]}": {_argument(p["name"])}' for p in headers)]
        if operation.takes("If-Match"):
            told.append('"if-match": if_match')
        if told:
            found.append(f"headers={{{', '.join(told)}}}")
        if operation.body:
            ways = {
                "application/octet-stream": "content=content",
                "application/x-www-form-urlencoded": "form=body",
            }
            found.append(ways.get(operation.body[0], "body=body"))
        if operation.takes("Idempotency-Key"):
            found += ["keyed=True", "key=idempotency_key"]
        elif operation.takes("If-Match"):
            found.append("again=False")
        if self._form_of_answer != "json":
            found.append(f'form_of_answer="{self._form_of_answer}"')
        return found

    @property
    def answer(self) -> str:
        if self._form_of_answer != "json":
            return {"text": "str", "bytes": "bytes"}[self._form_of_answer]
        if self.operation.answer is None:
            return "None"
        return self.module._type(
            self.operation.answer[2], f"{_class_name(self.operation.name)}Answer"
        )

    @property
    def _form_of_answer(self) -> str:
        answer = self.operation.answer
        return _BODIES.get(answer[1], "bytes") if answer else "json"

    @property
    def _path(self) -> list[dict[str, Any]]:
        by_name = {p["name"]: p for p in self.operation.parameters("path")}
        return [by_name[name] for name in re.findall(r"{(\w+)}", self.operation.path)]

    @property
    def _named(self) -> list[dict[str, Any]]:
        query = [p for p in self.operation.parameters("query") if p["name"] != "dry"]
        headers = self.operation.parameters("header")
        return query + [p for p in headers if p["name"].lower() not in _OWN_HEADERS]

    def _kind(self, parameter: Mapping[str, Any]) -> str:
        return self.module._type(parameter["schema"], _class_name(parameter["name"]))

    def _optional(self, parameter: Mapping[str, Any]) -> str:
        kind = self._kind(parameter)
        if parameter.get("required"):
            return kind
        return f"{kind} = None" if kind.endswith("| None") else f"{kind} | None = None"


def _untitled(schema: Schema) -> dict[str, Any]:
    """A form that is written out again is titled after the parameter that takes it."""
    return {key: told for key, told in schema.items() if key != "title"}


def _needs_others(text: str) -> int:
    """Lists of codes first, plain names for other forms last: those are read as they stand."""
    if " = Literal[" in text:
        return 0
    return 1 if text.startswith("class ") else 2


def _mapping(parameters: Sequence[Mapping[str, Any]]) -> str:
    return "{" + ", ".join(f'"{p["name"]}": {_argument(p["name"])}' for p in parameters) + "}"


def _template(path: str) -> str:
    """The parameters of a path by their places."""
    return re.sub(r"{\w+}", "{}", path)


def _argument(name: str) -> str:
    found = name.replace("-", "_").lower()
    return f"{found}_" if keyword.iskeyword(found) else found


def _class_name(name: str) -> str:
    """`Page_AgencyView_` → `PageAgencyView`, `list_agencies` → `ListAgencies`."""
    parts = re.split(r"[^A-Za-z0-9]+", name)
    return "".join(part[:1].upper() + part[1:] for part in parts if part)


def _literal(values: Sequence[Any]) -> str:
    return f"Literal[{', '.join(map(repr, values))}]"


def _docstring(text: str, *, indent: int = 4) -> str:
    if not text:
        return ""
    lines = [line.strip() for line in text.replace('"""', "'''").splitlines()]
    told = f"\n{' ' * indent}".join(lines).rstrip()
    raw = "r" if "\\" in told else ""
    end = f"\n{' ' * indent}" if len(lines) > 1 else ""
    return re.sub(r"[ ]+\n", "\n", f'{" " * indent}{raw}"""{told}{end}"""\n')
