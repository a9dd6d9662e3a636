"""A municipal platform is told by itself, through a whole suite; also when the gateway is killed meanwhile."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.test_bad_input import NEED
from tests.support.sealed_tender import SealedTender
from tests.support.suite import RunningSuite, eventually
from tests.support.webhooks import Received, Receiver, signed_by

BACK_WITHIN = 90.0
"""A turn that nobody ended lasts half a minute; then another worker takes it."""


async def asked(suite: RunningSuite, method: str, path: str, body: Any = None) -> Any:
    def ask() -> Any:
        answer = suite.ask("platform", method, path, body)
        assert answer.is_success, answer.text
        return answer.json()

    return await asyncio.to_thread(ask)


async def subscribed(suite: RunningSuite, receiver: Receiver, *kinds: str) -> dict[str, Any]:
    body = {"url": receiver.url, "kinds": list(kinds), "services": ["procurement"]}
    made: dict[str, Any] = await asked(suite, "POST", "/webhooks/subscriptions", body)
    path = f"/webhooks/subscriptions/{made['id']}"
    ping = await asked(suite, "POST", f"{path}/ping")
    while ping["state"] != "delivered":  # and written down: it is not sent again
        ping = await asked(suite, "GET", f"{path}/deliveries/{ping['id']}")
    return made


async def until(receiver: Receiver, count: int, within: float = 30.0) -> list[Received]:
    async with asyncio.timeout(within):
        while len(receiver.received) < count:
            receiver.arrived.clear()
            await receiver.arrived.wait()
    return receiver.received


async def test_a_published_tender_arrives_and_is_verified(
    suite: RunningSuite, tmp_path: Path
) -> None:
    async with Receiver() as receiver:
        made = await subscribed(suite, receiver, "tender.published")
        tender = SealedTender(suite, tmp_path)
        await asyncio.to_thread(tender.publish)
        ping, told = await until(receiver, 2)

    [key] = (await asked(suite, "GET", "/webhooks/keys"))["keys"]
    for got in (ping, told):
        assert signed_by(got.headers, got.body, made["secret"])
        assert signed_by(got.headers, got.body, key["key"])
    assert ping.event["type"] == "webhook.ping"
    assert told.event["subject"] == f"tender/{tender.tender}"
    feed = await asked(
        suite, "GET", f"/procurement/v1/events?after={told.event['feedposition'] - 1}&limit=1"
    )
    [entry] = feed["items"]
    assert entry["event"] == {
        name: value for name, value in told.event.items() if name not in ("feedposition", "leaf")
    }
    assert entry["leaf"] == told.event["leaf"]


@pytest.mark.parametrize("when", ["before the event", "after the post"])
async def test_a_gateway_that_is_killed_loses_nothing_and_repeats_under_the_same_id(
    suite: RunningSuite, when: str
) -> None:
    async def never(_: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with Receiver() as receiver:
        await subscribed(suite, receiver, "need.recorded")
        record = suite.ask, "street-officer", "POST", "/procurement/v1/needs", NEED
        if when == "after the post":
            receiver.answers = [never, b"HTTP/1.1 204 Taken\r\n\r\n"]
            assert (await asyncio.to_thread(*record)).is_success
            await until(receiver, 2)
            await asyncio.to_thread(suite.kill, "gateway")
            _, first, again = await until(receiver, 3, BACK_WITHIN)
            assert (first.webhook_id, first.body) == (again.webhook_id, again.body)
        else:
            await asyncio.to_thread(suite.kill, "gateway")
            await asyncio.to_thread(eventually, lambda: is_back(suite), "the door is open", 20)
            assert (await asyncio.to_thread(*record)).is_success
            _, told = await until(receiver, 2, BACK_WITHIN)
            assert told.event["type"] == "need.recorded"


def is_back(suite: RunningSuite) -> bool:
    try:
        return suite.ask(None, "GET", "/procurement/v1/needs").status_code == 200
    except httpx.TransportError:  # it was still being read when the door fell
        return False
