"""What the gateway tells of the suite: to each client what it may use, and the same words to all."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from deploy.integration.contracts import committed
from gateway.catalogue import Part, merge
from gateway.contract import own_contract
from gateway.descriptions import METHODS, MOST_VIEWS, Views, codelists, usable
from gateway.tokens.rules import Role
from shared.errors import catalogue
from tests.support.gateway import written
from tests.support.suite import ROOT

PARTS = {
    one.part: Part(contract=dict(one.told), current=True)
    for one in committed()
    if one.part != "gateway"
}
WHOLE = merge(own_contract(), PARTS)


def operations(contract: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method, path): told
        for path, item in contract["paths"].items()
        for method, told in item.items()
        if method in METHODS
    }


@pytest.mark.parametrize("role", list(Role))
def test_a_client_is_shown_what_its_role_may_use_and_nothing_else(role: str) -> None:
    shown = operations(usable(WHOLE, frozenset({role})))

    for (method, path), told in operations(WHOLE).items():
        allowed = told.get("x-roles")
        may = not allowed or role in allowed or (role == "auditor" and method == "get")
        assert ((method, path) in shown) is may, (role, method, path)
    assert 0 < len(shown) < len(operations(WHOLE))


def test_roles_held_together_show_what_either_may_use() -> None:
    def shown(*roles: str) -> set[tuple[str, str]]:
        return set(operations(usable(WHOLE, frozenset(roles))))

    assert shown("platform", "finance") == shown("platform") | shown("finance")


def test_a_view_is_whole_in_itself() -> None:
    """Every form that is referred to is there, and none that nobody refers to."""
    view = usable(WHOLE, frozenset({"platform"}))
    told = json.dumps(view)

    for name in WHOLE["components"]["schemas"]:
        referred = f'"#/components/schemas/{name}"' in told
        assert (name in view["components"]["schemas"]) is referred, name
    tags = {tag for one in operations(view).values() for tag in one["tags"]}
    assert {tag["name"] for tag in view["tags"]} == tags


def test_a_view_is_made_once_and_anew_when_the_contract_is_another() -> None:
    views = Views()
    whole = json.dumps(WHOLE).encode()

    first = views.of(whole, ["platform"])
    assert views.of(bytes(whole), ["platform"]) is first
    assert views.of(whole, ["finance"]) != first
    assert views.of(json.dumps({**WHOLE, "x": 1}).encode(), ["platform"]) is not first


def test_views_do_not_pile_up() -> None:
    views = Views()
    small = json.dumps(merge(own_contract(), {})).encode()
    for number in range(3 * MOST_VIEWS):
        views.of(small, [f"role-{number}"])

    assert len(views._of) <= MOST_VIEWS


def test_every_codelist_is_told_once_with_its_names_and_its_clause() -> None:
    lists = codelists(WHOLE)

    methods = lists["ServiceMethod"]
    assert methods["title"] == {"zh": "服务方式", "en": "Methods of social-work service"}
    assert methods["clause"] == "惠民字〔2016〕62号 1.1a"
    assert {"registry", "procurement", "incubator"} <= set(methods["services"])
    assert {"code": "mediation", "name": {"zh": "矛盾调处", "en": "Mediation of conflicts"}} in (
        methods["codes"]
    )
    for one in lists.values():
        assert one["clause"]
        assert all(code["name"]["zh"] and code["name"]["en"] for code in one["codes"])


@pytest.fixture
def telling(registry_upstream):
    """A service that tells the registry's own contract."""
    contract = (ROOT / "services" / "registry" / "openapi.json").read_bytes()

    async def tells(_, writer, __):
        writer.write(written(200, contract, "content-type: application/json"))

    registry_upstream.answers["/openapi.json"] = tells


async def test_with_a_token_the_contract_is_the_clients_own(client, gateway, telling) -> None:
    everybody = await client.get("/openapi.json")
    finance = await client.get("/openapi.json", headers=gateway.bearer("finance"))
    etag = {"if-none-match": finance.headers["etag"]}

    assert set(finance.json()["paths"]) < set(everybody.json()["paths"])
    assert finance.headers["cache-control"] == "private, max-age=30"
    assert everybody.headers["cache-control"] == "public, max-age=30"
    assert finance.headers["vary"] == everybody.headers["vary"] == "Authorization"
    again = await client.get("/openapi.json", headers={**gateway.bearer("finance"), **etag})
    assert again.status_code == 304
    assert (await client.get("/openapi.json", headers=etag)).status_code == 200


async def test_codelists_are_read_at_the_gateway(client, telling) -> None:
    listed = (await client.get("/codelists")).json()["items"]
    one = await client.get("/codelists/ServiceMethod")

    assert one.json() in listed
    assert (await client.get("/codelists/Nothing")).status_code == 404


async def test_status_tells_how_fresh_each_part_is(client, gateway) -> None:
    runtime = gateway.gateway.runtime
    [address] = runtime.upstreams.services["registry"].addresses
    address.answered_at = None
    before = (await client.get("/status")).json()["freshness"]["registry"]
    async with asyncio.timeout(5):
        while address.answered_at is None:
            await client.get("/health/live")
    after = (await client.get("/status")).json()["freshness"]["registry"]

    assert after["answered_seconds_ago"] < 5
    assert before["feed_position"] is None
    assert set(after) == {"answered_seconds_ago", "feed_position", "feed_seen_at"}


async def test_a_problem_is_told_with_its_cause_its_remedy_and_whether_to_retry(client) -> None:
    listed = {one["kind"]: one for one in (await client.get("/problems/")).json()["items"]}

    assert listed.keys() == {
        k for k, v in catalogue().items() if not v.__module__.startswith("tests")
    }
    told = listed["still-running"]
    assert told["retry"] == "same"
    assert told["cause"]["zh"]
    assert "Idempotency-Key" in told["cause"]["en"]
    page = await client.get("/problems/", headers={"accept": "text/html", "accept-language": "en"})
    assert "correct each field at its `pointer`" in page.text
