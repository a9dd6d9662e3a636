"""One request to the gateway's own books: who asks, strictly read, in one transaction, under its key.

The conventions of the services for endpoints that keep something at the gateway. Unlike a service
the gateway has no journal and no business time: what is changed here is the client's own.
"""

import hashlib
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from gateway.runtime import GatewayRuntime, the_gateway
from gateway.tokens.rules import Role
from shared.errors import StillRunning, Unauthenticated
from shared.http.bodies import read_json
from shared.http.contract import problem_answers
from shared.http.errand import answered_again, key_used_otherwise
from shared.http.routes import IDEMPOTENCY_KEY, IF_MATCH, check_precondition, key_of, know_query
from shared.records.receipts import Receipt, receipt
from shared.tokens import Caller

EVERY_ROLE = sorted(Role)
_KEPT_HEADERS = ("content-type", "etag", "location", "cache-control")
_LOCK = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:key, 0))")


@dataclass(slots=True)
class OwnErrand:
    """What an endpoint may use: the client that asks, a session in a transaction, the time."""

    request: Request
    gateway: GatewayRuntime
    session: AsyncSession
    client_id: str
    now: datetime
    links: list[str] = field(default_factory=list)

    def require_version(self, version: int) -> None:
        check_precondition(self.request, version)


async def _the_errand(request: Request) -> OwnErrand:
    errand: OwnErrand = request.state.errand
    return errand


TheErrand = Annotated[OwnErrand, Depends(_the_errand)]


def changes_a_version(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """It asks for `If-Match`: the contract says so."""
    endpoint.__changes__ = True  # type: ignore[attr-defined]
    return endpoint


class OwnRoute(APIRoute):
    """For any client with a token; what is not its own is 404."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        methods = frozenset(options.get("methods") or {"GET"})
        self._reads, self._keyed = methods <= {"GET"}, "POST" in methods
        changes = getattr(endpoint, "__changes__", False)
        options["operation_id"] = options.get("operation_id") or endpoint.__name__
        options["summary"] = (inspect.getdoc(endpoint) or "").partition("\n")[0].rstrip(".")
        problems = {400, 401, 403, 404, 413, 415, 422, 429, 503}
        problems |= set() if self._reads else {409, 507}
        problems |= {412, 428} if changes else set()
        options["responses"] = {
            **problem_answers(*sorted(problems)),
            **(options.get("responses") or {}),
        }
        super().__init__(path, endpoint, **options)
        self._known = {
            parameter.alias
            for parameter in get_flat_params(self.dependant)
            if isinstance(parameter.field_info, Query)
        }
        asked = [IF_MATCH] if changes else []
        asked += [{**IDEMPOTENCY_KEY, "required": True}] if self._keyed else []
        self.openapi_extra = {
            "x-roles": EVERY_ROLE,
            "security": [{"bearer": []}],
            "parameters": asked,
            **(self.openapi_extra or {}),
        }

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        run = super().get_route_handler()

        async def handle(request: Request) -> Response:
            caller: Caller | None = request.scope.get("huishe.caller")
            if caller is None:
                raise Unauthenticated()
            know_query(self._known, request, dry=False)
            body = await read_json(request)
            key = key_of(request) if self._keyed else None
            return await self._within(request, caller.client_id, key, body, run)

        return handle

    async def _within(
        self,
        request: Request,
        client_id: str,
        key: str | None,
        body: bytes,
        run: Callable[[Request], Awaitable[Response]],
    ) -> Response:
        """Everything in one transaction; whatever is raised rolls it back."""
        gateway = the_gateway(request)
        async with gateway.sessions.begin() as session:
            errand = OwnErrand(request, gateway, session, client_id, datetime.now(UTC))
            request.state.errand = errand
            digest = hashlib.sha256(request.url.path.encode() + b"\x00" + body).digest()
            if key is not None:
                kept = await self._kept(session, client_id, key)
                if kept is not None and kept.digest != digest:
                    raise key_used_otherwise()
                if kept is not None:
                    plain = gateway.webhooks.safe.vault.unseal(kept.body)
                    return answered_again(Receipt(kept.digest, kept.status, kept.headers, plain))
            response = await run(request)
            if errand.links:
                response.headers["Link"] = ", ".join(errand.links)
            if key is not None:
                values = {"client_id": client_id, "operation": self.operation_id, "key": key}
                answer = self._as_kept(gateway, response)
                await session.execute(insert(receipt).values(**values, digest=digest, **answer))
        return response

    async def _kept(self, session: AsyncSession, client_id: str, key: str) -> Receipt | None:
        """The answer that was given under this key; one request under it runs at a time."""
        name = f"{client_id}\x1f{self.operation_id}\x1f{key}"
        if not await session.scalar(_LOCK, {"key": name}):
            raise StillRunning()
        statement = select(
            receipt.c.digest, receipt.c.status, receipt.c.headers, receipt.c.body
        ).where(
            receipt.c.client_id == client_id,
            receipt.c.operation == self.operation_id,
            receipt.c.key == key,
        )
        found = (await session.execute(statement)).one_or_none()
        return None if found is None else Receipt(*found)

    def _as_kept(self, gateway: GatewayRuntime, response: Response) -> dict[str, Any]:
        """Sealed: the answer may show a secret."""
        return {
            "status": response.status_code,
            "headers": {k: v for k, v in response.headers.items() if k in _KEPT_HEADERS},
            "body": gateway.webhooks.safe.vault.seal(bytes(response.body)),
        }
