"""Every service keeps the conventions on every operation: tried on each, one by one."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest

from shared.http.routes import ROLES
from tests.architecture.house import SERVICES
from tests.support.service import Caller, ServiceUnderTest

WRITING = ("post", "put", "patch", "delete")


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> ServiceUnderTest:
    return request.getfixturevalue(request.param)


def operations(service: ServiceUnderTest) -> Iterator[tuple[str, str, dict]]:
    prefix = f"/{service.name}/v1"
    for path, methods in service.app.openapi()["paths"].items():
        for method, operation in methods.items():
            filled = re.sub(r"{\w+}", str(uuid4()), path.removeprefix(prefix))
            yield method.upper(), filled, operation


def entitled(service: ServiceUnderTest, operation: dict) -> Caller:
    return service.as_(operation["x-roles"][:1] or ["auditor"], org="52410108MJ0000018R")


def is_problem(answer, status: int, operation: dict) -> None:
    told = f"{operation['operationId']}: {answer.status_code} {answer.text[:300]}"
    assert answer.status_code == status, told
    assert answer.headers["content-type"] == "application/problem+json", told
    assert answer.json()["trace_id"] == answer.headers["x-request-id"], told


async def test_nobody_acts_without_a_token(service):
    for method, path, operation in operations(service):
        if operation["x-roles"]:
            is_problem(await service.anonymous.request(method, path, json={}), 401, operation)


async def test_the_wrong_role_is_refused(service):
    for method, path, operation in operations(service):
        if operation["x-roles"]:
            wrong = sorted(ROLES - set(operation["x-roles"]) - {"auditor"})[:1]
            answer = await service.as_(wrong).request(method, path, json={})
            is_problem(answer, 403, operation)


async def test_an_auditor_changes_nothing(service):
    for method, path, operation in operations(service):
        if operation["x-roles"] and method.lower() in WRITING:
            answer = await service.as_(["auditor"]).request(method, path, json={})
            if "auditor" not in operation["x-roles"]:
                is_problem(answer, 403, operation)


async def test_unknown_query_parameters_are_refused(service):
    for method, path, operation in operations(service):
        answer = await entitled(service, operation).request(method, f"{path}?colour=red")
        is_problem(answer, 422, operation)


async def test_every_keyed_operation_asks_for_its_key(service):
    for method, path, operation in operations(service):
        names = {p["name"] for p in operation.get("parameters", [])}
        if "Idempotency-Key" in names:
            answer = await entitled(service, operation).request(
                method, path, json={}, headers={"idempotency-key": ""}
            )
            is_problem(answer, 422, operation)
            assert answer.json()["errors"][0]["pointer"] == "/header/Idempotency-Key"


async def test_hostile_bodies_are_refused_and_never_break_anything(service):
    hostile = [b"{", b'{"a":1,"a":2}', b'{"a":NaN}', b'{"a":"\\ud800"}', b"[" * 3000]
    for method, path, operation in operations(service):
        media = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in media:
            continue
        for body in hostile:
            answer = await entitled(service, operation).request(
                method, path, content=body, headers={"content-type": "application/json"}
            )
            # A body that is read as bytes is read after its aggregate was looked for.
            raw = media["application/json"]["schema"] == {"type": "object"}
            expected = (400, 404, 422) if raw else (400, 422)
            assert answer.status_code in expected, operation["operationId"]
            is_problem(answer, answer.status_code, operation)


async def test_empty_and_foreign_input_is_a_problem_that_names_a_field(service):
    """Whatever has a body is asked with unknown fields: 404, 428 or 422, and never 5xx."""
    for method, path, operation in operations(service):
        if "application/json" in operation.get("requestBody", {}).get("content", {}):
            answer = await entitled(service, operation).request(method, path, json={"colour": 1})
            assert answer.status_code in (404, 409, 422, 428), operation["operationId"]
            if answer.status_code == 422:
                assert all(e["rule"] and e["remedy"] for e in answer.json()["errors"])


@pytest.mark.parametrize(
    ("asked", "answered"),
    [({"accept-language": ""}, "zh"), ({"accept-language": "en;q=0.9, zh"}, "zh"), ({}, "en")],
    ids=["no language", "Chinese liked better", "English"],
)
async def test_rules_and_remedies_are_told_in_the_language_asked_for(service, asked, answered):
    wrong = [
        ("?colour=red", b"{}"),
        ("", b'{"a":1,"a":2}'),
        ("", b"[]"),
        ("", b'{"colour":1}'),
    ]
    told = []
    for method, path, operation in operations(service):
        if "application/json" in operation.get("requestBody", {}).get("content", {}):
            for query, body in wrong:
                answer = await entitled(service, operation).request(
                    method,
                    path + query,
                    content=body,
                    headers={"content-type": "application/json", **asked},
                )
                if answer.status_code == 422:
                    assert answer.headers["content-language"] == answered
                    told += [
                        e[word] for e in answer.json()["errors"] for word in ("rule", "remedy")
                    ]

    assert told
    assert [bool(re.search("[\u4e00-\u9fff]", words)) for words in told] == [
        answered == "zh"
    ] * len(told)


async def test_the_service_is_ready_on_its_migrated_database(service):
    ready = await service.client.get("/health/ready")

    assert ready.status_code == 200


async def test_a_service_that_hears_nothing_of_revocations_stays_ready_and_says_so(service):
    hears = await service.client.get("/health/ready")
    service.runtime.verifier._heard_at -= 31  # the gateway has been silent for half a minute

    deaf = await service.client.get("/health/ready")

    assert "revocations" not in hears.json()
    assert (deaf.status_code, deaf.json()["status"]) == (200, "ready")
    assert deaf.json()["revocations"].startswith("not heard from the gateway for 31")
