"""One service under test: its real application over a real database, with others at the wire.

registry.as_(["registrar"])                   a caller with that role
registry.clock.move_to(instant(2026, 3, 1))    business time, given and standing still
registry.upstream("evaluation", path, json)    what another service answers
registry.hear("evaluation", type, subject, data)  what another service told
await registry.settle()                        deadlines, reactions and the relay, worked off
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
from fastapi import FastAPI

from shared.journal.rows import instant as written
from shared.revocations import Revocations
from shared.runtime import Runtime
from tests.support import tokens

SHANGHAI = timezone(timedelta(hours=8))
START = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)


def at(
    year: int, month: int, day: int, hour: int = 9, minute: int = 0, second: int = 0
) -> datetime:
    """An instant by the clock on the bureau's wall."""
    return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)


@dataclass
class Clock:
    """Business time of this one database; it stands still until moved."""

    superuser_url: str
    now: datetime = START

    async def move_to(self, moment: datetime) -> None:
        self.now = moment
        connection = await asyncpg.connect(self.superuser_url)
        try:
            await connection.execute(
                "CREATE OR REPLACE FUNCTION business_now() RETURNS timestamptz LANGUAGE sql "
                f"VOLATILE AS $$ SELECT timestamptz '{moment.isoformat()}' "
                "/* huishe.clock_offset */ $$"
            )
        finally:
            await connection.close()

    async def forward(self, **span: float) -> None:
        await self.move_to(self.now + timedelta(**span))


@dataclass
class Caller:
    """An HTTP client of one caller; every POST gets a fresh Idempotency-Key unless it brings one."""

    client: httpx.AsyncClient
    prefix: str
    headers: dict[str, str]

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.request("GET", path, **options)

    async def post(self, path: str, **options: Any) -> httpx.Response:
        return await self.request("POST", path, **options)

    async def put(self, path: str, **options: Any) -> httpx.Response:
        return await self.request("PUT", path, **options)

    async def patch(self, path: str, **options: Any) -> httpx.Response:
        return await self.request("PATCH", path, **options)

    async def delete(self, path: str, **options: Any) -> httpx.Response:
        return await self.request("DELETE", path, **options)

    async def change(self, path: str, read: httpx.Response, **options: Any) -> httpx.Response:
        """POST with the version that `read` showed."""
        headers = {"if-match": read.headers["etag"], **options.pop("headers", {})}
        return await self.post(path, headers=headers, **options)

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        given = {
            name.lower(): value for name, value in (options.pop("headers", None) or {}).items()
        }
        headers = dict(self.headers)
        if method == "POST":
            headers["idempotency-key"] = uuid4().hex
        headers.update(given)
        return await self.client.request(method, self.prefix + path, headers=headers, **options)


@dataclass
class ServiceUnderTest:
    name: str
    app: FastAPI
    runtime: Runtime
    client: httpx.AsyncClient
    clock: Clock
    superuser_url: str
    answers: dict[str, httpx.Response | dict[str, Any]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    """Services that do not answer."""
    asked: list[str] = field(default_factory=list)
    """What this service asked of others, in order."""
    feeds: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    revoked: Revocations = tokens.NOTHING_REVOKED
    """What the gateway says was revoked lately."""

    def as_(self, roles: list[str], org: str | None = None, client_id: str | None = None) -> Caller:
        name = client_id or "-".join([*roles, org or "office"])
        bearer = f"Bearer {tokens.token(name, roles, org)}"
        return self._caller({"authorization": bearer})

    @property
    def anonymous(self) -> Caller:
        return self._caller({})

    def _caller(self, headers: dict[str, str]) -> Caller:
        return Caller(self.client, f"/{self.name}/v1", {"accept-language": "en", **headers})

    def upstream(self, service: str, path: str, json: Any, status: int = 200) -> None:
        """What `service` answers to a GET of `path` (without the prefix); the query is not looked at."""
        self.answers[f"/{service}/v1{path}"] = httpx.Response(status, json=json)

    def hear(
        self, service: str, type: str, subject: str, data: dict[str, Any], version: int = 1
    ) -> None:
        """Put an event at the end of another service's feed."""
        feed = self.feeds.setdefault(service, [])
        event = {
            "specversion": "1.0",
            "id": str(uuid4()),
            "source": f"/{service}/v1",
            "type": type,
            "subject": subject,
            "subjectversion": version,
            "time": written(self.clock.now),
            "data": data,
        }
        feed.append({"position": len(feed) + 1, "leaf": "00" * 32, "event": event})

    async def settle(self) -> None:
        for _ in range(20):
            if not await self.runtime.worker.settle():
                return
        raise AssertionError("it never came to rest")

    async def place(self) -> None:
        """Give everything that is journalled its place in the feed, and sign it."""
        connection = await self.database()
        while await self.runtime.worker.relay.once(connection):
            pass
        await connection.close()

    async def database(self) -> asyncpg.Connection:
        """As a superuser, past every wall."""
        return await asyncpg.connect(self.superuser_url)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """The wire to the gateway."""
        path = request.url.path
        if path == "/oauth/jwks.json":
            return httpx.Response(200, json=tokens.jwks())
        if path == "/oauth/revocations":
            return httpx.Response(200, json=self.revoked.document())
        if path == "/oauth/token":
            token = tokens.token(self.name, ["service"])
            return httpx.Response(200, json={"access_token": token, "expires_in": 600})
        service = path.split("/")[1]
        if service in self.silent:
            raise httpx.ConnectError("silent")
        if path == f"/{service}/v1/events":
            return self._feed_page(service, int(request.url.params["after"]))
        self.asked.append(str(request.url.raw_path, "ascii"))
        found = self.answers.get(path)
        if found is None:
            return httpx.Response(404, json={"status": 404})
        return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)

    def _feed_page(self, service: str, after: int) -> httpx.Response:
        items = [entry for entry in self.feeds.get(service, []) if entry["position"] > after]
        last = items[-1]["position"] if items else after
        return httpx.Response(200, json={"items": items, "next": last, "full": False})


@asynccontextmanager
async def serving(
    name: str, app: FastAPI, settings: Any, superuser_url: str
) -> AsyncIterator[ServiceUnderTest]:
    """The application started as in a process of its own, its wire in our hands."""
    clock = Clock(superuser_url)
    await clock.move_to(START)
    app.state.settings = settings
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://huishe.test") as client,
    ):
        runtime: Runtime = app.state.runtime
        await runtime.http.aclose()
        under_test = ServiceUnderTest(name, app, runtime, client, clock, superuser_url)
        runtime.http = httpx.AsyncClient(
            transport=httpx.MockTransport(under_test.answer), base_url="http://gateway.test"
        )
        yield under_test
