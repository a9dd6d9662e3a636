"""Who may do what: every operation × every role × ours, another's and an absent thing.

Operations and the roles that may call them are read from the committed contracts, whose things they
reach from `declared.py`, and the things are real ones of two organisations (`*_world.py`). Changes
are asked dry, so one world serves them all. What is wrong is collected and told together.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path as Folder
from statistics import median
from time import perf_counter
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import event

from gateway.tokens.rules import Role
from shared.http.routes import ROLES
from tests.architecture.house import SERVICES
from tests.conftest import service_under_test
from tests.security.declared import DECLARED, GATEWAY, Declared
from tests.security.evaluation_world import evaluation_world
from tests.security.incubator_world import incubator_world
from tests.security.procurement_world import procurement_world
from tests.security.registry_world import registry_world
from tests.security.world import ANYBODY, CALLERS, Pair, Path, World
from tests.support.configuration import unlimited
from tests.support.databases import Databases
from tests.support.forms import Figure, Form
from tests.support.gateway import running_gateway
from tests.support.suite import ROOT

pytestmark = pytest.mark.asyncio(loop_scope="module")

WORLDS = {
    "registry": registry_world,
    "procurement": procurement_world,
    "evaluation": evaluation_world,
    "incubator": incubator_world,
}
SAFE = "GET"
OWN_HEADERS = ("x-request-id", "content-length")
"""What differs between any two answers: their names, and so how long they are."""


@dataclass(frozen=True)
class Operation:
    """One operation of a contract, and what is declared of it."""

    name: str
    method: str
    path: str
    roles: frozenset[str]
    open: bool
    example: Any
    declared: Declared | None

    @property
    def admitted(self) -> list[str]:
        """Whom the role gate lets through: of what is gated, an auditor may read all."""
        if self.open:
            return CALLERS
        reads = {"auditor"} if self.method == SAFE else set()
        return [role for role in CALLERS if role in self.roles | reads]

    @property
    def it(self) -> Declared:
        assert self.declared is not None
        return self.declared

    def reach(self, role: str) -> str:
        """`any`, `own` or `none` of the kind."""
        if role in self.it.never:
            return "none"
        if role in self.it.own:
            return "own"
        return "any" if self.it.every is None or role in self.it.every else "none"


@cache
def operations(service: str) -> list[Operation]:
    contract = json.loads((ROOT / "services" / service / "openapi.json").read_text())
    return [
        Operation(
            name=told["operationId"],
            method=method.upper(),
            path=path.removeprefix(f"/{service}/v1"),
            roles=frozenset(told["x-roles"]),
            open={} in told["security"],
            example=_example(told),
            declared=DECLARED[service].get(told["operationId"]),
        )
        for path, methods in contract["paths"].items()
        for method, told in methods.items()
    ]


def _example(told: dict[str, Any]) -> Any:
    content = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    examples = content.get("examples", {})
    chosen = examples.get("accepted") or next(iter(examples.values()), None)
    return chosen["value"] if chosen else ({} if content else None)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=SERVICES)
async def world(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    more: dict[str, Any] = {}
    if request.param == "procurement":
        more["receipt_key_file"] = tmp_path_factory.mktemp("receipts") / "receipt-key.json"
    async with service_under_test(request.param, databases, **more) as service:
        world = await WORLDS[request.param](service)
        await service.place()  # evidence is of what is placed and signed
        yield world


async def ask(
    world: World, operation: Operation, role: str, path: Path, *, unread: bool = False
) -> httpx.Response:
    """The operation as that role asks it, of the thing that the path parameters name.

    Of what it has not read it knows no version, so it sends none.
    """
    asked = re.sub(r"{(\w+)}", lambda found: path[found[1]], operation.path)
    options: dict[str, Any] = {"headers": dict(world.headers.get(operation.name, {}))}
    if operation.method != SAFE:
        asked += "?dry=true"
        options["headers"] |= {} if unread else {"if-match": "*"}
    body = world.bodies.get(operation.name, operation.example)
    if isinstance(body, bytes):
        options["content"] = body
    elif body is not None:
        options["json"] = body
    return await world.caller(role).request(operation.method, asked, **options)


Told = tuple[int, str, tuple[tuple[str, str], ...]]


def told(answer: httpx.Response, path: Path) -> Told:
    """Status, body and headers, without the name of the request and of the thing asked for."""
    text = answer.text
    for name in (answer.headers["x-request-id"], *path.values()):
        text = text.replace(name, "…") if len(name) > 8 else text
    headers = {name: value for name, value in answer.headers.items() if name not in OWN_HEADERS}
    return answer.status_code, text, tuple(sorted(headers.items()))


def things(world: World, operation: Operation) -> Pair:
    return world.things[operation.it.kind or ""]


# --- The table is whole ----------------------------------------------------------------------------


@pytest.mark.parametrize("service", SERVICES)
async def test_every_operation_says_whose_things_it_reaches(service: str) -> None:
    named = {operation.name for operation in operations(service)}
    missing, unknown = named - DECLARED[service].keys(), DECLARED[service].keys() - named
    vague = [
        operation.name
        for operation in operations(service)
        if operation.declared
        and (("{" in operation.path) == (operation.it.kind is None) or operation.it.listed)
        and not (operation.it.listed and "{" not in operation.path)
    ]

    assert not missing, f"say in tests/security/declared.py whose things they reach: {missing}"
    assert not unknown, f"declared, but not in the contract of {service}: {unknown}"
    assert not vague, f"a path that names a thing has a kind, and no other path has: {vague}"


@pytest.mark.parametrize("service", SERVICES)
async def test_an_open_operation_says_why_and_a_gated_one_binds_only_who_may_call(
    service: str,
) -> None:
    unreasoned = [o.name for o in operations(service) if not o.it.own and not o.it.why]
    beyond = [
        o.name
        for o in operations(service)
        if not (o.it.own | o.it.never | (o.it.every or frozenset())) <= set(o.admitted)
    ]

    assert not unreasoned
    assert not beyond


async def test_the_roles_of_the_contracts_are_the_roles_that_clients_can_have() -> None:
    used = {role for service in SERVICES for o in operations(service) for role in o.roles}

    assert set(Role) == ROLES
    assert used <= ROLES


async def test_an_auditor_changes_nothing_and_an_administrator_has_no_business() -> None:
    every = [(service, o) for service in SERVICES for o in operations(service)]
    writes = [o.name for _, o in every if o.method != SAFE and "auditor" in o.admitted]
    administers = {(service, o.name) for service, o in every if "administrator" in o.roles}

    assert not writes
    assert administers == {
        *((service, "settle_clock") for service in SERVICES),
        *((service, "erase_detail") for service in SERVICES),  # what it erases it cannot read
        ("registry", "load_calendar_notice"),
    }


async def test_nobody_says_in_a_body_for_whom_it_acts() -> None:
    """For whom somebody acts stands in the token: a body that could name another would be a way in."""
    acting = {"agency", "evaluator"}
    naming = {
        o.name: set(fields) & {"credit_code", "org", "owner_org", "client_id", "created_by"}
        for service in SERVICES
        for o, fields in bodies(service)
        if o.roles & acting
    }

    assert not {name: fields for name, fields in naming.items() if fields}


def bodies(service: str) -> Iterator[tuple[Operation, Iterator[str]]]:
    contract = json.loads((ROOT / "services" / service / "openapi.json").read_text())
    by_name = {o.name: o for o in operations(service)}
    for methods in contract["paths"].values():
        for described in methods.values():
            for content in described.get("requestBody", {}).get("content", {}).values():
                schema = content["schema"]
                if "$ref" in schema:
                    schema = contract["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
                yield by_name[described["operationId"]], iter(schema.get("properties", {}))


# --- The matrix ------------------------------------------------------------------------------------


async def test_whoever_lacks_the_role_is_refused_alike_whatever_is_asked_for(
    world: World, figure: Figure
) -> None:
    wrong, asked = [], 0
    for operation in operations(world.service.name):
        for role in set(CALLERS) - set(operation.admitted):
            expected = 401 if role == ANYBODY else 403
            pair = things(world, operation) if "{" in operation.path else Pair({}, {}, {})
            answers = [
                told(await ask(world, operation, role, path), path)
                for path in (pair.ours, pair.theirs, pair.absent)
            ]
            asked += len(answers)
            if {status for status, *_ in answers} != {expected} or len(set(answers)) != 1:
                wrong.append(f"{role} {operation.name}: {answers}")

    figure("asked", asked)
    assert not wrong, "\n".join(wrong)


async def test_whoever_has_the_role_reaches_what_is_its_own(world: World, figure: Figure) -> None:
    wrong, asked = [], 0
    for operation in with_things(world):
        for role in operation.admitted:
            if operation.reach(role) != "none":
                answer = await ask(world, operation, role, things(world, operation).ours)
                asked += 1
                if answer.status_code in (401, 403, 404) or answer.status_code >= 500:
                    wrong.append(f"{role} {operation.name}: {answer.status_code} {answer.text}")

    figure("asked", asked)
    assert not wrong, "\n".join(wrong)


async def test_what_belongs_to_another_is_not_there(world: World, figure: Figure) -> None:
    """The answer is that of a thing that there is not; or a 403 where everybody sees the thing."""
    wrong, asked = [], 0
    for operation, role, path in beyond_reach(world):
        absent = things(world, operation).absent
        shown = operation.it.refused == 403  # so its version can be read too
        unseen = told(await ask(world, operation, role, path, unread=not shown), path)
        nothing = told(await ask(world, operation, role, absent, unread=not shown), absent)
        asked += 1
        alike = unseen == nothing and nothing[0] in (403, 404)
        if not (unseen[0] == 403 if shown else alike):
            wrong.append(f"{role} {operation.name}: {unseen}, but {nothing}")

    figure("asked", asked)
    assert not wrong, "\n".join(wrong)


async def test_what_is_everybodys_or_the_offices_is_reached_by_whoever_may_call(
    world: World, figure: Figure
) -> None:
    wrong, asked = [], 0
    for operation in with_things(world):
        for role in operation.admitted:
            if operation.reach(role) == "any":
                answer = await ask(world, operation, role, things(world, operation).theirs)
                asked += 1
                if answer.status_code in (401, 403, 404) or answer.status_code >= 500:
                    wrong.append(f"{role} {operation.name}: {answer.status_code} {answer.text}")

    figure("asked", asked)
    assert not wrong, "\n".join(wrong)


async def test_an_auditor_reads_everything_there_is(world: World) -> None:
    kept_from = {
        operation.name: operation.it.why
        for operation in with_things(world)
        if operation.method == SAFE and operation.reach("auditor") != "any"
    }

    assert all(kept_from.values()), f"say why not even an auditor reads it: {kept_from}"


async def test_an_administrator_reads_what_anybody_reads(world: World) -> None:
    wrong = []
    for operation in operations(world.service.name):
        if operation.open and operation.method == SAFE and not operation.it.elsewhere:
            pair = things(world, operation) if "{" in operation.path else Pair({}, {}, {})
            for path in (pair.ours, pair.theirs):
                seen, public = [
                    told(await ask(world, operation, role, path), path)[:2]
                    for role in ("administrator", ANYBODY)
                ]
                if seen != public:
                    wrong.append(f"{operation.name}: {seen}")

    assert not wrong, "\n".join(wrong)


async def test_a_list_holds_nothing_that_its_reader_may_not_read(world: World) -> None:
    wrong = []
    for operation in operations(world.service.name):
        if operation.it.listed:
            pair = things(world, operation)
            (ours,), (theirs,) = pair.ours.values(), pair.theirs.values()
            for role in operation.admitted:
                reach = operation.reach(role)
                listed = (await ask(world, operation, role, {})).text
                found = (ours in listed, theirs in listed)
                if found != (reach != "none", reach == "any"):
                    wrong.append(f"{role} {operation.name}: {found}, reaches {reach}")

    assert not wrong, "\n".join(wrong)


async def test_what_belongs_to_another_takes_as_long_as_what_is_not_there(
    world: World, form: Form, figure: Figure
) -> None:
    """As many statements, or one more; and in the long form, where the machine is quiet, as much time."""
    wrong, slowest = [], 0.0
    for operation, role, path in beyond_reach(world):
        if operation.it.refused == 403:
            continue
        absent = things(world, operation).absent
        counted = [
            await statements(world, operation, role, path),
            await statements(world, operation, role, absent),
        ]
        if counted[0] - counted[1] not in (0, 1):  # one more where a seat is looked for
            wrong.append(f"{role} {operation.name}: {counted} statements")
        if rounds := form(short=0, long=20):
            ratio = await longer(world, operation, role, (path, absent), rounds)
            slowest = max(slowest, ratio)
            if ratio > MOST_TIMES_LONGER:
                wrong.append(f"{role} {operation.name}: {ratio:.1f} times as long")

    figure("slowest, as a multiple of absent", round(slowest, 2))
    assert not wrong, "\n".join(wrong)


MOST_TIMES_LONGER = 3.0


async def statements(world: World, operation: Operation, role: str, path: Path) -> int:
    engine, counted = world.service.runtime.engine.sync_engine, []

    def count(*_: Any) -> None:
        counted.append(1)

    event.listen(engine, "before_cursor_execute", count)
    try:
        await ask(world, operation, role, path)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(counted)


async def longer(
    world: World, operation: Operation, role: str, paths: tuple[Path, Path], rounds: int
) -> float:
    """The ratio of the medians, asked in turn, whichever is the longer."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for path, times in zip(paths, taken, strict=True):
            begun = perf_counter()
            await ask(world, operation, role, path)
            times.append(perf_counter() - begun)
    one, other = median(taken[0]), median(taken[1])
    return max(one, other) / min(one, other)


# --- At the door -------------------------------------------------------------------------------------


async def test_of_the_gateways_own_operations_each_is_open_or_for_certain_roles(
    tmp_path: Folder, figure: Figure
) -> None:
    """They name nothing of the business; whose subscription one is, is shown with the webhooks."""
    contract = json.loads((ROOT / "gateway" / "openapi.json").read_text())
    wrong, asked, gated = [], 0, set()
    async with (
        running_gateway(tmp_path / "keys", configuration=unlimited()) as door,
        httpx.AsyncClient(base_url=door.address, trust_env=False) as client,
    ):
        for path, methods in contract["paths"].items():
            for method, described in methods.items():
                if described["operationId"] == "compat_call":
                    continue  # signed and not told by a token: tests/security/test_compat.py
                roles = described.get("x-roles")
                gated |= {described["operationId"]} if roles else set()
                for role in CALLERS:
                    headers = {} if role == ANYBODY else door.bearer(role)
                    named = re.sub(r"{\w+}", "not-found", path)
                    answer = await client.request(method.upper(), named, headers=headers)
                    asked += 1
                    refused = (401,) if role == ANYBODY else (403,)
                    if (answer.status_code in (401, 403)) != bool(roles and role not in roles) or (
                        answer.status_code in (401, 403) and answer.status_code not in refused
                    ):
                        wrong.append(f"{role} {described['operationId']}: {answer.status_code}")

    figure("asked", asked)
    assert gated == {"move_sandbox_clock", "list_clients", "read_client", *GATEWAY}
    assert not wrong, "\n".join(wrong)


# --- What is shown elsewhere -------------------------------------------------------------------------


@pytest.mark.parametrize("service", SERVICES)
async def test_what_the_matrix_leaves_out_has_a_test_of_its_own(service: str) -> None:
    for operation in operations(service):
        if operation.it.elsewhere:
            file, _, test = operation.it.elsewhere.partition("::")
            assert f"def {test}(" in (ROOT / file).read_text(), operation.name


# --- Bodies that name what belongs to another -------------------------------------------------------


async def test_a_body_that_names_what_belongs_to_another_is_refused_as_if_it_were_absent(
    world: World,
) -> None:
    for operation, role, theirs, absent in world.named_in_bodies:
        [asked] = [o for o in operations(world.service.name) if o.name == operation]
        path = things(world, asked).ours if "{" in asked.path else {}
        answers = []
        for body, name in (theirs, absent):
            world.bodies[operation] = body
            answer = await ask(world, asked, role, path)
            answers.append(told(answer, {"named": name, **path}))
        assert answers[0] == answers[1], operation
        assert answers[0][0] in (200, 404, 409, 422), operation


def with_things(world: World) -> Iterator[Operation]:
    for operation in operations(world.service.name):
        if "{" in operation.path and not operation.it.elsewhere:
            yield operation


def beyond_reach(world: World) -> Iterator[tuple[Operation, str, Path]]:
    """Every operation with every role that may call it, and a thing that it must not find."""
    for operation in with_things(world):
        pair = things(world, operation)
        for role in operation.admitted:
            reach = operation.reach(role)
            if reach == "own":
                yield operation, role, pair.theirs
            elif reach == "none":
                yield from ((operation, role, path) for path in (pair.ours, pair.theirs))
