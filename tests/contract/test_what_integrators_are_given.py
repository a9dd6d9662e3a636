"""What lies in `gateway/integration/` is what the contracts, the settings and the errors say today."""

import importlib
import inspect
import io
import json
import re
from typing import Any

import openpyxl
import pytest
from jsonschema import Draft7Validator

from deploy.contracts import ROOT
from deploy.demo.identities import NEVER_GIVEN_OUT
from deploy.integration import collection, demo, dictionary, folder, patience, problems
from deploy.integration.contracts import PARTS, Operation, committed
from gateway.configuration import DEFAULT, content_of, parsed
from gateway.integration import client
from gateway.integration.client import asking, kinds
from gateway.settings import GatewaySettings
from shared.errors import Refusal, Retry
from tests.contract.test_examples import RESIDENT_ID, SECRET_NAMES, TOKEN, faults, names, texts

CONTRACTS = committed()
OPERATIONS = [operation for contract in CONTRACTS for operation in contract.operations]
SERVICES_OPERATIONS = [operation for operation in OPERATIONS if operation.part != "gateway"]
each_operation = pytest.mark.parametrize(
    "operation", OPERATIONS, ids=lambda one: f"{one.part}-{one.name}"
)
each_kind = pytest.mark.parametrize("kind", problems.kinds(), ids=lambda kind: kind.kind)
STEPS = demo.recorded()
each_step = pytest.mark.parametrize(
    "step", STEPS, ids=[f"{n}-{step['operation']}" for n, step in enumerate(STEPS)]
)


def test_nothing_of_it_is_stale():
    assert folder.stale() == []


def test_a_document_that_was_changed_by_hand_is_stale(tmp_path, monkeypatch):
    made = dict(folder.documents())
    monkeypatch.setattr(folder, "documents", lambda: iter(made.items()))
    path = folder.HERE / "errors.md"
    made[path] = made[path].replace("请求有误".encode(), "请求很好".encode())

    assert folder.stale() == [path.relative_to(ROOT)]


# --- Error codes ---------------------------------------------------------------------------------


@each_kind
def test_every_problem_tells_its_cause_and_its_remedy(kind: type[Refusal]):
    for said in ("cause", "remedy"):
        assert said in vars(kind), f"{kind.__name__} has the {said} of another"
        text = getattr(kind, said)
        assert text.zh
        assert text.en
        assert text.zh != text.en


@each_kind
def test_what_may_be_asked_again_tells_when(kind: type[Refusal]):
    """Only trouble that passes is asked again; what the caller did wrong stays wrong."""
    passing = kind.status in (408, 429, 500, 503, 504, 507) or kind.kind == "still-running"

    assert (kind.retry in (Retry.SAME, Retry.LATER)) is passing


@each_kind
def test_the_table_has_every_code(kind: type[Refusal]):
    [row] = [line for line in problems.table().splitlines() if line.startswith(f"| `{kind.kind}` ")]

    assert f"| {kind.status} |" in row
    assert kind.remedy.zh in row


# --- Time-outs -----------------------------------------------------------------------------------


def test_the_table_of_time_outs_is_what_the_gateway_runs_by():
    told = (folder.HERE / "timeouts.md").read_text()
    configuration = parsed(content_of(DEFAULT))

    for name, lane in configuration.lanes.items():
        [row] = [line for line in told.splitlines() if line.startswith(f"| `{name}` |")]
        assert f"| {lane.rate:g} |" in row
        assert f"| {lane.total_seconds:g} s |" in row
        assert f"| {lane.body_bytes:,} B |" in row
    for field in ("head_seconds", "connect_seconds", "read_seconds", "token_seconds"):
        usual = GatewaySettings.model_fields[field].default
        [row] = [line for line in told.splitlines() if f"`GATEWAY_{field.upper()}`" in line]
        assert row.endswith(f"| {usual:g} s |")


def test_the_client_waits_longer_than_the_gateway_and_asks_again_as_the_table_says():
    longest_silence = GatewaySettings.model_fields["read_seconds"].default
    assert asking.PATIENCE.read > longest_silence
    assert f"{asking.PATIENCE.read:g} s" in patience.tables()
    assert f"{asking.FIRST_WAIT_SECONDS:g} 秒" in patience.tables()
    assert f"最多 {asking.ATTEMPTS} 次" in patience.tables()
    assert {k.kind for k in problems.kinds() if k.retry is Retry.SAME} == kinds.SAME


# --- Dictionary ----------------------------------------------------------------------------------


def _workbook() -> Any:
    content = (folder.HERE / "dictionary" / "dictionary.xlsx").read_bytes()
    return openpyxl.load_workbook(io.BytesIO(content), read_only=True)


def test_the_workbook_has_every_field_of_every_form():
    fields, _ = _workbook().worksheets
    rows = [tuple(cell or "" for cell in row) for row in fields.iter_rows(values_only=True)][1:]
    told = {(part, form, path) for part, form, path, *_ in rows}

    for contract in CONTRACTS:
        for form, schema in contract.schemas.items():
            for name in schema.get("properties", {}):
                assert any(
                    (contract.part, form, name + many) in told for many in ("", "[]", "[][]")
                ), (form, name)
    assert all(row[3] for row in rows), "every field has a Chinese name"


def test_the_workbook_has_every_code_of_the_policys_lists_with_both_names():
    _, codes = _workbook().worksheets
    told = {row[1:5] for row in codes.iter_rows(values_only=True)}

    assert ("ServiceMethod", "mediation", "矛盾调处", "Mediation of conflicts") in told


def test_a_required_field_and_its_codelist_and_clause_are_told():
    by_place = {
        (field.form, field.path): field
        for contract in CONTRACTS
        for field in dictionary.fields(contract)
    }
    assert by_place["ApplicationDraft", "assets[].amount"].required == "是"
    methods = by_place["ApplicationDraft", "methods[]"]
    assert (methods.codelist, methods.clause) == ("ServiceMethod", "惠民字〔2016〕62号 1.1a")


# --- The client ----------------------------------------------------------------------------------


@each_operation
def test_every_operation_has_a_method(operation: Operation):
    module = importlib.import_module(f"gateway.integration.client.services.{operation.part}")
    method = getattr(getattr(module, operation.part.capitalize()), operation.name)
    source = inspect.getsource(method)
    asked = inspect.signature(method).parameters

    assert f'"{operation.method.upper()}"' in source
    assert operation.path in (method.__doc__ or "")
    assert ("if_match" in asked) is operation.takes("If-Match")
    assert ("idempotency_key" in asked) is operation.takes("Idempotency-Key")


def test_the_client_has_no_method_of_an_operation_that_is_gone():
    for part in PARTS:
        module = importlib.import_module(f"gateway.integration.client.services.{part}")
        methods = [name for name in vars(getattr(module, part.capitalize())) if name[0] != "_"]
        assert sorted(methods) == sorted(o.name for o in OPERATIONS if o.part == part)


def test_the_client_needs_nothing_of_the_suite():
    """It is given away: it imports itself, httpx and the standard library."""
    for path in (folder.HERE / "client").rglob("*.py"):
        for module in re.findall(r"^(?:from|import) ([\w.]+)", path.read_text(), re.M):
            assert not re.match(r"(shared|services|gateway|deploy)\b", module), (path, module)


def test_the_client_is_on_the_table():
    assert client.Huishe("http://127.0.0.1:1").registry is not None


# --- The collection ------------------------------------------------------------------------------


def _collection() -> dict[str, Any]:
    return json.loads((folder.HERE / "huishe.postman_collection.json").read_text())


def _requests(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        one
        for item in items
        for one in (_requests(item["item"]) if "item" in item else [item["request"]])
    ]


def test_the_collection_is_one_that_tools_read():
    schema = ROOT / "tests" / "support" / "postman" / "collection-v2.1.0.json"
    validator = Draft7Validator(json.loads(schema.read_text()))

    assert [error.message for error in validator.iter_errors(_collection())] == []
    broken = _collection()
    del broken["item"][0]["item"][0]["item"][0]["request"]
    assert list(validator.iter_errors(broken))


def test_the_collection_has_every_operation_once():
    told = [(one["method"], one["url"]["raw"]) for one in _requests(_collection()["item"])]
    wanted = [
        (one.method.upper(), "{{base_url}}" + re.sub(r"{(\w+)}", r":\1", one.path))
        for one in OPERATIONS
    ]
    assert sorted(told) == sorted(wanted)


def test_the_collection_sends_keys_versions_and_tokens():
    for operation, one in zip(OPERATIONS, _requests(_ordered()), strict=True):
        sent = {header["key"]: header["value"] for header in one["header"]}
        assert ("Idempotency-Key" in sent) is operation.takes("Idempotency-Key")
        assert (sent.get("If-Match") == "{{etag}}") is operation.takes("If-Match")
        assert ("auth" in one) is operation.is_open


def _ordered() -> list[dict[str, Any]]:
    return [{"request": collection._item(operation)["request"]} for operation in OPERATIONS]


# --- The demonstration's steps -------------------------------------------------------------------


def _operation_of(step: dict[str, Any]) -> Operation:
    [found] = [
        one
        for one in OPERATIONS
        if step["operation"] == (one.name if one.part == "gateway" else f"{one.part}_{one.name}")
    ]
    return found


@each_step
def test_a_step_is_of_an_operation_that_exists(step: dict[str, Any]):
    operation = _operation_of(step)
    path = re.sub(r"{\w+}", "[^/]+", operation.path)

    assert step["request"]["method"] == operation.method.upper()
    assert re.fullmatch(path, step["request"]["target"].partition("?")[0])
    assert str(step["answer"]["status"]) in operation.told["responses"]


@each_step
def test_what_was_sent_and_answered_is_what_the_contract_promises(step: dict[str, Any]):
    operation = _operation_of(step)
    if operation.part == "gateway":
        return
    if "body" in step["request"]:
        content = operation.told["requestBody"]["content"]
        assert faults(operation.part, content, step["request"]["body"]) == []
    if "body" in step["answer"]:
        content = operation.told["responses"][str(step["answer"]["status"])]["content"]
        assert faults(operation.part, content, step["answer"]["body"]) == []


@each_step
def test_no_step_gives_away_a_token_a_secret_or_a_person(step: dict[str, Any]):
    headers = {**step["request"]["headers"]}
    assert headers.pop("authorization", "Bearer <token>") == "Bearer <token>"
    told = [*texts(headers), *texts(step["request"].get("body")), *texts(step["answer"])]
    assert [text for text in told if TOKEN.search(text)] == []
    bodies = [step["request"].get("body"), step["answer"].get("body")]
    assert [name for body in bodies for name in names(body) if SECRET_NAMES.search(name)] == []
    numbers = [number for text in told for number in RESIDENT_ID.findall(text)]
    assert [number for number in numbers if not number.startswith(NEVER_GIVEN_OUT)] == []


def test_every_chapter_of_the_demonstration_is_told():
    chapters = {step["chapter"] for step in STEPS}

    assert chapters == set(range(1, len(demo.NAMES) + 1))
