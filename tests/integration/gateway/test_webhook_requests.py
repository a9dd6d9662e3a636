"""Subscriptions through the door: whose they are, how they are asked for, what is refused."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from gateway.webhooks.actions import MOST_SUBSCRIPTIONS
from gateway.webhooks.rules import KINDS
from shared.database.session import make_engine
from tests.architecture.house import ROOT
from tests.security.declared import GATEWAY
from tests.support.configuration import unlimited
from tests.support.gateway import RunningGateway, Upstream, running_gateway, written
from tests.support.webhooks import Feed, Receiver, signed_by

SANDBOX: dict[str, Any] = {
    "webhook_plain_hosts": ["127.0.0.1"],
    "webhook_open_networks": ["127.0.0.0/8"],
    "configuration": unlimited(),
}
HOOK = "https://receiver.example.org/hook"


@pytest.fixture
def settings(database: str) -> dict[str, object]:
    return {"database_url": database, "webhooks_inline": False, **SANDBOX}


@dataclass
class Client:
    """One client of the gateway; a POST brings a fresh key by itself."""

    http: httpx.AsyncClient
    token: str
    sent: dict[str, str] = field(default_factory=dict)

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if method == "POST":
            named.setdefault("idempotency-key", str(uuid4()))
        return await self.http.request(
            method,
            f"/webhooks{path}",
            headers={"authorization": f"Bearer {self.token}", **named},
            **({} if body is None else {"json": body}),
        )

    async def subscribe(self, url: str = HOOK, *kinds: str, **more: Any) -> httpx.Response:
        body = {"url": url, "kinds": list(kinds) or ["tender.*"], **more}
        return await self.ask("POST", "/subscriptions", body)


@pytest.fixture
def ours(gateway: RunningGateway, client: httpx.AsyncClient) -> Client:
    return Client(client, gateway.token("platform", client_id="ours"))


@pytest.fixture
def theirs(gateway: RunningGateway, client: httpx.AsyncClient) -> Client:
    return Client(client, gateway.token("platform", client_id="theirs"))


# --- Asking --------------------------------------------------------------------------------------


async def test_a_subscription_is_made_and_its_secret_shown_once(ours):
    made = await ours.subscribe(subject="52410108MJ0000018R", description="城市平台")

    assert made.status_code == 201, made.text
    told = made.json()
    assert told["secret"].startswith("whsec_")
    assert told["state"] == "active"
    assert told["services"] == ["registry", "procurement", "evaluation", "incubator"]
    assert made.headers["etag"] == '"1"'
    assert made.headers["cache-control"] == "no-store"
    read = await ours.ask("GET", made.headers["location"].removeprefix("/webhooks"))
    assert read.status_code == 200
    assert read.json() == {name: value for name, value in told.items() if name != "secret"}


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"url": "http://receiver.example.org/"}, "/url"),
        ({"url": "https://10.0.0.2/"}, "/url"),
        ({"url": "https://169.254.169.254/latest"}, "/url"),
        ({"url": "https://user:password@receiver.example.org/"}, "/url"),
        ({"url": "https://0x7f.1/index"}, "/url"),
        ({"url": 7}, "/url"),
        ({"kinds": []}, "/kinds"),
        ({"kinds": ["tender.eaten"]}, "/kinds/0"),
        ({"kinds": ["tender.*"], "services": ["registry"]}, "/kinds/0"),
        ({"services": ["treasury"]}, "/services/0"),
        ({"subject": "two words"}, "/subject"),
        ({"description": "two\nlines"}, "/description"),
        ({"secret": "whsec_of-my-own"}, "/secret"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_what_is_wrong_is_named_with_its_rule_and_remedy(ours, wrong, pointer, language):
    body = {"url": HOOK, "kinds": ["tender.*"], **wrong}

    refused = await ours.ask("POST", "/subscriptions", body, accept_language=language)

    assert refused.status_code == 422, refused.text
    assert refused.headers["content-type"] == "application/problem+json"
    [error] = refused.json()["errors"]
    assert error["pointer"] == pointer
    assert error["rule"]
    assert error["remedy"]
    assert "password" not in refused.text


async def test_a_body_is_read_strictly(ours):
    refused = await ours.http.post(
        "/webhooks/subscriptions",
        content=b'{"url": "a", "url": "b", "kinds": ["tender.*"]}',
        headers={
            "authorization": f"Bearer {ours.token}",
            "content-type": "application/json",
            "idempotency-key": "12345678",
        },
    )

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/url"


async def test_the_same_key_gets_the_first_answer_again_with_the_same_secret(ours):
    body = {"url": HOOK, "kinds": ["tender.*"]}
    first = await ours.ask("POST", "/subscriptions", body, idempotency_key="a-key-of-ours")
    again = await ours.ask("POST", "/subscriptions", body, idempotency_key="a-key-of-ours")
    other = {**body, "kinds": ["award.*"]}
    misused = await ours.ask("POST", "/subscriptions", other, idempotency_key="a-key-of-ours")
    without = await ours.http.post(
        "/webhooks/subscriptions", json=body, headers={"authorization": f"Bearer {ours.token}"}
    )

    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["etag"] == first.headers["etag"]
    assert misused.status_code == without.status_code == 422
    assert len((await ours.ask("GET", "/subscriptions")).json()["items"]) == 1


async def test_a_key_is_of_one_client_only(ours, theirs):
    body = {"url": HOOK, "kinds": ["tender.*"]}
    one = await ours.ask("POST", "/subscriptions", body, idempotency_key="the-same-key")
    other = await theirs.ask("POST", "/subscriptions", body, idempotency_key="the-same-key")

    assert other.status_code == 201
    assert one.json()["id"] != other.json()["id"]


async def test_kept_answers_show_no_secret_to_the_database(ours, database):
    made = (await ours.subscribe()).json()
    engine = make_engine(database, pool=1)
    async with engine.connect() as connection:
        [kept] = (await connection.execute(text("SELECT body FROM receipt"))).scalars().all()
    await engine.dispose()

    assert made["secret"].encode() not in kept
    assert made["id"].encode() not in kept


# --- Changing ------------------------------------------------------------------------------------


async def test_a_change_needs_the_version_that_was_read(ours):
    made = (await ours.subscribe()).json()
    path = f"/subscriptions/{made['id']}"

    blind = await ours.ask("PATCH", path, {"description": "x"})
    first = await ours.ask("PATCH", path, {"description": "x"}, if_match='"1"')
    stale = await ours.ask("PATCH", path, {"description": "y"}, if_match='"1"')

    assert [blind.status_code, first.status_code, stale.status_code] == [428, 200, 412]
    assert first.headers["etag"] == '"2"'
    assert (await ours.ask("GET", path)).json()["description"] == "x"
    assert (await ours.ask("GET", path, if_none_match='"2"')).status_code == 304


async def test_only_what_is_sent_is_changed(ours):
    made = (await ours.subscribe(subject="tender/1", description="x")).json()
    path = f"/subscriptions/{made['id']}"

    changed = await ours.ask("PATCH", path, {"subject": None, "kinds": ["award.*"]}, if_match='"1"')

    told = changed.json()
    assert (told["subject"], told["kinds"], told["description"]) == (None, ["award.*"], "x")
    refused = await ours.ask("PATCH", path, {"services": ["registry"]}, if_match='"2"')
    assert refused.json()["errors"][0]["pointer"] == "/kinds/0"


async def test_paused_resumed_and_gone(ours):
    made = (await ours.subscribe()).json()
    path = f"/subscriptions/{made['id']}"

    paused = await ours.ask("PATCH", path, {"state": "paused"}, if_match="*")
    pinged = await ours.ask("POST", f"{path}/ping")
    resumed = await ours.ask("PATCH", path, {"state": "active"}, if_match="*")
    gone = await ours.ask("DELETE", path, if_match=resumed.headers["etag"])

    assert paused.json()["state"] == "paused"
    assert pinged.status_code == 409
    assert resumed.json()["state"] == "active"
    assert gone.status_code == 204
    assert (await ours.ask("GET", path)).status_code == 404


async def test_another_secret_is_shown_once_and_the_old_one_signs_along(ours):
    made = (await ours.subscribe()).json()
    path = f"/subscriptions/{made['id']}/secret"

    rotated = await ours.ask("POST", path, {"overlap_hours": 1}, if_match='"1"')

    assert rotated.status_code == 201, rotated.text
    assert rotated.json()["secret"] != made["secret"]
    assert rotated.json()["earlier_until"]
    at_once = await ours.ask("POST", path, {"overlap_hours": 0}, if_match='"2"')
    assert at_once.json()["earlier_until"] is None


async def test_lists_page_by_cursor_and_hold_ones_own_only(ours, theirs):
    made = [(await ours.subscribe()).json()["id"] for _ in range(5)]
    await theirs.subscribe()

    first = await ours.ask("GET", "/subscriptions?limit=3")
    second = await ours.ask("GET", f"/subscriptions?limit=3&cursor={first.json()['next']}")

    assert [one["id"] for one in first.json()["items"] + second.json()["items"]] == made
    assert first.headers["link"].endswith('rel="next"')
    assert second.json()["next"] is None
    assert (await ours.ask("GET", "/subscriptions?limit=201")).status_code == 422
    assert (await ours.ask("GET", "/subscriptions?offset=3")).status_code == 422
    assert (await theirs.ask("GET", "/subscriptions?cursor=made-up")).status_code == 422


async def test_a_client_has_so_many_subscriptions_and_no_more(ours):
    for _ in range(MOST_SUBSCRIPTIONS):
        assert (await ours.subscribe()).status_code == 201

    assert (await ours.subscribe()).status_code == 409


async def test_a_replay_is_of_a_service_that_is_subscribed(ours):
    made = (await ours.subscribe(services=["procurement"])).json()
    path = f"/subscriptions/{made['id']}/replays"

    other = await ours.ask("POST", path, {"service": "registry", "after": 0})
    early = await ours.ask("POST", path, {"service": "procurement", "after": 0})

    assert other.json()["errors"][0]["pointer"] == "/service"
    assert early.status_code == 409  # the feed was not looked at yet


async def test_what_is_told_and_by_which_keys_is_public(client):
    assert (await client.get("/webhooks/kinds")).json() == {"services": dict(KINDS)}
    [key] = (await client.get("/webhooks/keys")).json()["keys"]
    assert key["key"].startswith("whpk_")


# --- Whose they are ------------------------------------------------------------------------------


def _operations() -> dict[str, tuple[str, str]]:
    contract = json.loads((ROOT / "gateway" / "openapi.json").read_text())
    return {
        told["operationId"]: (method.upper(), path)
        for path, methods in contract["paths"].items()
        for method, told in methods.items()
        if path.startswith("/webhooks/subscriptions")
    }


def test_every_operation_on_subscriptions_says_whose_things_it_reaches() -> None:
    assert _operations().keys() == GATEWAY.keys()


BODIES = {
    "change_subscription": {"description": "theirs"},
    "rotate_webhook_secret": {"overlap_hours": 1},
    "replay_feed": {"service": "procurement", "after": 0},
}


@pytest.mark.parametrize("operation", [name for name, it in GATEWAY.items() if it.own])
async def test_what_is_anothers_is_answered_as_if_it_were_absent(ours, theirs, operation):
    made = (await theirs.subscribe()).json()
    ping = (await theirs.ask("POST", f"/subscriptions/{made['id']}/ping")).json()
    method, template = _operations()[operation]

    async def answered(who: Client, subscription: str, delivery: str) -> tuple[int, dict[str, Any]]:
        path = template.format(subscription_id=subscription, delivery_id=delivery)
        asked = await who.ask(
            method, path.removeprefix("/webhooks"), BODIES.get(operation), if_match="*"
        )
        told = {} if asked.status_code < 400 else asked.json()
        shown = {name: told.get(name) for name in ("type", "title", "status", "detail")}
        return asked.status_code, shown

    foreign = await answered(ours, made["id"], ping["id"])
    absent = await answered(ours, str(uuid4()), str(uuid4()))
    no_id = await answered(ours, "no-id", "no-id")

    assert foreign == absent == no_id
    assert foreign[0] == 404
    assert (await answered(theirs, made["id"], ping["id"]))[0] < 300 or operation == "replay_feed"


async def test_a_delivery_is_found_under_its_own_subscription_only(ours):
    one, other = [(await ours.subscribe()).json()["id"] for _ in range(2)]
    ping = (await ours.ask("POST", f"/subscriptions/{one}/ping")).json()

    assert (await ours.ask("GET", f"/subscriptions/{one}/deliveries/{ping['id']}")).is_success
    crossed = await ours.ask("GET", f"/subscriptions/{other}/deliveries/{ping['id']}")
    assert crossed.status_code == 404


async def test_without_a_token_nothing_is_told(client):
    for method, path in _operations().values():
        asked = await client.request(method, path.replace("{", "").replace("}", ""))
        assert asked.status_code == 401, path


# --- All of it at once ---------------------------------------------------------------------------


@pytest.fixture
async def telling(
    tmp_path, database: str, procurement_upstream: Upstream
) -> AsyncIterator[tuple[RunningGateway, Feed, Receiver]]:
    """A gateway that reads a feed and sends by itself."""
    feed = Feed()

    async def events(_: Any, writer: Any, asked: Any) -> None:
        status, body = await feed.ask(asked.target, 5)
        writer.write(written(status, body, "content-type: application/json"))

    procurement_upstream.answers["/procurement/v1/events"] = events
    upstreams = {"procurement": [procurement_upstream.address]}
    options = {"database_url": database, "upstreams": upstreams, **SANDBOX}
    async with (
        Receiver() as receiver,
        running_gateway(tmp_path / "keys", **options) as gateway,
    ):
        yield gateway, feed, receiver


async def until(receiver: Receiver, count: int) -> None:
    async with asyncio.timeout(20):
        while len(receiver.received) < count:
            receiver.arrived.clear()
            if len(receiver.received) < count:
                await receiver.arrived.wait()


async def test_the_feeds_are_read_as_anybody_may(telling, procurement_upstream):
    """With a token of its own the gateway would be shown, and keep, what is not everybody's."""
    gateway, feed, receiver = telling
    async with httpx.AsyncClient(base_url=gateway.address, trust_env=False) as http:
        ours = Client(http, gateway.token("auditor", client_id="ours"))
        assert (await ours.subscribe(receiver.url)).status_code == 201
        feed.tell()
        await until(receiver, 1)

    asked = procurement_upstream.asked_for("/procurement/v1/events")
    assert asked
    assert not [one for one in asked if "authorization" in one.headers]


async def test_ping_and_events_arrive_and_the_log_tells(telling):
    gateway, feed, receiver = telling
    async with httpx.AsyncClient(base_url=gateway.address, trust_env=False) as http:
        ours = Client(http, gateway.token("platform", client_id="ours"))
        made = (await ours.subscribe(receiver.url, "tender.published")).json()
        path = f"/subscriptions/{made['id']}"
        pinged = await ours.ask("POST", f"{path}/ping")
        assert pinged.status_code == 202, pinged.text
        await until(receiver, 1)
        feed.tell("tender.published", "tender/1")
        await until(receiver, 2)

        for got in receiver.received:
            assert signed_by(got.headers, got.body, made["secret"])
            assert abs(int(got.headers["webhook-timestamp"]) - time.time()) < 60
        assert receiver.received[0].event["type"] == "webhook.ping"
        assert receiver.received[1].event["type"] == "tender.published"
        listed: list[dict[str, Any]] = []
        while [one["state"] for one in listed] != ["delivered"] * 2:
            listed = (await ours.ask("GET", f"{path}/deliveries")).json()["items"]
        assert [one["kind"] for one in listed] == ["webhook.ping", "tender.published"]
        assert [one["status"] for one in listed] == [204, 204]
        assert (await ours.ask("GET", f"{path}/deliveries?state=dead")).json()["items"] == []

        again = await ours.ask("POST", f"{path}/deliveries/{listed[1]['id']}/replay")
        assert again.status_code == 202
        await until(receiver, 3)
        assert receiver.ids[2] == receiver.ids[1]
        metrics = (await http.get("/metrics")).text
        assert "huishe_gateway_webhooks_delivered_total" in metrics
        assert "ours" not in metrics


async def test_a_replay_of_the_feed_arrives(telling):
    gateway, feed, receiver = telling
    async with httpx.AsyncClient(base_url=gateway.address, trust_env=False) as http:
        ours = Client(http, gateway.token("platform", client_id="ours"))
        made = (await ours.subscribe(receiver.url)).json()
        feed.tell("tender.published", "tender/1")
        await until(receiver, 1)

        order = {"service": "procurement", "after": 0}
        asked = await ours.ask("POST", f"/subscriptions/{made['id']}/replays", order)

        assert asked.status_code == 202, asked.text
        assert asked.json()["until"] == 1
        await until(receiver, 2)
        assert len(set(receiver.ids)) == 1
