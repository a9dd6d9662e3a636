"""Typed questions to other services, asked through the gateway as the service itself.

    class RegistryClient(ServiceClient):
        async def standing_of(self, code: str, on: date) -> Standing:
            return await self.get(f"/registry/v1/agencies/{code}/standing", Standing, on=on)

    TheRegistry = Annotated[RegistryClient, Depends(client(RegistryClient))]

A silent upstream is `Unavailable` (503), never a "yes". Asking while a transaction is open is a
fault in the program and raises.
"""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import httpx
import stamina
from fastapi import Request
from pydantic import BaseModel, ValidationError

from shared.errors import NotFound, Unavailable
from shared.runtime import Runtime, runtime_of
from shared.words import Text

M = TypeVar("M", bound=BaseModel)
C = TypeVar("C", bound="ServiceClient")

ATTEMPTS = 3
TOKEN_MARGIN_SECONDS = 30.0


class Wire(httpx.AsyncHTTPTransport):
    """The way to the gateway; whatever breaks on it is told as an error of the transport."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except AttributeError as broken:  # anyio asks a socket for its peer that is reset already
            raise httpx.ConnectError("reset while it was made", request=request) from broken


class _NotYet(Exception):
    """The answer may come if asked again."""


class ServiceClient:
    """Base of the clients in a service's `clients.py`; it owns only shapes, not rules."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def get(self, path: str, model: type[M], **query: Any) -> M:
        """The answer as `model`; NotFound when there is none."""
        found = await self.find(path, model, **query)
        if found is None:
            raise NotFound(
                Text(zh=f"其他服务中未找到：{path}", en=f"another service knows no {path}")
            )
        return found

    async def find(self, path: str, model: type[M], **query: Any) -> M | None:
        """The answer as `model`, or None when the other service says 404."""
        asked = {name: str(value) for name, value in query.items() if value is not None}
        response = await self._ask(path, asked)
        if response.status_code == 404:
            return None
        if response.status_code != 200:
            raise _silent(path, f"it answered {response.status_code}")
        try:
            return model.model_validate_json(response.content)
        except ValidationError:
            raise _silent(path, "its answer is not of the shape agreed on") from None

    async def _ask(self, path: str, query: dict[str, str]) -> httpx.Response:
        try:
            async for attempt in stamina.retry_context(
                on=(_NotYet, httpx.TransportError),
                attempts=ATTEMPTS,
                wait_initial=0.05,
                wait_max=0.5,
            ):
                with attempt:
                    token = await service_token(self._runtime)
                    response = await self._runtime.http.get(
                        path, params=query, headers={"Authorization": f"Bearer {token}"}
                    )
                    if response.status_code == 401:
                        forget_token(self._runtime)
                    if response.status_code in (401, 502, 503, 504):
                        raise _NotYet
                    return response
        except (_NotYet, httpx.HTTPError):
            raise _silent(path, "it does not answer") from None
        raise AssertionError("the retry loop ends by answer or error")


def _silent(path: str, why: str) -> Unavailable:
    part = path.split("/")[1] if "/" in path else path
    return Unavailable(
        Text(zh=f"需要向 {part} 查询，但其未应答", en=f"{part} has to be asked, and {why}")
    )


async def service_token(runtime: Runtime) -> str:
    """The service's own access token, renewed half a minute before it ends."""
    kept: tuple[str, float] | None = runtime.extras.get("token")
    if kept is not None and kept[1] > time.monotonic():
        return kept[0]
    settings = runtime.settings
    response = await runtime.http.post(
        "/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(settings.client_id, settings.client_secret.get_secret_value()),
    )
    if response.status_code != 200:
        raise Unavailable(Text(zh="网关未签发令牌", en="the gateway gave no token"))
    found = response.json()
    token = str(found["access_token"])
    lasts = float(found["expires_in"]) - TOKEN_MARGIN_SECONDS
    runtime.extras["token"] = (token, time.monotonic() + lasts)
    return token


def forget_token(runtime: Runtime) -> None:
    """The others take it no more: keys were changed, or it was revoked."""
    runtime.extras.pop("token", None)


def client(kind: type[C]) -> Callable[[Request], C]:
    """A dependency that makes the client, and refuses to when a transaction is already open."""

    def make(request: Request) -> C:
        if request.state.errand.work is not None:
            raise RuntimeError(f"{kind.__name__} is asked before the work is opened, not within it")
        return kind(runtime_of(request))

    return make
